"""Templates do not run code from a model's repository."""

import re

from policies import cel
from policies.reading import INFERENCES, containers, items, text
from policies.rule import Context, Document, Found, Rule, Severity

_PATTERN = "(^|[^a-z-])--trust[_-]remote[_-]code($|[^a-z_-])"
_flag = re.compile(_PATTERN)


def _check(document: Document, context: Context) -> Found:
    for path, container in containers(document):
        for part in ("command", "args"):
            for place, word in enumerate(items(container.get(part))):
                if _flag.search(text(word)):
                    yield (*path, part, place), "runs the code that the model's repository holds at that moment"


_PARTS = " && ".join(
    cel.unless(f"c.{part}", f"c.{part}.all(w, !w.matches({cel.quoted(_PATTERN)}))", "c") for part in ("command", "args")
)

RULE = Rule(
    id="KAITO016",
    severity=Severity.HIGH,
    title="no trust-remote-code in templates",
    why="Whoever can push to the model's repository runs code beside the data.",
    source="OWASP LLM03",
    remedy="drop the flag; take a model whose architecture the runtime knows",
    kinds=INFERENCES,
    check=_check,
    cel=lambda kind, _: cel.containers(kind, _PARTS),
)
