"""Questions in one command: which models and machines, at what cost, and why not the others."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import FLEET, Run
from tests.cost.test_quota import SKU, usage

_A100 = "Standard_NC24ads_A100_v4"


def _rows(run: Run, *arguments: str) -> list[dict[str, Any]]:
    return json.loads(run(*arguments, "-o", "json", code=0).stdout)


def test_one_command_answers_what_runs_on_one_a100(run: Run) -> None:
    asked = ["fit", "--machine", "A100:1", "--context", "32k", "--region", "swedencentral", "--max-usd-per-hour", "5"]
    rows = _rows(run, *asked, "--max-nodes", "1")
    assert len(rows) > 20
    assert len({row["model"] for row in rows}) == len(rows)
    for row in rows:
        assert (row["size"], row["nodes"]) == (_A100, 1)
        assert row["max_context"] >= 32768
        assert row["usd_per_hour"] <= 5
    # Each of them is what the command says of the model alone; phi-4 holds 16384 tokens and is none of them.
    assert "microsoft/phi-4" not in {row["model"] for row in rows}
    one = rows[3]
    alone = _rows(run, "fit", one["model"], "--gpu", _A100, "--context", "32768", "--region", "swedencentral")[0]
    assert (alone["nodes"], alone["max_context"], alone["usd_per_hour"]) == (1, one["max_context"], one["usd_per_hour"])


def test_the_cheapest_machine_of_each_model_is_shown_and_every_one_where_asked(run: Run) -> None:
    each, every = _rows(run, "fit", "--region", "westeurope"), _rows(run, "fit", "--region", "westeurope", "--every")
    assert len(each) == 60
    for row in each:
        costs = [one["usd_per_hour"] for one in every if one["model"] == row["model"] and one["usd_per_hour"]]
        assert row["usd_per_hour"] == (min(costs) if costs else None)
    assert len(every) > 300


@pytest.mark.parametrize(
    ("filters", "model", "reason"),
    [
        (["--context", "32k"], "microsoft/phi-4", "holds 16384 tokens"),
        (["--not-gated"], "meta-llama/Llama-3.3-70B-Instruct", "is gated"),
        (["--tunable"], "openai/gpt-oss-20b", "KAITO does not tune it"),
        (["--tools"], "microsoft/phi-4", "KAITO starts it without a parser for tool calls"),
        (["--licence", "apache"], "microsoft/phi-4", "its licence is mit"),
        (["--max-nodes", "1", "--machine", "A10:1"], "microsoft/phi-4", "takes 2 machines"),
        (["--max-usd-per-hour", "4.5", "--region", "westeurope"], "microsoft/phi-4", "costs 4.78 USD an hour"),
        (["--max-usd-per-hour", "5"], "microsoft/phi-4", "no price is known; name a --region"),
    ],
)  # fmt: skip
def test_each_no_has_its_reason_and_is_in_no_answer(run: Run, filters: list[str], model: str, reason: str) -> None:
    refused = _rows(run, "fit", model, *filters, "--refused")
    assert reason in {row["why_not"] for row in refused}
    sizes = {row["size"] for row in refused if row["why_not"] == reason}
    done = run("fit", model, *filters, "--every", "-o", "json")
    good = json.loads(done.stdout) if done.returncode == 0 else []
    assert not sizes & {row["size"] for row in good}


def test_what_tuning_fits_on_is_asked_of_tuning_and_not_of_servers(run: Run) -> None:
    """A job gets one machine, whose GPUs each load all weights: whole with lora, as 4 bits with qlora."""
    asked = ["fit", "phi-4", "--tunable", "--region", "westeurope"]
    rows = {(row["method"], row["size"]): row for row in _rows(run, *asked)}
    # It serves on no single A10, and a qlora job fits one; of eight A100 of 40 GiB each loads what one would.
    a10, many = rows["qlora", "Standard_NV36ads_A10_v5"], rows["lora", "Standard_ND96asr_A100_v4"]
    assert (a10["nodes"], a10["weights_gib"], a10["left_gib"], a10["usd_per_hour"]) == (1, 6.83, 17.17, 4.16)
    assert (many["nodes"], many["weights_gib"], many["left_gib"]) == (1, 27.31, 12.69)
    assert ("lora", "Standard_NV36ads_A10_v5") not in rows
    (why,) = (row for row in _rows(run, *asked, "--machine", "A10:1", "--refused"))
    assert (why["method"], why["why_not"]) == ("lora", "loads 27.3 GiB onto each GPU of 24")
    told = run(*asked, code=0)
    assert "max_context" not in a10 and "MAX CONTEXT" not in told.stdout
    assert "note: machines for tuning" in told.stderr
    # The twin: the same model as a server, as before.
    served = run("fit", "phi-4", "--region", "westeurope", "--machine", "A10:1", "-o", "json", code=0)
    assert json.loads(served.stdout)[0]["nodes"] == 2 and "for tuning" not in served.stderr


def test_the_cheapest_machine_is_shown_for_each_model_and_method(run: Run) -> None:
    rows = _rows(run, "fit", "--tunable", "--region", "westeurope")
    every = _rows(run, "fit", "--tunable", "--region", "westeurope", "--every")
    assert len(rows) == len({(row["model"], row["method"]) for row in rows}) == 18
    for row in rows:
        same = [one for one in every if (one["model"], one["method"]) == (row["model"], row["method"])]
        assert row["usd_per_hour"] == min(one["usd_per_hour"] for one in same if one["usd_per_hour"])
    assert "27.31 of weights, which lora loads" in run("fit", "phi-4", "--tunable", "--explain", code=0).stdout
    refused = run("fit", "--tunable", "--refused", "--cloud", "azure", code=0).stdout
    assert refused.split("\n", 1)[0].split() == ["MODEL", "METHOD", "SIZE", "WHY", "NOT"]


@pytest.mark.parametrize("option", [["--context", "32k"], ["--matrix"]])
def test_what_is_asked_of_servers_is_not_asked_of_tuning(run: Run, option: list[str]) -> None:
    assert f"{option[0]}: is of servers" in run("fit", "--tunable", *option, code=2).stderr
    run("fit", "phi-4", *(option if option == ["--matrix"] else ["--context", "16k"]), code=0)


def test_what_the_answer_names_a_fleet_takes(run: Run, tmp_path: Path) -> None:
    fleet = (
        "kaito: 0.12.0\ndefaults: {namespace: models}\nclusters: {dev: {region: westeurope, provisioner: karpenter}}\n"
        "tuning:\n  t:\n    {preset: phi-4, method: METHOD, gpu: Standard_NV36ads_A10_v5, input: {claim: data},"
        " output: {claim: out}}\n"
    )
    for method, code in (("qlora", 0), ("lora", 1)):
        (tmp_path / "fleet.yaml").write_text(fleet.replace("METHOD", method))
        run("render", code=code)


def test_a_quota_rules_out_what_it_leaves_no_room_for(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "q.json"
    recorded = {"region": "westeurope", "date": "2025-10-30", "skus": [SKU]}
    file.write_text(json.dumps({**recorded, "usage": usage()}))
    asked = ["fit", "phi-4", "--machine", "A100:1", "--quota", str(file)]
    assert [row["size"] for row in _rows(run, *asked)] == [_A100]
    file.write_text(json.dumps({**recorded, "usage": usage(cores=23)}))
    done = run(*asked, code=1)
    assert f"{_A100} needs 24 vCPUs, and 23 of Total Regional vCPUs are left" in done.stderr


def test_a_part_of_names_shows_the_models_that_contain_it(run: Run) -> None:
    rows = _rows(run, "fit", "70b", "--region", "swedencentral")
    assert {row["model"] for row in rows} == {"meta-llama/Llama-3.3-70B-Instruct"} and len(rows) > 5
    phis = [row["model"] for row in _rows(run, "fit", "Phi-4", "--max-nodes", "1")]
    assert phis == ["microsoft/phi-4"] * len(phis)
    several = run("fit", "phi-4-", "--region", "westeurope", code=0)
    assert "note: models whose name contains 'phi-4-': " in several.stderr
    assert "nearest: phi-4" in run("fit", "phi4", code=2).stderr


def test_the_matrix_takes_a_part_of_names_as_well(run: Run) -> None:
    done = run("fit", "phi", "--matrix", "-o", "json", code=0)
    named = {row["model"] for row in json.loads(done.stdout)}
    assert len(named) > 3 and all("phi" in name.lower() for name in named)
    assert f"note: models whose name contains 'phi': {len(named)}\n" in done.stderr
    # The whole name of one is that one, though others contain it.
    assert {row["model"] for row in _rows(run, "fit", "phi-4", "--matrix")} == {"microsoft/phi-4"}
    assert "nearest: phi-4" in run("fit", "phi4", "--matrix", code=2).stderr


def test_one_rule_says_why_it_is_there_and_what_to_do(run: Run) -> None:
    (rule,) = json.loads(run("policy", "KAITO027", "-o", "json", code=0).stdout)
    told = run("policy", "kaito027", code=0).stdout
    assert all(f"\n{key}: {rule[key]}\n" in told for key in ("why", "remedy", "source"))
    assert "why: " not in run("policy", "adapter", code=0).stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["sizes", "Standard_NC24ad_A100"], "no size of azure is named by 'Standard_NC24ad_A100'; nearest: Standard_NC24ads_A100_v4"),
        (["policy", "KAITO0021"], "no rule has 'KAITO0021' in its id, title or kind; nearest: KAITO021, "),
        (["policy", "kubeflow"], "no rule has 'kubeflow' in its id, title or kind; 'kaitops policy' lists them all"),
        (["catalogue", "gpt-5"], "no model contains 'gpt-5'"),
    ],
)  # fmt: skip
def test_a_name_that_matches_nothing_is_no_success(run: Run, arguments: list[str], message: str) -> None:
    done = run(*arguments, code=1)
    assert message in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["fit", "--region", "westeuropa"], "nearest: westeurope"),
        (["fit", "phi-4", "--region", "West Europa"], "nearest: westeurope"),
        (["fit", "--machine", "B200"], "known: A100:1, A100:2"),
        (["fit", "--machine", "A100:x"], "no number of GPUs behind the colon"),
        (["fit", "--context", "32x"], "'32x' is not a number of tokens; write such as 32768 or 32k"),
        (["fit", "--context", "0"], "'0' is not a number of tokens"),
        (["fit", "--max-usd-per-hour", "nan"], "'nan' is no amount of USD; write such as 5"),
        (["fit", "--max-usd-per-hour", "-5"], "'-5' is no amount of USD"),
        (["fit", "--max-nodes", "0"], "'0' is no number of machines; write 1 or more"),
        (["fit", "--machine", ""], "argument --machine: its value is empty"),
        (["fit", "--licence="], "argument --licence: its value is empty"),
        (["catalogue", "--html", ""], "argument --html: its value is empty"),
        (["cost", "--cluster", ""], "argument --cluster: its value is empty"),
        (["status", "--cluster", ""], "argument --cluster: its value is empty"),
        (["sizes", "--region", "nowhere"], "no price is known in 'nowhere'"),
        (["cost", "--region", "nowhere"], "no price is known in 'nowhere'"),
        (["cost"], "fleet.yaml: no such file"),
        (["init", "--model", "phi4"], "nearest: "),
        (["fit", "llama70b"], "nearest: llama-3.3-70b-instruct\n"),
        (["fit", "phi-4", "--gpu", "H100"], "nearest: Standard_NC40ads_H100_v5"),
        (["fit", "phi-4", "--gpu", "?"], "no size '?' on azure; 'kaitops sizes' lists them"),
        (["fit", "phi-4", "--gpu", "H100:1"], "nearest: Standard_NC40ads_H100_v5"),
        (["init", "--size", "?"], "no size '?' on azure; 'kaitops sizes' lists them"),
        (["fit", "--kaito", "0.12"], "did you mean 0.12.0?"),
        (["fit", "--kaito", "v0.12.0"], "did you mean 0.12.0?"),
    ],
)
def test_what_is_not_known_is_refused(run: Run, arguments: list[str], message: str) -> None:
    assert message in run(*arguments, code=2).stderr


def test_the_sum_of_nothing_is_no_cost(run: Run, tmp_path: Path) -> None:
    """A fleet that is named as manifests holds no machine, and did not cost nothing."""
    (tmp_path / "fleet.yaml").write_text(FLEET)
    assert "no Kubernetes object found, so nothing was summed up" in run("cost", "fleet.yaml", code=2).stderr
    run("cost", code=0)


def test_a_part_of_a_size_is_answered_with_the_sizes_that_have_it(run: Run) -> None:
    assert "nearest: Standard_NC24ads_A100_v4" in run("sizes", "nc24", code=1).stderr
    assert "'kaitops sizes' lists them" in run("sizes", "??", code=1).stderr
    assert "takes 2 machines" in run("fit", "llama-3.3-70b-instruct", "--max-nodes", "1", "--refused").stdout


def test_a10_is_no_a100(run: Run) -> None:
    assert {row["gpus"].rpartition(" ")[2] for row in _rows(run, "sizes", "a10")} == {"A10"}
    assert {row["gpus"].rpartition(" ")[2] for row in _rows(run, "sizes", "A100")} == {"A100"}
    assert [row["size"] for row in _rows(run, "sizes", "nc24ads", "--region", "westeurope")] == [_A100]


def test_the_cost_of_a_fleet_is_that_of_its_tree_and_adds_up(run: Run, tmp_path: Path) -> None:
    (tmp_path / "fleet.yaml").write_text(FLEET)
    run("render", "-q", code=0)
    fleet, tree = _rows(run, "cost"), _rows(run, "cost", "manifests")
    assert fleet == tree
    *rows, total = fleet
    assert total["workload"] == "all"
    assert total["usd_per_hour"] == pytest.approx(sum(row["usd_per_hour"] for row in rows if row["workload"] != "all"))
    assert total["usd_per_hour"] > 0
    assert total["usd_per_month"] == pytest.approx(total["usd_per_hour"] * 730)


def test_amounts_have_the_digits_of_prices(run: Run, tmp_path: Path) -> None:
    models = "".join(f"  m{number}: {{preset: phi-4, gpu: {_A100}}}\n" for number in range(3))
    head = "kaito: 0.12.0\nclusters: {c: {region: westeurope, provisioner: karpenter}}\nmodels:\n"
    (tmp_path / "fleet.yaml").write_text(head + models)
    (tmp_path / "p.yaml").write_text(f"currency: USD\nprices: {{{_A100}: {{westeurope: 0.1}}}}\n")
    # In halves of a bit three of these are 0.30000000000000004.
    assert _rows(run, "cost", "--prices", "p.yaml")[-1]["usd_per_hour"] == 0.3


def test_what_has_no_price_is_said(run: Run, tmp_path: Path) -> None:
    text = (
        "apiVersion: kaito.sh/v1beta1\nkind: Workspace\nmetadata: {name: phi, namespace: team}\n"
        f"resource: {{instanceType: {_A100}, labelSelector: {{matchLabels: {{apps: phi}}}}}}\n"
        "inference: {preset: {name: phi-4-mini-instruct}}\n"
    )
    (tmp_path / "w.yaml").write_text(text)
    done = run("cost", "w.yaml", code=0)
    assert "no price of Standard_NC24ads_A100_v4 is known, as nothing says its region" in done.stderr
    priced, spot = (_rows(run, "cost", "w.yaml", "--region", "eastus", *more)[-1] for more in ([], ["--spot"]))
    assert priced["usd_per_hour"] > spot["usd_per_hour"] >= 0
    (tmp_path / "bad.yaml").write_text("a: [\n")
    assert "what is not read has no cost" in run("cost", "w.yaml", "bad.yaml", code=2).stderr


def test_a_table_without_prices_says_what_prices_are_of(run: Run) -> None:
    told = "note: prices are those of a region; name it by --region\n"
    for asked in (["fit", "phi-4"], ["fit", "--tunable"], ["sizes"]):
        assert run(*asked, code=0).stderr.startswith(told), asked
        assert told not in run(*asked, "--region", "westeurope", code=0).stderr
        assert told not in run(*asked, "--cloud", "arc", code=0).stderr
