"""The GitOps engine of a cluster as an extension that Azure installs and keeps: Flux or Argo CD.

Owns the extension, and for Flux what it begins with. What lies in the repository is rendered by kaitops; what Argo CD
begins with is an object of the rendered tree, since Azure has no resource for it.
"""

from collections.abc import Mapping
from typing import NotRequired, TypedDict

import pulumi
from pulumi_azure_native import kubernetesconfiguration

from kaitops.components.settings.gitops import GitOps
from kaitops.documents.plain import MutableObject
from kaitops.gitops import checks

_PROVIDER, _CLUSTERS = "Microsoft.ContainerService", "managedClusters"
FLUX_NAMESPACE, ARGOCD_NAMESPACE = "flux-system", "argocd"
# Weights come before workloads are ready, and are downloaded in hours.
_TIMEOUT_SECONDS, _INTERVAL_SECONDS = 3600, 600


class GitOpsArgs(TypedDict):
    """What an engine needs."""

    resource_group_name: pulumi.Input[str]
    cluster_name: pulumi.Input[str]
    settings: GitOps
    configuration: NotRequired[Mapping[str, str]]
    """Settings of the extension, such as the health of KAITO's kinds for Argo CD; those of the user go before them."""


class FluxExtension(pulumi.ComponentResource):
    """Flux, and the folder of the rendered tree that it applies."""

    def __init__(self, name: str, args: GitOpsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("kaitops:azure:FluxExtension", name, None, opts)
        settings = args["settings"]
        extension = _extension(self, name, args, "flux", "microsoft.flux", "Stable")
        kubernetesconfiguration.FluxConfiguration(
            f"{name}-tree",
            **_cluster(args),
            flux_configuration_name="kaitops",
            scope="cluster",
            namespace=FLUX_NAMESPACE,
            source_kind="GitRepository",
            git_repository=kubernetesconfiguration.GitRepositoryDefinitionArgs(
                url=settings.repository,
                repository_ref=kubernetesconfiguration.RepositoryRefDefinitionArgs(
                    **({"commit": settings.revision} if settings.is_commit else {"branch": settings.revision})
                ),
                sync_interval_in_seconds=_INTERVAL_SECONDS,
            ),
            kustomizations={
                "root": kubernetesconfiguration.KustomizationDefinitionArgs(
                    path=settings.path,
                    prune=True,
                    wait=True,
                    sync_interval_in_seconds=_INTERVAL_SECONDS,
                    timeout_in_seconds=_TIMEOUT_SECONDS,
                )
            },
            opts=pulumi.ResourceOptions.merge(
                # The other way round the cluster would be left with objects that nobody takes away.
                pulumi.ResourceOptions(parent=self),
                pulumi.ResourceOptions(depends_on=[extension]),
            ),
        )
        self.register_outputs({})


class ArgoCdExtension(pulumi.ComponentResource):
    """Argo CD in the preview that Azure offers, at one version."""

    def __init__(self, name: str, args: GitOpsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("kaitops:azure:ArgoCdExtension", name, None, opts)
        _extension(self, name, args, "argocd", "Microsoft.ArgoCD", "Preview")
        self.register_outputs({})


def argocd_health(version: str) -> dict[str, str]:
    """Health of KAITO's kinds as settings of the extension: keys of the chart, the dots within a key escaped."""
    return {f"configs.cm.{key.replace('.', chr(92) + '.')}": text for key, text in checks.argocd(version).items()}


def install(name: str, args: GitOpsArgs, opts: pulumi.ResourceOptions | None = None) -> FluxExtension | ArgoCdExtension:
    """The engine that the settings name."""
    return FluxExtension(name, args, opts) if args["settings"].engine == "flux" else ArgoCdExtension(name, args, opts)


def _extension(
    parent: pulumi.ComponentResource, name: str, args: GitOpsArgs, title: str, kind: str, train: str
) -> kubernetesconfiguration.Extension:
    settings = args["settings"]
    namespace = FLUX_NAMESPACE if title == "flux" else ARGOCD_NAMESPACE
    return kubernetesconfiguration.Extension(
        f"{name}-extension",
        **_cluster(args),
        extension_name=title,
        extension_type=kind,
        release_train=train,
        # With a version of its own the extension stays at it.
        version=settings.version,
        auto_upgrade_minor_version=settings.version is None,
        scope=kubernetesconfiguration.ScopeArgs(
            cluster=kubernetesconfiguration.ScopeClusterArgs(release_namespace=namespace)
        ),
        configuration_settings={**args.get("configuration", {}), **settings.configuration},
        opts=pulumi.ResourceOptions(parent=parent),
    )


def _cluster(args: GitOpsArgs) -> MutableObject:
    """The inputs by which an extension names its cluster."""
    return {
        "resource_group_name": args["resource_group_name"],
        "cluster_rp": _PROVIDER,
        "cluster_resource_name": _CLUSTERS,
        "cluster_name": args["cluster_name"],
    }
