"""The kinds beyond Kubernetes' own that the objects under test need, as CustomResourceDefinitions.

Owns where the definitions come from at test time; none is kept in the repository, they are other people's. KAITO's
are made from the facts of its version; Karpenter's, Flux's, Argo CD's and a few more from their Go
modules, fetched only when an object of the group is about to be applied. What has no published module is defined here
without a schema, and named in `UNCHECKED`. Does not talk to a server.
"""

import json
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests import definitions as kaito
from tests.e2e.gobuild import AssetsMissing, build_environment, cache_root, go, locked
from tests.version import KAITO

KAITO_VERSION = KAITO
KAITO_GROUP = "kaito.sh"
GENERATOR = "sigs.k8s.io/controller-tools/cmd/controller-gen@v0.20.0"
DOWNLOAD_SECONDS = 600.0


class SourceMissing(Exception):
    """Definitions cannot be had here."""


@dataclass(frozen=True)
class Module:
    """A published Go module that holds definitions.

    Attributes:
        path: of the module.
        version: pinned; for Karpenter the first minor version in which a NodePool has `spec.replicas`.
        files: where the definitions lie in it; for `types`, the package of Go types to generate them from.
        types: it holds the types only.
    """

    path: str
    version: str
    files: str
    types: bool = False


MODULES = {
    "karpenter.sh": Module("sigs.k8s.io/karpenter", "v1.9.0", "pkg/apis/crds/karpenter.sh_*.yaml"),
    "source.toolkit.fluxcd.io": Module("github.com/fluxcd/source-controller", "v1.9.6", "config/crd/bases/*.yaml"),
    "kustomize.toolkit.fluxcd.io": Module(
        "github.com/fluxcd/kustomize-controller", "v1.9.5", "config/crd/bases/*.yaml"
    ),
    # The controller's own module is not published, the one with its types is.
    "helm.toolkit.fluxcd.io": Module("github.com/fluxcd/helm-controller/api", "v1.6.4", "./v2", types=True),
    "notification.toolkit.fluxcd.io": Module(
        "github.com/fluxcd/notification-controller/api", "v1.9.0", "./...", types=True
    ),
    "argoproj.io": Module("github.com/argoproj/argo-cd/v3", "v3.2.11", "manifests/crds/*-crd.yaml"),
    "keda.sh": Module("github.com/kedacore/keda/v2", "v2.18.3", "config/crd/bases/keda.sh_*.yaml"),
    "inference.networking.k8s.io": Module(
        "sigs.k8s.io/gateway-api-inference-extension",
        "v1.3.0",
        "config/crd/bases/inference.networking.k8s.io_*.yaml",
    ),
    "gateway.networking.k8s.io": Module("sigs.k8s.io/gateway-api", "v1.5.0", "config/crd/standard/*.yaml"),
    "cert-manager.io": Module("github.com/cert-manager/cert-manager", "v1.20.0", "deploy/crds/cert-manager.io_*.yaml"),
    "monitoring.coreos.com": Module(
        "github.com/prometheus-operator/prometheus-operator", "v0.85.0", "example/prometheus-operator-crd/*.yaml"
    ),
}

UNCHECKED: Mapping[str, tuple[tuple[str, str, bool, tuple[str, ...]], ...]] = {
    # group: (kind, plural, namespaced, versions)
    "karpenter.azure.com": (("AKSNodeClass", "aksnodeclasses", False, ("v1beta1", "v1alpha2")),),
    "azmonitoring.coreos.com": (("PodMonitor", "podmonitors", True, ("v1",)),),
}
"""Kinds of groups without a published module: the server takes them, and checks nothing but name and metadata."""


def group_of(obj: Mapping[str, Any]) -> str:
    """The API group of an object; empty for the core."""
    group, separator, _ = str(obj["apiVersion"]).partition("/")
    return group if separator else ""


def known(group: str) -> bool:
    """Whether `definitions` has an answer for the group."""
    return group == KAITO_GROUP or group in MODULES or group in UNCHECKED


def built_in(group: str) -> bool:
    """Whether the API server has the group by itself."""
    return "." not in group or (group.endswith(".k8s.io") and not known(group))


@cache
def definitions(group: str) -> tuple[dict[str, Any], ...]:
    """The definitions of a group.

    Raises:
        SourceMissing: there are none to be had.
    """
    if group == KAITO_GROUP:
        return tuple(kaito.definitions(KAITO_VERSION))
    if group in UNCHECKED:
        return tuple(_without_schema(group, *kind) for kind in UNCHECKED[group])
    if group not in MODULES:
        raise SourceMissing(f"no source of definitions is known for the group {group}")
    module = MODULES[group]
    directory = _module_directory(module)
    files = _generated(module, directory).glob("*.yaml") if module.types else directory.glob(module.files)
    found = _read(files)
    if not found:
        raise SourceMissing(f"{module.path}@{module.version} holds no definitions at {module.files}")
    return found


# The definitions are some ten thousand lines each, and libyaml reads them ten times as fast.
_Fast: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Fast):
    """Reads a bare equals sign as text: to YAML 1.1 it is something else, to its authors an operator."""


_Loader.add_constructor("tag:yaml.org,2002:value", yaml.SafeLoader.construct_yaml_str)


def _read(paths: Iterable[Path]) -> tuple[dict[str, Any], ...]:
    documents = (doc for path in sorted(paths) for doc in yaml.load_all(path.read_text(), _Loader))
    return tuple(doc for doc in documents if doc and doc.get("kind") == "CustomResourceDefinition")


def _run_go(arguments: list[str], directory: Path) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            [go("the definitions come from a Go module and there is no `go` on the PATH"), *arguments],
            cwd=directory,
            env=build_environment(),
            capture_output=True,
            text=True,
            timeout=DOWNLOAD_SECONDS,
            check=False,
        )
    except AssetsMissing as missing:
        raise SourceMissing(str(missing)) from missing
    except subprocess.TimeoutExpired as slow:
        raise SourceMissing(f"`go {' '.join(arguments)}` took more than {DOWNLOAD_SECONDS:.0f} s") from slow


def _module_directory(module: Module) -> Path:
    with tempfile.TemporaryDirectory(prefix="kaitops-e2e-") as nowhere:
        done = _run_go(["mod", "download", "-json", f"{module.path}@{module.version}"], Path(nowhere))
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        answer = {}
    if "Dir" not in answer:
        raise SourceMissing(
            f"{module.path}@{module.version} cannot be fetched: {answer.get('Error') or done.stderr.strip()}"
        )
    return Path(answer["Dir"])


def _generated(module: Module, directory: Path) -> Path:
    """Makes definitions from Go types, as the module's own build does, once per version."""
    target = (
        cache_root()
        / "definitions"
        / f"{module.path.replace('/', '_')}-{module.version}-{GENERATOR.rpartition('@')[2]}"
    )
    if target.is_dir():
        return target
    with (
        locked(target.parent / f".{target.name}.lock"),
        tempfile.TemporaryDirectory(prefix=".making-", dir=target.parent) as scratch,
    ):
        if not target.is_dir():
            made = Path(scratch) / "definitions"
            done = _run_go(["run", GENERATOR, "crd", f"paths={module.files}", f"output:crd:dir={made}"], directory)
            if done.returncode:
                raise SourceMissing(
                    f"definitions cannot be made from {module.path}@{module.version}: {done.stderr.strip()[-2000:]}"
                )
            made.rename(target)
    return target


def _without_schema(group: str, kind: str, plural: str, namespaced: bool, versions: tuple[str, ...]) -> dict[str, Any]:
    schema = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{plural}.{group}"},
        "spec": {
            "group": group,
            "scope": "Namespaced" if namespaced else "Cluster",
            "names": {"kind": kind, "plural": plural, "singular": kind.lower(), "listKind": f"{kind}List"},
            "versions": [
                {"name": name, "served": True, "storage": name == versions[0], "schema": {"openAPIV3Schema": schema}}
                for name in versions
            ],
        },
    }
