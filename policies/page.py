"""The index page of the rules, generated from their metadata."""

from collections.abc import Sequence

from kaitops.policies.rule import ENVIRONMENTS, Config, Rule, Scope
from kaitops.policies.vap import expressions

_HEAD = """\
# Policies

Generated from the rules' metadata; do not edit. A rule is one file in `policies/rules/`.

`C` gate and checkov, `B` gate only (looks at the whole bundle), `P` Pulumi pack, `V` ValidatingAdmissionPolicy.
A policy of `V` sees one object: what a rule finds by another one, or by more than core CEL reads, it does not find.
Rules that need an entry of `kaitops-policy.yaml` (registries, requiredLabels, ...) do not apply without it.

| id | severity | kinds | engines | what holds |
|---|---|---|---|---|
"""


def page(rules: Sequence[Rule]) -> str:
    """The page as Markdown."""
    return _HEAD + "".join(_row(rule) for rule in rules) + "\n" + "\n".join(_section(rule) for rule in rules)


def _row(rule: Rule) -> str:
    configured = Config(registries=("registry",), required_labels=("label",))
    engines = ("B" if rule.scope is Scope.BUNDLE else "C") + "P" + ("V" if list(expressions(rule, configured)) else "")
    kinds = ", ".join(dict.fromkeys(kind.rpartition("/")[2] for kind in rule.kinds)).replace("*", "all")
    return f"| [{rule.id}](#{rule.id.lower()}) | {_severity(rule)} | {kinds} | {engines} | {rule.title} |\n"


def _severity(rule: Rule) -> str:
    others = [f"{name}: {rule.environments[name] or 'off'}" for name in ENVIRONMENTS if name in rule.environments]
    return f"{rule.severity} ({', '.join(others)})" if others else str(rule.severity)


def _section(rule: Rule) -> str:
    title = f"{rule.title[0].upper()}{rule.title[1:]}"
    return f"## {rule.id}\n\n{title}. {rule.why} Source: {rule.source}. Remedy: {rule.remedy}.\n"
