"""A finding in what a tool built stands at the line that brought the value, by whatever way that came in.

Each way sets the same fields, each to a word of its own: the place of the field must be a line that holds the word.
What was built is, object by object, what the tool itself writes.
"""

import json
import re
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from kaitops.documents.plain import at
from kaitops.gate.objects import Group
from kaitops.gate.overlays import tool
from kaitops.gate.overlays.making import Made
from kaitops.gate.reading.collecting import collect
from kaitops.report.findings import Report
from tests.gate.renderers import NEEDS_KUSTOMIZE
from tests.gate.test_overlays import HEAD, put

pytestmark = NEEDS_KUSTOMIZE
Files = dict[str, str]
Path_ = tuple[str | int, ...]

BASE = {
    "base/kustomization.yaml": f"{HEAD}resources: [chat.yaml, web.yaml]\n",
    "base/chat.yaml": """\
apiVersion: kaito.sh/v1beta1
kind: Workspace
metadata:
  name: chat
  labels: {team: old}
resource:
  instanceType: old
  labelSelector:
    matchLabels: {apps: old}
inference:
  preset:
    name: old
""",
    "base/web.yaml": """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      priorityClassName: old
      containers:
      - name: web
        image: old
        env:
        - {name: FIRST, value: old}
        - {name: SECOND, value: old}
        resources: {limits: {memory: old}}
""",
}


class Field(NamedTuple):
    """A field, and the strategic patch that leads to it."""

    kind: str
    path: Path_
    patch: Callable[[str], dict[str, Any]]


def _pod(spec: Mapping[str, Any]) -> dict[str, Any]:
    return {"spec": {"template": {"spec": spec}}}


def _container(**more: Any) -> dict[str, Any]:
    return _pod({"containers": [{"name": "web", **more}]})


_IN = ("spec", "template", "spec")
FIELDS = {
    "size": Field("Workspace", ("resource", "instanceType"), lambda mark: {"resource": {"instanceType": mark}}),
    "preset": Field("Workspace", ("inference", "preset", "name"), lambda mark: {"inference": {"preset": {"name": mark}}}),
    "selector": Field(
        "Workspace", ("resource", "labelSelector", "matchLabels", "apps"),
        lambda mark: {"resource": {"labelSelector": {"matchLabels": {"apps": mark}}}},
    ),
    "label": Field("Workspace", ("metadata", "labels", "team"), lambda mark: {"metadata": {"labels": {"team": mark}}}),
    "class": Field("Deployment", (*_IN, "priorityClassName"), lambda mark: _pod({"priorityClassName": mark})),
    "image": Field("Deployment", (*_IN, "containers", 0, "image"), lambda mark: _container(image=mark)),
    "variable": Field(
        "Deployment", (*_IN, "containers", 0, "env", 1, "value"),
        lambda mark: _container(env=[{"name": "SECOND", "value": mark}]),
    ),
    "limit": Field(
        "Deployment", (*_IN, "containers", 0, "resources", "limits", "memory"),
        lambda mark: _container(resources={"limits": {"memory": mark}}),
    ),
}  # fmt: skip
NAMES = {"Workspace": "chat", "Deployment": "web"}
VERSIONS = {"Workspace": "kaito.sh/v1beta1", "Deployment": "apps/v1"}


def _merged(base: Any, over: Any) -> Any:
    if isinstance(base, dict) and isinstance(over, dict):
        return {**base, **{key: _merged(base.get(key), value) for key, value in over.items()}}
    if (
        isinstance(base, list)
        and isinstance(over, list)
        and base
        and over
        and base[0].get("name") == over[0].get("name")
    ):
        return [_merged(base[0], over[0]), *base[1:]]
    return over


def strategic(kind: str) -> str:
    """One patch that sets all fields of a kind."""
    whole: Any = {"apiVersion": VERSIONS[kind], "kind": kind, "metadata": {"name": NAMES[kind]}}
    for name, field in FIELDS.items():
        if field.kind == kind:
            whole = _merged(whole, field.patch(f"mark-{name}"))
    return yaml.safe_dump(whole, sort_keys=False)


def operations(kind: str, word: str = "replace") -> list[dict[str, str]]:
    """The same as JSON patch."""
    return [
        {"op": word, "path": "/" + "/".join(map(str, field.path)), "value": f"mark-{name}"}
        for name, field in FIELDS.items()
        if field.kind == kind
    ]


def indented(text: str, by: int) -> str:
    return "".join(f"{' ' * by}{line}\n" for line in text.splitlines())


def target(kind: str, *, legacy: bool = False) -> str:
    if not legacy:
        return f"{{kind: {kind}}}"
    group, _, version = VERSIONS[kind].rpartition("/")
    return f"{{group: {group}, version: {version}, kind: {kind}, name: {NAMES[kind]}}}"


def inline(make: Callable[[str], str], *, legacy: bool = False) -> str:
    key = "patchesJson6902" if legacy else "patches"
    entries = [f"- target: {target(kind, legacy=legacy)}\n  patch: |\n{indented(make(kind), 4)}" for kind in NAMES]
    return f"{key}:\n{''.join(entries)}"


def listed(key: str, suffix: str, *, legacy: bool = False) -> str:
    entries = [f"- {{path: {kind}.{suffix}, target: {target(kind, legacy=legacy)}}}\n" for kind in NAMES]
    return f"{key}:\n{''.join(entries)}"


def top(text: str, more: Files | None = None, below: str = "../base") -> Files:
    return {**BASE, "top/kustomization.yaml": f"{HEAD}resources: [{below}]\n{text}", **(more or {})}


def files_of(make: Callable[[str], str], suffix: str, folder: str = "top") -> Files:
    return {f"{folder}/{kind}.{suffix}": make(kind) for kind in NAMES}


def as_yaml(kind: str) -> str:
    return yaml.safe_dump(operations(kind), sort_keys=False)


def flow(kind: str) -> str:
    """The same in one line each."""
    return "".join(f"- {json.dumps(one)}\n" for one in operations(kind))


def as_json(kind: str) -> str:
    return json.dumps(operations(kind), indent=1)


WAYS: dict[str, Files] = {
    "files of the base": {
        **{name: text for name, text in BASE.items() if name.endswith("kustomization.yaml")},
        "base/chat.yaml": strategic("Workspace"),
        "base/web.yaml": yaml.safe_dump(
            _merged(yaml.safe_load(BASE["base/web.yaml"]), yaml.safe_load(strategic("Deployment"))), sort_keys=False
        ).replace("- name: FIRST\n", "- name: FIRST\n"),
        "top/kustomization.yaml": f"{HEAD}resources: [../base]\nannotations: {{}}\n".replace(
            "annotations: {}", "commonAnnotations: {a: b}"
        ),
    },
    "a strategic patch in the kustomization": top(inline(strategic)),
    "a strategic patch of a file": top(listed("patches", "yaml"), files_of(strategic, "yaml")),
    "patchesStrategicMerge of files": top(
        "patchesStrategicMerge: [Workspace.yaml, Deployment.yaml]\n", files_of(strategic, "yaml")
    ),
    "patchesStrategicMerge in the kustomization": top(
        "patchesStrategicMerge:\n" + "".join(f"- |\n{indented(strategic(kind), 2)}" for kind in NAMES)
    ),
    "operations in the kustomization": top(inline(as_yaml)),
    "operations in lines": top(inline(flow)),
    "operations of a file": top(listed("patches", "yaml"), files_of(as_yaml, "yaml")),
    "operations of a file of JSON": top(listed("patches", "json"), files_of(as_json, "json")),
    "patchesJson6902 in the kustomization": top(inline(as_yaml, legacy=True)),
    "patchesJson6902 of files": top(listed("patchesJson6902", "yaml", legacy=True), files_of(as_yaml, "yaml")),
    "a component": top(
        "components: [../part]\n",
        {
            "part/kustomization.yaml": "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n"
            + inline(strategic)
        },
    ),
    "files of a component": top(
        "components: [../part]\n",
        {
            "part/kustomization.yaml": "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n"
            + listed("patches", "yaml"),
            **files_of(as_yaml, "yaml", "part"),
        },
    ),
    "an overlay between": top(
        "labels: [{pairs: {a: b}}]\n",
        {"middle/kustomization.yaml": f"{HEAD}resources: [../base]\n{inline(strategic)}"},
        "../middle",
    ),
    "the last of two overlays": top(
        inline(as_yaml),
        {
            "middle/kustomization.yaml": f"{HEAD}resources: [../base]\n"
            + inline(lambda kind: strategic(kind).replace("mark-", "earlier-"))
        },
        "../middle",
    ),
}


def varied(kind: str, form: str) -> str:
    """A file of a kind whose fields are variables, their names those of the fields."""
    whole = yaml.safe_load(BASE[f"base/{NAMES[kind]}.yaml"])
    text = yaml.safe_dump(_merged(whole, yaml.safe_load(strategic(kind))), sort_keys=False)
    return re.sub(r"mark-(\w+)", lambda found: form.replace("NAME", found[1]).replace("MARK", found[0]), text)


def _deployed(after: str, form: str = "${NAME}", more: Files | None = None) -> Files:
    object_ = {"apiVersion": "kustomize.toolkit.fluxcd.io/v1", "kind": "Kustomization",
               "metadata": {"name": "all", "namespace": "flux-system"},
               "spec": {"interval": "10m", "prune": True, "path": "./top",
                        "sourceRef": {"kind": "GitRepository", "name": "flux-system"}}}  # fmt: skip
    files = {f"top/{NAMES[kind]}.yaml": varied(kind, form) for kind in NAMES}
    return {**files, "cluster/all.yaml": yaml.safe_dump(object_, sort_keys=False) + after, **(more or {})}


def _lines(indent: int) -> str:
    return "".join(f"{' ' * indent}{name}: mark-{name}\n" for name in FIELDS)


_MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: marks, namespace: flux-system}\ndata:\n"
_FROM = "  postBuild:\n    substituteFrom:\n    - {kind: ConfigMap, name: marks}\n"
_PUT_IN = f"  postBuild:\n    substitute:\n{_lines(6)}"
_SOME = "  postBuild: {substitute: {other: a}}\n"
# What Flux puts in for variables after the tool has built the rest.
VARIABLES: dict[str, Files] = {
    "variables of Flux's object": _deployed(_PUT_IN),
    "variables of which a part is taken": _deployed(_PUT_IN.replace(": mark-", ": xmark-"), "${NAME#x}"),
    "variables with a default": _deployed(_PUT_IN, "${NAME:=other}"),
    "defaults of variables": _deployed(_SOME, "${NAME:=MARK}"),
    "variables of a ConfigMap": _deployed(_FROM, more={"cluster/marks.yaml": _MAP + _lines(2)}),
    "Flux's object before a ConfigMap": _deployed(
        _FROM + _PUT_IN.split("\n", 1)[1],
        more={"cluster/marks.yaml": _MAP + _lines(2).replace("mark-", "earlier-")},
    ),
    "variables of a ConfigMap that is built": _deployed(
        _FROM,
        more={
            "maps/kustomization.yaml": f"{HEAD}resources: [marks.yaml]\ncommonAnnotations: {{a: b}}\n",
            "maps/marks.yaml": _MAP + _lines(2),
        },
    ),
}


def built(folder: Path, report: Report | None = None) -> list[Group]:
    report = report or Report()
    tree = collect([str(folder)], report, {})
    assert [one.message for one in report.findings if one.unjudged] == []
    return [group for group in tree.groups if any(isinstance(item.document, Made) for item in group.items)]


@pytest.fixture(scope="module")
def stands(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], tuple[Path, Group]]:
    known: dict[str, tuple[Path, Group]] = {}

    def stand(way: str) -> tuple[Path, Group]:
        if way not in known:
            folder = tmp_path_factory.mktemp("tree")
            put(folder, (WAYS | VARIABLES)[way])
            subprocess.run(["git", "init", "-q", str(folder)], check=True)
            (group,) = (one for one in built(folder) if any(item.data["kind"] == "Workspace" for item in one.items))
            known[way] = folder, group
        return known[way]

    return stand


def line_at(group: Group, kind: str, path: Path_) -> str:
    item = next(one for one in group.items if one.data["kind"] == kind)
    file, line, _ = item.document.place(path)
    return Path(file).read_text().splitlines()[line - 1]


def at_name(group: Group, field: Field) -> Path_:
    """The path of a field; a merge puts the entries of a list into another order."""
    if "env" not in field.path:
        return field.path
    item = next(one for one in group.items if one.data["kind"] == field.kind)
    where = field.path[: field.path.index("env") + 1]
    values = [one["value"] for one in at(item.data, *where)]
    return (*where, values.index("mark-variable"), "value")


@pytest.mark.sampled(4)
@pytest.mark.parametrize("name", FIELDS)
@pytest.mark.parametrize("way", WAYS | VARIABLES)
def test_a_field_stands_where_it_was_set(way: str, name: str, stands: Callable[[str], tuple[Path, Group]]) -> None:
    _, group = stands(way)
    field = FIELDS[name]
    assert f"mark-{name}" in line_at(group, field.kind, at_name(group, field))


@pytest.mark.sampled(3)
@pytest.mark.parametrize("way", WAYS)
def test_what_is_built_is_what_the_tool_writes(way: str, stands: Callable[[str], tuple[Path, Group]]) -> None:
    folder, group = stands(way)
    command = tool.find([str(folder)])
    assert command is not None
    done = subprocess.run([*command, str(folder / "top")], capture_output=True, text=True, check=True)
    wanted = {one["kind"]: one for one in yaml.safe_load_all(done.stdout)}
    made = {item.data["kind"]: dict(item.document.data) for item in group.items}
    assert made == wanted


SPECIAL: dict[str, tuple[str, str, Path_, str]] = {
    "namespace": ("namespace: mark\ncommonAnnotations: {a: b}\n", "Workspace", ("metadata", "namespace"), "namespace: mark"),
    "prefix": ("namePrefix: mark-\n", "Workspace", ("metadata", "name"), "namePrefix: mark-"),
    "suffix": ("nameSuffix: -mark\n", "Deployment", ("metadata", "name"), "nameSuffix: -mark"),
    "labels": ("labels:\n- pairs:\n    mine: mark\n", "Workspace", ("metadata", "labels", "mine"), "mark"),
    "commonLabels": ("commonLabels:\n  mine: mark\n", "Deployment", ("metadata", "labels", "mine"), "mine: mark"),
    "commonAnnotations": (
        "commonAnnotations:\n  mine: mark\n", "Deployment", ("metadata", "annotations", "mine"), "mine: mark"
    ),
    "images": (
        "images:\n- name: old\n  newName: mark\n  newTag: '1'\n", "Deployment", (*_IN, "containers", 0, "image"), "mark"
    ),
    "replicas": ("replicas:\n- name: web\n  count: 7\n", "Deployment", ("spec", "replicas"), "count: 7"),
    "configMapGenerator": (
        "configMapGenerator:\n- name: made\n  literals:\n  - key=mark\n", "ConfigMap", ("data", "key"), "key=mark"
    ),
    "secretGenerator": (
        "secretGenerator:\n- name: made\n  literals:\n  - key=mark\n", "Secret", ("data", "key"), "key=mark"
    ),
    "replacements": (
        "replacements:\n- source: {kind: Workspace, fieldPath: resource.instanceType}\n  targets:\n"
        "  - select: {kind: Deployment}\n    fieldPaths: [spec.template.spec.priorityClassName]\n",
        "Deployment", (*_IN, "priorityClassName"), "fieldPaths: [spec.template.spec.priorityClassName]",
    ),
}  # fmt: skip


@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", SPECIAL)
def test_a_field_of_the_kustomization_is_the_place(name: str, tmp_path: Path) -> None:
    text, kind, path, said = SPECIAL[name]
    put(tmp_path, top(text))
    (group,) = built(tmp_path)
    assert said in line_at(group, kind, path)


def test_generated_files_are_the_place(tmp_path: Path) -> None:
    text = "configMapGenerator:\n- name: made\n  files: [settings.yaml]\n- name: words\n  envs: [words.env]\n"
    put(tmp_path, top(text, {"top/settings.yaml": "mark: 1\n", "top/words.env": "A=b\nKEY=mark\n"}))
    (group,) = built(tmp_path)
    made = [one for one in group.items if one.data["kind"] == "ConfigMap"]
    places = {key: one.document.place(("data", key)) for one in made for key in one.data["data"]}
    found = {key: Path(file).read_text().splitlines()[line - 1] for key, (file, line, _) in places.items()}
    assert "settings.yaml" in found["settings.yaml"] or "mark" in found["settings.yaml"]
    assert "words.env" in found["KEY"] or "mark" in found["KEY"]


MERGED = {
    "a literal that is merged in": ("literals: [key=mark]", "top/kustomization.yaml", "mark"),
    "a file that is merged in": ("files: [key=settings.yaml]", "top/settings.yaml", "mark: 1"),
    "a variable of a file that is merged in": ("envs: [words.env]", "top/words.env", "key=mark"),
}


@pytest.mark.parametrize("behavior", ["merge", "replace"])
@pytest.mark.parametrize("name", MERGED)
def test_what_is_merged_into_a_generated_object_stands_where_it_was_said(
    name: str, behavior: str, tmp_path: Path
) -> None:
    text, file, said = MERGED[name]
    generator = f"configMapGenerator:\n- name: made\n  behavior: {behavior}\n  {text}\n"
    files = top(generator, {"top/settings.yaml": "a: 1\nmark: 1\n", "top/words.env": "A=b\nkey=mark\n"})
    files["base/kustomization.yaml"] += "configMapGenerator: [{name: made, literals: [key=old, other=old]}]\n"
    put(tmp_path, files)
    (group,) = built(tmp_path)
    made = next(one for one in group.items if one.data["kind"] == "ConfigMap")
    place = made.document.place(("data", "key", "mark") if "settings" in text else ("data", "key"))
    assert place[0] == str(tmp_path / file)
    assert said in Path(place[0]).read_text().splitlines()[place[1] - 1]


def test_there_are_enough_of_them() -> None:
    assert len(WAYS | VARIABLES) * len(FIELDS) + len(SPECIAL) > 150
