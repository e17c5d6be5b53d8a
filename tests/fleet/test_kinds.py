"""What each declaration becomes: typed, admitted, and holding what was declared."""

from typing import Any

import pytest

from kaitops.api import model_for
from kaitops.documents import reader, writer
from kaitops.errors import BadInput, Findings, KaitopsError
from kaitops.fleet import reading
from kaitops.fleet.files import Fleet
from kaitops.fleet.lock import Lock, Pin
from kaitops.kaito import Release, facts
from kaitops.render import Rendering, render
from tests.conftest import ROOT
from tests.version import KAITO

RELEASE = Release.load(KAITO)
A100, H100 = "Standard_NC24ads_A100_v4", "Standard_NC40ads_H100_v5"
KARPENTER: dict[str, Any] = {"region": "westeurope", "provisioner": "karpenter"}
POOL = {"product": "NVIDIA-A100-SXM4-80GB", "gpus": 8, "memoryMiB": 81920, "labels": {"pool": "a"}}
BYO: dict[str, Any] = {"region": "x", "provisioner": "byo", "nodes": {"a": POOL}}


def made(cluster: dict[str, Any] = KARPENTER, mode: str | None = None, **groups: Any) -> Rendering:
    text = writer.dump({"kaito": KAITO, "clusters": {"c": cluster}, **groups})
    return render(Fleet(reading.read(text.encode(), "fleet.yaml"), RELEASE, Lock()), mode=mode)


def only(kind: str, rendering: Rendering) -> dict[str, Any]:
    found = [each for each in rendering.objects["c"] if each["kind"] == kind]
    assert len(found) == 1, [each["kind"] for each in rendering.objects["c"]]
    return found[0]


def test_everything_in_the_sample_fleet_is_typed() -> None:
    source = reading.read((ROOT / "fleet.yaml").read_bytes(), "fleet.yaml")
    rendering = render(Fleet(source, RELEASE, Lock()), mode="operator")
    kinds = set()
    for documents in rendering.objects.values():
        for document in documents:
            if document["apiVersion"].startswith("kaito.sh/"):
                model = model_for(document["apiVersion"], document["kind"])
                parsed = model.model_validate(document)
                assert parsed.model_dump(by_alias=True, exclude_unset=True, mode="json") == document
                kinds.add(document["kind"])
    assert kinds == {"Workspace", "InferenceSet", "MultiRoleInference", "RAGEngine", "ModelMirror"}


def test_a_preset_with_all_its_settings() -> None:
    rendering = made(
        models={
            "m": {
                "preset": "phi-4", "gpu": A100, "context": 8192, "vllm": {"max-num-seqs": 8}, "secret": "hf", "loadBalancer": True,
                "performance": "throughput", "benchmark": False, "localWeights": True, "streaming": False,
                "labels": {"team": "a"}, "annotations": {"x.example.com/y": "z"}, "nodeLabels": {"pool": "gpu"},
                "adapters": {"b": {"claim": "c"}, "a": {"image": "r.example.com/a:1", "pullSecrets": ["p"]}},
            }
        }
    )  # fmt: skip
    workspace = only("Workspace", rendering)
    assert workspace["metadata"]["annotations"] == {
        "kaito.sh/disable-benchmark": "true",
        "kaito.sh/enablelb": "True",
        "kaito.sh/model-streaming": "disabled",
        "kaito.sh/performance-mode": "throughput",
        "kaito.sh/use-local-weights": "true",
        "x.example.com/y": "z",
    }
    assert workspace["metadata"]["labels"] == {"app.kubernetes.io/managed-by": "kaitops", "team": "a"}
    assert workspace["resource"] == {"instanceType": A100, "labelSelector": {"matchLabels": {"pool": "gpu"}}}
    inference = workspace["inference"]
    assert inference["preset"] == {"name": "phi-4", "presetOptions": {"modelAccessSecret": "hf"}}
    assert [adapter["source"]["name"] for adapter in inference["adapters"]] == ["a", "b"]
    assert only("ConfigMap", rendering)["data"] == {
        "inference_config.yaml": "vllm:\n  max-num-seqs: 8\n  max-model-len: 8192\n"
    }
    assert rendering.needs["c"] == [
        "PersistentVolumeClaim default/c",
        "Secret default/hf with key HF_TOKEN",
        "Secret default/p",
    ]


def test_the_configuration_has_a_new_name_when_it_changes() -> None:
    names = {
        only("ConfigMap", made(models={"m": {"preset": "phi-4", "gpu": A100, "context": context}}))["metadata"]["name"]
        for context in (2048, 4096, 2048)
    }
    assert len(names) == 2


def test_transformers() -> None:
    workspace = only(
        "Workspace", made(models={"m": {"preset": "phi-4", "gpu": A100, "runtime": "transformers", "nodes": 1}})
    )
    assert workspace["metadata"]["annotations"] == {"kaito.sh/runtime": "transformers"}
    assert workspace["resource"]["count"] == 1
    with pytest.raises(KaitopsError, match="does not support inference with Huggingface Transformers runtime"):
        made(models={"m": {"preset": "phi-4-mini-instruct", "gpu": A100, "runtime": "transformers"}})


def test_replicas_make_an_inferenceset() -> None:
    model = {"preset": "phi-4", "gpu": A100, "replicas": 2, "benchmark": False, "autoscale": {"max": 5},
             "autoUpgrade": {"schedule": "0 3 * * 0"}}  # fmt: skip
    found = only("InferenceSet", made(models={"m": model}))
    assert found["metadata"]["annotations"] == {
        "kaito.sh/disable-benchmark": "true",
        "scaledobject.kaito.sh/auto-provision": "true",
        "scaledobject.kaito.sh/max-replicas": "5",
        "scaledobject.kaito.sh/metrics": "- name: vllm:num_requests_waiting\n  type: gauge\n  upthreshold: 10\n  downthreshold: 1\n",
        "scaledobject.kaito.sh/min-replicas": "2",
    }
    spec = found["spec"]
    assert "replicas" not in spec  # the scaler's
    assert only("InferenceSet", made(models={"m": {**model, "autoscale": None}}))["spec"]["replicas"] == 2
    one = only("InferenceSet", made(models={"m": {**model, "replicas": None}}))
    assert "scaledobject.kaito.sh/min-replicas" not in one["metadata"]["annotations"]
    assert spec["template"]["resource"] == {"instanceType": A100}
    assert spec["template"]["metadata"]["annotations"] == {"kaito.sh/disable-benchmark": "true"}
    assert spec["autoUpgrade"]["maintenanceWindow"] == {"schedule": "0 3 * * 0", "duration": "4h"}
    with pytest.raises(KaitopsError, match="invalid cron expression"):
        made(models={"m": {**model, "autoUpgrade": {"schedule": "whenever"}}})


def test_prefill_and_decode_make_a_multirole() -> None:
    model = {
        "preset": "llama-3.1-8b-instruct", "secret": "hf", "gpu": A100, "context": 4096, "prefill": {"gpu": H100},
        "decode": {"replicas": 2, "vllm": {"max-num-seqs": 4}},
    }  # fmt: skip
    rendering = made(models={"m": model})
    spec = only("MultiRoleInference", rendering)["spec"]
    assert spec["model"] == {"name": "llama-3.1-8b-instruct", "modelAccessSecret": "hf"}
    assert [(role["type"], role["replicas"], role["instanceType"]) for role in spec["roles"]] == [
        ("prefill", 1, H100),
        ("decode", 2, A100),
    ]
    configs = [each for each in rendering.objects["c"] if each["kind"] == "ConfigMap"]
    assert sorted(config["metadata"]["name"] for config in configs) == sorted(
        role["runtimeConfig"] for role in spec["roles"]
    )


def test_switches_are_rendered_so_that_they_do_what_they_say() -> None:
    flags = {
        "enable-prefix-caching": True,
        "enable_chunked_prefill": False,
        "disable-log-stats": False,
        "max-num-seqs": 8,
    }
    config = only("ConfigMap", made(models={"m": {"preset": "phi-4", "gpu": A100, "vllm": flags}}))
    assert config["data"]["inference_config.yaml"] == (
        "vllm:\n  enable-prefix-caching: --enable-prefix-caching\n  max-num-seqs: 8\n"
        "  no-enable-chunked-prefill: --no-enable-chunked-prefill\n"
    )


def test_a_role_turns_off_what_the_model_turns_on() -> None:
    model = {
        "preset": "phi-4", "gpu": A100, "vllm": {"enforce-eager": True, "max-num-seqs": 8},
        "prefill": {}, "decode": {"vllm": {"enforce-eager": False}},
    }  # fmt: skip
    rendering = made(models={"m": model})
    texts = {each["data"]["inference_config.yaml"] for each in rendering.objects["c"] if each["kind"] == "ConfigMap"}
    assert texts == {
        "vllm:\n  enforce-eager: --enforce-eager\n  max-num-seqs: 8\n",
        "vllm:\n  max-num-seqs: 8\n  no-enforce-eager: --no-enforce-eager\n",
    }


CUSTOM: dict[str, dict[str, Any]] = {
    "cpuImage": {"image": "r.example.com/cpu:1", "cpu": "4", "memory": "16Gi", "port": 5000},
    "huggingFace": {"image": "r.example.com/s:1", "model": "contoso/private", "secret": "hf", "revision": "abc"},
    "volume": {"image": "r.example.com/s:1", "claim": "weights"},
    "blob": {
        "image": "r.example.com/s:1",
        "account": "contoso",
        "container": "llm",
        "prefix": "/a/",
        "serviceAccount": "loader",
    },
    "azureML": {
        "image": "r.example.com/s:1",
        "registry": "reg",
        "model": "m",
        "version": "3",
        "serviceAccount": "loader",
    },
}


@pytest.mark.parametrize("pattern", CUSTOM)
def test_custom_patterns(pattern: str) -> None:
    size = "Standard_D16s_v5" if pattern == "cpuImage" else A100
    rendering = made(models={"m": {"gpu": size, "nodes": 1, "custom": {pattern: CUSTOM[pattern]}}})
    workspace = only("Workspace", rendering)
    assert workspace["resource"] == {"count": 1, "instanceType": size, "labelSelector": {"matchLabels": {"apps": "m"}}}
    pod = workspace["inference"]["template"]["spec"]
    server = pod["containers"][0]
    assert server["image"] == CUSTOM[pattern]["image"]
    assert server["securityContext"]["allowPrivilegeEscalation"] is False
    assert ("nvidia.com/gpu" in server["resources"].get("limits", {})) is (pattern != "cpuImage")
    mounts = {mount["name"] for mount in server["volumeMounts"]}
    assert mounts == {volume["name"] for volume in pod["volumes"]}
    env = {entry["name"]: entry.get("value", entry.get("valueFrom")) for entry in server.get("env", [])}
    if pattern == "huggingFace":
        assert env["HF_TOKEN"] == {"secretKeyRef": {"name": "hf", "key": "HF_TOKEN"}}
        assert (env["MODEL_ID"], env["MODEL_REVISION"]) == ("contoso/private", "abc")
        assert rendering.needs["c"] == ["Secret default/hf with key HF_TOKEN"]
    if pattern == "volume":
        assert pod["volumes"][-1]["persistentVolumeClaim"] == {"claimName": "weights", "readOnly": True}
    if pattern in {"blob", "azureML"}:
        assert pod["serviceAccountName"] == "loader"
        assert workspace["inference"]["template"]["metadata"]["labels"] == {"azure.workload.identity/use": "true"}
        fetch = pod["initContainers"][0]
        assert fetch["volumeMounts"] == [{"name": "weights", "mountPath": "/mnt/models"}]
        values = {entry["name"]: entry["value"] for entry in fetch["env"]}
        assert values["TARGET"] == "/mnt/models"
        if pattern == "blob":
            assert (values["ACCOUNT"], values["CONTAINER"], values["PATTERN"]) == ("contoso", "llm", "a/*")
            # Fetched blobs keep their whole name, and the server looks for them at the path itself.
            assert server["volumeMounts"][-1] == {
                "name": "weights", "mountPath": "/mnt/models", "readOnly": True, "subPath": "a",
            }  # fmt: skip
    plain = made(mode="plain", models={"m": {"gpu": size, "custom": {pattern: CUSTOM[pattern]}}})
    assert {each["kind"] for each in plain.objects["c"]} == {"StatefulSet", "Service", "NodePool"}


@pytest.mark.parametrize("pattern", CUSTOM)
def test_the_image_of_a_server_of_ones_own_is_pulled_with_the_secrets_that_are_named(pattern: str) -> None:
    def pod(mode: str, rendering: Rendering) -> dict[str, Any]:
        if mode == "operator":
            return only("Workspace", rendering)["inference"]["template"]["spec"]
        return only("StatefulSet", rendering)["spec"]["template"]["spec"]

    entry = {"gpu": A100, "custom": {pattern: {**CUSTOM[pattern], "pullSecrets": ["own", "more", "own"]}}}
    fetching = {**KARPENTER, "secrets": {"kind": "ClusterSecretStore", "store": "vault"}}
    for mode in ("operator", "plain"):
        rendering = made(mode=mode, models={"m": entry})
        assert pod(mode, rendering)["imagePullSecrets"] == [{"name": "own"}, {"name": "more"}]
        assert {"Secret default/own", "Secret default/more"} <= set(rendering.needs["c"])
        without = made(mode=mode, models={"m": {"gpu": A100, "custom": {pattern: CUSTOM[pattern]}}})
        assert "imagePullSecrets" not in pod(mode, without)
        stored = made(fetching, mode=mode, models={"m": entry})
        assert not any(need.startswith("Secret") for need in stored.needs["c"])
        fetched = [each["spec"]["target"] for each in stored.objects["c"] if each["kind"] == "ExternalSecret"]
        logins = [one["name"] for one in fetched if one["template"]["type"] == "kubernetes.io/dockerconfigjson"]
        assert logins == ["more", "own"]


def test_a_public_model_needs_no_secret() -> None:
    custom = {"huggingFace": {"image": "r.example.com/s:1", "model": "org/open", "gpus": 0, "cpu": "4"}}
    rendering = made(models={"m": {"gpu": "Standard_D16s_v5", "custom": custom}})
    server = only("Workspace", rendering)["inference"]["template"]["spec"]["containers"][0]
    assert "HF_TOKEN" not in {entry["name"] for entry in server["env"]}
    assert "limits" not in server["resources"] and not rendering.needs["c"]


@pytest.mark.parametrize("said", ["model", "defaults", "server"])
def test_a_private_model_of_ones_own_takes_the_secret_that_is_nearest(said: str) -> None:
    server = {"image": "r.example.com/s:1", "model": "org/private", **({"secret": "hf"} if said == "server" else {})}
    model = {"gpu": A100, "custom": {"huggingFace": server}, **({"secret": "hf"} if said == "model" else {})}
    more = {"defaults": {"secret": "hf" if said == "defaults" else "other"}} if said != "model" else {}
    rendering = made(models={"m": model}, **more)
    made_env = only("Workspace", rendering)["inference"]["template"]["spec"]["containers"][0]["env"]
    (token,) = (one for one in made_env if one["name"] == "HF_TOKEN")
    assert token["valueFrom"] == {"secretKeyRef": {"name": "hf", "key": "HF_TOKEN"}}
    assert rendering.needs["c"] == ["Secret default/hf with key HF_TOKEN"]


@pytest.mark.parametrize("pattern", CUSTOM)
def test_who_has_no_name_has_a_home(pattern: str) -> None:
    for as_root, more in ((False, {"HOME": "/home/server", "USER": "server"}), (True, {})):
        entry = {"gpu": A100, "custom": {pattern: {**CUSTOM[pattern], "runAsRoot": as_root}}}
        pod = only("Workspace", made(models={"m": entry}))["inference"]["template"]["spec"]
        server = pod["containers"][0]
        given = {one["name"]: one.get("value") for one in server.get("env", []) if one["name"] in ("HOME", "USER")}
        assert given == more
        homes = [one["mountPath"] for one in server["volumeMounts"] if one["name"] == "home"]
        assert homes == ([] if as_root else ["/home/server"])
    own = {**CUSTOM[pattern], "env": {"HOME": "/data"}}
    pod = only("Workspace", made(models={"m": {"gpu": A100, "custom": {pattern: own}}}))["inference"]["template"][
        "spec"
    ]
    assert {"name": "HOME", "value": "/data"} in pod["containers"][0]["env"]


def test_a_prefix_stays_below_the_container() -> None:
    entry = {"gpu": A100, "custom": {"blob": {**CUSTOM["blob"], "prefix": "a/../../b"}}}
    with pytest.raises(KaitopsError, match=r"custom\.blob\.prefix: leads out of the container's folders"):
        made(models={"m": entry})


TUNING = {"preset": "phi-4", "method": "qlora", "gpu": A100}


def test_tuning_with_its_own_configuration() -> None:
    job = {**TUNING, "input": {"urls": ["https://example.com/a"]}, "output": {"image": "r.example.com/o:1", "pushSecret": "p"},
           "config": {"QuantizationConfig": {"load_in_4bit": True}, "TrainingArguments": {"output_dir": "r"}}}  # fmt: skip
    rendering = made(tuning={"t": job})
    block = only("Workspace", rendering)["tuning"]
    assert block["input"] == {"urls": ["https://example.com/a"]}
    assert block["output"] == {"image": "r.example.com/o:1", "imagePushSecret": "p"}
    assert block["config"] == only("ConfigMap", rendering)["metadata"]["name"]
    with pytest.raises(KaitopsError, match="Unrecognized section: Nope"):
        made(tuning={"t": {**job, "config": {"Nope": {}}}})


def test_tuning_with_kaitos_defaults_and_claims() -> None:
    job = {**TUNING, "input": {"claim": "in"}, "output": {"claim": "out"}}
    rendering = made(tuning={"t": job})
    block = only("Workspace", rendering)["tuning"]
    assert block["input"] == {"volumeSource": {"persistentVolumeClaim": {"claimName": "in"}}}
    assert "config" not in block
    plain = made(mode="plain", tuning={"t": job})
    assert only("ConfigMap", plain)["metadata"]["name"] == "qlora-params-template"
    job_object = only("Job", plain)
    assert job_object["metadata"]["name"] == "t"


@pytest.mark.parametrize(
    ("size", "said"),
    [
        ("Standard_D16s_v9", "if Standard_D16s_v5 is meant, write that"),
        ("Standard_NC24ads_A100_v5", "if Standard_NC24ads_A100_v4 is meant, write that"),
        ("Standard_D64xyz", "see that it is spelt right"),
        ("Standard_D16s_v5", ""),
        (A100, ""),
    ],
)
def test_a_size_that_no_table_has_is_told(size: str, said: str) -> None:
    entry = {"gpu": size, "custom": {"cpuImage": {"image": "r.example.com/c:1", "port": 5000}}}
    warnings = made(models={"m": entry}).warnings
    assert [said in one and f"models.m.gpu: nothing is known of {size}" in one for one in warnings] == [True] * bool(
        said
    )


@pytest.mark.parametrize(
    ("section", "said"),
    [
        ({"LoraConfig": {"lora_aplha": 8}}, "config.LoraConfig.lora_aplha: is none of .*; meant is lora_alpha?"),
        ({"LoraConfig": {"rank": 8}}, "config.LoraConfig.rank: takes no value that can be written here"),
        ({"LoraConfig": {"rang": 8}}, "config.LoraConfig.rang: is none of the trainer's settings.*; drop it"),
        ({"TrainingArguments": {"num_train_epochs": "two"}}, "num_train_epochs: is two, which is not a number"),
        ({"TrainingArguments": {"gradient_accumulation_steps": 0}}, "is 0, and must be at least 1"),
        ({"DatasetConfig": {"context_column": "q", "response_column": "a"}}, ""),
        ({"TrainingArguments": {"learning_rate": "1e-4", "num_train_epochs": 2, "max_length": 2048}}, ""),
    ],
)
def test_a_setting_that_the_trainer_does_not_take_is_refused(section: dict[str, Any], said: str) -> None:
    config = {"QuantizationConfig": {"load_in_4bit": True}, **section}
    job = {**TUNING, "input": {"claim": "in"}, "output": {"claim": "out"}, "config": config}
    if said:
        with pytest.raises(Findings, match=said):
            made(tuning={"t": job})
    else:
        assert made(tuning={"t": job}).warnings == []


def test_the_sections_of_a_training_are_those_of_the_chart_and_hold_its_keys() -> None:
    known = facts.load(KAITO, "training.json")["sections"]
    for defaults in facts.load(KAITO, "chart-defaults.json")["tuning"].values():
        assert {*defaults} == {*known}
        assert all({*keys} <= {*known[section]} for section, keys in defaults.items())


@pytest.mark.parametrize(
    ("adapter", "said"),
    [
        (
            {"image": "r.example.com/support:1"},
            "t pushes it with the Secret p, and the pod that fetches it has no login",
        ),
        ({"image": "r.example.com/support:1", "pullSecrets": ["p"]}, ""),
        ({"image": "r.example.com/support:0"}, ""),
        ({"image": "r.example.com/suport:1"}, "if r.example.com/support is meant, write that"),
        ({"image": "r.example.com/other:1"}, ""),
        ({"claim": "c"}, ""),
    ],
)
def test_an_adapter_is_held_to_the_job_that_makes_it(adapter: dict[str, Any], said: str) -> None:
    job = {**TUNING, "input": {"claim": "in"}, "output": {"image": "r.example.com/support:1", "pushSecret": "p"}}
    model = {"preset": "phi-4", "gpu": A100, "adapters": {"own": adapter}}
    warnings = made(tuning={"t": job}, models={"m": model}).warnings
    assert [said in one and "models.m.adapters.own.image: " in one for one in warnings] == [True] * bool(said)


@pytest.mark.parametrize(
    ("rank", "more", "told"),
    [
        (16, {}, False), (64, {}, True), (64, {"vllm": {"max-lora-rank": 64}}, False),
        (16, {"vllm": {"max-lora-rank": 8}}, True), (64, {"runtime": "transformers"}, False),
    ],
)  # fmt: skip
def test_an_adapter_is_of_a_rank_that_its_server_takes(rank: int, more: dict[str, Any], told: bool) -> None:
    config = {"LoraConfig": {"r": rank}, "QuantizationConfig": {"load_in_4bit": True}}
    image = {"image": "r.example.com/own:1", "pushSecret": "p"}
    job = {**TUNING, "input": {"claim": "in"}, "output": image, "config": config}
    adapter = {"image": "r.example.com/own:1", "pullSecrets": ["p"]}
    model = {"preset": "phi-4", "gpu": A100, "adapters": {"own": adapter}, **more}
    warnings = made(tuning={"t": job}, models={"m": model}).warnings
    assert [f"is made with rank {rank}, and the server takes" in one for one in warnings] == [True] * told


def test_the_settings_that_the_page_shows_are_taken() -> None:
    page = (ROOT / "docs/how-to/tune-and-serve.md").read_text("utf-8")
    shown = page[page.index("```yaml\nconfig:") + len("```yaml\n") :].partition("```")[0]
    config = reader.read_bytes(shown.encode(), "config.yaml")[0].data["config"]
    job = {**TUNING, "input": {"claim": "in"}, "output": {"claim": "out"}, "config": config}
    rendering = made(tuning={"t": job})
    assert rendering.warnings == []
    text = only("ConfigMap", rendering)["data"]["training_config.yaml"]
    assert all(section in text for section in facts.load(KAITO, "chart-defaults.json")["tuning"]["qlora"])


@pytest.mark.parametrize(
    ("region", "preset", "method", "size"),
    [
        # Two A10 machines would serve it for less, and KAITO trains on one machine, each GPU with all of the weights.
        ("uaenorth", "phi-4", "lora", "Standard_NC40ads_H100_v5"),
        ("uaenorth", "phi-4", "qlora", "Standard_NV72ads_A10_v5"),
        ("francecentral", "qwen2.5-coder-32b-instruct", "lora", "Standard_NC48ads_A100_v4"),
        ("westeurope", "phi-4-mini-instruct", "lora", "Standard_NV36ads_A10_v5"),
    ],
)
def test_a_tuning_job_is_sized_for_one_machine_whose_gpus_hold_it(
    region: str, preset: str, method: str, size: str
) -> None:
    job = {"preset": preset, "method": method, "gpu": "auto", "input": {"claim": "in"}, "output": {"claim": "out"}}
    rendering = made({**KARPENTER, "region": region}, tuning={"t": job})
    assert only("Workspace", rendering)["resource"]["instanceType"] == size


def test_a_pin_of_before_that_does_not_hold_a_job_is_told_how_to_go() -> None:
    job = {"preset": "phi-4", "method": "lora", "gpu": "auto", "input": {"claim": "in"}, "output": {"claim": "out"}}
    text = writer.dump({"kaito": KAITO, "clusters": {"c": KARPENTER}, "tuning": {"t": job}})
    lock = Lock({"c": {"tuning/t": Pin("Standard_NV36ads_A10_v5", 4.16, "2025-10-08")}})
    with pytest.raises(KaitopsError, match=r"onto each GPU.*; 'kaitops render --update-lock' chooses anew"):
        render(Fleet(reading.read(text.encode(), "fleet.yaml"), RELEASE, lock))


def test_a_secret_of_which_a_key_is_needed_is_named_once() -> None:
    job = {**TUNING, "input": {"claim": "in"}, "output": {"image": "r.example.com/o:1", "pushSecret": "p"}}
    needs = made(mode="plain", tuning={"t": job}).needs["c"]
    assert [one for one in needs if one.startswith("Secret ")] == ["Secret default/p with key .dockerconfigjson"]


def test_a_quantised_job_needs_a_quarter_of_the_weights() -> None:
    job = {**TUNING, "gpu": "Standard_NV36ads_A10_v5", "input": {"claim": "in"}, "output": {"claim": "out"}}
    assert only("Workspace", made(tuning={"t": job}))["tuning"]["method"] == "qlora"


def test_rag_finds_its_model() -> None:
    rag = {
        "embedding": {"model": "a/b"}, "llm": {"model": "m", "contextWindow": 4096, "secret": "k"}, "gpu": A100,
        "storage": {"claim": "index", "mountPath": "/x", "vectorDB": {"url": "http://q:6333"}},
        "guardrails": {"policy": {"scanners": [{"type": "secrets"}]}}, "loadBalancer": True,
    }  # fmt: skip
    model = {"preset": "phi-4", "gpu": A100, "namespace": "llm"}
    rendering = made(models={"m": model}, rag={"r": rag})
    engine = only("RAGEngine", rendering)
    spec = engine["spec"]
    assert spec["inferenceService"] == {
        "url": "http://m.llm.svc.cluster.local/v1/chat/completions", "contextWindowSize": 4096, "accessSecret": "k",
    }  # fmt: skip
    assert spec["storage"]["vectorDB"] == {"engine": "qdrant", "url": "http://q:6333"}
    assert spec["guardrails"]["configMapRef"]["name"] == only("ConfigMap", rendering)["metadata"]["name"]
    assert engine["metadata"]["annotations"] == {"kaito.sh/enablelb": "True"}
    with pytest.raises(BadInput, match="is of kind InferenceSet, whose replicas have generated names"):
        made(models={"m": {**model, "replicas": 1}}, rag={"r": rag})
    # The port that a Service of KAITO's answers at, and any port of a server that is not the fleet's.
    for url in ("http://m.llm.svc:80/v1/chat/completions", "http://other.llm.svc:8000/v1/chat/completions"):
        asked = {**rag, "llm": {"url": url, "contextWindow": 4096}}
        assert only("RAGEngine", made(models={"m": model}, rag={"r": asked}))["spec"]["inferenceService"]["url"] == url


def test_a_mirror_has_the_name_that_kaito_looks_for() -> None:
    mirror = {"model": "qwen2.5-coder-32b-instruct", "storageClass": "blob", "namespace": "w"}
    rendering = made(mirrors={"m": mirror})
    found = only("ModelMirror", rendering)
    # The first six digits of the SHA-256 of qwen/qwen2.5-coder-32b-instruct.
    assert found["metadata"]["name"] == "29dc3a"
    assert found["spec"]["storage"] == {"size": "141Gi", "storageClassName": "blob"}
    assert rendering.needs["c"] == ["StorageClass blob"]
    # A repository id is hashed as it is written.
    other = only("ModelMirror", made(mirrors={"m": {**mirror, "model": "Qwen/Qwen2.5-Coder-32B-Instruct"}}))
    assert other["metadata"]["name"] != "29dc3a"


def test_brought_nodes() -> None:
    workspace = only("Workspace", made(BYO, models={"m": {"preset": "phi-4"}}))
    assert workspace["resource"] == {"labelSelector": {"matchLabels": {"pool": "a"}}}
    with pytest.raises(KaitopsError, match="needs 2 nodes of 8 x NVIDIA-A100-SXM4-80GB and the pool has 1"):
        made(BYO, models={"m": {"preset": "deepseek-r1-0528"}})
    with pytest.raises(KaitopsError, match="names node pool 'b'"):
        made(BYO, models={"m": {"preset": "phi-4", "gpu": "b"}})


def test_partitions() -> None:
    mig = {**BYO, "featureGates": {"enableMIG": True, "enableAccelerator": True}}
    workspace = only(
        "Workspace", made(mig, models={"m": {"preset": "phi-4-mini-instruct", "partition": {"mig": "3g.40gb"}}})
    )
    assert workspace["resource"]["partition"] == {"mode": "mig", "profile": "3g.40gb"}
    workspace = only("Workspace", made(mig, models={"m": {"preset": "phi-4", "partition": {"accelerators": 2}}}))
    assert workspace["resource"]["partition"] == {"mode": "accelerator", "count": 2}
    for cluster, partition, message in (
        (BYO, {"mig": "3g.40gb"}, "MIG support is not enabled"),
        (mig, {"mig": "1g.5gb"}, "only provides 5GB"),
        (mig, {"mig": "9g.9gb"}, "is not a MIG profile"),
    ):
        with pytest.raises(KaitopsError, match=message):
            made(cluster, models={"m": {"preset": "phi-4-mini-instruct", "partition": partition}})


def test_other_clouds() -> None:
    aws = {"region": "us-east-1", "provisioner": "karpenter", "cloud": "aws"}
    assert (
        only("Workspace", made(aws, models={"m": {"preset": "phi-4-mini-instruct", "gpu": "auto"}}))["resource"][
            "instanceType"
        ]
        == "g6.xlarge"
    )
    with pytest.raises(KaitopsError, match="is not a machine size of aws"):
        made(aws, models={"m": {"preset": "phi-4", "gpu": A100}})


def test_the_registry_of_a_cluster_reaches_the_pods() -> None:
    cluster = {**KARPENTER, "registry": "contoso.azurecr.io/kaito"}
    pod = only("StatefulSet", made(cluster, "plain", models={"m": {"preset": "phi-4", "gpu": A100}}))["spec"][
        "template"
    ]["spec"]
    assert pod["containers"][0]["image"] == "contoso.azurecr.io/kaito/kaito-base:0.5.0"


def test_a_default_is_said_once_and_null_means_not_said() -> None:
    rendering = made(
        defaults={"namespace": "n", "gpu": A100, "mode": None}, models={"m": {"preset": "phi-4", "context": None}}
    )
    workspace = only("Workspace", rendering)
    assert (workspace["metadata"]["namespace"], workspace["resource"]["instanceType"]) == ("n", A100)
    assert only("Namespace", rendering)["metadata"]["name"] == "n"


def _byo(count: int, **models: Any) -> list[str]:
    pool = {"count": count, "gpus": 2, "product": "NVIDIA-A100-SXM4-80GB", "memoryMiB": 81920, "labels": {"pool": "a"}}
    cluster = {"region": "westeurope", "provisioner": "byo", "nodes": {"a": pool}}
    return [one for one in made(cluster, models=models).warnings if "wait for ever" in one]


def test_models_that_take_more_of_a_brought_pool_than_there_is_are_told() -> None:
    one, server = {"preset": "phi-4", "gpu": "a"}, {"image": "r.example.com/s:1", "model": "org/open", "gpus": 1}
    own = {"gpu": "a", "custom": {"huggingFace": server}}
    assert _byo(2, phi=one, other=one) == []
    assert len(_byo(1, phi=one, other=one)) == 1
    assert (
        "models.other.gpu: asks for 2 of the 2 GPUs of pool a, of which models.phi take 2, so"
        in _byo(1, phi=one, other=one)[0]
    )
    assert _byo(1, own=own, other=own) == []
    assert len(_byo(1, own=own, other=own, third=own)) == 1
    assert "asks for 6 of the 4 GPUs of pool a, so its pods" in _byo(2, phi={**one, "replicas": 3})[0]


@pytest.mark.parametrize(
    ("vllm", "adapters"),
    [
        ({"enable-lora": True}, {"own": {"claim": "c"}}),
        ({"no-enable-lora": False}, {"own": {"claim": "c"}}),
        ({"max-lora-rank": 32}, {"own": {"claim": "c"}}),
        ({"enable-lora": False}, {}),
    ],
)
def test_adapters_are_loaded_unless_that_is_turned_off(vllm: dict[str, Any], adapters: dict[str, Any]) -> None:
    model = {"preset": "phi-4", "gpu": A100, "vllm": vllm, "adapters": adapters}
    assert only("Workspace", made(models={"m": model}))["inference"]["preset"] == {"name": "phi-4"}
