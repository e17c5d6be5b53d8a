"""What git writes into a checkout otherwise than it is committed, while Flux reads what is committed."""

from collections.abc import Iterator
from pathlib import Path

from tests.gate.objects import WORKSPACE
from tests.redteam.attack import Attack, change, put

# As it is committed, a sign of money ends the text and the annotation is one; checked out in SHIFT_JIS it is a
# backslash, and all that follows is part of the text.
_HIDDEN = WORKSPACE.replace(
    "  namespace: team\n", '  namespace: team\n  annotations: {a: "\\", kaito.sh/enablelb: \'True\'} # "}\n'
)
_LINES = (
    "*.yaml working-tree-encoding=SHIFT_JIS",
    "m/*.yaml text working-tree-encoding=shift_jis",
    "* working-tree-encoding=SJIS",
    '"\\052.yaml" working-tree-encoding=SHIFT_JIS',
    "[attr]own working-tree-encoding=SHIFT_JIS\n*.yaml own",
    "*.yaml working-tree-encoding=UTF-8\n*.yaml working-tree-encoding=SHIFT_JIS",
    "*.yaml filter=lfs diff=lfs merge=lfs -text",
    "*.yaml ident",
)


def rewritten() -> Iterator[Attack]:
    """By an encoding, a filter or an identity."""
    for number, line in enumerate(_LINES):
        for where in (".gitattributes", "m/.gitattributes"):
            if "[attr]" in line and where != ".gitattributes":
                continue  # git takes such a definition at the top alone
            text = line.replace("m/*", "*") if where.startswith("m/") else line

            def after(folder: Path, where: str = where, text: str = text) -> None:
                put(folder, {where: f"{text}\n", "m/ws.yaml": _HIDDEN})

            yield change(f"{where} {number}", {"m/ws.yaml": WORKSPACE}, after)
    yield change(
        "nothing of the kind", {"m/ws.yaml": WORKSPACE},
        lambda folder: put(folder, {".gitattributes": "*.yaml text eol=lf\n*.bin filter=lfs\n", "m/ws.yaml": _HIDDEN}),
        codes={0}, why="what is checked out is what is committed",
    )  # fmt: skip
