"""Values that only the controller of one cluster reads, in the form in which kubeseal writes them."""

import base64
from collections.abc import Iterator

from kaitops.documents.plain import Object

# Bytes of a key that the RSA key of a controller encrypted, by the size of that, and of the tag behind what it hides.
_KEYS, _TAG = (256, 384, 512, 1024), 16


def keys(data: Object) -> Iterator[str]:
    """The keys whose values have the form: the length of a key, the encrypted key, and what that encrypts.

    Args:
        data: ``spec.encryptedData`` of a SealedSecret.
    """
    for key, value in data.items():
        try:
            raw = base64.b64decode(str(value), validate=True)
        except ValueError:
            continue
        size = int.from_bytes(raw[:2])
        if size in _KEYS and len(raw) >= 2 + size + _TAG:
            yield key
