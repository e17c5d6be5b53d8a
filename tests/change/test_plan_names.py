"""A plan is written into the folder that was named, whatever the object is called."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from kaitops.change import write_plan
from kaitops.errors import BadInput


@pytest.mark.parametrize("name", ["../../x", "/etc/x", "a/b", "..\\x", "a\0b"])
@pytest.mark.parametrize("part", ["name", "old_name", "kind"])
def test_no_name_leads_out(tmp_path: Path, name: str, part: str) -> None:
    given: dict[str, Any] = {"kind": "Workspace", "old_name": "old", "name": "new", **{part: name}}
    new = {"kind": "Workspace", "metadata": {"name": "new"}}
    made = SimpleNamespace(**given, fields=(), notes=(), guard={}, engine=None, new=new)
    with pytest.raises(BadInput, match="no name that a file can have"):
        write_plan(cast("Any", made), tmp_path / "plans" / "here")
    assert list(tmp_path.rglob("*.*")) == []
