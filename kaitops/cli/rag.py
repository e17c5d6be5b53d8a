"""``kaitops rag``: the indexes of a RAGEngine: fill, list, ask, delete."""

import argparse
import math
from pathlib import Path
from typing import Any
from urllib.parse import quote

from kaitops.asking import plainly
from kaitops.cli import calling, output
from kaitops.documents.plain import MutableObject, Object, at, items, mapping
from kaitops.errors import BadInput, Findings, ToolMissing
from kaitops.live.formats import locked
from kaitops.smoke.wire import Answer, Trouble, Wire

_NO_NAMES = "the service names indexes by what is no text, so none of them is known; is it a RAGEngine's?"
_MOST_BYTES = 4 * 1024 * 1024
_SECONDS = 120.0
_AT_ONCE = 16


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.epilog = "exit codes: 0 ok, 1 the service refuses, 2 bad input, 3 no way to it"
    calling.add(parser)
    parser.add_argument(
        "words", nargs="*", metavar="ACTION", help="index INDEX FILE..., list [INDEX], query INDEX TEXT, delete INDEX"
    )
    parser.add_argument("--most", type=int, default=5, metavar="N", help="results of a query (default: 5)")
    output.add_format(parser)


def run(arguments: argparse.Namespace) -> int:
    """Carry out one action."""
    name, words = arguments.name, list(arguments.words)
    if arguments.url and name:
        name, words = None, [name, *words]
    action, *rest = words or [""]
    least = {"index": 2, "list": 0, "query": 2, "delete": 1}.get(action)
    if least is None or len(rest) < least:
        raise BadInput("rag: takes NAME and one of: index INDEX FILE..., list [INDEX], query INDEX TEXT, delete INDEX")
    calling.require_text(*rest)
    documents = [_document(one) for one in rest[1:]] if action == "index" else []
    with calling.way(arguments, name) as way:
        if way.view is not None and way.view.kind not in ("RAGEngine", "Deployment"):
            raise BadInput(f"{name}: is of kind {way.view.kind} and holds no indexes; name a RAGEngine")
        wire = Wire(way.url, way.key, _SECONDS)
        if action == "index":
            return _index(wire, rest[0], documents)
        if action == "query":
            return _query(wire, rest[0], " ".join(rest[1:]), arguments)
        if action == "delete":
            _asked(wire, "DELETE", f"/indexes/{quote(rest[0], safe='')}")
            print(f"index {rest[0]}: deleted")
            return 0
        return _list(wire, rest, arguments.output)


def _document(name: str) -> MutableObject:
    path = Path(name)
    if not path.is_file():
        raise BadInput(f"{name}: no such file, so nothing was indexed")
    raw = path.read_bytes()
    if len(raw) > _MOST_BYTES:
        raise BadInput(f"{name}: holds more than {_MOST_BYTES // 1024**2} MiB, so nothing was indexed; split it")
    try:
        return {"text": raw.decode(), "metadata": {"file": path.name}}
    except UnicodeDecodeError:
        raise BadInput(f"{name}: is no text in UTF-8, so nothing was indexed; turn it into text first") from None


def _index(wire: Wire, index: str, documents: list[MutableObject]) -> int:
    done = 0
    for start in range(0, len(documents), _AT_ONCE):
        part = documents[start : start + _AT_ONCE]
        told = _list_of(_asked(wire, "POST", "/index", {"index_name": index, "documents": part}), "/index")
        made = [one for one in told if at(one, "doc_id") is not None]
        if len(made) < len(part):
            raise Findings(
                f"/index: {len(part)} documents were sent and the service names {len(made)}, so it is not known which "
                f"it has; {done} were taken before; 'kaitops rag NAME list {index}' shows them"
            )
        done += len(part)
    print(f"index {index}: {done} document{'' if done == 1 else 's'}")
    return 0


def _query(wire: Wire, index: str, text: str, arguments: argparse.Namespace) -> int:
    body = {"index_name": index, "query": text, "max_node_count": arguments.most}
    found = _asked(wire, "POST", "/retrieve", body)
    rows = [
        {
            "document": _word(at(one, "metadata", "file") or at(one, "doc_id")),
            "score": _score(at(one, "score")),
            "text": _word(at(one, "text"))[: 100 if arguments.output == "table" else None],
        }
        for one in _objects(at(found, "results"), "/retrieve")
    ]
    output.emit(rows, arguments.output, "document")
    return 0


def _list(wire: Wire, rest: list[str], form: str) -> int:
    if not rest:
        names = _list_of(_asked(wire, "GET", "/indexes"), "/indexes")
        if not all(isinstance(one, str) for one in names):
            raise ToolMissing(f"/indexes: {_NO_NAMES}")
        output.emit([{"name": one} for one in names], form)
        return 0
    found = _asked(wire, "GET", f"/indexes/{quote(rest[0], safe='')}/documents?limit=100&max_text_length=100")
    rows = [
        {"name": _word(at(one, "doc_id")), "file": at(one, "metadata", "file"), "text": _word(at(one, "text"))}
        for one in _objects(at(found, "documents"), "/documents")
    ]
    output.emit(rows, form)
    total = at(found, "total_items")
    if isinstance(total, int) and total > len(rows):
        output.note(f"{total} documents, the first {len(rows)} are shown")
    return 0


def _list_of(value: object, path: str) -> list[Any]:
    """A list of the service's; what is none is no empty one either."""
    if isinstance(value, list):
        return items(value)
    raise ToolMissing(f"{path}: the service answers with no list, so nothing is known of it; is it a RAGEngine's?")


def _objects(value: object, path: str) -> list[Object]:
    """A list of objects of the service's."""
    found = _list_of(value, path)
    if not all(isinstance(one, dict) for one in found):
        raise ToolMissing(
            f"{path}: the service lists something that is no object, so nothing is known of it; is it a RAGEngine's?"
        )
    return [mapping(one) for one in found]


def _word(value: object) -> str:
    """Text, or a number as text; of anything else none."""
    return str(value) if isinstance(value, str | int | float) else ""


def _score(value: object) -> float | None:
    """A score that JSON can hold and a table can order by."""
    return value if isinstance(value, int | float) and math.isfinite(value) else None


def _asked(wire: Wire, method: str, path: str, body: object = None) -> Any:
    try:
        found = wire.ask(method, path, body)
        if found.status >= 400:
            raise Findings(f"{path}: the service refuses ({found.status}): {_refusal(found)}{_locked(wire, found)}")
        # Who has deleted something may have no more to say.
        return found.json() if found.body or method != "DELETE" else None
    except Trouble as trouble:
        raise ToolMissing(f"{wire.origin}{path}: {trouble}") from None


def _locked(wire: Wire, found: Answer) -> str:
    """What a refusal for want of a key asks for."""
    return f"; it {locked(sent=wire.keyed)}" if found.status in calling.LOCKED else ""


def _refusal(found: Answer) -> str:
    try:
        data = found.json()
    except Trouble:
        return plainly(found.body[:2000], 300) or "no word"
    said = at(data, "detail") or at(data, "error", "message") or at(data, "message") or at(data, "error") or "no word"
    return str(said)[:300]
