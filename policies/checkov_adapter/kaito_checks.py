"""One check for each rule that can judge one object; ids are ``CKV_KAITO_nnn``.

Owns the way in and out of checkov, which marks lines in every mapping and turns annotations into a list: both are
undone before a rule sees the document. Rules over the whole bundle are left to the gate. Settings come from
``KAITOPS_POLICY`` (path of kaitops-policy.yaml), ``KAITOPS_ENVIRONMENT``, ``KAITOPS_VERSION``, ``KAITOPS_CLOUD``,
``KAITOPS_REGION`` and ``KAITOPS_TODAY``.
"""

import os
import sys
from pathlib import Path
from typing import Any

# The folder that kaitops is imported from: of a clone, or of the wheel that holds this file.
_ROOT = next(str(each) for each in Path(__file__).resolve().parents if (each / "kaitops" / "__init__.py").is_file())
if _ROOT not in sys.path:
    sys.path.insert(0, _ROOT)

from checkov.common.bridgecrew.severities import Severities  # noqa: E402
from checkov.common.models.enums import CheckCategories, CheckResult  # noqa: E402
from checkov.kubernetes.checks.resource.base_spec_check import BaseK8Check  # noqa: E402

from kaitops.kaito.facts import newest  # noqa: E402
from kaitops.policies import config as configuration  # noqa: E402
from kaitops.policies import facts  # noqa: E402
from kaitops.policies.azure import SPACE  # noqa: E402
from kaitops.policies.reading import group_kind  # noqa: E402
from kaitops.policies.registry import judge, load  # noqa: E402
from kaitops.policies.rule import Config, Context, Rule, Scope  # noqa: E402
from kaitops.today import today  # noqa: E402

_LINES = ("__startline__", "__endline__")


def clean(value: Any, *, metadata: bool = False) -> Any:
    """The document as it was written."""
    if isinstance(value, dict):
        held: dict[str, Any] = {}
        for key, entry in value.items():
            if key in _LINES:
                continue
            if metadata and key == "annotations" and isinstance(entry, list) and len(entry) == 1:
                entry = entry[0]
            held[str(key)] = clean(entry, metadata=key == "metadata")
        return held
    return [clean(entry) for entry in value] if isinstance(value, list) else value


class _RuleCheck(BaseK8Check):
    """A rule in the shape of a check. checkov keeps one instance for all objects and knows no message but the name."""

    def __init__(self, rule: Rule, context: Context) -> None:
        self._rule, self._context = rule, context
        kinds = sorted({kind.rpartition("/")[2] for kind in rule.kinds})
        super().__init__(
            name=rule.title,
            id=_id(rule),
            categories=[CheckCategories.KUBERNETES],
            supported_entities=kinds,
            guideline=f"{rule.why} {rule.remedy} ({rule.source})",
        )
        severity = rule.severity_in(context.environment, context.config)
        self.severity = Severities[(severity or rule.severity).value]

    def scan_spec_conf(self, conf: dict[str, Any]) -> CheckResult:
        """Judge one object; kinds of other API groups that share a name are not ours."""
        self.name = self._rule.title
        document = clean(conf)
        kind = group_kind(document)
        if not kind or (kind not in self._rule.kinds and "*" not in self._rule.kinds):
            return CheckResult.UNKNOWN
        found = judge([self._rule], document, self._context)
        if not found:
            return CheckResult.PASSED
        self.name = f"{self._rule.title}: {found[0].message}"
        self.evaluated_keys = ["/".join(map(str, one.path)) for one in found]
        return CheckResult.FAILED


def _id(rule: Rule) -> str:
    word, digits = rule.id[:-3], rule.id[-3:]
    return f"CKV_{word}_{digits}"


def _register() -> None:
    policy = os.environ.get("KAITOPS_POLICY")
    config = configuration.read(policy) if policy else Config()
    context = facts.context(
        os.environ.get("KAITOPS_VERSION") or newest(),
        today(),
        settings={"cloud": os.environ.get("KAITOPS_CLOUD", "azure")},
        region=os.environ.get("KAITOPS_REGION", ""),
        config=config,
        environment=os.environ.get("KAITOPS_ENVIRONMENT"),
    )
    for rule in load(config.rules):
        # checkov reads Azure resources from templates and not as objects; the gate judges those.
        if all(kind.startswith(SPACE) for kind in rule.kinds):
            continue
        if rule.scope is not Scope.BUNDLE and rule.severity_in(context.environment, config) is not None:
            _RuleCheck(rule, context)


_register()
