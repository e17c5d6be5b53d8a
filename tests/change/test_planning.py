"""The blue/green way around an immutable field."""

from pathlib import Path

import pytest

from kaitops.change import Change, compare, plan, write_plan
from kaitops.errors import BadInput
from kaitops.fleet import names
from kaitops.kaito import Release
from tests.change.test_compare import CONFIG, SETTINGS, WORKSPACE, edited
from tests.version import KAITO

RELEASE = Release.load(KAITO)


def resized(name: str = "phi") -> Change:
    base = edited(
        edited(WORKSPACE, "metadata", "name", to=name), "resource", "labelSelector", "matchLabels", "apps", to=name
    )
    head = edited(base, "resource", "instanceType", to="Standard_NC40ads_H100_v5")
    return compare([base, CONFIG], [head, CONFIG], RELEASE, SETTINGS)[0]


def test_the_new_object_is_admitted_beside_the_old_one() -> None:
    made = plan(resized())
    assert made.name.startswith("phi-")
    assert made.old_name == "phi"
    assert made.fields == ("resource.instanceType",)
    assert made.new["resource"]["labelSelector"]["matchLabels"]["apps"] == made.name
    assert RELEASE.admit([CONFIG, WORKSPACE, made.new], SETTINGS).errors == []
    assert plan(resized()).name == made.name, "the name follows from the content"


def test_names_stay_within_the_budget_and_suffixes_do_not_pile_up() -> None:
    long = plan(resized("a" * 52))
    assert names.problems("models", long.name, {}) == []
    assert len(long.name) <= 52
    again = plan(resized("phi-0a1b2c"))
    assert again.name.count("-") == 1
    assert plan(resized(), taken=frozenset({plan(resized()).name})).name != plan(resized()).name


@pytest.mark.parametrize(
    ("gitops", "words"),
    [
        ("argocd", ["argocd.argoproj.io/sync-options: Prune=false", "sync wave", "pruning"]),
        ("flux", ["kustomize.toolkit.fluxcd.io/prune: disabled", "dependsOn", "Flux deletes"]),
        ("none", ["kubectl delete -n models workspace/phi"]),
    ],
)
def test_the_steps_are_in_order(tmp_path: Path, gitops: str, words: list[str]) -> None:
    made = plan(resized(), gitops=gitops)
    text_file, manifest = write_plan(made, tmp_path)
    text = text_file.read_text()
    places = [text.index(word) for word in (*words[:1], "kubectl wait", "Send traffic")] if gitops != "none" else []
    assert places == sorted(places)
    assert all(word in text for word in words)
    assert manifest.name == f"workspace-{made.name}.yaml"
    if gitops == "argocd":
        assert made.new["metadata"]["annotations"]["argocd.argoproj.io/sync-wave"] == "1"


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    made = plan(resized())
    first = write_plan(made, tmp_path)
    before = [path.stat().st_ino for path in first]
    assert [path.stat().st_ino for path in write_plan(made, tmp_path)] == before
    first[0].write_text("mine")
    with pytest.raises(BadInput, match="was not overwritten"):
        write_plan(made, tmp_path)
    assert first[0].read_text() == "mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(path.name for path in first)


def test_no_secret_value_is_written_down_again(tmp_path: Path) -> None:
    token, phrase = "hf_" + "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7cF0hJ3kL", "correct-horse-battery"
    box = {
        "name": "own",
        "image": "contoso.azurecr.io/own:1",
        "args": ["--api-key", phrase, f"--token={phrase}", f"curl -H {token}"],
        "env": [
            {"name": "DB_PASSWORD", "value": phrase},
            {"name": "PORT", "value": "5000"},
            {"name": "A", "value": token},
        ],
    }
    base = edited(WORKSPACE, "inference", to={"template": {"spec": {"containers": [box]}}})
    head = edited(base, "resource", "instanceType", to="Standard_NC40ads_H100_v5")
    (change, *_) = compare([base, CONFIG], [head, CONFIG], RELEASE, SETTINGS)
    made = plan(change)
    text, manifest = (path.read_text() for path in write_plan(made, tmp_path))
    assert token not in text + manifest
    assert phrase not in text + manifest
    assert "<secret value, 21 characters>" in manifest
    assert "5000" in manifest
    assert "5 secret values of the object were left out of the new manifest" in text
    assert made.new["inference"]["template"]["spec"]["containers"] == [box], "the plan itself is as it was"
    plain, _ = (path.read_text() for path in write_plan(plan(resized()), tmp_path))
    assert "left out" not in plain


def test_an_edit_that_is_taken_needs_no_plan() -> None:
    (change, _) = compare(
        [WORKSPACE, CONFIG], [edited(WORKSPACE, "metadata", "labels", to={"a": "b"}), CONFIG], RELEASE, SETTINGS
    )
    with pytest.raises(BadInput, match="apply the edit as it is"):
        plan(change)
