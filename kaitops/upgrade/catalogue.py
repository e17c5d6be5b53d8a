"""Machine sizes and models that one version has and the other has not."""

from collections.abc import Iterator

from kaitops.documents.plain import Object, Path, at
from kaitops.kaito import facts
from kaitops.kaito.release import Release
from kaitops.upgrade.impacts import CHANGED, NOTE, REFUSED, Impact
from kaitops.upgrade.objects import Subject

_AZURE_PREFIXES = ("standard_n", "standard_d")


def sizes(subject: Subject, source: Release, target: Release, settings: Object) -> Iterator[Impact]:
    """Sizes that the target does not know, or spells strictly."""
    cloud = str(settings.get("cloud") or "azure")
    for path, name in subject.sizes():
        size = target.skus(cloud).find(name)
        if size is None:
            yield _unknown_size(subject, source, target, cloud, (path, name))
        elif size.name != name and target.facts["size_case"] == "exact":
            message = f"KAITO {target.version} knows sizes by their exact spelling, and {name} is not one"
            yield Impact(REFUSED, "size", subject.index, path, message, f"write {size.name}")


def _unknown_size(subject: Subject, source: Release, target: Release, cloud: str, named: tuple[Path, str]) -> Impact:
    path, name = named
    before = source.skus(cloud).find(name)
    better = _successor(source, target, cloud, name)
    fix = f"use {better}" if better else "choose a size with 'kaitops fit'"
    passes = cloud == "azure" and name.lower().startswith(_AZURE_PREFIXES)
    if before is None and passes:
        gpu = subject.kind == "RAGEngine" or at(subject.document, *subject.root, "inference", "template") is not None
        message = f"neither version knows the size {name}, so KAITO cannot count its GPUs"
        return Impact(NOTE if gpu else CHANGED, "size", subject.index, path, message, "nothing changes with the step")
    fact = f"KAITO {target.version} does not know the size {name}" + (
        f", which {source.version} does" if before else ""
    )
    if not passes:
        return Impact(REFUSED, "size", subject.index, path, f"{fact}, and refuses it", _replaced(fix))
    then = "its webhook takes it, and then no GPU count or node estimate is known, so a preset never starts"
    return Impact(REFUSED, "size", subject.index, path, f"{fact}: {then}", _replaced(fix))


def _replaced(fix: str) -> str:
    return f"{fix}; the field cannot be changed in place, so add the object under a new name and remove this one after"


def _successor(source: Release, target: Release, cloud: str, name: str) -> str | None:
    """The smallest size of the target with at least the GPU memory of the one that it lacks."""
    if found := target.successor(cloud, name):
        return found
    gone = source.skus(cloud).find(name)
    if gone is None:
        return None
    enough = [sku for sku in target.skus(cloud) if sku.nvidia and sku.memory_gib >= gone.memory_gib]
    return min(enough, key=lambda sku: (sku.memory_gib, sku.gpus, len(sku.name), sku.name)).name if enough else None


def models(subject: Subject, source: Release, target: Release) -> Iterator[Impact]:
    """Models that the target does not serve, or serves with another access rule."""
    for path, name in subject.models():
        if not _is_known(target, name):
            yield Impact(REFUSED, "model", subject.index, path, _gone(source, target, name), _other(target, name))
            continue
        entry = _entry(target, name)
        repo, was = target.catalogue.resolve(name), source.catalogue.resolve(name)
        if entry is None and _entry(source, name) is not None:
            message = f"{name} is in the catalogue of {source.version} and not in that of {target.version}"
            fix = "allow egress to huggingface.co from the controller, which looks the model up there"
            yield Impact(CHANGED, "model", subject.index, path, message, fix)
        if repo != was and _is_known(source, name) and "/" in repo and "/" in was:
            message = f"{name} stands for {repo} in {target.version} and for {was} in {source.version}"
            yield Impact(CHANGED, "model", subject.index, path, message, "name the repository itself if it matters")
        yield from _secret(subject, target, name, entry)


def _secret(subject: Subject, target: Release, name: str, entry: Object | None) -> Iterator[Impact]:
    rule = (entry or {}).get("access_secret")
    path = (*subject.root, "inference", "preset", "presetOptions", "modelAccessSecret")
    given = at(subject.document, *path)
    if rule == "refused" and given:
        message = f"KAITO {target.version} loads {name} from an image and refuses a modelAccessSecret for it"
        yield Impact(REFUSED, "model", subject.index, path, message, "remove presetOptions.modelAccessSecret")
    elif rule == "required" and not given and subject.model_path[-3:-2] == ("inference",):
        message = f"KAITO {target.version} downloads {name} with a token and refuses it without a modelAccessSecret"
        fix = "name a Secret with the key HF_TOKEN in presetOptions.modelAccessSecret"
        yield Impact(REFUSED, "model", subject.index, path[:-2], message, fix)


def is_served(release: Release, table: str, name: str) -> bool:
    """Whether a version's table of a runtime (``transformers``) or of tuning has a model."""
    known = facts.load(release.version, "models.json")[table]
    lower = name.lower()
    return any(key in known for key in (lower, release.catalogue.resolve(lower).rsplit("/", 1)[-1]))


def _is_known(release: Release, name: str) -> bool:
    if name.lower() in release.catalogue.aliases:
        return True
    owner, slash, model = name.partition("/")
    return bool(slash and owner and model and release.facts["any_huggingface_id"])


def _entry(release: Release, name: str) -> Object | None:
    repo = release.catalogue.resolve(name)
    entries = facts.load(release.version, "models.json")["models"]
    return next((entry for entry in entries if entry["name"].lower() == repo), None)


def _gone(source: Release, target: Release, name: str) -> str:
    if "/" in name and not target.facts["any_huggingface_id"]:
        return f"KAITO {target.version} knows models by short names only and refuses {name}"
    since = "" if not _is_known(source, name) else f", which {source.version} does"
    return f"KAITO {target.version} does not serve {name}{since}, and refuses it"


def _other(target: Release, name: str) -> str:
    if "/" in name:
        short = next((alias for alias, repo in target.catalogue.aliases.items() if repo == name.lower()), None)
        if short:
            return f"write {short}"
    near = [other for other in target.catalogue.nearest(name) if other in target.catalogue.aliases]
    hint = f" (known: {', '.join(near)})" if near else ""
    return f"choose another model{hint}; the field cannot be changed in place, so add the object under a new name"
