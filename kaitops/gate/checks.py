"""The gate's own checks: their names, the stable ids and severities of their findings, and what reports say of them."""

import os

from kaitops.documents.plain import Path, count
from kaitops.report.findings import CRITICAL, HIGH, MEDIUM, Finding, RuleNote

FORM, ADMISSION, FIT, REFERENCE = "form", "admission", "fit", "reference"
COVERAGE, EXEMPTION, RULE, CHECKOV = "coverage", "exemption", "rule", "checkov"
SERVER, AUTHORITY, DRIFT, GUARD = "server", "authority", "drift", "guard"
ANNOTATION, PLACEHOLDER, POD, SCALING, NAMESPACE = "annotation", "placeholder", "pod", "scaling", "namespace"

# What the API server would refuse, what nobody looked at, and what decides over itself cannot be excused.
BINDING = frozenset(
    {
        "KAITOPS-FORM",
        "KAITOPS-ADMISSION",
        "KAITOPS-COVERAGE",
        "KAITOPS-EXEMPTION",
        "KAITOPS-SERVER",
        "KAITOPS-AUTHORITY",
    }
)

_NOTES = {
    FORM: RuleNote(
        "KAITOPS-FORM", CRITICAL, "Files are strict YAML that holds whole, unique objects",
        "What one reader drops or reads differently from another is not what was reviewed.",
        "Correct the file at the place named.",
    ),
    ADMISSION: RuleNote(
        "KAITOPS-ADMISSION", CRITICAL, "The API server and KAITO's webhooks admit the object",
        "A refused object never reaches the cluster, and the sync of its whole folder may stop.",
        "Change the field named; `kaitops catalogue` and `kaitops fit` list what is known.",
    ),
    FIT: RuleNote(
        "KAITOPS-FIT", CRITICAL, "KAITO's controllers can create what the object asks for",
        "KAITO admits some objects that fail minutes later, when nodes have been paid for.",
        "Choose a size that holds the model; `kaitops fit` lists them.",
    ),
    REFERENCE: RuleNote(
        "KAITOPS-REFERENCE", HIGH, "What an object refers to is declared",
        "A missing target stops the object, or starts it without what it should have.",
        "Declare the target, or pass --assume-present where it is in the cluster.",
    ),
    ANNOTATION: RuleNote(
        "KAITOPS-ANNOTATION", HIGH, "Annotations and labels of KAITO, Argo CD and Flux are ones that something reads",
        "The API server takes any key, so a misspelt one does nothing and nobody says so.",
        "Write the name that is meant, where it is read.",
    ),
    PLACEHOLDER: RuleNote(
        "KAITOPS-PLACEHOLDER", HIGH, "Names and addresses are real ones",
        "What stands for a name to be filled in is taken for one, and found missing minutes later.",
        "Write the name or address that is meant.",
    ),
    POD: RuleNote(
        "KAITOPS-POD", HIGH, "What becomes a pod is admitted, fits its machine and is reached by its Service",
        "A template is taken as it is, and its pod refused, never placed or never asked.",
        "Change the field named.",
    ),
    SCALING: RuleNote(
        "KAITOPS-SCALING", HIGH, "One thing owns the number of replicas, within its bounds",
        "Two owners set it against each other, and models start and stop for no reason.",
        "Leave the number to one of them.",
    ),
    NAMESPACE: RuleNote(
        "KAITOPS-NAMESPACE", HIGH, "The guard rails of the namespace let the pods in",
        "Level, quota, limits and network policies of a namespace are applied to KAITO's pods as to all.",
        "Change the guard rail, or move the workload.",
    ),
    COVERAGE: RuleNote(
        "KAITOPS-COVERAGE", CRITICAL, "Everything that was given was judged",
        "A gate that skips what it does not understand is green for the wrong reason.",
        "Correct or remove what is named.",
    ),
    SERVER: RuleNote(
        "KAITOPS-SERVER", CRITICAL, "An API server takes the object",
        "What a server refuses is refused again when the tree is applied.",
        "Change the field named, or the server's policy.",
    ),
    AUTHORITY: RuleNote(
        "KAITOPS-AUTHORITY", HIGH, "A change does not change what it is judged by",
        "Whoever writes the policy, the exemptions or the facts writes the verdict.",
        "Have its owners merge it in a change of its own.",
    ),
    GUARD: RuleNote(
        "KAITOPS-CHANGE-GUARD", MEDIUM, "The change lowers nothing that holds other objects",
        "What a guard refuses passes where the same change takes the guard away.",
        "Leave it as it was, or have those who own it accept the change.",
    ),
    DRIFT: RuleNote(
        "KAITOPS-DRIFT", HIGH, "The tree is what its fleet renders",
        "What was written into a rendered file by hand is gone with the next render.",
        "Change the fleet and render again.",
    ),
    EXEMPTION: RuleNote(
        "KAITOPS-EXEMPTION", HIGH, "Exemptions are in force and needed",
        "An exemption that nobody looks at any more hides the next finding.",
        "Remove the exemption, or decide on it anew.",
    ),
}  # fmt: skip


SKIPS = ("checkov.io/skip", "bridgecrew.io/skip", "cortex.io/skip")
"""What is in the name of the annotation by which checkov skips a check: its owners have called it three names."""
EXEMPT = "kaitops.io/exempt."
"""What the annotation starts with that exempts its object from a rule, which it names after that."""


def exempts(key: str) -> bool:
    """The annotation takes findings out of a verdict: ours or checkov's."""
    return key.startswith(EXEMPT) or skips(key)


def skips(key: str) -> bool:
    """The annotation makes checkov skip a check, under any of the names that its owners gave it."""
    return any(name in key for name in SKIPS)


def note(check: str) -> RuleNote:
    """What reports say of a check."""
    return _NOTES[check]


def notes() -> dict[str, RuleNote]:
    """All of them by id."""
    return {one.id: one for one in _NOTES.values()}


def finding(
    check: str,
    file: str,
    place: tuple[int, int],
    subject: str,
    message: str,
    *,
    path: Path = (),
    unjudged: bool = False,
) -> Finding:
    """A finding of one of the gate's own checks."""
    known = _NOTES[check]
    return Finding(
        check, known.id, known.severity, file, place[0], place[1], subject, message, path=path, unjudged=unjudged
    )


def is_of_form(found: Finding, files: set[str]) -> bool:
    """Whether it says of one of the files, by real path, that it cannot be read as a manifest."""
    return bool(files) and found.check == FORM and os.path.realpath(found.file) in files


def unreadable(file: str, message: str) -> Finding:
    """A finding from an error text that starts with the file and, where known, line and column."""
    rest = message.removeprefix(f"{file}:")
    parts = rest.split(":", 2)
    line = count(parts[0]) or 1
    column = count(parts[1]) or 1 if len(parts) > 2 else 1
    text = rest
    for part in parts[:2]:
        text = text.removeprefix(f"{part}:") if count(part) is not None else text
    return finding(FORM, file, (line, column), "", text.strip(), unjudged=True)
