"""What a change has kustomize, Argo CD and Flux make of an object that is fine as it stands."""

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path

from tests.gate.test_argo_overlays import PATCH, URL, a_set, application
from tests.gate.test_overlays import APPLICATION, BAD, BASE, DECOY, FLUX, HEAD, LIVE, RETIRED, VARIABLE, WORKSPACE
from tests.gate.test_overlays import overlay as overlaid
from tests.redteam.attack import RED, SEEN, Attack, Held, called, commit, git, put, verdict

Files = Mapping[str, str]
_SIZED = (
    f"apiVersion: kaito.sh/v1beta1\nkind: Workspace\nmetadata: {{name: chat}}\nresource: {{instanceType: {RETIRED}}}\n"
)
_OPS = f"- {{op: replace, path: /resource/instanceType, value: {RETIRED}}}\n"
_COMPONENT = HEAD.replace("v1beta1", "v1alpha1").replace("kind: Kustomization", "kind: Component")
_INLINE = f"patches: [{{target: {{kind: Workspace}}, patch: '{json.dumps([{'op': 'replace', 'path': '/resource/instanceType', 'value': RETIRED}])}'}}]\n"
_PUBLIC = "    - {op: add, path: /metadata/annotations, value: {kaito.sh/enablelb: 'True'}}\n"


def _said(folder: Path, told: Collection[str], *more: str, codes: Collection[int] = RED) -> Held:
    said = called("gate", ".", "--no-checkov", "--today", "2026-06-01", *more)
    missing = [text for text in told if text not in said.out]
    return verdict(said, codes) or (f"{missing} is not told: {said.out[-300:]}" if missing else "")


def _built(name: str, files: Files, *told: str, lay: Callable[[Path], object] | None = None) -> Attack:
    """The gate over a repository of these files; without a program that builds them all of it is unjudged."""

    def run(folder: Path) -> Held:
        put(folder, files)
        put(folder, {".git/config": '[remote "origin"]\n\turl = git@git.example.com:team/models.git\n'})
        if lay is not None:
            lay(folder)
        return _said(folder, told)

    return Attack(name, run)


def _index(text: str, **more: str) -> dict[str, str]:
    return {**overlaid(text), **{f"overlays/prod/{name.replace('__', '.')}": content for name, content in more.items()}}


_PATCHED: Mapping[str, Files] = {
    "file": _index("patches: [{path: size.yaml}]\n", size__yaml=_SIZED),
    "file of another name": _index("patches: [{path: size.txt}]\n", size__txt=_SIZED),
    "json file": _index("patches: [{path: size.json, target: {kind: Workspace}}]\n", size__json=json.dumps([{"op": "replace", "path": "/resource/instanceType", "value": RETIRED}])),
    "strategic": _index("patchesStrategicMerge: [size.yaml]\n", size__yaml=_SIZED),
    "strategic text": _index("patchesStrategicMerge:\n- |-\n  " + _SIZED.replace("\n", "\n  ") + "\n"),
    "inline": _index(_INLINE),
    "older form": _index("patchesJson6902:\n- target: {version: v1beta1, group: kaito.sh, kind: Workspace, name: chat}\n  path: ops.yaml\n", ops__yaml=_OPS),
    "by a label": {**overlaid("labels: [{pairs: {a: b}}]\n"), "top/kustomization.yaml": f"{HEAD}resources: [../overlays/prod]\n" + _INLINE.replace("kind: Workspace", "labelSelector: a=b")},
    "by an expression": _index(_INLINE.replace("kind: Workspace", "name: 'c.*t'")),
    "component": {**overlaid("components: [../../sized]\n"), "sized/kustomization.yaml": _COMPONENT + _INLINE},
    "component of a component": {**overlaid("components: [../../a]\n"), "a/kustomization.yaml": f"{_COMPONENT}components: [../b]\n", "b/kustomization.yaml": _COMPONENT + _INLINE},
    "two overlays": {**overlaid(""), "top/kustomization.yaml": f"{HEAD}resources: [../overlays/prod]\n{_INLINE}"},
    "replacement": _index("configMapGenerator: [{name: s, literals: [size=" + RETIRED + "]}]\nreplacements: [{source: {kind: ConfigMap, name: s, fieldPath: data.size}, targets: [{select: {kind: Workspace}, fieldPaths: [resource.instanceType]}]}]\n"),
    "over what is good": _index("patches: [{path: all.yaml}, {path: size.yaml}]\nnamePrefix: team-\n", size__yaml=_SIZED, all__yaml=_SIZED.replace(RETIRED, "Standard_NC48ads_A100_v4")),
    "folder in a folder": {**BASE, "x/kustomization.yaml": f"{HEAD}resources: [y]\n", "x/y/kustomization.yaml": f"{HEAD}resources: [../../base]\n{_INLINE}"},
    "transformer of its own": _index("transformers: [t.yaml]\n", t__yaml="apiVersion: builtin\nkind: PatchTransformer\nmetadata: {name: t}\npatch: '[{\"op\": \"replace\", \"path\": \"/resource/instanceType\", \"value\": \"" + RETIRED + "\"}]'\ntarget: {kind: Workspace}\n"),
}  # fmt: skip
_UNBUILT: Mapping[str, str] = {
    "fetched": "resources: [https://example.com/a.yaml, ../../base]\nnamePrefix: a-\n",
    "charts": "helmCharts: [{name: x, repo: https://example.com}]\n",
    "gone": "patches: [{path: gone.yaml}]\n",
    "fetched patch": "patches: [{path: https://example.com/patch.yaml}]\n",
    "outside": "patches: [{path: ../../../outside.yaml}]\n",
    "variable of the machine": "configMapGenerator: [{name: a, envs: [a.env]}]\n",
    "variable of the machine, older form": "secretGenerator: [{name: a, env: a.env}]\n",
    "function": "transformers: [run.yaml]\n",
    "validator": "validators: [run.yaml]\n",
    "generator": "generators: [run.yaml]\n",
    "crds": "crds: [https://example.com/crd.json]\n",
    "openapi": "openapi: {path: https://example.com/schema.json}\n",
    "component outside": "components: ['../../../outside']\n",
    "component of the net": "components: ['github.com/a/b']\n",
    "unknown field": "surprise: a\n",
    "file of the machine": "configMapGenerator: [{name: a, files: [/etc/passwd]}]\n",
    "variables of the machine": "configMapGenerator: [{name: a, envs: [/proc/self/environ]}]\n",
    "fails": "patches: [{target: {kind: Workspace}, patch: '[{\"op\": \"remove\", \"path\": \"/gone\"}]'}]\n",
}  # fmt: skip
_RUN = {
    "overlays/prod/run.yaml": "apiVersion: a/v1\nkind: Run\nmetadata:\n  name: run\n  annotations:\n    config.kubernetes.io/function: 'exec: {path: ./run.sh}'\n",
    "overlays/prod/a.env": "# own\nA=b\n  HOME\n",
    "overlays/prod/run.sh": f"#!/bin/sh\ntouch {SEEN}\n",
}  # fmt: skip
_SUBSTITUTED: Mapping[str, tuple[str, str]] = {
    "nothing": ("", "${GPU_SKU} has no value"),
    "another": ("  postBuild: {substitute: {OTHER: a}}\n", "${GPU_SKU} has no value"),
    "retired": (f"  postBuild: {{substitute: {{GPU_SKU: {RETIRED}}}}}\n", "KAITO002"),
    "secret": ("  postBuild: {substituteFrom: [{kind: Secret, name: sizes}]}\n", "has no value in the tree, unless Secret"),
    "retired after one that is not": (f"  postBuild: {{substituteFrom: [{{kind: ConfigMap, name: sizes}}], substitute: {{GPU_SKU: {RETIRED}}}}}\n", "KAITO002"),
    "patch": (f"  postBuild: {{substitute: {{GPU_SKU: Standard_NC24ads_A100_v4}}}}\n  patches:\n  - target: {{kind: Workspace}}\n    patch: |-\n      {_OPS}", "KAITO002"),
    "model": ("  postBuild: {substitute: {GPU_SKU: Standard_NC24ads_A100_v4, MODEL: phi-9}}\n", "phi-9"),
    **{field: (f"  postBuild: {{substitute: {{GPU_SKU: Standard_NC24ads_A100_v4}}}}\n  {field}: [{{kind: Workspace}}]\n", "incomplete") for field in ("patchesStrategicMerge", "patchesJson6902")},
    "components": ("  postBuild: {substitute: {GPU_SKU: Standard_NC24ads_A100_v4}}\n  components: [../../outside]\n", "incomplete"),
    "patch from a file": ("  postBuild: {substitute: {GPU_SKU: Standard_NC24ads_A100_v4}}\n  patches: [{path: /etc/passwd, target: {kind: Workspace}}]\n", "incomplete"),
}  # fmt: skip
_SIZES = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: sizes, namespace: flux-system}\ndata: {GPU_SKU: Standard_NC24ads_A100_v4}\n"
_ARGO: Mapping[str, tuple[str, str]] = {
    "patch": (application({"patches": [{"target": {"kind": "Workspace"}, "patch": PATCH}]}), "KAITO002"),
    "annotations": (application({"commonAnnotations": {"kaito.sh/enablelb": "True"}}), "KAITO001"),
    "elsewhere": (application({"namePrefix": "a-"}, path="elsewhere"), "KAITOPS-COVERAGE"),
    "up": (application({"namePrefix": "a-"}, path="../base"), "KAITOPS-COVERAGE"),
    "another repository": (application({"namePrefix": "a-"}, url="https://git.example.com/others/things.git"), "KAITOPS-COVERAGE"),
    "unheard": (application({"namePrefix": "a-", "unheard": "of"}), "KAITOPS-COVERAGE"),
    "a variable": (application({"images": ["a=b:$ARGOCD_APP_REVISION"]}), "KAITOPS-COVERAGE"),
    "hydrated": (application({"namePrefix": "a-"}, sourceHydrator={"a": 1}), "KAITOPS-COVERAGE"),
    "component outside": (application({"components": ["../../../outside"]}), "KAITOPS-COVERAGE"),
    "fails": (application({"patches": [{"target": {"kind": "Workspace"}, "patch": "- op: remove\n  path: /gone\n"}]}), "does not build"),
    "list": (a_set([{"list": {"elements": [{"cluster": "dev"}]}}], "base", {"namePrefix": "{{cluster}}-", "patches": [{"target": {"kind": "Workspace"}, "patch": PATCH}]}), "KAITO002"),
    "folders": (a_set([{"git": {"repoURL": URL, "revision": "main", "directories": [{"path": "ba*"}]}}], "{{path}}", {"patches": [{"target": {"kind": "Workspace"}, "patch": PATCH}]}), "KAITO002"),
    "clusters": (a_set([{"clusters": {}}], "base", {"namePrefix": "{{name}}-"}), "incomplete"),
    "pull requests": (a_set([{"pullRequest": {"github": {"owner": "a", "repo": "b"}}}], "base", {"namePrefix": "{{number}}-"}), "incomplete"),
    "matrix": (a_set([{"matrix": {"generators": [{"clusters": {}}, {"list": {"elements": [{"a": "b"}]}}]}}], "base", {"namePrefix": "{{a}}-"}), "incomplete"),
}  # fmt: skip
_STEERING = (
    ".argocd-source.yaml", ".argocd-source-app.yaml", ".sourceignore", "a/.argocd-source.yaml", "a/.sourceignore",
    "a/b/.argocd-source-b.yaml",
)  # fmt: skip
_LEFT_OUT: Mapping[str, str] = {
    "config.kubernetes.io/local-config": "true", "argocd.argoproj.io/hook": "PreSync,Skip", "kustomize.toolkit.fluxcd.io/reconcile": "disabled",
    "kustomize.toolkit.fluxcd.io/ssa": "Ignore",
}  # fmt: skip
_NETWORK = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: shut\n  namespace: team\n"
_FOR_A_MOMENT: tuple[Mapping[str, str], ...] = (
    *(
        {"argocd.argoproj.io/hook": phase}
        for phase in ("SyncFail", "PostDelete", "PreDelete", "PreDelete,SyncFail", "else")
    ),
    *({"helm.sh/hook": phase} for phase in ("test", "pre-delete", "post-delete", "pre-rollback,post-rollback", "else")),
    {
        "argocd.argoproj.io/hook": "PostSync",
        "argocd.argoproj.io/hook-delete-policy": "BeforeHookCreation,HookSucceeded",
    },
    {"helm.sh/hook": "post-install", "helm.sh/hook-delete-policy": "hook-succeeded"},
)
_MAKING = {"target": {"manifest": {"apiVersion": "kaito.sh/v1beta1", "kind": "Workspace"}}}
_INSTEAD: Mapping[str, str] = {
    "manifests": "kind: Application\noperation: {sync: {manifests: ['{}']}}\n",
    "source of a sync": "kind: Application\noperation: {sync: {source: {repoURL: 'https://x', path: p}}}\n",
    "hydrator": "kind: Application\nspec: {sourceHydrator: {drySource: {repoURL: 'https://x', path: p, targetRevision: z}}}\n",
    "hydrator of a set": "kind: ApplicationSet\nspec: {template: {spec: {sourceHydrator: {drySource: {repoURL: 'https://x'}}}}}\n",
    "patch of a set": "kind: ApplicationSet\nspec: {templatePatch: 'spec: {}'}\n",
    "plugin": "kind: Application\nspec: {source: {repoURL: 'https://x', path: p, plugin: {name: a}}}\n",
    "jsonnet": "kind: Application\nspec: {source: {repoURL: 'https://x', path: p, directory: {jsonnet: {tlas: [{name: a, value: b}]}}}}\n",
    "included": "kind: GitRepository\nspec: {url: 'https://x', include: [{repository: {name: x}}]}\n",
    "sparse": "kind: GitRepository\nspec: {url: 'https://x', sparseCheckout: [a]}\n",
    "ignored": "kind: GitRepository\nspec: {url: 'https://x', ignore: '/*'}\n",
}  # fmt: skip


_REPAIRED = {
    **BASE,
    "live/bad/chat.yaml": WORKSPACE.replace("Standard_NC24ads_A100_v4", RETIRED),
    "live/kustomization.yaml": HEAD + "resources: [bad/chat.yaml]\n" + _INLINE.replace(RETIRED, "Standard_NC24ads_A100_v4"),
}  # fmt: skip
_HERE = APPLICATION.replace("https://example.com/fleet.git", URL)
_PLAIN: Mapping[str, str] = {
    "directory": _HERE.replace("path: live", "path: live, directory: {recurse: true}"),
    "directory above": _HERE.replace("path: live", "path: ., directory: {recurse: true}"),
    "folder below": _HERE.replace("path: live", "path: live/bad"),
    "folder below, to Flux": FLUX.replace("./models", "./live/bad"),
}
_EMPTY = ("", "# a\n", "{}\n", "null\n", "resources:\n", f"{HEAD}")


_SIZED_BY = "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: s, namespace: models}\ndata: {size: Standard_NC24ads_A100_v4}\n"
_FILLED_BY = FLUX + "  postBuild: {substituteFrom: [{kind: ConfigMap, name: sizes}]}\n"
_LISTED = {"models/kustomization.yaml": f"{HEAD}resources: [chat.yaml]\n"}
_RETIRED = json.dumps([{"op": "replace", "path": "/data/GPU_SKU", "value": RETIRED}])
_VALUES: Mapping[str, tuple[Files, str]] = {
    "a ConfigMap that is patched": ({"v/sizes.yaml": _SIZES, "v/kustomization.yaml": f"{HEAD}resources: [sizes.yaml]\npatches: [{{target: {{kind: ConfigMap}}, patch: '{_RETIRED}'}}]\n"}, "KAITO002"),
    "a ConfigMap that is generated": ({"v/kustomization.yaml": f"{HEAD}namespace: flux-system\ngeneratorOptions: {{disableNameSuffixHash: true}}\nconfigMapGenerator: [{{name: sizes, literals: [GPU_SKU={RETIRED}]}}]\n"}, "KAITO002"),
    "another cluster's ConfigMap": ({"a/sizes.yaml": _SIZES.replace("Standard_NC24ads_A100_v4", RETIRED), "b/sizes.yaml": _SIZES}, "more than once"),
    "a ConfigMap in another namespace": ({"v/sizes.yaml": _SIZES, "v/kustomization.yaml": f"{HEAD}namespace: other\nresources: [sizes.yaml]\n"}, "has no value"),
}  # fmt: skip


def _among() -> Iterator[Attack]:
    """What Argo CD and Flux write into a folder's own kustomization comes before its labels, replacements and patches."""
    good = {"op": "replace", "path": "/resource/instanceType", "value": "Standard_NC24ads_A100_v4"}
    size = {"op": "replace", "path": "/data/size", "value": RETIRED}
    chat = WORKSPACE.replace("{name: chat}", "{name: chat, namespace: models}", 1)
    bad = chat.replace("Standard_NC24ads_A100_v4", RETIRED)
    component = {"sized/kustomization.yaml": f"{_COMPONENT}patches: [{{target: {{kind: Workspace}}, patch: '{json.dumps([good])}'}}]\n"}  # fmt: skip
    replaced = "replacements: [{source: {kind: ConfigMap, name: s, fieldPath: data.size}, targets: [{select: {kind: Workspace}, fieldPaths: [resource.instanceType]}]}]\n"  # fmt: skip
    label, note = "labels: [{pairs: {a: b}}]\n", "commonAnnotations: {a: b}\n"
    for name, own, text, fields, more in (
        ("label", label, bad, {"patches": [{"target": {"labelSelector": "a=b"}, "patch": json.dumps([good])}]}, {}),
        ("annotation", note, bad, {"patches": [{"target": {"annotationSelector": "a=b"}, "patch": json.dumps([good])}]}, {}),
        ("replacement", replaced, chat + _SIZED_BY, {"patches": [{"target": {"kind": "ConfigMap"}, "patch": json.dumps([size])}]}, {}),
        ("patch", _INLINE, chat, {"components": ["../sized"]}, component),
    ):  # fmt: skip
        spec = "".join(f"  {key}: {json.dumps(value)}\n" for key, value in fields.items())
        for by, deploying in (("Argo CD", application(fields, path="models")), ("Flux", FLUX + spec)):
            files = {"models/kustomization.yaml": f"{HEAD}resources: [chat.yaml]\n{own}", "models/chat.yaml": text}
            yield _built(f"before a {name}, by {by}", {**files, **more, "by.yaml": deploying}, "KAITO002")
    for name, (files, told) in _VALUES.items():
        yield _built(
            f"values of {name}", {**_LISTED, "models/chat.yaml": VARIABLE, "f.yaml": _FILLED_BY, **files}, told
        )
    secret = FLUX + "  postBuild: {substituteFrom: [{kind: Secret, name: sizes}]}\n"
    files = {"models/chat.yaml": VARIABLE.replace("${GPU_SKU}", "Standard_NC24ads_A100_v4"), "f.yaml": secret}
    yield _built("a default that a Secret overrides", {**_LISTED, **files}, "has a default")
    ring = {"a/kustomization.yaml": f"{HEAD}resources: [../b, chat.yaml]\n", "b/kustomization.yaml": f"{HEAD}resources: [../a]\n"}  # fmt: skip
    yield _built("ring", {**ring, "a/chat.yaml": chat}, "takes itself")
    template = {"metadata": {}, "spec": {"source": {"kustomize": {"patches": [{"target": {"kind": "Workspace"}, "patch": PATCH}]}}}}  # fmt: skip
    elements: dict[str, object] = {"elements": [{"a": "b"}]}
    for name, generator in (
        ("list", {"list": {**elements, "template": template}}),
        ("matrix", {"matrix": {"generators": [{"list": elements}, {"list": elements}], "template": template}}),
        ("within", {"merge": {"generators": [{"list": {**elements, "template": template}}], "mergeKeys": ["a"]}}),
    ):
        for fields in ({}, {"namePrefix": "a-"}):
            text = a_set([generator], "base", fields)
            yield _built(f"template of a generator: {name}{', changed' * bool(fields)}", {**BASE, "s.yaml": text}, "template")  # fmt: skip
    listed = {"list": {**elements, "elementsYaml": f"[{{a: {RETIRED}}}]"}}
    patch = {"target": {"kind": "Workspace"}, "patch": PATCH.replace(RETIRED, "'{{a}}'")}
    yield _built("elements in a text", {**BASE, "s.yaml": a_set([listed], "base", {"patches": [patch]})}, "incomplete")


def made() -> Iterator[Attack]:
    """Everything of it."""
    yield from _among()
    for name, text in _PLAIN.items():
        yield _built(f"read as it stands: {name}", {**_REPAIRED, "app.yaml": text}, "as it stands")
    for number, text in enumerate(_EMPTY):
        files = {
            "x.yaml": WORKSPACE,
            "kustomization.yaml": f"{HEAD}resources: [x.yaml, y]\n",
            "y/kustomization.yaml": text,
        }
        yield _built(f"says nothing {number}", files, "says nothing")
    for name, files in _PATCHED.items():
        # Of a transformer of its own it is enough that it is not green.
        yield _built(f"patched by {name}", files, *(() if name.startswith("transformer") else ("KAITO002",)))
    yield _built("annotated", _index("commonAnnotations: {kaito.sh/enablelb: 'True'}\n"), "KAITO001")
    yield _built(
        "annotated by a patch of all",
        _index(f"patches:\n- target: {{kind: Workspace}}\n  patch: |-\n{_PUBLIC}"),
        "KAITO001",
    )
    for name, text in _UNBUILT.items():
        files = (
            {**BASE, **_RUN, "overlays/prod/kustomization.yaml": HEAD + text}
            if "resources" in text
            else {**overlaid(text), **_RUN}
        )
        yield _built(f"not built: {name}", files, "incomplete", lay=lambda f: (f / "overlays/prod/run.sh").chmod(0o755))
    for name, (after, told) in _SUBSTITUTED.items():
        for listed in (True, False):
            files = {"flux.yaml": FLUX + after, "models/chat.yaml": VARIABLE, "sizes.yaml": _SIZES}
            index = {"models/kustomization.yaml": f"{HEAD}resources: [chat.yaml]\n"} if listed else {}
            yield _built(f"Flux puts in {name}{', listed' * listed}", {**files, **index}, told)
    yield _built(
        "Flux from beside",
        {"flux.yaml": FLUX.replace("./models", "../models") + _SUBSTITUTED["patch"][0], "models/chat.yaml": VARIABLE},
        "incomplete",
    )
    for name, (text, told) in _ARGO.items():
        yield _built(f"Argo CD by {name}", {**BASE, "app.yaml": text}, told)
    for name in _STEERING:
        yield _built(
            f"steered by {name}",
            {"x.yaml": WORKSPACE, name: "kustomize: {namePrefix: a}\n"},
            "change objects or leave them out",
        )
    for key, value in _LEFT_OUT.items():
        text = WORKSPACE.replace("{name: chat}", f"{{name: chat, namespace: team, annotations: {{{key}: '{value}'}}}}")
        yield _built(f"left out by {key}", {"x.yaml": text}, "leave the object out")
    for notes in _FOR_A_MOMENT:
        text = f"{_NETWORK}  annotations: {json.dumps(notes)}\nspec: {{podSelector: {{}}, policyTypes: [Ingress]}}\n"
        yield _built(f"there for a moment: {notes}", {"x.yaml": WORKSPACE, "n.yaml": text}, "as if it stayed")
    for kind, held in (("ExternalSecret", _MAKING), ("ClusterExternalSecret", {"externalSecretSpec": _MAKING})):
        text = json.dumps(
            {
                "apiVersion": "external-secrets.io/v1",
                "kind": kind,
                "metadata": {"name": "a", "namespace": "team"},
                "spec": held,
            }
        )
        yield _built(f"made by an {kind}", {"x.yaml": WORKSPACE, "s.yaml": text}, "nobody sees")
    for name, spec in _INSTEAD.items():
        group = "source.toolkit.fluxcd.io/v1" if "GitRepository" in spec else "argoproj.io/v1alpha1"
        yield _built(
            f"instead: {name}", {"x.yaml": f"apiVersion: {group}\nmetadata: {{name: a, namespace: argocd}}\n{spec}"}
        )
    for program in ("kustomize", "kubectl"):
        yield _built(
            f"{program} of the tree",
            {**_index(_INLINE), f"bin/{program}": f"#!/bin/sh\ntouch {SEEN}\n"},
            "KAITO002",
            lay=lambda f: [one.chmod(0o755) for one in (f / "bin").iterdir()],
        )
    for by in ("base", "application", "flux"):
        for decoy in ("resources", "bases", "components"):
            yield _neighbour(by, decoy)


def _neighbour(by: str, decoy: str) -> Attack:
    """A new kustomization lists a folder that is deployed by itself, and patches its faults away."""

    def run(folder: Path) -> Held:
        before = {**LIVE, "live/chat.yaml": WORKSPACE}
        if by != "base":
            before["app.yaml"] = APPLICATION if by == "application" else FLUX.replace("./models", "./live")
        put(folder, before)
        commit(folder)
        text = DECOY.replace("resources", decoy)
        put(folder, {"live/chat.yaml": BAD, "decoy/kustomization.yaml": text})
        git(folder, "add", "-A", "-f")
        return _said(folder, ["KAITO002"], *(["--base", "main"] if by == "base" else []))

    return Attack(f"neighbour by {decoy}, known by {by}", run)
