"""The catalogue as JSON, for programs: nothing packed, each number where it belongs."""

from kaitops.catalogue.collecting import Catalogue, Cell, Size
from kaitops.catalogue.entry import command, entry
from kaitops.catalogue.facts import FACTS
from kaitops.documents.plain import MutableObject
from kaitops.kaito.preset import Preset


def twin(catalogue: Catalogue) -> MutableObject:
    """The same models, sizes, cells and prices as the page's."""
    return {
        "kaito": catalogue.version,
        "contexts": list(catalogue.contexts),
        "currency": "USD",
        "models": [_model(catalogue, preset) for preset in catalogue.presets],
        "clouds": {cloud: [_size(size) for size in sizes] for cloud, sizes in catalogue.clouds.items()},
    }


def _model(catalogue: Catalogue, preset: Preset) -> MutableObject:
    return {
        "name": preset.title,
        "aliases": list(preset.aliases),
        **{fact.key: fact.value(preset) for fact in FACTS},
        "revision": preset.revision,
        "entry": entry(preset),
        "command": command(preset),
        "fits": {
            cloud: {
                size.sku.name: {
                    str(tokens): _cell(cell)
                    for tokens, cell in zip(catalogue.contexts, size.cells[preset.title], strict=True)
                }
                for size in sizes
            }
            for cloud, sizes in catalogue.clouds.items()
        },
    }


def _cell(cell: Cell) -> MutableObject:
    return {"nodes": cell.nodes, "max_context": cell.max_context} if cell.nodes else {"why_not": cell.why_not}


def _size(size: Size) -> MutableObject:
    return {
        "size": size.sku.name,
        "gpus": size.sku.gpus,
        "gpu": size.sku.model,
        "gpu_gib": size.sku.memory_gib,
        "vcpus": size.vcpus,
        "quota_family": size.family,
        "retires": dict(size.retires),
        "successor": size.successor,
        "prices": {
            region: {
                "usd_per_hour": one.on_demand,
                "spot_usd_per_hour": one.spot,
                "date": one.date,
                "source": one.source,
            }
            for region, one in size.prices.items()
        },
    }
