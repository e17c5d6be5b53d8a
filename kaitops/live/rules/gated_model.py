"""A model that the hub does not hand out."""

from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.view import View

_PATTERN = (
    r"gated repo|GatedRepoError|is not in the authorized list|Access to model .* is restricted|Invalid user token"
    r"|40[13] Client Error.*(hugging|hf\.co|hub)|Repository Not Found|RepositoryNotFoundError"
)


def _find(view: View) -> Said | None:
    return signs.by_crash(
        view,
        _PATTERN,
        "the hub does not hand out the weights: the model is gated, private or not there for this token",
        "accept the model's licence on the hub with the account of the token",
        f"fleet.yaml: models.{view.name}.secret: a Secret whose key HF_TOKEN holds a token that may read it",
    )


RULE = Rule(
    "gated-model",
    "weights",
    "degraded",
    "the hub refuses the weights: gated or private model, wrong token",
    "the server ends on every start",
    _find,
)
