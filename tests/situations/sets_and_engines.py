"""InferenceSets, MultiRoleInferences and RAGEngines."""

from typing import Any

from tests.situations.making import A10, A100, RETIRED, Object, Situation, adapter, chosen, metadata, selector, settings

_SCALED = {
    "scaledobject.kaito.sh/auto-provision": "true",
    "scaledobject.kaito.sh/metricName": "vllm:num_requests_running",
    "scaledobject.kaito.sh/threshold": "7",
}
_MIG = {"mode": "mig", "profile": "2g.24gb"}
_BLANK_URL = "{address-of-the-model}/v1/chat/completions"
_SPLIT = "vllm:\n  tensor-parallel-size: 2\n  max-model-len: 65536\n  gpu-memory-utilization: 0.9\n"


def _set(name: str, preset: str, size: str | None = A100, *, api: str = "v1beta1", **wishes: Any) -> Object:
    options = {"modelAccessSecret": wishes["secret"]} if "secret" in wishes else {}
    inference: Object = {"preset": chosen(preset, **options)}
    inference |= {key: wishes[key] for key in ("config", "adapters") if key in wishes}
    template: Object = {"inference": inference}
    resource: Object = {"instanceType": size} if size else {}
    resource |= {key: wishes[key] for key in ("partition",) if key in wishes}
    if resource:
        template["resource"] = resource
    about = metadata(name, wishes.get("namespace"))
    if "annotations" in wishes:
        about["annotations"] = wishes["annotations"]
    spec: Object = {"replicas": wishes.get("replicas", 2), "labelSelector": selector(name), "template": template}
    spec |= {key: wishes[key] for key in ("nodeCountLimit", "autoUpgrade") if key in wishes}
    return {"apiVersion": f"kaito.sh/{api}", "kind": "InferenceSet", "metadata": about, "spec": spec}


def _roles(name: str, model: Object, namespace: str | None = None) -> Object:
    roles = [{"type": role, "replicas": 1, "instanceType": A100} for role in ("prefill", "decode")]
    return {
        "apiVersion": "kaito.sh/v1alpha1",
        "kind": "MultiRoleInference",
        "metadata": metadata(name, namespace),
        "spec": {"labelSelector": selector(name), "model": model, "roles": roles},
    }


def _rag(name: str, api: str, size: str | None, service: Object | None, storage: Object | None = None) -> Object:
    spec: Object = {"embedding": {"local": {"modelID": "BAAI/bge-small-en-v1.5"}}}
    if size:
        spec["compute"] = {"count": 1, "instanceType": size, "labelSelector": selector(name)}
    if service:
        spec["inferenceService"] = service
    if storage:
        spec["storage"] = storage
    return {"apiVersion": f"kaito.sh/{api}", "kind": "RAGEngine", "metadata": metadata(name), "spec": spec}


_DISK = {"mountPath": "/data/index", "persistentVolumeClaim": "index-disk"}

SITUATIONS = (
    Situation(
        _set(
            "busy-llama",
            "llama-3.1-8b-instruct",
            api="v1alpha1",
            secret="model-token",
            annotations=_SCALED,
            nodeCountLimit=8,
        ),
        "inference/kaito_inferenceset_llama-3.1_8b_instruct.yaml",
    ),
    Situation(
        _set("sliced-set", "phi-4-mini-instruct", None, namespace="default", annotations=_SCALED, partition=_MIG),
        "inference/kaito_inferenceset_mig_mixed_strategy.yaml",
    ),
    Situation(
        _set("whole-slices", "phi-4-mini-instruct", None, namespace="default", annotations=_SCALED),
        "inference/kaito_inferenceset_mig_single_strategy.yaml",
    ),
    Situation(
        _set(
            "busy-wind",
            "mistral-7b-instruct",
            api="v1alpha1",
            replicas=1,
            annotations=_SCALED,
            nodeCountLimit=4,
        ),
        "inference/kaito_inferenceset_mistral_7b-instruct.yaml",
    ),
    Situation(
        _set(
            "busy-desk",
            "phi-4-mini-instruct",
            api="v1alpha1",
            replicas=1,
            namespace="default",
            annotations=_SCALED,
            nodeCountLimit=4,
        ),
        "inference/kaito_inferenceset_phi_4_mini.yaml",
    ),
    Situation(_set("pair-by-repository", "google/gemma-4-31B-it"), "docs/inference.md:33"),
    Situation(
        _set("no-such-model", "model-of-nobody", namespace="team-blue", config="blue-settings"),
        "docs/inference.md:98",
        {"blue-settings": settings(_SPLIT)},
    ),
    Situation(
        _set(
            "adapted-pair",
            "microsoft/Phi-4-mini-instruct",
            adapters=[adapter("support-tone", "{image}")],
        ),
        "docs/inference.md:143",
    ),
    Situation(
        _set("upgraded-by-itself", "google/gemma-4-31B-it", replicas=3, autoUpgrade={"enabled": True}),
        "docs/inference.md:242",
    ),
    Situation(
        _set("scaled-by-hand", "phi-4-mini-instruct", api="v1alpha1", replicas=1, namespace="default"),
        "docs/keda-autoscaler-inference.md:86",
    ),
    Situation(
        _set(
            "scaled-by-queue",
            "phi-4-mini-instruct",
            api="v1alpha1",
            replicas=1,
            namespace="default",
            annotations={**_SCALED, "scaledobject.kaito.sh/max-replicas": "4"},
        ),
        "docs/keda-autoscaler-inference.md:183",
    ),
    Situation(
        _set("sliced-by-repository", "microsoft/Phi-4-mini-instruct", None, namespace="default", partition=_MIG),
        "docs/multi-gpu-instance.md:77",
    ),
    Situation(
        _set("whole-by-repository", "microsoft/Phi-4-mini-instruct", None, namespace="default"),
        "docs/multi-gpu-instance.md:122",
    ),
    Situation(
        _roles("split-giant", {"name": "deepseek-ai/DeepSeek-V3", "modelAccessSecret": "model-token"}),
        "inference/kaito_multiroleinference_deepseek-v3.yaml",
    ),
    Situation(
        _roles("split-desk", {"name": "phi-4-mini-instruct"}, "default"),
        "inference/kaito_multiroleinference_phi4_4.yaml",
    ),
    Situation(
        _roles("split-beside-kaito", {"name": "phi-4-mini-instruct"}, "kaito-workspace"),
        "docs/prefill-decode-disaggregation.md:110",
    ),
    Situation(_rag("library-on-cpu", "v1beta1", None, None), "RAG/kaito_ragengine_cpu_retrieve_only.yaml"),
    Situation(
        _rag("library-old", "v1alpha1", RETIRED, {"url": _BLANK_URL, "contextWindowSize": 3000}),
        "RAG/kaito_ragengine_phi_3.yaml",
    ),
    Situation(
        _rag("library-old-disk", "v1alpha1", RETIRED, {"url": _BLANK_URL, "contextWindowSize": 3000}, _DISK),
        "RAG/kaito_ragengine_phi_3_with_pvc.yaml",
    ),
    Situation(
        _rag("library-first", "v1alpha1", A10, {"url": _BLANK_URL, "contextWindowSize": 600}),
        "docs/rag.md:93",
    ),
    Situation(_rag("library-in-memory", "v1beta1", A10, {"contextWindowSize": 8192}), "docs/rag.md:120"),
    Situation(
        _rag(
            "library-in-database",
            "v1beta1",
            A10,
            {"contextWindowSize": 8192},
            {"vectorDB": {"engine": "qdrant", "url": "http://vectors.search.svc.cluster.local:6333"}},
        ),
        "docs/rag.md:163",
    ),
    Situation(
        _rag(
            "library-misplaced-disk",
            "v1alpha1",
            A10,
            {"url": _BLANK_URL, "contextWindowSize": 600},
            {"persistentVolume": _DISK},
        ),
        "docs/rag.md:196",
    ),
)
