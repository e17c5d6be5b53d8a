"""What stacks hand to one another: the way to the cluster, and in which mode a model ran."""

import json
from pathlib import Path
from typing import Any

import grpc
import pulumi
import pytest

from kaitops.components.refusals import Refused
from tests.components import recorder
from tests.components.azure_answers import guid
from tests.components.conftest import Record
from tests.components.test_program import FLEET, KUBECONFIG, Program, program

__all__ = ["program"]


def handing(monkeypatch: pytest.MonkeyPatch, outputs: dict[str, Any]) -> None:
    real = recorder.computed

    def computed(type_: str, name: str, inputs: Any, id_: str | None) -> Any:
        if type_ == "pulumi:pulumi:StackReference":
            return name, {"name": inputs["name"], "outputs": outputs, "secretOutputNames": []}
        return real(type_, name, inputs, id_)

    monkeypatch.setattr(recorder, "computed", computed)


def test_a_project_of_another_name_says_kaitops_before_its_keys(record: Record, tmp_path: Path) -> None:
    from kaitops.components.program import declare

    (tmp_path / "fleet.yaml").write_text(json.dumps(FLEET))
    given = {
        "cluster": "prod",
        "fleet": str(tmp_path / "fleet.yaml"),
        "parts": '["workloads"]',
        "kubeconfig": KUBECONFIG,
    }
    for space in ("kaitops", "mine"):

        def run(space: str = space) -> None:
            assert pulumi.get_project() == "mine"
            declare()

        config = {f"{space}:{key}": value for key, value in given.items()}
        made = record(run, config=config, secret_config=(f"{space}:kubeconfig",), project="mine")
        assert made.one("pulumi:providers:kubernetes", "prod-objects").inputs["kubeconfig"] == KUBECONFIG


@pytest.mark.parametrize("outputs", [{}, {"kubeconfig": ""}, {"clusterName": "aks"}], ids=str)
def test_a_stack_without_a_cluster_is_refused_by_name(
    program: Program, monkeypatch: pytest.MonkeyPatch, outputs: dict[str, Any]
) -> None:
    handing(monkeypatch, outputs)
    with pytest.raises(Refused, match=r"kaitops:infraStack: org/kaitops/infra has no output kubeconfig"):
        program(parts=["platform"], infraStack="org/kaitops/infra")


class Unread(grpc.RpcError):
    """What the engine answers while it writes the state in place."""

    def code(self) -> grpc.StatusCode:
        return grpc.StatusCode.UNKNOWN

    def details(self) -> str:
        return "failed to load checkpoint: EOF"


def _phi(mode: str, name: str = "phi") -> dict[str, Any]:
    return {"models": {"models.phi": {"kind": "Workspace", "namespace": "models", "name": name, "mode": mode}}}


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [
        ("plain", _phi("operator"), "models.phi: runs in mode operator and is declared in mode plain"),
        ("operator", _phi("plain"), "models.phi: runs in mode plain and is declared in mode operator"),
        ("plain", _phi("plain"), ""),
        ("operator", _phi("operator"), ""),
        # Under another name the two do not meet, as after blueGreen.
        ("plain", _phi("operator", "phi-1a2b3c"), ""),
        ("plain", {}, ""),
    ],
)
def test_a_model_changes_its_mode_in_two_steps(
    record: Record, tmp_path: Path, now: str, before: dict[str, Any], said: str
) -> None:
    from kaitops.components.program import declare

    fleet = json.loads(json.dumps(FLEET))
    fleet["models"]["phi"]["mode"] = now
    (tmp_path / "fleet.yaml").write_text(json.dumps(fleet))
    config = {
        "kaitops:cluster": "prod",
        "kaitops:fleet": str(tmp_path / "fleet.yaml"),
        "kaitops:parts": '["workloads"]',
    }

    def run() -> Any:
        return record(
            lambda: declare() and None,
            config={**config, "kaitops:kubeconfig": KUBECONFIG},
            secret_config=("kaitops:kubeconfig",),
            calls={"pulumi:pulumi:readStackOutputs": {"outputs": before}},
        )

    if not said:
        assert len([one for one in run() if one.name == "prod-workloads/models/phi"]) >= 1
        return
    with pytest.raises(Refused, match=said) as refused:
        run()
    assert "take it out of the fleet, pulumi up" in str(refused.value)


def test_a_state_that_is_being_written_is_read_again_and_then_done_without(
    record: Record, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from kaitops.components import handover
    from kaitops.components.program import declare

    monkeypatch.setattr(handover, "_PAUSES", (0.0, 0.0, 0.0))
    (tmp_path / "fleet.yaml").write_text(json.dumps(FLEET))
    config = {
        "cluster": "prod",
        "fleet": str(tmp_path / "fleet.yaml"),
        "parts": '["workloads"]',
        "kubeconfig": KUBECONFIG,
    }
    asked: list[str] = []

    def run(failures: int, before: dict[str, Any]) -> None:
        asked.clear()

        def answer(_: Any) -> dict[str, Any]:
            asked.append("")
            if len(asked) <= failures:
                raise Unread
            return {"outputs": before}

        record(
            lambda: declare() and None,
            config={f"kaitops:{key}": value for key, value in config.items()},
            secret_config=("kaitops:kubeconfig",),
            calls={"pulumi:pulumi:readStackOutputs": answer},
        )

    with pytest.raises(Refused, match="runs in mode plain"):
        run(2, _phi("plain"))
    assert len(asked) == 3
    run(9, _phi("plain"))
    assert len(asked) == 3


@pytest.mark.parametrize(
    ("before", "settings", "said"),
    [
        ({"name": "old", "uid": "UID"}, {}, "set 'renamedFrom: old'"),
        ({"name": "old", "uid": "UID"}, {"renamedFrom": "older"}, "set 'renamedFrom: old'"),
        ({"name": "old", "uid": "UID"}, {"renamedFrom": "old"}, ""),
        ({"name": "old", "uid": "another cluster"}, {}, ""),
        ({"name": "prod", "uid": "UID"}, {}, ""),
        (None, {}, ""),
    ],
)
def test_a_cluster_with_another_name_is_refused_until_it_is_said_that_it_is_the_same(
    record: Record, tmp_path: Path, before: dict[str, str] | None, settings: dict[str, str], said: str
) -> None:
    from kaitops.components.program import declare

    (tmp_path / "fleet.yaml").write_text(json.dumps(FLEET))
    uid = guid("kube-system")
    held = {key: value.replace("UID", uid) for key, value in (before or {}).items()}
    config = {"cluster": "prod", "fleet": str(tmp_path / "fleet.yaml"), "parts": '["workloads"]', **settings}

    def run() -> Any:
        import pulumi

        def program() -> None:
            for name, value in declare().items():
                pulumi.export(name, value)

        return record(
            program,
            config={f"kaitops:{key}": value for key, value in {**config, "kubeconfig": KUBECONFIG}.items()},
            secret_config=("kaitops:kubeconfig",),
            calls={"pulumi:pulumi:readStackOutputs": {"outputs": {"reached": held} if held else {}}},
        )

    if said:
        with pytest.raises(Refused, match=said):
            run()
        return
    made = run()
    assert made.exports["reached"] == {"name": "prod", "uid": uid}
    assert "reached" not in made.secret_exports


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [
        (False, {"namespaces": ["models"]}, "namespaces: is false, and this stack made models, which would be deleted"),
        (False, {"namespaces": []}, ""),
        (False, {}, ""),
        ("keep", {"namespaces": ["models"]}, ""),
        (True, {"namespaces": ["models"]}, ""),
    ],
)
def test_namespaces_are_let_go_in_two_steps(
    record: Record, tmp_path: Path, now: Any, before: dict[str, Any], said: str
) -> None:
    from kaitops.components.program import declare

    (tmp_path / "fleet.yaml").write_text(json.dumps(FLEET))
    config = {
        "kaitops:cluster": "prod",
        "kaitops:fleet": str(tmp_path / "fleet.yaml"),
        "kaitops:parts": '["workloads"]',
        "kaitops:workloads": json.dumps({"namespaces": now}),
        "kaitops:kubeconfig": KUBECONFIG,
    }

    def program() -> None:
        for name, value in declare().items():
            pulumi.export(name, value)

    def run() -> Any:
        return record(
            program,
            config=config,
            secret_config=("kaitops:kubeconfig",),
            calls={"pulumi:pulumi:readStackOutputs": {"outputs": before}},
        )

    if said:
        with pytest.raises(Refused, match=said):
            run()
        return
    made = run()
    spaces = [one for one in made.of("kubernetes:core/v1:Namespace") if not one.read]
    assert bool(spaces) is bool(now)
    assert {one.retain_on_delete for one in spaces} <= {now == "keep"}
    assert made.exports.get("namespaces") == (["models"] if now is True else None)
