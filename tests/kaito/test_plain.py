"""Plain mode: each deviation does what its name says, and only that."""

import json
from copy import deepcopy
from typing import Any

import pytest

from kaitops.errors import BadInput
from kaitops.kaito import Release
from kaitops.kaito.plain import DEVIATIONS, plain_objects
from tests.kaito.expansion_cases import CLAIMS, KARPENTER, expand, pod, training, tuning, workspace
from tests.kaito.expansion_difference import differences
from tests.recorded import cases
from tests.version import KAITO

RELEASE = Release.load(KAITO)
_IDS = [deviation.id for deviation in DEVIATIONS]
_NEVER = (
    "ownerReferences",
    "kaito.io/revision",
    "kaito.io/hash",
    "benchmark_entrypoint",
    '"finalizers"',
    "generateName",
    '"kind": "NodeClaim"',
    ":latest",
    '"curlimages/curl"',
    '"0s", "ref"',
)


def _only(expansion: Any, deviation: str, **wishes: Any) -> list[dict[str, Any]]:
    return plain_objects(expansion, without=[other for other in _IDS if other != deviation], **wishes)


@pytest.mark.parametrize("row", cases("workspaces", "other-kinds"))
def test_recorded_rows(row: dict[str, Any]) -> None:
    expansion = RELEASE.expand(row["documents"], row["settings"])
    before = deepcopy(expansion.objects)
    assert not list(differences(plain_objects(expansion, parity=True), row["objects"]))
    made = plain_objects(expansion)
    assert expansion.objects == before, "plain mode changed the expansion"
    text = json.dumps([each for each in made if each["kind"] != "ConfigMap"])
    assert [word for word in _NEVER if word in text] == []
    assert all(not each["apiVersion"].startswith("kaito.sh/") for each in made)
    identities = [(each["kind"], each["metadata"].get("namespace"), each["metadata"]["name"]) for each in made]
    assert len(identities) == len(set(identities))
    assert plain_objects(expansion) == made


@pytest.mark.parametrize("row", cases("workspaces")[:60])
def test_no_benchmark_is_what_kaito_does_with_the_annotation(row: dict[str, Any]) -> None:
    documents = deepcopy(row["documents"])
    annotations = documents[-1]["metadata"].setdefault("annotations", {})
    annotations["kaito.sh/disable-benchmark"] = "true"
    disabled = RELEASE.expand(documents, row["settings"])
    expansion = RELEASE.expand(row["documents"], row["settings"])
    assert not list(differences(_only(expansion, "no-benchmark"), disabled.objects))


def test_each_deviation_is_named_once_with_a_reason() -> None:
    assert len(_IDS) == len(set(_IDS))
    assert all(len(deviation.reason.split()) > 8 for deviation in DEVIATIONS)
    with pytest.raises(BadInput, match="no-such"):
        plain_objects(expand(workspace()), without=["no-such"])
    expansion = expand(workspace())
    assert plain_objects(expansion, without=_IDS) == expansion.objects == plain_objects(expansion, parity=True)


def test_benchmark_can_be_kept() -> None:
    assert "benchmark_entrypoint" in json.dumps(plain_objects(expand(workspace()), benchmark=True))


def _set(name: str = "chat", replicas: int = 2, namespace: str = "models") -> dict[str, Any]:
    asked = workspace()
    spec = {
        "replicas": replicas,
        "labelSelector": asked["resource"].pop("labelSelector"),
        "template": {"resource": asked["resource"], "inference": {"preset": {"name": "llama-3.3-70b-instruct"}}},
    }
    metadata = {"name": name, "namespace": namespace}
    return {"apiVersion": "kaito.sh/v1beta1", "kind": "InferenceSet", "metadata": metadata, "spec": spec}


def test_replicas_get_ordinals_everywhere() -> None:
    made = plain_objects(expand(_set()))
    assert [(each["kind"], each["metadata"]["name"]) for each in made] == [
        (kind, name.replace("chat", f"chat-{number}", 1))
        for number in (0, 1)
        for kind, name in (
            ("NodePool", "models-chat"),
            ("Service", "chat"),
            ("Service", "chat-headless"),
            ("StatefulSet", "chat"),
        )
    ]
    text = json.dumps(made)
    assert "00000" not in text and "chat-1-0.chat-1-headless.models.svc.cluster.local" in text


def test_long_names_of_pools_follow_the_ordinal() -> None:
    made = plain_objects(expand(_set(name="c" * 52, replicas=1)))
    assert made[0]["metadata"]["name"] == f"models-{'c' * 52}-0"
    longer = plain_objects(expand(_set(name="c" * 60, replicas=1)))[0]["metadata"]["name"]
    direct = expand(workspace(name="c" * 60 + "-0")).objects[0]["metadata"]["name"]
    assert longer == direct and len(longer) == 63


def test_owner_free_inference_pool_does_not_spin() -> None:
    expansion = expand(_set(), gatewayAPIInferenceExtension=True)
    made = [each for each in plain_objects(expansion) if each["kind"] in ("OCIRepository", "HelmRelease")]
    assert [each["spec"]["interval"] for each in made] == ["10m0s", "10m0s"]


def test_claims_go_with_their_pin() -> None:
    made = plain_objects(expand(workspace(), settings=CLAIMS))
    assert "NodeClaim" not in {each["kind"] for each in made}
    assert "kaito.sh/workspacenamespace" not in json.dumps(made)
    terms = made[-1]["spec"]["template"]["spec"]["affinity"]["nodeAffinity"]
    assert terms["requiredDuringSchedulingIgnoredDuringExecution"]["nodeSelectorTerms"] == [
        {"matchExpressions": [{"key": "apps", "operator": "In", "values": ["ws"]}]}
    ]
    bare = plain_objects(expand(workspace(resource={"labelSelector": {}}), settings=CLAIMS))
    assert "affinity" not in bare[-1]["spec"]["template"]["spec"]
    kept = plain_objects(expand(workspace(resource={"labelSelector": {}}), settings=KARPENTER))
    assert "karpenter.kaito.sh/workspace-name" in json.dumps(kept[-1])


def test_pool_labels_its_nodes() -> None:
    pool = plain_objects(expand(workspace()))[0]
    assert pool["spec"]["template"]["metadata"]["labels"]["accelerator"] == "nvidia"


def test_tuning_pods_are_placed_like_inference_pods() -> None:
    config = training("training_config: {}\n")
    expansion = expand(config, tuning())
    job = plain_objects(expansion)[-1]["spec"]["template"]["spec"]
    served = pod(expand(workspace()))
    assert served["tolerations"][0] in job["tolerations"]
    assert job["affinity"] == served["affinity"]
    unpinned = plain_objects(expand(config, tuning(), settings=CLAIMS))[-1]["spec"]["template"]["spec"]
    assert served["tolerations"][0] in unpinned["tolerations"] and "karpenter" not in json.dumps(unpinned)


def test_mirror_job_is_named_by_its_content() -> None:
    def job(model: str) -> dict[str, Any]:
        source = {"registry": "huggingface", "modelID": model}
        spec = {"source": source, "storage": {"size": "90Gi"}, "jobNamespace": "models"}
        asked = {"apiVersion": "kaito.sh/v1alpha1", "kind": "ModelMirror", "metadata": {"name": "abc123"}, "spec": spec}
        claim, made = plain_objects(expand(asked, ModelMirror=True))
        assert "finalizers" not in claim["metadata"]
        return made

    first, again, other = job("a/b"), job("a/b"), job("a/c")
    assert first == again and first["metadata"]["name"] != other["metadata"]["name"]
    assert first["metadata"]["name"].startswith("abc123-download-") and "generateName" not in first["metadata"]


@pytest.mark.parametrize("preset", ["phi-4", "llama-3.3-70b-instruct"])
def test_weights_are_pinned_where_a_commit_is_given(preset: str) -> None:
    found = RELEASE.catalogue.find(preset)
    assert found is not None
    expansion = expand(workspace(preset))
    line = plain_objects(expansion, revisions={found.title: "abc"})[-1]["spec"]["template"]["spec"]["containers"][0][
        "command"
    ][2]
    assert line.count("--revision=abc") == 1 and f"--model={found.repo} --revision=abc " in line
    assert "--revision" not in json.dumps(plain_objects(expansion))
    assert "--revision" not in json.dumps(plain_objects(expansion, revisions={"other/model": "abc"}))
    local = expand(workspace(preset, annotations={"kaito.sh/use-local-weights": "true"}))
    assert "--revision" not in json.dumps(plain_objects(local, revisions={found.repo: "abc"}))


def test_transformers_take_a_revision_too() -> None:
    expansion = expand(workspace("phi-4", annotations={"kaito.sh/runtime": "transformers"}))
    line = json.dumps(plain_objects(expansion, revisions={"microsoft/phi-4": "abc"}))
    assert "--pretrained_model_name_or_path=microsoft/phi-4 --revision=abc" in line


def test_typed_claims() -> None:
    expansion = expand(workspace("phi-4-mini-instruct"))
    (before,) = [each for each in expansion.objects if each["kind"] == "StatefulSet"]
    (after,) = [each for each in _only(expansion, "typed-claims") if each["kind"] == "StatefulSet"]
    claims = after["spec"]["volumeClaimTemplates"]
    assert claims
    assert [(each["apiVersion"], each["kind"]) for each in claims] == [("v1", "PersistentVolumeClaim")] * len(claims)
    for claim in claims:
        del claim["apiVersion"], claim["kind"]
    assert after == before
