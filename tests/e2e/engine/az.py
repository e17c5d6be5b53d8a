"""A stand-in for Azure's command line: the two questions of an import's script, answered from what the cloud holds."""

import json
import os
import re
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

from kaitops.documents.plain import at
from tests.e2e.engine import cloud
from tests.e2e.engine.azure import outputs

_PRINCIPAL = re.compile(r"principalId=='([^']*)'")


def program(folder: Path, root: Path) -> str:
    """A script for the `PATH` that asks the cloud of a folder."""
    return f'#!/bin/sh\nPYTHONPATH={root} {cloud.FOLDER}={folder} exec {sys.executable} -m tests.e2e.engine.az "$@"\n'


def answer(words: list[str]) -> str:
    """What it prints; nothing where there is nothing."""
    given = {key: value for key, value in pairwise(words) if key.startswith("--")}
    held = [json.loads(each.read_text()) for each in Path(os.environ[cloud.FOLDER]).iterdir()]
    if words[:2] == ["resource", "show"]:
        one = next(each for each in held if each["id"].lower() == given["--ids"].lower())
        path = given["--query"].removeprefix("properties.").split(".")
        return str(at(outputs(one["kind"], one["inputs"]), *path))
    if words[:3] == ["role", "assignment", "list"]:
        return next((each["id"] for each in held if _is(each, given)), "")
    raise SystemExit(f"az {' '.join(words)}: not known to the stand-in")


def _is(one: dict[str, Any], given: dict[str, str]) -> bool:
    inputs, principal = one["inputs"], _PRINCIPAL.search(given["--query"])
    return (
        one["kind"] == "authorization:RoleAssignment"
        and inputs["scope"] == given["--scope"]
        and inputs["roleDefinitionId"].endswith(given["--role"])
        and principal is not None
        and inputs["principalId"] == principal[1]
    )


if __name__ == "__main__":
    print(answer(sys.argv[1:]))
