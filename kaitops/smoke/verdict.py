"""What checks found, and what is to be thought of the whole."""

from dataclasses import asdict, dataclass, field
from typing import Any
from xml.sax.saxutils import escape, quoteattr

PASS, FAIL, UNSUPPORTED, SKIPPED = "pass", "fail", "unsupported", "skipped"
READY, LIMITED, NOT_READY = "READY", "READY WITH LIMITS", "NOT READY"
ESSENTIAL = frozenset({"health", "models", "model", "chat", "index", "retrieve"})
"""Without these nobody can use the endpoint; what else fails limits it."""


@dataclass
class Check:
    """One check.

    Attributes:
        verdict: ``pass``, ``fail``, ``unsupported`` or ``skipped``.
        evidence: what was seen; never content of a model.
    """

    name: str
    verdict: str
    evidence: str
    seconds: float = 0.0


@dataclass
class Report:
    """All checks of one endpoint.

    Attributes:
        figures: of a measurement under load, where one was asked for.
    """

    url: str
    runtime: str
    checks: list[Check] = field(default_factory=list[Check])
    figures: dict[str, Any] = field(default_factory=dict[str, Any])

    def add(self, name: str, verdict: str, evidence: str, seconds: float = 0.0) -> bool:
        """Note a check; true where it passed."""
        self.checks.append(Check(name, verdict, evidence, round(seconds, 3)))
        return verdict == PASS

    @property
    def verdict(self) -> str:
        """Of the whole."""
        failed = {one.name.partition(" ")[0] for one in self.checks if one.verdict == FAIL}
        if failed & ESSENTIAL or not self.checks:
            return NOT_READY
        busy = any(one.verdict == SKIPPED and "429" in one.evidence for one in self.checks)
        return LIMITED if failed or busy else READY

    @property
    def exit_code(self) -> int:
        """0 only where all that is declared is there."""
        return 0 if self.verdict == READY else 1

    def plain(self) -> dict[str, Any]:
        """As plain data."""
        figures = {"load": self.figures} if self.figures else {}
        return {
            "url": self.url,
            "runtime": self.runtime,
            "verdict": self.verdict,
            "checks": [asdict(one) for one in self.checks],
            **figures,
        }


def junit(reports: list[tuple[str, Report]]) -> str:
    """The reports as JUnit, a suite an endpoint."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<testsuites>"]
    for name, report in reports:
        failed = sum(one.verdict == FAIL for one in report.checks)
        skipped = sum(one.verdict in (SKIPPED, UNSUPPORTED) for one in report.checks)
        counts = f'tests="{len(report.checks)}" failures="{failed}" skipped="{skipped}"'
        lines.append(f"  <testsuite name={quoteattr(_seen(name))} {counts}>")
        for one in report.checks:
            names = f"classname={quoteattr(_seen(name))} name={quoteattr(_seen(one.name))}"
            lines.append(f'    <testcase {names} time="{one.seconds:.3f}">')
            text = escape(_seen(one.evidence))
            if one.verdict == FAIL:
                lines.append(f"      <failure>{text}</failure>")
            elif one.verdict in (SKIPPED, UNSUPPORTED):
                lines.append(f"      <skipped>{text}</skipped>")
            lines.append("    </testcase>")
        lines.append("  </testsuite>")
    return "\n".join([*lines, "</testsuites>", ""])


def _seen(text: str) -> str:
    """The text with signs that XML cannot hold shown as what they are."""
    return "".join(sign if sign.isprintable() else f"\\x{ord(sign):02x}" for sign in text)
