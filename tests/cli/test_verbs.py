"""The smaller verbs: init, catalogue, fit, schema, preset record, completion, and what all verbs share."""

import json
import os
import subprocess
from pathlib import Path

import pytest
import yaml

from kaitops import __version__
from kaitops.cli.parser import VERBS
from tests.cli.hub import CONFIG, TREE
from tests.conftest import KAITOPS, ROOT, Run


def test_version_help_and_unknown_verb(run: Run) -> None:
    assert run("--version", code=0).stdout == f"kaitops {__version__}\n"
    text = run("--help", code=0).stdout
    assert all(verb in text for verb in VERBS)
    assert "exit codes" in text
    assert "invalid choice" in run("nope", code=2).stderr
    assert "no command 'rendr'; did you mean 'render'?" in run("rendr", code=2).stderr
    assert run(code=0).stdout == run("help", code=0).stdout == text
    assert run("help", "render", code=0).stdout == run("render", "--help", code=0).stdout
    assert "did you mean 'render'" in run("help", "redner", code=2).stderr
    assert "--regoin x; did you mean '--region'?" in run("init", "--regoin", "x", code=2).stderr
    for verb in VERBS:
        assert "usage: kaitops" in run(verb, "--help", code=0).stdout


def test_init_writes_no_fleet_that_cannot_render(run: Run, tmp_path: Path) -> None:
    """A file with a mistyped region would be in the way of the next try."""
    said = run("init", "--region", "westeuropa", code=2).stderr
    assert "nearest: westeurope" in said and "name the machine by --size" in said
    assert "nearest: Standard_NC24ads_A100_v4" in run("init", "--size", "A100", code=2).stderr
    said = run("init", "--model", "deepseek-ai/DeepSeek-V3.2", "--size", "Standard_NV36ads_A10_v5", code=1).stderr
    assert "does not fit 41 x Standard_NV36ads_A10_v5" in said
    assert not list(tmp_path.iterdir())


def test_init_takes_a_region_that_no_price_is_recorded_of(run: Run) -> None:
    """Azure has more regions than our tables, so it is no mistake where the machine is named."""
    run("init", "--region", "mexicocentral", "--size", "Standard_NC24ads_A100_v4", code=0)
    run("render", code=0)


def test_the_command_that_init_names_works_wherever_the_fleet_is(run: Run, tmp_path: Path) -> None:
    done = run("init", "--fleet", "team/fleet.yaml", code=0)
    assert "; 'kaitops render --fleet team/fleet.yaml' makes its manifests" in done.stdout
    assert done.stdout.endswith("'kaitops gate manifests --fleet team/fleet.yaml' checks them\n")
    run("render", "--fleet", "team/fleet.yaml", code=0)
    run("gate", "manifests", "--fleet", "team/fleet.yaml", "--no-checkov", code=0)
    said = run("init", "--fleet", "x.yaml", "--gitops", "flux", "--repository", "mine", code=2).stderr
    assert "'mine' is no address of a git repository: write it as https://git.example.com/team/fleet.git" in said


def test_init_leaves_a_schema_alone_that_is_there(run: Run, tmp_path: Path) -> None:
    (tmp_path / "fleet.schema.json").write_text("{}")
    assert run("init", code=0).stdout.startswith("fleet.yaml: written; ")
    assert (tmp_path / "fleet.schema.json").read_text() == "{}"


def test_init_makes_a_fleet_that_renders(run: Run, tmp_path: Path) -> None:
    run("init", code=0)
    run("render", code=0)
    run("gate", "manifests", code=0)
    before = (tmp_path / "fleet.yaml").read_bytes()
    assert "exists and is left as it is" in run("init", code=2).stderr
    assert (tmp_path / "fleet.yaml").read_bytes() == before
    run("init", "--fleet", "gated.yaml", "--model", "llama-3.1-8b-instruct", code=0)
    assert (
        yaml.safe_load((tmp_path / "gated.yaml").read_text())["models"]["llama-3-1-8b-instruct"]["secret"] == "hf-token"
    )
    run("render", "--fleet", "gated.yaml", code=0)
    assert "no model 'nope'" in run("init", "--fleet", "x.yaml", "--model", "nope", code=2).stderr
    assert not (tmp_path / "x.yaml").exists()


def _node(name: str, pool: str = "", product: str = "", gpus: int = 1, memory: int = 81920) -> dict[str, object]:
    labels = {"kubernetes.azure.com/agentpool": pool} if pool else {}
    if product:
        labels |= {
            "nvidia.com/gpu.product": product,
            "nvidia.com/gpu.count": f"{gpus}",
            "nvidia.com/gpu.memory": f"{memory}",
        }
    return {"apiVersion": "v1", "kind": "Node", "metadata": {"name": name, "labels": labels}}


def _nodes(*nodes: dict[str, object]) -> str:
    return json.dumps({"apiVersion": "v1", "kind": "List", "items": list(nodes)})


_A100, _T4 = "NVIDIA-A100-80GB-PCIe", "Tesla-T4"
_BROUGHT = _nodes(
    _node("system-0", "system"),
    _node("a-0", "a100", _A100),
    _node("a-1", "a100", _A100),
    _node("t-0", "", _T4, 1, 15360),
)


def test_init_takes_brought_nodes_as_the_cluster_lists_them(run: Run, tmp_path: Path) -> None:
    brought = ("init", "--provisioner", "byo", "--nodes", "-")
    run(*brought, "--model", "phi-4", stdin=_BROUGHT, code=0)
    told = yaml.safe_load((tmp_path / "fleet.yaml").read_text())
    assert told["clusters"]["dev"]["nodes"] == {
        "a100": {
            "product": _A100, "gpus": 1, "memoryMiB": 81920, "count": 2,
            "labels": {"kubernetes.azure.com/agentpool": "a100"},
        },
        "tesla-t4": {
            "product": _T4, "gpus": 1, "memoryMiB": 15360, "count": 1, "labels": {"nvidia.com/gpu.product": _T4}
        },
    }  # fmt: skip
    # The small pool does not hold it.
    assert told["models"]["phi-4"]["gpu"] == "a100"
    run("render", code=0)
    assert "0 findings" in run("gate", "manifests", "--no-checkov", code=0).stdout
    (tmp_path / "nodes.json").write_text(_BROUGHT)
    named = ("init", "--provisioner", "byo", "--nodes", "nodes.json", "--fleet", "other.yaml", "--size")
    run(*named, "a100", code=0)
    assert yaml.safe_load((tmp_path / "other.yaml").read_text())["models"]["phi-4-mini-instruct"]["gpu"] == "a100"
    assert "no pool 'b'" in run(*named, "b", "--fleet", "b.yaml", code=2).stderr


def test_a_model_that_is_added_takes_the_smallest_pool_that_holds_it(run: Run, tmp_path: Path) -> None:
    run("init", "--provisioner", "byo", "--nodes", "-", "--model", "phi-3-mini-4k-instruct", stdin=_BROUGHT, code=0)
    run("add", "phi-4", code=0)
    models = yaml.safe_load((tmp_path / "fleet.yaml").read_text())["models"]
    assert [one["gpu"] for one in models.values()] == ["tesla-t4", "a100"]
    assert "the pool has 2" in run("add", "llama-3.3-70b-instruct", "--secret", "hf-token", code=1).stderr
    # What nobody has given a price does not read as if it were free.
    done = run("cost", code=0)
    assert done.stdout.splitlines()[-1].split() == ["total", "all", "-", "2", "-", "-"]
    assert "2 of them run on brought nodes, whose price is not known here" in done.stderr


def test_pools_of_the_same_gpus_are_told_apart_by_how_many_a_node_has(run: Run, tmp_path: Path) -> None:
    """Where the pools have no names that tell their nodes apart, the GPUs do."""
    nodes = _nodes(_node("a", "gpu", _A100), _node("b", "gpu", _A100, 8), _node("c", "", "NVIDIA-H100-NVL", 1, 95830))
    run("init", "--provisioner", "byo", "--nodes", "-", stdin=nodes, code=0)
    pools = yaml.safe_load((tmp_path / "fleet.yaml").read_text())["clusters"]["dev"]["nodes"]
    assert [pool["labels"] for pool in pools.values()] == [
        {"nvidia.com/gpu.product": _A100, "nvidia.com/gpu.count": "1"},
        {"nvidia.com/gpu.product": _A100, "nvidia.com/gpu.count": "8"},
        {"nvidia.com/gpu.product": "NVIDIA-H100-NVL"},
    ]
    run("render", code=0)
    assert "0 findings" in run("gate", "manifests", "--no-checkov", code=0).stdout


@pytest.mark.parametrize(
    ("arguments", "nodes", "code", "said"),
    [
        (("--provisioner", "byo"), "", 2, "--provisioner byo and --nodes belong together"),
        (("--nodes", "-"), _BROUGHT, 2, "--provisioner byo and --nodes belong together"),
        (("--provisioner", "byo", "--nodes", "-"), _nodes(), 2, "holds no node, from which"),
        (
            ("--provisioner", "byo", "--nodes", "-"), _nodes(_node("a")), 2,
            "holds 1 nodes, and none has the labels nvidia.com/gpu.product",
        ),
        (("--provisioner", "byo", "--nodes", "-"), _nodes(_node("a", "", _A100, 0)), 2, "none has the labels"),
        (
            ("--provisioner", "byo", "--nodes", "-", "--model", "llama-3.3-70b-instruct"), _BROUGHT, 1,
            "needs 3 nodes of 1 x NVIDIA-A100-80GB-PCIe and the pool has 2",
        ),
    ],
)  # fmt: skip
def test_init_makes_nothing_of_nodes_that_cannot_serve(
    run: Run, tmp_path: Path, arguments: tuple[str, ...], nodes: str, code: int, said: str
) -> None:
    assert said in run("init", *arguments, stdin=nodes, code=code).stderr
    assert not list(tmp_path.iterdir())


def test_init_for_the_add_on_of_aks(run: Run, tmp_path: Path) -> None:
    run("init", "--provisioner", "aks-addon", code=0)
    assert yaml.safe_load((tmp_path / "fleet.yaml").read_text())["clusters"]["dev"]["provisioner"] == "aks-addon"
    assert "the AKS add-on runs KAITO" in run("render", code=0).stderr
    assert "0 findings" in run("gate", "manifests", "--no-checkov", code=0).stdout
    # What is told of the newest KAITO is not told of the add-on's.
    assert "dev: the AKS add-on runs KAITO" in run("images", code=0).stderr
    done = run("upgrade", "manifests", "--to", yaml.safe_load((tmp_path / "fleet.yaml").read_text())["kaito"], code=0)
    assert "so there is no step; where another version runs, name it by --from" in done.stderr
    said = run("init", "--fleet", "x.yaml", "--provisioner", "aks-addon", "--model", "google/gemma-3-4b-it", code=1)
    assert "knows no model 'google/gemma-3-4b-it', so its webhook refuses it; choose another model" in said.stderr
    assert not (tmp_path / "x.yaml").exists()


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("system", "place"),
    [("github", ".github/workflows/kaitops.yaml"), ("gitlab", ".gitlab-ci.yml"), ("azure", "azure-pipelines.yml")],
)
def test_init_makes_a_repository_that_is_whole(run: Run, tmp_path: Path, system: str, place: str) -> None:
    url = "https://git.example.com/team/fleet.git"
    done = run("init", "--ci", system, "--gitops", "flux", "--repository", url, code=0)
    assert f"beside it: {place}, .pre-commit-config.yaml, .gitignore\n" in done.stdout
    text = (tmp_path / "fleet.yaml").read_text()
    assert text.startswith("# yaml-language-server: $schema=fleet.schema.json\n")
    assert (tmp_path / "fleet.schema.json").read_text() == run("schema", code=0).stdout
    assert yaml.safe_load(text)["gitops"] == {"repository": url}
    assert "kaitops" in str(yaml.safe_load((tmp_path / place).read_text()))
    hooks = {
        one["id"] for one in yaml.safe_load((tmp_path / ".pre-commit-config.yaml").read_text())["repos"][0]["hooks"]
    }
    assert hooks <= {one["id"] for one in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
    assert ".kaitops-*/" in (tmp_path / ".gitignore").read_text()
    run("render", code=0)
    # What CI systems and hooks are told is no manifest, so the whole repository can be judged.
    assert "0 findings" in run("gate", ".", "--no-checkov", code=0).stdout


def test_init_writes_all_or_nothing(run: Run, tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("mine\n")
    assert (
        ".gitignore: there already and left alone, so nothing was written"
        in run("init", "--ci", "gitlab", code=2).stderr
    )
    assert "--gitops and --repository belong together" in run("init", "--gitops", "argocd", code=2).stderr
    assert "--gitops and --repository belong together" in run("init", "--repository", "https://a/b", code=2).stderr
    assert "gitops.repository" in run("init", "--gitops", "flux", "--repository", "no address", code=2).stderr
    assert [one.name for one in tmp_path.iterdir()] == [".gitignore"]


def test_catalogue(run: Run) -> None:
    rows = json.loads(run("catalogue", "-o", "json", code=0).stdout)
    assert len(rows) == 60
    phi = next(row for row in rows if row["name"] == "microsoft/Phi-4-mini-instruct")
    assert (phi["weights"], phi["context"], phi["tunable"], phi["transformers"]) == ("7.15Gi", 131072, True, False)
    assert run("catalogue", "phi-4-mini", "-o", "name", code=0).stdout == "microsoft/Phi-4-mini-instruct\n"
    assert yaml.safe_load(run("catalogue", "phi-4-mini", "-o", "yaml", code=0).stdout)[0]["aliases"] == [
        "phi-4-mini-instruct"
    ]
    assert "nearest" in run("catalogue", "phi4mini", code=1).stderr


def test_fit_for_one_model(run: Run) -> None:
    rows = json.loads(run("fit", "phi-4-mini-instruct", "--region", "westeurope", "-o", "json", code=0).stdout)
    assert rows[0]["size"] == "Standard_NV36ads_A10_v5"
    assert rows[0]["usd_per_hour"] == 4.16
    assert [row["usd_per_hour"] for row in rows][-1] is None
    assert all("V620" not in row["size"] for row in rows)
    one = json.loads(
        run("fit", "llama-3.3-70b-instruct", "--gpu", "standard_nc48ads_a100_v4", "--explain", "-o", "json").stdout
    )
    assert (
        one[0]
        | {
            "nodes": 2,
            "kaito_weights_gib": 134.05,
            "kaito_usable_gib": 67.2,
            "kaito_overhead_gib": 2.3,
            "kaito_gpus_needed": 3,
        }
        == one[0]
    )
    done = run("fit", "google/gemma-4-31B-it", "--gpu", "Standard_NV36ads_A10_v5", "--context", "131072", code=1)
    assert "does not fit Standard_NV36ads_A10_v5" in done.stderr


def test_fit_explains_in_lines_and_names_what_several_machines_mean(run: Run) -> None:
    told = run("fit", "llama-3.3-70b-instruct", "--gpu", "standard_nc48ads_a100_v4", "--explain", code=0).stdout
    assert told.startswith("Standard_NC48ads_A100_v4: 2 x (2 x NVIDIA A100)")
    assert "134.05 GiB of weights and 5 % beside them take 3 GPUs, so 2 machines" in told
    assert "  vLLM itself: 66.19 GiB - " in told
    many = run("fit", "llama-3.3-70b-instruct", "--region", "westeurope", code=0)
    assert "one machine is faster where it fits: --max-nodes 1" in many.stderr
    one = run("fit", "llama-3.3-70b-instruct", "--region", "westeurope", "--max-nodes", "1", code=0)
    assert (one.stderr, "Standard_NC96ads_A100_v4" in one.stdout) == ("", True)


def test_fit_holds_a_context_to_what_vllm_serves(run: Run) -> None:
    named = ("fit", "mistralai/Mistral-Small-4-119B-2603", "--gpu", "Standard_NC80adis_H100_v5")
    done = run(*named, "--context", "1048576", code=1)
    assert "does not fit 1 x Standard_NC80adis_H100_v5: vLLM needs 22.5 GiB of KV cache on each GPU" in done.stderr
    assert "set kv-cache-dtype: fp8, or take a bigger machine; cheapest that fits: " in done.stderr
    (row,) = json.loads(run(*named, "--explain", "-o", "json").stdout)
    assert row["max_context"] < 810_208 < row["kaito_max_context"] == 1_048_576
    assert row["vllm_kv_cache_there_gib"] == 16.61
    run(*named, "--context", str(row["max_context"]), code=0)
    run(*named, "--context", str(row["max_context"] + 1), code=1)


def test_the_matrix_is_of_what_is_asked(run: Run) -> None:
    """An option that changes nothing is an answer to another question."""

    def rows(*asked: str) -> list[tuple[str, str]]:
        found = json.loads(run("fit", *asked, "--matrix", "-o", "json", code=0).stdout)
        return [(one["model"], one["size"]) for one in found]

    assert {model for model, _ in rows("phi-4")} == {"microsoft/phi-4"}
    assert {size for _, size in rows("--machine", "A100:1")} == {"Standard_NC24ads_A100_v4"}
    cheap = rows("phi-4", "--region", "westeurope", "--max-usd-per-hour", "5")
    assert cheap == [("microsoft/phi-4", "Standard_NC24ads_A100_v4")]
    assert all("gpt-oss" not in model for model, _ in rows("--licence", "mit"))
    assert "leave out one of the two" in run("fit", "--matrix", "--explain", code=2).stderr


def test_the_arithmetic_is_shown_of_what_is_asked(run: Run) -> None:
    done = run("fit", "phi-4", "--machine", "A100:1", "--explain", code=0).stdout
    assert done.startswith("microsoft/phi-4:\nStandard_NC24ads_A100_v4: 1 x")
    assert "of them for vLLM" in done


def test_fit_as_a_matrix(run: Run) -> None:
    rows = json.loads(run("fit", "--matrix", "-o", "json", code=0).stdout)
    assert len(rows) == 60 * 12
    assert set(rows[0]) == {"model", "size", "nodes_at_2048", "nodes_at_8192", "nodes_at_32768", "nodes_at_131072"}
    assert (
        len(json.loads(run("fit", "--matrix", "--cloud", "aws", "--context", "4096", "-o", "json", code=0).stdout))
        == 60 * 23
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nope"], "no model 'nope'"),
        (["phi-4", "--gpu", "Standard_NC24ads_A100_v5"], "nearest: Standard_NC24ads_A100_v4"),
        (["phi-4", "--context", "-1"], "not a number of tokens"),
        (["phi-4", "--context", "99999"], "holds 16384 tokens at most"),
    ],
)
def test_fit_refuses(run: Run, arguments: list[str], message: str) -> None:
    assert message in run("fit", *arguments, code=2).stderr


def test_schema_of_the_fleet_and_of_kinds(run: Run) -> None:
    assert json.loads(run("schema", code=0).stdout)["title"] == "kaitops fleet"
    workspace = json.loads(run("schema", "kaito.sh/v1beta1/Workspace", code=0).stdout)
    assert {"resource", "inference", "tuning"} <= set(workspace["properties"])
    assert "no such kind; known: fleet, kaito.sh/v1beta1/Workspace" in run("schema", "xyz/Q", code=2).stderr
    assert "did you mean kaito.sh/v1beta1/Workspace?" in run("schema", "Workspace", code=2).stderr
    assert "did you mean kaito.sh/v1beta1/InferenceSet?" in run("schema", "inferenceSets", code=2).stderr
    assert "did you mean kaito.sh/v1alpha1/ModelMirror?" in run("schema", "kaito.sh/v1/ModelMiror", code=2).stderr


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_completion_is_a_script_that_knows_the_verbs(run: Run, shell: str, tmp_path: Path) -> None:
    script = run("completion", shell, code=0).stdout
    assert all(verb in script for verb in VERBS)
    if shell == "bash":
        (tmp_path / "c.bash").write_text(script)
        subprocess.run(["bash", "-n", "c.bash"], cwd=tmp_path, check=True)


def test_colour_only_on_a_terminal(run: Run, tmp_path: Path) -> None:
    assert "\x1b" not in run("catalogue", "phi", code=0).stdout
    script = f"script -qec '{KAITOPS} catalogue phi-4-mini' /dev/null"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, cwd=tmp_path, check=False)
    if done.returncode:
        pytest.skip("no 'script' command to make a terminal with")
    assert "\x1b[1m" in done.stdout
    environment = {**os.environ, "NO_COLOR": "1"}
    plain = subprocess.run(
        ["bash", "-c", script], capture_output=True, text=True, cwd=tmp_path, check=True, env=environment
    )
    assert "\x1b[" not in plain.stdout


def test_a_recorded_model_renders_offline(run: Run, tmp_path: Path, hub: tuple[str, list[str]]) -> None:
    address, seen = hub
    done = run("preset", "record", "Contoso/House-7B", env={"HF_ENDPOINT": address, "HF_TOKEN": "hf_secret"}, code=0)
    assert "13.97Gi of weights, 32768 tokens, GQA" in done.stdout
    assert "Bearer hf_secret" in seen
    stored = tmp_path / "presets" / "huggingface" / "contoso--house-7b.json"
    assert "hf_secret" not in stored.read_text()
    assert json.loads(stored.read_text())["revision"] == "abc"
    run("init", "--model", "phi-4", code=0)
    fleet = (tmp_path / "fleet.yaml").read_text().replace("preset: phi-4", "preset: Contoso/House-7B")
    (tmp_path / "fleet.yaml").write_text(fleet)
    run("render", env={"HF_ENDPOINT": "http://127.0.0.1:1"}, code=0)
    run("gate", "manifests", code=0)
    assert "Contoso/House-7B" in run("catalogue", "house", code=0).stdout
    assert "Standard_NV36ads_A10_v5" in run("fit", "contoso/house-7b", code=0).stdout


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("repository", "code", "message"),
    [
        ("Contoso/Private-7B", 3, "needs permission (401); accept the licence, and set HF_TOKEN"),
        ("Contoso/None", 3, "there is no such document"),
        ("a/odd", 1, "KAITO 0.12.0 refuses it: unsupported model architecture for a/odd: Odd; nothing was stored"),
        ("a/text", 3, "is not JSON"),
        ("../etc", 2, "is not a repository"),
        ("a/b/c", 2, "is not a repository"),
    ],
)
def test_recording_refuses(
    run: Run, tmp_path: Path, hub: tuple[str, list[str]], repository: str, code: int, message: str
) -> None:
    done = run("preset", "record", repository, env={"HF_ENDPOINT": hub[0], "HF_TOKEN": ""}, code=code)
    assert message in done.stderr
    house = _downloaded(tmp_path / "house")
    for path in house.glob("*.safetensors"):
        path.unlink()
    (house / "model.safetensors.index.json").write_text("{}")
    done = run("preset", "record", "a/b-7B", "--from", "house", code=1)
    assert "its files of weights hold 0.00 GiB in all" in done.stderr
    assert not (tmp_path / "presets").exists()


def test_recording_without_a_network(run: Run, tmp_path: Path) -> None:
    done = run("preset", "record", "a/b", env={"HF_ENDPOINT": "http://127.0.0.1:1"}, code=3)
    assert "cannot be reached" in done.stderr
    assert not (tmp_path / "presets").exists()


def _downloaded(folder: Path) -> Path:
    """A model as git leaves it without its large files, with what is nobody's business beside them."""
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(CONFIG)
    for entry in TREE:
        if entry["path"].endswith(".safetensors"):
            (folder / entry["path"]).write_text(
                f"version https://git-lfs.github.com/spec/v1\noid sha256:{'0' * 64}\nsize {entry['size']}\n"
            )
    (folder / ".git").mkdir()
    (folder / ".git" / "huge.safetensors").write_bytes(b"x" * 1000)
    return folder


def test_a_model_is_recorded_from_a_folder_without_a_network(
    run: Run, tmp_path: Path, hub: tuple[str, list[str]]
) -> None:
    """What comes of it is what comes of the hub, but for what only the hub knows."""
    nowhere = {"HF_ENDPOINT": "http://127.0.0.1:1"}
    _downloaded(tmp_path / "house")
    done = run("preset", "record", "Contoso/House-7B", "--from", "house", "--store", "a", env=nowhere, code=0)
    assert "13.97Gi of weights, 32768 tokens, GQA" in done.stdout
    assert "house does not say its commit, so servers load what is newest; name it by --revision" in done.stderr
    run("preset", "record", "Contoso/House-7B", "--store", "b", env={"HF_ENDPOINT": hub[0]}, code=0)
    one, other = (
        json.loads((tmp_path / store / "presets/huggingface/contoso--house-7b.json").read_text()) for store in "ab"
    )
    assert one["config"] == other["config"]
    assert {entry["path"]: entry["size"] for entry in one["tree"] if "safetensors" in entry["path"]} == {
        entry["path"]: entry["size"] for entry in other["tree"] if "safetensors" in entry["path"]
    }
    # The hub's own cache names the folder after the commit, and links to the files.
    commit = "4f1c2d0" * 5 + "abcde"
    files = _downloaded(tmp_path / "blobs")
    (tmp_path / "snapshots" / commit).mkdir(parents=True)
    for path in files.iterdir():
        (tmp_path / "snapshots" / commit / path.name).symlink_to(path)
    done = run("preset", "record", "Contoso/House-7B", "--from", f"snapshots/{commit}", env=nowhere, code=0)
    stored = json.loads((tmp_path / "presets/huggingface/contoso--house-7b.json").read_text())
    assert (stored["revision"], "--revision" in done.stderr) == (commit, False)
    assert sorted(entry["path"] for entry in stored["tree"]) == sorted(entry["path"] for entry in one["tree"])


def test_what_is_no_model_is_not_recorded(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "odd").mkdir()
    (tmp_path / "odd" / "config.json").write_text("{")
    for given, message in (
        (("--from", "empty"), "holds neither config.json nor params.json"),
        (("--from", "nowhere"), "holds neither config.json nor params.json"),
        (("--from", "odd"), "configuration is not JSON"),
        (("--revision", "abc"), "--revision: says which commit the files of --from are of"),
    ):
        assert message in run("preset", "record", "a/b-7B", *given, code=2).stderr
    assert not (tmp_path / "presets").exists()
