"""`kaitops k9s`: files whose commands are commands, and whose columns are fields."""

import yaml

from kaitops.cli.parser import parse
from kaitops.kaito import facts
from tests.conftest import Run
from tests.version import KAITO


def test_each_key_calls_a_command_that_there_is(run: Run) -> None:
    made = yaml.safe_load(run("k9s", "plugins", code=0).stdout)["plugins"]
    assert len({one["shortCut"] for one in made.values()}) == len(made) == 4
    for one in made.values():
        assert {"shortCut", "description", "scopes", "command"} <= one.keys()
        assert one["command"] == "kaitops"
        found = parse(
            [word.replace("$NAMESPACE/$NAME", "models/phi").replace("$CONTEXT", "prod") for word in one["args"]]
        )
        assert found.context == "prod"


def test_each_column_is_a_field_of_its_kind(run: Run) -> None:
    made = yaml.safe_load(run("k9s", "views", code=0).stdout)["views"]
    text = (
        "".join((facts.root() / KAITO / name).read_text() for name in ("schema.json", "status-fields.json")) + "status"
    )
    assert set(made) == {
        "kaito.sh/v1beta1/workspaces",
        "kaito.sh/v1beta1/inferencesets",
        "kaito.sh/v1alpha1/modelmirrors",
    }
    for one in made.values():
        for column in one["columns"]:
            _, _, path = column.partition(":.")
            for step in path.split(".") if path else ():
                assert step == "peakTokensPerMinute" or step in text, column
