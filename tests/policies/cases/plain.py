"""Objects of plain mode."""

from kaitops.policies.rule import Config
from tests.policies.cases import DEPLOY, PLAIN, SVC, case, patched

_BOX = PLAIN["spec"]["template"]["spec"]["containers"][0]
_OWNER = {"apiVersion": "kaito.sh/v1beta1", "kind": "Workspace"}
_LOOSE = {
    "metadata": {
        "ownerReferences": [{"apiVersion": "apps/v1"}, _OWNER],
        "finalizers": ["foregroundDeletion", "workspace.finalizer.kaito.sh"],
        "annotations": {"x": "y", "workspace.kaito.io/revision": "1"},
    }
}
_AT = ("metadata.ownerReferences.1", "metadata.finalizers.1", "metadata|annotations|workspace.kaito.io/revision")


def _box(patch: dict, **spec: object) -> dict:
    return {"spec": {"template": {"spec": {"containers": [patched(_BOX, patch)], **spec}}}}


def _command(*words: str) -> dict:
    return {"command": list(words)}


def _probe(word: str) -> dict:
    return {"startupProbe": {"httpGet": None, "exec": {"command": ["python3", word]}}}


_OTHER = {"spec": {"template": {"metadata": {"labels": {"kaito.sh/workspace": None, "app": "x"}}}}}

_BY_TAG = {"image": "mcr.microsoft.com/aks/kaito/kaito-base:0.5.0"}
_OWN_BY_TAG = {"spec": {"template": {**_box(_BY_TAG)["spec"]["template"], **_OTHER["spec"]["template"]}}}
_MIRRORED = {"image": "contoso.azurecr.io/mirror/kaito-rag-service:0.12.0"}
_MEMORY = {"volumes": [{"name": "shm", "emptyDir": {"medium": "Memory"}}]}
_OWN_MEMORY = {"spec": {"template": {**_box({}, **_MEMORY)["spec"]["template"], **_OTHER["spec"]["template"]}}}

CASES = [
    # KAITO's own image comes by tag; the same pod made by someone else does not get away with it.
    case(29, PLAIN, _box(_BY_TAG)),
    case(29, PLAIN, _OWN_BY_TAG, "spec.template.spec.containers.0.image"),
    case(29, PLAIN, _box(_MIRRORED), "spec.template.spec.containers.0.image"),
    case(29, PLAIN, _box(_MIRRORED), config=Config(registries=("contoso.azurecr.io",))),
    case(29, PLAIN, _box({"image": "curlimages/curl:8.11.1"}), "spec.template.spec.containers.0.image"),
    case(29, PLAIN, _box({"image": "evil.io/not-kaito-base:0.5.0"}), "spec.template.spec.containers.0.image"),
    case(108, PLAIN, _box(_BY_TAG), "spec.template.spec.containers.0.image"),
    case(108, PLAIN, {}),
    case(108, PLAIN, _OWN_BY_TAG),
    case(108, PLAIN, _box({"image": "curlimages/curl:8.11.1"})),
    # KAITO's pods have the node to themselves; the same volume in another pod counts.
    case(102, PLAIN, _box({}, **_MEMORY)),
    case(102, PLAIN, _OWN_MEMORY, "spec.template.spec.volumes.0.emptyDir"),
    case(101, PLAIN, _box(_command("sh", "serve --model=openai/gpt --x")), "spec.template.spec.containers.0.command.1"),
    case(
        101,
        PLAIN,
        _box(_command("serve --pretrained_model_name_or_path=a/b")),
        "spec.template.spec.containers.0.command.0",
    ),
    case(101, PLAIN, {}),
    case(101, PLAIN, _box(_command("serve --model=/mnt/models"))),
    case(101, PLAIN, patched(_OTHER, _box(_command("serve --model=a/b")))),
    case(104, PLAIN, _LOOSE, *_AT),
    case(104, DEPLOY, _LOOSE),
    case(104, SVC, patched(_LOOSE, {"spec": {"selector": {"kaito.sh/workspace": "x"}}}), *_AT),
    case(104, SVC, _LOOSE),
    case(
        104,
        PLAIN,
        {"metadata": {"annotations": {"inferenceset.kaito.io/a": "", "ragengine.kaito.io/b": ""}}},
        "metadata|annotations|inferenceset.kaito.io/a",
        "metadata|annotations|ragengine.kaito.io/b",
    ),
    case(104, PLAIN, {}),
    case(105, PLAIN, _box({}, tolerations=[{"key": "sku"}]), "spec.template.spec.tolerations"),
    case(105, PLAIN, _box({}, tolerations=[{"operator": "Exists"}])),
    case(105, PLAIN, {}),
    case(105, PLAIN, _box({"resources": None}, tolerations=[])),
    case(105, PLAIN, patched(_OTHER, _box({}, tolerations=[]))),
    case(
        106, PLAIN, _box(_probe("/workspace/benchmark_entrypoint.py")), "spec.template.spec.containers.0.startupProbe"
    ),
    case(106, PLAIN, _box(_probe("/workspace/health.py"))),
    case(106, PLAIN, patched(_OTHER, _box(_probe("benchmark_entrypoint.py")))),
]
