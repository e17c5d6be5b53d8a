"""The rules as a Pulumi policy pack: ``pulumi preview --policy-pack policies/pulumi_pack``.

Owns the way in and out of Pulumi: properties are proxies, and values that are not known yet raise when touched. Rules
over one object judge each resource; those that look at others judge the stack. HIGH and CRITICAL stop the update, the
others advise. Settings come from the environment as in the checkov adapter, policy and exemptions from the files that
the gate reads, so that one object has one verdict.
"""

import os
import re
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

# The folder that kaitops is imported from: of a clone, or of the wheel that holds this file.
_ROOT = next(str(each) for each in Path(__file__).resolve().parents if (each / "kaitops" / "__init__.py").is_file())
if _ROOT not in sys.path:
    sys.path.insert(0, _ROOT)


def _environment() -> str | None:
    """The Python whose environment this pack is part of: of the wheel that holds it, or beside it in a clone."""
    root = Path(_ROOT)
    found = [root / ".venv" / "bin" / "python", *(each / "bin" / "python" for each in root.parents[2:3])]
    return next((str(each) for each in found if each.exists() and str(each) != sys.executable), None)


if find_spec("pulumi_policy") is None and (python := _environment()):
    # The engine starts the first python3 of the PATH, which need not be the one that has the rules.
    os.execv(python, [python, "-u", *sys.argv])  # noqa: S606

from pulumi_policy import (  # noqa: E402
    EnforcementLevel,
    PolicyPack,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)
from pulumi_policy.proxy import UnknownValueError  # noqa: E402

from kaitops.components import arm_template  # noqa: E402
from kaitops.errors import BadInput  # noqa: E402
from kaitops.gate import checks  # noqa: E402
from kaitops.gate.forms import templates  # noqa: E402
from kaitops.gate.trust import exemptions  # noqa: E402
from kaitops.gate.trust.beside import EXEMPTIONS, POLICY  # noqa: E402
from kaitops.gate.trust.exemptions import Exemptions  # noqa: E402
from kaitops.kaito.facts import newest  # noqa: E402
from kaitops.policies import config as configuration  # noqa: E402
from kaitops.policies import facts  # noqa: E402
from kaitops.policies.registry import judge, load  # noqa: E402
from kaitops.policies.rule import Config, Context, Rule, Scope, Severity  # noqa: E402
from kaitops.today import today  # noqa: E402

_TYPE = "kubernetes:"
_NOTHING: Mapping[str, Any] = {}
_AZURE = arm_template.PREFIX
_NAME = re.compile(r"\{(\w+)\}")


def plain(value: Any) -> Any:
    """Plain data of a proxy; what is not known before the update is left out."""
    if isinstance(value, Mapping):
        held: dict[str, Any] = {}
        for key in value:
            try:
                held[str(key)] = plain(value[key])
            except UnknownValueError:
                continue
        return held
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return [plain(value[place]) for place in range(len(value))]
    # Numbers come as floats over the wire.
    return int(value) if isinstance(value, float) and value.is_integer() else value


def document(kind: str, properties: Any, name: str = "", needs: Mapping[str, Any] = _NOTHING) -> dict[str, Any] | None:
    """The Kubernetes object of a resource, or the resource of Azure as a template holds it; None for everything else.

    Args:
        name: of the resource in the program.
        needs: the resources that its inputs come from, by input.
    """
    if kind.startswith(_AZURE):
        return _azure(kind, plain(properties), name, needs)
    if not kind.startswith(_TYPE):
        return None
    held = plain(properties)
    return held if isinstance(held.get("kind"), str) and isinstance(held.get("apiVersion"), str) else None


def _azure(kind: str, held: dict[str, Any], name: str, needs: Mapping[str, Any]) -> dict[str, Any] | None:
    try:
        above = _NAME.findall(arm_template.known(arm_template.short(kind))["path"])
    except BadInput:
        return None
    # A stack is told by its outputs, in which a resource has a name of its own and its parent's is another's.
    for place, field in enumerate(above):
        told = held.get("name") if place == len(above) - 1 else _named_by(needs.get(field))
        if told and field not in held:
            held[field] = told
    held.pop("name", None)
    template = {"resources": [arm_template.alone(kind, name, held)]}
    return next(iter(templates.resources(template)))[1]


def _named_by(needed: Sequence[Any] | None) -> str | None:
    return plain(needed[0].props).get("name") if needed else None


def _context(config: Config, objects: Sequence[Mapping[str, Any]] = (), *, complete: bool = False) -> Context:
    return facts.context(
        os.environ.get("KAITOPS_VERSION") or newest(),
        today(),
        settings={"cloud": os.environ.get("KAITOPS_CLOUD", "azure")},
        region=os.environ.get("KAITOPS_REGION", ""),
        config=config,
        environment=os.environ.get("KAITOPS_ENVIRONMENT"),
        objects=objects,
        complete=complete,
    )


def _text(path: Sequence[str | int], message: str, rule: Rule) -> str:
    return f"{'.'.join(map(str, path))}: {message}; {rule.remedy}"


def _named(variable: str, file: str) -> str | None:
    """A file that the environment names, or that lies where the command is given: the engine starts packs elsewhere."""
    beside = Path(os.environ.get("PWD", ".")) / file
    return os.environ.get(variable) or (str(beside) if beside.is_file() else None)


@cache
def _exemptions() -> Exemptions:
    path = _named("KAITOPS_EXEMPTIONS", EXEMPTIONS)
    if path is None:
        return Exemptions([], annotations=False)
    known = frozenset(rule.id for rule in load(_config().rules))
    return exemptions.parse(Path(path).read_bytes(), path, known, today())


@cache
def _config() -> Config:
    policy = _named("KAITOPS_POLICY", POLICY)
    return configuration.read(policy) if policy else Config()


def _exempt(rule: Rule, held: Mapping[str, Any]) -> bool:
    """Whether somebody answers for what the rule finds at the object, as the gate decides it."""
    about = held.get("metadata") or {}
    place = "/".join(part for part in (about.get("namespace"), about.get("name")) if part)
    listed, day = _exemptions(), today().isoformat()
    subject = f"{held['kind']} {place}"
    if any(one.names(rule.id, subject) and one.until >= day for one in listed.entries):
        return True
    told = (about.get("annotations") or {}).get(f"{checks.EXEMPT}{rule.id}") if listed.annotations else None
    said = exemptions.written(told, today()) if told and rule.id not in checks.BINDING else None
    return said is not None and said[2] >= day


def _resource_policy(rule: Rule, level: EnforcementLevel, config: Config) -> ResourceValidationPolicy:
    context = _context(config)

    def validate(args: ResourceValidationArgs, report: ReportViolation) -> None:
        held = document(args.resource_type, args.props, args.name)
        for found in judge([rule], held, context) if held and not _exempt(rule, held) else ():
            report(_text(found.path, found.message, rule))

    return ResourceValidationPolicy(rule.id.lower(), f"{rule.title}. {rule.why}", validate, level)


def _stack_policy(rule: Rule, level: EnforcementLevel, config: Config) -> StackValidationPolicy:
    def validate(args: StackValidationArgs, report: ReportViolation) -> None:
        held = [
            (each.urn, document(each.resource_type, each.props, each.name, each.property_dependencies or _NOTHING))
            for each in args.resources
        ]
        # As in the gate, what lies in a cluster and what lies in Azure are two trees.
        for azure in (False, True):
            tree = [(urn, one) for urn, one in held if one and templates.is_resource(one) is azure]
            context = _context(config, [one for _, one in tree], complete=True)
            for urn, one in tree:
                for found in () if _exempt(rule, one) else judge([rule], one, context):
                    report(_text(found.path, found.message, rule), urn)

    return StackValidationPolicy(rule.id.lower(), f"{rule.title}. {rule.why}", validate, level)


def pack() -> PolicyPack:
    """The pack of all rules that apply to the environment."""
    config = _config()
    # Read before the first resource: what cannot be read as written exempts nothing and starts nothing.
    _exemptions()
    environment = os.environ.get("KAITOPS_ENVIRONMENT") or config.environment
    made: list[ResourceValidationPolicy | StackValidationPolicy] = []
    for rule in load(config.rules):
        severity = rule.severity_in(environment, config)
        if severity is None:
            continue
        level = EnforcementLevel.MANDATORY if severity >= Severity.HIGH else EnforcementLevel.ADVISORY
        build = _resource_policy if rule.scope is Scope.OBJECT else _stack_policy
        made.append(build(rule, level, config))
    return PolicyPack("kaitops", policies=made, enforcement_level=EnforcementLevel.ADVISORY)


if __name__ == "__main__":
    pack()
