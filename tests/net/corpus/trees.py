"""The committed tree and others that are rendered first: the gate, upgrades, and what is made of a tree."""

from collections.abc import Iterator
from pathlib import Path

from tests.conftest import ROOT
from tests.net import surface
from tests.net.case import Batch, Case, Files, Step, kaitops
from tests.net.corpus import forms
from tests.net.corpus.fleets import beside, repository
from tests.version import KAITO

MANIFESTS = "manifests"


def batches() -> Iterator[Batch]:
    """Cases in batches."""
    for case in (_gate(), _bundle(), *_upgrades()):
        yield Batch((case,), 2)


def sample() -> Files:
    """The sample fleet, its tree, and what is accepted of it."""
    return {"fleet.yaml": repository()["sample"], **beside(), **_folder(ROOT / MANIFESTS), **_accepted()}


def _folder(folder: Path) -> Files:
    return {str(path.relative_to(ROOT)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def _accepted() -> Files:
    names = ("kaitops-exemptions.yaml", "infra-exemptions.yaml")
    return {name: (ROOT / name).read_bytes() for name in names if (ROOT / name).is_file()}


def _gate() -> Case:
    steps: list[Step] = [
        *forms.all_of(MANIFESTS),
        *forms.all_of(MANIFESTS, "--fail-on", "low", "--cost", start="strict"),
    ]
    steps += [
        kaitops("gate", MANIFESTS, *forms.DAY),
        kaitops("gate", MANIFESTS, *forms.DAY, "--require-checkov"),
        forms.gate(MANIFESTS, "--exemptions", "none.yaml"),
        forms.gate(MANIFESTS, "--complete"),
        forms.gate(f"{MANIFESTS}/clusters/prod-weu/workloads"),
        forms.gate(MANIFESTS, "--today", "2028-01-01"),
        forms.gate(MANIFESTS, "--today", "2025-01-01"),
        forms.gate("fleet.yaml"),
    ]
    steps += [forms.gate(MANIFESTS, "--kaito", version) for version in surface.versions()]
    return Case("manifests/gate", tuple(steps), sample())


def _upgrades() -> Iterator[Case]:
    versions = surface.versions()
    for source in versions:
        steps: list[Step] = []
        for target in versions:
            steps.append(kaitops("upgrade", MANIFESTS, "--from", source, "--to", target))
            steps.append(kaitops("upgrade", MANIFESTS, "--from", source, "--to", target, "-o", "json"))
        steps.append(kaitops("upgrade", MANIFESTS, "--to", source, "-q"))
        files = {path: text for path, text in sample().items() if not path.endswith("kaitops-context.yaml")}
        yield Case(f"manifests/upgrade-from-{source}", tuple(steps), files)
    more = (
        kaitops("upgrade", MANIFESTS, "--to", "0.99.0"),
        kaitops("upgrade", "none", "--to", KAITO),
        kaitops("upgrade", MANIFESTS, "--to", KAITO, "--feature-gate", "vLLM"),
        kaitops("upgrade", MANIFESTS, "--to", "0.9.4", "--feature-gate", "enableMIG=true"),
        *(kaitops("upgrade", MANIFESTS, "--to", version) for version in versions),
    )
    yield Case("manifests/upgrade", more, sample())


def _bundle() -> Case:
    old = {"bad.tar": b"not a tar"}
    steps = (
        kaitops("images"), kaitops("images", "-o", "json"), kaitops("images", "-o", "yaml"), kaitops("images", "-o", "name"),
        kaitops("images", "--cluster", "edge-lab"), kaitops("images", "--cluster", "nowhere"),
        kaitops("images", "--format", "oras", "--to", "contoso.azurecr.io"),
        kaitops("images", "--format", "acr-import", "--to", "contoso.azurecr.io"), kaitops("images", "--format", "oras"),
        kaitops("bundle", "--tag", "v1"), kaitops("bundle", "--verify", "fleet.oci.tar"),
        kaitops("bundle", "--verify", "fleet.oci.tar", "--digest", "sha256:00"), kaitops("bundle", "--digest", "x"),
        kaitops("bundle", "--verify", "bad.tar"), kaitops("bundle", "--verify", "none.tar"),
        kaitops("bundle", "--out", "signed.tar", "--sign", "cp {file} {signature}"),
        kaitops("bundle", "--out", "unsigned.tar", "--sign", "false"), kaitops("bundle", "--tree", "nowhere"),
    )  # fmt: skip
    return Case("manifests/bundle", steps, {**sample(), **old})
