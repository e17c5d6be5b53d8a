"""An edit of a RAGEngine that its controller has not taken, which the status never shows."""

from kaitops.documents.plain import Object, at, items, mapping
from kaitops.live.finding import Rule, Said
from kaitops.live.view import View


def _find(view: View) -> Said | None:
    made = view.controller
    if view.kind != "RAGEngine" or made is None:
        return None
    wanted = _expected(view)
    running = _environment(made)
    # What the controller fills in from its own settings is not known here; what both name must agree.
    differing = sorted(key for key in wanted if key in running and wanted[key] != running[key])
    if not differing:
        return None
    evidence = tuple(
        f"Deployment {view.namespace}/{view.name}: {key} is not what the RAGEngine declares" for key in differing
    )
    return Said("an edit is not taken yet, the old engine runs", evidence)


def _expected(view: View) -> Object:
    """The environment that KAITO gives the container of this engine."""
    from kaitops.kaito import Release

    mine = {key: view.obj.get(key) for key in ("apiVersion", "kind", "spec")}
    meta = {key: at(view.obj, "metadata", key) for key in ("name", "namespace")}
    try:
        made = Release.load(view.version).expand([{**mine, "metadata": meta}], {"nodeProvisioner": "byo"}).objects
    except Exception:
        return {}  # of an engine that no server admits, which is not in a cluster, nothing is expected
    return next((_environment(one) for one in made if one["kind"] == "Deployment"), mapping(None))


def _environment(deployment: Object) -> Object:
    container = at(deployment, "spec", "template", "spec", "containers", 0)
    return {str(at(one, "name")): at(one, "value") for one in items(at(container, "env")) if "value" in mapping(one)}


RULE = Rule(
    "rag-edit",
    "service",
    "progressing",
    "an edit of a RAGEngine is not taken yet, while its status says Ready",
    "the engine serves as it was before the edit",
    _find,
    True,
)
