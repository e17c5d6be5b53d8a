"""What the gate has to say: findings that fail it, needs that it cannot see, and notes."""

from dataclasses import dataclass, field
from typing import Any

FORM, ADMISSION, FIT, REFERENCE = "form", "admission", "fit", "reference"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong.

    Attributes:
        check: which check found it: form, admission, fit or reference.
        subject: ``Kind namespace/name``; empty for a file as a whole.
        line, column: from 1.
    """

    check: str
    file: str
    line: int
    column: int
    subject: str
    message: str

    def as_row(self) -> dict[str, Any]:
        """Plain form."""
        return {
            "check": self.check,
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "object": self.subject,
            "message": self.message,
        }

    def __str__(self) -> str:
        subject = f"{self.subject}: " if self.subject else ""
        return f"{self.file}:{self.line}:{self.column}: {self.check}: {subject}{self.message}"


@dataclass(slots=True)
class Report:
    """The outcome of a gate.

    Attributes:
        judged: objects of KAITO's kinds that went through admission.
        seen: all objects.
        needs: what the cluster must hold that the tree does not declare.
        notes: what was read and not judged.
    """

    findings: list[Finding] = field(default_factory=list[Finding])
    judged: int = 0
    seen: int = 0
    needs: list[str] = field(default_factory=list[str])
    notes: list[str] = field(default_factory=list[str])
