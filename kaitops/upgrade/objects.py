"""An object of KAITO's as the planner looks at it: where its workload lies, which model, size and runtime it names."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from kaitops.documents.plain import Object, Path, at
from kaitops.kaito.anatomy import MODELS, machines

_ROOTS: Mapping[str, Path] = {"Workspace": (), "InferenceSet": ("spec", "template")}
_RUNTIME = "kaito.sh/runtime"


@dataclass(frozen=True, slots=True)
class Subject:
    """One object.

    Attributes:
        index: among those given.
        served: tells whether a table of the target version (``transformers``, ``tuning``) has a model.
    """

    index: int
    document: Object
    served: Callable[[str, str], bool]

    @property
    def kind(self) -> str:
        """Kind of the object."""
        return str(self.document.get("kind"))

    @property
    def root(self) -> Path:
        """Where the workload lies."""
        return _ROOTS.get(self.kind, ("spec",))

    @property
    def head(self) -> Path:
        """Where the metadata lie that the workload's annotations are read from."""
        return self.root if self.kind == "InferenceSet" else ()

    @property
    def runtime_path(self) -> Path:
        """The annotation that chooses the runtime."""
        return (*self.head, "metadata", "annotations", _RUNTIME)

    @property
    def runtime(self) -> str:
        """``vllm`` or ``transformers``, empty where the object serves no preset."""
        if self.model_path[-3:] != ("inference", "preset", "name"):
            return ""
        return "transformers" if at(self.document, *self.runtime_path) == "transformers" else "vllm"

    @property
    def model_path(self) -> Path:
        """Where the model is named; empty where none is."""
        return next(iter(path for path, _ in self.models()), ())

    @property
    def model(self) -> str:
        """The model that is named first; empty where none is."""
        return next((name for _, name in self.models()), "")

    def is_served_by(self, table: str) -> bool:
        """Whether the target version's table has the model."""
        return self.served(table, self.model)

    def models(self) -> Iterator[tuple[Path, str]]:
        """Where models are named, and which."""
        for block, _ in MODELS.get(self.kind, ()):
            path = (*block, "name")
            name = at(self.document, *path)
            if isinstance(name, str) and name:
                yield path, name

    def sizes(self) -> Iterator[tuple[Path, str]]:
        """Where machine sizes are named, and which."""
        return machines(self.document)
