"""What the change says of itself: policy, exemptions, rules, facts, context files, recorded models."""

import json
import subprocess
from pathlib import Path

import pytest

from kaitops.kaito import facts, recordings
from kaitops.kaito.release import Release
from tests.conftest import FLEET, ROOT, Run
from tests.gate.objects import PUBLIC, WORKSPACE, put
from tests.gate.test_base import commit
from tests.sampling import some
from tests.version import KAITO

POLICY = "severity:\n  KAITO001: {level: 'off', reason: because}\n"
EXEMPTIONS = """\
exemptions:
- {id: KAITO001, resource: Workspace team/phi, reason: a demo, owner: team, until: "2026-12-31"}
"""
RULE = "from pathlib import Path\nPath('ran').touch()\n" + (
    "from kaitops.policies.rule import Rule, Severity\n"
    "RULE = Rule('TEAM001', Severity.LOW, 't', 'w', 's', 'r', ('example.com/Nothing',), lambda d, c: ())\n"
)


def gate(run: Run, *more: str, code: int):
    return run("gate", "m", "--no-checkov", "--region", "westeurope", *more, code=code)


@pytest.mark.parametrize(("name", "text"), [("kaitops-policy", POLICY), ("kaitops-exemptions", EXEMPTIONS)])
@pytest.mark.parametrize("named", [True, False])
def test_with_a_base_its_word_counts(run: Run, tmp_path: Path, name: str, text: str, named: bool) -> None:
    put(tmp_path, m__phi=PUBLIC, **{name: "exemptions: []\n" if "exempt" in name else "environment: prod\n"})
    commit(tmp_path)
    put(tmp_path, **{name: text})
    words = [f"--{name.removeprefix('kaitops-')}", f"{name}.yaml"] if named else []
    assert "0 findings" in gate(run, *words, code=0).stdout, "without a base there is no other version"
    done = gate(run, *words, "--base", "HEAD", "--all", code=1)
    assert f"{name}.yaml:1:1: KAITOPS-AUTHORITY HIGH" in done.stdout and "KAITO001 CRITICAL" in done.stdout
    commit(tmp_path)
    assert "KAITOPS-AUTHORITY" not in gate(run, *words, "--base", "HEAD", code=0).stdout
    (tmp_path / f"{name}.yaml").unlink()
    if not named:
        assert "KAITOPS-AUTHORITY" in gate(run, "--base", "HEAD", code=1).stdout, "taking it away is a change as well"


def stage(folder: Path) -> None:
    subprocess.run(["git", "add", "-A"], cwd=folder, check=True)


def test_what_the_base_has_not_counts_for_nothing(run: Run, tmp_path: Path) -> None:
    put(tmp_path, m__phi=PUBLIC)
    commit(tmp_path)
    put(tmp_path, **{"kaitops-policy": POLICY, "kaitops-exemptions": EXEMPTIONS})
    stage(tmp_path)
    done = gate(run, "--base", "HEAD", "--all", code=1)
    assert "KAITO001 CRITICAL" in done.stdout and done.stdout.count("KAITOPS-AUTHORITY HIGH") == 2


@pytest.mark.parametrize("held", ["", "{\n"])
@pytest.mark.parametrize("option", ["--policy", "--exemptions", "--baseline"])
def test_what_the_base_has_not_or_broken_excuses_nothing_though_it_is_named(
    run: Run, tmp_path: Path, option: str, held: str
) -> None:
    put(tmp_path, m__ws=WORKSPACE, **({"own": held} if held else {}))
    commit(tmp_path)
    put(tmp_path, m__ws=PUBLIC, own={"--policy": POLICY, "--exemptions": EXEMPTIONS}.get(option, ""))
    if option == "--baseline":
        run("gate", "m", "--no-checkov", "--write-baseline", "own.yaml", code=0)
    subprocess.run(["git", "add", "-A"], cwd=tmp_path, check=True)
    more = ("--base", "HEAD", option, "own.yaml", "--fail-on", "CRITICAL")
    done = run("gate", "m", "--no-checkov", "--today", "2026-06-01", *more, code=1)
    assert "KAITO001 CRITICAL" in done.stdout and "KAITOPS-AUTHORITY HIGH" in done.stdout


def test_what_lies_elsewhere_or_was_made_by_the_machine_is_the_invokers(run: Run, tmp_path: Path) -> None:
    put(tmp_path, m__phi=PUBLIC)
    commit(tmp_path)
    put(tmp_path, mine=POLICY)
    assert "KAITOPS-AUTHORITY" not in gate(run, "--base", "HEAD", "--policy", "mine.yaml", code=0).stdout


@pytest.mark.parametrize(
    ("option", "text"), [("--policy", POLICY), ("--exemptions", EXEMPTIONS), ("--budget", "total: 1\n")]
)
def test_a_file_outside_of_the_repository_decides(
    run: Run, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, option: str, text: str
) -> None:
    put(tmp_path, m__phi=PUBLIC)
    commit(tmp_path)
    mine = tmp_path_factory.mktemp("mine") / "x.yaml"
    mine.write_text(text)
    done = gate(run, "--base", "HEAD", option, str(mine), code=int(option == "--budget"))
    assert "KAITOPS-AUTHORITY" not in done.stdout and ("KAITOPS-BUDGET" in done.stdout) is (option == "--budget")


def test_a_broken_policy_of_the_base_can_be_mended(run: Run, tmp_path: Path) -> None:
    put(tmp_path, m__phi=WORKSPACE, **{"kaitops-policy": "nonsense: 1\n"})
    commit(tmp_path)
    gate(run, "--base", "HEAD", code=2)
    put(tmp_path, **{"kaitops-policy": "environment: prod\n"})
    assert "KAITOPS-AUTHORITY" in gate(run, "--base", "HEAD", code=1).stdout


def test_rules_run_only_where_somebody_named_them(run: Run, tmp_path: Path) -> None:
    put(tmp_path, m__phi=WORKSPACE, **{"kaitops-policy": "rules: [more]\n"})
    (tmp_path / "more").mkdir()
    (tmp_path / "more/team.py").write_text(RULE)
    done = gate(run, code=2)
    assert "names folders of rules, which are programs" in done.stdout and not (tmp_path / "ran").exists()
    gate(run, "--policy", "kaitops-policy.yaml", code=0)
    (tmp_path / "ran").unlink()
    commit(tmp_path)
    (tmp_path / "more/team.py").write_text(RULE.replace("ran", "evil"))
    (tmp_path / "more/other.py").write_text(RULE.replace("ran", "evil"))
    for words in (("--policy", "kaitops-policy.yaml"), ("--rules", "more", "--policy", "/dev/null")):
        if words[0] == "--policy":
            done = gate(run, *words, "--base", "HEAD", code=1)
            assert "more:1:1: KAITOPS-AUTHORITY HIGH" in done.stdout
            assert (tmp_path / "ran").exists() and not (tmp_path / "evil").exists(), "the base's rules are run"


@pytest.mark.parametrize("option", ["--budget", "--quota"])
def test_budget_and_quota_are_the_bases(run: Run, tmp_path: Path, option: str) -> None:
    quota = '{"region": "westeurope", "date": "2026-05-31", "usage": [{"name": {"value": "cores"}, "currentValue": 0, "limit": %d}]}'
    small, large = ("total: 1\n", "total: 1000000\n") if option == "--budget" else (quota % 1, quota % 1000000)
    put(tmp_path, m__phi=WORKSPACE)
    (tmp_path / "limit").write_text(small)
    commit(tmp_path)
    gate(run, option, "limit", code=1)
    (tmp_path / "limit").write_text(large)
    gate(run, option, "limit", code=0)
    done = gate(run, option, "limit", "--base", "HEAD", code=1)
    assert "limit:1:1: KAITOPS-AUTHORITY HIGH" in done.stdout


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        ({"resource": "*"}, "resource"), ({"resource": "**"}, "resource"), ({"resource": "?*"}, "resource"),
        ({"resource": "[A-Z]*"}, "of any kind"), ({"resource": "W*"}, "of any kind"), ({"resource": "*/phi"}, "of any kind"),
        ({"until": "9999-12-31"}, "more than 366 days"), ({"until": "2027-06-03"}, "more than 366 days"),
        ({"reason": "\u200b"}, "needs reason"), ({"reason": " \u00ad\ufeff "}, "needs reason"), ({"reason": "..."}, "needs reason"),
        ({"owner": "\u2060"}, "needs owner"),
    ],
)  # fmt: skip
def test_an_exemption_that_says_too_little_or_too_much_is_refused(
    run: Run, tmp_path: Path, entry: dict[str, str], text: str
) -> None:
    whole = {
        "id": "KAITO001",
        "resource": "Workspace team/phi",
        "reason": "a demo",
        "owner": "team",
        "until": "2026-12-31",
    }
    put(tmp_path, m__phi=PUBLIC, **{"kaitops-exemptions": json.dumps({"exemptions": [whole | entry]})})
    assert text in gate(run, code=2).stderr


def test_an_exemption_of_a_year_and_of_a_kind_holds(run: Run, tmp_path: Path) -> None:
    whole = {
        "id": "KAITO001",
        "resource": "Workspace team/*",
        "reason": "a demo",
        "owner": "team",
        "until": "2027-06-01",
    }
    put(tmp_path, m__phi=PUBLIC, **{"kaitops-exemptions": json.dumps({"exemptions": [whole]})})
    gate(run, code=0)


@pytest.mark.parametrize(
    "version", ["../../evil", "/tmp", "0.12.0/../0.12.0", ".", "..", "prices", "", "x" * 5000, "0.12.0\0"]
)
def test_a_version_is_no_path(run: Run, tmp_path: Path, version: str) -> None:
    if version not in {".", "prices"}:
        from kaitops.errors import BadInput

        with pytest.raises(BadInput):
            facts.load(version, "models.json")
    put(tmp_path, m__phi=WORKSPACE, **{"m__kaitops-context": f"kaito: {json.dumps(version)}\n"})
    gate(run, "--trust-context", code=2)


def test_a_cloud_is_no_path() -> None:
    from kaitops import prices

    for cloud in ("../0.12.0/models", "azure-sizes", "x" * 5000, "/etc/hostname", ""):
        assert prices.regions(cloud) == frozenset()
    assert "westeurope" in prices.regions("azure")


@pytest.fixture
def rendered(run: Run, fleet: Path) -> Path:
    fleet.write_text(FLEET.replace("context: 16384", "context: 16384\n    secret: hf-token"))
    run("render", "--out", ".", code=0)
    (fleet.parent / "clusters").rename(fleet.parent / "m")
    return fleet.parent / "m" / "prod-weu" / "kaitops-context.yaml"


FORGERIES = [
    ("karpenter", "byo"),
    ("cluster: prod-weu", "cluster: dev"),
    ("region: westeurope", "region: eastus"),
    ("needs:", "needs:\n- ConfigMap models/anything"),
    ("needs:", "nodes:\n- {apiVersion: v1, kind: Node, metadata: {name: a}}\nneeds:"),
    ("nvmeStorageClass: true", "nvmeStorageClass: false"),
    ("cloud: azure", "cloud: aws"),
]


@pytest.mark.parametrize(("old", "new"), some(FORGERIES, FORGERIES[:2]))
def test_what_a_context_file_says_is_held_against_the_fleet(run: Run, rendered: Path, old: str, new: str) -> None:
    gate(run, code=0)
    text = rendered.read_text()
    assert old in text
    rendered.write_text(text.replace(old, new))
    done = gate(run, code=2)
    assert "KAITOPS-COVERAGE CRITICAL: what it says of its cluster is not confirmed" in done.stdout
    assert "--trust-context" in done.stdout
    assert "is not confirmed" not in run("gate", "m", "--no-checkov", "--trust-context").stdout
    commit(rendered.parents[2])
    assert "is not confirmed" not in run("gate", "m", "--no-checkov", "--base", "HEAD").stdout, "the base has it so"


@pytest.mark.parametrize(("old", "new"), some(FORGERIES, FORGERIES[:2]))
def test_nor_is_it_believed_because_a_base_has_another(run: Run, rendered: Path, old: str, new: str) -> None:
    commit(rendered.parents[2])
    (rendered.parents[2] / "fleet.yaml").unlink()
    gate(run, "--base", "HEAD", code=0)
    rendered.write_text(rendered.read_text().replace(old, new))
    assert "there is no fleet.yaml" in gate(run, "--base", "HEAD", code=2).stdout


@pytest.mark.parametrize("mode", ["operator", "plain"])
@pytest.mark.parametrize("parity", [[], ["--parity"]])
def test_whatever_a_render_makes_is_confirmed(run: Run, fleet: Path, mode: str, parity: list[str]) -> None:
    text = (ROOT / "fleet.yaml").read_text()
    fleet.write_text(text)
    for name in ("fleet.lock", "images.lock"):
        if (ROOT / name).is_file():
            (fleet.parent / name).write_bytes((ROOT / name).read_bytes())
    run("render", "--mode", mode, *parity, code=0)
    assert "is not confirmed" not in run("gate", "manifests", "--no-checkov").stdout


def test_a_named_fleet_confirms_and_a_wrong_one_does_not(run: Run, rendered: Path, tmp_path: Path) -> None:
    (tmp_path / "fleet.yaml").rename(tmp_path / "elsewhere.yml")
    assert "there is no fleet.yaml" in gate(run, code=2).stdout
    gate(run, "--fleet", "elsewhere.yml", code=0)
    (tmp_path / "elsewhere.yml").write_text("a: 1\n")
    assert "elsewhere.yml cannot be read" in gate(run, "--fleet", "elsewhere.yml", code=2).stdout


def test_no_cluster_hides_in_another(run: Run, rendered: Path) -> None:
    inner = rendered.parent / "x" / "prod-weu"
    inner.mkdir(parents=True)
    (inner / rendered.name).write_bytes(rendered.read_bytes())
    put(inner, phi=PUBLIC)
    assert "lies below another one" in gate(run, code=2).stdout


def test_another_name_does_not_make_a_cluster_a_lesser_one(run: Run, rendered: Path, tmp_path: Path) -> None:
    spot = WORKSPACE.replace("namespace: team\n", "namespace: team\n  labels: {kaito.sh/x: y}\n")
    put(rendered.parent, phi=spot)
    put(tmp_path, **{"kaitops-policy": "clusters: {prod-weu: prod, dev: dev}\nseverity: {}\n"})
    commit(tmp_path)
    strict = {
        one["rule"]: one["severity"]
        for one in json.loads(run("gate", "m", "--no-checkov", "-o", "json").stdout)["findings"]
    }
    fleet = tmp_path / "fleet.yaml"
    fleet.write_text(fleet.read_text().replace("prod-weu", "dev"))
    rendered.write_text(rendered.read_text().replace("prod-weu", "dev"))
    rendered.parent.rename(rendered.parents[1] / "dev")
    done = json.loads(run("gate", "m", "--no-checkov", "-o", "json", "--trust-context", "--base", "HEAD").stdout)
    assert "KAITOPS-CHANGE-DELETE" in {one["rule"] for one in done["findings"]} or done["plan"] == []
    (rendered.parents[1] / "dev").rename(rendered.parent)
    done = json.loads(run("gate", "m", "--no-checkov", "-o", "json", "--trust-context", "--base", "HEAD").stdout)
    found = {one["rule"]: one["severity"] for one in done["findings"]}
    assert found["KAITOPS-CHANGE-CLUSTER"] == "MEDIUM"
    assert strict.items() <= found.items()


RECORDED = {
    "repo": "meta-llama/Some-405B-Instruct",
    "tree": [{"path": "model.safetensors", "size": 1_000_000, "type": "file"}],
    "config": {"architectures": ["LlamaForCausalLM"], "hidden_size": 16384, "num_hidden_layers": 126, "num_attention_heads": 128,
               "num_key_value_heads": 8, "max_position_embeddings": 131072, "vocab_size": 128256},
}  # fmt: skip


def test_a_recording_that_cannot_be_is_not_believed(run: Run, tmp_path: Path) -> None:
    store = tmp_path / "presets" / "huggingface"
    store.mkdir(parents=True)
    put(tmp_path, m__phi=WORKSPACE)
    by_name = {
        **RECORDED,
        "config": {**RECORDED["config"], "hidden_size": 64, "num_hidden_layers": 1, "vocab_size": 100},
    }
    by_config = {**RECORDED, "repo": "meta-llama/Some"}
    for forged in (RECORDED, by_name, by_config):
        (store / "a.json").write_text(json.dumps(forged))
        assert "cannot hold them" in gate(run, code=2).stdout
        gate(run, "--store", ".", code=0)
    (store / "a.json").write_text(json.dumps({**RECORDED, "tree": [{**RECORDED["tree"][0], "size": 810_000_000_000}]}))
    gate(run, code=0)


def test_a_recording_of_the_change_is_a_finding(run: Run, tmp_path: Path) -> None:
    store = tmp_path / "presets" / "huggingface"
    store.mkdir(parents=True)
    put(tmp_path, m__phi=WORKSPACE)
    real = {**RECORDED, "tree": [{**RECORDED["tree"][0], "size": 810_000_000_000}]}
    (store / "old.json").write_text(json.dumps(real))
    commit(tmp_path)
    gate(run, "--base", "HEAD", code=0)
    for name in ("old", "new"):
        (store / f"{name}.json").write_text(json.dumps({**real, "repo": f"meta-llama/{name}"}))
    done = gate(run, "--base", "HEAD", code=1)
    assert "presets/huggingface/old.json:1:1: KAITOPS-AUTHORITY HIGH" in done.stdout
    assert "new.json" not in done.stdout, "not tracked: whoever runs the gate made it"
    stage(tmp_path)
    assert "presets/huggingface/new.json:1:1: KAITOPS-AUTHORITY HIGH" in gate(run, "--base", "HEAD", code=1).stdout
    gate(run, "--base", "HEAD", "--store", ".", code=0)


@pytest.mark.parametrize("place", ["presets", "presets/huggingface", "v"])
def test_a_recording_in_a_submodule_of_the_change_is_the_changes(run: Run, tmp_path: Path, place: str) -> None:
    put(tmp_path, m__phi=WORKSPACE)
    commit(tmp_path)
    real = {**RECORDED, "repo": "meta-llama/new", "tree": [{**RECORDED["tree"][0], "size": 810_000_000_000}]}
    within = "huggingface/" if place == "presets" else ""
    file = tmp_path / place / f"{within}new.json"
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps(real))
    commit(tmp_path / place)
    if place == "v":
        (tmp_path / "presets").mkdir()
        (tmp_path / "presets" / "huggingface").symlink_to("../v")
    stage(tmp_path)
    done = gate(run, "--base", "HEAD", code=1)
    assert "presets/huggingface/new.json:1:1: KAITOPS-AUTHORITY HIGH" in done.stdout


def test_a_clone_that_the_pipeline_made_is_the_invokers(run: Run, tmp_path: Path) -> None:
    put(tmp_path, m__phi=PUBLIC)
    commit(tmp_path)
    put(tmp_path, conf__p=POLICY)
    commit(tmp_path / "conf")
    gate(run, "--base", "HEAD", "--policy", "conf/p.yaml", code=0)
    stage(tmp_path)
    assert "KAITOPS-AUTHORITY HIGH" in gate(run, "--base", "HEAD", "--policy", "conf/p.yaml", code=1).stdout


def test_no_model_of_the_catalogue_would_be_doubted() -> None:
    for version in (KAITO,):
        for entry in facts.load(version, "models.json")["models"]:
            preset = Release.load(version).catalogue.find(entry["name"])
            assert preset is not None
            document = {"repo": entry["name"], "tree": [{"path": "a.safetensors", "size": int(preset.size_bytes)}], "config": {
                "hidden_size": entry.get("hiddenSize", 0), "num_hidden_layers": entry.get("numHiddenLayers", 0)}}  # fmt: skip
            assert recordings.implausible(document) is None, entry["name"]
