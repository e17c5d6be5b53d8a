"""What Argo CD and Flux are told at an object itself, by keys and words that they do not know."""

from tests.gate.mended import Case, edited
from tests.gate.objects import WORKSPACE

_SYNC, _APPLIED = "argocd.argoproj.io", "kustomize.toolkit.fluxcd.io"


def _noted(annotations: str) -> str:
    return WORKSPACE.replace("  namespace: team\n", f"  namespace: team\n  annotations: {{{annotations}}}\n", 1)


# Workspaces that are hooks are another fault.
_HOOK = f"""\
apiVersion: v1
kind: ConfigMap
metadata: {{name: seed, namespace: team, annotations: {{{_SYNC}/hook: PostSync, {_SYNC}/hook-delete-policy: "HookFailed,HookSucceeded"}}}}
data: {{a: b}}
"""
_OPTIONS = _noted(f'{_SYNC}/sync-options: "Prune=false, ServerSideApply=true"')
_KEPT = _noted(f"{_APPLIED}/prune: disabled")
_SET = """\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: fleet, namespace: argocd}
spec:
  goTemplate: true
  generators: [{list: {elements: [{cluster: dev, url: "https://dev"}, {cluster: prod, url: "https://prod"}]}}]
  template:
    metadata: {name: "models-{{.cluster}}"}
    spec:
      project: default
      source: {repoURL: "https://github.com/contoso/fleet.git", path: models, targetRevision: v1.0.0}
      destination: {server: "{{.url}}", namespace: team}
"""
CASES: dict[str, Case] = {
    "an option of an object by a slip": edited(_OPTIONS, "Prunee=false", "Prune=false", "which is no option", "meant is Prune?"),
    "an option in large letters": edited(_OPTIONS, "Prune=False", "Prune=false", "only small letters count", "write Prune=false"),
    "a value of an option by a slip": edited(_OPTIONS, "Prune=fasle", "Prune=false", "write Prune=false"),
    "a value that the option has not": edited(_OPTIONS, "ServerSideApply=confirm", "ServerSideApply=true", "its values: true, false"),
    "a key of Argo CD by a slip": edited(_OPTIONS, f"{_SYNC}/sync-option:", f"{_SYNC}/sync-options:", f"meant is {_SYNC}/sync-options?"),
    "a domain of Argo CD by a slip": edited(_OPTIONS, "argocd.argoprj.io/", f"{_SYNC}/", f"meant is {_SYNC}/sync-options?"),
    "a wave that is no number": edited(_noted(f'{_SYNC}/sync-wave: "-1"'), '"first"', '"-1"', "so wave 0 counts"),
    "a phase that there is not": edited(_HOOK, "AfterSync", "PostSync", "is of no phase and is never applied", "known: PreSync"),
    "a phase in small letters": edited(_HOOK, "postsync", "PostSync", "write PostSync"),
    "an end of a hook by a slip": edited(_HOOK, "HookSuccess", "HookSucceeded", "write HookSucceeded"
    ),
    "a word of Flux by a slip": edited(_KEPT, "disable}", "disabled}", "so Flux deletes the object when it leaves the tree", "write disabled"),
    "a word that Flux does not look for": edited(_KEPT, '"false"}', "disabled}", "is false, which is not disabled"),
    "a key of another controller": edited(_KEPT, "helm.toolkit.fluxcd.io/prune", f"{_APPLIED}/prune", f"meant is {_APPLIED}/prune?"),
    "a key of Flux by a slip": edited(_KEPT, f"{_APPLIED}/prunes", f"{_APPLIED}/prune", f"meant is {_APPLIED}/prune?"),
    "a way of applying that there is not": edited(_noted(f"{_APPLIED}/ssa: IfNotPresent"), "IfNotThere", "IfNotPresent", "so Flux overrides what others set"),
    "two elements of one name": edited(_SET, "{cluster: dev, url: \"https://prod\"}", "{cluster: prod, url: \"https://prod\"}", "makes an Application models-dev, as an element before it does"),
}  # fmt: skip
FINE: dict[str, str] = {
    "options of Argo CD": _OPTIONS,
    "deletion that somebody confirms": _OPTIONS.replace("Prune=false", "Prune=confirm,Delete=confirm"),
    "an option that nobody knows": _OPTIONS.replace("Prune=false", "Careful=true"),
    "a wave": _noted(f'{_SYNC}/sync-wave: "+5"'),
    "a word of Flux in large letters": _KEPT.replace("disabled}", "Disabled}"),
    "what Flux does anyway": _KEPT.replace("disabled}", "enabled}"),
    "another key of the domain": _noted(f"{_SYNC}/team: models"),
    "keys of other controllers": _noted("notifications.argoproj.io/subscribe: x, reconcile.fluxcd.io/requestedAt: now"),
    "elements of names of their own": _SET,
    "elements whose names are of more than they say": _SET.replace("cluster: prod,", "cluster: dev,").replace('"models-{{.cluster}}"', '"models-{{.cluster}}-{{ .url | trunc 12 }}"'),
}  # fmt: skip
