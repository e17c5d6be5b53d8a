"""The reference page by page: one for each rule with a bad and a good manifest, one for each part of fleet.yaml.

Nothing here is written by hand: rules and their manifests are those that the tests drive every engine with, examples
of keys are taken from fleets that are shown or shipped.
"""

import difflib
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

import kaitops
from kaitops.fleet.json_schema import fleet_schema
from kaitops.policies.registry import load
from kaitops.policies.rule import Rule

ROOT = Path(kaitops.__file__).resolve().parents[1]
RULES, KEYS = "rules", "keys"
FIRST = ("Model", "Fleet", "Cluster", "Environment", "Tuning", "Rag", "Mirror")
_BLOCK = re.compile(r"^```yaml\n(.*?)^```", re.MULTILINE | re.DOTALL)
# An environment says what a cluster says, so what shows the one shows the other.
_AS = {"Environment": "Cluster"}


class Plain(yaml.SafeDumper):
    """As people write it: no aliases, lists within their key."""

    def ignore_aliases(self, data: Any) -> bool:
        """Never by another place."""
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Two more spaces within a list."""
        return super().increase_indent(flow, False)


def pages() -> Iterator[tuple[str, str]]:
    """Each page: its path, and its Markdown."""
    yield from rule_pages()
    yield from key_pages()


def written(data: Any) -> str:
    """A value as YAML, in a block."""
    return f"```yaml\n{yaml.dump(data, Dumper=Plain, sort_keys=False, width=100)}```\n"


def rule_pages() -> Iterator[tuple[str, str]]:
    """A page a rule."""
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))
    from tests.policies.cases import all_cases

    cases = list(all_cases())
    for rule in load():
        found = [case for case in cases if case.rule == rule.id]
        bad = next(case for case in found if case.at)
        good = max((case for case in found if not case.at), key=lambda case: _likeness(bad, case))
        yield f"{RULES}/{rule.id}.md", _rule(rule, bad, good)


def _likeness(bad: Any, good: Any) -> tuple[bool, float]:
    """The good one that teaches most is the bad one with little changed, under the same circumstances."""
    same = (bad.config, bad.environment, bad.version, bad.complete) == (
        good.config, good.environment, good.version, good.complete,
    )  # fmt: skip
    if bad.document == good.document and bad.others == good.others:
        return False, 0.0
    texts = [yaml.dump_all([*one.others, one.document], Dumper=Plain).splitlines() for one in (bad, good)]
    return same, difflib.SequenceMatcher(None, *texts, autojunk=False).ratio()


def _rule(rule: Rule, bad: Any, good: Any) -> str:
    kinds = ", ".join(f"`{kind}`" for kind in rule.kinds)
    levels = "".join(f", {level or 'off'} in {name}" for name, level in rule.environments.items())
    places = ", ".join(f"`{'.'.join(str(step) for step in path) or 'the object'}`" for path in bad.at)
    title = f"{rule.title[0].upper()}{rule.title[1:]}"
    return "\n".join([
        f"# {rule.id}: {rule.title}\n",
        f"{title}. {rule.why}\n",
        f"- Severity: **{rule.severity}**{levels}",
        f"- Looks at: {kinds}",
        f"- Remedy: {rule.remedy}",
        f"- Source: {rule.source}\n",
        f"## Bad\n\nFound at {places}.\n\n{_shown(bad)}",
        f"## Good\n\nNothing is found.\n\n{_shown(good)}",
        "[All rules](../policies.md)",
    ])  # fmt: skip


def _shown(case: Any) -> str:
    beside = "".join(f"\nBeside it in the cluster:\n\n{written(one)}" for one in case.others)
    usual = type(case.config)()
    said = {name: value for name, value in case.config._asdict().items() if value != getattr(usual, name)}
    policy = f"\nWith this of the organisation: {', '.join(f'`{name}`' for name in said)}.\n" if said else ""
    where = f"\nIn the environment `{case.environment}`.\n" if case.environment != "prod" else ""
    return f"{written(case.document)}{beside}{policy}{where}"


def parts() -> dict[str, dict[str, Any]]:
    """The parts of a fleet by name, those first that most people write."""
    document = fleet_schema()
    known = {"Fleet": document, **document["$defs"]}
    order = [*FIRST, *sorted(set(known) - set(FIRST))]
    return {name: known[name] for name in order if known[name].get("properties") and name != "Flags"}


def examples() -> dict[tuple[str, str], tuple[tuple[str, ...], Any]]:
    """An example of each key: the path above it, and its value. What is shown on a page comes before what is not."""
    found: dict[tuple[str, str], tuple[tuple[str, ...], Any]] = {}
    document = fleet_schema()
    for fleet in _fleets():
        _walk(document, "Fleet", document, fleet, (), found)
    return found


def _fleets() -> Iterator[Any]:
    yield yaml.safe_load((ROOT / "fleet.yaml").read_text("utf-8"))
    for page in sorted((ROOT / "docs").rglob("*.md")):
        for block in _BLOCK.findall(page.read_text("utf-8")):
            data = yaml.safe_load(block) if "\n---" not in block else None
            if isinstance(data, dict) and {"clusters", "models", "rag", "tuning", "environments"} & data.keys():
                yield data
    yield yaml.safe_load(Path(__file__).with_name("examples.yaml").read_text("utf-8"))


def _walk(whole: Any, name: str, part: Any, value: Any, path: tuple[str, ...], found: Any) -> None:
    if not isinstance(value, dict):
        return
    for key, entry in part.get("properties", {}).items():
        if value.get(key) is not None:
            found.setdefault((name, key), (path, value[key]))
            _enter(whole, entry, value[key], (*path, key), found)


def _enter(whole: Any, node: Mapping[str, Any], value: Any, path: tuple[str, ...], found: Any) -> None:
    if "$ref" in node:
        name = node["$ref"].rsplit("/", 1)[-1]
        _walk(whole, name, whole["$defs"][name], value, path, found)
    for option in node.get("anyOf", ()):
        _enter(whole, option, value, path, found)
    if isinstance(value, list):
        for one in value:
            _enter(whole, node.get("items", {}), one, path, found)
    elif isinstance(value, dict):
        inner = next(iter(node.get("patternProperties", {}).values()), node.get("additionalProperties"))
        if isinstance(inner, dict):
            for key, one in value.items():
                _enter(whole, inner, one, (*path, key), found)


def key_pages() -> Iterator[tuple[str, str]]:
    """A page a part, with a section and an example for each key."""
    known, shown = parts(), examples()
    for name, part in known.items():
        text = f"# {name}\n\n{part.get('description') or name}\n"
        for key, entry in part["properties"].items():
            needed = " **Required.**" if key in part.get("required", ()) else ""
            default = entry.get("default")
            usual = "" if default in (None, {}, []) else f" Where nothing is said: `{default}`."
            path, value = shown.get((name, key)) or shown[_AS[name], key]
            path = ("environments", "prod", *path[2:]) if name == "Environment" else path
            for step in reversed((*path, key)):
                value = {step: value}
            text += (
                f"\n## {key}\n\n{entry.get('description', '')}{needed}{usual}{_leads(entry, known)}\n\n{written(value)}"
            )
        yield f"{KEYS}/{name}.md", f"{text}\n[All keys in one table](../fleet.md#{name.lower()})\n"


def _leads(entry: Any, known: Mapping[str, Any]) -> str:
    names = dict.fromkeys(re.findall(r"#/\$defs/(\w+)", str(entry)))
    links = ", ".join(f"[{name}]({name}.md)" for name in names if name in known)
    return f" Its keys: {links}." if links else ""
