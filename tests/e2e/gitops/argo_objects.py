"""The objects that Argo CD's controllers expect in their namespace.

Owns their names, the least content with which the controllers start, and what every Application of one tree says.
"""

from collections.abc import Mapping
from typing import Any

NAMESPACE = "argocd"
API = "argoproj.io/v1alpha1"
PART = {"app.kubernetes.io/part-of": "argocd"}


def config_map(name: str, data: Mapping[str, str]) -> dict[str, Any]:
    """A ConfigMap of Argo CD's own."""
    made: dict[str, Any] = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": name, "namespace": NAMESPACE, "labels": PART},
    }
    # As it is installed: an empty map would be a field with an owner, and whoever adds a key would be in conflict.
    return made | ({"data": dict(data)} if data else {})


def application(name: str, url: str, server: str, **policy: Any) -> dict[str, Any]:
    """An Application that syncs the folder ``tree`` of a repository by itself.

    Args:
        policy: what its sync policy says beside.
    """
    return {
        "apiVersion": API,
        "kind": "Application",
        "metadata": {
            "name": name,
            "namespace": NAMESPACE,
            "finalizers": ["resources-finalizer.argocd.argoproj.io"],
        },
        "spec": {
            "project": "default",
            "source": {"repoURL": url, "targetRevision": "main", "path": "tree"},
            "destination": {"server": server},
            "syncPolicy": policy,
        },
    }


def expected() -> list[dict[str, Any]]:
    """What the controllers read in their namespace."""
    secret = {"name": "argocd-secret", "namespace": NAMESPACE, "labels": PART}
    return [
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}},
        config_map("argocd-cm", {}),
        config_map("argocd-rbac-cm", {}),
        config_map("argocd-ssh-known-hosts-cm", {}),
        config_map("argocd-tls-certs-cm", {}),
        config_map("argocd-gpg-keys-cm", {}),
        {
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": secret,
            "stringData": {"server.secretkey": "of-a-test", "admin.passwordMtime": "2026-01-01T00:00:00Z"},
        },
        {
            "apiVersion": API,
            "kind": "AppProject",
            "metadata": {"name": "default", "namespace": NAMESPACE},
            "spec": {
                "sourceRepos": ["*"],
                "destinations": [{"namespace": "*", "server": "*"}],
                "clusterResourceWhitelist": [{"group": "*", "kind": "*"}],
            },
        },
    ]
