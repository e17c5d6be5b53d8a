"""Files of a change that would like to run, programs that answer in checkov's stead, and what time and place may change."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from tests.commands import FORMS
from tests.gate.objects import PUBLIC, WORKSPACE
from tests.redteam.attack import ANY, GATE, RED, SEEN, Attack, Held, called, commit, git, put, started, verdict

_PYTHON = f"open({SEEN!r}, 'w').close()\nimport os\nos._exit(0)\n"
_SHELL = f"#!/bin/sh\ntouch {SEEN}\nexit 0\n"
_MODULES = (
    "yaml", "venv", "sitecustomize", "usercustomize", "json", "argparse", "encodings", "kaitops", "policies", "site", "pip",
    "kaitops_rules", "conftest", "typing", "gc",
)  # fmt: skip
_PROGRAMS = ("git", "kubectl", "python", "python3", "kaitops", "checkov", "kustomize", "sh", "helm")
_SETTINGS: Mapping[str, str] = {
    "pyproject.toml": "[tool.kaitops]\nfail-on = 'NONE'\n", "setup.cfg": "[kaitops]\nfail_on = NONE\n", ".env": "KAITOPS_TODAY=1999-01-01\n",
    "kaitops.yaml": "failOn: NONE\n", ".kaitops.yaml": "failOn: NONE\n", ".checkov.yaml": "soft-fail: true\n",
    "pyvenv.cfg": "home = .\n", "__main__.py": _PYTHON, ".pdbrc": "import os\n",
}  # fmt: skip


def executed() -> Iterator[Attack]:
    """Something beside the manifests that a command, an interpreter or git might run or read."""
    for name in _MODULES:
        yield Attack(f"{name}.py", _beside({f"{name}.py": _PYTHON, f"m/{name}.py": _PYTHON}))
    for name in _PROGRAMS:
        yield Attack(f"program {name}", _beside({name: _SHELL}, PATH=f".:{os.environ['PATH']}"))
    for name, text in _SETTINGS.items():
        yield Attack(name, _beside({name: text}))
    folder = {".venv-checkov/bin/python": _SHELL, ".venv/bin/python": _SHELL}
    yield Attack("interpreter", _beside(folder))
    yield Attack("path file", _beside({".venv-checkov/lib/python3.11/site-packages/x.pth": "import os; os._exit(0)\n"}))
    yield Attack("rules of a policy", _beside({"kaitops-policy.yaml": "rules: [evil]\n", "evil/r.py": _PYTHON}))
    yield Attack("tag", _beside({"m/y.yaml": f"a: !!python/object/apply:os.system ['touch {SEEN}']\n"}))
    for key, value in {
        "core.fsmonitor": f"touch {SEEN}", "core.hooksPath": "hooks", "diff.external": "./git", "core.sshCommand": f"touch {SEEN}",
    }.items():  # fmt: skip
        yield Attack(f"git's {key}", _configured(key, value))


def _beside(files: Mapping[str, str], **environment: str) -> Callable[[Path], Held]:
    def run(folder: Path) -> Held:
        put(folder, {"m/ws.yaml": WORKSPACE})
        commit(folder)
        put(folder, {"m/ws.yaml": PUBLIC, **files})
        for name in files:
            (folder / name).chmod(0o755)
        command = shutil.which("kaitops", path=str(Path(sys.executable).parent))
        done = subprocess.run(
            [command or "kaitops", *GATE, "--base", "main"], capture_output=True, text=True, check=False,
            env={**os.environ, **environment},
        )  # fmt: skip
        wrong = f"exit {done.returncode}" if done.returncode not in RED else ""
        return wrong or ("a file of the change was executed" if list(folder.rglob(SEEN)) else "")

    return run


def _configured(key: str, value: str) -> Callable[[Path], Held]:
    def run(folder: Path) -> Held:
        put(folder, {"m/ws.yaml": WORKSPACE, "hooks/post-checkout": _SHELL, "git": _SHELL})
        (folder / "hooks/post-checkout").chmod(0o755)
        (folder / "git").chmod(0o755)
        commit(folder)
        git(folder, "config", key, value)
        put(folder, {"m/ws.yaml": PUBLIC})
        return verdict(called(*GATE, "--base", "main"))

    return run


_NONE = '{"checks": [1], "findings": [], "judged": [0], "secrets": []}'
_ANSWERS: Mapping[str, str] = {
    "exits": "exit 1", "signal": "kill -9 $$", "silent": "exit 0", "text": "echo hello", "no-nul": f"echo '{_NONE}'; exit 4",
    "no-check": "printf '\\0{\"checks\": [], \"findings\": [], \"judged\": [0], \"secrets\": []}'",
    "list": "printf '\\0[]'", "number": "printf '\\0007'", "null": "printf '\\0null'", "empty": "printf '\\0{}'",
    "not-judged": "printf '\\0{\"checks\": [1], \"findings\": [], \"judged\": [], \"secrets\": []}'",
    "half": "printf '\\0{\"checks\": [1'", "bytes": "printf '\\0\\377\\376'",
}  # fmt: skip
_LOOKED_FOR = (
    ".venv-checkov/bin/python",
    ".venv-checkov/bin/checkov",
    "venv/bin/python",
    "checkov/__init__.py",
    "checkov.py",
)


def checkov() -> Iterator[Attack]:
    """What stands in checkov's place, or would steer it: a bad object stays red, and a good one is no proof without it."""
    for name, script in _ANSWERS.items():
        yield Attack(f"answers {name}", _answered(script, PUBLIC, {1, 2, 3}))
    for name in ("exits", "text", "no-check", "not-judged", "silent"):
        yield Attack(f"required, {name}", _answered(_ANSWERS[name], WORKSPACE, {2, 3}, "--require-checkov"))
    for name in _LOOKED_FOR:
        yield Attack(name, _found(name))


def _answered(script: str, text: str, codes: set[int], *words: str) -> Callable[[Path], Held]:
    def run(folder: Path) -> Held:
        put(folder, {"m/ws.yaml": text, "python": f"#!/bin/sh\ncat >/dev/null\n{script}\n"})
        (folder / "python").chmod(0o755)
        said = called("gate", "m", "--today", "2026-06-01", "--checkov-python", str(folder / "python"), *words)
        return verdict(said, codes)

    return run


def _found(name: str) -> Callable[[Path], Held]:
    def run(folder: Path) -> Held:
        put(folder, {"m/ws.yaml": WORKSPACE, name: _SHELL})
        (folder / name).chmod(0o755)
        return verdict(called("gate", "m", "--require-checkov", environment={"KAITOPS_CHECKOV_PYTHON": ""}), {2})

    return run


def clock() -> Iterator[Attack]:
    """The day is the invoker's; nothing that is judged says what it is."""
    for day in ("2020-01-01", "2026-02-28", "2028-02-29", "2099-12-31"):
        yield Attack(day, _day(day, RED))
    for word in ("2026-02-30", "yesterday", "", "2026-13-01"):
        yield Attack(f"no day {word!r}", _day(word, {2}))


def _day(day: str, codes: frozenset[int] | set[int]) -> Callable[[Path], Held]:
    def run(folder: Path) -> Held:
        put(folder, {"m/ws.yaml": PUBLIC})
        return verdict(called("gate", "m", "--no-checkov", "--today", day), codes)

    return run


def concurrency() -> Iterator[Attack]:
    """A gate beside a render, beside what a killed render left, and beside another gate."""
    for number in range(4):
        yield Attack(f"beside, {number}", _beside_each_other(number))


def _beside_each_other(number: int) -> Callable[[Path], Held]:
    from tests.redteam.surroundings import rendered

    def run(folder: Path) -> Held:
        put(folder, rendered())
        if number == 3:
            put(folder, {"manifests/.kaitops-old/x.yaml": PUBLIC})
            return verdict(called("gate", "manifests", *GATE[2:]))
        words = ("gate", "manifests", *GATE[2:]) if number else ("render", "-q")
        command = [sys.executable, "-m", "kaitops", *words]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as other:
            held = [verdict(started("gate", "manifests", *GATE[2:]), {0}) for _ in range(1 + number)]
            other.wait()
        return next((wrong for wrong in held if wrong), "")

    return run


def determinism() -> Iterator[Attack]:
    """The same tree gives the same bytes, whatever the seed of hashes, the locale, the zone and the columns are."""
    for form in FORMS:
        yield Attack(
            form, _same(form, {"PYTHONHASHSEED": "1"}, {"PYTHONHASHSEED": "2", "TZ": "Asia/Tokyo", "COLUMNS": "20"})
        )
    for name, value in {"LC_ALL": "C", "LANG": "tr_TR.UTF-8", "PYTHONUTF8": "0"}.items():
        yield Attack(name, _same("json", {name: value}, {}))


def _same(form: str, one: Mapping[str, str], other: Mapping[str, str]) -> Callable[[Path], Held]:
    def run(folder: Path) -> Held:
        put(folder, {"m/ws.yaml": PUBLIC, "m/x.yaml": "a: [\n", "m/y.json": "{}"})
        said = [started(*GATE, "-o", form, environment=environment) for environment in (one, other)]
        return verdict(said[0], ANY) or ("" if said[0] == said[1] else "two runs differ")

    return run
