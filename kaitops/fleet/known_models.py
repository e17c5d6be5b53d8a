"""Models as people name them: found in the catalogue, or refused with the reason and the names near by."""

from kaitops.errors import BadInput
from kaitops.kaito.preset import Preset
from kaitops.kaito.release import Release


def known(release: Release, name: str, path: tuple[str, ...] = ()) -> Preset:
    """The model of a name.

    Args:
        path: of the key that names it.

    Raises:
        BadInput: KAITO does not serve it, or nobody knows it.
    """
    catalogue = release.catalogue
    preset = catalogue.find(name)
    if preset is not None:
        return preset
    if reason := catalogue.why_not(name):
        raise BadInput(f"KAITO refuses {name}: {reason}", path)
    if name.lower() in catalogue.withdrawn:
        raise BadInput(f"{name} is no longer served by KAITO {release.version}; choose another model", path)
    near = catalogue.nearest(name)
    hint = f"nearest: {', '.join(near)}" if near else "'kaitops catalogue' lists them"
    record = f"; 'kaitops preset record {name}' makes any Hugging Face model known" if "/" in name else ""
    raise BadInput(f"no model {name!r} in the catalogue of KAITO {release.version}; {hint}{record}", path)
