"""How a stack reaches its cluster: which cluster it is, whether the credentials open it, whether KAITO is there.

Owns the providers of Kubernetes objects and what is read before anything is planned. The provider's identity is that of
the cluster itself, so a cluster that was made anew is another one, and its objects are made anew; other credentials for
the same cluster replace nothing. What is read is read in each preview, so bad credentials end it even where nothing
else changes.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import pulumi
from pulumi_kubernetes import Provider

from kaitops.components.handover import under_its_name
from kaitops.components.resources.kaito_resource import provider_version
from kaitops.documents.plain import Object, mapping

# The API server makes it when it first starts and nobody can delete it: its uid is the identity of the cluster.
_FIRST = "kube-system"


def formerly(name: str | None, ending: str = "") -> pulumi.ResourceOptions:
    """Options that take over what was named after the former name of the cluster, with all that is in it."""
    return pulumi.ResourceOptions(aliases=[] if name is None else [pulumi.Alias(name=f"{name}{ending}")])


class Existing(pulumi.CustomResource):
    """An object that is read and not managed.

    Args:
        kind: Pulumi's type of the kind.
        id_: name of the object; a preview reads nothing while it is unknown.
    """

    def __init__(self, kind: str, name: str, id_: pulumi.Input[str], opts: pulumi.ResourceOptions) -> None:
        ours = pulumi.ResourceOptions(id=id_, version=provider_version())
        super().__init__(f"kubernetes:{kind}", name, {"metadata": None}, pulumi.ResourceOptions.merge(opts, ours))

    @property
    def uid(self) -> pulumi.Output[str]:
        """Identity of the object, which no other ever gets."""
        told: pulumi.Output[Any] = self.__dict__["metadata"]
        return told.apply(lambda about: str(about["uid"]))


class Reach:
    """The way to one cluster.

    Attributes:
        provider: of everything that the stack has in the cluster.
        reached: name and uid of the cluster, for the next run.
        resources: what was registered to get there.
    """

    def __init__(
        self,
        name: str,
        kubeconfig: pulumi.Input[str],
        before: Sequence[pulumi.Resource],
        former: str | None = None,
        outputs: pulumi.Output[Object] | None = None,
    ) -> None:
        """Registers the way.

        Args:
            name: of the cluster in the fleet.
            kubeconfig: how it is reached.
            before: what is needed for that.
            former: name that the cluster had before.
            outputs: of the run before; none where absent.
        """
        access = pulumi.Output.from_input(kubeconfig)
        options = pulumi.ResourceOptions(depends_on=list(before), additional_secret_outputs=["kubeconfig"])
        older = [name] if former is None else [former, f"{former}-objects"]
        probe = Provider(
            f"{name}-reach",
            kubeconfig=access,
            cluster_identifier=name,
            enable_server_side_apply=True,
            opts=pulumi.ResourceOptions.merge(options, formerly(former, "-reach")),
        )
        # Unknown credentials make the name unknown, or a preview would ask a cluster that is not there yet.
        first = pulumi.Output.unsecret(access.apply(lambda _: _FIRST))
        found = Existing("core/v1:Namespace", f"{name}-identity", first, pulumi.ResourceOptions(provider=probe))
        # Not by way of the credentials: what hangs on a cluster that is replaced the engine compares before it deletes
        # that, with values that nobody knows yet, and where it takes the provider for replaced it closes the one by
        # which it then deletes ("the client connection is closing", engine 3.260).
        self.reached: pulumi.Output[dict[str, str]] = pulumi.Output.unsecret(
            pulumi.Output.all(found.uid, outputs).apply(
                lambda both: under_its_name(mapping(both[1]).get("reached"), name, both[0], former)
            )
        )
        identity = self.reached.apply(lambda told: told["uid"])
        self._name = name
        self.provider = Provider(
            f"{name}-objects",
            kubeconfig=access,
            cluster_identifier=identity,
            enable_server_side_apply=True,
            # Releases before named it after the cluster and took that for its identity; nothing is replaced for it.
            opts=pulumi.ResourceOptions.merge(
                options, pulumi.ResourceOptions(aliases=[pulumi.Alias(name=each) for each in older])
            ),
        )
        self.resources: list[pulumi.Resource] = [probe, found, self.provider]

    def need(self, versions: Iterable[str]) -> list[pulumi.Resource]:
        """Read that the API server serves some group-versions, which a preview says nothing of by itself.

        Args:
            versions: such as ``kaito.sh/v1beta1``.

        Returns:
            What the objects of these versions wait for.
        """
        options = pulumi.ResourceOptions(provider=self.provider)
        # An APIService is a hundredth of a definition, and lies in the state.
        return [
            Existing(
                "apiregistration.k8s.io/v1:APIService",
                f"{self._name}/first-run-part-platform/{version}",
                ".".join(reversed(version.split("/"))),
                options,
            )
            for version in sorted(versions)
        ]
