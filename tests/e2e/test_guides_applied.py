"""What tutorial and recipes have their reader apply, applied by the real kubectl to a real API server."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from tests.conftest import KAITOPS
from tests.e2e.assets import Assets
from tests.e2e.client import Client
from tests.e2e.cluster import Cluster
from tests.e2e.conftest import installer, lacking
from tests.e2e.kinds import KAITO_GROUP
from tests.e2e.kubectl import Kubectl, KubectlFailed
from tests.guides import DOCS, steps

PAGES = ("tutorial", "how-to/tune-and-serve")
"""Pages that apply a tree by hand."""
DONE = ("apply", "delete")
"""The rest makes Secrets or waits for what no kubelet here does."""


@pytest.fixture(scope="module")
def still(assets: Assets) -> Iterator[Cluster]:
    """A control plane on which nobody acts but the test."""
    with Cluster(assets, controllers=False) as cluster:
        yield cluster


@pytest.fixture(scope="module")
def client(still: Cluster) -> Iterator[Client]:
    """An administrator there, with KAITO's kinds installed."""
    with closing(still.client()) as client:
        installer(client)([KAITO_GROUP])
        yield client


@pytest.mark.usefixtures("client")
@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_has_its_reader_apply_is_taken(page: str, still: Cluster, tmp_path: Path) -> None:
    if not still.assets.has("kubectl"):
        lacking(f"{still.assets.directory} holds no kubectl")
    kubectl = Kubectl(still, tmp_path)
    reader = tmp_path / "reader"
    reader.mkdir()
    environment = {**os.environ, "PATH": f"{KAITOPS.parent}{os.pathsep}{os.environ['PATH']}"}
    done = 0
    for step in steps(DOCS / f"{page}.md"):
        if step.file:
            (reader / step.file).write_text(step.text)
        elif step.printed is not None and step.text.split()[1] in ("init", "render"):
            subprocess.run(["bash", "-c", step.text], cwd=reader, env=environment, check=True, capture_output=True)
        elif step.printed is None:
            for words in (line.split() for line in step.text.splitlines()):
                if words[:3] == ["kubectl", "create", "namespace"]:
                    # Another page may have made it.
                    with suppress(KubectlFailed):
                        kubectl.run(*words[1:])
                if words[:1] == ["kubectl"] and words[1] in DONE:
                    last = str(reader / words[-1])
                    assert kubectl.run(*words[1:-1], last), step.text
                    done += 1
    assert done
