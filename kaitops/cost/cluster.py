"""What the cost of a cluster is worked out from, and what may be found wrong with it."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from kaitops.documents.plain import MutableObject, Object, Path, mapping
from kaitops.errors import BadInput

if TYPE_CHECKING:
    from kaitops.cost.counted import Counted
    from kaitops.kaito.expansion import Made
    from kaitops.kaito.release import Release

PRICE_AGE, PRICE_MISSING, BUDGET, QUOTA, RETIREMENT = "price-age", "price-missing", "budget", "quota", "retirement"

_MOST = 1e15
_NOTHING: Mapping[Any, Any] = MappingProxyType({})


class Cluster:
    """The objects of one cluster.

    Args:
        name: empty where the tree does not say.
        settings: of KAITO's controllers, plain form; its ``cloud`` chooses the price table.
        region: None where it is not known, so nothing there has a price.
        beside: objects that the tree does not hold, such as the nodes of the context file.
        spot: machines are bought as Spot.
        made: what KAITO's controllers make of the objects, by the identity of these, where somebody knows it already.

    Attributes:
        counted: machines that were counted already: sums and findings ask for the same.
    """

    def __init__(
        self,
        name: str,
        objects: Sequence[Object],
        settings: Object = _NOTHING,
        region: str | None = None,
        beside: Sequence[Object] = (),
        *,
        spot: bool = False,
        made: "Mapping[int, Made]" = _NOTHING,
    ) -> None:
        self.name = name
        self.objects = objects
        self.settings = settings
        self.region = region
        self.beside = beside
        self.spot = spot
        self.made = made
        self.counted: dict[Release, Counted] = {}

    @property
    def cloud(self) -> str:
        """``azure``, ``aws`` or ``arc``."""
        return str(self.settings.get("cloud") or "azure")

    @classmethod
    def from_context(cls, context: Object, objects: Sequence[Object], **given: Any) -> "Cluster":
        """A cluster from its context file; ``given`` overrides ``name``, ``settings``, ``region`` and the like."""
        known: MutableObject = {
            "name": str(context.get("cluster") or ""),
            "settings": context.get("settings") or {},
            "region": context.get("region"),
            "beside": tuple(context.get("nodes") or ()),
        }
        return cls(objects=objects, **{**known, **{key: value for key, value in given.items() if value is not None}})


class CostFinding(NamedTuple):
    """Something that is wrong, or worth knowing, about the machines of a fleet.

    Attributes:
        check: ``price-age``, ``price-missing``, ``budget``, ``quota`` or ``retirement``.
        severity: ``error``, ``warning``, or ``note`` of what no file of the fleet can mend.
        cluster: name; empty for the fleet as a whole.
        document: the object that it is about; None for a cluster or the fleet.
        path: within the object.
    """

    check: str
    severity: str
    cluster: str
    message: str
    document: Object | None = None
    path: Path = ()


class Budget(NamedTuple):
    """Limits in USD per month; None where there is none.

    Attributes:
        total: for all clusters together.
        cluster: for each cluster that has no limit of its own.
        clusters: by cluster name.
    """

    total: float | None = None
    cluster: float | None = None
    clusters: Mapping[str, float] = _NOTHING

    def limit(self, cluster: str) -> float | None:
        """The limit of a cluster."""
        return self.clusters.get(cluster, self.cluster)

    @classmethod
    def from_dict(cls, document: Object, name: str = "budget") -> "Budget":
        """A budget from its plain form: ``total``, ``cluster`` and ``clusters``, all optional, USD per month.

        Raises:
            BadInput: an unknown key, or a limit that is not a number of at least 0.
        """
        if unknown := sorted(set(document) - {"total", "cluster", "clusters"}):
            raise BadInput(
                f"{name}: {unknown[0]!r} is no key of a budget, so its limit would hold nobody; "
                "known keys: total, cluster, clusters"
            )
        given: Any = document.get("clusters")
        if not isinstance(given, dict | None):
            raise BadInput(f"{name}.clusters: is no mapping of limits by cluster, so nobody would be held to one")
        clusters = mapping(given)
        return cls(
            total=_limit(document.get("total"), f"{name}.total"),
            cluster=_limit(document.get("cluster"), f"{name}.cluster"),
            clusters={key: _limit(value, f"{name}.clusters.{key}") or 0.0 for key, value in clusters.items()},
        )


def _limit(value: object, name: str) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _MOST:
        raise BadInput(f"{name}: {_short(value)} is not an amount, so nothing could be held to it; write USD per month")
    return float(value)


def _short(value: object) -> str:
    return repr(value) if isinstance(value, str | float) and len(str(value)) <= 60 else f"a {type(value).__name__}"
