"""Resource quantities as the API server gives them back.

Source of the rules: k8s.io/apimachinery ``pkg/api/resource``. Adds the memory of how a quantity was written to
:mod:`kaitops.kaito.kubernetes.quantity`, which decides the suffix.
"""

import re
from functools import lru_cache

from kaitops.kaito.kubernetes import quantity

_EXPONENT = re.compile(r"[eE][+-]?\d+\Z")


@lru_cache(maxsize=1024)
def canonical(text: str) -> str:
    """The canonical text of a quantity: ``1024Gi`` is ``1Ti``, ``0.5`` is ``500m``, ``1000e0`` is ``1e3``.

    Raises:
        ValueError: the text is not a quantity.
    """
    amount = quantity.parse(text)
    if _EXPONENT.search(text) and amount.denominator == 1 and amount:
        whole, exponent = int(amount), 0
        while whole % 1000 == 0:
            whole, exponent = whole // 1000, exponent + 3
        return f"{whole}e{exponent}" if exponent else str(whole)
    return quantity.canonical(amount, binary=text.endswith("i"))
