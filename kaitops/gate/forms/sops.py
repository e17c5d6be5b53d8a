"""Secrets that SOPS has encrypted: their form, and what a cluster gets of them as far as it can be known.

Whoever applies them (Flux, helm-secrets, a plugin of Argo CD) decrypts first and drops ``sops``. The keys are in the
clear, the values are not, so the keys count and the values are taken for unknown.
"""

import re
from collections.abc import Iterator

from kaitops.documents.plain import MutableObject, Object, Path, mapping
from kaitops.gate.forms import wellformed

_SIGNS = "[A-Za-z0-9+/]+={0,2}"
_VALUE = re.compile(rf"ENC\[AES256_GCM,data:{_SIGNS},iv:{_SIGNS},tag:{_SIGNS},type:(str|int|float|bool|bytes)\]")
_PARTS = ("data", "stringData")

HIDDEN = (
    "is encrypted by SOPS and is no Secret, so nothing can judge what the cluster gets of it; keep it in the clear, "
    "and what is secret of it in a Secret that sops encrypts"
)
Problem = tuple[Path, str]


def read(document: Object) -> tuple[list[Problem], Object]:
    """What is wrong with the form of an object that has ``sops``, and the object as the cluster gets it."""
    if not is_encrypted(document):
        return wellformed.problems(document), document
    wrong = list(problems(document))
    return wrong or wellformed.problems(decrypted(document, "")), decrypted(document, None)


def is_encrypted(document: Object) -> bool:
    """Whether SOPS has been at the object: a Secret with what SOPS adds."""
    return "sops" in document and document["kind"] == "Secret" and document["apiVersion"] == "v1"


def is_hidden(document: Object) -> bool:
    """Whether SOPS has been at an object that is no Secret, or whose kind is encrypted as well."""
    mac = mapping(document["sops"]).get("mac")
    return not is_encrypted(document) and isinstance(mac, str) and _VALUE.fullmatch(mac) is not None


def problems(document: Object) -> Iterator[Problem]:
    """Where it is not encrypted as a whole; the messages hold no value."""
    mac = mapping(document["sops"]).get("mac")
    if not isinstance(mac, str) or not _VALUE.fullmatch(mac):
        yield (
            ("sops",),
            "has no mac of SOPS's, so nothing shows that the file was encrypted and SOPS refuses to decrypt it; "
            "encrypt it anew by sops --encrypt --in-place, and rotate what was readable",
        )
    for part in _PARTS:
        for key, value in mapping(document.get(part)).items():
            # SOPS leaves what is empty as it is.
            if value not in (None, "") and not (isinstance(value, str) and _VALUE.fullmatch(value)):
                yield (
                    (part, key),
                    "stands in the clear in a file of SOPS, which everyone who reads the files can read; encrypt it by "
                    "sops --encrypt --in-place with encrypted_regex ^(data|stringData)$, and rotate what was there",
                )


def decrypted(document: Object, value: str | None) -> MutableObject:
    """The object as the cluster gets it, with its keys, each with the same stand-in for the value."""
    left = {key: held for key, held in document.items() if key != "sops"}
    return left | {
        part: dict.fromkeys(mapping(left[part]), value) for part in _PARTS if isinstance(left.get(part), dict)
    }
