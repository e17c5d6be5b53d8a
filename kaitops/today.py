"""The day that exemptions, prices and retirements are judged by, and the moment that a cluster is looked at.

Owns the only looks at the clock: a day that is given, else that of the environment, else the clock's. What runs is
looked at now, whatever day the rest is judged by.
"""

import os
from datetime import UTC, date, datetime

from kaitops.errors import BadInput

VARIABLE = "KAITOPS_TODAY"


def today(given: str | None = None, name: str = "--today") -> date:
    """The day, ISO in all of its sources.

    Args:
        given: by the caller; None where nothing is.
        name: how messages call what was given.

    Raises:
        BadInput: it is not a day.
    """
    text, source = (given, name) if given is not None else (os.environ.get(VARIABLE), VARIABLE)
    if not text and given is None:
        return date.today()
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        raise BadInput(f"{source}: {text!r} is not a day; write it as YYYY-MM-DD") from None


def now() -> datetime:
    """This moment."""
    return datetime.now(UTC)
