"""Objects that a cluster would get and a reader might not see."""

import base64
import json
from collections.abc import Iterator
from typing import Any

from tests.gate.objects import DEPLOYMENT, PUBLIC, WORKSPACE
from tests.redteam.attack import Attack, tree

SECRET: dict[str, Any] = {
    "apiVersion": "v1", "kind": "Secret", "metadata": {"name": "bad", "namespace": "team"}, "stringData": {"pin": "hunter2-hunter2"},
}  # fmt: skip
_TEXT = "apiVersion: v1\nkind: Secret\nmetadata: {name: bad, namespace: team}\nstringData: {pin: hunter2-hunter2}\n"
_JSON = json.dumps(SECRET)
_SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: a, namespace: team}\nspec:\n  selector: {a: b}\n  ports: [{port: 80}]\n"
_GOOD = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ok, namespace: team}\ndata: {a: b}\n"
_KUSTOMIZATION = "resources: [good.yaml]\n"

HOLDERS: dict[str, Any] = {
    "list": {"apiVersion": "v1", "kind": "List", "items": [SECRET]},
    "list-in-list": {"apiVersion": "v1", "kind": "List", "items": [{"apiVersion": "v1", "kind": "List", "metadata": {"name": "x"}, "items": [SECRET]}]},
    "typed-list": {"apiVersion": "v1", "kind": "SecretList", "items": [{k: v for k, v in SECRET.items() if k not in ("kind", "apiVersion")}]},
    "foreign-list": {"apiVersion": "v1", "kind": "FooList", "metadata": {"name": "x"}, "items": [SECRET]},
    "items-of-a-map": {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c", "namespace": "team"}, "items": [SECRET]},
    "items-as-map": {"apiVersion": "v1", "kind": "List", "items": {"a": SECRET}},
    "capital-items": {"apiVersion": "v1", "kind": "List", "Items": [SECRET]},
    "array": [SECRET],
    "schema": {"$schema": "https://example.com/deploymentTemplate.json", **SECRET},
    "template": {"$schema": "https://example.com/deploymentTemplate.json#", "contentVersion": "1.0.0.0", "resources": [SECRET]},
}  # fmt: skip
WRITTEN: dict[str, str | bytes] = {
    "escaped.json": _JSON.replace("apiVersion", "api\\u0056ersion").replace("kind", "kin\\u0064"),
    "blanks.json": " " * (1 << 20) + _JSON,
    "block.json": _TEXT,
    "comma.json": _JSON[:-1] + ",}",
    "comment.json": "// x\n" + _JSON,
    "twice.json": _JSON + _JSON,
    "empty-first.json": "{}" + _JSON,
    "mark.json": "\ufeff" + _JSON,
    "kinds.json": _JSON.replace('"kind": "Secret"', '"kind": "ConfigMap", "kind": "Secret"'),
    "other-case.json": _JSON.replace('"kind"', '"Kind"'),
    "quotes.json": _JSON.replace('"', "'"),
    "utf-16.json": _JSON.encode("utf-16"),
    "mark.yaml": "\ufeff" + _TEXT,
    "utf-16.yaml": _TEXT.encode("utf-16"),
    "utf-16-bare.yaml": _TEXT.encode("utf-16-be"),
    "utf-32.yaml": _TEXT.encode("utf-32"),
    "latin.yaml": b"# \xff\xfe\n" + _TEXT.encode(),
    "null.yaml": b"\0\0" + _TEXT.encode(),
    "returns.yaml": _TEXT.replace("\n", "\r"),
    "next-lines.yaml": _TEXT.replace("\n", "\x85"),
    "separators.yaml": _TEXT.replace("\n", "\u2028"),
    "form-feed.yaml": "\f" + _TEXT,
    "second.yaml": f"{_GOOD}---\n{_TEXT}",
    "ended.yaml": f"{_GOOD}...\n{_TEXT}",
    "ended-twice.yaml": f"{_GOOD}...\n---\n{_TEXT}",
    "after-marker.yaml": f"--- {_JSON}\n",
    "tag.yaml": f"--- !!map\n{_TEXT}",
    "directive.yaml": f"%YAML 1.2\n---\n{_TEXT}",
    "handle.yaml": f"%TAG ! tag:x,2000:\n---\n{_TEXT}",
    "many-first.yaml": "---\n" * 500 + _TEXT,
    "question.yaml": _TEXT.replace("kind: Secret", "? kind\n: Secret"),
    "alias.yaml": "x: &k Secret\n" + _TEXT.replace("kind: Secret", "kind: *k"),
    "escape.yaml": _TEXT.replace("kind:", '"k\\x69nd":'),
    "merge-whole.yaml": f"<<: {_JSON}\n",
    "merge-list.yaml": "<<: [{apiVersion: v1}, {kind: Secret}]\nmetadata: {name: a, namespace: team}\nstringData: {a: b}\n",
    "merge-over.yaml": _SERVICE + "  type: ClusterIP\n  <<: {type: LoadBalancer}\n",
    "merge-quoted.yaml": _SERVICE + "  type: ClusterIP\n  '<<': {type: LoadBalancer}\n",
    "merge-tagged.yaml": _SERVICE + "  type: ClusterIP\n  !!merge <<: {type: LoadBalancer}\n",
    "key-twice.yaml": _SERVICE + "  type: ClusterIP\n  type: LoadBalancer\n",
    "key-case.yaml": _SERVICE + "  Type: LoadBalancer\n",
    "kind-blank.yaml": _TEXT.replace("kind: Secret", "kind: 'Secret '"),
    "kind-case.yaml": _TEXT.replace("kind: Secret", "kind: SECRET"),
    "kind-null.yaml": _TEXT.replace("kind: Secret", "kind:"),
    "kind-list.yaml": _TEXT.replace("kind: Secret", "kind: [Secret]"),
    "version-number.yaml": _TEXT.replace("apiVersion: v1", "apiVersion: 1"),
    "version-slash.yaml": _TEXT.replace("apiVersion: v1", "apiVersion: /v1"),
    "version-other.yaml": _TEXT.replace("apiVersion: v1", "apiVersion: v2"),
    "name-drawn.yaml": _TEXT.replace("name: bad", "generateName: bad-"),
    "chart.yaml": "{{ if true }}\n" + _TEXT + "{{ end }}\n",
    "text.yaml": json.dumps(_TEXT),
    "local.yaml": _TEXT.replace("team}", "team, annotations: {config.kubernetes.io/local-config: 'true'}}"),
    "hook.yaml": _TEXT.replace("team}", "team, annotations: {argocd.argoproj.io/hook: Skip}}"),
    "public.yaml": PUBLIC,
    "public-word.yaml": PUBLIC.replace('"True"', "true"),
    "public-case.yaml": PUBLIC.replace('"True"', '"TRUE"'),
    "privileged.yaml": DEPLOYMENT,
}  # fmt: skip
NAMES = (
    "x.YAML", "x.yaml.bak", "x.yml~", ".x.yaml", "x.yaml\n", "x", "x.json5", "x.jsonl", "x.jsonnet", "x.libsonnet", "x.cue",
    "x.tpl", "Chart.yaml", "values.yaml", "x.y\u0430ml", "x.yaml\u200b", "#x.yaml", "kustomization.yaml.yaml", "node_modules/x.yaml",
    ".venv/x.yaml", "__pycache__/x.yaml", ".terraform/x.yaml", ".git2/x.yaml", ".github/x.yaml", "vendor/x.yaml",
)  # fmt: skip
# What a kustomization does to a file, and the file: kustomize makes of each something that must not pass.
KUSTOMIZED = (
    ("patches: [{path: p.yaml}]", _GOOD),
    ("commonAnnotations: {kaito.sh/enablelb: 'True'}", WORKSPACE),
    ("secretGenerator: [{name: a, literals: [b=c]}]", _GOOD),
    ("components: [../c]", _GOOD),
    ("helmCharts: [{name: a, repo: 'https://example.com'}]", _GOOD),
    ("namePrefix: A_", _GOOD),
    ("generators: [g.yaml]", _GOOD),
    ("transformers: [t.yaml]", _GOOD),
    ("replacements: [{path: r.yaml}]", _GOOD),
    ("images: [{name: contoso.azurecr.io/web, newName: docker.io/x/web, newTag: latest}]", DEPLOYMENT),
    ("nameSuffix: '-'", _GOOD),
)
LISTED = (
    "https://example.com/x.yaml",
    "github.com/a/b",
    "../x.yaml",
    "git@example.com:a",
    "x.txt",
    "ssh://a/b",
    "absent.yaml",
)


_TAGS = ("!!binary ", "!<tag:yaml.org,2002:binary> ", "!!bin%61ry ", "!e!binary ")
_UNREAD = ("node_modules/x.yaml", "node_modules/x.json", "x.json", "docker-compose.yml", "mkdocs.yml")


def _encoded(tag: str) -> str:
    """A Secret of which nothing is written in plain: its names are in base64, and kubectl knows the tag."""
    head = "%TAG !e! tag:yaml.org,2002:\n---\n" if tag.startswith("!e!") else "a: 1\na: 2\n---\n"
    names = {name: f"{tag}{base64.b64encode(name.encode()).decode()}:" for name in ("apiVersion", "kind")}
    return head + _TEXT.replace("apiVersion:", names["apiVersion"]).replace("kind:", names["kind"])


def hidden() -> Iterator[Attack]:
    """A Secret, a load balancer or a privileged pod that is there in some form."""
    for name, held in HOLDERS.items():
        for suffix in ("yaml", "json"):
            if (name, suffix) != ("array", "json"):
                yield tree(f"{name}.{suffix}", {f"m/x.{suffix}": json.dumps(held), "m/good.yaml": _GOOD})
    for name, raw in WRITTEN.items():
        yield tree(name, {f"m/{name}": raw, "m/good.yaml": _GOOD})
    for tag in _TAGS:
        for name in _UNREAD:
            yield tree(f"{name} by {tag}", {f"m/{name}": _encoded(tag), "m/good.yaml": _GOOD})
    for name in NAMES:
        yield tree(f"named {name!r}", {f"m/{name}": _TEXT, "m/good.yaml": _GOOD})
    for text, file in KUSTOMIZED:
        yield tree(text, {"m/kustomization.yaml": f"{_KUSTOMIZATION}{text}\n", "m/good.yaml": file})
    # kustomize takes keys in any case where the form is left out.
    yield tree("Resources: [x.txt]", {"m/kustomization.yaml": "Resources: [x.txt]\n", "m/x.txt": _TEXT})
    for entry in LISTED:
        files = {"m/kustomization.yaml": f"resources: [good.yaml, '{entry}']\n", "m/good.yaml": _GOOD}
        yield tree(f"lists {entry}", {**files, "x.yaml": _TEXT, **({"m/x.txt": _TEXT} if entry == "x.txt" else {})})
    for entry in ("github.com/a/b", "GITHUB.com:a/b", "gh:a/b", "user@host:a/b"):
        # The folder is there, and kustomize asks git for a repository of that name all the same.
        files = {"m/kustomization.yaml": f"resources: [good.yaml, '{entry}']\n", "m/good.yaml": _GOOD}
        yield tree(f"local {entry}", {**files, f"m/{entry}/kustomization.yaml": "resources: []\n"})
    yield tree("behind-a-comment", {"m/node_modules/x.yaml": "# nothing\n" * 150_000 + _TEXT, "m/good.yaml": _GOOD})
    for entry in ("../ws", "../ws/good.yaml"):
        files = {"m/ws/kustomization.yaml": _KUSTOMIZATION, "m/ws/good.yaml": _GOOD}
        files["m/z/kustomization.yaml"] = f"namespace: kube-system\nresources: [{entry}]\n"
        if entry == "../ws":
            why = "it is built where the machine has kustomize, and judged in the namespace that it gets"
            yield tree(f"placed {entry}", files, codes={0, 1, 2}, why=why)
        else:
            yield tree(f"placed {entry}", files)
    yield tree("x.toml", {"m/x.toml": _TEXT, "m/good.yaml": _GOOD}, codes={0, 1, 2}, why="nothing applies a .toml")


def unknown() -> Iterator[Attack]:
    """Kinds of which no rule knows what they do."""
    for group, kind in (
        ("example.com/v1", "Wrapper"), ("apps/v1beta1", "Deployment"), ("extensions/v1beta1", "Ingress"), ("v1", "Endpoints"),
        ("admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration"), ("apiregistration.k8s.io/v1", "APIService"),
        ("apiextensions.k8s.io/v1", "CustomResourceDefinition"), ("kubernetes.crossplane.io/v1alpha2", "Object"),
        ("kaito.sh/v1beta1", "Wurkspace"), ("argoproj.io/v1", "Application"), ("kustomize.toolkit.fluxcd.io/v9", "Kustomization"),
        ("gateway.networking.k8s.io/v9", "Gateway"), ("karpenter.azure.com/v2", "AKSNodeClass"), ("keda.sh/v2", "ScaledObject"),
        ("admissionregistration.k8s.io/v1alpha1", "ValidatingAdmissionPolicy"), ("node.k8s.io/v1beta1", "RuntimeClass"),
        ("storage.k8s.io/v1alpha1", "VolumeAttributesClass"), ("discovery.k8s.io/v1beta1", "EndpointSlice"),
        ("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicy"), ("node.k8s.io/v1", "RuntimeClass"), ("v1", "Binding"), ("certificates.k8s.io/v1", "CertificateSigningRequest"),
    ):  # fmt: skip
        text = f"apiVersion: {group}\nkind: {kind}\nmetadata: {{name: a, namespace: team}}\nspec: {{a: b}}\n"
        yield tree(f"{group} {kind}", {"m/x.yaml": text, "m/good.yaml": _GOOD})
