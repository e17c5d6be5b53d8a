"""docs/changes.md is what the real engine says to each change and does; ``--update-docs`` writes the rows that were run.

Each row begins with the same stack. Azure is the stand-in that remembers what is there and refuses what Azure refuses.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.components.test_changes_page import PAGE, rows
from tests.e2e.cluster import Cluster
from tests.e2e.engine.changes import MODELS, PHI, SECTIONS, Base, Change, ModelChange
from tests.e2e.engine.project import engine
from tests.e2e.engine.saying import said
from tests.e2e.engine.workloads import Workloads

__all__ = ["engine"]
pytestmark = pytest.mark.timeout(900)
ROWS = [(section, change) for section, changes in SECTIONS.items() for change in changes]


@pytest.fixture(scope="module")
def base(engine: None, tmp_path_factory: pytest.TempPathFactory) -> Base:
    return Base(tmp_path_factory.mktemp("base"))


@pytest.fixture(scope="module")
def stack(
    engine: None,
    api_server: Cluster,
    install: Callable[[list[str]], None],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Workloads]:
    install(["kaito.sh", "karpenter.sh"])
    made = Workloads(tmp_path_factory.mktemp("models"), api_server, "engine-changes")
    yield made
    made.client.close()


def held(section: str, what: str, plan: str, done: str, update: bool) -> None:
    """The row of the page is what was seen."""
    line = f"| {what} | {plan} | {'the same' if plan == done else done} |"
    if update:
        head, mark, rest = PAGE.read_text("utf-8").partition(f"\n## {section}\n")
        body, end, tail = rest.partition("\n## ")
        body = "\n".join(line if one.startswith(f"| {what} |") else one for one in body.split("\n"))
        PAGE.write_text(head + mark + body + end + tail, "utf-8")
    assert line in rows(section)


@pytest.mark.parametrize(("section", "change"), ROWS, ids=[f"{section}: {change.what}" for section, change in ROWS])
def test_of_infrastructure(section: str, change: Change, base: Base, request: pytest.FixtureRequest) -> None:
    plan, done = base.row(change)
    held(section, change.what, plan, done, request.config.getoption("--update-docs"))


@pytest.mark.parametrize("change", MODELS, ids=lambda change: change.what)
def test_of_models(change: ModelChange, stack: Workloads, api_server: Cluster, request: pytest.FixtureRequest) -> None:
    access = Path(api_server.kubeconfig).read_text()
    # Another model keeps the namespace.
    others = {"other": PHI}
    stack.declare(models={"phi": PHI, **others})
    stack.configure(**change.config)
    stack.run("up")
    phi = {} if change.model is None else {"phi": {**PHI, **change.model}}
    stack.declare(**{"models": {**phi, **others, **change.models}, **change.fleet})
    stack.configure(**change.config, **change.later)
    if change.access:
        gone = access.replace(api_server.url, "https://127.1.1.1:9")
        stack.project.pulumi(
            "config", "set", "--secret", "kubeconfig", gone if change.access == "gone" else change.access
        )
    planned = stack.project.tried("preview")
    plan = said(planned)
    done = plan if planned.code else said(stack.project.tried("up"))
    if change.access:
        stack.project.pulumi("config", "set", "--secret", "kubeconfig", access)
    if "cluster" in change.later:
        # Back by the same way, so that the next row finds what it expects.
        stack.declare(models={})
        stack.run("destroy")
    held("Models", change.what, plan, done, request.config.getoption("--update-docs"))
