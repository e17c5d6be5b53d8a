"""Loading, judging and configuring: nothing is silently left out."""

from pathlib import Path

import pytest

from kaitops.errors import BadInput
from kaitops.policies import config, facts, kinds
from kaitops.policies.registry import RuleFailed, judge, load
from kaitops.policies.rule import Config, Override, Rule, Severity
from tests.policies.cases import IS, RAG, WS, patched
from tests.policies.engine import TODAY
from tests.version import KAITO

TOKEN = "hf_" + "Ab3dEf6hIj9lMn2pQr5tUv8x"
OWN = """
from kaitops.policies.rule import Rule, Severity

def check(document, context):
    if document["metadata"]["name"] == "phi":
        yield ("metadata", "name"), "too short"

RULE = Rule("TEAM001", Severity.LOW, "long names", "why", "source", "remedy", ("kaito.sh/Workspace",), check)
"""


def _context(**more):
    return facts.context(KAITO, TODAY, **more)


def test_own_rules_join_by_path(tmp_path: Path) -> None:
    (tmp_path / "yaml.py").write_text(OWN)
    rules = load([str(tmp_path)])
    assert len(rules) == len(load()) + 1
    assert [(one.rule.id, one.path) for one in judge(rules, WS, _context())] == [("TEAM001", ("metadata", "name"))]
    import yaml

    assert hasattr(yaml, "CSafeLoader")


@pytest.mark.parametrize(
    ("files", "message"),
    [
        (None, "no such folder.*correct --rules"),
        ({}, "holds no rule"),
        ({"a.py": "1/0"}, "ZeroDivisionError"),
        ({"a.py": "x = 1"}, "no RULE"),
        ({"a.py": OWN.replace("TEAM001", "KAITO001")}, "is taken"),
        ({"a.py": OWN.replace("TEAM001", "team one")}, "needs an id"),
        ({"a.py": OWN, "b.py": OWN}, "is taken"),
    ],
)
def test_a_folder_that_does_not_hold_together_is_an_error(tmp_path: Path, files: dict | None, message: str) -> None:
    folder = tmp_path / "rules"
    if files is not None:
        folder.mkdir()
        for name, text in files.items():
            (folder / name).write_text(text)
    with pytest.raises(BadInput, match=message):
        load([str(folder)])


@pytest.mark.parametrize(
    ("kinds", "message"),
    [
        ('("Deployment",)', "the core group has no such kind.*write 'apps/Deployment'"),
        ('(("apps", "Deployment"),)', "each is one text.*write 'apps/Deployment'"),
        ('("Service", "apps/v1/Deployment")', "the version is no part of it; write 'apps/Deployment'"),
        ('("v1/Service",)', "the version is no part of it; write 'Service'"),
        ('("core/Service",)', "Kubernetes has no such group; write 'Service'"),
        ('("kaito.sh/workspace",)', "begins with a capital.*write 'kaito.sh/Workspace'"),
        ('("kaito.sh/Workspaces",)', "the group has no such kind; write 'kaito.sh/Workspace'"),
        ('("example.com/v1/Widget",)', "write 'example.com/Widget'"),
        ('("Widget",)', "name the kind with its group"),
        ('"kaito.sh/Workspace"', r"a tuple of texts; write \('kaito.sh/Workspace',\)"),
        ('"Deployment"', r"a tuple of texts; write \('apps/Deployment',\)"),
        ("(3,)", "each is one text"),
    ],
)
def test_a_rule_of_ones_own_for_a_kind_that_no_object_has_is_refused(tmp_path: Path, kinds: str, message: str) -> None:
    (tmp_path / "own.py").write_text(OWN.replace('("kaito.sh/Workspace",)', kinds))
    with pytest.raises(BadInput, match=rf"own\.py: kinds of rule TEAM001 .*{message}.*; as it is the rule would never"):
        load([str(tmp_path)])


@pytest.mark.parametrize(
    "kinds",
    [
        '("apps/Deployment", "ConfigMap", "*")', '["kaito.sh/Workspace"]', '("example.com/Widget",)', '("Endpoints",)',
        '("apps/ControllerRevision",)', '("gateway.networking.k8s.io/TCPRoute",)', '("extensions/Ingress",)',
        '("Microsoft.ContainerService/managedClusters/agentPools",)',
    ],
)  # fmt: skip
def test_a_rule_of_ones_own_may_name_every_kind_that_an_object_can_have(tmp_path: Path, kinds: str) -> None:
    (tmp_path / "own.py").write_text(OWN.replace('("kaito.sh/Workspace",)', kinds))
    assert "TEAM001" in {rule.id for rule in load([str(tmp_path)])}


def test_the_kinds_of_all_rules_are_ones_that_a_rule_of_ones_own_may_name() -> None:
    assert {rule.id: kinds.problem(rule.kinds) for rule in load() if kinds.problem(rule.kinds)} == {}


def test_a_rule_that_raises_is_no_verdict() -> None:
    broken = Rule("TEAM002", Severity.LOW, "t", "w", "s", "r", ("*",), lambda d, c: [d["nothing"]])
    with pytest.raises(RuleFailed, match=r"with KeyError \(test_registry.py, line [0-9]+\)") as caught:
        judge([broken], WS, _context())
    assert caught.value.exit_code == 2


def test_kinds_are_matched_with_their_group() -> None:
    foreign = {
        **WS,
        "apiVersion": "app.terraform.io/v1alpha2",
        "metadata": {"annotations": {"kaito.sh/enablelb": "True"}},
    }
    assert judge(load(), foreign, _context()) == []
    assert judge(load(), {"kind": 1}, _context()) == []


def test_no_message_repeats_a_secret() -> None:
    documents = [
        patched(WS, {"inference": {"preset": {"name": f"{TOKEN}"}}, "resource": {"instanceType": TOKEN}}),
        patched(WS, {"inference": {"template": {"spec": {"containers": [{"image": f"x/{TOKEN}"}]}}}}),
        patched(IS, {"metadata": {"namespace": None}, "spec": {"template": {"resource": {"instanceType": TOKEN}}}}),
        patched(RAG, {"spec": {"inferenceService": {"url": f"http://u:{TOKEN}@h.example.com"}}}),
        patched(WS, {"tuning": {"input": {"urls": [f"http://h/x?sig={TOKEN}", f"{TOKEN}://x"]}}}),
    ]
    texts = [one.message for each in documents for one in judge(load(), each, _context())]
    assert len(texts) > 10
    assert [text for text in texts if TOKEN[:12] in text] == []


def test_severities_follow_environment_and_configuration() -> None:
    exposed = patched(WS, {"metadata": {"annotations": {"kaito.sh/bypass-resource-checks": ""}}})
    assert [one.severity for one in judge(load(), exposed, _context())] == [Severity.HIGH]
    low = Config(overrides={"KAITO007": Override(Severity.LOW, "lab")})
    assert [one.severity for one in judge(load(), exposed, _context(config=low))] == [Severity.LOW]
    assert judge(load(), exposed, _context(config=Config(overrides={"KAITO007": Override(None, "lab")}))) == []
    assert Severity.LOW < Severity.MEDIUM < Severity.HIGH < Severity.CRITICAL
    assert Severity.CRITICAL >= "HIGH" and not Severity.LOW > "LOW" and Severity.LOW <= "LOW"


def test_configuration_is_read(tmp_path: Path) -> None:
    file = tmp_path / config.FILE
    file.write_text(
        "environment: staging\nclusters: {lab: dev}\nregistries: [a.io]\nmaxNodes: 2\nrules: [ours]\n"
        "severity:\n  KAITO001: {level: off, reason: lab}\n  KAITO002: {level: LOW, reason: known}\n"
    )
    read = config.read(file)
    assert read.environment_of("lab") == "dev"
    assert read.environment_of("x") == "staging"
    assert read.registries == ("a.io",)
    assert read.max_nodes == 2
    assert read.rules == (str(tmp_path / "ours"),)
    assert read.overrides == {"KAITO001": Override(None, "lab"), "KAITO002": Override(Severity.LOW, "known")}


@pytest.mark.parametrize(
    "text",
    [
        "registry: [a]", "environment: test", "clusters: {a: b}", "registries: a", "maxNodes: 0", "maxNodes: true",
        "severity: {KAITO001: off}", "severity: {KAITO001: {level: off}}", "severity: {KAITO001: {level: off, reason: ''}}",
        "severity: {KAITO001: {level: high, reason: x}}", "- a", "environment: prod\n---\nenvironment: dev",
    ],
)  # fmt: skip
def test_configuration_that_is_not_as_it_has_to_be_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / config.FILE
    file.write_text(text)
    with pytest.raises(BadInput):
        config.read(file)
