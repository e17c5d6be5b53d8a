"""What a change tells Argo CD and Flux to deploy from or to, which KAITO it installs, and what it takes over itself."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.gate.objects import WORKSPACE
from tests.gate.test_following import APPLICATION, BUCKET, FILLED, FOLDER, SET, SOURCE
from tests.gate.test_installed_version import ARGO, FLUX, ROLES
from tests.gate.test_pruning import ACCEPTED, KEPT, LOST, lay
from tests.policies.cases import Case, taking_over
from tests.redteam.attack import GATE, RED, Attack, Held, called, commit, git, put, verdict

_KNOWN = {
    "m/ws.yaml": WORKSPACE, "m/app.yaml": APPLICATION, "m/source.yaml": SOURCE, "m/folder.yaml": FOLDER, "m/set.yaml": SET,
    "m/bucket.yaml": BUCKET, "m/filled.yaml": FILLED,
}  # fmt: skip
_OTHER = "https://git.example.com/evil.git"
_OWN = "https://git.example.com/own.git"
_CHANGES: tuple[tuple[str, str, str, str], ...] = (
    ("repository", "app", "own.git", "evil.git"),
    ("repository in another case", "app", "git.example.com/own.git", "git.example.com/OWN.git"),
    ("repository with a user", "app", "https://git.example.com", "https://git.example.com@evil.example.com"),
    ("repository by ssh", "app", _OWN, "git@evil.example.com:own.git"),
    ("revision", "app", "targetRevision: main", "targetRevision: evil"),
    ("revision of the change", "app", "targetRevision: main", "targetRevision: refs/pull/1/head"),
    ("revision as a range", "app", "targetRevision: main", "targetRevision: '*'"),
    ("no revision", "app", "targetRevision: main, ", ""),
    ("folder", "app", "path: m/a", "path: evil"),
    ("folder by dots", "app", "path: m/a", "path: m/../evil"),
    ("top", "app", "path: m/a", "path: ."),
    ("server", "app", "https://kubernetes.default.svc", "https://prod.example.com"),
    ("server by name", "app", "server: 'https://kubernetes.default.svc'", "name: prod"),
    ("source", "source", "own.git", "evil.git"),
    ("branch", "source", "branch: main", "branch: evil"),
    ("tag", "source", "branch: main", "tag: evil"),
    ("range of tags", "source", "branch: main", "semver: '*'"),
    ("name of a reference", "source", "branch: main", "name: refs/pull/1/head"),
    ("commit", "source", "branch: main", "commit: abc"),
    ("folder of Flux", "folder", "./m/a", "./evil"),
    ("source of Flux", "folder", "name: g}}", "name: h}}"),
    ("namespace of the source", "folder", "name: g}}", "name: g, namespace: evil}}"),
    ("kind of the source", "folder", "sourceRef: {kind: GitRepository", "sourceRef: {kind: Bucket"),
    ("cluster of Flux", "folder", "prune: true", "prune: true, kubeConfig: {secretRef: {name: prod}}"),
    ("revision of a set", "set", "revision: main", "revision: evil"),
    ("repository of a generator", "set", f"repoURL: '{_OWN}', revision", f"repoURL: '{_OTHER}', revision"),
    ("folder by a generator", "set", "path: m/a", "path: '{{path}}'"),
    ("bucket", "bucket", "bucketName: own", "bucketName: evil"),
    ("prefix of a bucket", "bucket", "bucketName: own", "bucketName: own, prefix: evil"),
    ("address of a bucket", "bucket", "s3.example.com", "evil.example.com"),
    ("element", "filled", "folder: m/a", "folder: evil"),
    (
        "element that climbs",
        "filled",
        "[{folder: m/a}]}}], template: {metadata: {name: 'a-{{folder}}'}, spec: {",
        "[{folder: m/../../evil}]}}], template: {metadata: {name: 'a-{{folder}}'}, spec: {",
    ),
    ("dots around what is empty", "filled", "'{{folder}}'", "'m/{{none}}../evil'"),
    ("path by a function", "filled", "'{{folder}}'", "'m/{{ printf `%s` `../evil` }}'"),
    ("path by a condition", "filled", "'{{folder}}'", "'m/{{ if true }}../evil{{ end }}'"),
    (
        "repository of a generator within another",
        "filled",
        "[{list: {elements: [{folder: m/a}]}}]",
        f"[{{matrix: {{generators: [{{list: {{elements: [{{folder: m/a}}]}}}}, {{git: {{repoURL: '{_OTHER}', revision: main, files: [{{path: x}}]}}}}]}}}}]",
    ),
    (
        "template of a generator",
        "filled",
        "[{folder: m/a}]}",
        "[{folder: m/a}], template: {spec: {source: {path: evil}}}}",
    ),
    ("plugin of a generator", "filled", "list: {elements: [{folder: m/a}]}", "plugin: {configMapRef: {name: evil}}"),
)
_RELEASE = (
    "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: r, namespace: flux-system}\n"
    "spec: {interval: 1m, chart: {spec: {chart: x, version: 1.0.0, sourceRef: {kind: HelmRepository, name: r}}}, kubeConfig: {secretRef: {name: prod}}}\n"
)
_ADDED: dict[str, str] = {
    "release in another cluster": _RELEASE,
    "application": APPLICATION.replace("name: a,", "name: b,").replace("own.git", "evil.git"),
    "sources": APPLICATION.replace("name: a,", "name: b,").replace("source: {", "sources: [{").replace("}}\n", "}]}\n").replace("own.git", "evil.git"),
    "OCI": SOURCE.replace("GitRepository", "OCIRepository").replace(_OWN, "oci://r.example.com/x"),
    "set": SET.replace("name: a,", "name: b,").replace("own.git", "evil.git"),
    "older form": SOURCE.replace("source.toolkit.fluxcd.io/v1", "source.toolkit.fluxcd.io/v1beta2").replace("name: g,", "name: z,").replace("own.git", "evil.git"),
}  # fmt: skip


_FILLED = SET.replace("path: m/a", "path: '{{folder}}'")
_FILES, _FOLDERS = "files: [{path: x.json}]", "directories: [{path: 'apps/*'}]"
_GIT = "{git: {repoURL: 'https://git.example.com/own.git', revision: main, files: [{path: x.json}]}}"
# What a generator takes from the repository: the set, what is there, and what the change adds.
_FED: dict[str, tuple[str, dict[str, str], dict[str, str]]] = {
    "file": (_FILLED.replace("x.json", "gen/x.json"), {"gen/x.json": '{"folder": "m/a"}'}, {"gen/x.json": '{"folder": "evil"}'}),
    "file among what is judged": (_FILLED.replace("x.json", "m/gen/x.json"), {"m/gen/x.json": '{"folder": "m/a"}'}, {"m/gen/x.json": '{"folder": "evil"}'}),
    "further file": (_FILLED.replace("x.json", "'gen/*.json'"), {"gen/x.json": '{"folder": "m/a"}'}, {"gen/y.json": '{"folder": "evil"}'}),
    "file far below": (_FILLED.replace("x.json", "'gen/**/x.json'"), {"gen/x.json": '{"folder": "m/a"}'}, {"gen/a/b/x.json": '{"folder": "evil"}'}),
    "file of two names": (_FILLED.replace("x.json", "'gen/{x,y}.json'"), {"gen/x.json": '{"folder": "m/a"}'}, {"gen/y.json": '{"folder": "evil"}'}),
    "revision": (SET.replace("revision: main, files", "revision: main, files").replace("targetRevision: main", "targetRevision: '{{r}}'").replace("x.json", "gen/x.json"), {"gen/x.json": '{"r": "main"}'}, {"gen/x.json": '{"r": "evil"}'}),
    "matrix": (_FILLED.replace(_GIT, f"{{matrix: {{generators: [{_GIT}, {{list: {{elements: [{{a: b}}]}}}}]}}}}"), {"x.json": '{"folder": "m/a"}'}, {"x.json": '{"folder": "evil"}'}),
    "merge": (_FILLED.replace(_GIT, f"{{merge: {{mergeKeys: [a], generators: [{{list: {{elements: [{{a: b}}]}}}}, {_GIT}]}}}}"), {"x.json": '{"folder": "m/a"}'}, {"x.json": '{"folder": "evil"}'}),
    "folder": (_FILLED.replace("{{folder}}", "{{path}}").replace(_FILES, _FOLDERS), {"apps/one/x.yaml": WORKSPACE}, {"apps/two/x.yaml": WORKSPACE}),
    "folder as a template of Go": (_FILLED.replace("{{folder}}", "{{.path.path}}").replace(_FILES, _FOLDERS), {"apps/one/x.yaml": WORKSPACE}, {"apps/two/x.yaml": WORKSPACE}),
}  # fmt: skip


def elsewhere() -> Iterator[Attack]:
    """A repository, a revision, a folder or a cluster that nobody judged."""
    for name, file, old, new in _CHANGES:
        yield _changed(name, f"m/{file}.yaml", _KNOWN[f"m/{file}.yaml"].replace(old, new))
    for name, (text, before, after) in _FED.items():
        yield _changed(f"fed by a {name}", "", "", {"m/set.yaml": text, **before}, after)
    for name, text in _ADDED.items():
        yield _changed(f"added: {name}", "m/more.yaml", text)
    for name, text in _ADDED.items():
        yield _changed(f"added in a list: {name}", "m/more.yaml", f"apiVersion: v1\nkind: List\nitems:\n- {text.strip()}\n".replace("\n", "\n  ").replace("\n  kind: List\n  items:\n  - ", "\nkind: List\nitems:\n- "))  # fmt: skip


def _changed(
    name: str, file: str, text: str, before: Mapping[str, str] | None = None, after: Mapping[str, str] | None = None
) -> Attack:
    def run(folder: Path) -> Held:
        put(folder, {**_KNOWN, **(before or {})})
        commit(folder)
        if after is None and _KNOWN.get(file) == text:
            return "nothing is changed"
        put(folder, {file: text} if after is None else after)
        git(folder, "add", "-A", "-f")
        said = called(*GATE, "--base", "main")
        return verdict(said, RED) or ("" if "was not judged" in said.out else f"is red for something else: {said.out}")

    return Attack(name, run)


def installed() -> Iterator[Attack]:
    """The version of KAITO by which a tree is judged, as the change would have it."""
    for kind, text in (("Flux", FLUX), ("Argo CD", ARGO)):
        for written in (
            "0.9.4",
            "0.11.0",
            "v0.11.0",
            "0.12.x",
            ">=0.9.0",
            "99.0.0",
            "*",
            "",
            "../../x",
            "0.12.0 || 0.9.4",
        ):
            yield _installing(f"{kind} installs {written!r}", {"m/b.yaml": text.replace("VERSION", written)})
    yield _installing(
        "two", {"m/b.yaml": FLUX.replace("VERSION", "0.9.4"), "m/c.yaml": ARGO.replace("VERSION", "0.12.0")}
    )


def _installing(name: str, files: dict[str, str]) -> Attack:
    def run(folder: Path) -> Held:
        put(folder, {"m/a.yaml": ROLES})
        commit(folder)
        put(folder, files)
        git(folder, "add", "-A", "-f")
        accepted = ("--accept-kind", "source.toolkit.fluxcd.io/HelmRepository")
        said = called(*GATE, "--base", "main", *accepted)
        return verdict(said, RED) or ("" if "installs KAITO" in said.out else f"is red for something else: {said.out}")

    return Attack(name, run)


def taken_over() -> Iterator[Attack]:
    """What turns names, Argo CD, rights and priorities for everybody, without touching a model."""
    for number, one in enumerate(taking_over.CASES):
        if one.at:
            yield _taking(f"{one.rule} {number}", one)


def _taking(name: str, one: Case) -> Attack:
    def run(folder: Path) -> Held:
        put(folder, {"m/ws.yaml": WORKSPACE, "m/x.json": json.dumps(one.document)})
        put(folder, {f"m/{number}.json": json.dumps(other) for number, other in enumerate(one.others)})
        said = called(*GATE, "--fail-on", "MEDIUM")
        return verdict(said, RED) or ("" if one.rule in said.out else f"{one.rule} is not told: {said.out[-300:]}")

    return Attack(name, run)


def pruned() -> Iterator[Attack]:
    """What is deleted with the object that deployed it, while its files stay as they are."""
    for name, (before, after) in LOST.items():
        yield _pruning(name, before, after, "Namespace team")
    for name, (before, after) in KEPT.items():
        yield _pruning(f"control: {name}", before, after, "")


def _pruning(name: str, before: str, after: str, told: str) -> Attack:
    def run(folder: Path) -> Held:
        lay(folder, before, after)
        said = called("gate", "m", "d", *GATE[2:], "--base", "HEAD", *ACCEPTED)
        return verdict(said, RED if told else {0}) or ("" if told in said.out else f"{told} is not told: {said.out}")

    return Attack(name, run, "" if told else "nothing is deleted")
