"""The gate over single objects: every case of every rule, seeded defects, templates, and what it is told badly."""

import json
from collections import defaultdict
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import yaml

from tests.gate import seeded_defects, test_templates
from tests.gate.objects import DEPLOYMENT, PUBLIC, RULE, WORKSPACE
from tests.gate.test_exemptions import ENTRY
from tests.net.case import Batch, Case, Edits, Files, Step, Text, kaitops
from tests.net.case import batches as parts
from tests.net.corpus import forms
from tests.policies.cases import Case as Judged
from tests.policies.cases import all_cases
from tests.policies.cases.azure import CLUSTER, POOL, REGISTRY
from tests.version import KAITO

_DEFECTS, _HARMLESS = 120, 48
_COMMIT = (("init", "-q"), ("add", "."), ("commit", "-qm", "base"))


def batches() -> Iterator[Batch]:
    """Cases in batches."""
    yield from parts([*_rules()], 8, 0.5)
    yield from parts([*_defects()], 40, 0.08)
    yield from parts([_templates(), _own_rules(), _exempted(), _told_badly(), _streams(), _policy()], 2, 1)


def _rules() -> Iterator[Case]:
    """Each rule with all of its cases; the first that fails in every form."""
    held: dict[str, list[Judged]] = defaultdict(list)
    for case in all_cases():
        held[case.rule].append(case)
    for rule, cases in sorted(held.items()):
        files: dict[str, Text] = {}
        steps: list[Step] = []
        for number, case in enumerate(cases):
            place = f"{number:02d}"
            files |= _laid(place, case)
            steps.append(forms.gate(place, "-o", "json", *_options(place, case)))
        shown = next((number for number, case in enumerate(cases) if case.at), 0)
        place = f"{shown:02d}"
        steps += forms.of_one_rule(place, *_options(place, cases[shown]))
        yield Case(f"policies/{rule}", tuple(steps), files)


def _laid(place: str, case: Judged) -> Files:
    documents = [case.document, *case.others]
    ours = [one for one in documents if not one["apiVersion"].startswith("Microsoft.")]
    azure = [one for one in documents if one not in ours]
    files: dict[str, Text] = {f"{place}.policy.yaml": json.dumps(_configuration(case))}
    if ours:
        files[f"{place}/objects.yaml"] = yaml.safe_dump_all(deepcopy(ours), sort_keys=False)
    if azure:
        files[f"{place}/infra.json"] = _template([test_templates._resource({"properties": {}, **one}) for one in azure])
    return files


def _options(place: str, case: Judged) -> list[str]:
    options = ["--policy", f"{place}.policy.yaml", "--fail-on", "LOW"]
    for key, word in (("cloud", "--cloud"), ("nodeProvisioner", "--provisioner")):
        if key in case.settings:
            options += [word, case.settings[key]]
    if case.version != KAITO:
        options += ["--kaito", case.version]
    if case.region:
        options += ["--region", case.region]
    return [*options, "--complete"] if case.complete else options


def _configuration(case: Judged) -> dict[str, Any]:
    config = case.config
    lists = {
        "registries": config.registries, "organisations": config.organisations, "datasetHosts": config.dataset_hosts,
        "requiredLabels": config.required_labels, "knownSecrets": config.known_secrets,
    }  # fmt: skip
    data: dict[str, Any] = {key: list(value) for key, value in lists.items() if value}
    data["environment"] = case.environment
    return data | ({"maxNodes": config.max_nodes} if config.max_nodes else {})


def _template(resources: Any) -> str:
    return json.dumps(
        {"$schema": test_templates._SCHEMA, "contentVersion": "1.0.0.0", "resources": resources}, indent=2
    )


def _defects() -> Iterator[Case]:
    """Bad and harmless changes of good manifests, most of them against the base."""
    base = seeded_defects.good()
    before = {_path(name): _yaml(document) for name, document in base.items()}
    for kind, make, count in (
        ("defect", seeded_defects.defect, _DEFECTS), ("harmless", seeded_defects.harmless, _HARMLESS),
    ):  # fmt: skip
        for number in range(count):
            change = make(number, base)
            after: dict[str, Text] = {_path(name): _yaml(document) for name, document in change.tree.items()}
            after |= {f"m/{name}": text for name, text in change.texts.items()}
            edits: dict[str, Text | None] = {path: None for path in before if path not in after}
            edits |= {path: text for path, text in after.items() if before.get(path) != text}
            options: list[str] = []
            for place, (option, text) in enumerate(change.beside.items()):
                edits[f"beside-{place}"] = text
                options += [option, f"beside-{place}"]
            options += [*change.options, *(["--base", "HEAD"] if change.against_base else [])]
            words = (
                "m",
                "--trust-context",
                "-o",
                "json",
                "--today",
                seeded_defects.TODAY,
                "--fail-on",
                change.fail_on,
                *options,
            )
            yield Case(f"gate/{kind}/{number:03d}", (_against(forms.gate(*words), edits),), before)


def _against(step: Step, edits: Edits) -> Step:
    return kaitops(*step.words, files=edits, git=_COMMIT if "--base" in step.words else ())


def _path(name: str) -> str:
    return f"m/{'kaitops-context' if name == 'context' else name.replace(' ', '-').lower()}.yaml"


def _yaml(document: Any) -> str:
    return yaml.safe_dump(document, sort_keys=False)


def _templates() -> Case:
    whole = [test_templates._resource(one) for one in (CLUSTER, POOL, REGISTRY)]
    loose = [
        test_templates._resource(CLUSTER, disableLocalAccounts=False),
        test_templates._resource(REGISTRY, publicNetworkAccess="Enabled"),
    ]
    files: Files = {
        "whole/infra.json": _template(whole),
        "loose/infra.json": _template(loose),
        "named/infra.json": _template({"a": loose[0]}),
    }
    return Case(
        "gate/templates", (forms.gate("whole"), forms.gate("named", "-o", "json"), *forms.all_of("loose")), files
    )


def _own_rules() -> Case:
    body = 'if document["metadata"]["name"] == "phi":\n        yield ("metadata", "name"), "too short"'
    files: Files = {
        "a.yaml": WORKSPACE,
        "rules/own.py": RULE.format(body=body),
        "broken/own.py": RULE.format(body="1 / 0; yield"),
    }
    policy = "rules: [rules]\nseverity: {KAITO039: {level: 'off', reason: a}, TEAM001: {level: CRITICAL, reason: b}}\n"
    return Case("gate/own-rules", (
        forms.gate("a.yaml", "--rules", "rules"), forms.gate("a.yaml", "--rules", "broken"), forms.gate("a.yaml", "--rules", "none"),
        kaitops("policy", "--rules", "rules", "TEAM"),
        kaitops(*forms.gate("a.yaml").words, files={"kaitops-policy.yaml": policy}),
        *(kaitops(*forms.gate("a.yaml").words, files={"kaitops-policy.yaml": text}) for text in (
            "unknown: 1\n", "environment: test\n", "maxNodes: 0\n", "severity: {KAITO001: {level: HIGH}}\n", "[]\n", "registries: a\n", "")),
    ), files)  # fmt: skip


def _exempted() -> Case:
    words = forms.gate("a.yaml", "--exemptions", "x.yaml").words
    late = forms.gate("a.yaml", "--exemptions", "x.yaml", "--today", "2027-01-01").words
    broken = (
        "exemptions: 3\n",
        ENTRY.replace("  owner: team-a\n", ""),
        ENTRY.replace("team/*", "other/*"),
        "annotations: true\n",
    )
    marked = PUBLIC.replace('"True"\n', '"True"\n    kaitops.io/exempt.KAITO001: "demo; team-a; 2027-03-31"\n')
    steps = (kaitops(*words), kaitops(*late), *(kaitops(*words, files={"x.yaml": text}) for text in broken))
    files: Files = {"a.yaml": PUBLIC, "x.yaml": ENTRY, "marked.yaml": marked}
    more = (forms.gate("marked.yaml"), forms.gate("marked.yaml", "--exemptions", "x.yaml"))
    return Case("gate/exemptions", (*steps, *more), files)


def _told_badly() -> Case:
    wrong = {
        "name": WORKSPACE.replace("  name: phi\n  namespace: team\n", "  {}\n"), "kind": WORKSPACE.replace("kind: Workspace", "kind: Workspaze"),
        "tab": "a:\n\t- b\n", "list": "- a\n", "empty": "", "size": WORKSPACE.replace("NC24ads_A100_v4", "Nope"),
        "preset": WORKSPACE.replace("phi-4-mini-instruct", "phi-5"), "field": WORKSPACE.replace("    name: phi-4", "    nome: phi-4"),
        "type": WORKSPACE.replace("Standard_NC24ads_A100_v4", "3"), "deployment": DEPLOYMENT, "generate": WORKSPACE.replace("  name: phi\n", "  generateName: p-\n", 1),
    }  # fmt: skip
    files: dict[str, Text] = {f"{name}.yaml": text for name, text in wrong.items()}
    files |= {"utf.yaml": b"\xff\n", "a.yaml": WORKSPACE, "bad-budget.yaml": "totally: 1\n", "quota.json": "{}"}
    options = (
        ("--today", "tomorrow"), ("--feature-gate", "vLLM"), ("--feature-gate", "noGate=true"), ("--assume-present", "x"), ("--kaito", "0.99.0"),
        ("--require-checkov",), ("--write-plan", "plans"), ("--context", "x"), ("--budget", "none.yaml"), ("--budget", "bad-budget.yaml"),
        ("--quota", "quota.json"), ("--policy", "none.yaml"), ("--fail-on", "SOME"), ("-o", "xml"), ("--base", "HEAD"), ("--region", "atlantis", "--cost"),
    )  # fmt: skip
    steps = [forms.gate(f"{name}.yaml", "-o", form) for name in (*wrong, "utf") for form in ("table", "json")]
    steps += [forms.gate("a.yaml", *option) for option in options]
    return Case("gate/told-badly", (*steps, forms.gate("none"), *forms.all_of(".")), files)


def _streams() -> Case:
    listed = json.dumps(
        {"apiVersion": "v1", "kind": "List", "items": [yaml.safe_load(PUBLIC), yaml.safe_load(DEPLOYMENT)]}
    )
    needing = WORKSPACE + "  config: settings\n"
    folder: Files = {
        "k/kustomization.yaml": "namespace: other\nresources: [a.yaml, lost.yaml]\n",
        "k/a.yaml": PUBLIC,
        "n.yaml": needing,
    }
    words = forms.gate("-").words
    return Case("gate/streams", (
        kaitops(*words, stdin=PUBLIC + "---\n" + DEPLOYMENT), kaitops(*words, "-o", "sarif", stdin=listed), kaitops(*words, stdin=""),
        kaitops(*words, stdin="{"), forms.gate("k"), forms.gate("k", "-o", "json"), forms.gate("n.yaml"),
        forms.gate("n.yaml", "--assume-present", "ConfigMap/settings"), forms.gate("n.yaml", "--complete"),
    ), folder)  # fmt: skip


def _policy() -> Case:
    words = ((), ("kaito00",), ("-o", "json"), ("-o", "yaml"), ("-o", "name"), ("no such rule",), ("--rules", "none"))
    return Case("policies/list", tuple(kaitops("policy", *one) for one in words))
