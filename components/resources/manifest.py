"""Any other Kubernetes object as a Pulumi resource: what stands beside KAITO's kinds in a rendered tree.

Owns the type token of a plain manifest. Checks nothing: what is passed was rendered by kaitops and checked then.
"""

import pulumi

from kaitops.components.resources.kaito_resource import provider_version
from kaitops.components.resources.readiness import PROPAGATION, SKIP
from kaitops.documents.plain import MutableObject, Object

# Of these it does not wait for the end of a deletion either, where it is told not to wait. A successor of the same name
# then meets what is still going, unless the object goes at once and its pods after it, as kubectl has it.
_GOING = frozenset({"StatefulSet", "Deployment", "DaemonSet", "Job", "Pod"})
# What the provider waits for on its own, ten minutes at most, which is less than weights take to load.
_AWAITED = frozenset({"StatefulSet", "Deployment", "DaemonSet", "Job", "Pod", "Service", "PersistentVolumeClaim"})


def token(api_version: str, kind: str) -> str:
    """Pulumi's type of a kind; objects of the core group are in a group of that name."""
    group_version = api_version if "/" in api_version else f"core/{api_version}"
    return f"kubernetes:{group_version}:{kind}"


class Manifest(pulumi.CustomResource):
    """An object from its manifest.

    Args:
        name: name of the resource in the program.
        document: the manifest.
        await_ready: wait as the provider does; otherwise the object only has to be written.
        timeout_seconds: how long to wait.
    """

    def __init__(
        self,
        name: str,
        document: Object,
        *,
        await_ready: bool = False,
        timeout_seconds: int | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        props: MutableObject = dict(document)
        ours = pulumi.ResourceOptions(version=provider_version())
        if document["kind"] in _AWAITED:
            if not await_ready:
                about: MutableObject = props["metadata"]
                notes = {SKIP: "true", **({PROPAGATION: "background"} if document["kind"] in _GOING else {})}
                props["metadata"] = {**about, "annotations": {**about.get("annotations", {}), **notes}}
            elif timeout_seconds is not None:
                limit = f"{timeout_seconds}s"
                ours.custom_timeouts = pulumi.CustomTimeouts(create=limit, update=limit)
        super().__init__(
            token(document["apiVersion"], document["kind"]),
            name,
            props,
            pulumi.ResourceOptions.merge(ours, opts),
        )
