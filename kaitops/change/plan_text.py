"""A plan as Markdown, and its files.

Writes whole files and never over one that says something else.
"""

from collections.abc import Iterator
from pathlib import Path

from kaitops.change.planning import Plan
from kaitops.change.withholding import withheld
from kaitops.documents import writer
from kaitops.documents.plain import at
from kaitops.errors import BadInput
from kaitops.kaito import facts
from kaitops.kaito.lifecycle import Lifecycle
from kaitops.secrets import tokens
from kaitops.tree.single import write_new

_LEFT_OUT = (
    "{count} secret values of the object were left out of the new manifest, each with a note in its place, and it "
    "cannot be applied as it is: put them into a Secret, refer to that, and revoke what was in the tree."
)
# The only object without conditions.
_STATEFUL_SET = "jsonpath='{.status.readyReplicas}'=1"


def markdown(made: Plan) -> str:
    """The plan for a person: what, why, and the steps in order."""
    return "\n".join(_lines(made)) + "\n"


def manifest_name(made: Plan) -> str:
    """File name of the new manifest, as the rendered tree would call it."""
    return f"{made.kind.lower()}-{made.name}.yaml"


def _lines(made: Plan) -> Iterator[str]:
    fields = ", ".join(f"`{field}`" for field in made.fields)
    namespace = at(made.new, "metadata", "namespace")
    flag = f" -n {namespace}" if namespace else ""
    yield f"# {made.kind} {made.old_name} to {made.name}"
    yield ""
    yield f"{fields} of {made.kind} `{made.old_name}` cannot be changed once set. A second object takes over instead."
    yield ""
    yield "Where `kaitops render` writes this tree, `kaitops replace` takes the same steps in the fleet instead."
    yield ""
    for note in made.notes:
        yield f"- {note}"
    if made.notes:
        yield ""
    steps = list(_steps(made, flag))
    for number, step in enumerate(steps, 1):
        yield f"{number}. {step}"
    yield ""
    yield "Until step " + str(len(steps)) + f" the way back is to send traffic to `{made.old_name}` again."


def _steps(made: Plan, flag: str) -> Iterator[str]:
    kind, old, new = made.kind, made.old_name, made.name
    resource = f"{kind.lower()}/{new}"
    guard = "".join(f"`{key}: {value}`" for key, value in made.guard.items())
    said = {"old": old, "guard": guard, "file": manifest_name(made)}
    if made.engine is not None:
        yield made.engine.adding.format_map(said)
    else:
        yield f"Leave `{old}` as it was and apply `{manifest_name(made)}` beside it."
    yield (
        f"Wait until it is ready: `kubectl wait{flag} --for={_ready(kind)} {resource} "
        "--timeout=180m`. Loading weights may take an hour and more."
    )
    yield (
        f"Send traffic to the new one: point the routes, InferencePools and clients of `{old}` at `{new}` in a commit "
        "of its own, and watch errors and latency."
    )
    if made.engine is not None:
        yield made.engine.letting_go.format_map(said)
    else:
        yield f"Delete the old one: `kubectl delete{flag} {kind.lower()}/{old}`, and remove its manifest."


def _ready(kind: str) -> str:
    """What ``kubectl wait`` waits for; the plan knows no version of KAITO, and the newest facts say it for all."""
    if kind == "StatefulSet":
        return _STATEFUL_SET
    newest = facts.newest()
    known = facts.load(newest, "lifecycle.json")["kinds"]
    return f"condition={Lifecycle.of(newest, kind).ready if kind in known else 'Ready'}"


def write(made: Plan, folder: Path) -> list[Path]:
    """Write the plan and its manifest; what is there with the same content is left alone."""
    new, count = withheld(made.new)
    if count:
        made = made._replace(notes=(*made.notes, _LEFT_OUT.format(count=count)))
    files = {
        folder / f"{made.kind.lower()}-{made.old_name}-to-{made.name}.md": tokens.without(markdown(made)),
        folder / manifest_name(made): writer.dump(new),
    }
    for path in files:
        if path.parent != folder or path.name in {"", ".", ".."} or "\\" in path.name or "\0" in path.name:
            raise BadInput(
                f"{made.kind} {made.old_name}: is no name that a file can have, so no plan was written and nothing "
                f"lies outside of {folder}; correct metadata.name"
            )
    for path, text in files.items():
        if path.exists() and path.read_text("utf-8", errors="replace") != text:
            raise BadInput(
                f"{path}: is there already and says something else, so it was not overwritten; move it away, or name "
                "another folder"
            )
    for path, text in files.items():
        if not path.exists():
            write_new(path, text)
    return list(files)
