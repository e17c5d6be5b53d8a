"""Which object a document is, and how it is named."""

from typing import Any

import pytest

from kaitops.documents.ref import Ref, namespace_of, subject_of


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (
            {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "a", "namespace": "b"}},
            ("apps", "Deployment", "b", "a"),
        ),
        ({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "a"}}, ("", "Secret", "default", "a")),
        ({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "a", "namespace": None}}, ("", "Secret", "default", "a")),
        ({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "a", "namespace": ""}}, ("", "Secret", "default", "a")),
        ({"apiVersion": 1, "kind": ["x"], "metadata": {"name": 5, "namespace": {}}}, ("", "", "default", "")),
        ({"metadata": "a"}, ("", "", "default", "")),
        ({}, ("", "", "default", "")),
    ],
)  # fmt: skip
def test_any_document_is_one(document: dict[str, Any], expected: tuple[str, str, str, str]) -> None:
    found = Ref.of(document)
    assert found == expected
    assert found.local == expected[1:]
    assert namespace_of(document) == expected[2]


def test_the_version_of_a_group_makes_no_other_object() -> None:
    old, new = ({"apiVersion": f"kaito.sh/{one}", "kind": "Workspace", "metadata": {"name": "a"}} for one in ("v1alpha1", "v1beta1"))  # fmt: skip
    assert Ref.of(old) == Ref.of(new)


def test_people_read_no_namespace_where_none_is_written() -> None:
    assert subject_of({"kind": "Secret", "metadata": {"name": "a", "namespace": "b"}}) == "Secret b/a"
    assert subject_of({"kind": "Namespace", "metadata": {"name": "a"}}) == "Namespace a"
    assert subject_of({"kind": "Namespace", "metadata": []}) == "Namespace "
