"""What resolves names, lets people in or deploys for everybody is not turned by a ConfigMap among others."""

from kaitops.policies.reading import at, text
from kaitops.policies.rule import Context, Document, Found, Rule, Severity

# A name that holds in any namespace, as the tools may be installed in any.
_ARGO = ("argocd-cm", "argocd-rbac-cm", "argocd-cmd-params-cm")
_NAMED = ("coredns-custom", "kube-root-ca.crt", *_ARGO)
_SYSTEM = ("kube-system", "kube-public")


def _check(document: Document, context: Context) -> Found:
    name = text(at(document, "metadata", "name"))
    place = text(at(document, "metadata", "namespace"))
    # Without a namespace it is in the one that whoever deploys it says.
    if name in _NAMED or place in _SYSTEM or not place:
        # Seldom met: most ConfigMaps configure a model.
        from kaitops.policies import steering

        yield from steering.found(name, place, document)


def _cel() -> str:
    from kaitops.policies import steering

    return steering.twin()


RULE = Rule(
    id="KAITO060",
    severity=Severity.HIGH,
    title="settings of the cluster and of its deployer left alone",
    why="They decide what names mean, who comes in and what is deployed, for every workload and past every other rule.",
    source="AKS: customize CoreDNS; Argo CD operator manual: argocd-cm, argocd-rbac-cm, argocd-cmd-params-cm",
    remedy="drop it here, and have the owners of the cluster change it by itself",
    kinds=("ConfigMap",),
    check=_check,
    cel=lambda _kind, _config: _cel(),
)
