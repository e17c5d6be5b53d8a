"""How large the house is: ``python -m tests.counts`` prints what grows where nobody looks.

Counts what people wrote: generated arguments of the Pulumi resources are left out, links are followed once.
"""

import ast
import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[1]
GENERATED = re.compile(r"^\"\"\".*\bgenerated\b", re.IGNORECASE)
SMALL = 40
_ANY = re.compile(r"\bAny\b")


def modules() -> dict[str, Path]:
    """Every hand-written module of the product by its import name."""
    found: dict[str, Path] = {}
    for top, name in (("kaitops", "kaitops"), ("components", "kaitops.components"), ("policies", "kaitops.policies")):
        for path in sorted((ROOT / top).rglob("*.py")):
            if GENERATED.match(path.read_text("utf-8")):
                continue
            parts = path.relative_to(ROOT / top).with_suffix("").parts
            found[".".join([name, *(part for part in parts if part != "__init__")])] = path
    return found


def imported(path: Path, known: dict[str, Path]) -> set[str]:
    """The modules of the product that a file imports, by name."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module}
    return found & known.keys()


def counts() -> dict[str, int]:
    """Each count by what is counted."""
    known = modules()
    texts = {name: path.read_text("utf-8") for name, path in known.items()}
    importers: Counter[str] = Counter()
    for name, path in known.items():
        importers.update(imported(path, known) - {name})
    lines = {name: text.count("\n") for name, text in texts.items()}
    # A name such as rules.py, more than once in one package and what is below it.
    twice = Counter(
        (name.split(".")[1], name.rpartition(".")[2]) for name in known if name.count(".") > 1 and known[name].stem != "__init__"
    )  # fmt: skip
    return {
        "lines": sum(lines.values()),
        "files": len(known),
        f"files of under {SMALL} lines with one importer": sum(
            lines[name] < SMALL and importers[name] == 1 and known[name].stem != "__init__" for name in known
        ),
        "Any": sum(len(_ANY.findall(re.sub(r"(?m)^from typing import .*$", "", text))) for text in texts.values()),
        "module names that a package tree has twice": sum(count > 1 for count in twice.values()),
    }


if __name__ == "__main__":
    for what, count in counts().items():
        print(f"{count:7,}  {what}")
