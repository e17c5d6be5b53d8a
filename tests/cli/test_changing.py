"""``kaitops add``, ``remove`` and ``set`` as users call them: what is said, what is written, what is refused."""

import re
import signal
import subprocess
import time
from pathlib import Path

import pytest
import yaml

from kaitops.kaito import facts
from tests.conftest import FLEET, KAITOPS, ROOT, Run, bound
from tests.documents.written_fleets import fleets

SHARED = """\
kaito: 0.12.0
defaults: {namespace: models}
clusters:
  dev: {region: westeurope, provisioner: karpenter, environment: dev}
  prod: {region: swedencentral, provisioner: karpenter, environment: prod}
  lab:
    region: swedencentral
    provisioner: byo
    nodes:
      a100: {product: NVIDIA-A100-SXM4-80GB, gpus: 8, memoryMiB: 81920, labels: {gpu-pool: a100}}
models:
  phi: {preset: phi-4-mini-instruct, gpu: auto, clusters: [dev, prod]}
rag:
  handbook:
    clusters: [dev]
    embedding: {model: BAAI/bge-small-en-v1.5}
    llm: {model: phi, contextWindow: 16384}
    storage: {claim: handbook-index, mountPath: /mnt/index}
"""
_OLDER = next(one for one in facts.versions() if not facts.is_complete(one))
MANY = [(name, raw) for name, raw in fleets() if name.endswith(("crlf", "none"))]


def test_add_says_why_and_what_it_costs_and_renders(run: Run, fleet: Path, tmp_path: Path) -> None:
    done = run("add", "phi-4", "--context", "16k", code=0)
    said = done.stdout.splitlines()
    assert said[0].startswith(
        "models.phi-4 on prod-weu: 1 x Standard_NC24ads_A100_v4 (1 x NVIDIA A100), 4.78 USD an hour, "
    )
    assert said[0].endswith(" a month, price of 2025-10-08")
    assert said[1] == "  80 GiB a GPU, 67.20 of them for vLLM"
    assert said[2] == "  - 2.30 GiB for its runtime - 3.12 GiB for 16384 tokens of context = 61.78 GiB for weights"
    assert said[3] == "  27.86 GiB of weights and 5 % beside them take 1 GPU, so 1 machine"
    assert "the cheapest that fits in westeurope; next: 2 x Standard_NV36ads_A10_v5, 8.32 USD an hour" in said[5]
    assert fleet.read_text() == FLEET + "  phi-4:\n    preset: phi-4\n    gpu: auto\n    context: 16384\n"
    assert done.stderr == "fleet.yaml: written\nnext: kaitops gate manifests\n"
    assert run("render", "--check", code=0).stdout == ""
    assert (tmp_path / "fleet.lock").exists()


def test_the_next_best_is_counted_with_all_replicas(run: Run, fleet: Path) -> None:
    said = run("add", "phi-4", "--context", "16k", "--replicas", "2", "--dry-run", code=0).stdout.splitlines()
    assert said[0].startswith(
        "models.phi-4 on prod-weu: 2 x Standard_NC24ads_A100_v4 (1 x NVIDIA A100), 9.55 USD an hour, "
    )
    assert said[5] == "  the cheapest that fits in westeurope; next: 4 x Standard_NV36ads_A10_v5, 16.64 USD an hour"


def test_the_next_command_can_be_run_as_it_stands(run: Run, fleet: Path, tmp_path: Path) -> None:
    """Where nothing is under version control there is no HEAD to compare with."""
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    done = run("set", "models.phi-4-mini.context", "8192", code=0)
    assert done.stderr.endswith("next: kaitops gate manifests --base HEAD\n")


def test_a_name_that_is_none_is_refused_in_words(run: Run, fleet: Path) -> None:
    done = run("add", "phi-4", "--name", "Modèle", code=2)
    assert (
        "models.Modèle: 'Modèle' is no name of an object: it is of small letters a to z, digits and '-'" in done.stderr
    )


def test_what_fit_says_is_what_add_says(run: Run, fleet: Path) -> None:
    row = yaml.safe_load(
        run("fit", "phi-4", "--context", "16384", "--region", "westeurope", "--gpu", "Standard_NC24ads_A100_v4",
            "--explain", "-o", "yaml", code=0).stdout
    )[0]  # fmt: skip
    said = run("add", "phi-4", "--dry-run", code=0).stdout
    for key in ("kaito_usable_gib", "kaito_overhead_gib", "kaito_kv_cache_gib", "kaito_weights_gib"):
        assert f"{row[key]:.2f}" in said
    assert f"up to {row['max_context']} tokens" in said
    assert f"{row['usd_per_hour']:.2f} USD an hour" in said


def test_a_dry_run_writes_nothing(run: Run, fleet: Path, tmp_path: Path) -> None:
    for arguments in (("add", "phi-4"), ("set", "models.phi-4-mini.context", "8192"), ("remove", "phi-4-mini")):
        done = run(*arguments, "--dry-run", code=0 if arguments[0] != "remove" else None)
        assert fleet.read_text() == FLEET
        assert arguments[0] == "remove" or "nothing was written (--dry-run)" in done.stderr
    assert [one.name for one in tmp_path.iterdir()] == ["fleet.yaml"]


def test_the_command_that_comes_next_names_the_files_of_this_one(run: Run, fleet: Path) -> None:
    fleet.rename(fleet.parent / "a b.yaml")
    said = run("add", "phi-4", "--fleet", "a b.yaml", "--out", "tree", code=0).stderr
    assert said.endswith("next: kaitops gate tree --fleet 'a b.yaml'\n")
    run("gate", "tree", "--fleet", "a b.yaml", "--no-checkov", code=0)
    elsewhere = ("--fleet", "a b.yaml", "--out", "tree", "--no-render")
    for words in (("add", "phi-4", "--name", "two"), ("replace", "phi-4", "--gpu", "Standard_NC40ads_H100_v5")):
        said = run(*words, *elsewhere, code=0).stderr
        assert "next: kaitops render --fleet 'a b.yaml' --out tree\n" in said
    assert said.endswith(": kaitops replace phi-4 --to phi-4-2 --move --fleet 'a b.yaml' --out tree\n")


def test_the_tree_can_be_left_alone(run: Run, fleet: Path, tmp_path: Path) -> None:
    assert run("add", "phi-4", "--no-render", code=0).stderr == "fleet.yaml: written\nnext: kaitops render\n"
    assert [one.name for one in tmp_path.iterdir()] == ["fleet.yaml"]


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("arguments", "code", "text"),
    [
        (("add", "phi-5"), 2, "no model 'phi-5' in the catalogue of KAITO 0.12.0; nearest: "),
        (("add", "phi-4", "--name", "phi", "--cluster", "dev"), 2, "models.phi: is there already and was left as it is"),
        (("add", "phi-4"), 2, "lab brings its nodes and dev, prod has them made, so one size cannot serve both"),
        (("add", "phi-4", "--cluster", "prd"), 2, "no cluster 'prd' in the fleet; did you mean 'prod'?"),
        (("add", "phi-4", "--cluster", "dev", "--context", "32k"), 2, "holds 16384 tokens at most"),
        (("add", "phi-4", "--cluster", "dev", "--context", "many"), 2, "'many' is not a number of tokens"),
        (("add", "phi-4", "--cluster", "dev", "--context", "-1"), 2, "'-1' is not a number of tokens"),
        (("add", "phi-4", "--cluster", "dev", "--replicas", "-1"), 2, "models.phi-4.replicas: -1: "),
        (("add", "phi-4", "--cluster", "dev", "--name", "Phi_4"), 2, "Phi_4"),
        (("add", "phi-4", "--cluster", "dev", "--size", "Standard_NC24ads_A100"), 2, "nearest: Standard_NC24ads_A100_v4"),
        (("add", "llama-3.1-8b-instruct", "--cluster", "dev"), 2, "name the Secret of namespace models that holds it under HF_TOKEN"),
        (("add", "llama-3.1-8b-instruct", "--cluster", "dev", "--secret", "hf_AbCdEf"), 2, "is not the name of a Secret"),
        (("add", "google/gemma-3-27b-it", "--cluster", "dev", "--secret", "hf", "--context", "128k", "--size", "Standard_NV36ads_A10_v5"), 1, "cheapest that fits: "),
        (("add", "phi-4", "--fleet", "-"), 2, "there is no file to change"),
        (("add", "phi-4", "--fleet", "none.yaml"), 2, "no such file"),
        (("remove", "ph"), 2, "the fleet has no workload 'ph', so nothing was removed; did you mean 'phi'?"),
        (("remove", "phi"), 2, "answers for rag.handbook, which could not be rendered without it"),
        (("set", "models.phi.contxt", "4096"), 2, "unknown key; did you mean 'context'?"),
        (("set", "models.phi.context", "many"), 2, "must be a whole number"),
        (("set", "models.phi.context", "null"), 2, "--unset' takes the key out"),
        (("set", "models.phi.context"), 2, "give a value, or --unset"),
        (("set", "models.phi.context", "1", "--unset"), 2, "give a value, or --unset"),
        (("set", "models.phi.context", "--unset"), 2, "is not there, so nothing was removed"),
        (("set", "models..context", "1"), 2, "is no path of a fleet"),
        (("set", "models.ph.context", "8192"), 2, "PATH: models has no 'ph', so nothing was set; did you mean 'phi'?"),
        (("set", "clusters.zzz.mode", "plain"), 2, "PATH: clusters has no 'zzz', so nothing was set; there are: "),
        (("set", "kaito", _OLDER), 2, f"kaitops: kaito: of version {_OLDER} only the facts"),
        (("set", "", "1"), 2, "is no path of a fleet"),
        (("set", "[0].a", "1"), 2, "is no path of a fleet"),
        (("set", "models.phi.clusters[4]", "dev"), 2, "has 2 entries"),
        (("set", "models.phi.gpu.size", "a"), 2, "is no mapping"),
        (("set", "models.phi.context", "999999999"), 2, "holds 131072 tokens at most"),
        (("set", "models.phi.clusters", "[dev, prd]"), 2, "no cluster 'prd'"),
    ],
)  # fmt: skip
def test_what_is_refused_changes_nothing(
    run: Run, fleet: Path, arguments: tuple[str, ...], code: int, text: str
) -> None:
    fleet.write_text(SHARED)
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (code, ""), done.stderr
    assert text in done.stderr
    assert fleet.read_text() == SHARED
    assert not (fleet.parent / "manifests").exists()


def test_brought_nodes_need_no_size(run: Run, fleet: Path) -> None:
    fleet.write_text(SHARED)
    done = run("add", "phi-4", "--cluster", "lab", "--name", "big", code=0)
    assert "models.big on lab: 1 of the brought nodes" in done.stdout
    assert "gpu" not in yaml.safe_load(fleet.read_text())["models"]["big"]


def test_remove_takes_what_clusters_say_of_it(run: Run, fleet: Path) -> None:
    text = FLEET + "  other:\n    preset: phi-4\n    gpu: auto\n"
    text = text.replace("    gitops: none\n", "    gitops: none   # yet\n    models:\n      other: {context: 4096}\n")
    fleet.write_text(text)
    run("remove", "models.other", code=0)
    assert fleet.read_text() == FLEET.replace("gitops: none\n", "gitops: none   # yet\n")


def test_a_version_stays_a_text(run: Run, fleet: Path) -> None:
    fleet.write_text(FLEET.replace("    gitops: none\n", '    gitops: none\n    revision: "1.20"\n'))
    run("set", "clusters.prod-weu.revision", "1.30", code=0)
    assert '    revision: "1.30"\n' in fleet.read_text()
    run("set", 'models.phi-4-mini.labels."contoso.com/tier"', "1", code=0)
    assert yaml.safe_load(fleet.read_text())["models"]["phi-4-mini"]["labels"] == {"contoso.com/tier": "1"}
    run("set", "models.phi-4-mini.labels.contoso.com/tier", "2", code=0)
    assert yaml.safe_load(fleet.read_text())["models"]["phi-4-mini"]["labels"] == {"contoso.com/tier": "2"}
    before = fleet.read_bytes()
    assert "is that already; nothing was written" in run("set", "models.phi-4-mini.context", "16384", code=0).stdout
    assert fleet.read_bytes() == before


def test_thousands_of_tokens_are_written_out_where_tokens_are_counted(run: Run, fleet: Path) -> None:
    fleet.write_text(SHARED)
    run("set", "models.phi.context", "32k", code=0)
    run("set", "rag.handbook.llm.contextWindow", "8K", code=0)
    run("set", "clusters.prod.models.phi.context", "4k", code=0)
    found = yaml.safe_load(fleet.read_text())
    assert found["models"]["phi"]["context"] == 32768
    assert found["rag"]["handbook"]["llm"]["contextWindow"] == 8192
    assert found["clusters"]["prod"]["models"]["phi"]["context"] == 4096
    done = run("set", "models.phi.maxNodes", "2k", code=2)
    assert "models.phi.maxNodes: must be a whole number, is '2k'\n" in done.stderr
    # What vLLM makes of its own flags is vLLM's: to it 8k is 8000.
    run("set", "models.phi.labels.room", "8k", code=0)
    assert yaml.safe_load(fleet.read_text())["models"]["phi"]["labels"] == {"room": "8k"}


@pytest.mark.sampled(4)
@pytest.mark.parametrize(("name", "raw"), MANY, ids=[name for name, _ in MANY])
def test_styles_are_kept_from_command_to_file(run: Run, fleet: Path, name: str, raw: bytes) -> None:
    fleet.write_bytes(raw)
    fleet.chmod(0o640)
    run("add", "phi-4", "--name", "new", "--cluster", "prod", "--no-render", code=0)
    run("set", "models.new.context", "8192", "--no-render", code=0)
    assert yaml.safe_load(fleet.read_bytes())["models"]["new"] == {
        "preset": "phi-4", "gpu": "auto", "context": 8192, "clusters": ["prod"],
    }  # fmt: skip
    run("remove", "new", "--no-render", code=0)
    assert fleet.read_bytes() == raw
    assert fleet.stat().st_mode & 0o777 == 0o640


def test_a_link_stays_one(run: Run, fleet: Path, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    fleet.rename(tmp_path / "real" / "fleet.yaml")
    fleet.symlink_to("real/fleet.yaml")
    run("set", "models.phi-4-mini.context", "8192", code=0)
    assert fleet.is_symlink()
    assert "context: 8192" in (tmp_path / "real" / "fleet.yaml").read_text()


def test_a_folder_that_takes_no_file_leaves_the_old_one_whole(fleet: Path, tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    command = bound(str(KAITOPS), "set", "models.phi-4-mini.context", "8192")
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    tmp_path.chmod(0o755)
    assert done.returncode == 3
    assert "cannot be written" in done.stderr
    assert fleet.read_text() == FLEET


def test_an_interrupted_change_leaves_the_old_file_or_the_new_one(fleet: Path, tmp_path: Path) -> None:
    seen: set[str] = set()
    for number in range(8):
        fleet.write_text(FLEET)
        command = [str(KAITOPS), "set", "models.phi-4-mini.context", "8192", "--no-render"]
        process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(0.03 * number)
        process.send_signal(signal.SIGKILL)
        process.wait()
        seen.add(fleet.read_text())
    assert FLEET in seen
    assert seen <= {FLEET, FLEET.replace("16384", "8192")}


def test_the_page_of_these_commands_works(run: Run, fleet: Path) -> None:
    page = (ROOT / "docs" / "editing.md").read_text()
    blocks: list[str] = re.findall(r"```sh\n(.*?)```", page, flags=re.DOTALL)
    for command in "".join(blocks).splitlines():
        words = [word.strip("'") for word in command.split()]
        assert words.pop(0) == "kaitops"
        run(*words, code=0)
    assert list(yaml.safe_load(fleet.read_text())["models"]) == ["phi-4", "phi-4-mini-2"]


def test_colours_are_for_terminals(run: Run, fleet: Path) -> None:
    assert "\x1b" not in run("set", "models.phi-4-mini.context", "8192", "--dry-run", code=0).stdout


@pytest.mark.parametrize("end", ["models:", "models:\n  # none yet\n", "models: {}\n", "models: {} # none yet"])
def test_the_first_model_is_added_where_none_is(run: Run, fleet: Path, end: str) -> None:
    """As a fleet is left by who took the last model out, or only made room for one."""
    head = "kaito: 0.12.0\nclusters:\n  dev: {region: westeurope, provisioner: karpenter}\n"
    fleet.write_text(head + end)
    run("render", code=0)
    run("add", "phi-4", "--no-render", code=0)
    text = fleet.read_text()
    assert list(yaml.safe_load(text)["models"]) == ["phi-4"]
    assert text.startswith(head + "models:")
    assert ("# none yet" in text) == ("# none yet" in end)
    assert "\n  phi-4:\n    preset: phi-4\n" in text, "on lines of its own"
    run("remove", "phi-4", "--no-render", code=0)
    assert "models" not in yaml.safe_load(fleet.read_text())


def test_set_mends_what_is_wrong_and_nothing_is_written_that_is(run: Run, tmp_path: Path) -> None:
    """The edit is judged by its result: the fault may be what it takes away."""
    fleet = tmp_path / "fleet.yaml"
    run("init", "--model", "phi-4-mini-instruct", "--region", "westeurope", code=0)
    whole = fleet.read_text()
    for fault, mends in (
        ("context: 16k", ("models.phi-4-mini-instruct.context", "16384")),
        ("context: 16384\n    contxt: 1", ("models.phi-4-mini-instruct.contxt", "--unset")),
    ):
        fleet.write_text(whole.replace("context: 16384", fault))
        assert "fleet.yaml:1" in run("set", "clusters.dev.region", "swedencentral", code=2).stderr
        assert fleet.read_text() == whole.replace("context: 16384", fault)
        run("set", *mends, "--no-render", code=0)
        assert fleet.read_text() == whole
    fleet.write_text("models: [")
    assert "not YAML" in run("set", "models.x.context", "1", code=2).stderr


STANDING = """\
kaito: 0.12.0
defaults: {namespace: models, gpu: Standard_NC24ads_A100_v4}
clusters: {dev: {region: westeurope, provisioner: karpenter}}
models: {phi: {preset: phi-4, context: 4096}, many: {preset: phi-4, replicas: 2}, flat: {preset: phi-4, mode: plain}}
tuning: {job: {preset: phi-4, method: qlora, input: {claim: in}, output: {claim: out}}}
rag: {handbook: {gpu: Standard_NC24ads_A100_v4, embedding: {model: BAAI/bge-small-en-v1.5}}}
"""


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("models.phi.replicas", "2", "models.phi on dev: where it runs, the Workspace goes and the InferenceSet begins anew"),
        ("models.phi.gpu", "Standard_NC40ads_H100_v5", "KAITO refuses another machine; 'kaitops replace' puts a second"),
        ("models.phi.preset", "phi-4-mini-instruct", "KAITO refuses another model;"),
        ("tuning.job.method", "lora", "tuning.job on dev: where it runs, KAITO refuses another method; take another name"),
        ("rag.handbook.gpu", "Standard_NC40ads_H100_v5", "rag.handbook on dev: where it runs, KAITO refuses another machine"),
        ("models.phi.context", "8192", ""),
        ("models.many.replicas", "3", ""),
        ("models.flat.gpu", "Standard_NC40ads_H100_v5", ""),
        ("models.phi.namespace", "other", ""),
    ],
)  # fmt: skip
def test_what_cannot_become_what_is_asked_is_told(run: Run, tmp_path: Path, path: str, value: str, said: str) -> None:
    (tmp_path / "fleet.yaml").write_text(STANDING)
    notes = [line for line in run("set", path, value, "--dry-run", code=0).stderr.splitlines() if "note: " in line]
    assert [said in line for line in notes] == [True] * bool(said)
