"""What an object refers to by name: Secrets, ConfigMaps, claims, service accounts, storage classes.

Reads plain documents of KAITO's kinds by their anatomy, and the pods of Kubernetes' own. Whether the target exists, and
whether it matters, is for the caller.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from kaitops.documents import pods
from kaitops.documents.plain import MutableObject, Object, Path, at, items, mapping
from kaitops.documents.ref import DEFAULT, Local, namespace_of
from kaitops.kaito import facts
from kaitops.kaito.anatomy import POD, REFERENCES, VOLUME, Named, paths
from kaitops.kaito.kubernetes.cluster import is_cluster_scoped


class Reference(NamedTuple):
    """A reference to another object.

    Attributes:
        namespace: empty for cluster-scoped kinds.
        key: the entry that must be in it, where one is named.
        path: where the reference stands.
        optional: the pod starts without it.
    """

    kind: str
    namespace: str
    name: str
    path: Path
    key: str | None = None
    optional: bool = False

    @property
    def target(self) -> Local:
        """What is named."""
        return self.kind, self.namespace or DEFAULT, self.name

    def __str__(self) -> str:
        where = f"{self.namespace}/{self.name}" if self.namespace else self.name
        return f"{self.kind} {where}" + (f" with key {self.key}" if self.key else "")


def references(document: Object) -> list[Reference]:
    """All references of an object, in the order of its fields."""
    return list(_read(document))


def stand_ins(document: Object, referred: Sequence[Reference] | None = None) -> list[MutableObject]:
    """Objects without content that KAITO asks for before it goes on: Secrets, and the default guardrails policy.

    For working out what it makes of an object where these are promised to be in the cluster.

    Args:
        referred: its references, where they were read already.
    """
    if referred is None:
        referred = references(document)
    found = [_empty("Secret", one.namespace, one.name, one.key) for one in referred if one.kind == "Secret"]
    guardrails = at(document, "spec", "guardrails") if document.get("kind") == "RAGEngine" else None
    if at(guardrails, "enabled") and not at(guardrails, "configMapRef", "name"):
        rag = facts.load(facts.newest(), "controller.json")["rag"]
        namespace = namespace_of(document)
        found.append(_empty("ConfigMap", namespace, rag["guardrails_template"], rag["guardrails_key"]))
    return found


def _empty(kind: str, namespace: str, name: str, key: str | None) -> MutableObject:
    metadata = {"name": name, "namespace": namespace}
    return {"apiVersion": "v1", "kind": kind, "metadata": metadata, "data": {key: ""} if key else {}}


# What a listener reads of a certificate, and by which notes cert-manager makes one.
_CERTIFICATE = ("tls.crt", "tls.key")
_ASKING = frozenset(("cert-manager.io/issuer", "cert-manager.io/cluster-issuer", "kubernetes.io/tls-acme"))
_TERMINATING: Mapping[str, str] = {"Ingress": "networking.k8s.io/", "Gateway": "gateway.networking.k8s.io/"}
Spaces = Callable[[], Mapping[str, Object | None]]
"""The namespaces that a tree names, each with the object that declares it where one does."""


def secrets_made(document: Object, spaces: Spaces) -> Iterator[tuple[str, str, frozenset[str] | None]]:
    """Secrets that a controller makes of an object: namespace, name, and keys where the object says all of them.

    Understands ExternalSecret and ClusterExternalSecret, SealedSecret, SecretProviderClass and cert-manager's
    Certificate, which an Ingress or a Gateway with a note to it is as well.

    Args:
        spaces: asked by what makes Secrets in the namespaces that it selects.
    """
    kind, metadata = document["kind"], document["metadata"]
    namespace = namespace_of(document)
    spec = document.get("spec")
    if kind == "ExternalSecret":
        yield namespace, *_external(spec, metadata["name"])
    elif kind == "ClusterExternalSecret":
        inner = at(spec, "externalSecretSpec")
        name, keys = _external(inner, at(spec, "externalSecretName") or metadata["name"])
        for namespace in _selected(spec, spaces()):
            yield namespace, name, keys
    elif kind == "SealedSecret":
        made = frozenset(mapping(at(spec, "encryptedData"))) | frozenset(mapping(at(spec, "template", "data")))
        # Whatever name the template has, the controller gives its own.
        yield namespace, metadata["name"], made
    elif kind == "SecretProviderClass":
        for each in items(at(spec, "secretObjects")):
            keys = frozenset(str(at(one, "key")) for one in items(at(each, "data")))
            yield namespace, str(at(each, "secretName")), keys
    elif kind == "Certificate" and isinstance(at(spec, "secretName"), str):
        more = at(spec, "additionalOutputFormats") or at(spec, "keystores")
        yield namespace, at(spec, "secretName"), None if more else frozenset((*_CERTIFICATE, "ca.crt"))
    elif kind in _TERMINATING and not _ASKING.isdisjoint(mapping(metadata.get("annotations"))):
        yield from ((one.namespace, one.name, frozenset(_CERTIFICATE)) for one in _certificates(document, namespace))


def _external(spec: object, name: str) -> tuple[str, frozenset[str] | None]:
    """Name and keys of the Secret of an ExternalSecret."""
    keys = frozenset(str(at(each, "secretKey")) for each in items(at(spec, "data")))
    template = mapping(at(spec, "target", "template"))
    # What a template writes takes the place of what was fetched.
    whole = template.get("mergePolicy") in (None, "Replace") and not template.get("templateFrom")
    if template.get("data") and whole:
        return str(at(spec, "target", "name") or name), frozenset(mapping(template["data"]))
    open_ended = at(spec, "dataFrom") or template.get("data") or template.get("templateFrom")
    return str(at(spec, "target", "name") or name), None if open_ended else keys


def _selected(spec: object, spaces: Mapping[str, Object | None]) -> Iterator[str]:
    """The namespaces in which a ClusterExternalSecret makes one: named, or taken by a selector."""
    from kaitops.documents.selectors import selects_namespace

    yield from (one for one in items(at(spec, "namespaces")) if isinstance(one, str))
    selectors = [at(spec, "namespaceSelector"), *items(at(spec, "namespaceSelectors"))]
    for held in (mapping(one) for one in selectors if one is not None):
        yield from (name for name, declared in spaces.items() if selects_namespace(held, name, declared))


def _read(document: Object) -> Iterator[Reference]:
    kind, own = document["kind"], namespace_of(document)
    for named in REFERENCES.get(kind, ()):
        # Most objects have one of several parts.
        if named.path[0] not in document:
            continue
        for path in paths(document, named.path):
            value = at(document, *path)
            if named.kind == POD:
                yield from _pod(value, own, path)
            elif named.kind == VOLUME:
                yield from _volume(value, own, path)
            elif isinstance(value, str) and value:
                yield Reference(named.kind, _namespace(document, named, own), value, path, named.key)
    if kind == "ServiceAccount":
        # Its pods are pulled with them, whoever declares those.
        for number, entry in enumerate(items(document.get("imagePullSecrets"))):
            yield from _held("Secret", entry, "name", own, ("imagePullSecrets", number))
    template = pods.BY_KIND.get(kind)
    if template is not None:
        yield from _pod(at(document, *template), own, template)
    elif kind in _TERMINATING:
        for one in _certificates(document, own):
            yield from (one._replace(key=key) for key in _CERTIFICATE)


def _certificates(document: Object, own: str) -> Iterator[Reference]:
    """The Secrets by which an Ingress or the listeners of a Gateway answer over TLS."""
    kind, spec = document["kind"], mapping(document.get("spec"))
    if not document["apiVersion"].startswith(_TERMINATING[kind]):
        return
    if kind == "Ingress":
        for number, one in enumerate(items(spec.get("tls"))):
            yield from _held("Secret", one, "secretName", own, ("spec", "tls", number))
        return
    for number, listener in enumerate(items(spec.get("listeners"))):
        for place, one in enumerate(items(at(listener, "tls", "certificateRefs"))):
            if at(one, "kind") in (None, "Secret") and at(one, "group") in (None, ""):
                space = at(one, "namespace")
                path = ("spec", "listeners", number, "tls", "certificateRefs", place)
                yield from _held("Secret", one, "name", space if isinstance(space, str) and space else own, path)


def _namespace(document: Object, named: Named, own: str) -> str:
    if is_cluster_scoped(named.kind):
        return ""
    found = (at(document, *path) for path in named.namespaces)
    return next((name for name in found if name and isinstance(name, str)), own)


def _pod(template: object, namespace: str, path: Path) -> Iterator[Reference]:
    spec = at(template, "spec")
    where: Path = (*path, "spec")
    account = at(spec, "serviceAccountName")
    if isinstance(account, str) and account not in ("", "default"):
        yield Reference("ServiceAccount", namespace, account, (*where, "serviceAccountName"))
    for number, entry in enumerate(items(at(spec, "imagePullSecrets"))):
        yield from _held("Secret", entry, "name", namespace, (*where, "imagePullSecrets", number))
    for part in pods.PARTS:
        for number, container in enumerate(items(at(spec, part))):
            yield from _environment(container, namespace, (*where, part, number))
            yield from _single(spec, container, namespace, (*where, part, number))
    for number, volume in enumerate(items(at(spec, "volumes"))):
        yield from _volume(volume, namespace, (*where, "volumes", number))


def _single(spec: object, container: object, namespace: str, path: Path) -> Iterator[Reference]:
    """Files that are mounted one by one: where the key is not, an empty folder takes the place of the file."""
    mounts = items(at(container, "volumeMounts"))
    named = {at(one, "name"): one for one in items(at(spec, "volumes"))} if mounts else {}
    for number, mount in enumerate(mounts):
        key, volume = at(mount, "subPath"), named.get(at(mount, "name"))
        if not isinstance(key, str) or key in ("", ".") or "/" in key:
            continue
        for field, kind, name in (("configMap", "ConfigMap", "name"), ("secret", "Secret", "secretName")):
            held = at(volume, field)
            # Of items the volume has other names.
            for one in _held(kind, held, name, namespace, path) if not at(held, "items") else ():
                yield one._replace(key=key, path=(*path, "volumeMounts", number, "subPath"))


def _environment(container: object, namespace: str, path: Path) -> Iterator[Reference]:
    for number, source in enumerate(items(at(container, "envFrom"))):
        for field, kind in (("secretRef", "Secret"), ("configMapRef", "ConfigMap")):
            yield from _held(kind, at(source, field), "name", namespace, (*path, "envFrom", number, field))
    for number, variable in enumerate(items(at(container, "env"))):
        for source, kind in (("secretKeyRef", "Secret"), ("configMapKeyRef", "ConfigMap")):
            target = at(variable, "valueFrom", source)
            name = at(target, "name")
            if isinstance(name, str):
                where = (*path, "env", number, "valueFrom", source)
                yield Reference(kind, namespace, name, where, at(target, "key"), at(target, "optional") is True)


def _volume(volume: Any, namespace: str, path: Path) -> Iterator[Reference]:
    claim = at(volume, "persistentVolumeClaim", "claimName")
    if isinstance(claim, str):
        yield Reference("PersistentVolumeClaim", namespace, claim, (*path, "persistentVolumeClaim", "claimName"))
    yield from _files(volume, "secretName", namespace, path)
    for number, source in enumerate(items(at(volume, "projected", "sources"))):
        yield from _files(source, "name", namespace, (*path, "projected", "sources", number))
    login = at(volume, "csi", "nodePublishSecretRef")
    yield from _held("Secret", login, "name", namespace, (*path, "csi", "nodePublishSecretRef"))


def _files(source: object, secret: str, namespace: str, path: Path) -> Iterator[Reference]:
    """What a ConfigMap or Secret gives to a volume: all of it, or entries that must be there."""
    for field, kind, name in (("configMap", "ConfigMap", "name"), ("secret", "Secret", secret)):
        held = at(source, field)
        for one in _held(kind, held, name, namespace, (*path, field)):
            yield one
            for number, entry in enumerate(items(at(held, "items"))):
                key = at(entry, "key")
                if isinstance(key, str):
                    yield one._replace(key=key, path=(*path, field, "items", number, "key"))


def _held(kind: str, held: object, field: str, namespace: str, path: Path) -> Iterator[Reference]:
    name = at(held, field)
    if isinstance(name, str) and name:
        yield Reference(kind, namespace, name, (*path, field), None, at(held, "optional") is True)
