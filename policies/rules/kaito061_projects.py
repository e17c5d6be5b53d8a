"""A project of Argo CD says what may be deployed by it, from where and to where."""

from kaitops.policies import cel
from kaitops.policies.reading import at, items, text
from kaitops.policies.rule import Context, Document, Found, Rule, Severity

_HOST = "://"


def _check(document: Document, context: Context) -> Found:
    spec = at(document, "spec")
    wide = _reaches_all(spec)
    for place, source in enumerate(items(at(spec, "sourceRepos"))):
        if wide and _is_open(text(source)):
            yield ("spec", "sourceRepos", place), f"lets manifests of everybody in, and the project may write {wide}"


def _reaches_all(spec: object) -> str:
    """What of the clusters is open to a project, where nothing bounds it."""
    for one in items(at(spec, "clusterResourceWhitelist")):
        if text(at(one, "group")).startswith(("*", "rbac")) and "*" in text(at(one, "kind")):
            return "what holds for a whole cluster, roles and webhooks included"
    for one in items(at(spec, "destinations")):
        if text(at(one, "namespace")).strip("*") == "":
            return "into every namespace, the system's included"
    return ""


def _is_open(source: str) -> bool:
    """A pattern that leaves the host or the owner of a repository open."""
    _, sign, rest = source.partition(_HOST)
    host, _, path = (rest if sign else source).partition("/")
    return not source.startswith("!") and ("*" in host or path.startswith("*"))


_OPEN = "[^/]*([*]|/[*])"


def _cel() -> str:
    # As far as the first of the signs that end a scheme.
    scheme = "^([^:]|:+[^:/]|:+/[^/])*:*://"
    opened = f"(s.contains('{_HOST}') ? s.matches('{scheme}{_OPEN}') : s.matches('^{_OPEN}'))"
    sources = cel.each("object.spec.sourceRepos", "s", f"s.startsWith('!') || !{opened}")
    group = cel.given("o.group", "(o.group.startsWith('*') || o.group.startsWith('rbac'))", "o")
    kinds = f"{group} && {cel.given('o.kind', 'o.kind.contains(' + cel.quoted('*') + ')', 'o')}"
    whole = cel.each("object.spec.clusterResourceWhitelist", "o", f"!({kinds})")
    everywhere = cel.given("d.namespace", "!d.namespace.matches('^[*]*$')", "d")
    return f"({sources} || ({whole} && {cel.each('object.spec.destinations', 'd', everywhere)}))"


RULE = Rule(
    id="KAITO061",
    severity=Severity.HIGH,
    title="projects of Argo CD name their repositories",
    why="Whoever can write to any repository then writes to the cluster with the rights of Argo CD, past every review.",
    source="Argo CD operator manual: project specification; security: project scoping",
    remedy="name the repositories in sourceRepos, as kaitops render does",
    kinds=("argoproj.io/AppProject",),
    check=_check,
    cel=lambda _kind, _config: _cel(),
)
