"""Feature gates and the node provisioner: what another version makes of the settings that the controllers run with."""

from collections.abc import Iterator, Sequence

from kaitops.documents.plain import MutableObject, Object, mapping
from kaitops.kaito.release import Release
from kaitops.upgrade.impacts import CHANGED, NOTE, REFUSED, Impact
from kaitops.upgrade.objects import Subject


def impacts(source: Release, target: Release, settings: Object) -> Iterator[Impact]:
    """What concerns the installation as a whole."""
    given = mapping(settings.get("featureGates"))
    before, after = source.facts["gates"], target.facts["gates"]
    for gate in given:
        if gate not in after:
            message = f"KAITO {target.version} has no feature gate {gate}, and its operator stops at start-up on it"
            fix = f"remove featureGates.{gate} from the chart's values"
            yield Impact(REFUSED, "gate", None, ("featureGates", gate), message, fix)
    for gate, default in after.items():
        if gate in before and gate not in given and before[gate] != default:
            state = "on" if default else "off"
            message = (
                f"the feature gate {gate} is {state} by default in {target.version}, and was not in {source.version}"
            )
            fix = f"set featureGates.{gate} to {str(before[gate]).lower()} to stay as it was"
            yield Impact(CHANGED, "gate", None, ("featureGates", gate), message, fix)
    for gate in sorted(set(before) - set(after) - set(given)):
        message = f"the feature gate {gate} of {source.version} is not known to {target.version}"
        fix = f"make sure that no values file sets featureGates.{gate}: the operator would stop at start-up"
        yield Impact(NOTE, "gate", None, ("featureGates", gate), message, fix)
    provisioner = settings.get("nodeProvisioner")
    if provisioner and provisioner not in target.facts["provisioners"]:
        message = f"KAITO {target.version} cannot run with the node provisioner {provisioner}"
        fix = f"choose one of {', '.join(target.facts['provisioners'])}"
        yield Impact(REFUSED, "gate", None, ("nodeProvisioner",), message, fix)
    images = [str(release.facts["images"].get("base", "")) for release in (source, target)]
    if images[0] != images[1]:
        message = (
            f"new workloads run {images[1].rpartition('/')[2]} instead of {images[0].rpartition('/')[2]}; those that "
            "run keep their image until they are made anew"
        )
        yield Impact(
            NOTE, "gate", None, (), message, "mirror the image first where nodes pull from a registry of yours"
        )


def settings_for(settings: Object, target: Release, subjects: Sequence[Subject]) -> MutableObject:
    """The settings as the target takes them: gates that it does not know left out, those of the kinds at hand on.

    That a kind's gate is off is said once, by the check of the API; here the object itself is judged.
    """
    gates = {gate: on for gate, on in mapping(settings.get("featureGates")).items() if gate in target.facts["gates"]}
    for subject in subjects:
        if gate := target.facts["gated_kinds"].get(subject.kind):
            gates[gate] = True
    return {**settings, "featureGates": gates}
