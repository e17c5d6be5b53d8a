"""What is wrong with the machines of a fleet: budget, missing and old prices; quota and retirement have modules."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, timedelta

from kaitops.cost import headroom, retirement
from kaitops.cost.cluster import BUDGET, PRICE_AGE, PRICE_MISSING, Budget, Cluster, CostFinding
from kaitops.cost.counted import Machines
from kaitops.cost.differing import Amount, total
from kaitops.cost.machine_list import machines
from kaitops.cost.quota import Quota
from kaitops.errors import nearest
from kaitops.kaito.release import Release

PRICES_KEEP = timedelta(days=90)


def findings(
    head: Sequence[Cluster],
    release: Release,
    *,
    today: date,
    budget: Budget | None = None,
    quotas: Sequence[Quota] = (),
    base: Sequence[Cluster] | None = None,
) -> list[CostFinding]:
    """See :func:`kaitops.cost.findings`."""
    asked = [(cluster, machines(cluster, release)) for cluster in head]
    found: list[CostFinding] = []
    for cluster, many in asked:
        found += _prices(cluster, many)
        found += retirement.findings(cluster, many, release, today, quotas)
    found += _old(asked, today)
    if budget is not None:
        found += _budget(asked, budget)
    before = None if base is None else [(cluster, machines(cluster, release)) for cluster in base]
    found += headroom.findings(asked, before, quotas, today)
    return found


def _prices(cluster: Cluster, many: Sequence[Machines]) -> Iterator[CostFinding]:
    left = [one for one in many if one.nodes and one.per_hour is None and not one.brought]
    if not cluster.region:
        # It is the same for all of them, and so is what to do.
        left = [left[0]._replace(nodes=sum(one.nodes for one in left))] if left else []
    for one in left:
        yield _missing(cluster, one)


def _old(asked: Sequence[tuple[Cluster, Sequence[Machines]]], today: date) -> Iterator[CostFinding]:
    """One for the whole run: what is to be done about it is the same for every cluster."""
    old: dict[tuple[str, str | None], set[str]] = {}
    for cluster, many in asked:
        for one in many:
            made = one.price.date if one.price else None
            if one.price is not None and one.nodes and (made is None or _age(made, today) > PRICES_KEEP.days):
                old.setdefault((cluster.cloud, made), set()).add(one.size)
    if not old:
        return
    days = sorted({made for _, made in old if made})
    undated = {cloud for cloud, made in old if made is None}
    clouds = ", ".join(sorted({cloud for cloud, _ in old}))
    sizes = len({size for each in old.values() for size in each})
    facts = [f"are of {days[0]}, {_age(days[0], today)} days ago"] if days else []
    facts += [f"do not say their day ({', '.join(sorted(undated))})"] if undated else []
    message = (
        f"the prices of {sizes} size{'s' if sizes != 1 else ''} of {clouds} {' and '.join(facts)}, so the amounts in "
        "USD may be off; 'kaitops prices record' asks for those of today, and --prices FILE takes them or your own"
    )
    yield CostFinding(PRICE_AGE, "note", "", message)


def _age(made: str, today: date) -> int:
    return (today - date.fromisoformat(made)).days


def _missing(cluster: Cluster, one: Machines) -> CostFinding:
    if not cluster.region:
        reason = "the region of the cluster is not known"
        remedy = "name it in kaitops-context.yaml or with --region"
    else:
        kind = "Spot price" if one.spot and one.price else "price"
        reason = f"no {kind} of {one.size or 'its machines'} in {cluster.region} is in the tables"
        remedy = "'kaitops prices record' asks for it, and --prices FILE takes it or your own"
    whose = "its" if cluster.region else "the"
    machines = f"{whose} machine is" if one.nodes == 1 else f"{whose} {one.nodes} machines are"
    message = f"{reason}, so {machines} in no sum; {remedy}"
    return CostFinding(PRICE_MISSING, "warning", cluster.name, message, one.document, one.path)


def _budget(asked: Sequence[tuple[Cluster, Sequence[Machines]]], budget: Budget) -> Iterator[CostFinding]:
    amounts: Mapping[str, Amount] = {}
    for cluster, many in asked:
        amounts = {**amounts, cluster.name: Amount.of((amounts.get(cluster.name, Amount()), total(many)))}
    for name, amount in amounts.items():
        limit = budget.limit(name)
        yield from _over(name, f"cluster {name}" if name else "the cluster", amount, limit)
    yield from _nobodys(budget, amounts)
    whole = Amount.of(amounts.values())
    yield from _over("", "all clusters together", whole, budget.total)


def _nobodys(budget: Budget, judged: Collection[str]) -> Iterator[CostFinding]:
    """Limits of clusters that are not judged: slips, or those of another tree, which a run over a part does not see."""
    named = sorted(name for name in judged if name)
    free = [name for name in named if name not in budget.clusters]
    for name, limit in budget.clusters.items():
        if name in judged:
            continue
        what = f"the budget's clusters.{name} is the limit of no cluster that is judged"
        if near := nearest(name, free):
            message = (
                f"{what}, so nothing is held to its {limit:.0f} USD a month; write {near[0]} if that is meant, and "
                "keep limits of other trees in a file of their own"
            )
            yield CostFinding(BUDGET, "error", near[0], message)
        else:
            known = f", which are {', '.join(named)}" if named else ""
            yield CostFinding(BUDGET, "note", "", f"{what}{known}, so nothing is held to its {limit:.0f} USD a month")


def _over(cluster: str, what: str, amount: Amount, limit: float | None) -> Iterator[CostFinding]:
    if limit is None:
        return
    unknown = f", {amount.unpriced} machines without a price not counted" if amount.unpriced else ""
    if amount.per_month > limit:
        message = (
            f"{what} cost {amount.per_month:.0f} USD per month ({amount.nodes} nodes{unknown}), which is "
            f"{amount.per_month - limit:.0f} over the budget of {limit:.0f}; take smaller or fewer machines, or have "
            "the budget raised"
        )
        yield CostFinding(BUDGET, "error", cluster, message)
    elif amount.unpriced:
        message = f"{what} cannot be held to the budget of {limit:.0f} USD per month{unknown}"
        yield CostFinding(BUDGET, "warning", cluster, message)
