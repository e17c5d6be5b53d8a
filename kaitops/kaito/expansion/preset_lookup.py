"""The preset behind a name, or KAITO's reason why there is none.

Source: ``GetModelByName`` in ``presets/workspace/models/vllm_model.go`` of KAITO. The catalogue itself is
:mod:`kaitops.kaito.catalogue`.
"""

from kaitops.kaito.expansion.world import Refused, World
from kaitops.kaito.huggingface import unreachable
from kaitops.kaito.preset import Preset


def preset_of(world: World, name: str) -> Preset:
    """Find a preset.

    Raises:
        Refused: the name is neither in the catalogue nor recorded; an uncatalogued model would have to be looked up
            on the network, which an expansion never does.
    """
    catalogue = world.release.catalogue
    preset = catalogue.find(name)
    if preset is not None:
        return preset
    repo = catalogue.resolve(name)
    if "/" not in repo:
        raise Refused(f"model is not registered: {repo}")
    raise Refused(catalogue.why_not(name) or unreachable(repo))
