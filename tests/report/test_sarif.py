"""SARIF as its standard and GitHub's code scanning want it."""

import json
import os
from pathlib import Path

import pytest

from kaitops.report import sarif
from kaitops.report.findings import Report
from kaitops.report.places import relative, uri
from tests.report.conftest import changed, finding

_SCHEMA = os.environ.get("KAITOPS_SARIF_SCHEMA", "")


def log(report: Report) -> dict:
    return json.loads(sarif.text(report, "1.2.3", lambda file: file))


def results(report: Report) -> list[dict]:
    return log(report)["runs"][0]["results"]


def everything(report: Report) -> list[Report]:
    unjudged = changed(report, findings=[*report.findings, finding(unjudged=True)], skipped=["checkov did NOT run"])
    return [report, Report(), unjudged]


@pytest.mark.skipif(not Path(_SCHEMA).is_file(), reason="no SARIF schema; name one by KAITOPS_SARIF_SCHEMA")
def test_it_is_valid_against_the_schema(report: Report) -> None:
    import jsonschema

    schema = json.loads(Path(_SCHEMA).read_text("utf-8"))
    for one in everything(report):
        jsonschema.validators.validator_for(schema)(schema).validate(log(one))


def test_another_readers_model_takes_it(report: Report) -> None:
    from sarif_pydantic import Sarif

    for one in everything(report):
        read = Sarif.model_validate(log(one), strict=False)
        assert len(read.runs[0].results or []) == len(results(one))
        assert {each.rule_id for each in read.runs[0].results or []} <= {
            rule.id for rule in read.runs[0].tool.driver.rules or []
        }


def test_the_required_parts_are_there(report: Report) -> None:
    """What the schema and code scanning demand, for where the schema is not at hand."""
    for one in everything(report):
        document = log(one)
        assert document["version"] == "2.1.0"
        assert document["$schema"].endswith("sarif-2.1.0.json")
        (run,) = document["runs"]
        driver = run["tool"]["driver"]
        assert driver["name"] == "kaitops"
        assert [rule["id"] for rule in driver["rules"]] == sorted({rule["id"] for rule in driver["rules"]})
        for rule in driver["rules"]:
            assert rule["shortDescription"]["text"] and rule["fullDescription"]["text"] and rule["help"]["text"]
            assert 0 < float(rule["properties"]["security-severity"]) <= 10
            assert rule["defaultConfiguration"]["level"] in ("error", "warning", "note")
        for result in run["results"]:
            assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
            assert result["message"]["text"]
            (place,) = result["locations"]
            assert place["physicalLocation"]["region"].keys() == {"startLine", "startColumn"}
            assert result["partialFingerprints"]["primaryLocationLineHash"].endswith(":1") or one is not report


def test_places_and_levels(report: Report) -> None:
    first = results(report)[0]
    where = first["locations"][0]["physicalLocation"]
    assert where["artifactLocation"] == {"uri": "a/b%20c.yaml", "uriBaseId": "%SRCROOT%"}
    assert where["region"] == {"startLine": 3, "startColumn": 5}
    assert [one["level"] for one in results(report)] == ["error", "warning", "note"]
    assert log(report)["runs"][0]["tool"]["driver"]["rules"][0]["helpUri"] == "https://example.com/x"


def test_a_fingerprint_outlives_moved_lines_and_new_words(report: Report) -> None:
    def prints(one: Report) -> list[str]:
        return [each["partialFingerprints"]["kaitops/v1"] for each in results(one)]

    moved = changed(report, findings=[one._replace(line=one.line + 90, message="x") for one in report.findings])
    assert prints(moved) == prints(report)
    other = changed(report, findings=[one._replace(path=("spec",)) for one in report.findings])
    assert not set(prints(other)) & set(prints(report))
    twice = changed(report, findings=[finding(), finding(message="again")])
    assert len(set(prints(twice))) == 2


def test_what_did_not_run_is_told(report: Report) -> None:
    (invocation,) = log(everything(report)[2])["runs"][0]["invocations"]
    assert invocation["executionSuccessful"] is False
    assert invocation["toolExecutionNotifications"][0]["message"]["text"] == "checkov did NOT run"


@pytest.mark.e2e
def test_code_scanning_takes_25_000_results() -> None:
    many = [finding(severity="LOW", line=line) for line in range(1, 25_001)]
    found = log(Report(findings=[*many, finding(line=30_000)]))["runs"][0]
    assert len(found["results"]) == 25_000
    assert found["results"][-1]["level"] == "error"
    assert "1 more findings" in found["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]


@pytest.mark.parametrize(
    ("file", "path"),
    [("a.yaml", "sub/a.yaml"), ("./x/../a.yaml", "sub/a.yaml"), ("../b.yaml", "b.yaml"), ("/r/sub/a.yaml", "sub/a.yaml"),
     ("/else/a.yaml", "/else/a.yaml"), ("-", "stdin"), ("/rr/a.yaml", "/rr/a.yaml")],
)  # fmt: skip
def test_paths_start_at_the_root_of_the_repository(file: str, path: str) -> None:
    assert relative(file, "/r/sub", "/r") == path


def test_uris_are_escaped() -> None:
    assert uri("a b/ü#?.yaml") == "a%20b/%C3%BC%23%3F.yaml"
    assert uri("/x/y") == "file:///x/y"
