"""The catalogue page: small, asks nobody for anything, and says in every cell what `kaitops fit` says."""

import json
import random
import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser

import pytest

from kaitops import fit
from kaitops.catalogue import Catalogue, collect, page, twin
from kaitops.kaito import Release, facts
from kaitops.prices import price
from tests.catalogue import unpacking
from tests.catalogue.conftest import Made
from tests.conftest import Run
from tests.sampling import share

RELEASE = Release.load(facts.newest())


@pytest.mark.thorough
def test_every_cell_is_what_the_engine_says(made: Made) -> None:
    found = unpacking.cells(unpacking.data(made.text))
    clouds = ("azure", "aws", "arc")
    assert len(found) == 60 * 7 * sum(sku.nvidia for cloud in clouds for sku in RELEASE.skus(cloud))
    for (cloud, size, model, context), cell in random.Random(5).sample(list(found.items()), share(len(found))):
        preset, sku = RELEASE.catalogue.find(model), RELEASE.skus(cloud).find(size)
        assert preset is not None
        assert sku is not None
        does = fit.fit(RELEASE, preset, sku, cloud, context) if context <= preset.token_limit else None
        assert (cell.nodes, cell.max_context) == ((does.nodes, does.max_context) if does else (0, 0)), (
            model,
            size,
            context,
        )
        assert bool(cell.why_not) == (does is None), (model, size, context)


@pytest.mark.thorough
def test_cells_and_costs_are_what_the_command_prints(made: Made, run: Run) -> None:
    held = unpacking.data(made.text)
    cells, costs = unpacking.cells(held), unpacking.costs(held)
    asked = [
        (cloud, model[0], context)
        for cloud in held["clouds"]
        for model in held["models"]
        for context in held["contexts"]
    ]
    draw = random.Random(17)
    for cloud, model, context in draw.sample(asked, share(len(asked), of=30)):
        regions = held["clouds"][cloud]["regions"]
        region = draw.choice(regions) if regions else None
        done = run(
            "fit",
            model,
            "--cloud",
            cloud,
            "--context",
            str(context),
            "-o",
            "json",
            *(("--region", region) if region else ()),
        )
        if done.returncode == 2:
            assert (
                f"holds {held['models'][[one[0] for one in held['models']].index(model)][9]} tokens at most"
                in done.stderr
            )
            continue
        if done.returncode == 1:
            assert "fits no size" in done.stderr
        said = {row["size"]: row for row in json.loads(done.stdout or "[]")}
        for size in held["clouds"][cloud]["sizes"]:
            cell, row = cells[cloud, size["name"], model, context], said.get(size["name"])
            assert (row is None) == (cell.nodes == 0), (model, size["name"], context)
            if row is None:
                continue
            assert (cell.nodes, cell.max_context) == (row["nodes"], row["max_context"])
            cost = costs.get((cloud, size["name"], region or "", cell.nodes))
            assert cost == (None if row["usd_per_hour"] is None else f"{row['usd_per_hour']:.2f}")


def test_reasons_are_the_commands_own(made: Made, run: Run) -> None:
    found = [key for key, cell in unpacking.cells(unpacking.data(made.text)).items() if cell.why_not]
    cells = unpacking.cells(unpacking.data(made.text))
    for cloud, size, model, context in random.Random(4).sample(found, 40):
        said = run("fit", model, "--cloud", cloud, "--gpu", size, "--context", str(context)).stderr
        assert cells[cloud, size, model, context].why_not in said


def test_dates_are_those_of_the_prices(made: Made) -> None:
    held = unpacking.data(made.text)
    for cloud, about in held["clouds"].items():
        for size in about["sizes"]:
            for region, number in zip(about["regions"], size["date"], strict=True):
                known = price(cloud, size["name"], region)
                assert (known.date or "" if known else None) == (None if number < 0 else size["dates"][number])


def test_the_twin_has_the_same_cells(made: Made) -> None:
    cells = unpacking.cells(unpacking.data(made.text))
    for model in made.twin["models"]:
        for cloud, sizes in model["fits"].items():
            for size, contexts in sizes.items():
                for context, said in contexts.items():
                    cell = cells[cloud, size, model["name"], int(context)]
                    assert said == (
                        {"nodes": cell.nodes, "max_context": cell.max_context}
                        if cell.nodes
                        else {"why_not": cell.why_not}
                    )
    rows = {row["name"]: row for row in made.twin["models"]}
    assert rows["meta-llama/Llama-3.1-8B-Instruct"]["gated"]
    assert "secret: hf-token" in rows["meta-llama/Llama-3.1-8B-Instruct"]["entry"]
    azure = made.twin["clouds"]["azure"][0]
    known = price("azure", azure["size"], "westeurope")
    assert known is not None
    assert azure["prices"]["westeurope"]["usd_per_hour"] == known.on_demand


def test_it_is_small_and_asks_nobody(made: Made) -> None:
    assert len(made.text.encode()) <= 150_000
    assert "://" not in re.sub(r'<script type="application/json".*?</script>', "", made.text, flags=re.DOTALL)
    tags = _Tags()
    tags.feed(made.text)
    assert {value for _, given in tags.found for key, value in given if key in ("src", "href", "action")} == {"data:,"}
    policy = dict(next(given for _, given in tags.found if ("http-equiv", "Content-Security-Policy") in given))[
        "content"
    ]
    assert policy is not None
    assert policy.startswith("default-src 'none'; img-src data:; style-src 'sha256-")
    assert "unsafe" not in policy
    for tag in ("style", "script"):
        inside = re.findall(rf"<{tag}>(.*?)</{tag}>", made.text, re.DOTALL)
        assert len(inside) == 1
        assert f"{tag}-src 'sha256-{b64encode(sha256(inside[0].encode()).digest()).decode()}'" in policy


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, list[tuple[str, str | None]]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, attrs))


def test_it_reads_without_its_script(made: Made) -> None:
    table = made.text.partition('<table id="models">')[2].partition("</table>")[0]
    assert "<span>microsoft/</span><span>phi-4</span>" in table
    table = re.sub("</?span>|<wbr>", "", table)
    rows = table.partition("<tbody>")[2].partition("</tbody>")[0].strip().splitlines()
    assert len(rows) == 60
    phi = next(row for row in rows if "microsoft/phi-4<" in row)
    told = re.findall(r"<t[hd][^>]*>([^<]*)", phi)
    assert told[:7] == ["microsoft/phi-4", "mit", "no", "no", "yes", "27.31Gi", "16384"]
    assert told[7:] == ["Standard_NC24ads_A100_v4", "1", "16384", "4.15"]
    assert "does not fit: holds 4096 tokens at most" in next(row for row in rows if "Phi-3-mini-4k" in row)
    sizes = made.text.partition('<table id="sizes">')[2].partition("</table>")[0]
    assert sizes.count("<tr><th scope=row>") == 43


@pytest.fixture(scope="module")
def again() -> Catalogue:
    return collect(RELEASE)


@pytest.mark.e2e
@pytest.mark.e2e
def test_two_are_equal(made: Made, again: Catalogue) -> None:
    assert page(again) == made.text
    assert json.loads(json.dumps(twin(again))) == made.twin


@pytest.mark.e2e
def test_what_models_are_called_stays_text(again: Catalogue) -> None:
    first = again.presets[0]
    bad = first._replace(title='x/</script><b onclick="1">&', license="<i>")
    sizes = {
        cloud: tuple(size._replace(cells={**size.cells, bad.title: size.cells[first.title]}) for size in some)
        for cloud, some in again.clouds.items()
    }
    text = page(again._replace(presets=(bad, *again.presets[1:]), clouds=sizes))
    assert "<b " not in text
    assert "<i>" not in text
    assert text.count("</script>") == 2
    assert unpacking.data(text)["models"][0][0] == bad.title


@pytest.mark.e2e
def test_files_and_filters(run: Run) -> None:
    assert run("catalogue", "--html", "-", code=0).stdout.startswith("<!doctype html>")
    assert json.loads(run("catalogue", "--json", "-", code=0).stdout)["kaito"] == facts.newest()
    assert "leave it out" in run("catalogue", "phi", "--html", "x.html", code=2).stderr
    assert "name two files" in run("catalogue", "--html", "x", "--json", "x", code=2).stderr
