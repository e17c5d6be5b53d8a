"""The whole program: what a stack's configuration declares, part by part.

Owns what the parts hand to one another, within a stack or between stacks. ``__main__.py`` calls it; a program of a
user's may as well, or take single components.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pulumi
from pulumi.runtime import config as engine

from kaitops.api import is_kaito
from kaitops.components import handover, telling
from kaitops.components.deployment import declare_cluster, models_of
from kaitops.components.guard import Guard
from kaitops.components.model_secrets import ModelSecretsArgs
from kaitops.components.platform_stack import Platform, PlatformArgs
from kaitops.components.reach import Reach, formerly
from kaitops.components.refusals import told
from kaitops.components.resources import declaration
from kaitops.components.resources.declaration import Declared
from kaitops.components.resources.kaito_resource import KaitoResource
from kaitops.components.settings.checks import check_infra, refuse
from kaitops.components.settings.configuration import Given, ProgramSettings, read
from kaitops.components.settings.names import READER
from kaitops.components.settings.platform import ModelSecretSettings
from kaitops.components.settings.services import SecretSettings
from kaitops.documents.plain import MutableObject, mapping
from kaitops.kaito.release import Release
from kaitops.operator.merging import merged

if TYPE_CHECKING:
    from kaitops.components.infra_stack import Infra

_OURS = "kaitops"


@told
def declare() -> dict[str, pulumi.Output[Any]]:
    """Register everything that the stack's configuration asks for, and return the stack's outputs.

    Raises:
        kaitops.errors.KaitopsError: something does not hold together; nothing was registered.
    """
    space = _namespace()
    values = _configuration(space)
    kubeconfig = pulumi.Config(space).get_secret("kubeconfig") if values.get("kubeconfig") else None
    in_clear = kubeconfig is not None and not engine.is_config_secret(f"{space}:kubeconfig")
    settings = read(Given(values, kubeconfig is not None, in_clear))
    declared = declaration.from_file(Path(settings.fleet), settings.cluster)
    found = declared.charts
    cluster = declared.plan.cluster
    version = declared.release.version
    if "infra" in settings.parts:
        refuse(check_infra(settings.infra, cluster, Release.load(version), settings.cluster))
    if "workloads" in settings.parts:
        refuse(declared.build.refusals())
    outputs: dict[str, pulumi.Output[Any]] = {}
    late: dict[str, pulumi.Input[Any]] = {}
    before: list[pulumi.Resource] = []
    present: Mapping[str, pulumi.CustomResource] = {}
    infra: Infra | None = None
    former = settings.renamed_from
    within: list[pulumi.Output[Any]] = []
    if "infra" in settings.parts:
        infra = _infra(settings, declared, kubeconfig)
        kubeconfig = infra.kubeconfig
        late = {chart.name: chart.values for chart in infra.extra_charts}
        own = mapping(mapping(cluster.get("operator")).get("values"))
        late["workspace"] = merged(infra.capacity.chart_values or {}, own)
        outputs |= {
            "clusterName": infra.cluster_name,
            "resourceGroupName": infra.resource_group_name,
            "oidcIssuerUrl": infra.oidc_issuer_url,
            "registryLoginServer": infra.registry_login_server,
            "identities": infra.identities,
            "chartValues": pulumi.Output.from_input(late),
            "kubeconfig": pulumi.Output.secret(kubeconfig),
        }
        before = [infra]
    elif settings.infra_stack is not None:
        made = pulumi.StackReference(settings.infra_stack)
        kubeconfig = kubeconfig or handover.kubeconfig_of(made)
        late = {chart.key: made.get_output("chartValues").apply(_values_of(chart.key)) for chart in found}
    elif kubeconfig is None and settings.infra.existing is not None:
        kubeconfig = pulumi.Output.secret(settings.infra.existing.read_kubeconfig())
    if settings.parts == ["infra"]:
        return outputs
    # The settings were read with something to reach the cluster by; it is never empty.
    needed: list[Any] = [*before]
    refusals: list[pulumi.Output[Any]] = []
    earlier = handover.own()
    if "workloads" in settings.parts:
        # No resources: they refuse, or become none. All that is in the cluster waits for the way there.
        refusals = [
            handover.in_their_modes(earlier, models_of(declared)),
            handover.in_their_namespaces(earlier, bool(settings.workloads.namespaces)),
        ]
        needed += refusals
    reach = Reach(settings.cluster, "" if kubeconfig is None else kubeconfig, needed, former, earlier)
    outputs["reached"] = reach.reached
    provider, parts = reach.provider, [*before, *reach.resources]
    if "platform" in settings.parts:
        wanted: PlatformArgs = {"settings": settings.platform, "charts": found, "values": late}
        if settings.platform.secrets is not None:
            wanted["secrets"] = _secrets(settings.platform.secrets, settings, infra)
        platform = Platform(
            f"{settings.cluster}-platform",
            wanted,
            pulumi.ResourceOptions.merge(
                formerly(former, "-platform"),
                pulumi.ResourceOptions(providers={"kubernetes": provider}, depends_on=before),
            ),
        )
        outputs["releases"] = platform.releases
        parts.append(platform)
        within = platform.within
        before, present = [*before, *platform.ready], platform.made
    if "workloads" in settings.parts:
        if settings.parts == ["workloads"]:
            before = [*before, *reach.need(_kaito_versions(declared))]
        workloads = declare_cluster(
            f"{settings.cluster}-workloads",
            fleet=declared,
            cluster=settings.cluster,
            provider=provider,
            depends_on=before,
            namespaces=settings.workloads.namespaces,
            await_ready=settings.workloads.await_ready,
            blue_green=settings.workloads.blue_green,
            made=present,
            opts=formerly(former, "-workloads"),
        )
        if settings.workloads.await_ready:
            access = pulumi.Output.from_input("" if kubeconfig is None else kubeconfig)
            telling.tell(access, _awaited(workloads.objects), version, settings.workloads.silence_seconds)
        # What was refused is not what the next run finds.
        models = pulumi.Output.all(workloads.models, *refusals).apply(lambda known: known[0])
        outputs |= {"models": models, "needs": workloads.needs}
        if held := _spaces(workloads.objects) if settings.workloads.namespaces is True else []:
            outputs["namespaces"] = pulumi.Output.all(held, *refusals).apply(lambda known: known[0])
        parts.append(workloads)
    holds = "platform" in settings.parts and settings.platform.protect
    Guard(
        f"{settings.cluster}-stack-guard",
        parts,
        holds or (infra is not None and settings.infra.protect),
        formerly(former, "-stack-guard"),
        within,
    )
    return outputs


def _infra(settings: ProgramSettings, declared: Declared, kubeconfig: pulumi.Input[str] | None) -> "Infra":
    # The SDK of Azure is half a gigabyte, and a stack of models alone does without.
    from kaitops.components.azure.gitops_extension import argocd_health
    from kaitops.components.infra_stack import Infra, InfraArgs

    args: InfraArgs = {
        "settings": settings.infra,
        "cluster_name": settings.cluster,
        "cluster": declared.plan.cluster,
        "version": declared.release.version,
    }
    if kubeconfig is not None:
        args["kubeconfig"] = kubeconfig
    if settings.infra.gitops is not None and settings.infra.gitops.engine == "argocd":
        args["gitops_configuration"] = argocd_health(declared.release.version)
    return Infra(settings.cluster, args, formerly(settings.renamed_from))


def _namespace() -> str:
    """What the keys begin with: the project's own name, or ``kaitops`` in a project that is called otherwise."""
    given: MutableObject = engine.CONFIG.get()
    return _OURS if any(key.startswith(f"{_OURS}:") for key in given) else pulumi.get_project()


def _configuration(space: str) -> dict[str, str]:
    """The configuration by key, as text."""
    given: MutableObject = engine.CONFIG.get()
    prefix = f"{space}:"
    return {key.removeprefix(prefix): str(text) for key, text in given.items() if key.startswith(prefix)}


def _secrets(wanted: ModelSecretSettings, settings: ProgramSettings, infra: "Infra | None") -> ModelSecretsArgs:
    """What the tokens need, from their own settings and else from the infrastructure of the stack."""
    known = settings.infra.secrets or SecretSettings()
    return {
        "kind": wanted.kind or known.kind,
        "vault_name": wanted.vault or (infra.vault_name if infra else ""),
        "tenant_id": wanted.tenant_id or (infra.tenant_id if infra else ""),
        "client_id": wanted.client_id or (infra.identities.apply(lambda told: told[READER]) if infra else ""),
        "service_account": wanted.service_account or known.service_account,
        "secrets": wanted.secrets,
    }


def _awaited(objects: Mapping[str, pulumi.CustomResource]) -> dict[telling.Awaited, pulumi.CustomResource]:
    """Objects of KAITO's kinds, by what they are called."""
    parts = {key: telling.Awaited(*key.split("/")) for key in objects}
    return {parts[key]: one for key, one in objects.items() if isinstance(one, KaitoResource)}


def _spaces(objects: Mapping[str, pulumi.CustomResource]) -> list[str]:
    """Names of the namespaces among what was made, by ``Kind/namespace/name``."""
    return [name for kind, _, name in (key.split("/") for key in objects) if kind == "Namespace"]


def _kaito_versions(declared: Declared) -> set[str]:
    """Group-versions of KAITO's kinds that the workloads need."""
    rendered = [each for one in declared.plan.workloads for each in declared.build.objects(one)]
    return {str(each["apiVersion"]) for each in rendered if is_kaito(each["apiVersion"], each["kind"])}


def _values_of(key: str) -> Callable[[Any], MutableObject]:
    return lambda values: dict(mapping(mapping(values).get(key)))
