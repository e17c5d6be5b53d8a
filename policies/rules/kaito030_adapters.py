"""Adapters have a name of their own and a source."""

from kaitops.policies import cel
from kaitops.policies.anatomy import INFERENCES
from kaitops.policies.reading import at, inference, items, text
from kaitops.policies.rule import Context, Document, Found, Rule, Severity

_MOST = 10


def _check(document: Document, context: Context) -> Found:
    path, block = inference(document)
    adapters = items(block.get("adapters"))
    if len(adapters) > _MOST:
        yield (*path, "adapters"), f"{len(adapters)} adapters, KAITO takes {_MOST}"
    names = [text(at(adapter, "source", "name")) for adapter in adapters]
    for place, adapter in enumerate(adapters):
        source = at(adapter, "source")
        if not at(source, "image") and at(source, "volumeSource") is None:
            yield (
                (*path, "adapters", place, "source"),
                "has neither image nor volume, which KAITO reads unguarded",
            )
        if names[place] and names[place] in names[:place]:
            yield (*path, "adapters", place, "source", "name"), f"{names[place]} is taken by an earlier adapter"


def _cel(kind: str) -> str:
    path = f"{cel.inference(kind)}.adapters"
    image, volume = (
        cel.given("a.source.image", "a.source.image != ''", "a"),
        cel.given("dyn(a.source).volumeSource", "", "a"),
    )
    name = "source.name"
    twin = cel.given(f"b.{name}", f"b.{name} == a.{name}", "b")
    unique = cel.unless(f"a.{name}", f"a.{name} == '' || {path}.exists_one(b, {twin})", "a")
    return cel.unless(path, f"(size({path}) <= {_MOST} && {path}.all(a, ({image} || {volume}) && {unique}))")


RULE = Rule(
    id="KAITO030",
    severity=Severity.MEDIUM,
    title="adapters: own names, at most 10, each with a source",
    why="A missing source is read unguarded; a duplicate name hides an adapter.",
    source="KAITO api/v1beta1/workspace_validation.go, validateDuplicateName",
    remedy="name each adapter once, with source.image or source.volumeSource",
    kinds=INFERENCES,
    check=_check,
    cel=lambda kind, _: _cel(kind),
)
