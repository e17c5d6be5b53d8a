"""Label selectors: what KAITO can turn into plain labels."""

from kaitops.documents.plain import Object
from kaitops.kaito.golang.quote import quote


def as_labels(selector: Object | None) -> dict[str, str] | None:
    """The labels that a selector asks for; None where there is no selector.

    Raises:
        ValueError: an expression has no such form; the message is Kubernetes'.
    """
    if selector is None:
        return None
    labels: dict[str, str] = dict(selector.get("matchLabels") or ())
    for expression in selector.get("matchExpressions") or ():
        operator, values = expression["operator"], expression.get("values") or ()
        if operator == "In":
            if len(values) != 1:
                raise ValueError(
                    'operator "In" without a single value cannot be converted into the old label selector format'
                )
            labels[expression["key"]] = values[0]
        elif operator in ("NotIn", "Exists", "DoesNotExist"):
            raise ValueError(f'operator "{operator}" cannot be converted into the old label selector format')
        else:
            raise ValueError(f"{quote(operator)} is not a valid selector operator")
    return labels
