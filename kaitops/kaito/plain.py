"""Plain mode: the objects of an expansion, fit to run without the operator that would have made them.

Owns the named deviations from what KAITO creates (:data:`DEVIATIONS`), each with its reason and a switch; with all of
them off the objects are KAITO's own. What a deviation does is in :mod:`kaitops.kaito.plain_changes`.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from kaitops.documents.plain import MutableObject
from kaitops.errors import BadInput
from kaitops.kaito import facts, plain_changes
from kaitops.kaito.expansion import Expansion

__all__ = ["DEVIATIONS", "Deviation", "plain_objects"]

Objects = list[MutableObject]


@dataclass(frozen=True)
class Wishes:
    """What a caller asks for besides the defaults.

    Attributes:
        revisions: commit of the weights by repository id.
        pinned: image with a fixed tag by image with a floating one.
    """

    revisions: Mapping[str, str] = field(default_factory=dict[str, str])
    pinned: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True)
class Deviation:
    """One way in which plain objects differ from KAITO's.

    Attributes:
        id: name of the switch.
        reason: why the object of the controller would not do without it.
        apply: changes objects that are nobody else's and returns those that stay.
    """

    id: str
    reason: str
    apply: Callable[[Objects, Wishes], Objects]


DEVIATIONS: tuple[Deviation, ...] = (
    Deviation(
        "ordinal-names",
        "the API server draws the names of a set's replicas; a rendered name has to be the same each time, and "
        "<set>-0 leaves more of the name budget than five random characters",
        lambda objects, _: plain_changes.number_replicas(objects),
    ),
    Deviation(
        "named-job",
        "a Job with a generated name cannot be applied twice; the name follows the content, so that only a changed "
        "download runs again",
        lambda objects, _: plain_changes.name_jobs(objects),
    ),
    Deviation(
        "no-custom-resources",
        "Workspace, InferenceSet and ModelMirror mean nothing without the operator",
        lambda objects, _: plain_changes.without_custom_resources(objects),
    ),
    Deviation(
        "no-owners",
        "an owner reference needs the uid of a custom resource that is not there; pruning takes the place of garbage "
        "collection",
        lambda objects, _: plain_changes.without_metadata(objects, "ownerReferences"),
    ),
    Deviation(
        "no-finalizers",
        "nobody would remove KAITO's finalizers, so the object could never be deleted",
        lambda objects, _: plain_changes.without_metadata(objects, "finalizers"),
    ),
    Deviation(
        "no-revisions",
        "revision annotations and ControllerRevisions are the operator's memory; version control is ours",
        lambda objects, _: plain_changes.without_revisions(objects),
    ),
    Deviation(
        "no-node-claims",
        "a NodeClaim is named after the clock and made by the operator as needed; with it goes the pin to nodes that "
        "only the operator labels",
        lambda objects, _: plain_changes.without_node_claims(objects),
    ),
    Deviation(
        "accelerator-label",
        "the operator labels the nodes of a pool accelerator=nvidia, which device plugins and monitoring select by",
        lambda objects, _: plain_changes.label_accelerators(objects),
    ),
    Deviation(
        "tuning-placement",
        "KAITO gives tuning pods neither the nvidia.com/gpu toleration nor the pin to their own nodes that inference "
        "pods have, so they may stay pending or take another workload's GPUs",
        lambda objects, _: plain_changes.place_tuning(objects),
    ),
    Deviation(
        "no-benchmark",
        "the start-up probe load-tests the model and only the operator reads the result",
        lambda objects, _: plain_changes.without_benchmark(objects),
    ),
    Deviation(
        "pull-secrets-once",
        "KAITO names a pull secret once for each adapter that needs it, and server-side apply refuses a list with an "
        "entry twice",
        lambda objects, _: plain_changes.pull_secrets_once(objects),
    ),
    Deviation(
        "typed-claims",
        "the API server adds apiVersion and kind to each claim of a set, which Argo CD takes for drift for ever under "
        "server-side apply",
        lambda objects, _: plain_changes.type_claims(objects),
    ),
    Deviation(
        "pinned-images",
        "a floating tag lets a helper image change under a running fleet",
        lambda objects, wishes: plain_changes.pin_images(objects, wishes.pinned),
    ),
    Deviation(
        "pinned-weights",
        "KAITO always downloads the main branch of a repository; a given commit makes the weights reproducible",
        lambda objects, wishes: plain_changes.pin_weights(objects, wishes.revisions),
    ),
    Deviation(
        "flux-interval",
        "an interval of zero makes Flux reconcile without pause; KAITO itself uses ten minutes for split models",
        lambda objects, _: plain_changes.slow_flux(objects),
    ),
)


def plain_objects(
    expansion: Expansion,
    *,
    parity: bool = False,
    benchmark: bool = False,
    revisions: Mapping[str, str] | None = None,
    without: Collection[str] = (),
) -> Objects:
    """The objects to apply in the operator's stead.

    Args:
        expansion: is not changed, and shares nothing with the result.
        parity: switch all deviations off; wins over the other arguments.
        benchmark: keep the start-up probe that load-tests the model.
        revisions: commit of the weights by repository id, as ``model`` names it in the command.
        without: ids of deviations to switch off.

    Raises:
        BadInput: an id is not that of a deviation.
    """
    objects: Objects = [plain_changes.copied(made) for made in expansion.objects]
    if parity:
        return objects
    off = {*without, *(("no-benchmark",) if benchmark else ())}
    if unknown := sorted(off - {deviation.id for deviation in DEVIATIONS}):
        raise BadInput(
            f"plain mode: {', '.join(unknown)} is no deviation that could be switched off; known ids: "
            f"{', '.join(deviation.id for deviation in DEVIATIONS)}"
        )
    lower = {repo.lower(): commit for repo, commit in (revisions or {}).items()}
    wishes = Wishes(lower, facts.load(expansion.version, "images.json")["pinned"])
    for deviation in DEVIATIONS:
        if deviation.id not in off:
            objects = deviation.apply(objects, wishes)
    return objects
