"""Rules between the keys of one workload: what excludes, needs or contradicts what."""

from collections.abc import Iterator, Sequence

from kaitops.documents.plain import Object, mapping
from kaitops.kaito import facts
from kaitops.kaito.preset import Preset
from kaitops.kaito.training import nameless, repeated, unpushable

# Signs by which a shell means several names.
_PATTERN = frozenset("*?[")
Problem = tuple[list[str | int], str]
_AROUND = ("autoscale", "route", "disruption", "smoke", "smokeImage")


def check_entry(group: str, entry: Object, preset: Preset | None) -> list[Problem]:
    """What is wrong within one workload: path below it and message."""
    return list({"models": _model, "tuning": _tuning, "rag": _rag, "mirrors": _mirror}[group](entry, preset))


def _one_of(
    entry: Object, keys: tuple[str, ...], path: list[str | int], *, optional: bool = False
) -> Iterator[Problem]:
    given = [key for key in keys if key in entry]
    if len(given) > 1:
        yield [*path, given[1]], f"excludes {given[0]}; keep one of {', '.join(keys)}"
    elif not given and not optional:
        yield path, f"needs one of {', '.join(keys)}"


def _gated(entry: Object, preset: Preset | None, key: str) -> Iterator[Problem]:
    if preset is not None and preset.gated and "secret" not in entry:
        yield (
            [key],
            (
                f"{preset.title} is gated (licence {preset.license}), KAITO admits it without a token and the download "
                "then fails in the pod; name a Secret with the key HF_TOKEN under 'secret'"
            ),
        )


def _model(entry: Object, preset: Preset | None) -> Iterator[Problem]:
    yield from _one_of(entry, ("preset", "custom"), [])
    yield from _gated(entry, preset, "preset")
    split = [role for role in ("prefill", "decode") if role in entry]
    if len(split) == 1:
        yield [split[0]], "a split model needs both prefill and decode"
    if split:
        for key in ("custom", "replicas", "autoscale", "autoUpgrade", "adapters", "partition", "nodes"):
            if key in entry:
                yield [key], "a model split into prefill and decode cannot have this; set it on the roles or drop it"
        if entry.get("runtime") == "transformers":
            yield ["runtime"], "prefill and decode need vllm"
    if "custom" in entry:
        yield from _custom(entry)
    if preset is not None and entry.get("context", 0) > preset.token_limit:
        yield ["context"], f"{preset.title} holds {preset.token_limit} tokens at most; shorten the context"
    if entry.get("runtime") == "transformers":
        for key in ("vllm", "context", "performance"):
            if entry.get(key):
                yield [key], "only vllm takes this; drop it or drop runtime: transformers"
    elif "nodes" in entry and preset is not None:
        yield ["nodes"], "KAITO works out the nodes of a vllm preset itself and ignores a count; drop it (see maxNodes)"
    if "context" in entry and "max-model-len" in entry.get("vllm", {}):
        yield ["vllm", "max-model-len"], "'context' sets the same flag; keep one"
    for name, adapter in entry.get("adapters", {}).items():
        yield from _one_of(adapter, ("image", "claim"), ["adapters", name])
        yield from _unused(adapter, "pullSecrets", ["adapters", name])
        if "strength" in adapter and entry.get("runtime") != "transformers":
            yield (
                ["adapters", name, "strength"],
                "vllm takes no strength, so KAITO refuses it; drop it or use transformers",
            )
    if "partition" in entry:
        yield from _one_of(entry["partition"], ("mig", "accelerators"), ["partition"])
    if any(key in entry for key in _AROUND):
        # Few models have any of these, and a fleet without them does not load their rules.
        from kaitops.fleet.companion_rules import around

        yield from around(entry)


def _custom(entry: Object) -> Iterator[Problem]:
    yield from _one_of(entry["custom"], ("cpuImage", "huggingFace", "volume", "blob", "azureML"), ["custom"])
    for key in ("vllm", "adapters", "context", "runtime", "performance", "localWeights", "streaming", "benchmark"):
        if entry.get(key):
            yield [key], "belongs to presets; a custom model's server is set up by its own image, args and env"
    for pattern, server in entry["custom"].items():
        image = server["image"]
        if "@" not in image and (":" not in image.rsplit("/", 1)[-1] or image.endswith(":latest")):
            yield ["custom", pattern, "image"], f"{image} can change under a running fleet; give a tag or a digest"
        yield from _twice_said(pattern, server, is_private="secret" in server or "secret" in entry)
        if not _PATTERN.isdisjoint(server.get("prefix", "")):
            yield ["custom", pattern, "prefix"], "is a folder and no pattern: all below it is fetched; drop the pattern"


def _twice_said(pattern: str, server: Object, *, is_private: bool) -> Iterator[Problem]:
    """What the server is told of its weights beside what it is told by the keys of its pattern."""
    own = {"MODEL_PATH": "path"} if "path" in server else {}
    if pattern == "huggingFace":
        own = {"MODEL_ID": "model", "MODEL_REVISION": "revision"}
        own |= {"HF_TOKEN": "secret"} if is_private else {}
    for variable, key in own.items():
        for where in ("env", "secretEnv"):
            if variable in server.get(where, {}) and (key in server or key == "secret"):
                text = f"comes from {key!r} already, and of two variables of one name the last counts; keep one"
                yield ["custom", pattern, where, variable], text
    from kaitops.kaito.vllm import started  # which few fleets need

    told = started.flag_value(server.get("args", []), "--model") or ""
    means = server.get("model") if pattern == "huggingFace" else None
    if means and not told and started.chooses_itself(server):
        text = "name no model, and vLLM takes none from MODEL_ID, so it serves one of its own choice; add --model"
        yield ["custom", pattern, "args"], f"{text} {means}"
    elif means and told and "$" not in told and told != means:
        text = f"start the server with {told}, and 'model' is {means}; write the same in both"
        yield ["custom", pattern, "args"], text
    elif "path" in server and told.startswith("/") and not f"{told}/".startswith(f"{server['path'].rstrip('/')}/"):
        text = f"start the server with {told}, and the weights are mounted at {server['path']}, so it finds none; "
        yield ["custom", pattern, "args"], f"{text}name that"


def _unused(entry: Object, key: str, path: list[str | int]) -> Iterator[Problem]:
    if key in entry and "image" not in entry:
        yield (
            [*path, key],
            "is for an image, and none is named here, so nobody would use it; drop it, or name the image",
        )


def _twice(urls: Sequence[str]) -> Iterator[Problem]:
    for place, first, name in repeated(urls):
        yield (
            ["input", "urls", place],
            f"is kept as {name!r}, as urls[{first}] is, so one takes the place of the other and its data is lost; give "
            "the files names of their own",
        )


def _nameless(urls: Sequence[str]) -> Iterator[Problem]:
    for place, url in enumerate(urls):
        if (text := nameless(url)) is not None:
            yield (
                ["input", "urls", place],
                f"{text}; name the file itself, such as https://example.com/data/own.parquet",
            )


def _tuning(entry: Object, preset: Preset | None) -> Iterator[Problem]:
    yield from _one_of(entry["input"], ("urls", "image", "claim"), ["input"])
    yield from _one_of(entry["output"], ("image", "claim"), ["output"])
    yield from _unused(entry["input"], "pullSecrets", ["input"])
    yield from _unused(entry["output"], "pushSecret", ["output"])
    yield from _nameless(entry["input"].get("urls", ()))
    yield from _twice(entry["input"].get("urls", ()))
    if "image" in entry["output"] and "pushSecret" not in entry["output"]:
        yield ["output"], "KAITO pushes an image with a Secret and refuses to start without; name it under pushSecret"
    if (text := unpushable(entry["output"].get("image", ""))) is not None:
        yield ["output", "image"], f"{text}; name a tag of a registry of yours, such as contoso.azurecr.io/NAME:TAG"
    if preset is not None and preset.tuning is None:
        yield ["preset"], f"KAITO cannot tune {preset.title}: it admits the job and then fails; choose a tunable model"
    elif preset is not None and preset.tuning is not None and "error" in preset.tuning:
        yield (
            ["preset"],
            f"KAITO's controller crashes on tuning {preset.title} ({preset.tuning['error']}); choose another",
        )


def _rag(entry: Object, preset: Preset | None) -> Iterator[Problem]:
    del preset
    yield from _one_of(entry["embedding"], ("model", "url"), ["embedding"])
    if "llm" in entry:
        yield from _one_of(entry["llm"], ("model", "url"), ["llm"])
    if (policy := mapping(entry.get("guardrails")).get("policy")) is not None:
        from kaitops.kaito import guardrails  # which few fleets have

        for path, text in guardrails.problems(policy, facts.newest()):
            yield ["guardrails", "policy", *path], text
    if entry.get("gpu") == "auto":
        yield ["gpu"], "'auto' sizes presets; name the machine size of an engine"


def _mirror(entry: Object, preset: Preset | None) -> Iterator[Problem]:
    if entry["mode"] == "Managed":
        if "storageClass" not in entry:
            yield [], "a managed mirror needs storageClass, or KAITO refuses it"
        if "size" not in entry and preset is None:
            yield [], "needs size: the model is not in the catalogue, so its size is not known"
    else:
        for key in ("size", "storageClass", "secret"):
            if key in entry:
                yield [key], "a static mirror has no storage of its own, and KAITO refuses this; drop it"
    yield from _gated(entry, preset, "model") if entry["mode"] == "Managed" else ()
