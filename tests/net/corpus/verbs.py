"""The verbs that need no tree: models, machines, schemas, health checks, help."""

from collections.abc import Iterable, Iterator, Sequence

from tests.net import surface
from tests.net.case import Batch, Case, Files, kaitops

_VERBS = (
    "init", "add", "remove", "set", "replace", "render", "gate", "arm", "policy", "upgrade", "prices", "quota", "catalogue", "fit", "health", "images", "bundle", "promote",
    "preset", "schema", "completion",
)  # fmt: skip
_MODELS = (
    "phi-4",
    "phi-4-mini-instruct",
    "google/gemma-4-31B-it",
    "gpt-oss-120b",
    "llama-3.3-70b-instruct",
    "deepseek-r1-0528",
    "phi-5",
)
_FORMS = ("table", "json", "yaml", "name")
_FLEET = """\
kaito: 0.12.0
clusters: {dev: {region: westeurope, provisioner: karpenter}}
models: {phi: {preset: phi-4-mini-instruct, gpu: Standard_NC24ads_A100_v4, context: 16384, namespace: models}}
"""
Words = Sequence[str]


def batches() -> Iterator[Batch]:
    """Cases in batches."""
    cases = (
        _case("help", [(), ("--help",), ("--version",), ("nothing",), *((verb, "--help") for verb in _VERBS), *((verb, "--no") for verb in _VERBS)]),
        _case("completion", [("completion", shell) for shell in ("bash", "zsh", "tcsh", "fish")]),
        _case("init", _init()),
        _case("catalogue", _catalogue()),
        _case("bundle", [("render", "-q"), ("bundle",), ("bundle", "--verify", "fleet.oci.tar")], {"fleet.yaml": _FLEET}),
        _case("fit", _fit()),
        _case("matrix", [("fit", "--cloud", cloud, "-o", form) for cloud in ("azure", "aws", "arc") for form in ("table", "json")]),
        _case("schema", [("schema",), *(("schema", kind) for kind in surface.kinds()), ("schema", "v1/Pod"), ("schema", "x")]),
        _case("health", _health(), {"pod.yaml": "kind: Pod\n", "none.yaml": "a: 1\n", "bad.yaml": "{"}),
        _case("network", [("preset", "record", "x"), ("preset", "record", "a/b", "--host", "http://127.0.0.1:1"), ("arm", "--stack", "x")]),
    )  # fmt: skip
    for case in cases:
        yield Batch((case,), 2)


def _case(name: str, words: Iterable[Words], files: Files | None = None) -> Case:
    return Case(f"verbs/{name}", tuple(kaitops(*one) for one in words), files or {})


def _init() -> Iterator[Words]:
    yield from [("init",), ("init",), ("render",), ("render", "--check")]
    yield (
        "init",
        "--fleet",
        "b.yaml",
        "--model",
        "phi-4",
        "--region",
        "eastus",
        "--cluster",
        "prod",
        "--provisioner",
        "azure-gpu-provisioner",
    )
    yield from [
        ("init", "--fleet", "c.yaml", "--model", model)
        for model in ("phi-5", "llama-3.1-8b-instruct", "deepseek-r1-0528")
    ]
    yield from [
        ("init", "--fleet", "d.yaml", "--region", "nowhere"),
        ("init", "--fleet", "e.yaml", "--cluster", "No Name"),
    ]


def _catalogue() -> Iterator[Words]:
    yield from [("catalogue", "-o", form) for form in _FORMS]
    yield from [("catalogue", "phi"), ("catalogue", "nothing-like-it"), ("catalogue", "--kaito", "0.99.0")]
    yield from [("catalogue", "--kaito", version) for version in surface.versions()]


def _fit() -> Iterator[Words]:
    for model in _MODELS:
        yield ("fit", model, "--region", "westeurope", "--explain")
        yield ("fit", model, "--region", "swedencentral", "--context", "16384", "-o", "json")
        yield ("fit", model, "--gpu", "Standard_NC24ads_A100_v4", "--context", "8192")
    yield (
        "fit",
        "google/gemma-4-31B-it",
        "--gpu",
        "Standard_NV36ads_A10_v5",
        "--context",
        "131072",
        "--region",
        "westeurope",
    )
    yield from [
        ("fit", "phi-4", "--gpu", "Standard_Nope"),
        ("fit", "phi-4", "--context", "-1"),
        ("fit", "phi-4", "--context", "999999999"),
    ]
    yield from [("fit", "phi-4", "-o", form) for form in _FORMS]
    yield from [
        ("fit", "phi-4", "--cloud", "aws"),
        ("fit", "phi-4", "--cloud", "arc"),
        ("fit", "--gpu", "H100", "--context", "4096"),
    ]
    yield from [("fit", "phi-4", "--kaito", version) for version in surface.versions()]


def _health() -> Iterator[Words]:
    for version in surface.versions():
        yield from [("health", "--for", tool, "--kaito", version) for tool in ("argocd", "argocd-values", "flux")]
    yield from [("health", "--for", "flux", "-o", form) for form in _FORMS]
    yield from [("health", "--for", "flux", "--kind", kind) for kind in ("Workspace", "Nothing")]
    yield from [
        ("health",),
        ("health", "pod.yaml", "--for", "flux"),
        ("health", "--for", "argocd", "--kind", "Workspace"),
    ]
    yield from [("health", f"{name}.yaml") for name in ("pod", "none", "bad", "lost")]
