"""A preset that KAITO does not have."""

from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.view import View


def _find(view: View) -> Said | None:
    return signs.by_error(
        view,
        r"model is not registered|unknown preset|preset .*not (found|supported)",
        "KAITO does not know the model: {error}",
        "kaitops catalogue",
        f"fleet.yaml: {view.entry}.preset: take a name of the catalogue, or ORGANISATION/NAME of Hugging Face",
    )


RULE = Rule(
    "unknown-preset",
    "configuration",
    "degraded",
    "the preset is not in KAITO's catalogue",
    "it can never work as it stands",
    _find,
)
