"""Whether an object may take over from another under a new name: nothing else may know it by its old one.

Owns the search. Services follow the names of KAITO's objects, so whatever names one, as a host, a label or a target,
would still lead to the old one, which goes.
"""

import json
import re
from collections.abc import Iterator, Sequence

from kaitops.api import is_kaito
from kaitops.components.resources.declaration import Declared
from kaitops.documents.plain import Object
from kaitops.fleet.workload import Workload


def problems(declared: Declared, workloads: Sequence[Workload]) -> Iterator[str]:
    """A line for each object of KAITO's that something else of the cluster goes by the name of."""
    rendered = {f"{each.group}.{each.name}": declared.rendered(each) for each in workloads}
    content = [
        (where, document, json.dumps({key: value for key, value in document.items() if key != "metadata"}))
        for where, documents in rendered.items()
        for document in documents
    ]
    for where, documents in rendered.items():
        main = documents[-1]
        if not is_kaito(main["apiVersion"], main["kind"]):
            continue
        name = main["metadata"]["name"]
        word = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])")
        for other, document, text in content:
            if document is not main and word.search(text):
                yield (
                    f"kaitops:workloads.blueGreen: {_said(document)} of {other} goes by the name {name} of {where}, "
                    "and a successor has another one, so it would lead to nothing; leave blueGreen out, or take what "
                    "names it out of the fleet"
                )
                break


def _said(document: Object) -> str:
    return f"{document['kind']} {document['metadata']['name']}"
