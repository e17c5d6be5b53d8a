"""The recorded answers about pods are what the server of these tests says."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from tests.e2e.client import Client
from tests.e2e.pod_templates import NAME, PLAIN, RICH, answer, mutations
from tests.recorded import load


def test_the_recorded_pods_get_their_recorded_answers(
    client: Client, ensure_namespaces: Callable[[Iterable[Mapping[str, Any]]], None]
) -> None:
    ensure_namespaces([RICH])
    assert [answer(client, one) for one in (RICH, PLAIN)] == [{"accepted": True, "applied": True}] * 2
    rows = load(NAME)
    made = list(mutations())
    assert [(row["pod"], row["changed"]) for row in rows] == made
    assert [row["changed"] for row in rows if told(row) != told(answer(client, row["pod"]))] == []


def told(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """What does not depend on the order in which the server looks."""
    return row["accepted"], row.get("applied"), sorted(row.get("fields", ()))
