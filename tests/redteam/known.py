"""Findings that are known, chosen or folded: a change that would have its own among them."""

import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from tests.gate.objects import DEPLOYMENT, PUBLIC, WORKSPACE
from tests.redteam.attack import GATE, RED, Attack, Held, called, change, commit, git, put, verdict
from tests.redteam.secrets import VALUES

Files = Mapping[str, str]
Act = Callable[[Path], object]
_FILE, _KNOWN = "m/ws.yaml", "known.json"
_PSI = PUBLIC.replace("name: phi\n", "name: psi\n").replace("apps: phi", "apps: psi")
_EMPTY = '{"version": 1, "findings": []}\n'


def _written(folder: Path, name: str = _KNOWN, *words: str) -> None:
    """A baseline of what is there now."""
    done = called(*GATE, "--write-baseline", name, *words)
    assert (folder / name).is_file(), done


def _over(files: Files) -> Act:
    return lambda folder: put(folder, files)


def _change(
    name: str, before: Files, after: Act, *words: str, told: str = "", known: bool = True, why: str = "",
    baseline: str = _KNOWN, lay: Act | None = None,
) -> Attack:  # fmt: skip
    """A baseline of the base is merged; then the change, and the gate with both."""

    def run(folder: Path) -> Held:
        put(folder, before)
        if known:
            _written(folder)
        if lay is not None:
            lay(folder)
        commit(folder)
        after(folder)
        git(folder, "add", "-A", "-f")
        said = called(*GATE, "--base", "main", "--baseline", baseline, *words)
        missing = told and told not in said.out
        return verdict(said, RED) or (f"{told} is not told: {said.out[-300:]}" if missing else "")

    return Attack(name, run, why)


def _own(folder: Path, name: str = _KNOWN) -> None:
    """The change writes its own findings into a baseline."""
    put(folder, {"m/psi.yaml": _PSI})
    (folder / name).unlink(missing_ok=True)
    _written(folder, name)


def _linked(target: str, text: str = "") -> Act:
    def act(folder: Path) -> None:
        _own(folder, "own.json")
        (folder / _KNOWN).unlink(missing_ok=True)
        if text:
            put(folder, {target: text})
        (folder / _KNOWN).symlink_to(target)

    return act


def _moved_folder(folder: Path) -> None:
    """The folder that the baseline is named in becomes a link to one with another of that name."""
    (folder / "own").mkdir()
    _own(folder, f"own/{_KNOWN}")
    shutil.rmtree(folder / "held")
    (folder / "held").symlink_to("own")


def _module(folder: Path) -> None:
    shutil.rmtree(folder / "held")
    put(folder, {"held/x": "x"})
    for words in (("init", "-q"), ("add", "-A"), ("commit", "-qm", "x")):
        git(folder / "held", *words)
    _own(folder, f"held/{_KNOWN}")
    git(folder / "held", "add", "-A")
    git(folder / "held", "commit", "-qm", "y")


def _held(folder: Path) -> None:
    (folder / "held").mkdir()
    (folder / _KNOWN).rename(folder / "held" / _KNOWN)


def _real(folder: Path) -> None:
    (folder / _KNOWN).rename(folder / "real.json")
    (folder / _KNOWN).symlink_to("real.json")


def _entry(**more: object) -> str:
    one = {"fingerprint": "0" * 32, "rule": "KAITO001", "file": "m/psi.yaml", "object": "Workspace team/psi", **more}
    return json.dumps({"version": 1, "findings": [one]})


_FORMS: Mapping[str, str] = {
    "every fingerprint": _entry(fingerprint="*"), "empty fingerprint": _entry(fingerprint=""), "another version": _EMPTY.replace("1", "2"),
    "version as text": _EMPTY.replace("1", '"1"'), "no version": '{"findings": []}', "a list": "[]", "nested": "[" * 100_000,
    "keys twice": '{"version": 1, "version": 1, "findings": [], "findings": []}', "further key": _entry(severity="LOW"), "nothing": "",
    "no text": _entry(fingerprint=7), "numbered": _entry(fingerprint="0" * 32 + ":2"), "large": _EMPTY + " " * (9 << 20),
    "not Unicode": "\udcff", "YAML": "version: 1\nfindings: []\n",
}  # fmt: skip


def brought() -> Iterator[Attack]:
    """The file of known findings itself is the change's."""
    one: Files = {_FILE: PUBLIC}
    for words in (
        (),
        ("--fail-on", "CRITICAL"),
        ("--all",),
        ("--ignore", "KAITO1"),
        ("--select", "KAITO001"),
        ("-o", "json"),
    ):
        last = f" {' '.join(words)}" if words else ""
        yield _change(f"written again{last}", one, _own, *words, told="KAITO001")
        yield _change(f"written first{last}", {_FILE: WORKSPACE}, _own, *words, told="KAITO001", known=False)
        yield _change(f"broken before{last}", one, _own, *words, told="KAITO001", lay=_over({_KNOWN: "{"}))
    yield _change("removed", one, lambda f: (put(f, {"m/psi.yaml": _PSI}), (f / _KNOWN).unlink()))
    yield _change("a link to its own", one, _linked("own.json"), told="KAITO001")
    yield _change("a link to what a link leads to", one, lambda f: _own(f, "real.json"), told="KAITO001", lay=_real)
    yield _change("a link out", one, _linked("/etc/passwd"))
    yield _change("a link to a device", one, _linked("/dev/zero"))
    yield _change("a folder that is a link", one, _moved_folder, told="KAITO001", baseline=f"held/{_KNOWN}", lay=_held)
    yield _change("a folder that is a module", one, _module, told="KAITO001", baseline=f"held/{_KNOWN}", lay=_held)
    yield _change("named with dots", one, _own, told="KAITO001", baseline=f"m/../{_KNOWN}")
    yield _change(
        "among what is judged",
        one,
        lambda f: _own(f, f"m/{_KNOWN}"),
        told="KAITO001",
        baseline=f"m/{_KNOWN}",
        lay=lambda f: (f / _KNOWN).rename(f / "m" / _KNOWN),
    )
    yield _change("ignored and forced", one, lambda f: (put(f, {".gitignore": "*.json\n"}), _own(f)), told="KAITO001")
    yield _change(
        "by attributes",
        one,
        lambda f: (put(f, {".gitattributes": "* export-subst filter=x merge=ours\n"}), _own(f)),
        told="KAITO001",
    )
    for name, text in _FORMS.items():
        yield _change(
            f"form: {name}", one, _over({_KNOWN: text, "m/psi.yaml": _PSI}), told="" if name == "large" else "KAITO001"
        )
    for name in (
        "kaitops-baseline.json",
        ".kaitops-baseline.json",
        "m/kaitops-baseline.json",
        ".checkov.baseline",
        "baseline.json",
    ):
        yield Attack(f"found {name}", _found(name))


def _found(name: str) -> Callable[[Path], Held]:
    """A baseline that nobody named."""

    def run(folder: Path) -> Held:
        put(folder, {_FILE: PUBLIC})
        _written(folder, name)
        said = called(*GATE)
        return verdict(said, RED) or ("" if "KAITO001" in said.out else "KAITO001 is not told")

    return run


_ROLE = "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: r}\nrules:\n- {apiGroups: [''], resources: [secrets], verbs: [VERBS]}\n"
_BOUND = (
    "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: b}\n"
    "roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: r}\nsubjects: [{kind: ServiceAccount, name: a, namespace: team}]\n"
)
_DNS = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: coredns, namespace: kube-system}\ndata: {Corefile: TEXT}\n"
_MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: team}\ndata: {x: VALUE}\n"
_TOKEN, _OTHER = VALUES["hub"], VALUES["hub"][:3] + VALUES["hub"][3:][::-1]
_KEY = VALUES["private-key"].replace("\n", "\n# ")
_PODS = DEPLOYMENT.replace("1.0.0", "latest")


def widened() -> Iterator[Attack]:
    """A finding that is known, made worse, moved, doubled or put in the place of another one."""
    cases: dict[str, tuple[Files, Files, str]] = {
        "another object": ({_FILE: PUBLIC}, {"m/psi.yaml": _PSI}, "KAITO001"),
        "another file": ({_FILE: PUBLIC}, {_FILE: "{}\n", "m/other.yaml": PUBLIC}, "KAITO001"),
        "another suffix": ({_FILE: PUBLIC}, {_FILE: "{}\n", "m/ws.yml": PUBLIC}, "KAITO001"),
        "another namespace": ({_FILE: PUBLIC}, {_FILE: PUBLIC.replace("namespace: team", "namespace: other")}, "KAITO001"),
        "doubled in a file": ({_FILE: PUBLIC}, {_FILE: f"{PUBLIC}---\n{PUBLIC}"}, "KAITOPS-FORM"),
        "second document": ({_FILE: PUBLIC}, {_FILE: f"{PUBLIC}---\n{_PSI}"}, "KAITO001"),
        "another value": ({_FILE: PUBLIC}, {_FILE: PUBLIC.replace('"True"', '"true"')}, "KAITO"),
        "verbs of its role": ({"m/r.yaml": _ROLE.replace("VERBS", "get"), "m/b.yaml": _BOUND}, {"m/r.yaml": _ROLE.replace("VERBS", "get, list, create, delete")}, "KAITO063"),
        "text of the cluster": ({"m/c.yaml": _DNS.replace("TEXT", "a")}, {"m/c.yaml": _DNS.replace("TEXT", "'. { forward . 6.6.6.6 }'")}, "KAITO060"),
        "another token": ({"m/c.yaml": _MAP.replace("VALUE", _TOKEN)}, {"m/c.yaml": _MAP.replace("VALUE", _OTHER)}, "KAITO008"),
        "another token in a comment": ({_FILE: f"{WORKSPACE}# {_TOKEN}\n"}, {_FILE: f"{WORKSPACE}# {_OTHER}\n"}, "KAITO008"),
        "another key in a comment": ({_FILE: f"{WORKSPACE}# {_KEY}\n"}, {_FILE: f"{WORKSPACE}# {_KEY.replace('a', 'b')}\n"}, "KAITO008"),
        "second token in a comment": ({_FILE: f"{WORKSPACE}# {_TOKEN}\n"}, {_FILE: f"{WORKSPACE}# {_TOKEN}\n# {_OTHER}\n"}, "KAITO008"),
        "another container": ({"m/d.yaml": _PODS}, {"m/d.yaml": _PODS + "      - {name: evil, image: 'docker.io/evil:latest', securityContext: {privileged: true}}\n"}, "KAITO036"),
        "container before": ({"m/d.yaml": _PODS}, {"m/d.yaml": _PODS.replace("      - name: web\n", "      - {name: evil, image: 'docker.io/evil:latest', securityContext: {privileged: true}}\n      - name: web\n")}, "KAITO036"),
        "another image": ({"m/d.yaml": _PODS}, {"m/d.yaml": _PODS.replace("web:latest", "evil:latest")}, "KAITO009"),
        "settings above": ({"m/d.yaml": _PODS}, {"m/d.yaml": _PODS.replace("privileged: true", "privileged: true, runAsUser: 0, capabilities: {add: [SYS_ADMIN]}")}, "KAITO036"),
        "host of the pod": ({"m/d.yaml": _PODS}, {"m/d.yaml": _PODS.replace("      containers:", "      hostNetwork: true\n      hostPID: true\n      containers:")}, "KAITO036"),
    }  # fmt: skip
    for name, (before, after, told) in cases.items():
        # Of some it is enough that they are no longer what was known, whatever their severity.
        yield _change(name, before, _over(after), "--fail-on", "LOW", told=told)
        yield _change(f"{name}, shown whole", before, _over(after), "--fail-on", "LOW", "--all", told=told)


def folded() -> Iterator[Attack]:
    """What the base has as well counts, wherever it went and however often it is there."""
    cases: dict[str, tuple[Files, Act]] = {
        "as it was": ({_FILE: PUBLIC}, _over({"m/x.md": "x"})),
        "moved": ({_FILE: PUBLIC}, lambda f: (f / _FILE).rename(f / "m/x.yaml")),
        "moved down": ({_FILE: PUBLIC}, lambda f: ((f / "m/a").mkdir(), (f / _FILE).rename(f / "m/a/ws.yaml"))),
        "behind a link": ({_FILE: PUBLIC}, lambda f: ((f / _FILE).rename(f / "m/h.txt"), (f / _FILE).symlink_to("h.txt"))),
        "lines above": ({_FILE: PUBLIC}, _over({_FILE: f"# x\n\n{PUBLIC}"})),
        "beside a second": ({_FILE: PUBLIC}, _over({"m/psi.yaml": _PSI})),
        "in the place of another": ({_FILE: PUBLIC}, _over({_FILE: _PSI})),
        "gone and come back": ({_FILE: PUBLIC, "m/psi.yaml": _PSI}, lambda f: ((f / _FILE).unlink(), put(f, {"m/psi.yaml": _PSI}))),
        "as JSON": ({_FILE: PUBLIC}, lambda f: ((f / _FILE).unlink(), put(f, {"m/ws.json": json.dumps({"apiVersion": "v1", "kind": "List", "items": [_as_data(PUBLIC)]})}))),
        "not judged before": ({_FILE: PUBLIC.replace("kind: Workspace", "kind: Workspaze")}, _over({_FILE: PUBLIC})),
        "refused before": ({_FILE: PUBLIC.replace("phi-4-mini-instruct", "phi-5")}, _over({"m/x.md": "x"})),
    }  # fmt: skip
    for name, (before, act) in cases.items():
        for words in ((), ("--all",), ("--summary",), ("-q",), ("-o", "github")):
            yield change(f"{name}{' ' * bool(words)}{' '.join(words)}", before, act, *words)


def _as_data(text: str) -> object:
    import yaml

    return yaml.safe_load(text)


def chosen() -> Iterator[Attack]:
    """Options that a file of the change would like to be, or to steer."""
    settings = {
        "pyproject.toml": "[tool.kaitops]\nignore = ['KAITO']\nselect = ['KAITO2']\n", "setup.cfg": "[kaitops]\nignore = KAITO001\n",
        "kaitops.yaml": "ignore: [KAITO001]\n", ".kaitopsrc": "--ignore KAITO001\n", ".kaitops/config.yaml": "ignore: [KAITO001]\n",
        ".checkov.yaml": "skip-check: [KAITO001]\n", ".checkovignore": "m\n", ".gitignore": "m/\n", ".kaitopsignore": "m\n",
        ".trivyignore": "KAITO001\n", ".kube-linter.yaml": "checks: {doNotAutoAddDefaults: true}\n", "tox.ini": "[kaitops]\nignore = KAITO\n",
        "m/.gitignore": "*\n", ".env": "KAITOPS_TODAY=1999-01-01\nKAITOPS_CHECKOV_PYTHON=/bin/true\n", ".git/info/attributes": "* -diff\n",
        "prices.yaml": "prices: {}\n", "kaitops-prices.yaml": "prices: {}\n", "kaitops-budget.yaml": "total: 1e9\n",
        "kaitops-quota.json": "{}", ".kube/config": "apiVersion: v1\nkind: Config\n", "kubeconfig": "apiVersion: v1\nkind: Config\n",
    }  # fmt: skip
    for name, text in settings.items():
        yield change(f"settings {name}", {_FILE: WORKSPACE}, _over({name: text, _FILE: PUBLIC}))
    for name in (
        "--ignore=KAITO001",
        "--select=KAITO2",
        "--fail-on=CRITICAL",
        "--baseline=x.yaml",
        "--trust-context",
        "-q",
        "@x",
        "--help",
    ):
        yield change(f"named {name}", {_FILE: WORKSPACE}, _over({f"m/{name}.yaml": _PSI, f"{name}.yaml": PUBLIC}))
    for text in (
        "# kaitops:ignore",
        "# kaitops: ignore=KAITO001",
        "# noqa: KAITO001",
        "# checkov:skip=KAITO001:x",
        "# nosec",
        "# kaitops-disable",
        "#kaitops:exempt=KAITO001 a; b; 2026-12-31",
        "# trivy:ignore:KAITO001",
        "# kics-scan ignore",
        "# yamllint disable",
    ):
        yield change(
            f"comment {text}", {_FILE: WORKSPACE}, _over({_FILE: f"{text}\n" + PUBLIC.replace("\n", f"  {text}\n")})
        )
    for key in (
        "kaitops.io/exempt.KAITO001",
        "kaitops.io/ignore",
        "kaitops/ignore",
        "checkov.io/skip1",
        "bridgecrew.io/skip1",
        "cortex.io/skip9",
        "runterrascan.io/skip",
        "ignore-check.kube-linter.io/x",
        "kubesec.io/skip",
    ):
        note = PUBLIC.replace(
            "  annotations:\n", f"  annotations:\n    {key}: 'KAITO001=a; a reason; team a; 2026-12-31'\n"
        )
        yield change(f"annotation {key}", {_FILE: WORKSPACE}, _over({_FILE: note}))
    for held in (
        "kaitops-exemptions.yaml",
        "m/kaitops-exemptions.yaml",
        "kaitops-policy.yaml",
        "KAITOPS-EXEMPTIONS.YAML",
        "kaitops-exemptions.yml",
    ):
        yield change(
            f"file {held}",
            {_FILE: WORKSPACE},
            _over(
                {
                    _FILE: PUBLIC,
                    held: "annotations: true\nexemptions: [{id: KAITO001, resource: 'Workspace team/phi', reason: a reason, owner: team a, until: '2026-12-31'}]\n",
                }
            ),
        )
    for option in ("--prices", "--budget", "--quota", "--policy", "--exemptions"):
        for before in ({}, {"own.yaml": "{\n"}):
            yield _named(option, before)


_OWN: Mapping[str, str] = {
    "--prices": "currency: USD\nprices: {westeurope: {Standard_NC24ads_A100_v4: 0.01}}\n", "--budget": "total: 1000000\n", "--quota": "{}\n",
    "--policy": "severity:\n  KAITO001: {level: off, reason: a lab}\n",
    "--exemptions": "exemptions: [{id: KAITO001, resource: 'Workspace team/phi', reason: a reason that can be read, owner: team a, until: '2026-12-31'}]\n",
}  # fmt: skip


def _named(option: str, before: Files) -> Attack:
    """A file that the invoker names, and that the base has not, or in a broken form."""
    return change(
        f"{option} {'broken' if before else 'not'} at the base", {_FILE: WORKSPACE, **before},
        _over({_FILE: PUBLIC, "own.yaml": _OWN[option]}), option, "own.yaml", "--fail-on", "CRITICAL",
    )  # fmt: skip
