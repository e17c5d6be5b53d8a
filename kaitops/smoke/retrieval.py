"""Checks of a RAGEngine: index, retrieve, answer with sources, delete, in an index that is thrown away."""

import secrets
from typing import Any

from . import question, serving, telemetry
from .expected import Expected, Facts
from .shape import at, items
from .verdict import FAIL, PASS, SKIPPED, Report
from .wire import Answer, Trouble, Wire

_TEXT = "The lamp on the kaitops test desk is green."


def check(wire: Wire, expected: Expected, facts: Facts) -> Report:
    """All checks; the index that they make is deleted whatever happens."""
    report = Report(wire.origin + wire.root, "rag")
    if not serving.health(wire, report):
        return report
    _embedder(report, expected, facts)
    index = f"kaitops-smoke-{secrets.token_hex(4)}"
    try:
        if _index(wire, report, index) and _retrieve(wire, report, index):
            _answer(wire, report, index, expected)
    finally:
        _delete(wire, report, index)
    telemetry.check(wire, report, facts.known["rag"])
    return report


def _embedder(report: Report, expected: Expected, facts: Facts) -> None:
    if not expected.embedder:
        return
    always = facts.embedder.get("always", "")
    if always and expected.embedder != always:
        text = f"declared {expected.embedder}, and pods always use {always}: {facts.embedder.get('why', '')}"
        report.add("embedder", FAIL, text)
    else:
        report.add("embedder", PASS, expected.embedder)


def _index(wire: Wire, report: Report, index: str) -> bool:
    body = {"index_name": index, "documents": [{"text": _TEXT, "metadata": {"from": "kaitops"}}]}
    found = _asked(wire, report, "index", "POST", "/index", body)
    if found is None:
        return False
    good = at(_data(found), 0, "doc_id") is not None
    return report.add(
        "index", PASS if good else FAIL, "one document" if good else "no document came back", found.seconds
    )


def _retrieve(wire: Wire, report: Report, index: str) -> bool:
    body = {"index_name": index, "query": "Which colour has the lamp?", "max_node_count": 1}
    found = _asked(wire, report, "retrieve", "POST", "/retrieve", body)
    if found is None:
        return False
    good = any(_TEXT in str(at(one, "text")) for one in items(at(_data(found), "results")))
    text = "the document was found" if good else "the document that was just indexed is not among the results"
    return report.add("retrieve", PASS if good else FAIL, text, found.seconds)


def _answer(wire: Wire, report: Report, index: str, expected: Expected) -> None:
    body = question.chat(expected.model or "any", index_name=index, max_tokens=32)
    try:
        found = question.ask(wire, body)
    except Trouble as trouble:
        report.add("answer with sources", FAIL, str(trouble))
        return
    if found.status in (429, 503) or (not expected.llm and found.status >= 400):
        verdict = FAIL if expected.llm and found.status == 503 else SKIPPED
        text = "no model is declared to answer with" if not expected.llm else question.problem(found)
        report.add("answer with sources", verdict, text, found.seconds)
        return
    data = _data(found)
    sources = [one for one in items(at(data, "source_nodes")) if isinstance(at(one, "text"), str)]
    good = found.status == 200 and question.says(question.message_of(data)) and bool(sources)
    text = f"{len(sources)} sources" if good and sources else f"{question.problem(found)}, no sources"
    report.add("answer with sources", PASS if good else FAIL, text, found.seconds)


def _delete(wire: Wire, report: Report, index: str) -> None:
    found = _asked(wire, report, "delete", "DELETE", f"/indexes/{index}")
    if found is None:
        return
    try:
        stays = index in items(_data(wire.ask("GET", "/indexes")))
    except Trouble:
        stays = False
    text = "the test's index is deleted and still listed" if stays else "the test's index is gone"
    report.add("delete", FAIL if stays else PASS, text, found.seconds)


def _asked(wire: Wire, report: Report, name: str, method: str, path: str, body: object = None) -> Answer | None:
    """An answer of success; any other is a failed check."""
    try:
        found = wire.ask(method, path, body)
    except Trouble as trouble:
        report.add(name, FAIL, str(trouble))
        return None
    if found.status >= 400:
        report.add(name, FAIL, f"{path.partition('kaitops')[0]} answers {found.status}", found.seconds)
        return None
    return found


def _data(found: Answer) -> Any:
    try:
        return found.json()
    except Trouble:
        return None
