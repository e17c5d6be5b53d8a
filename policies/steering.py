"""ConfigMaps that steer a whole cluster or Argo CD, and which of their entries do.

Loaded only where there is such a ConfigMap. Entries that are known to be harmless pass: health checks in ``argocd-cm``,
a zone of one's own in ``coredns-custom``.
"""

import re
from collections.abc import Iterator, Mapping

from kaitops.policies import cel
from kaitops.policies.reading import at, mapping, text
from kaitops.policies.rule import Document, Found, Path

# In kube-system and kube-public: who signs in, whom the API server trusts, how nodes and the network are set up.
_OWNED = {
    "aws-auth": "says which identities of the cloud come in, and as whom",
    "extension-apiserver-authentication": "says whose certificates the API server and what extends it trust",
    "cluster-info": "says whom nodes trust when they join",
    "coredns": "is what resolves every name of the cluster",
    "node-local-dns": "is what resolves every name of the cluster",
    "cilium-config": "says whether network policies hold",
    "calico-config": "says whether network policies hold",
    "kube-proxy": "says how Services reach their pods",
    "kubelet-config": "says whom nodes let in and what they run",
    "kubeadm-config": "says how the control plane is set up",
}
_ROOT = "kube-root-ca.crt"
_OPTIONS = "has programs or files from outside taken into what is built"
# Settings of Argo CD by their key, or the beginning of it with a dot: what they do, unless the value is one of those.
_SETTINGS: Mapping[str, tuple[tuple[str, str, tuple[str, ...]], ...]] = {
    "argocd-cm": (
        ("kustomize.buildOptions.", _OPTIONS, ("", "--enable-helm")),
        ("kustomize.buildOptions", _OPTIONS, ("", "--enable-helm")),
        ("kustomize.path.", "has another program build what is deployed", ()),
        ("configManagementPlugins", "has commands make what is deployed", ()),
        ("helm.valuesFileSchemes", "has values fetched from elsewhere", ("", "http, https", "https, http", "https")),
        ("users.anonymous.enabled", "lets everybody in without a login", ("false",)),
        ("exec.enabled", "gives everybody who may see a pod a shell in it", ("false",)),
        ("accounts.", "makes an account of its own, or lets one in", ("false",)),
        ("dex.config", "says who may sign in", ("",)),
        ("oidc.config", "says who may sign in", ("",)),
    ),
    "argocd-rbac-cm": (
        ("policy.default", "is what everybody may who signs in", ("", "role:readonly")),
        ("policy.matchMode", "reads patterns where names were meant", ("", "glob")),
    ),
    "argocd-cmd-params-cm": (
        ("server.disable.auth", "makes everybody who reaches the server its administrator", ("false",)),
        ("repo.server", "has another server make what is deployed", ("argocd-repo-server:8081", "")),
        ("redis.server", "has another server keep what was made to be deployed", ("argocd-redis:6379", "")),
        ("dex.server", "has another server say who signs in", ("https://argocd-dex-server:5556", "")),
        ("server.dex.server", "has another server say who signs in", ("https://argocd-dex-server:5556", "")),
        ("reposerver.allow.oob.symlinks", "has links lead out of the repository", ("false",)),
        ("application.namespaces", "takes Applications from namespaces of others", ("", "argocd")),
        ("applicationsetcontroller.namespaces", "takes ApplicationSets from namespaces of others", ("", "argocd")),
    ),
}
_GRANT = re.compile(r"^\s*g\s*,\s*([^,]+?)\s*,\s*role:admin\s*$")
_ALLOW = re.compile(r"^\s*p\s*,\s*([^,]+?)\s*,\s*\*\s*,\s*\*\s*,[^,]*,\s*allow\s*$")
# The same for CEL, which takes no quotes out first: they may stand anywhere.
_BLANK, _END = "^\\s*", "\\s*$"
_GAP = r'[ \t\r"]*'
_GIVEN = (
    f"(?m)^{_GAP}(g{_GAP},{_GAP}[^,\\n]+,{_GAP}" + '"*'.join("role:admin") + f"{_GAP}$|"
    f"p{_GAP},{_GAP}[^,\\n]+,{_GAP}[*]{_GAP},{_GAP}[*]{_GAP},[^,\\n]*,{_GAP}" + '"*'.join("allow") + f"{_GAP}$)"
)
# What CoreDNS may be told for all names without changing what they mean.
_QUIET = frozenset({"log", "errors", "cache", "loadbalance", "health", "ready", "prometheus", "loop", "reload", "ttl"})
_CLUSTER_ZONE = "cluster.local"
# Where weights, images and tokens come from: who answers for those names hands them out.
_FETCHED = (
    "huggingface.co", "hf.co", "cdn-lfs.hf.co", "cas-bridge.xethub.hf.co", "mcr.microsoft.com",
    "eastus.data.mcr.microsoft.com", "ghcr.io", "registry-1.docker.io", "docker.io", "nvcr.io", "quay.io",
    "registry.k8s.io", "public.ecr.aws", "github.com", "raw.githubusercontent.com", "login.microsoftonline.com",
    "management.azure.com", "sts.amazonaws.com", "kaito-project.github.io", "pypi.org",
)  # fmt: skip
# Below these everybody has names of their own, of which a private zone is one's own affair.
_SHARED = ("azurecr.io", "blob.core.windows.net", "vault.azure.net", "azmk8s.io", "amazonaws.com")
_ODD = re.compile(r'["\\`$%]|\S[{}]|[{}]\S')
_PORT = re.compile(r":[0-9]+$")
_COMMENT = re.compile(r"(^|\s)#.*")


def found(name: str, place: str, document: Document) -> Found:
    """What a ConfigMap of a name and a namespace turns for everybody."""
    if name == _ROOT:
        yield ("metadata", "name"), "is whom every pod of the namespace trusts to be the API server"
    elif place in ("kube-system", "") and name == "coredns-custom":
        yield from _names(document)
    elif name in _SETTINGS:
        yield from _settings(name, document)
    elif name in _OWNED and place in ("kube-system", "kube-public", ""):
        yield ("metadata", "name"), f"{_OWNED[name]}, and what is here takes its place"


def _entries(document: Document) -> Iterator[tuple[Path, str, str]]:
    for part in ("data", "binaryData"):
        for key, value in mapping(at(document, part)).items():
            # What is written in another form is not read here, and counts as anything.
            yield (part, key), key, text(value) if part == "data" else "\0"


def _settings(name: str, document: Document) -> Found:
    for path, key, value in _entries(document):
        if name == "argocd-rbac-cm" and key.startswith("policy.") and key.endswith("csv"):
            yield from _policies(path, value)
            continue
        for start, effect, harmless in _SETTINGS[name]:
            if (key == start or (start[-1] == "." and key.startswith(start))) and value.strip() not in harmless:
                yield path, f"{key} {effect}"


def _policies(path: Path, value: str) -> Found:
    for line in value.replace('"', "").splitlines():
        given = _GRANT.match(line) or _ALLOW.match(line)
        if given:
            yield path, f"makes {given[1][:80]} an administrator of all that Argo CD deploys"
    if "\0" in value:
        yield path, "is written in a form that is not read here, and may make anybody an administrator"


def twin() -> str:
    """The same in CEL for the settings of Argo CD.

    Of the rest core CEL cannot tell: a Corefile is read by its braces, and what is the cluster's own stands in
    namespaces that policies leave out, or is written there by its controllers.
    """
    parts = (_twin_of("data", "object.data[k]"), _twin_of("binaryData", ""))
    return " && ".join(cel.unless(f"object.{part}", expression) for part, expression in parts)


def _twin_of(part: str, value: str) -> tuple[str, str]:
    named = [_of_settings(name, value) for name in _SETTINGS]
    return part, f"object.{part}.all(k, {' && '.join(named)})"


def _of_settings(name: str, value: str) -> str:
    """No entry of a ConfigMap of a name is one that steers; without a value every one of the keys is."""
    tests: list[str] = []
    for start, _, harmless in _SETTINGS[name]:
        key = cel.quoted(start)
        asked = f"(k == {key} || k.startsWith({key}))" if start[-1] == "." else f"(k == {key})"
        words = "|".join(map(re.escape, harmless))
        fine = f" || {value}.matches({cel.quoted(_BLANK + f'({words})' + _END)})" if value and harmless else ""
        tests.append(f"(!{asked}{fine})")
    if name == "argocd-rbac-cm":
        fine = f" || !{value}.matches({cel.quoted(_GIVEN)})" if value else ""
        tests.append(f"(!(k.startsWith('policy.') && k.endsWith('csv')){fine})")
    return f"(object.metadata.name != {cel.quoted(name)} || ({' && '.join(tests)}))"


def _names(document: Document) -> Found:
    for path, key, value in _entries(document):
        if not key.endswith((".server", ".override")):
            continue  # CoreDNS reads it only where a zone says so, for that zone
        lines = list(_outer(value))
        if any(_ODD.search(_COMMENT.sub("", line)) for line in value.splitlines()) or "\0" in value:
            yield path, "is written in a form that is not read here, and may answer for any name"
        elif key.endswith(".server"):
            zones = [zone for line in lines for zone in line.partition("{")[0].replace(",", " ").split()]
            yield from ((path, f"answers for {problem}") for zone in zones if (problem := _taken(zone)))
        elif more := sorted({line.split()[0] for line in lines} - _QUIET):
            yield path, f"changes by {more[0][:40]} what is answered for every name"


def _outer(value: str) -> Iterator[str]:
    """The lines of a Corefile that stand in no braces."""
    depth = 0
    for raw in value.splitlines():
        line = _COMMENT.sub("", raw).strip()
        if line and depth <= 0:
            yield line
        words = line.split()
        depth += words.count("{") - words.count("}")


def _taken(zone: str) -> str:
    """What of others a zone holds; nothing where it is one's own."""
    name = _PORT.sub("", zone.partition("://")[2] or zone).rstrip(".").lower()
    if not name:
        return "every name"
    if name == "import" or re.search(r"[^a-z0-9_.-]", name):
        return f"zones that are not known here, by {zone[:60]}"
    if name == _CLUSTER_ZONE or name.endswith(f".{_CLUSTER_ZONE}") or _CLUSTER_ZONE.endswith(f".{name}"):
        return f"the cluster's own names, by {name}"
    for host in (*_FETCHED, *_SHARED):
        if f".{host}".endswith(f".{name}") or (host in _FETCHED and name.endswith(f".{host}")):
            return f"{host}, from where models, images or tokens come"
    return ""
