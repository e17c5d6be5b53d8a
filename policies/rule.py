"""What a rule is, and what it may know.

Owns the form of a rule and of the context that it is judged in. Does not load, run or print rules, and holds no facts:
they come in through the context, so that the same rule gives the same verdict in every engine.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple

from kaitops.documents.plain import Object
from kaitops.documents.plain import Path as Path
from kaitops.documents.ref import DEFAULT, Local, Ref

Document = Object
Found = Iterable[tuple[Path, str]]
_NOTHING: Object = MappingProxyType({})


class Severity(StrEnum):
    """How bad a finding is; they compare in the order LOW < MEDIUM < HIGH < CRITICAL."""

    LOW = "LOW"
    MEDIUM = "MEDIUM"
    HIGH = "HIGH"
    CRITICAL = "CRITICAL"

    @property
    def rank(self) -> int:
        """0 for LOW to 3 for CRITICAL."""
        return _ORDER.index(self.value)

    def __lt__(self, other: str) -> bool:
        return self.rank < Severity(other).rank

    def __le__(self, other: str) -> bool:
        return self.rank <= Severity(other).rank

    def __gt__(self, other: str) -> bool:
        return self.rank > Severity(other).rank

    def __ge__(self, other: str) -> bool:
        return self.rank >= Severity(other).rank


_ORDER = ("LOW", "MEDIUM", "HIGH", "CRITICAL")
ENVIRONMENTS = ("dev", "staging", "prod")


class Scope(StrEnum):
    """How much of the bundle a rule looks at."""

    OBJECT = "object"
    """One object says it all."""
    AIDED = "aided"
    """Judges one object alone, and more precisely where it can see what the object refers to."""
    BUNDLE = "bundle"
    """Says nothing unless it sees all objects."""


class Override(NamedTuple):
    """A user's own severity for a rule; None switches the rule off. The reason is shown in reports."""

    severity: Severity | None
    reason: str


class Config(NamedTuple):
    """What an organisation decides. A rule whose entry is empty does not apply.

    Attributes:
        environment: of clusters that ``clusters`` does not name.
        clusters: environment by cluster name.
        registries: prefixes that images may come from, such as ``contoso.azurecr.io`` or ``mcr.microsoft.com/aks``.
        organisations: owners of models; empty means those of KAITO's own catalogue.
        dataset_hosts: hosts that training data may come from.
        required_labels: keys that every workload carries.
        known_secrets: ``namespace/name`` of Secrets that something outside of the bundle creates.
        max_nodes: machines that one replica of a model may take.
        overrides: severities by rule id.
        rules: folders of further rules.
        accepted_kinds: ``group/Kind`` of objects that the gate may leave unjudged.
    """

    environment: str = "prod"
    clusters: Mapping[str, str] = _NOTHING
    registries: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    dataset_hosts: tuple[str, ...] = ()
    required_labels: tuple[str, ...] = ()
    known_secrets: tuple[str, ...] = ()
    max_nodes: int | None = None
    overrides: Mapping[str, Override] = _NOTHING
    rules: tuple[str, ...] = ()
    accepted_kinds: tuple[str, ...] = ()

    def environment_of(self, cluster: str) -> str:
        """The environment of a cluster by its name."""
        return self.clusters.get(cluster, self.environment)


class Context:
    """What a rule may know besides the object. Rules only read it.

    Attributes:
        release: facts of the KAITO version (``kaitops.kaito.Release`` or alike).
        today: the day of the judgement; nothing here reads a clock.
        settings: of the controllers, plain form.
        sizes: what is known of machine sizes beyond KAITO's table: ``retired`` by name.
        objects: the other objects of the cluster.
        complete: ``objects`` is all that the cluster gets, so that what is not in it is missing.
        region: of the cluster; empty where nobody said it.
        offers: the regions that a machine size has a price in, by size; of the cloud of the settings.
    """

    def __init__(
        self,
        release: Any,
        today: date,
        settings: Object = _NOTHING,
        config: Config = Config(),  # noqa: B008 (a value that nobody can change)
        environment: str = "prod",
        sizes: Mapping[str, Object] = _NOTHING,
        objects: Sequence[Document] = (),
        complete: bool = False,
        region: str = "",
        offers: Mapping[str, Collection[str]] = _NOTHING,
    ) -> None:
        self.release = release
        self.today = today
        self.settings = settings
        self.config = config
        self.environment = environment
        self.sizes = sizes
        self.objects = objects
        self.complete = complete
        self.region = region
        self.offers = offers
        self._index: dict[Local, Document] | None = None

    def find(self, kind: str, namespace: str, name: str) -> Document | None:
        """An object of the cluster by kind, namespace (empty reads as ``default``) and name."""
        if self._index is None:
            self._index = {}
            for each in self.objects:
                self._index.setdefault(Ref.of(each).local, each)
        return self._index.get((kind, namespace or DEFAULT, name))

    @property
    def cloud(self) -> str:
        """The cloud that machine sizes are looked up in."""
        return self.settings.get("cloud") or "azure"


Check = Callable[[Document, Context], Found]
Cel = Callable[[str, Config], str | None]


class Rule:
    """One policy.

    Attributes:
        id: such as ``KAITO001``; never used again for something else.
        severity: in production.
        title: what holds where the rule is satisfied.
        why: the reason, in one or two sentences.
        source: where that reason can be looked up.
        remedy: what to do about a finding.
        kinds: ``group/Kind``, or ``Kind`` for the core group; ``*`` for every kind.
        check: yields path and message of each violation; pure.
        environments: severity where it differs; None where the rule is not asked.
        cel: the same verdict in CEL, for a kind and a configuration; None where core CEL cannot tell.
        scope: what the rule looks at.
        pods: looks at nothing but the pod of a kind that may declare one; not asked where none is declared.
    """

    def __init__(
        self,
        id: str,  # noqa: A002 (the name that users write)
        severity: Severity,
        title: str,
        why: str,
        source: str,
        remedy: str,
        kinds: tuple[str, ...],
        check: Check,
        environments: Mapping[str, Severity | None] = _NOTHING,
        cel: Cel | None = None,
        scope: Scope = Scope.OBJECT,
        pods: bool = False,
    ) -> None:
        self.id = id
        self.severity = severity
        self.title = title
        self.why = why
        self.source = source
        self.remedy = remedy
        self.kinds = kinds
        self.check = check
        self.environments = environments
        self.cel = cel
        self.scope = scope
        self.pods = pods

    def severity_in(self, environment: str, config: Config) -> Severity | None:
        """The severity that counts: the user's, else the environment's, else the rule's own; None is off."""
        override = config.overrides.get(self.id)
        if override is not None:
            return override.severity
        return self.environments.get(environment, self.severity)
