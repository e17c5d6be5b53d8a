"""The time zones that the programs of a cluster know: KEDA, KAITO and Kubernetes all carry the IANA database.

Names are facts of ours and not the machine's: a small image has none, and another machine has others.
"""

from functools import cache

from kaitops.errors import nearest
from kaitops.kaito import facts


@cache
def known() -> frozenset[str]:
    """Every name."""
    zones: dict[str, str] = facts.load(".", "timezones.json")["zones"]
    return frozenset(f"{area}/{name}" if area else name for area, names in zones.items() for name in names.split())


def alike(name: str) -> list[str]:
    """Known names that look like one that is unknown, best first."""
    folded = {one.lower(): one for one in known()}
    # People write the city alone, blanks for underscores, or no capital letters.
    plain = name.lower().replace(" ", "_")
    cities = [one for key, one in sorted(folded.items()) if key.rpartition("/")[2] == plain]
    close = [folded[one] for one in nearest(plain, folded, 3, 0.75)]
    same = [folded[plain]] if plain in folded else []
    found = [*same, *cities, *close]
    return list(dict.fromkeys(found))[:3]
