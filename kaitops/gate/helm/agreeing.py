"""Whether a release of KAITO's chart says of its controllers what a context file or a fleet says of them."""

from collections.abc import Iterator

from kaitops.documents.plain import MutableObject, Object, Path, mapping
from kaitops.errors import KaitopsError
from kaitops.gate.fleets import Fleets
from kaitops.gate.helm.meaning import Meaning
from kaitops.kaito.settings import Settings

# What a context file says; the rest of the values it leaves to the chart.
_SAID = {"cloud": "cloud", "nodeProvisioner": "provisioner", "registry": "registry",
         "nvmeStorageClass": "nvme_storage_class"}  # fmt: skip


def differing(meaning: Meaning, other: Object, version: str) -> Iterator[tuple[Path, str]]:
    """What the release says otherwise than other settings do, each with its place.

    Args:
        version: of KAITO, which says how a gate stands that nobody sets.
    """
    unknown = {name for _, names in meaning.unknown.values() for name in names}
    here, there = Settings.from_dict(meaning.settings, version), Settings.from_dict(other, version)
    for setting, name in _SAID.items():
        mine, theirs = getattr(here, name), getattr(there, name)
        if setting in meaning.asked and mine != theirs and not (setting not in meaning.places and unknown):
            yield meaning.places.get(setting, ()), f"{setting} {_shown(mine)} and not {_shown(theirs)}"
    for gate, mine in here.gates.items() if "featureGates" in meaning.asked else ():
        # Which follows the provisioner, whatever anybody says.
        if gate == "disableNodeAutoProvisioning" or (gate not in meaning.places and unknown):
            continue
        theirs = there.gates[gate]
        if mine != theirs:
            yield meaning.places.get(gate, ()), f"feature gate {gate} {_shown(mine)} and not {_shown(theirs)}"
    if other.get("nodeClasses") and meaning.settings.get("nodeClasses", other["nodeClasses"]) != other["nodeClasses"]:
        mine = ", ".join(meaning.settings["nodeClasses"])
        yield meaning.places["nodeClasses"], f"node classes {mine} and not {', '.join(other['nodeClasses'])}"


def further(meaning: Meaning, context: Object) -> MutableObject:
    """What the release says and a context file leaves open."""
    left = {*_SAID, "featureGates"}
    return {key: value for key, value in meaning.settings.items() if key not in left and key not in context}


def against_fleet(meaning: Meaning, version: str, name: str, read: Fleets) -> list[tuple[Path, str]]:
    """What the release says otherwise than the fleet beside it, of whichever of its clusters it is nearest to."""
    from kaitops.fleet import shape
    from kaitops.fleet.clusters import filled, kinds_of
    from kaitops.fleet.controllers import controller_settings

    try:
        fleet = read.read(name)
    except KaitopsError:
        return []  # a file of another program's, or one that the render check tells of
    if fleet.data["kaito"] != version:
        return [((), f"KAITO {version}, and {name} says {fleet.data['kaito']}")]
    best: list[tuple[Path, str]] | None = None
    for cluster, declared in mapping(fleet.data["clusters"]).items():
        whole = filled(shape.load(), declared)
        settings = controller_settings(version, whole, kinds_of(fleet.data, cluster))
        found = [
            (path, f"{text}, as {name} says of cluster {cluster}")
            for path, text in differing(meaning, settings, version)
        ]
        if best is None or len(found) < len(best):
            best = found
    return best or []


def _shown(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
