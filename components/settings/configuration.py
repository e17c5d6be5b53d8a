"""The stack configuration as a whole: which parts a stack declares, and where each finds what it stands on.

Owns the keys and their types, as ``Pulumi.yaml`` declares them, and that a key nobody knows is refused. Everything is
read and held together before the first resource is registered.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from kaitops.components.settings import refused
from kaitops.components.settings.infra import InfraSettings
from kaitops.components.settings.platform import PlatformSettings, problems
from kaitops.components.settings.values import Section
from kaitops.documents.plain import MutableObject
from kaitops.errors import BadInput

PARTS = ("infra", "platform", "workloads")
_STRUCTURED = {"parts", "infra", "platform", "workloads"}


class WorkloadSettings(Section):
    """The ``workloads`` stack: what the fleet declares for the cluster."""

    await_ready: bool = False
    """Wait until every model serves; half an hour and more."""
    namespaces: bool | Literal["keep"] = True
    """Make the namespaces too; with ``keep`` they stay in the cluster when the stack no longer has them."""
    blue_green: bool = False
    """Where KAITO does not let a field change, make the new object under another name before the old one goes."""
    silence_seconds: int = Field(default=30, ge=5, le=3600)
    """With awaitReady: how long a cluster may leave questions unanswered before the ``up`` is ended; needs kubectl."""


class ProgramSettings(Section):
    """Every key of the stack configuration."""

    fleet: str = "fleet.yaml"
    """The declaration."""
    cluster: str
    """Name of the cluster in it."""
    parts: list[Literal["infra", "platform", "workloads"]] = Field(default=["infra", "platform", "workloads"])
    """What this stack declares."""
    infra: InfraSettings = InfraSettings()
    """Settings of the infrastructure."""
    platform: PlatformSettings = PlatformSettings()
    """Settings of the controllers."""
    workloads: WorkloadSettings = WorkloadSettings()
    """Settings of the workloads."""
    renamed_from: str | None = None
    """Name that the cluster had in the fleet before; what was made under it is taken over."""
    infra_stack: str | None = None
    """Stack that holds the infrastructure, where this one does not: organisation/project/stack."""


@dataclass(frozen=True, slots=True)
class Given:
    """What the engine handed over.

    Attributes:
        values: configuration of the project by key, as text.
        has_kubeconfig: ``kubeconfig`` is there.
        in_clear: and it is no secret.
    """

    values: Mapping[str, str]
    has_kubeconfig: bool = False
    in_clear: bool = False


def read(given: Given) -> ProgramSettings:
    """The settings of a stack.

    Raises:
        BadInput: a key is unknown, a value has the wrong form, or a part has nothing to stand on.
    """
    if given.in_clear:
        raise BadInput(
            "kaitops:kubeconfig: lies in the stack's file in clear, so whoever reads the file owns the cluster; renew "
            "the credentials, and set them with 'pulumi config set --secret kubeconfig'"
        )
    plain: MutableObject = {}
    for key, text in given.values.items():
        # The project file's default for what a stack does not say is the empty text.
        if key != "kubeconfig" and text:
            plain[key] = _value(key, text)
    infra: Any = plain.get("infra", {})
    if isinstance(infra, dict):
        plain["infra"] = InfraSettings.read(infra)  # pyright: ignore[reportUnknownArgumentType] - it lists all at once
    try:
        settings = ProgramSettings.model_validate(plain)
    except ValidationError as error:
        told = refused.lines(error, ProgramSettings, "kaitops:", " and the secret kubeconfig")
        raise BadInput("\n".join(told)) from None
    _stand(settings, given.has_kubeconfig)
    return settings


def _value(key: str, text: str) -> Any:
    if key not in _STRUCTURED:
        return text
    try:
        return json.loads(text)
    except ValueError:
        what = "list" if key == "parts" else "mapping"
        raise BadInput(
            f"kaitops:{key}: is the text {text!r} and not a {what}, so it says nothing; set it with "
            f"'pulumi config set --path' or in the stack's file"
        ) from None


def _stand(settings: ProgramSettings, has_kubeconfig: bool) -> None:
    if not settings.parts:
        raise BadInput(f"kaitops:parts: is empty, so the stack would declare nothing; name some of {', '.join(PARTS)}")
    if len(set(settings.parts)) != len(settings.parts):
        raise BadInput("kaitops:parts: names a part twice; name each once")
    reaches = "infra" in settings.parts or has_kubeconfig or settings.infra_stack is not None
    if not reaches and settings.infra.existing is None:
        raise BadInput(
            f"kaitops:kubeconfig: missing, and neither the part infra nor kaitops:infraStack is there, so "
            f"{' and '.join(settings.parts)} cannot reach a cluster; set the secret with 'pulumi config set --secret "
            "kubeconfig', or name the stack that made the cluster"
        )
    if not reaches and settings.infra.existing is not None:
        settings.infra.existing.read_kubeconfig()
    if settings.platform.charts is not None and not Path(settings.platform.charts).is_dir():
        raise BadInput(
            f"kaitops:platform.charts: {settings.platform.charts} is no folder, so no chart can be installed from it; "
            "put the archives there, or leave the key out"
        )
    if "platform" in settings.parts:
        told = list(problems(settings.platform, settings.infra if "infra" in settings.parts else None))
        if told:
            raise BadInput("\n".join(f"kaitops:{line}" for line in told))
