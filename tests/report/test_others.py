"""JUnit, annotations, Markdown and the terminal: each for who reads it, none fooled by what files hold."""

import re
import xml.etree.ElementTree as ET

import cmarkgfm
from cmarkgfm.cmark import Options

from kaitops.report import annotations, junit, machine, markdown, terminal
from kaitops.report.findings import Report
from tests.report.conftest import changed, finding

HOSTILE = "a|b <img src=x> @team [x](http://evil) `c` ::error::\n\x00\ud800 &amp; # h"


def same(file: str) -> str:
    return file


def test_junit_has_a_case_for_every_object(report: Report) -> None:
    root = ET.fromstring(junit.text(report, same))
    cases = {case.get("name"): case for case in root.iter("testcase")}
    assert set(cases) == {"Workspace team/phi", "Service team/ok"}
    assert len(cases["Service team/ok"]) == 0
    assert [child.tag for child in cases["Workspace team/phi"]] == ["failure", "system-out"]
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("2", "1", "0")
    assert "KAITO020 LOW: no owner" in cases["Workspace team/phi"][1].text


def test_junit_counts_what_was_not_judged_as_error(report: Report) -> None:
    report.findings.append(finding(unjudged=True, file="x.yaml", subject=""))
    report.skipped.append("checkov did NOT run")
    root = ET.fromstring(junit.text(report, same))
    assert (root.get("tests"), root.get("errors"), root.get("skipped")) == ("4", "1", "1")


def test_annotations_start_with_the_worst(report: Report) -> None:
    lines = annotations.lines(report, same)
    assert lines[0] == (
        "::error file=a/b c.yaml,line=3,col=5,title=KAITO001 CRITICAL::Workspace team/phi: is public; make it internal"
    )
    assert [line.split(" ")[0] for line in lines] == ["::error", "::warning", "::notice"]


def test_nothing_in_a_file_becomes_a_command_or_markup(report: Report) -> None:
    report.findings = [finding(subject=HOSTILE, message=HOSTILE, file="a,b:c%.yaml")]
    (line,) = annotations.lines(report, same)
    assert "\n" not in line
    assert "file=a%2Cb%3Ac%25.yaml," in line
    page = markdown.text(report, same)
    assert "<img" not in page and "@team" not in page and "](http" not in page and "://" not in page
    row = next(text for text in page.splitlines() if "KAITO001" in text)
    assert row.count(" | ") == 4
    ET.fromstring(junit.text(report, same))


def test_markdown_says_the_verdict_first(report: Report) -> None:
    report.cost = [{"cluster": "prod", "usd_per_month": 12.5}]
    report.plan = []
    lines = markdown.text(report, same).splitlines()
    assert lines[0] == "## :x: kaitops gate: failed"
    assert "1 CRITICAL, 1 MEDIUM, 1 LOW; 1 exempted. Fails on HIGH and above." in lines[2]
    titles = [line for line in lines if line.startswith("### ")]
    assert titles == ["### Cost", "### Plan", "### Findings", "### Exempted"]
    assert "| prod | 12.50 |" in lines
    assert lines[-1] == markdown.MARKER
    assert markdown.text(Report(), same).startswith("## :white_check_mark: kaitops gate: passed\n")
    assert "incomplete" in markdown.text(Report(findings=[finding(unjudged=True)]), same).splitlines()[0]


def test_markdown_fits_a_comment_and_counts_what_it_leaves_out() -> None:
    report = Report(findings=[finding(message="@x" * 900, line=line) for line in range(1, 3000)])
    report.plan = [{"object": f"Workspace team/m{number}", "outcome": "added"} for number in range(3000)]
    report.needs = ["needs in the cluster: " + "x" * 500] * 300
    text = markdown.text(report, same)
    assert len(text) <= 65_000
    assert "left out" in text
    assert text.startswith("## :x:")
    assert text.endswith(markdown.MARKER + "\n")


def test_a_long_table_shows_its_first_rows_and_keeps_the_others_behind_a_line() -> None:
    """The worst stand first, and a comment is read before it is scrolled."""
    report = Report(findings=[finding(line=line, severity="LOW" if line < 30 else "HIGH") for line in range(1, 31)])
    text = markdown.text(report, same)
    seen, folded = text.split("<details><summary>10 more</summary>")
    assert seen.count("| HIGH |") == 1 and seen.count("| LOW |") == 19
    assert folded.count("| LOW |") == 10
    assert folded.index("</details>") > folded.rindex("| LOW |")
    html = cmarkgfm.github_flavored_markdown_to_html(text, options=Options.CMARK_OPT_UNSAFE)
    assert html.count("<table>") == 2 and html.count("<tr>") == 32
    assert "<details>" not in markdown.text(Report(findings=report.findings[:20]), same)


def test_the_terminal_has_one_line_a_finding(report: Report) -> None:
    report.findings.append(finding(check="admission", rule="KAITOPS-ADMISSION", line=1))
    lines = terminal.lines(report)
    assert lines[0] == "a/b c.yaml:1:5: KAITOPS-ADMISSION CRITICAL: Workspace team/phi: is public; make it internal"
    assert lines[1] == "a/b c.yaml:3:5: KAITO001 CRITICAL: Workspace team/phi: is public; make it internal"
    assert lines[-1] == "2 objects: 1 judged as KAITO would; 4 findings, 2 below HIGH, 1 exempted"
    assert terminal.lines(report, quiet=True) == lines[:4]


def test_a_terminal_shows_by_colour_what_the_words_say() -> None:
    """Nothing but the colour is added, and what others wrote brings none of its own."""
    report = Report(findings=[finding(message="\x1b[32mgreen", severity="LOW"), finding(line=7)])
    report.plan = [{"object": "Workspace team/phi", "outcome": "refused", "consequence": "\x1b[32mit is fine"}]
    painted = terminal.lines(report, paint=lambda text, code: f"\x1b[{code}m{text}\x1b[0m")
    assert [re.sub(r"\x1b\[[\d;]+m", "", line) for line in painted] == terminal.lines(report)
    text = "\n".join(painted)
    assert "\x1b[1;31mCRITICAL\x1b[0m" in text and "\x1b[36mLOW\x1b[0m" in text
    assert "\x1b[1;31m!   refused" in text
    assert "\x1b[32m" not in text
    assert terminal.lines(Report(), paint=lambda text, code: f"{code} {text}") == ["32 0 objects; 0 findings"]


def test_the_verdict_follows_the_threshold(report: Report) -> None:
    assert report.verdict == "failed"
    assert changed(report, findings=report.findings[1:]).verdict == "passed"
    assert changed(report, findings=report.findings[1:], threshold="LOW").verdict == "failed"
    low = finding(severity="LOW", unjudged=True)
    assert changed(report, findings=[low], threshold="CRITICAL").verdict == "incomplete"


def test_json_is_whole(report: Report) -> None:
    import json

    result = json.loads(machine.text(report))
    assert result["counts"] == {"CRITICAL": 1, "HIGH": 0, "MEDIUM": 1, "LOW": 1}
    assert result["exempted"][0]["exemption"]["owner"] == "team-a"
