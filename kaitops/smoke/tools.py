"""Checks of tool calls and of JSON mode."""

import json
import re
from collections.abc import Mapping
from typing import Any

from . import question
from .expected import Expected
from .shape import at, is_id, items, mapping
from .verdict import FAIL, PASS, SKIPPED, UNSUPPORTED, Report
from .wire import Trouble, Wire

_TOOL = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "The weather in a city.",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}
_QUESTION = {"role": "user", "content": "What is the weather in Paris? Use the tool."}
_MARKED = r"<tool_call|\[TOOL_CALLS\]|<function=|<\|python_tag\|>|<.tool.calls?.begin.>|to=functions\."
_AS_TEXT = re.compile(rf"{_MARKED}|\"name\"\s*:\s*\"get_weather\"|\bget_weather\(")
_IN_THOUGHT = re.compile(_MARKED)
"""What a model thinks may name the tool, and is a call only in the marks of one."""
_TOKENS = 256


def check(wire: Wire, report: Report, model: str, profile: Mapping[str, Any], expected: Expected) -> None:
    """A tool call and the turn after it where a parser is declared, then JSON mode."""
    if not expected.tools:
        report.add("tools", SKIPPED, "no parser for tool calls is declared")
    elif profile["tools"] != "parser":
        report.add("tools", UNSUPPORTED, "this runtime leaves tool calls in the text")
    else:
        call = _call(wire, report, model)
        if call:
            _after(wire, report, model, call)
    _json_mode(wire, report, model)


def _call(wire: Wire, report: Report, model: str) -> Mapping[str, Any]:
    body = question.chat(model, messages=[_QUESTION], tools=[_TOOL], tool_choice="auto", max_tokens=_TOKENS)
    try:
        found = question.ask(wire, body)
        data = found.json() if found.status == 200 else None
    except Trouble as trouble:
        report.add("tools", FAIL, str(trouble))
        return mapping(None)
    if found.status == 429:
        report.add("tools", SKIPPED, "busy: 429; that is load, not failure")
        return mapping(None)
    if found.status != 200:
        report.add("tools", FAIL, f"a request with a tool {question.problem(found)}", found.seconds)
        return mapping(None)
    message = question.message_of(data)
    calls = items(message.get("tool_calls"))
    if not calls:
        thought = question.text_of(message.get("reasoning") or message.get("reasoning_content"))
        if _AS_TEXT.search(question.text_of(message.get("content"))):
            report.add("tools", FAIL, "the call stands as text in the content: the parser does not fit the model")
        elif _IN_THOUGHT.search(thought):
            report.add("tools", FAIL, "the call stands in the reasoning: the two parsers do not fit each other")
        else:
            # A model may answer without a tool; then nothing is known of the parser.
            report.add("tools", SKIPPED, "the model did not call the tool", found.seconds)
        return mapping(None)
    fault = _fault(mapping(calls[0]))
    report.add("tools", FAIL if fault else PASS, fault or "called", found.seconds)
    return mapping(None) if fault else message


def _fault(call: Mapping[str, Any]) -> str:
    """What is wrong with a call; empty where nothing is."""
    try:
        given = json.loads(str(at(call, "function", "arguments")))
    except (ValueError, RecursionError):
        given = None
    if at(call, "function", "name") != "get_weather" or not isinstance(given, dict):
        return "the call is malformed"
    if not isinstance(at(given, "city"), str):
        return "the call lacks the argument that the tool requires"
    return "" if is_id(call.get("id")) else "the call has no id, by which its result is sent"


def _after(wire: Wire, report: Report, model: str, message: Mapping[str, Any]) -> None:
    call = mapping(at(message, "tool_calls", 0))
    said = {"role": "assistant", "content": message.get("content") or "", "tool_calls": [call]}
    answer = {"role": "tool", "tool_call_id": call["id"], "content": "sunny, 21 degrees"}
    body = question.chat(model, messages=[_QUESTION, said, answer], tools=[_TOOL], max_tokens=_TOKENS)
    try:
        found = question.ask(wire, body)
        good = found.status == 200 and question.says(question.message_of(found.json()))
    except Trouble as trouble:
        report.add("turn after a tool", FAIL, str(trouble))
        return
    text = "answered" if good else f"{question.problem(found)} without content"
    report.add("turn after a tool", PASS if good else FAIL, text, found.seconds)


def _json_mode(wire: Wire, report: Report, model: str) -> None:
    messages = [{"role": "user", "content": 'Answer with the JSON object {"ok": true} and nothing else.'}]
    body = question.chat(model, messages=messages, response_format={"type": "json_object"}, max_tokens=64)
    try:
        found = question.ask(wire, body)
        data = found.json()
    except Trouble as trouble:
        report.add("json", FAIL, str(trouble))
        return
    if found.status in (400, 422, 501):
        report.add("json", UNSUPPORTED, f"response_format {question.problem(found)}", found.seconds)
        return
    if found.status != 200:
        report.add("json", SKIPPED if found.status == 429 else FAIL, question.problem(found), found.seconds)
        return
    if at(data, "choices", 0, "finish_reason") == "length":
        report.add("json", SKIPPED, "the answer was longer than the 64 tokens that it had", found.seconds)
        return
    text = question.text_of(question.message_of(data).get("content"))
    try:
        good = isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        good = False
    verdict = PASS if good else UNSUPPORTED
    report.add("json", verdict, "an object" if good else "the content is no JSON object", found.seconds)
