"""The rules as a Pulumi policy pack: ``pulumi preview --policy-pack policies/pulumi_pack``.

Owns the way in and out of Pulumi: properties are proxies, and values that are not known yet raise when touched. Rules
over one object judge each resource; those that look at others judge the stack. HIGH and CRITICAL stop the update, the
others advise. Settings come from the environment as in the checkov adapter.
"""

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

_ROOT = str(Path(__file__).resolve().parents[2])
if _ROOT not in sys.path:
    sys.path.insert(0, _ROOT)

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

from kaitops.today import today  # noqa: E402
from policies import config as configuration  # noqa: E402
from policies import facts  # noqa: E402
from policies.registry import judge, load  # noqa: E402
from policies.rule import Config, Context, Rule, Scope, Severity  # noqa: E402

_TYPE = "kubernetes:"


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


def document(kind: str, properties: Any) -> dict[str, Any] | None:
    """The Kubernetes object of a resource; None for everything else."""
    if not kind.startswith(_TYPE):
        return None
    held = plain(properties)
    return held if isinstance(held.get("kind"), str) and isinstance(held.get("apiVersion"), str) else None


def _context(config: Config, objects: Sequence[Mapping[str, Any]] = (), *, complete: bool = False) -> Context:
    return facts.context(
        os.environ.get("KAITOPS_VERSION", "0.12.0"),
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


def _resource_policy(rule: Rule, level: EnforcementLevel, config: Config) -> ResourceValidationPolicy:
    context = _context(config)

    def validate(args: ResourceValidationArgs, report: ReportViolation) -> None:
        held = document(args.resource_type, args.props)
        for found in judge([rule], held, context) if held else ():
            report(_text(found.path, found.message, rule))

    return ResourceValidationPolicy(rule.id.lower(), f"{rule.title}. {rule.why}", validate, level)


def _stack_policy(rule: Rule, level: EnforcementLevel, config: Config) -> StackValidationPolicy:
    def validate(args: StackValidationArgs, report: ReportViolation) -> None:
        held = [(each.urn, document(each.resource_type, each.props)) for each in args.resources]
        context = _context(config, [one for _, one in held if one], complete=True)
        for urn, one in held:
            for found in judge([rule], one, context) if one else ():
                report(_text(found.path, found.message, rule), urn)

    return StackValidationPolicy(rule.id.lower(), f"{rule.title}. {rule.why}", validate, level)


def pack() -> PolicyPack:
    """The pack of all rules that apply to the environment."""
    policy = os.environ.get("KAITOPS_POLICY")
    config = configuration.read(policy) if policy else Config()
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
