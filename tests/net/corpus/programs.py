"""The Pulumi program under mocks: what it registers for each provisioner and each split into parts."""

import json
import runpy
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from tests.net import surface
from tests.net.case import Batch, Case, call, kaitops

PROVISIONERS = ("karpenter", "byo", "azure-gpu-provisioner", "aks-addon")
SPLITS = (("infra", "platform", "workloads"), ("infra",), ("platform",), ("workloads",), ("platform", "workloads"))
_ADMIN = "11111111-1111-1111-1111-111111111111"
_KUBECONFIG = "apiVersion: v1\nkind: Config\n"


def batches() -> Iterator[Batch]:
    """Cases in batches: each program in a process of its own, since the SDK keeps state."""
    for provisioner in PROVISIONERS:
        splits = tuple(call("+".join(parts), by=partial(_split, provisioner, parts)) for parts in SPLITS)
        yield Batch((Case(f"pulumi/program-{provisioner}", splits),), 9)
        yield Batch((Case(f"pulumi/stack-{provisioner}", (call("infra", by=partial(_stack, provisioner)),)),), 4)
    yield Batch(
        (
            Case(
                "pulumi/typed",
                (call("every kind", by=_typed), call("preview", by=partial(_typed, True)), call("fleet", by=_fleet)),
            ),
        ),
        4,
    )
    project = {
        path.name: path.read_bytes() for path in sorted((surface.ROOT / "tests/components/arm_project").glob("*.*"))
    }
    words = ("arm", "--stack", "dev", "--config", "password=x")
    yield Batch((Case("pulumi/template", (kaitops(*words), kaitops(*words, "--out", "infra.json")), project),), 5)
    yield Batch(
        (Case("pulumi/refused", tuple(call(name, by=partial(_refused, given)) for name, given in _BAD.items())),), 3
    )


_BAD: dict[str, dict[str, Any]] = {
    "no cluster": {"cluster": "nowhere"},
    "unknown part": {"parts": ["all"]},
    "no kubeconfig": {"parts": ["workloads"]},
    "unknown setting": {"infra": {"entraAdmin": [_ADMIN]}},
    "an odd size": {"infra": {"entraAdmins": [_ADMIN], "systemPool": {"size": "Standard_Nope"}}},
    "no address": {"infra": {"entraAdmins": [_ADMIN], "network": {"outbound": "userDefinedRouting"}}},
}


def _split(provisioner: str, parts: tuple[str, ...]) -> str:
    from tests.components.states.programs import programs

    held = programs()[provisioner]
    infra = {"entraAdmins": [_ADMIN], **held["infra"]}
    return _program(
        held["fleet"], parts=list(parts), infra=infra, **({} if "infra" in parts else {"kubeconfig": _KUBECONFIG})
    )


def _program(fleet: dict[str, Any], **given: Any) -> str:
    """The program of the repository with a fleet and a configuration."""
    with tempfile.TemporaryDirectory(dir=".") as folder:
        path = Path(folder) / "fleet.yaml"
        path.write_text(json.dumps(fleet))
        # The same name in each run: it may be told.
        path = path.rename("fleet.yaml")
    try:
        config = {"cluster": "prod", "fleet": str(path), **given}
        text = {f"kaitops:{key}": held if isinstance(held, str) else json.dumps(held) for key, held in config.items()}
        secret = ("kaitops:kubeconfig",)
        return _recorded(lambda: runpy.run_path(str(surface.PROGRAM)), config=text, secret_config=secret)
    finally:
        path.unlink()


def _refused(given: dict[str, Any]) -> str:
    from tests.components.states.programs import fleet

    try:
        return _program(fleet("karpenter"), **{"infra": {"entraAdmins": [_ADMIN]}, **given})
    except Exception as error:
        return f"refused: {error}\n"


def _stack(provisioner: str) -> str:
    from tests.components import stacks

    return _text(stacks.stack(provisioner))


def _typed(preview: bool = False) -> str:
    from tests.components.user_program.program import program

    return _recorded(program, preview=preview)


def _fleet() -> str:
    from tests.components.user_program.program import fleet

    return _recorded(lambda: fleet(str(surface.ROOT / "fleet.yaml")))


def _recorded(program: Callable[[], Any], **more: Any) -> str:
    from tests.components import recorder

    return _text(recorder.run(program, **more))


def _text(made: Any) -> str:
    """A recording as text: every resource as it was handed to the engine.

    In which order the SDK comes to resources, and names what each waits for, follows the hash seed; what waits for what
    does not. So both are sorted. On which line a program of ours declares one is left out: any edit moves it.
    """
    resources = [_sorted({**asdict(one), "line": None}) for one in made.resources]
    calls = [[token, given] for token, given in made.calls]
    return surface.plain({
        "resources": sorted(resources, key=lambda one: (one["urn"], surface.plain(one))), "exports": made.exports,
        "secretExports": made.secret_exports, "calls": sorted(calls, key=surface.plain),
    })  # fmt: skip


def _sorted(resource: dict[str, Any]) -> dict[str, Any]:
    waits = {key: sorted(urns) for key, urns in resource["property_dependencies"].items()}
    return resource | {"depends_on": sorted(resource["depends_on"]), "property_dependencies": waits}
