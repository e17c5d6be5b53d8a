"""Tuning jobs beside each other and the data that they are given: what is refused, and what is not."""

from pathlib import Path

import pytest

from tests.conftest import Run

_HEAD = """\
kaito: 0.12.0
clusters:
  a: {region: westeurope, provisioner: karpenter}
  b: {region: westeurope, provisioner: karpenter}
tuning:
"""
_JOB = "  {}: {{preset: phi-4, method: qlora, gpu: Standard_NC24ads_A100_v4, namespace: {}, clusters: [{}], input: {{{}}}, output: {{{}}}}}\n"


def job(name: str, output: str, cluster: str = "a", namespace: str = "models", given: str = "claim: data") -> str:
    return _JOB.format(name, namespace, cluster, given, output)


_IMAGE = "image: 'r.example.com/o:1', pushSecret: p"


@pytest.mark.parametrize(
    ("jobs", "said"),
    [
        (
            job("one", _IMAGE) + job("two", _IMAGE),
            "tuning.two.output.image: is r.example.com/o:1, which tuning.one pushes as well",
        ),
        (
            job("one", "image: 'docker.io/me/o', pushSecret: p") + job("two", "image: 'me/o:latest', pushSecret: p"),
            "tuning.two.output.image: is docker.io/me/o:latest, which tuning.one pushes as well",
        ),
        (
            job("one", _IMAGE) + job("two", _IMAGE, "b"),
            "tuning.two.output.image: is r.example.com/o:1, which tuning.one pushes as well",
        ),
        (
            job("one", "claim: out") + job("two", "claim: out"),
            "tuning.two.output.claim: is out, into which tuning.one writes as well under the same file names",
        ),
    ],
    ids=["image", "image in full", "image from another cluster", "claim"],
)
def test_a_result_is_not_put_in_the_place_of_another(jobs: str, said: str, run: Run, tmp_path: Path) -> None:
    (tmp_path / "fleet.yaml").write_text(_HEAD + jobs)
    assert said in run("render", code=2).stderr


@pytest.mark.parametrize(
    "jobs",
    [
        job("one", _IMAGE) + job("two", _IMAGE.replace(":1'", ":2'")),
        job("one", "claim: out") + job("two", "claim: out", namespace="other"),
        job("one", "claim: out") + job("two", "claim: out", "b"),
        job("one", "claim: out") + job("two", "claim: more", given="claim: out"),
    ],
    ids=["a tag of its own", "a claim of another namespace", "a claim of another cluster", "data where another writes"],
)
def test_results_beside_each_other_are_fine(jobs: str, run: Run, tmp_path: Path) -> None:
    (tmp_path / "fleet.yaml").write_text(_HEAD + jobs)
    run("render", code=0)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        (
            "https://example.com/data/",
            "ends in a slash, as addresses of folders do, so what is kept, as 'data', is a page",
        ),
        ("https://example.com/data/?sig=a.parquet", "ends in a slash"),
        ("https://example.com", "names a host and no file there, so what is kept, as 'example.com', is a page"),
        ("https://example.com/", "names a host and no file there"),
        ("https://example.com?file=own.parquet", "names a host and no file there"),
    ],
)
def test_data_has_the_address_of_a_file(url: str, said: str, run: Run, tmp_path: Path) -> None:
    (tmp_path / "fleet.yaml").write_text(_HEAD + job("one", _IMAGE, given=f"urls: ['{url}']"))
    assert f"tuning.one.input.urls[0]: {said}" in run("render", code=2).stderr


@pytest.mark.parametrize(
    "path", ["own.parquet", "data/own", "own.parquet?sig=a/", "own.parquet#/", "export?format=csv"]
)
def test_any_name_of_a_file_is_fine(path: str, run: Run, tmp_path: Path) -> None:
    (tmp_path / "fleet.yaml").write_text(_HEAD + job("one", _IMAGE, given=f"urls: ['https://example.com/{path}']"))
    run("render", code=0)
