"""The write under judgement and what surrounds it: release, settings, cluster, and what was found to be missing."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from kaitops.documents.plain import Object
from kaitops.kaito import facts
from kaitops.kaito.admission.verdict import MissingReference
from kaitops.kaito.huggingface import unreachable
from kaitops.kaito.kubernetes.cluster import Cluster
from kaitops.kaito.kubernetes.field_errors import FieldError, generic
from kaitops.kaito.preset import Preset
from kaitops.kaito.settings import Settings

if TYPE_CHECKING:
    from kaitops.kaito.release_facts import ReleaseFacts

Document = Object
EMPTY: Object = {}


class PresetUnavailable(Exception):
    """KAITO cannot say what a preset is made of; the text is KAITO's."""


class Review:
    """One write.

    Attributes:
        document: the new object, pruned and defaulted.
        by_form: judge without the numbers of the model: its size, its longest context, its runtimes.
        old: the object before an update, pruned and defaulted; None for a create.
        missing: filled while the rules run.
    """

    __slots__ = ("by_form", "cluster", "document", "missing", "old", "release", "settings")

    def __init__(
        self,
        release: "ReleaseFacts",
        settings: Settings,
        cluster: Cluster,
        document: Document,
        old: Document | None = None,
        missing: list[MissingReference] | None = None,
    ) -> None:
        self.release, self.settings, self.cluster = release, settings, cluster
        self.document, self.old = document, old
        self.missing: list[MissingReference] = [] if missing is None else missing
        self.by_form = False

    def gate(self, name: str) -> bool:
        """Is a feature gate open?"""
        return bool(self.settings.gates.get(name, False))

    @property
    def node_classes(self) -> tuple[str, ...]:
        """NodeClasses that the operator was started with; its chart declares some where the user declares none."""
        return self.settings.node_classes or tuple(
            self.controller["node_classes"].get(self.settings.cloud, {}).get("names", ())
        )

    @property
    def controller(self) -> Object:
        """What the controllers hold fixed."""
        return facts.load(self.release.version, "controller.json")

    def honoured_labels(self, selector: Object | None) -> dict[str, str]:
        """The match labels of a selector without those that KAITO keeps for itself."""
        given: Mapping[str, str] = (selector or EMPTY).get("matchLabels") or EMPTY
        reserved = self.controller["reserved_selector_labels"]
        return {key: value for key, value in given.items() if key not in reserved}

    def not_found(self, kind: str, namespace: str, name: str, error: FieldError) -> FieldError:
        """Note that a refusal rests on an absent object, and pass the refusal on."""
        self.missing.append(MissingReference(kind, namespace, name, error.message))
        return error

    def config_map(self, namespace: str, name: str) -> Document | None:
        """A ConfigMap of the cluster."""
        return self.cluster.get("ConfigMap", namespace, name)

    def is_preset(self, name: str) -> bool:
        """Does KAITO take this for the name of a preset? Any ``owner/model`` passes."""
        if name.lower() in self.release.catalogue.aliases:
            return True
        owner, slash, model = name.partition("/")
        return bool(slash and owner and model)

    def preset(self, name: str) -> Preset:
        """What KAITO knows of a model.

        Raises:
            PresetUnavailable: nothing, or it refuses the model.
        """
        catalogue = self.release.catalogue
        preset = catalogue.find(name)
        if preset is not None:
            return preset._replace(size="", token_limit=0, transformers={}) if self.by_form else preset
        if reason := catalogue.why_not(name):
            raise PresetUnavailable(reason)
        repo = catalogue.resolve(name)
        if "/" not in repo:
            raise PresetUnavailable(f"model is not registered: {repo}")
        raise PresetUnavailable(unreachable(repo))


def annotations(document: Document) -> Mapping[str, str]:
    """The annotations of an object, empty where there are none."""
    return (document.get("metadata") or EMPTY).get("annotations") or EMPTY


def name_of(document: Document) -> str:
    """The name of an object, empty where it has none."""
    return (document.get("metadata") or EMPTY).get("name") or ""


def namespace_of(document: Document) -> str:
    """The namespace that an object is written to."""
    return (document.get("metadata") or EMPTY).get("namespace") or "default"


def config_map_missing(review: Review, shown: str, name: str, namespace: str) -> FieldError:
    """The refusal for a ConfigMap that is not there. KAITO shows the name that the user gave, if any."""
    error = generic(f"ConfigMap '{shown}' specified in 'config' not found in namespace '{namespace}'", "config")
    return review.not_found("ConfigMap", namespace, name, error)
