"""Names of what vLLM counts: which known one was meant by one that differs by a slip.

Releases add names, so one that is like no other is taken as it is.
"""

import re

from kaitops.documents.plain import Object
from kaitops.errors import nearest
from kaitops.kaito import facts

_LIKE = 0.9


def meant(name: str) -> str:
    """The known metric that a name is a slip of; empty for a known one, and for what is like none."""
    held: Object = facts.load(".", "vllm-metrics.json")
    prefix = held["prefix"]
    if not name.startswith(prefix) or name.count(":") > 1:  # a rule that somebody records has marks of its own
        return ""
    end = re.search(rf"({'|'.join(held['ends'])})?$", name)
    bare = name[len(prefix) : end.start() if end else None]
    if bare in held["names"] or name[len(prefix) :] in held["names"]:
        return ""
    near = nearest(bare, held["names"], cutoff=_LIKE)
    return f"{prefix}{near[0]}{end[0] if end else ''}" if near else ""
