"""What applies a tree: a row for each engine, with what the rest of the house asks of it.

A further engine is a row here, its name in the schema, and a module of ``kaitops.gitops`` that makes its objects.
"""

from collections.abc import Mapping
from typing import NamedTuple


class Engine(NamedTuple):
    """What differs from engine to engine.

    Attributes:
        namespace: where it runs unless the fleet says otherwise.
        keeping: annotation by which an object stays when it leaves the tree, and its value.
        folds: that value counts in large and in small letters.
        wave: annotation of the order in which objects are applied; empty where the engine has none.
        job: annotations of a Job that asks an endpoint after each change.
        after: it runs such a Job once all else is healthy, and makes it anew under one name.
        addressed: it is told nothing where the fleet does not say where the tree lies.
        adding: first step around an edit that is refused; ``old``, ``guard`` and ``file`` are put in.
        letting_go: the last one.
    """

    namespace: str
    keeping: tuple[str, str]
    folds: bool
    wave: str
    job: Mapping[str, str]
    after: bool
    addressed: bool
    adding: str
    letting_go: str


ENGINES: Mapping[str, Engine] = {
    "argocd": Engine(
        namespace="argocd",
        keeping=("argocd.argoproj.io/sync-options", "Prune=false"),
        folds=False,
        wave="argocd.argoproj.io/sync-wave",
        # A Job that succeeded must not be there at the next sync: Argo CD looks at a copy that is up to 100 ms old, so
        # that where it makes the Job anew at once it may take the verdict of the one before for the new one's. One that
        # failed is kept for its log; what it may cost is a sync that fails once more and is tried again.
        job={
            "argocd.argoproj.io/hook": "PostSync",
            "argocd.argoproj.io/hook-delete-policy": "BeforeHookCreation,HookSucceeded",
        },
        after=True,
        addressed=True,
        adding=(
            "Put `{old}` back as it was, annotated {guard}, so that Argo CD keeps it whatever else changes. Add "
            "`{file}`; its sync wave is one after the old object's, so it is applied once the old one is healthy. "
            "Commit and sync."
        ),
        letting_go=(
            "Remove {guard} from `{old}` and sync, then remove its manifest and sync with pruning: only now Argo CD "
            "deletes it."
        ),
    ),
    "flux": Engine(
        namespace="flux-system",
        keeping=("kustomize.toolkit.fluxcd.io/prune", "disabled"),
        folds=True,
        wave="",
        # A digest that was recorded anew changes the image and not the name.
        job={"kustomize.toolkit.fluxcd.io/force": "enabled"},
        after=False,
        addressed=False,
        adding=(
            "Put `{old}` back as it was, annotated {guard}, so that Flux keeps it when it leaves the tree. Add "
            "`{file}` in a Kustomization whose `dependsOn` names the one that holds `{old}`, with `wait: true`. Commit "
            "and reconcile."
        ),
        letting_go=(
            "Remove {guard} from `{old}` and reconcile, then remove its manifest and reconcile: only now Flux deletes "
            "it."
        ),
    ),
}
