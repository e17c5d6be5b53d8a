"""Pods and Services."""

from kaitops.policies.rule import Config
from tests.policies.cases import BOX, CUSTOM, CUSTOMS, DEPLOY, IS, MRI, PLAIN, RAG, SVC, WS, box, case, patched, pod

_GPU = "nvidia.com/gpu"
_INTERNAL = "service.beta.kubernetes.io/azure-load-balancer-internal"


def _gpus(limit: object, request: object = None) -> dict:
    requests = {"cpu": "1"} if request is None else {"cpu": "1", _GPU: request}
    return box(CUSTOM, {"resources": {"limits": {"memory": "1Gi", _GPU: limit}, "requests": requests}})


def _labels(document: dict, labels: dict) -> dict:
    part = "resource" if document["kind"] == "Workspace" else "spec"
    return {part: {"labelSelector": {"matchLabels": labels}}}


_TWO = {"spec": {"containers": [BOX, patched(BOX, {"securityContext": None})]}}

CASES = [
    *(
        each
        for document in (CUSTOM, CUSTOMS)
        for each in (
            case(
                18,
                document,
                box(document, {"securityContext": {"runAsNonRoot": None}}),
                f"{pod(document)}.containers.0.securityContext.runAsNonRoot",
            ),
            case(
                18,
                document,
                box(document, {"securityContext": {"runAsNonRoot": None}}, securityContext={"runAsNonRoot": True}),
            ),
            case(
                18,
                document,
                box(document, {"securityContext": {"runAsNonRoot": False}}, securityContext={"runAsNonRoot": True}),
                f"{pod(document)}.containers.0.securityContext.runAsNonRoot",
            ),
            case(
                18,
                document,
                box(document, {}, initContainers=[{"name": "i"}]),
                f"{pod(document)}.initContainers.0.securityContext.runAsNonRoot",
            ),
        )
    ),
    *(
        each
        for document in (CUSTOM, CUSTOMS, DEPLOY)
        for each in (
            case(
                19,
                document,
                box(document, {"resources": None}),
                f"{pod(document)}.containers.0.resources.requests.cpu",
                f"{pod(document)}.containers.0.resources.limits.memory",
            ),
            case(19, document, box(document, {"resources": {"requests": None, "limits": {"cpu": "4"}}})),
            case(
                19,
                document,
                box(document, {"resources": {"requests": {"memory": "4Gi"}, "limits": {"memory": None}}}),
                f"{pod(document)}.containers.0.resources.limits.memory",
            ),
            case(19, document, box(document, {}, initContainers=[{"name": "i"}])),
            case(
                36,
                document,
                box(document, {"securityContext": {"privileged": True}}),
                f"{pod(document)}.containers.0.securityContext.privileged",
            ),
            case(36, document, box(document, {"securityContext": {"privileged": False}}, hostNetwork=False)),
            case(
                36,
                document,
                box(document, {}, hostNetwork=True, hostPID=True, hostIPC=True),
                *(f"{pod(document)}.{flag}" for flag in ("hostNetwork", "hostPID", "hostIPC")),
            ),
            case(
                36,
                document,
                box(document, {}, volumes=[{"name": "a", "emptyDir": {}}, {"name": "b", "hostPath": {"path": "/"}}]),
                f"{pod(document)}.volumes.1.hostPath",
            ),
            case(
                37,
                document,
                box(document, {"securityContext": None}),
                *(
                    f"{pod(document)}.containers.0.securityContext.{field}"
                    for field in ("allowPrivilegeEscalation", "capabilities.drop", "seccompProfile.type")
                ),
            ),
            case(
                37,
                document,
                box(
                    document,
                    {"securityContext": {"seccompProfile": None}},
                    securityContext={"seccompProfile": {"type": "Localhost"}},
                ),
            ),
            case(
                37,
                document,
                box(
                    document,
                    {"securityContext": {"seccompProfile": {"type": "Unconfined"}}},
                    securityContext={"seccompProfile": {"type": "Localhost"}},
                ),
                f"{pod(document)}.containers.0.securityContext.seccompProfile.type",
            ),
            case(
                37,
                document,
                box(
                    document,
                    {"securityContext": {"allowPrivilegeEscalation": True, "capabilities": {"drop": ["NET_RAW"]}}},
                ),
                f"{pod(document)}.containers.0.securityContext.allowPrivilegeEscalation",
                f"{pod(document)}.containers.0.securityContext.capabilities.drop",
            ),
            case(37, document, box(document, {"securityContext": {"seccompProfile": {"type": "RuntimeDefault"}}})),
            case(
                102,
                document,
                box(document, {}, volumes=[{"name": "a"}, {"name": "s", "emptyDir": {"medium": "Memory"}}]),
                f"{pod(document)}.volumes.1.emptyDir",
            ),
            case(
                102,
                document,
                box(
                    document,
                    {},
                    volumes=[
                        {"name": "s", "emptyDir": {"medium": "Memory", "sizeLimit": "8Gi"}},
                        {"name": "t", "emptyDir": {}},
                    ],
                ),
            ),
        )
    ),
    case(
        37,
        DEPLOY,
        {"spec": {"template": _TWO}},
        *(
            f"spec.template.spec.containers.1.securityContext.{field}"
            for field in ("allowPrivilegeEscalation", "capabilities.drop", "seccompProfile.type")
        ),
    ),
    case(19, PLAIN, {}),
    case(37, PLAIN, {}),
    case(19, DEPLOY, {"spec": {"template": {"metadata": {"labels": None}}}}),
    case(38, CUSTOM, _gpus(None), "resource.instanceType"),
    case(38, CUSTOM, _gpus("2"), "resource.instanceType"),
    case(38, CUSTOM, _gpus(1)),
    case(38, CUSTOM, _gpus("1", "1")),
    case(38, CUSTOM, _gpus("1", "2"), f"inference|template|spec|containers|0|resources|requests|{_GPU}"),
    case(38, CUSTOM, _gpus("1", 1)),
    case(
        38,
        CUSTOM,
        box(CUSTOM, {"resources": None}, initContainers=[{**BOX, "resources": {"limits": {_GPU: "1"}}}]),
        "resource.instanceType",
    ),
    case(38, CUSTOM, _gpus("1000000000", "1000000001"), "resource.instanceType"),
    case(
        38,
        CUSTOM,
        _gpus("100000000", "100000001"),
        f"inference|template|spec|containers|0|resources|requests|{_GPU}",
        "resource|instanceType",
    ),
    case(38, CUSTOM, _gpus(True), "resource.instanceType"),
    case(38, CUSTOM, _gpus("all"), "resource.instanceType"),
    case(38, CUSTOM, _gpus("1111111111"), "resource.instanceType"),
    case(38, CUSTOM, _gpus("111111111"), "resource.instanceType"),
    case(38, CUSTOM, _gpus(None) | {"resource": {"instanceType": "Standard_D16s_v5"}}),
    case(38, CUSTOM, _gpus("1") | {"resource": {"instanceType": "Standard_D16s_v5"}}, "resource.instanceType"),
    case(38, CUSTOM, {"inference": {"template": {"spec": {"containers": [BOX, BOX]}}}}, "resource.instanceType"),
    case(
        38,
        CUSTOM,
        {
            "inference": {"template": {"spec": {"containers": [BOX, BOX]}}},
            "resource": {"instanceType": "Standard_NC48ads_A100_v4"},
        },
    ),
    case(38, WS, {}),
    case(38, CUSTOMS, box(CUSTOMS, {"resources": {"limits": {_GPU: "3"}}}), "spec.template.resource.instanceType"),
    case(39, WS, {"metadata": {"namespace": "default"}}, "metadata.namespace"),
    case(39, WS, {"metadata": {"namespace": None}}, "metadata.namespace"),
    case(39, DEPLOY, {"metadata": {"namespace": "kube-system"}}, "metadata.namespace"),
    case(39, SVC, {"metadata": {"namespace": "kube-public"}}, "metadata.namespace"),
    case(39, MRI, {"metadata": {"namespace": "kube-node-lease"}}, "metadata.namespace"),
    case(39, RAG, {"metadata": {"namespace": "default-models"}}),
    case(1, WS, {"metadata": {"annotations": {"kaito.sh/enablelb": "True"}}}, "metadata|annotations|kaito.sh/enablelb"),
    case(1, WS, {"metadata": {"annotations": {"kaito.sh/enablelb": "false"}}}),
    # KAITO compares with "True".
    case(1, WS, {"metadata": {"annotations": {"kaito.sh/enablelb": "true"}}}),
    case(
        1, RAG, {"metadata": {"annotations": {"kaito.sh/enablelb": "True"}}}, "metadata|annotations|kaito.sh/enablelb"
    ),
    case(1, RAG, {"metadata": {"annotations": {"other/enablelb": "true"}}}),
    case(
        7,
        WS,
        {"metadata": {"annotations": {"kaito.sh/bypass-resource-checks": "false"}}},
        "metadata|annotations|kaito.sh/bypass-resource-checks",
    ),
    case(
        7,
        IS,
        {"metadata": {"annotations": {"kaito.sh/bypass-resource-checks": ""}}},
        "metadata|annotations|kaito.sh/bypass-resource-checks",
    ),
    case(7, IS, {"metadata": {"annotations": {"kaito.sh/bypass": "true"}}}),
    case(7, WS, {}),
    case(20, WS, {}, "metadata.labels.owner", config=Config(required_labels=("owner",))),
    case(
        20,
        WS,
        {"metadata": {"labels": {"owner": "a"}}},
        "metadata.labels.cost",
        config=Config(required_labels=("owner", "cost")),
    ),
    case(
        20, RAG, {"metadata": {"labels": {"owner": "a", "cost": "1"}}}, config=Config(required_labels=("owner", "cost"))
    ),
    case(20, DEPLOY, {}),
    case(46, SVC, {"spec": {"type": "LoadBalancer"}}, "spec.type"),
    case(46, SVC, {"spec": {"type": "LoadBalancer"}, "metadata": {"annotations": {_INTERNAL: "true"}}}),
    case(46, SVC, {"spec": {"type": "LoadBalancer"}, "metadata": {"annotations": {_INTERNAL: "false"}}}, "spec.type"),
    case(46, SVC, {"spec": {"type": None}}),
    case(103, SVC, {"spec": {"type": "NodePort"}}, "spec.ports.1"),
    case(
        103,
        SVC,
        {"spec": {"type": "LoadBalancer", "ports": [{"port": 80, "targetPort": 6379}, {"port": 5557}]}},
        "spec.ports.0",
        "spec.ports.1",
    ),
    case(103, SVC, {"spec": {"type": "LoadBalancer", "ports": [{"port": 80, "targetPort": "http"}]}}),
    case(103, SVC, {}),
    case(103, SVC, {"spec": {"type": None}}),
    *(
        each
        for document, path in ((WS, "resource.labelSelector"), (IS, "spec.labelSelector"))
        for each in (
            case(
                40,
                document,
                _labels(document, {"kubernetes.azure.com/scalesetpriority": "spot"}),
                f"{path.replace('.', '|')}|matchLabels|kubernetes.azure.com/scalesetpriority",
            ),
            case(
                40,
                document,
                _labels(document, {"karpenter.sh/capacity-type": "spot"}),
                f"{path.replace('.', '|')}|matchLabels|karpenter.sh/capacity-type",
            ),
            case(40, document, _labels(document, {"karpenter.sh/capacity-type": "on-demand", "pool": "spot"})),
            case(40, document, _labels(document, {"karpenter.sh/capacity-type": "spot"}), environment="dev"),
        )
    ),
    case(
        41,
        WS,
        {"resource": {"labelSelector": {"matchLabels": {"kaito.sh/workspace": "x"}}}},
        "resource|labelSelector|matchLabels|kaito.sh/workspace",
    ),
    case(
        41,
        IS,
        {"spec": {"labelSelector": {"matchLabels": {"karpenter.kaito.sh/pool": "x"}}}},
        "spec|labelSelector|matchLabels|karpenter.kaito.sh/pool",
    ),
    case(41, RAG, {"spec": {"compute": {"labelSelector": {"matchLabels": {"notkaito.sh/workspace": "x"}}}}}),
    case(41, WS, {"resource": {"labelSelector": {"matchLabels": None}}}, "resource.labelSelector.matchLabels"),
    case(41, RAG, {"spec": {"compute": None}}),
    case(25, WS, {"apiVersion": "kaito.sh/v1alpha1"}, "apiVersion"),
    case(25, WS, {"resource": {"count": 1, "preferredNodes": ["a"]}}, "resource.count", "resource.preferredNodes"),
    case(
        25,
        WS,
        {"inference": {"preset": {"accessMode": "public", "presetOptions": {"image": "x"}}}},
        "inference.preset.accessMode",
        "inference.preset.presetOptions.image",
    ),
    case(25, WS, {"tuning": {"preset": {"accessMode": "public"}}}, "tuning.preset.accessMode"),
    case(25, RAG, {"spec": {"compute": {"count": 1}}}, "spec.compute.count"),
    case(25, IS, {"spec": {"template": {"inference": {"preset": {"presetOptions": {"modelAccessSecret": "x"}}}}}}),
    case(
        25,
        IS,
        {"spec": {"template": {"inference": {"preset": {"accessMode": "private"}}}}},
        "spec.template.inference.preset.accessMode",
    ),
    case(
        45,
        IS,
        {"spec": {"autoUpgrade": {"enabled": True}}},
        "spec.autoUpgrade.strategy",
        "spec.autoUpgrade.maintenanceWindow",
    ),
    case(
        45,
        IS,
        {
            "spec": {
                "autoUpgrade": {"enabled": True, "strategy": "Surge", "maintenanceWindow": {"schedule": "0 3 * * 6"}}
            }
        },
    ),
    case(45, IS, {"spec": {"autoUpgrade": {"enabled": False, "strategy": "InPlace"}}}),
    case(45, IS, {"spec": {"autoUpgrade": {"enabled": True}}}, environment="staging"),
    case(
        45,
        IS,
        {"spec": {"autoUpgrade": {"enabled": True, "strategy": "Surge", "maintenanceWindow": {"schedule": ""}}}},
        "spec.autoUpgrade.maintenanceWindow",
    ),
    case(39, WS, {}),
    case(25, RAG, {}),
]
