"""Which references some object can meet at all: those whose name is legal."""

from collections.abc import Sequence

from kaitops.gate.checks import REFERENCE
from kaitops.gate.objects import Item
from kaitops.kaito.admission.dns_names import subdomain_problems
from kaitops.kaito.anatomy import GROUP
from kaitops.references import Reference
from kaitops.report.findings import Report


def legal(item: Item, referred: Sequence[Reference], report: Report) -> list[Reference]:
    """The references that an object can have the name of; each other one is told.

    Of Kubernetes' own kinds their schema says the same.
    """
    if not item.data["apiVersion"].startswith(GROUP):
        return list(referred)
    found: list[Reference] = []
    for one in referred:
        if subdomain_problems(one.name):
            text = (
                f"{'.'.join(map(str, one.path))} can be no {one.kind}'s name, which has lower case letters, digits, "
                "'-' and '.' and at most 253 signs, so it is never found; write the name of one"
            )
            report.findings.append(item.finding(REFERENCE, one.path, text))
        else:
            found.append(one)
    return found
