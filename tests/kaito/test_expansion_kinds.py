"""Templates, InferenceSets, MultiRoleInferences and RAGEngines beyond the recorded rows."""

from typing import Any

import pytest
import yaml

from kaitops.errors import BadInput
from kaitops.kaito.expansion import go_types
from kaitops.kaito.expansion.revision_hash import of_parts
from kaitops.kaito.kubernetes.amount import canonical
from tests.kaito.expansion_cases import BYO, CLAIMS, KARPENTER, RELEASE, environment, expand, node, one, pod, workspace

_CONTAINER: dict[str, Any] = {"name": "server", "image": "example.com/server:1"}


def _set(**spec: Any) -> dict[str, Any]:
    return {
        "apiVersion": "kaito.sh/v1beta1",
        "kind": "InferenceSet",
        "metadata": {"name": "chat", "namespace": "models"},
        "spec": {
            "labelSelector": {"matchLabels": {"apps": "ws"}},
            "template": {
                "resource": {"instanceType": "Standard_NC24ads_A100_v4"},
                "inference": {"preset": {"name": "phi-4"}},
            },
            **spec,
        },
    }


def _multi(**spec: Any) -> dict[str, Any]:
    roles = [{"type": role, "instanceType": "Standard_NC24ads_A100_v4"} for role in ("prefill", "decode")]
    return {
        "apiVersion": "kaito.sh/v1alpha1",
        "kind": "MultiRoleInference",
        "metadata": {"name": "pd", "namespace": "models", "annotations": {"kaito.sh/disable-benchmark": "true"}},
        "spec": {"labelSelector": {"matchLabels": {"apps": "ws"}}, "model": {"name": "phi-4"}, "roles": roles, **spec},
    }


def _rag(**spec: Any) -> dict[str, Any]:
    return {
        "apiVersion": "kaito.sh/v1beta1",
        "kind": "RAGEngine",
        "metadata": {"name": "rag", "namespace": "models"},
        "spec": {"embedding": {"local": {"modelID": "m"}}, **spec},
    }


def test_template_goes_through_gos_types() -> None:
    resources = {"limits": {"memory": "1024Mi", "cpu": 2}}
    container = {**_CONTAINER, "unknown": 1, "resources": resources, "env": [], "tty": False}
    spec = {"containers": [container], "tolerations": [{"key": "own"}], "affinity": {"podAffinity": {}}}
    inference = {"template": {"metadata": {"creationTimestamp": None}, "spec": spec}}
    made = one(expand(workspace(inference=inference)), "StatefulSet")
    own = made["spec"]["template"]["spec"]
    assert own["containers"] == [{**_CONTAINER, "resources": {"limits": {"memory": "1Gi", "cpu": "2"}}}]
    assert [entry["key"] for entry in own["tolerations"]] == [
        "own",
        "nvidia.com/gpu",
        "sku",
        "kubernetes.azure.com/scalesetpriority",
    ]
    assert list(own["affinity"]) == ["nodeAffinity"]
    assert made["spec"]["serviceName"] == "" and "annotations" not in made["metadata"]
    assert made["spec"]["template"]["metadata"] == {"labels": {"kaito.sh/workspace": "ws"}}
    free = workspace(inference=inference, size=None, resource={"labelSelector": {}})
    assert "affinity" not in pod(expand(node(), free, settings=BYO))
    several = expand(workspace(inference=inference, resource={"count": 3}))
    assert one(several, "StatefulSet")["spec"]["replicas"] == 3


def test_empty_optional_structs_appear_and_empty_pointers_stay() -> None:
    from kaitops.kaito.expansion.world import World
    from kaitops.kaito.kubernetes.cluster import Cluster
    from kaitops.kaito.settings import Settings

    world = World(RELEASE, Cluster([]), Settings())
    written = go_types.written(world, "Container", {"name": "a", "securityContext": {}, "livenessProbe": None})
    assert written == {"name": "a", "resources": {}, "securityContext": {}}
    assert go_types.written(world, "PodTemplateSpec", {}) == {"metadata": {}, "spec": {"containers": None}}
    volume = {"secret": {"optional": False, "defaultMode": 0, "secretName": ""}}
    assert go_types.written(world, "VolumeSource", volume) == {"secret": {"optional": False, "defaultMode": 0}}


def test_hash_is_over_gos_json() -> None:
    assert go_types.encoded({"b": "<a&b>\u2028", "a": [1, None]}) == (
        '{"b":"\\u003ca\\u0026b\\u003e\\u2028","a":[1,null]}\n'
    )
    assert of_parts({"a": 1}, None) != of_parts({"a": 1})


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("1024Gi", "1Ti"),
        ("0.5", "500m"),
        ("1000m", "1"),
        ("1e3", "1e3"),
        ("1500e0", "1500"),
        ("0.5Gi", "512Mi"),
        ("0", "0"),
    ],
)
def test_quantities(text: str, printed: str) -> None:
    assert canonical(text) == printed


def test_replicas_of_a_set() -> None:
    asked = _set(replicas=2)
    asked["metadata"] |= {
        "annotations": {"kaito.sh/disable-benchmark": "true", "kaito.sh/runtime": "transformers"},
        "labels": {"kaito.sh/inference-role": "prefill", "other": "x"},
    }
    expansion = expand(asked, gatewayAPIInferenceExtension=True)
    made = [entry for entry in expansion.objects if entry["kind"] == "Workspace"]
    assert [entry["metadata"]["name"] for entry in made] == ["chat-00000", "chat-00001"]
    assert made[0]["metadata"]["labels"] == {
        "kaito.sh/inference-role": "prefill",
        "inferenceset.kaito.sh/created-by": "chat",
    }
    annotations = made[0]["metadata"]["annotations"]
    assert annotations["kaito.sh/disable-benchmark"] == "true" and "kaito.sh/runtime" not in annotations
    assert not [entry for entry in expansion.objects if entry["kind"] == "HelmRelease"], "no pool for transformers"
    assert [entry["metadata"]["name"] for entry in expansion.objects if entry["kind"] == "NodePool"] == [
        "models-chat-00000",
        "models-chat-00001",
    ]


def test_sets_that_make_nothing() -> None:
    assert expand(_set(replicas=0), gatewayAPIInferenceExtension=True).objects == []
    assert expand(_set(), enableInferenceSetController=False).objects == []
    assert expand(_multi()).objects == [], "the gate is off by default"


def test_replicas_that_exist_are_counted() -> None:
    labels = {"inferenceset.kaito.sh/created-by": "chat"}
    existing = {"kind": "Workspace", "metadata": {"name": "chat-xyz12", "namespace": "models", "labels": labels}}
    made = [entry["kind"] for entry in expand(existing, _set(replicas=2)).objects]
    assert made.count("Workspace") == 1


def test_pool_of_a_set() -> None:
    expansion = expand(_set(), gatewayAPIInferenceExtension=True)
    values = one(expansion, "HelmRelease")["spec"]["values"]["router"]
    assert values["epp"]["flags"] == {"secure-serving": False} and "pluginsConfigFile" not in values["epp"]
    owned = _set()
    reference = {"apiVersion": "kaito.sh/v1alpha1", "kind": "MultiRoleInference", "name": "pd", "controller": True}
    owned["metadata"]["ownerReferences"] = [reference]
    kinds = [entry["kind"] for entry in expand(owned, gatewayAPIInferenceExtension=True).objects]
    assert "HelmRelease" not in kinds
    template = _set(template={"inference": {"template": {"spec": {"containers": [_CONTAINER]}}}})
    kinds = [entry["kind"] for entry in expand(template, settings=BYO, gatewayAPIInferenceExtension=True).objects]
    assert kinds == ["Workspace", "Service", "Service", "StatefulSet"]


def test_roles_without_replicas_get_one() -> None:
    expansion = expand(_multi(), enableMultiRoleInferenceController=True)
    names = [entry["metadata"]["name"] for entry in expansion.objects if entry["kind"] == "Workspace"]
    assert names == ["pd-decode-00000", "pd-prefill-00000"]
    prefill = one(expansion, "InferenceSet", "pd-prefill")
    assert prefill["spec"]["replicas"] == 1
    assert prefill["spec"]["template"]["metadata"]["annotations"] == {"kaito.sh/disable-benchmark": "true"}


def test_roles_on_own_nodes_ask_for_nodes_with_their_labels() -> None:
    roles = [{"type": "prefill"}, {"type": "decode"}]
    gates = {"enableMultiRoleInferenceController": True}
    bare = expand(node(), _multi(roles=roles), settings=BYO, **gates)
    assert len(bare.errors) == 1 and "no ready nodes" in bare.errors[0]
    nodes = []
    for role in ("prefill", "decode"):
        one_node = node(role)
        labels = {"multiroleinference.kaito.sh/created-by": "pd", "kaito.sh/inference-role": role}
        one_node["metadata"]["labels"] |= labels
        nodes.append(one_node)
    assert expand(*nodes, _multi(roles=roles), settings=BYO, **gates).errors == []


def test_plugins_of_the_endpoint_picker() -> None:
    gates = {"enableMultiRoleInferenceController": True, "gatewayAPIInferenceExtension": True}
    default = one(expand(_multi(), **gates), "HelmRelease")["spec"]["values"]["router"]["epp"]
    document = yaml.safe_load(default["pluginsCustomConfig"]["config.yaml"])
    assert document["kind"] == "EndpointPickerConfig"
    types = [plugin["type"] for plugin in document["plugins"]]
    assert types.count("by-label-selector") == 2 and "approx-prefix-cache-producer" in types
    profiles = {
        entry["name"]: [plugin["pluginRef"] for plugin in entry["plugins"]] for entry in document["schedulingProfiles"]
    }
    known = set(types) | {plugin["name"] for plugin in document["plugins"] if "name" in plugin}
    assert set(profiles) == {"prefill", "decode"} and {ref for refs in profiles.values() for ref in refs} <= known
    missing = expand(_multi(eppPluginsConfig="mine"), **gates)
    assert missing.errors == [
        'MultiRoleInference: get user-provided EPP plugins ConfigMap mine: configmaps "mine" not found'
    ]
    assert [entry["kind"] for entry in missing.objects].count("StatefulSet") == 2
    config = {"kind": "ConfigMap", "metadata": {"name": "mine", "namespace": "models"}, "data": {"wrong": "x"}}
    assert expand(config, _multi(eppPluginsConfig="mine"), **gates).errors[0].endswith("missing key config.yaml")
    config["data"] = {"config.yaml": "mine: true\n"}
    own = one(expand(config, _multi(eppPluginsConfig="mine"), **gates), "HelmRelease")["spec"]["values"]["router"]
    assert own["epp"]["pluginsCustomConfig"] == {"config.yaml": "mine: true\n"}


TEMPLATE = "ragengine-guardrails-policy-template"
ON = {"OUTPUT_GUARDRAILS_ENABLED": "true", "OUTPUT_GUARDRAILS_POLICY_PATH": "/etc/ragengine/guardrails/guardrails.yaml"}


def _policy(name: str, namespace: str, text: str = "scanners: []") -> dict[str, Any]:
    about = {"name": name, "namespace": namespace, "labels": {"a": "b"}, "uid": "u", "resourceVersion": "1"}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": about, "data": {"guardrails.yaml": text}}


def _guarded(*documents: dict[str, Any], **guardrails: Any) -> tuple[Any, dict[str, Any]]:
    """What is made, and what of the Deployment has to do with guardrails."""
    expansion = expand(*documents, _rag(guardrails=guardrails))
    own = pod(expansion, "Deployment")
    container = own["containers"][0]
    variables = {key: value for key, value in environment(container).items() if "GUARDRAILS" in key}
    mounts = [each for each in container["volumeMounts"] if each["name"] == "guardrails-policy"]
    held = [each for each in own["volumes"] if each["name"] == "guardrails-policy"]
    return expansion, {"env": variables, "mounts": mounts, "volumes": held}


def _mounted(name: str) -> dict[str, Any]:
    source = {"name": name, "items": [{"key": "guardrails.yaml", "path": "guardrails.yaml"}]}
    return {
        "env": ON,
        "mounts": [{"name": "guardrails-policy", "mountPath": "/etc/ragengine/guardrails", "readOnly": True}],
        "volumes": [{"name": "guardrails-policy", "configMap": source}],
    }


@pytest.mark.parametrize("namespace", ["kaito-ragengine", "kaito-workspace"])
def test_the_charts_guardrails_policy_is_copied_and_mounted(namespace: str) -> None:
    expansion, found = _guarded(_policy(TEMPLATE, namespace, "blockMessage: no\n"), enabled=True)
    assert found == _mounted(TEMPLATE)
    copy = one(expansion, "ConfigMap")
    assert copy["metadata"] == {"name": TEMPLATE, "namespace": "models", "labels": {"a": "b"}}, "owned by no engine"
    assert copy["data"] == {"guardrails.yaml": "blockMessage: no\n"}


def test_a_copy_that_is_there_is_used_as_it_is() -> None:
    stale = _policy(TEMPLATE, "models", "old")
    expansion, found = _guarded(stale, _policy(TEMPLATE, "kaito-ragengine", "new"), enabled=True)
    assert found == _mounted(TEMPLATE)
    assert [made["kind"] for made in expansion.objects if made["kind"] == "ConfigMap"] == []
    assert _guarded(stale, enabled=True)[1] == found, "the chart's own is not looked for"


def test_guardrails_of_the_user_and_none() -> None:
    expansion, found = _guarded(_policy("mine", "models"), enabled=True, configMapRef={"name": "mine"})
    assert found == _mounted("mine")
    assert [made["kind"] for made in expansion.objects if made["kind"] == "ConfigMap"] == []
    template = _policy(TEMPLATE, "kaito-ragengine")
    off = {"env": {"OUTPUT_GUARDRAILS_ENABLED": "false"}, "mounts": [], "volumes": []}
    assert _guarded(template, enabled=False)[1] == off
    assert _guarded(template)[1] == off
    untouched = pod(expand(template, _rag()), "Deployment")
    assert "guardrails" not in str(untouched).lower(), "the ConfigMap alone turns nothing on"
    missing = expand(_rag(guardrails={"enabled": True, "configMapRef": {"name": "mine"}}))
    assert missing.errors == ["RAGEngine: user specified ConfigMap mine not found in namespace models"]
    assert [entry["kind"] for entry in missing.objects] == ["Service"]
    elsewhere = expand(_policy(TEMPLATE, "other"), _rag(guardrails={"enabled": True}))
    assert elsewhere.errors == [
        f'RAGEngine: failed to get default ConfigMap from template namespace: configmaps "{TEMPLATE}" not found'
    ]


@pytest.mark.parametrize(
    ("embedding", "size", "resources"),
    [
        ("local", "Standard_NC48ads_A100_v4", {"limits": {"nvidia.com/gpu": "2"}, "requests": {"nvidia.com/gpu": "2"}}),
        ("local", "Standard_D8s_v5", {}),
        ("local", None, {"requests": {"cpu": "500m", "memory": "512Mi"}}),
        ("remote", "Standard_NC48ads_A100_v4", {"requests": {"cpu": "500m", "memory": "512Mi"}}),
    ],
)
def test_resources_of_a_rag_engine(embedding: str, size: str | None, resources: dict[str, Any]) -> None:
    compute = {"instanceType": size, "labelSelector": {"matchLabels": {"apps": "ws"}}} if size else None
    asked = _rag(embedding={embedding: {"url": "u", "modelID": "m"}}, **({"compute": compute} if compute else {}))
    expansion = expand(asked, settings=CLAIMS)
    assert pod(expansion, "Deployment")["containers"][0]["resources"] == resources
    assert expansion.node_claim_count == (1 if size else None)


def test_rag_engine_takes_a_node_of_its_size() -> None:
    ready = node()
    ready["metadata"]["labels"]["node.kubernetes.io/instance-type"] = "standard_d8s_v5"
    compute = {"instanceType": "Standard_D8s_v5", "labelSelector": {"matchLabels": {"apps": "ws"}}}
    assert expand(ready, _rag(compute=compute), settings=CLAIMS).node_claim_count is None


def test_rag_engine_without_a_spec_stops_the_controller() -> None:
    asked = _rag()
    asked["spec"] = None
    assert expand(asked).errors[0].startswith("RAGEngine: panic: ")


def test_what_cannot_be_expanded() -> None:
    with pytest.raises(BadInput, match="nothing to expand"):
        RELEASE.expand([], KARPENTER)
    with pytest.raises(BadInput, match="kind 'Pod' is none"):
        RELEASE.expand([{"kind": "Pod"}], KARPENTER)
