"""Faults that were green once: what is said of each, and that the tree is green when it is edited as the message says."""

import json
from pathlib import Path

import pytest

from kaitops.gate import native
from kaitops.gate.effects import keys
from kaitops.kaito.release import Release
from tests.conftest import Run
from tests.gate import (
    mended_bindings,
    mended_callers,
    mended_claims,
    mended_cluster,
    mended_engines,
    mended_flags,
    mended_keys,
    mended_pods,
    mended_rails,
    mended_routes,
    mended_scalers,
    mended_secrets,
    mended_selectors,
    mended_steering,
)
from tests.gate.mended import Case
from tests.gate.objects import INFERENCE_SET, MIRROR, SERVING
from tests.recorded import load
from tests.version import KAITO

CASES: dict[str, Case] = {
    **mended_flags.CASES,
    **mended_keys.CASES,
    **mended_scalers.CASES,
    **mended_pods.CASES,
    **mended_cluster.CASES,
    **mended_routes.CASES,
    **mended_claims.CASES,
    **mended_selectors.CASES,
    **mended_callers.CASES,
    **mended_rails.CASES,
    **mended_engines.CASES,
    **mended_secrets.CASES,
    **mended_bindings.CASES,
    **mended_steering.CASES,
}
FINE: dict[str, str] = {
    **mended_flags.FINE,
    **mended_routes.FINE,
    **mended_claims.FINE,
    **mended_selectors.FINE,
    **mended_pods.FINE,
    **mended_callers.FINE,
    **mended_scalers.FINE,
    **mended_rails.FINE,
    **mended_engines.FINE,
    **mended_secrets.FINE,
    **mended_bindings.FINE,
    **mended_steering.FINE,
}
HIGH = ("HIGH", "CRITICAL")


def found(run: Run, text: str) -> "tuple[int, list[str]]":
    """Exit code, and what is said of a tree of one file."""
    Path("tree.yaml").write_text(text, "utf-8")
    done = run("gate", "tree.yaml", "--no-checkov", "-o", "json")
    told = json.loads(done.stdout)["findings"]
    return done.returncode, [f"{one['rule']}: {one['message']}" for one in told if one["severity"] in HIGH]


@pytest.mark.parametrize("name", CASES)
def test_a_fault_is_told_and_its_remedy_helps(
    name: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = CASES[name]
    monkeypatch.chdir(tmp_path)
    code, told = found(run, case.text)
    assert (code, len(told)) == (1, case.count), told
    for words in case.words:
        assert any(words in one for one in told), told
    assert found(run, case.mended) == (0, [])


@pytest.mark.parametrize("name", FINE)
def test_what_a_tree_need_not_hold_is_no_fault(
    name: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert found(run, FINE[name]) == (0, [])


def test_nothing_is_said_of_keys_that_kaito_writes() -> None:
    facts = Release.load(KAITO).facts
    made = [obj for name in ("workspaces", "other-kinds") for row in load(name) for obj in row["objects"]]
    told = [each for obj in made if native.is_held(obj) for each in keys.native(obj, facts)]
    assert len(made) > 1000
    assert told == []


_UPGRADED = INFERENCE_SET.replace("  replicas: 2\n", "  replicas: 2\n  autoUpgrade: {enabled: true, strategy: Surge}\n")
_MIRROR = MIRROR.replace("managed-csi-premium", "blob")


@pytest.mark.parametrize(
    ("text", "options", "said", "mended"),
    [
        (
            SERVING.replace("      containers:\n", "      serviceAccountName: web\n      containers:\n"),
            ["--complete"], ":11:7: KAITOPS-REFERENCE HIGH: Deployment team/web: refers to ServiceAccount team/web",
            ["--complete", "--assume-present", "ServiceAccount/team/web"],
        ),
        (
            INFERENCE_SET, ["--feature-gate", "enableInferenceSetController=false"],
            "is read by nobody while KAITO's feature gate enableInferenceSetController is off", [],
        ),
        (
            _UPGRADED, ["--feature-gate", "enableBaseImageAutoUpgrade=false"],
            "is read by nobody while KAITO's feature gate enableBaseImageAutoUpgrade is off, so nothing comes of it",
            ["--feature-gate", "enableBaseImageAutoUpgrade=true"],
        ),
        (
            _MIRROR, [], ":7:26: KAITOPS-REFERENCE HIGH: ModelMirror weights: needs in the cluster: StorageClass blob",
            ["--assume-present", "StorageClass/blob"],
        ),
    ],
    ids=["a reference of a whole tree", "a kind whose gate is off", "a field whose gate is off", "a storage class at its own field"],
)  # fmt: skip
def test_what_the_command_line_says_counts(
    text: str, options: list[str], said: str, mended: list[str], run: Run, tmp_path: Path
) -> None:
    (tmp_path / "tree.yaml").write_text(text, "utf-8")
    assert said in run("gate", "tree.yaml", "--no-checkov", *options, code=1).stdout
    run("gate", "tree.yaml", "--no-checkov", *mended, code=0)


def test_a_feature_gate_that_nobody_speaks_of_is_a_need(run: Run, tmp_path: Path) -> None:
    (tmp_path / "tree.yaml").write_text(_UPGRADED, "utf-8")
    need = "needs in the cluster: the feature gate enableBaseImageAutoUpgrade of KAITO, which is off by default"
    assert need in run("gate", "tree.yaml", "--no-checkov", code=0).stdout
    gate = ("--feature-gate", "enableBaseImageAutoUpgrade=true")
    assert need not in run("gate", "tree.yaml", "--no-checkov", *gate, code=0).stdout


def test_a_mirror_that_kaito_does_not_fill_has_neither_source_nor_storage(run: Run, tmp_path: Path) -> None:
    (tmp_path / "tree.yaml").write_text(_MIRROR.replace("Managed", "Static"), "utf-8")
    told = run("gate", "tree.yaml", "--no-checkov", code=1).stdout
    assert "Drop the fields" in told
    text = _MIRROR.replace("Managed", "Static").splitlines(keepends=True)
    (tmp_path / "tree.yaml").write_text("".join([*text[:5], *text[7:]]), "utf-8")
    run("gate", "tree.yaml", "--no-checkov", code=0)


def test_an_address_of_a_service_that_the_tree_has_not_is_a_need(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("tree.yaml").write_text(mended_callers.FINE["client of a Service elsewhere"])
    assert "needs in the cluster: Service team/gateway" in run("gate", "tree.yaml", "--no-checkov").stdout
    Path("tree.yaml").write_text(mended_callers.FINE["client"])
    assert "Service team/" not in run("gate", "tree.yaml", "--no-checkov").stdout


def test_a_gate_of_a_pod_is_a_need(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    held = SERVING.replace("    spec:\n", "    spec:\n      schedulingGates: [{name: contoso.com/quota}]\n", 1)
    assert held != SERVING
    for text, told in ((held, True), (SERVING, False)):
        Path("tree.yaml").write_text(text)
        done = run("gate", "tree.yaml", "--no-checkov")
        assert ("what lifts gate contoso.com/quota of Deployment" in done.stdout) is told
