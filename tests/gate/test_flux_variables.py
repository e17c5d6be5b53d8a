"""Variables become what Flux's own library makes of them, in every recorded text; what it refuses is never taken."""

import subprocess
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess as Done

import pytest

from kaitops.gate.overlays.variables import substituted
from tests.gate.renderers import NEEDS_KUSTOMIZE
from tests.gate.test_overlays import FLUX, RETIRED, VARIABLE, put
from tests.recorded import read

VALUES = {"A": "a", "EMPTY": "", "SIZE": "nc24ads_A100"}
Gate = Callable[..., Done[str]]


def test_every_recorded_text_becomes_what_flux_makes_of_it() -> None:
    """A text that Flux takes may be left unjudged, for a variable without a value or a form that is not followed."""
    taken = refused = 0
    for record in read("flux-variables.jsonl.gz"):
        made, missing = substituted(record["text"], record["values"])
        if "error" in record:
            refused += 1
            assert missing, record
        elif not missing:
            taken += 1
            assert made == record["answer"], record
        else:
            assert all("no form of a variable" not in one.reason for one in missing), record
    assert taken > 900 and refused > 1900


@pytest.mark.parametrize(
    ("text", "put_in"),
    [
        ("${A}", "a"),
        ("${B:=${A}}", "a"),
        ("${B:-x-${A}-y}", "x-a-y"),
        ("${B:=$1}", "$1"),
        ("${A:=${B}}", "a"),
        ("$${A}", "${A}"),
        ("$$${A} $$", "$a $"),
        ("${B:=${C:=deep}}", "deep"),
        ('{"k": "${B:-}"}', '{"k": ""}'),
        ("${A^^} ${SIZE^} ${SIZE,,}", "A Nc24ads_A100 nc24ads_a100"),
        ("${SIZE/nc24/nc48} ${SIZE//a/o} ${SIZE/#nc/NC} ${SIZE/%100/10}", "nc48ads_A100 nc24ods_A100 NC24ads_A100 nc24ads_A10"),
        ("${SIZE%%_*} ${SIZE#*_} ${SIZE:2:2} ${SIZE: -4} ${#SIZE}", "nc24ads A100 24 nc24ads_A100 12"),
        # Flux has one meaning for all signs of a default, and an empty value is none to it.
        ("${A:+other} ${EMPTY=b} ${B:?stop}", "a b stop"),
    ],
)  # fmt: skip
def test_a_form_becomes_what_flux_makes_of_it(text: str, put_in: str) -> None:
    assert substituted(text, VALUES) == (put_in, [])


@pytest.mark.parametrize(
    "text", ["${B:=${C}}", "${B^^}", "${B:=${C:=${A}}", "${B-b}", "${A+b}", "${A.b}", "${}", "${A"]
)
def test_what_flux_refuses_or_nobody_gives_is_no_value(text: str) -> None:
    assert substituted(f"{text} and more", VALUES)[1]


@pytest.fixture
def gate(run: Callable[..., Done[str]], tmp_path: Path) -> Gate:
    """Gates a folder that Flux deploys, with what stands in its object."""

    def start(after: str) -> Done[str]:
        subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
        put(tmp_path, {"cluster/models.yaml": FLUX + after, "models/chat.yaml": VARIABLE})
        return run("gate", ".", "--no-checkov", "--today", "2026-06-01")

    return start


@NEEDS_KUSTOMIZE
@pytest.mark.parametrize(
    ("after", "said"),
    [
        ("  postBuild: {substitute: {GPU_SKU: 4}}\n", "GPU_SKU is no text"),
        ("  postBuild: {substitute: {GPU-SKU: a}}\n", "GPU-SKU can be no variable's name"),
    ],
)
def test_what_flux_puts_nothing_in_for_is_unjudged(gate: Gate, after: str, said: str) -> None:
    done = gate(after)
    assert done.returncode == 2 and said in done.stdout


@NEEDS_KUSTOMIZE
def test_lines_of_a_value_are_put_in_as_one(gate: Gate) -> None:
    split = "".join(f"        {part}\n" for part in (RETIRED[:9], RETIRED[9:]))
    done = gate(f"  postBuild:\n    substitute:\n      GPU_SKU: |\n{split}")
    assert done.returncode == 1 and f"KAITO002 CRITICAL: Workspace models/chat: {RETIRED} was retired" in done.stdout
