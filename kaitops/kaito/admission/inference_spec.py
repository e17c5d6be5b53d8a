"""What is served: preset or template, adapters, runtime; on create and on update."""

from collections.abc import Sequence

from kaitops.kaito.admission.review import EMPTY, Document, PresetUnavailable, Review
from kaitops.kaito.golang.text import parse_float
from kaitops.kaito.kubernetes.dns_names import subdomain_problems
from kaitops.kaito.kubernetes.field_errors import (
    NIL_POINTER,
    Findings,
    WebhookPanic,
    generic,
    invalid_value,
    missing_field,
    via,
)

MAX_ADAPTERS = 10


def check_create(review: Review, inference: Document, runtime: str) -> Findings:
    """The rules of a create, without those on nodes and configuration."""
    found = check_preset_or_template(inference)
    preset = inference.get("preset")
    adapters: Sequence[Document] = inference.get("adapters") or ()
    if preset is not None:
        name = preset.get("name") or ""
        if not review.is_preset(name):
            # KAITO stops here: what follows needs the model.
            return [*found, invalid_value(f"Unsupported inference preset name {name}", "presetName")]
        try:
            model = review.preset(name)
        except PresetUnavailable as error:
            return [*found, invalid_value(f"failed to get model preset: {error}", "preset")]
        if runtime == "transformers":
            if model.transformers is None:
                text = f"model {model.name} does not support inference with Huggingface Transformers runtime"
                found.append(generic(f"Runtime validation: {text}"))
        elif any(adapter.get("strength") is not None for adapter in adapters):
            found.append(generic("Runtime validation: vLLM does not support adapter strength"))
    return found + check_adapter_list(adapters)


def check_preset_or_template(inference: Document) -> Findings:
    """One of the two, not both."""
    preset, template = inference.get("preset") is not None, inference.get("template") is not None
    if preset and template:
        return [generic("Preset and Template cannot be set at the same time")]
    return [] if preset or template else [missing_field("Preset or Template must be specified")]


def check_adapter_list(adapters: Sequence[Document]) -> Findings:
    """No more adapters than KAITO takes, none twice."""
    if not adapters:
        return []
    found: Findings = []
    if len(adapters) > MAX_ADAPTERS:
        text = f"Number of Adapters exceeds the maximum limit, maximum of {MAX_ADAPTERS} allowed"
        found.append(generic(text))
    return found + check_duplicates(adapters)


def check_duplicates(adapters: Sequence[Document]) -> Findings:
    """No two adapters of one name.

    Raises:
        WebhookPanic: an adapter has no source.
    """
    found: Findings = []
    seen: set[str] = set()
    for adapter in adapters:
        if adapter.get("source") is None:
            raise WebhookPanic(NIL_POINTER)
        name = adapter["source"].get("name") or ""
        if name in seen:
            found.append(generic(f"Duplicate adapter source name found: {name}"))
        seen.add(name)
    return found


def check_update(inference: Document, old: Document | None, *, check_urls: bool = True) -> Findings:
    """The preset stays; a template may change but not come or go; adapters are checked as they are now."""
    if old is None:
        return []
    found: Findings = []
    if preset_identity(inference.get("preset")) != preset_identity(old.get("preset")):
        found.append(generic("field is immutable", "preset"))
    if (inference.get("template") is None) != (old.get("template") is None):
        found.append(generic("field cannot be unset/set if it was set/unset", "template"))
    adapters: Sequence[Document] = inference.get("adapters") or ()
    for adapter in adapters:
        found += _check_adapter(adapter, check_urls)
    return found + check_duplicates(adapters)


def preset_identity(preset: Document | None) -> object:
    """What makes two presets the same to KAITO: all fields, letter case, and absent lists apart from empty ones."""
    if preset is None:
        return None
    options: Document = preset.get("presetOptions") or EMPTY
    secrets: Sequence[str] | None = options.get("imagePullSecrets")
    return (
        preset.get("name") or "",
        preset.get("accessMode") or "",
        options.get("image") or "",
        None if secrets is None else tuple(secrets),
        options.get("modelAccessSecret") or "",
    )


def _check_adapter(adapter: Document, check_urls: bool) -> Findings:
    source = adapter.get("source")
    if source is None:
        return [missing_field("Source")]
    # Few models have adapters.
    from kaitops.kaito.admission.data_source import check_source

    found = via(check_source(source, check_urls=check_urls), "Adapters")
    name = source.get("name") or ""
    if not name:
        found.append(missing_field("Name of Adapter field must be specified"))
    elif problems := subdomain_problems(name):
        found.append(invalid_value(", ".join(problems), "adapters.source.name"))
    if not source.get("image") and source.get("volumeSource") is None:
        found.append(generic("Either Image or Volume must be specified for adapter source", "adapters.source"))
    if source.get("urls"):
        found.append(generic("URLs are not supported as adapter source", "adapters.source.urls"))
    strength = adapter.get("strength")
    number, problem = parse_float("1.0" if strength is None else strength)
    if problem:
        found.append(generic(f"Invalid strength value for Adapter '{name}': {problem}", "adapter"))
    if number < 0 or number > 1:
        found.append(generic(f"Strength value for Adapter '{name}' must be between 0 and 1", "adapter"))
    return found
