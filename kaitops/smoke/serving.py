"""Checks of a server that speaks OpenAI's protocol: health, models, answers, streams, errors, metrics."""

import json
import re
from collections.abc import Mapping
from typing import Any

from . import question, telemetry, tools
from .expected import Expected, Facts
from .shape import at, is_id, items, mapping
from .verdict import FAIL, PASS, SKIPPED, UNSUPPORTED, Report
from .wire import Trouble, Wire

_DOWNLOADS = "kaito_model_download_remaining_seconds"


def check(wire: Wire, expected: Expected, facts: Facts) -> Report:
    """All checks; those that need what failed are skipped."""
    report = Report(wire.base, expected.runtime)
    if not health(wire, report):
        return report
    listed = models(wire, report)
    if not listed:
        return report
    runtime = expected.runtime or detect(wire, listed)
    report.runtime = runtime
    profile = facts.known.get(runtime) or facts.known["openai"]
    model = declared(report, expected, listed, profile)
    if not answer(wire, report, model, profile):
        return report
    streamed(wire, report, model, profile)
    for name in expected.adapters:
        if name in {str(one.get("id")) for one in listed}:
            answer(wire, report, name, profile, f"adapter {name}")
    tools.check(wire, report, model, profile, expected)
    errors(wire, report, profile)
    telemetry.check(wire, report, profile)
    return report


def health(wire: Wire, report: Report) -> bool:
    """The server says that it is well."""
    try:
        found = wire.ask("GET", "/health")
    except Trouble as trouble:
        return report.add("health", FAIL, str(trouble))
    if found.status == 200:
        return report.add("health", PASS, "200", found.seconds)
    text = f"/health answers {found.status}"
    try:
        told = wire.ask("GET", "/metrics").body.decode(errors="replace")
    except Trouble:
        told = ""
    left = re.search(rf"^{_DOWNLOADS}(?:{{.*}})? ([\d.e+-]+)$", told, re.MULTILINE)
    if left or (found.status == 404 and "kaito_model_download" in told):
        minutes = float(left.group(1)) / 60 if left else -1
        rest = f", {minutes:.0f} minutes left" if minutes >= 0 else ""
        text = f"the server still downloads the weights{rest}: only /metrics is there"
    return report.add("health", FAIL, text, found.seconds)


def models(wire: Wire, report: Report) -> list[Mapping[str, Any]]:
    """What is served."""
    try:
        found = wire.ask("GET", "/v1/models")
        data = found.json() if found.status == 200 else None
    except Trouble as trouble:
        report.add("models", FAIL, str(trouble))
        return []
    told = items(at(data, "data"))
    entries = [one for one in map(mapping, told) if is_id(one.get("id"))]
    names = ", ".join(str(one["id"])[:80] for one in entries[:8])
    if entries:
        report.add("models", PASS, names, found.seconds)
    else:
        what = "names models by ids that are no plain text" if told else "names no model"
        what = what if found.status == 200 else f"answers {found.status}"
        if found.status in (401, 403):
            what += f": it {'does not take the key of' if wire.keyed else 'wants a key; set'} OPENAI_API_KEY"
        report.add("models", FAIL, f"/v1/models {what}, whatever /health says", found.seconds)
    return entries


def detect(wire: Wire, listed: list[Mapping[str, Any]]) -> str:
    """Which runtime it is, by what it says of its models."""
    owner = str(listed[0].get("owned_by", ""))
    return {"vllm": "vllm", "kaito": "transformers", "llamacpp": "llama.cpp"}.get(owner, "openai")


def declared(report: Report, expected: Expected, listed: list[Mapping[str, Any]], profile: Mapping[str, Any]) -> str:
    """Hold the list to what was declared; the model that is asked from here on."""
    by_name = {str(one["id"]): one for one in listed}
    bases = [name for name, one in by_name.items() if not one.get("parent")] or list(by_name)
    model = expected.model if expected.model in by_name else bases[0]
    if expected.model:
        same = expected.model in by_name
        report.add("model", PASS if same else FAIL, f"{expected.model} is {'' if same else 'not '}served")
    for name in expected.adapters:
        if not profile["adapters"]:
            report.add(f"adapters {name}", UNSUPPORTED, "this runtime merges adapters and lists none")
        elif name not in by_name:
            report.add(f"adapters {name}", FAIL, "declared and not listed")
        else:
            parent = by_name[name].get("parent")
            text = f"parent {parent}, not {model}" if parent != model else f"parent {parent}"
            report.add(f"adapters {name}", PASS if parent == model else FAIL, text)
    length = by_name[model].get("max_model_len")
    if expected.context and not profile["context"]:
        report.add("context", UNSUPPORTED, "this runtime does not say its context")
    elif expected.context:
        text = f"{length} tokens, declared {expected.context}"
        report.add("context", PASS if length == expected.context else FAIL, text)
    return model


def answer(wire: Wire, report: Report, model: str, profile: Mapping[str, Any], name: str = "chat") -> bool:
    """A plain answer, with the model's own name and the usage."""
    try:
        found = question.ask(wire, question.chat(model))
        if found.status == 429:
            report.add(
                name, SKIPPED, f"busy: 429 after {question.TRIES} tries; that is load, not failure", found.seconds
            )
            # Whoever asks on makes it worse, and learns nothing of the server.
            return False
        if found.status != 200:
            return report.add(name, FAIL, f"chat {question.problem(found)}", found.seconds)
        data = found.json()
    except Trouble as trouble:
        return report.add(name, FAIL, str(trouble))
    message = question.message_of(data)
    if not question.says(message) and not message.get("tool_calls"):
        return report.add(name, FAIL, "the answer holds neither content nor reasoning", found.seconds)
    if end := question.broken(data):
        return report.add(name, FAIL, f"the server itself ends the answer as broken ({end})", found.seconds)
    told = at(data, "model")
    if profile["echo"] and told != model:
        who = "the answer does not say who answers" if told is None else f"{str(told)[:80]} answers"
        return report.add(name, FAIL, f"asked {model}, and {who}", found.seconds)
    report.add(name, PASS, f"answered as {str(told)[:80]}", found.seconds)
    if name == "chat":
        report.add("usage", *_counted(mapping(at(data, "usage"))))
    return True


def _counted(usage: Mapping[str, Any]) -> tuple[str, str]:
    """Verdict and evidence of what an answer says of its tokens."""
    total = usage.get("total_tokens")
    parts = [usage[key] for key in ("prompt_tokens", "completion_tokens") if usage.get(key) is not None]
    if total is None:
        return FAIL, "the answer has no usage"
    if any(type(one) is not int or one < 0 for one in (total, *parts)) or total < max(1, *parts, sum(parts)):
        return FAIL, "the answer counts tokens by what are no counts of them"
    return PASS, f"{total} tokens"


def streamed(wire: Wire, report: Report, model: str, profile: Mapping[str, Any]) -> None:
    """A streamed answer: its form, its end, its usage."""
    try:
        found = wire.stream(
            "/v1/chat/completions", question.chat(model, stream=True, stream_options={"include_usage": True})
        )
    except Trouble as trouble:
        report.add("stream", FAIL, str(trouble))
        return
    kind, packed = found.headers.get("content-type", "none"), found.headers.get("content-encoding", "identity")
    pieces = [delta for one in found.chunks if (delta := _delta(one))]
    others = sorted({str(told) for one in found.chunks if (told := at(one, "model")) not in (None, model)})
    if found.status == 429:
        report.add("stream", SKIPPED, "busy: 429; that is load, not failure")
        return
    faults = (
        (found.status != 200, f"answers {found.status}"),
        (
            found.status == 200 and not kind.lower().startswith("text/event-stream"),
            f"its type is {kind}, not text/event-stream",
        ),
        (packed.lower() != "identity", f"it is packed as {packed[:40]}, which nobody asked for"),
        (bool(found.cut), f"the stream is not whole: {found.cut}"),
        (
            any(at(one, "error") or at(one, "object") == "error" for one in found.chunks),
            "an error comes in place of a chunk",
        ),
        (not any(question.says(one) for one in pieces), "no chunk holds content or reasoning"),
        (any(map(question.broken, found.chunks)), "the server itself ends it as broken"),
        (bool(profile["done"]) and not found.done, "it ends without [DONE]"),
        (bool(profile["echo"] and others), f"asked {model}, and {', '.join(others)[:80]} answers"),
    )
    fault = next((text for wrong, text in faults if wrong), "")
    if fault:
        report.add("stream", FAIL, fault, found.seconds)
        return
    ends = "[DONE]" if found.done else "the end of the stream"
    report.add("stream", PASS, f"{len(found.chunks)} chunks, then {ends}", found.first or found.seconds)
    told = any(at(one, "usage") for one in found.chunks)
    if profile["usage_in_stream"]:
        report.add("usage in a stream", PASS if told else FAIL, "told" if told else "asked for and not told")


def _delta(chunk: object) -> Mapping[str, Any]:
    """What it adds to the one choice that was asked for."""
    first = at(chunk, "choices", 0)
    return mapping(at(first, "delta")) if at(first, "index") in (0, None) else mapping(None)


def errors(wire: Wire, report: Report, profile: Mapping[str, Any]) -> None:
    """A model that is not there is refused as this runtime does, in JSON."""
    try:
        found = wire.ask("POST", "/v1/chat/completions", question.chat("kaitops-no-such-model"))
    except Trouble as trouble:
        report.add("errors", FAIL, str(trouble))
        return
    if found.status == 429:
        report.add("errors", SKIPPED, "busy: 429; that is load, not failure")
        return
    wanted = profile["unknown_model"]
    try:
        is_json = isinstance(json.loads(found.body), dict)
    except (ValueError, RecursionError):
        is_json = False
    good = found.status in wanted and is_json
    text = f"a model that is not there: {found.status}, {'JSON' if is_json else 'no JSON'}"
    report.add("errors", PASS if good else FAIL, text if good else f"{text}; expected {wanted} in JSON", found.seconds)
