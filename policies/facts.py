"""The context of an engine, with the facts of a KAITO version in it.

The one place of this room that knows where facts come from. Rules never import it: they get what it makes.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from kaitops.kaito import facts
from kaitops.kaito.release import Release
from policies.rule import Config, Context, Document


def context(
    version: str,
    today: date,
    *,
    settings: Mapping[str, Any] | None = None,
    config: Config | None = None,
    environment: str | None = None,
    objects: Sequence[Document] = (),
    complete: bool = False,
) -> Context:
    """A context for one KAITO version; the environment is the configuration's where none is given.

    Raises:
        BadInput: the version is not known.
    """
    chosen = config or Config()
    return Context(
        release=Release.load(version),
        today=today,
        settings=settings or {},
        config=chosen,
        environment=environment or chosen.environment,
        sizes=facts.load("prices", "azure-sizes.json")["sizes"],
        objects=objects,
        complete=complete,
    )
