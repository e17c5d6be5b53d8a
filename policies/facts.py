"""The context of an engine, with the facts of a KAITO version in it.

The one place of this room that knows where facts come from. Rules never import it: they get what it makes.
"""

from collections.abc import Sequence
from datetime import date

from kaitops.documents.plain import Object
from kaitops.kaito import facts
from kaitops.kaito.release import Release
from kaitops.policies.rule import Config, Context, Document
from kaitops.prices import offers


def context(
    release: Release | str,
    today: date,
    *,
    settings: Object | None = None,
    config: Config | None = None,
    environment: str | None = None,
    objects: Sequence[Document] = (),
    complete: bool = False,
    region: str = "",
) -> Context:
    """A context for one KAITO release, by version or loaded; without an environment it is the configuration's.

    Raises:
        BadInput: the version is not known.
    """
    chosen = config or Config()
    return Context(
        release=Release.load(release) if isinstance(release, str) else release,
        today=today,
        settings=settings or {},
        config=chosen,
        environment=environment or chosen.environment,
        sizes=facts.load("prices", "azure-sizes.json")["sizes"],
        objects=objects,
        complete=complete,
        region=region,
        offers=offers((settings or {}).get("cloud") or "azure") if region else {},
    )
