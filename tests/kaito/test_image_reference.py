"""References to images are taken or refused, in the same words, and written in full as the library does that KAITO asks."""

from typing import Any

import pytest

from kaitops.kaito.kubernetes.image_reference import Parts, full, parts, problem
from tests.recorded import load


@pytest.mark.parametrize("record", load("image-references"), ids=lambda record: record["id"])
def test_each_is_read_as_it_was(record: dict[str, Any]) -> None:
    text = record["reference"]
    assert (problem(text), full(text)) == (record.get("error"), record.get("full", text))


@pytest.mark.parametrize("record", load("image-references"), ids=lambda record: record["id"])
def test_its_parts_make_the_whole_again(record: dict[str, Any]) -> None:
    read = parts(record["reference"])
    if "error" in record:
        assert read == ("docker.io", record["reference"], "latest", "")
    else:
        end = f"@{read.digest}" if read.digest else f":{read.tag}"
        assert f"{read.name}{end}" == record["full"]


def test_a_tag_beside_a_digest_is_kept() -> None:
    digest = f"sha256:{'a' * 64}"
    assert parts(f"quay.io:443/a/b:1@{digest}") == Parts("quay.io:443", "a/b", "1", digest)
    assert parts(f"nginx@{digest}") == Parts("docker.io", "library/nginx", "", digest)
