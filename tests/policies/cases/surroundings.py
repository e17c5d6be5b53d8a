"""What surrounds a pod: its volumes, its place, its names, its namespace, its nodes and the proxy in front of it."""

from tests.policies.cases import CM, CUSTOM, DEPLOY, IS, MRI, PLAIN, RAG, WS, Case, box, case, meta, pod

_NAMED = (
    "awsElasticBlockStore", "azureDisk", "azureFile", "cephfs", "cinder", "fc", "flexVolume", "flocker",
    "gcePersistentDisk", "gitRepo", "glusterfs", "iscsi", "nfs", "photonPersistentDisk", "portworxVolume", "quobyte",
    "rbd", "scaleIO", "storageos", "vsphereVolume",
)  # fmt: skip
_ENFORCE = "pod-security.kubernetes.io/enforce"
_NAMESPACE = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "models"}}
_PRIVILEGED = {"metadata": {"labels": {_ENFORCE: "privileged"}}}
_CLASS = {
    "apiVersion": "karpenter.k8s.aws/v1",
    "kind": "EC2NodeClass",
    "metadata": {"name": "gpu"},
    "spec": {"role": "r"},
}
_INGRESS = {"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": meta("web"), "spec": {}}
_STORE = {"apiVersion": "external-secrets.io/v1", "kind": "SecretStore", "metadata": meta("s")}


def _spec(rule: int, spec: dict, *at: str) -> Case:
    return case(rule, CUSTOM, box(CUSTOM, {}, **spec), *(f"{pod(CUSTOM)}.{one}" for one in at))


def _volume(volume: dict, *at: str) -> Case:
    return _spec(
        50, {"volumes": [{"name": "a", "emptyDir": {}}, {"name": "b", **volume}]}, *(f"volumes.1.{one}" for one in at)
    )


def _driver(name: str, *at: str) -> Case:
    return _volume({"csi": {"driver": name}}, *at)


def _labelled(labels: dict, *at: str) -> Case:
    return case(53, _NAMESPACE, {"metadata": {"labels": labels}}, *(f"metadata|labels|{one}" for one in at))


def _deployed(kind: str, labels: dict) -> dict:
    spec = {"destination": {"namespace": "models"}, "syncPolicy": {"managedNamespaceMetadata": {"labels": labels}}}
    about = {"apiVersion": "argoproj.io/v1alpha1", "kind": kind, "metadata": {"name": "chat", "namespace": "argocd"}}
    return {**about, "spec": {"template": {"spec": spec}} if kind == "ApplicationSet" else spec}


def _deployed_at(kind: str) -> str:
    return ("spec|template|" if kind == "ApplicationSet" else "") + "spec|syncPolicy|managedNamespaceMetadata|labels"


def _noted(key: str, *at: str) -> Case:
    return case(55, _INGRESS, {"metadata": {"annotations": {key: "x"}}}, *(f"metadata|annotations|{one}" for one in at))


def _runs(line: dict, *at: str) -> Case:
    return case(59, DEPLOY, box(DEPLOY, line), *(f"{pod(DEPLOY)}.containers.0.{one}" for one in at))


CASES = [
    _runs({"command": ["az", "aks", "stop", "--name", "aks"]}, "command.2"),
    _runs({"command": ["sh", "-c"], "args": ["set -e; az --only-show-errors aks stop -n aks"]}, "args.0"),
    _runs({"command": ["pwsh", "-c", "Stop-AzAksCluster -Name aks"]}, "command.2"),
    _runs({"command": ["az", "aks", "nodepool", "stop", "--name", "a1001"]}),
    _runs({"command": ["az", "aks", "start", "--name", "stop"]}),
    _runs({"command": ["sh", "-c", "echo az aks stopped"]}),
    *(_volume({kind: {"x": "y"}}, kind) for kind in _NAMED),
    *(_driver(name, "csi.driver") for name in ("file.csi.azure.com", "blob.csi.azure.com", "xsecrets-store.csi.k8s.io")),
    *(_driver(name) for name in ("secrets-store.csi.k8s.io", "csi.cert-manager.io", "csi.spiffe.io")),
    *(
        _volume({kind: {}})
        for kind in ("configMap", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret")
    ),
    _spec(51, {"nodeName": "aks-system-0"}, "nodeName"),
    _spec(51, {"nodeName": ""}),
    *(_spec(51, {"priorityClassName": name}, "priorityClassName") for name in ("system-node-critical", "system-cluster-critical")),
    _spec(51, {"priorityClassName": "system-tools"}),
    _spec(51, {"nodeSelector": {"kubernetes.io/hostname": "a"}}),
    _spec(52, {"hostAliases": [{"ip": "10.0.0.1", "hostnames": ["huggingface.co"]}]}, "hostAliases"),
    _spec(52, {"dnsPolicy": "None", "dnsConfig": {"nameservers": ["10.0.0.1"]}}, "dnsConfig.nameservers"),
    _spec(52, {"hostAliases": [], "dnsConfig": {"nameservers": [], "searches": ["svc"]}}),
    _spec(52, {"dnsConfig": {"options": [{"name": "ndots", "value": "2"}]}}),
    *(case(53, _NAMESPACE, _PRIVILEGED, f"metadata|labels|{_ENFORCE}", others=(holder,)) for holder in (WS, IS, MRI, RAG, PLAIN)),
    case(53, _NAMESPACE, _PRIVILEGED),
    case(53, _NAMESPACE, _PRIVILEGED, others=(DEPLOY, CM)),
    case(53, {**_NAMESPACE, "metadata": {"name": "gpu-operator"}}, _PRIVILEGED, others=(WS, PLAIN)),
    case(53, _NAMESPACE, {"metadata": {"labels": {_ENFORCE: "baseline"}}}, others=(WS,)),
    *(_labelled({key: "x"}, key) for key in ("admission.gatekeeper.sh/ignore", "openpolicyagent.org/webhook")),
    *(_labelled({_ENFORCE: level}) for level in ("baseline", "restricted")),
    *(case(53, _deployed(kind, {_ENFORCE: "privileged"}), {}, f"{_deployed_at(kind)}|{_ENFORCE}", others=(WS,)) for kind in ("Application", "ApplicationSet")),
    case(53, _deployed("Application", {_ENFORCE: "privileged"}), {}, others=(CM,)),
    case(53, _deployed("Application", {_ENFORCE: "baseline"}), {}, others=(WS,)),
    case(53, _deployed("Application", {"admission.gatekeeper.sh/ignore": "x"}), {}, f"{_deployed_at('Application')}|admission.gatekeeper.sh/ignore"),
    _labelled({"pod-security.kubernetes.io/warn": "privileged"}),
    _labelled({}),
    case(54, _CLASS, {"spec": {"userData": "#!/bin/sh"}}, "spec.userData"),
    case(54, _CLASS, {"spec": {"userData": ""}}),
    case(54, _CLASS, {}),
    *(
        _noted(key, key)
        for key in ("nginx.ingress.kubernetes.io/configuration-snippet", "nginx.org/location-snippets", "x/server-snippet")
    ),
    _noted("nginx.ingress.kubernetes.io/snippet-of"),
    _noted("nginx.ingress.kubernetes.io/ssl-redirect"),
    case(55, _INGRESS, {}),
    *(
        _noted(key, key)
        for key in (
            "ingress.kubernetes.io/config-global",
            *(
                f"haproxy-ingress.github.io/config-{part}"
                for part in ("backend", "defaults", "frontend", "proxy", "sections", "tcp", "tcp-service")
            ),
        )
    ),
    _noted("haproxy-ingress.github.io/backend-protocol"),
    case(28, _STORE, {"spec": {"provider": {"fake": {"data": [{"key": "a", "value": "b"}]}}}}, "spec.provider.fake.data"),
    case(28, {**_STORE, "kind": "ClusterSecretStore"}, {"spec": {"provider": {"fake": {"data": [{"key": "a"}]}}}}, "spec.provider.fake.data"),
    case(28, _STORE, {"spec": {"provider": {"azurekv": {"vaultUrl": "https://own.vault.azure.net"}}}}),
]  # fmt: skip
