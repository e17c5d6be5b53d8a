"""The data of a tuning job."""

from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.view import View

_WAYS = (
    (
        r"Column to remove .* not in the dataset|KeyError: '(messages|instruction|context|response|text|prompt)'"
        r"|not in the dataset\. Current columns|does not exist in the dataset\. Available columns",
        "it has no column of the name that the configuration gives",
        "fleet.yaml: {entry}.config.DatasetConfig: the columns that the line above lists",
    ),
    (
        r"DatasetGenerationError|Couldn't infer the same data file format|ArrowInvalid|DataFilesNotFoundError"
        r"|EmptyDatasetError|JSONDecodeError|Unable to (find a valid dataset file|load dataset .* with file type)",
        "it cannot be read as what its name says (parquet, json, csv)",
        "fleet.yaml: {entry}.input: files of one format and the same columns",
    ),
    (
        r"Train/Test split needs to be between",
        "the part of it that is trained on is no number above 0 and up to 1",
        "fleet.yaml: {entry}.config.DatasetConfig.train_test_split: such as 0.8, or take it out",
    ),
)


def _find(view: View) -> Said | None:
    return signs.by_ways(view, _WAYS, "the data of the tuning job does not fit") if view.tuning else None


RULE = Rule(
    "dataset",
    "engine",
    "degraded",
    "the data of a tuning job lacks a column, or cannot be read",
    "each try of the Job ends the same way",
    _find,
)
