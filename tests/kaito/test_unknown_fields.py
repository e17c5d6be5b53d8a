"""A field that a kind does not have is refused with what was meant, and at its place."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from kaitops.cli import main
from kaitops.kaito import facts
from kaitops.kaito.kubernetes.unknown_fields import remedy
from tests.version import KAITO

KINDS: Mapping[str, Any] = facts.load(KAITO, "schema.json")["kinds"]
WORKSPACE, SET = (
    {"apiVersion": "kaito.sh/v1beta1", "kind": "Workspace"},
    {"apiVersion": "kaito.sh/v1beta1", "kind": "InferenceSet"},
)


def said(of: Mapping[str, Any], *paths: str) -> str | None:
    return remedy(KAITO, of, ", ".join(f'unknown field "{path}"' for path in paths))


@pytest.mark.parametrize(
    ("document", "path", "wanted"),
    [
        (WORKSPACE, "resource.instancetype", "Write instanceType for resource.instancetype"),
        (WORKSPACE, "resource.instance_type", "Write instanceType for resource.instance_type"),
        (WORKSPACE, "inference.preset.nme", "Write name for inference.preset.nme"),
        (WORKSPACE, "metadata.label", "Write labels for metadata.label"),
        (WORKSPACE, "spec", "Move what stands in spec one level up, where Workspace has it, and remove spec"),
        (
            WORKSPACE,
            "preset",
            "Write it as inference.preset or tuning.preset, where Workspace has it, and remove preset",
        ),
        (WORKSPACE, "status.conditions[0].x", "Remove status.conditions[0].x: the controllers write the status"),
        (
            WORKSPACE,
            "resource.labelSelector.matchExpressions[0].operators",
            "Write operator for resource.labelSelector",
        ),
        (SET, "replicas", "Write it as spec.replicas, where InferenceSet has it, and remove replicas"),
        (SET, "resource", "Write it as spec.template.resource, where InferenceSet has it, and remove resource"),
        (SET, "spec.template.zzzzz", "Remove spec.template.zzzzz: spec.template has no such field, but inference, "),
        (SET, "example.com/a.b", "Remove example.com/a.b: InferenceSet has no such field, but metadata, spec"),
    ],
)
def test_what_was_meant(document: Mapping[str, Any], path: str, wanted: str) -> None:
    found = said(document, path)
    assert found is not None
    assert found.startswith(wanted)


def test_each_of_several_has_its_own() -> None:
    assert said(WORKSPACE, "resource.instancetype", "inference.adapter") == (
        "Write instanceType for resource.instancetype; Write adapters for inference.adapter"
    )
    assert said({"apiVersion": "v1", "kind": "Pod"}, "spec.x") is None


def fields(node: Mapping[str, Any], place: str = "") -> Iterator[str]:
    for name, child in node.get("properties", {}).items():
        path = f"{place}.{name}".lstrip(".")
        yield path
        yield from fields(child, path)
        yield from fields(child.get("items", {}), f"{path}[0]")


@pytest.mark.parametrize("kind", KINDS)
def test_another_case_of_letters_is_known_everywhere(kind: str) -> None:
    version, _, name = kind.rpartition("/")
    paths = [path for path in fields(KINDS[kind]) if path.count(".")]
    assert len(paths) > 5
    for path in paths:
        place, _, field = path.rpartition(".")
        wrong = f"{place}.{field.upper()}"
        assert said({"apiVersion": version, "kind": name}, wrong) == f"Write {field} for {wrong}"


def test_the_gate_says_it_at_the_field(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.yaml").write_text("""\
apiVersion: kaito.sh/v1beta1
kind: Workspace
metadata: {name: phi, namespace: team}
resource:
  labelSelector: {matchLabels: {apps: phi}}
  instancetype: Standard_NC24ads_A100_v4
inference: {preset: {name: phi-4-mini-instruct}}
""")
    main(["gate", "--no-checkov", str(tmp_path)])
    (line,) = [one for one in capsys.readouterr().out.splitlines() if "KAITOPS-ADMISSION" in one]
    assert ":6:3: " in line
    assert line.endswith("; Write instanceType for resource.instancetype.")
