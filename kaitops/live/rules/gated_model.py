"""A model that the hub does not hand out."""

from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.view import View

_HUB = r"(hugging|hf\.co|hub|Request ID)"
_FROM_FLEET = "fleet.yaml: {entry}.secret: a Secret whose key HF_TOKEN holds a token that may read it"
_WAYS = (
    (
        r"awaiting a review",
        "its owners have not yet granted the access that was asked for",
        "wait for them, or take a model that is not gated ('kaitops fit --not-gated')",
    ),
    (
        r"has been rejected by the repo's authors",
        "its owners have refused the access that was asked for",
        "a token of an account that they let in, or a model that is not gated ('kaitops fit --not-gated')",
    ),
    (
        r"access token .*expired|Invalid user token|Invalid credentials in Authorization",
        "the token is expired or wrong",
        "a new token in the Secret that fleet.yaml names under {entry}.secret, then delete the pod",
    ),
    (
        r"fine-grained token settings",
        "the token's own settings do not let it read gated repositories",
        "the token's settings on the hub: read access to gated repositories that its account may read",
    ),
    (
        r"Illegal header value b'Bearer",
        "the token holds a line break or another character that is none of its own",
        "the Secret anew, without a line break behind the token: kubectl create secret generic NAME "
        "--from-literal=HF_TOKEN=...",
    ),
    (
        r"not in the authorized list|Access to model .* is restricted|(?<!private or )gated repo|GatedRepoError"
        r"|403 Client Error.*" + _HUB,
        "the model is gated, and the token's account has not accepted its licence, or there is no token",
        "accept the model's licence on the hub with the account of the token",
    ),
    (
        r"401 Client Error.*" + _HUB,
        "it wants a token, and gets none that it knows",
        _FROM_FLEET,
    ),
    (
        r"Repository ?Not ?Found|is not a valid model identifier|404 Client Error.*/api/models/\S+$",
        "there is no such repository, or it is private and the token may not see it",
        "fleet.yaml: {entry}.preset or custom.huggingFace: the repository's name as the hub spells it",
    ),
)


def _find(view: View) -> Said | None:
    return signs.by_ways(view, _WAYS, "the hub does not hand out the weights", _FROM_FLEET)


RULE = Rule(
    "gated-model",
    "weights",
    "degraded",
    "the hub refuses the weights: gated or private model, wrong token",
    "the server ends on every start",
    _find,
)
