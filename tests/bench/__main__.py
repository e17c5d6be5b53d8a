"""Run with ``make bench``: prints each measure beside its bar and fails where one is missed."""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from kaitops.gate.overlays import tool
from tests.bench.fleets import cluster_of, fleet
from tests.bench.pulumi_preview import runs
from tests.version import KAITO

_PYTHON = sys.executable
_CHECKOV = Path(__file__).parents[2] / ".venv-checkov/bin/python"
_KAITOPS = str(Path(sys.executable).with_name("kaitops"))
_BOTH = (
    "import sys; from kaitops.cli import main; "
    "sys.exit(main(['render', '-q', '--out', sys.argv[1]]) or main(['gate', '-q', '--no-checkov', sys.argv[1]]))"
)
# A user's Python caches its bytecode; a machine that forbids it would measure the compiler.
_MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
"""A folder in memory where there is one: tens of thousands of new files would measure the disk's journal."""
_ENVIRONMENT = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"} | (
    {"TMPDIR": _MEMORY} if _MEMORY else {}
)
_MEMORY_LIMIT_MB = 150
_MATRIX_LIMIT_MS = 60
_STATUS_LIMIT_MS = 600


def _seconds(command: list[str], folder: Path) -> float:
    start = time.perf_counter()
    done = subprocess.run(command, cwd=folder, env=_ENVIRONMENT, capture_output=True, text=True, check=False)
    elapsed = time.perf_counter() - start
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    return elapsed


class Bench:
    """Measures interleaved with the floor, so that both see the same machine."""

    def __init__(self, rounds: int) -> None:
        self._rounds = rounds
        self.rows: list[dict[str, object]] = []

    def ratio(self, name: str, bar: float, run: Callable[[], float]) -> None:
        """Measure a run in multiples of the floor."""
        floor = [_PYTHON, "-c", "import pydantic, yaml"]
        self.against(name, bar, run, lambda: _seconds(floor, Path.cwd()), "floor")

    def against(
        self,
        name: str,
        bar: float,
        run: Callable[[], float],
        other: Callable[[], float],
        what: str = "the render itself",
    ) -> None:
        """Measure a run in multiples of another one, turn by turn."""
        run()
        others, times = [], []
        # A bar counts as missed only after more turns: a neighbour on the machine is no regression.
        for turns in (self._rounds, 3 * self._rounds, 3 * self._rounds):
            for _ in range(turns):
                others.append(other())
                times.append(run())
            base, median = statistics.median(others), statistics.median(times)
            if median <= bar * base:
                break
        self.add(name, median / base, bar, f"x {what} ({median * 1000:.0f} ms, {what} {base * 1000:.0f} ms)")

    def add(self, name: str, value: float, bar: float, unit: str) -> None:
        """Add a measure."""
        self.rows.append({"measure": name, "value": round(value, 2), "bar": bar, "unit": unit, "met": value <= bar})


def _memory_mb(command: list[str], folder: Path) -> float:
    script = (
        "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL); "
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    done = subprocess.run(
        [_PYTHON, "-c", script, *command], cwd=folder, env=_ENVIRONMENT, capture_output=True, text=True, check=True
    )
    kilobytes = int(done.stdout) / (1024 if sys.platform == "darwin" else 1)
    return kilobytes / 1024


def _matrix_ms() -> float:
    from kaitops import fit
    from kaitops.kaito import Release

    release = Release.load(KAITO)
    presets = list(release.catalogue)
    times = []
    for _ in range(7):
        start = time.perf_counter()
        for cloud in ("azure", "aws", "arc"):
            fit.matrix(release, presets, cloud, (2048, 8192, 32768, 131072))
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def _status_ms() -> float:
    from kaitops.live.judging import judge
    from kaitops.live.snapshot import Snapshot

    objects: dict[str, list[dict[str, object]]] = {}
    for one in cluster_of(500):
        objects.setdefault(str(one["kind"]), []).append(one)
    times = []
    for _ in range(5):
        start = time.perf_counter()
        states = judge(Snapshot(objects), KAITO)
        times.append((time.perf_counter() - start) * 1000)
        if len(states) != 500:
            raise SystemExit(f"status judged {len(states)} workloads of 500")
    return statistics.median(times)


def _folder(root: Path, name: str, clusters: int, models: int, *, gitops: bool = False) -> Path:
    folder = root / name
    folder.mkdir()
    (folder / "fleet.yaml").write_text(fleet(clusters, models, gitops=gitops))
    return folder


def _changed(root: Path) -> Path:
    """300 Workspaces in a repository, 20 of which are not as they were committed."""
    folder = _folder(root, "changed", 1, 300)
    render = [_KAITOPS, "render", "-q", "--out", "out0"]
    _seconds(render, folder)
    who = ["-c", "user.name=bench", "-c", "user.email=bench@example.com"]
    for arguments in (["init", "-q"], ["add", "-A"], [*who, "commit", "-q", "-m", "base"]):
        _seconds(["git", *arguments], folder)
    (folder / "fleet.yaml").write_text(fleet(1, 300, changed=20))
    _seconds(render, folder)
    return folder


def _overlaid(root: Path) -> Path:
    """20 overlays, each of which changes the namespace and a label of 50 objects."""
    folder = root / "overlaid"
    made = _folder(root, "plain", 1, 25)
    _seconds([_KAITOPS, "render", "-q", "--out", "out0"], made)
    base = folder / "base"
    base.mkdir(parents=True)
    files = sorted(one for kind in ("workspace", "configmap") for one in (made / "out0").rglob(f"{kind}-*.yaml"))
    for file in files:
        (base / file.name).write_bytes(file.read_bytes())
    head = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"
    (base / "kustomization.yaml").write_text(head + f"resources: [{', '.join(file.name for file in files)}]\n")
    for number in range(20):
        place = folder / "overlays" / f"team-{number:02}"
        place.mkdir(parents=True)
        text = f"resources: [../../base]\nnamespace: team-{number:02}\nlabels: [{{pairs: {{team: a{number}}}}}]\n"
        (place / "kustomization.yaml").write_text(head + text)
    return folder


def _fresh(folder: Path, *arguments: str, start: int = 0) -> Callable[[], float]:
    """A render into a folder that does not exist yet."""
    count = iter(range(start, start + 400))
    return lambda: _seconds([_KAITOPS, "render", "-q", "--out", f"out{next(count)}", *arguments], folder)


def run(rounds: int) -> list[dict[str, object]]:
    """Measure everything."""
    bench = Bench(rounds)
    with tempfile.TemporaryDirectory(prefix="kaitops-bench-", dir=_MEMORY) as name:
        root = Path(name)
        one = _folder(root, "one", 1, 1)
        count = iter(range(1000))
        both = lambda: _seconds([_PYTHON, "-c", _BOTH, f"out{next(count)}"], one)  # noqa: E731
        bench.ratio("one model, rendered and gated, cold", 2.0, both)
        thousand = _folder(root, "thousand", 1, 1000)
        bench.ratio("1,000 models, operator mode", 5.5, _fresh(thousand))
        bench.ratio("1,000 models, plain mode", 16, _fresh(thousand, "--mode", "plain"))
        fifty = _folder(root, "fifty", 50, 20)
        bench.ratio("50 clusters x 20 models", 12, _fresh(fifty))
        trees = _folder(root, "trees", 50, 20, gitops=True)
        bench.ratio("50 clusters x 20 models with Argo CD's and Flux's trees", 16, _fresh(trees))
        single = _folder(root, "single", 1, 1, gitops=True)
        with_tree = lambda: _seconds([_PYTHON, "-c", _BOTH, f"out{next(count)}"], single)  # noqa: E731
        bench.ratio("one model with Argo CD's tree, rendered and gated, cold", 2.3, with_tree)
        again = [_KAITOPS, "render", "-q", "--out", "out0"]
        bench.against(
            "1,000 models, nothing to change", 1.0, lambda: _seconds(again, thousand), _fresh(thousand, start=500)
        )
        hundred = _folder(root, "hundred", 1, 100)
        _fresh(hundred)()
        gate = [_KAITOPS, "gate", "-q", "--no-checkov", "out0"]
        bench.ratio("gate on 100 Workspaces", 3, lambda: _seconds(gate, hundred))
        report = [*gate, "--sarif", "report.sarif"]
        bench.ratio("gate on 100 Workspaces, SARIF written", 4, lambda: _seconds(report, hundred))
        bench.ratio("gate on 1,000 Workspaces, SARIF written", 12, lambda: _seconds(report, thousand))
        if (command := tool.find([str(root)])) is not None:
            overlaid = _overlaid(root)
            folders = sorted(str(each) for each in (overlaid / "overlays").iterdir())
            bench.against(
                "20 overlays over a base of 50 objects, built and judged", 2,
                lambda: _seconds([_KAITOPS, "gate", "-q", "--no-checkov", "."], overlaid),
                lambda: sum(_seconds([*command, each], overlaid) for each in folders), f"{Path(command[0]).name} alone",
            )  # fmt: skip
        else:
            print("not measured: overlays, as neither kustomize nor kubectl is on the search path", file=sys.stderr)
        changed = _changed(root)
        since = [*gate, "--base", "HEAD"]
        compared = [*since, "--no-check-render"]
        bench.against(
            "gate on 300 Workspaces with --base, 20 changed", 1.5, lambda: _seconds(compared, changed),
            lambda: _seconds(gate, changed), "without --base",
        )  # fmt: skip
        # The fleet changed, so it is rendered, which alone takes a third of the gate's time.
        bench.against(
            "the same, and the tree held to its fleet", 2.0, lambda: _seconds(since, changed),
            lambda: _seconds(gate, changed), "without --base",
        )  # fmt: skip
        if _CHECKOV.is_file():
            version = [str(_CHECKOV.with_name("checkov")), "--version"]
            full = [_KAITOPS, "gate", "-q", "--require-checkov", "--checkov-python", str(_CHECKOV), "out0"]
            bench.against(
                "gate on 100 Workspaces with checkov in process", 1.0, lambda: _seconds(full, hundred),
                lambda: 1.3 * _seconds(version, hundred) + 1, "1.3 x checkov --version + 1 s",
            )  # fmt: skip
        else:
            print(f"not measured: the gate with checkov, as {_CHECKOV} is not there (make checkov)", file=sys.stderr)
        command = [_KAITOPS, "render", "-q", "--out", "memory"]
        bench.add("memory, 1,000 models, operator mode", _memory_mb(command, thousand), _MEMORY_LIMIT_MB, "MB")
        command = [_KAITOPS, "render", "-q", "--out", "memory-plain", "--mode", "plain"]
        bench.add("memory, 1,000 models, plain mode", _memory_mb(command, thousand), _MEMORY_LIMIT_MB, "MB")
    plain = [_PYTHON, "-m", "tests.bench.pulumi_configmaps"]
    typed = [_PYTHON, "-m", "tests.bench.pulumi_workspaces"]
    here = Path(__file__).parents[2]
    bench.against(
        "pulumi program under mocks, 100 Workspaces", 1.3, lambda: _seconds(typed, here),
        lambda: _seconds(plain, here), "100 ConfigMaps",
    )  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="kaitops-bench-", dir=_MEMORY) as name:
        file = Path(name) / "fleet.yaml"
        file.write_text(fleet(1, 1000, context=False))
        # 2.0 s where the floor takes 67 ms; the resources are the Workspaces, their namespace and the component.
        cluster = [_PYTHON, "-m", "tests.bench.pulumi_cluster", str(file), "cluster-00", "1002"]
        bench.ratio("pulumi program under mocks, 1,000 Workspaces", 30, lambda: _seconds(cluster, here))
        for verb in ("preview", "up"):
            if found := runs(Path(name), verb):
                bench.against(f"pulumi {verb}, 100 Workspaces", 1.0, *found, "100 ConfigMaps")
            else:
                print(f"not measured: pulumi {verb}, as the Pulumi engine is not on the PATH", file=sys.stderr)
    bench.add("status of 500 workloads of a file, judged", _status_ms(), _STATUS_LIMIT_MS, "ms in process")
    bench.add("all models x sizes x 4 contexts", _matrix_ms(), _MATRIX_LIMIT_MS, "ms in process")
    return bench.rows


def main() -> int:
    """Print the table; 1 where a bar is missed."""
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--slack", type=float, default=1.0, help="fail only beyond this multiple of a bar")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    rows = run(arguments.rounds)
    if arguments.json:
        print(json.dumps(rows, indent=1))
    else:
        for row in rows:
            mark = "ok  " if row["met"] else "MISS"
            print(f"{mark} {row['measure']:<40} {row['value']:>8} <= {row['bar']:<6} {row['unit']}")
        print(f"peak memory of the bench itself {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")
    return 0 if all(row["value"] <= row["bar"] * arguments.slack for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
