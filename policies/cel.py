"""Building blocks of rules in CEL: core functions only, no field touched before ``has`` was asked.

Owns the text of expressions. An expression is true where the object is fine.
"""

from collections.abc import Callable, Iterable

from policies import images
from policies.rule import Cel, Config

_INFERENCE = {"kaito.sh/Workspace": "object.inference", "kaito.sh/InferenceSet": "object.spec.template.inference"}
_SELECTOR = {
    "kaito.sh/Workspace": "object.resource.labelSelector",
    "kaito.sh/InferenceSet": "object.spec.labelSelector",
    "kaito.sh/RAGEngine": "object.spec.compute.labelSelector",
}


def quoted(text: str) -> str:
    """A text as a CEL literal."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n")
    return f"'{escaped}'"


def listed(texts: Iterable[str]) -> str:
    """Texts as a CEL list."""
    return f"[{', '.join(quoted(text) for text in texts)}]"


def _steps(path: str, root: str) -> list[str]:
    """Every prefix of a path below its root, shortest first."""
    if path.startswith("dyn("):
        free, _, path = path.partition(").")
        before = _steps(free.removeprefix("dyn("), root)
        root = f"{free})"
    else:
        before, path = [], path.removeprefix(f"{root}.")
    names = path.split(".")
    return [*before, *(".".join([root, *names[: count + 1]]) for count in range(len(names)))]


def unless(path: str, expression: str, root: str = "object") -> str:
    """The expression where the path is there, else true."""
    return "(" + " || ".join([*(f"!has({step})" for step in _steps(path, root)), expression]) + ")"


def given(path: str, expression: str = "", root: str = "object") -> str:
    """The path is there, and the expression true."""
    tests = [f"has({step})" for step in _steps(path, root)]
    return "(" + " && ".join([*tests, expression] if expression else tests) + ")"


def inference(kind: str) -> str:
    """Path of the inference part."""
    return _INFERENCE[kind]


def selector(kind: str) -> str:
    """Path of the label selector for nodes."""
    return _SELECTOR[kind]


def pod(kind: str) -> str:
    """Path of the declared pod."""
    # As everywhere here, dyn stands where the type checker of the API server knows no schema and would warn.
    return f"dyn({_INFERENCE[kind]}).template.spec" if kind in _INFERENCE else "object.spec.template.spec"


def containers(kind: str, expression: str, *, init: bool = True) -> str:
    """The expression over ``c`` for each container."""
    parts = ("initContainers", "containers") if init else ("containers",)
    return " && ".join(unless(f"{pod(kind)}.{part}", f"{pod(kind)}.{part}.all(c, {expression})") for part in parts)


def plain(kind: str) -> str:
    """The workload is one as KAITO makes them."""
    if kind in _INFERENCE:
        return "false"
    labels = "object.spec.template.metadata.labels"
    return given(labels, f"{labels}.exists(key, key.startsWith('kaito.sh/'))")


def own(kind: str, expression: str) -> str:
    """The expression for workloads that their author shapes; true for those made as KAITO makes them."""
    return expression if kind in _INFERENCE else f"({plain(kind)} || ({expression}))"


def data_images(kind: str, expression: str) -> str:
    """The expression over ``i`` for each image that carries data."""
    adapters = f"{inference(kind)}.adapters"
    one = unless("a.source.image", f"[a.source.image].all(i, {expression})", "a")
    parts = [unless(adapters, f"{adapters}.all(a, {one})")]
    if kind == "kaito.sh/Workspace":
        for part in ("input", "output"):
            path = f"object.tuning.{part}.image"
            parts.append(unless(path, f"[{path}].all(i, {expression})"))
    return " && ".join(parts)


def fixed(image: str) -> str:
    """The image has a digest or a tag other than latest."""
    tagged = f"({image}.matches({quoted(images.TAGGED)}) && !{image}.endsWith(':latest'))"
    return f"({digest(image)} || {tagged})"


def digest(image: str) -> str:
    """The image has a digest."""
    return f"{image}.matches({quoted(images.DIGEST)})"


def kaito(image: str) -> str:
    """The image is KAITO's own, by tag."""
    return f"{image}.matches({quoted(images.KAITO)})"


def of_registries(image: str, config: Config) -> str | None:
    """The image comes from an allowed registry; None where none is configured."""
    if not config.registries:
        return None
    return f"{listed(images.prefixes(config.registries))}.exists(r, {image}.startsWith(r))"


def each_image(expression: str) -> Cel:
    """A twin over ``c.image`` of each container."""
    return lambda kind, _: containers(kind, unless("c.image", expression, "c"))


def same(expression: str) -> Cel:
    """A twin that is the same for every kind."""
    return lambda _kind, _config: expression


def only(kinds: tuple[str, ...], build: Callable[[str], str]) -> Cel:
    """A twin for some of the rule's kinds."""
    return lambda kind, _: build(kind) if kind in kinds else None


def annotation(key: str, expression: str) -> str:
    """The expression where the annotation is there, else true."""
    notes = "object.metadata.annotations"
    return f"(!has(object.metadata) || !has({notes}) || !({quoted(key)} in {notes}) || {expression})"
