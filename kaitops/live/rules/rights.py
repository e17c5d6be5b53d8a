"""The identity that makes machines lacks rights."""

from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.view import View


def _find(view: View) -> Said | None:
    remedy = (
        "give the provisioner's identity its roles on the nodes' group ('az role assignment list --assignee ID')",
        "docs/infrastructure.md names the identities and roles of each provisioner",
    )
    return signs.by_launch(
        view,
        (),
        r"AuthorizationFailed|does not have authorization|forbidden|LinkedAuthorizationFailed|AADSTS\d+"
        r"|Credential authentication failed",
        "no machine, the provisioner lacks rights",
        *remedy,
    )


RULE = Rule(
    "rights",
    "machine",
    "degraded",
    "the identity that makes machines lacks rights",
    "no machine is made until it has them",
    _find,
)
