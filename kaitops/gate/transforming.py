"""Objects that tell Argo CD or Flux to change what they deploy, or to leave it out: what comes of it was not judged.

Owns which of their fields and annotations do. Where such an object finds its manifests is for ``following``.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from kaitops.documents import applications, pods
from kaitops.documents.plain import Object, Path, at, items, mapping, raw

FLUX = "kustomize.toolkit.fluxcd.io"
FLUX_FIELDS = ("patches", "patchesStrategicMerge", "patchesJson6902", "images", "components", "postBuild", "namePrefix",
         "nameSuffix", "commonMetadata", "targetNamespace")  # fmt: skip
_SOURCE: tuple[Path, ...] = (("kustomize",), ("plugin",), ("directory", "jsonnet"), ("directory", "include"),
                             ("directory", "exclude"))  # fmt: skip
# Which version of a tool builds it changes no object by itself.
_HARMLESS = {"version"}
# What Argo CD deploys once instead of what the object says, and what it writes into a branch and deploys from there.
_HYDRATOR = "sourceHydrator"
_INSTEAD: tuple[Path, ...] = (("operation",), ("spec", _HYDRATOR), ("spec", "template", "spec", _HYDRATOR))
# What Flux lays over a source, or leaves out of it.
_FETCHED = ("include", "ignore", "sparseCheckout")
# Who leaves an object out for an annotation that holds this word, in any value but "false".
_LEFT_OUT: Mapping[str, tuple[str, str]] = {
    "config.kubernetes.io/local-config": ("kustomize", ""),
    "argocd.argoproj.io/hook": ("Argo CD", "Skip"),
    f"{FLUX}/reconcile": ("Flux", "disabled"),
    f"{FLUX}/ssa": ("Flux", "Ignore"),
}
_HOOKS = ("argocd.argoproj.io/hook", "helm.sh/hook")
# The phases of Argo CD and Helm that every deployment has.
_PHASES = frozenset(
    ("presync", "sync", "postsync", "pre-install", "post-install", "pre-upgrade", "post-upgrade", "crd-install")
)
_GONE = ("argocd.argoproj.io/hook-delete-policy", "helm.sh/hook-delete-policy")
_SUCCEEDED = frozenset({"hooksucceeded", "hook-succeeded"})
# What runs once, and what that needs: these may be there for a moment, or on deletion only.
_PASSING = frozenset(
    {"Job", "Pod", "CronJob", "ConfigMap", "Secret", "ServiceAccount", "Role", "RoleBinding", "ClusterRole",
     "ClusterRoleBinding", "Workflow"}
)  # fmt: skip
# What has another program take the object for others that it holds.
_UNPACKED = {"kubernetes-fleet.io/envelope-configmap": "KubeFleet"}
_VARIABLE = r"\$\{[A-Za-z_][^}\n]*\}?"
# What shells and programs read, which have variables of the same form.
_SHELLS = ("command", "args", "env", "annotations")
DEPLOYING = frozenset({*applications.SPECS, "Kustomization"})
"""The kinds that tell Argo CD or Flux to deploy a folder, which may be read file by file."""


REFERRING = frozenset({*DEPLOYING, "HelmRelease", "HelmChart"})
"""The kinds by which Argo CD or Flux refer to objects of their own."""


def is_steering(key: str) -> bool:
    """Whether an annotation or label is of those by which Argo CD and Flux are told of an object, or a slip of one."""
    return "argocd." in key or "toolkit." in key


def problems(document: Object) -> Iterator[tuple[Path, str]]:
    """Path and message of each field that changes objects after they were judged, or keeps them from the cluster."""
    notes = at(document, "metadata", "annotations")
    for key, value in mapping(notes).items() if notes else ():
        tool, word = _LEFT_OUT.get(key, ("", ""))
        if tool and value != "false" and word.lower() in str(value).lower():
            text = (
                f"{key} has {tool} leave the object out, so what needs it was judged as if it were there; drop the "
                "annotation, or the object"
            )
            yield ("metadata", "annotations", key), text
        if key in _UNPACKED and value != "false":
            text = (
                f"{key} has {_UNPACKED[key]} apply the objects that its data holds, which were judged as text; write "
                "them as objects of their own"
            )
            yield ("metadata", "annotations", key), text
    yield from _for_a_moment(document, mapping(notes) if notes else {})
    if at(document, "metadata", "ownerReferences"):
        text = (
            "ownerReferences names owners by uid, which no file can know: the cluster deletes the object as soon as it "
            "finds no such owner, so what it keeps was not judged; drop them"
        )
        yield ("metadata", "ownerReferences"), text
    group, _, _ = str(document.get("apiVersion")).partition("/")
    kind = str(document.get("kind"))
    if group == applications.GROUP:
        for path in _in_sources(document):
            yield path, _message("Argo CD", path)
        for path in _INSTEAD if kind in applications.SPECS else ():
            if at(document, *path):
                yield path, _message("Argo CD", path)
        if kind == "ApplicationSet" and at(document, "spec", "templatePatch"):
            yield ("spec", "templatePatch"), _message("Argo CD", ("templatePatch",))
        for path in applications.own_templates(document):
            yield path, _message("Argo CD", path)
    elif group == FLUX and kind == "Kustomization":
        for key in FLUX_FIELDS:
            if at(document, "spec", key):
                yield ("spec", key), _message("Flux", (key,))
    elif group == "kaito.sh":
        if b"${" in raw(document):
            yield from _variables(document, ())
    elif kind in pods.BY_KIND:
        if b"${" in raw(document):
            yield from _images(document, pods.BY_KIND[kind])
    elif group == "source.toolkit.fluxcd.io":
        for key in _FETCHED:
            if at(document, "spec", key):
                yield ("spec", key), _message("Flux", (key,))
    elif group == "external-secrets.io":
        for path in (("spec", "target", "manifest"), ("spec", "externalSecretSpec", "target", "manifest")):
            if at(document, *path):
                text = (
                    "manifest has External Secrets make an object of any kind from values that nobody sees, which was "
                    "not judged; let it make a Secret, and declare the object"
                )
                yield path, text
    elif group == "helm.toolkit.fluxcd.io" and at(document, "spec", "postRenderers"):
        yield ("spec", "postRenderers"), _message("Flux", ("postRenderers",))


def _for_a_moment(document: Object, notes: Object) -> Iterator[tuple[Path, str]]:
    """A hook that no deployment has, or that is deleted once it succeeded: nothing that needs it finds it."""
    if str(document.get("kind")) in _PASSING:
        return
    for hook, gone in zip(_HOOKS, _GONE, strict=True):
        if hook not in notes:
            continue
        if _PHASES.isdisjoint(_words(notes[hook])):
            text = "makes it part of no ordinary deployment"
            key = hook
        elif not _SUCCEEDED.isdisjoint(_words(notes.get(gone))):
            text = "has it deleted as soon as it is there"
            key = gone
        else:
            continue
        text = f"{key} {text}, so what needs it was judged as if it stayed; drop the annotation, or the object"
        yield ("metadata", "annotations", key), text


def _words(value: object) -> list[str]:
    return [word.strip().lower() for word in str(value).split(",")]


def _images(document: Object, template: Path) -> Iterator[tuple[Path, str]]:
    """Images that a variable is part of: the server takes any text for one. Of other fields its rules of pods speak."""
    for part in pods.PARTS:
        path: Path = (*template, "spec", part)
        for number, one in enumerate(items(at(document, *path))):
            yield from _variables(mapping(one).get("image"), (*path, number, "image"))


def _variables(node: Any, path: Path) -> Iterator[tuple[Path, str]]:
    """What Flux or another tool puts a value in for."""
    if isinstance(node, str):
        if "${" in node and (found := re.search(_VARIABLE, node)):
            text = (
                f"{found[0][:60]} has no value in the tree, so what the cluster gets was not judged; name a Flux "
                "Kustomization that substitutes it, or write the value"
            )
            yield path, text
    elif isinstance(node, dict):
        for key, value in mapping(node).items():
            if key not in _SHELLS and value:
                yield from _variables(value, (*path, key))
    elif isinstance(node, list):
        for number, value in enumerate(items(node)):
            yield from _variables(value, (*path, number))


def _in_sources(document: Object) -> Iterator[Path]:
    for where, source in applications.sources(document):
        for path in _SOURCE:
            value = at(source, *path)
            if value and not (isinstance(value, dict) and set(mapping(value)) <= _HARMLESS):
                yield (*where, *path)


def _message(tool: str, path: Path) -> str:
    return (
        f"{path[-1]} lets {tool} change or choose objects after they are judged, so what the cluster gets was not "
        "judged; commit what it makes, or keep the change in the manifests"
    )
