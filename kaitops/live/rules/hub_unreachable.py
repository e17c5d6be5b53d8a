"""A model on Hugging Face that KAITO's controller cannot read the description of."""

from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.view import View


def _find(view: View) -> Said | None:
    return signs.by_error(
        view,
        r"hugging ?face|hub\.example|hf\.co|resolve/|failed to (fetch|download|get) .*(config|model|repo)"
        r"|generate preset|dial tcp|unexpected status code|no such host",
        "KAITO cannot read the model's description: {error}",
        "kaitops preset record ORGANISATION/NAME (tells whether the model is there and readable with HF_TOKEN)",
        "let KAITO's controller reach the hub, or give the Secret of a token that may read the model",
    )


RULE = Rule(
    "hub-unreachable",
    "configuration",
    "degraded",
    "the controller cannot read the model's description from the hub",
    "KAITO cannot size the model, so nothing starts",
    _find,
)
