"""Building blocks of rules in CEL: core functions only, no field touched before ``has`` was asked.

Owns the text of expressions. An expression is true where the object is fine.
"""

from collections.abc import Callable, Iterable

from kaitops.policies import anatomy, images
from kaitops.policies.rule import Cel, Config, Path


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
        inner = free.removeprefix("dyn(")
        before = _steps(inner, root) if inner != root else []
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


def field(path: Path) -> str:
    """A path of the object that the API server knows a schema for."""
    return ".".join(("object", *map(str, path)))


def inference(kind: str) -> str:
    """Path of the inference part."""
    return field(anatomy.INFERENCE[kind])


def selector(kind: str) -> str:
    """Path of the label selector for nodes."""
    return field(anatomy.SELECTOR[kind])


def _open(kind: str, path: Path) -> str:
    """A path that may lead below what the API server has a schema for."""
    # As everywhere here, dyn stands where the type checker of the API server knows no schema and would warn.
    for known in anatomy.OPEN.get(kind, ()):
        if path[: len(known)] == known and path != known:
            return ".".join((f"dyn({field(known)})", *map(str, path[len(known) :])))
    return field(path)


def template(kind: str) -> str:
    """Path of what holds the metadata and the spec of the declared pod."""
    return _open(kind, anatomy.TEMPLATE[kind])


def pod(kind: str) -> str:
    """Path of the declared pod."""
    return f"{template(kind)}.spec"


def containers(kind: str, expression: str, *, init: bool = True) -> str:
    """The expression over ``c`` for each container."""
    parts = anatomy.PARTS if init else ("containers",)
    return " && ".join(each(f"{pod(kind)}.{part}", "c", expression) for part in parts)


def each(path: str, name: str, expression: str, root: str = "object") -> str:
    """The expression over a name for each entry of a list that may be missing."""
    return unless(path, f"{path}.all({name}, {expression})", root)


def image_of(kind: str, build: Callable[[str], str]) -> str:
    """What is built over an image's path, for each image that a pod of the kind pulls."""

    def known(path: str, root: str) -> str:
        return unless(path, f"({path} == '' || {build(path)})", root)

    parts = [containers(kind, known("c.image", "c"))]
    parts.append(each(f"{pod(kind)}.volumes", "v", known("dyn(v).image.reference", "v")))
    return " && ".join(parts)


def word_of(expression: str, of_values: str) -> str:
    """The expressions over ``w`` for each word that the container ``c`` runs, and for each value of its variables."""
    parts = [each(f"c.{path}", "w", expression, "c") for path in _COMMANDS]
    values = unless("e.value", f"[e.value].all(w, {of_values})", "e")
    return " && ".join([*parts, each("c.env", "e", values, "c")])


_COMMANDS: tuple[str, ...] = (
    "command",
    "args",
    *(".".join((*map(str, path), "exec", "command")) for path in anatomy.HANDLERS),
)


def data_images(kind: str, expression: str) -> str:
    """The expression over ``i`` for each image that carries data."""
    adapters = f"{inference(kind)}.adapters"
    one = unless("a.source.image", f"a.source.image == '' || [a.source.image].all(i, {expression})", "a")
    parts = [unless(adapters, f"{adapters}.all(a, {one})")]
    paths = [f"{inference(kind)}.preset.presetOptions.image"]
    if kind == anatomy.WORKSPACE:
        paths += [f"object.tuning.{part}.image" for part in ("preset.presetOptions", "input", "output")]
    parts += [unless(path, f"{path} == '' || [{path}].all(i, {expression})") for path in paths]
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


def each_image(build: Callable[[str], str]) -> Cel:
    """A twin over each image, built from its path."""
    return lambda kind, _: image_of(kind, build)


def same(expression: str) -> Cel:
    """A twin that is the same for every kind."""
    return lambda _kind, _config: expression


def only(kinds: tuple[str, ...], build: Callable[[str], str]) -> Cel:
    """A twin for some of the rule's kinds."""
    return lambda kind, _: build(kind) if kind in kinds else None


def annotation(key: str, expression: str) -> Cel:
    """A twin over the value ``{}`` of an annotation, wherever a controller reads it or hands it on."""

    def build(kind: str, config: Config) -> str:
        return " && ".join(map(_annotated, [_open(kind, path) for path in anatomy.metadata(kind)]))

    def _annotated(holder: str) -> str:
        notes = f"{holder}.annotations"
        value = f"{notes}[{quoted(key)}]"
        return unless(notes, f"!({quoted(key)} in {notes}) || {expression.format(value)}")

    return build
