"""A definition of health as a Lua script, as Argo CD runs it.

Owns the text of the script. Uses of Lua's library only ``string``, which Argo CD gives to scripts of its settings on
request; without it nothing is found in messages, so an error that only a message tells reads as progressing.
"""

import json

from kaitops.health.definition import DELETING, LONGEST, UNSEEN, Definition, Rule
from kaitops.health.expression import ALWAYS, YOUNG, Behind, Condition, Every, Expression, Field, Some, Young

_STATUS = {"progressing": "Progressing", "healthy": "Healthy", "degraded": "Degraded"}

_BEGIN = """\
local status, generation, hit = obj.status or {{}}, obj.metadata.generation, nil
if obj.metadata.deletionTimestamp ~= nil then
  return {deleting}
end
if status.conditions == nil then
  return {unseen}
end
"""

_HELPERS = {
    "earlier": """\
local function earlier(observed)
  return observed ~= nil and generation ~= nil and observed < generation
end
""",
    "among": """\
local function among(value, list)
  for _, one in ipairs(list) do if value == one then return true end end
  return false
end
""",
    "mentions": """\
local function mentions(text, list)
  if string == nil or text == nil then return false end
  for _, one in ipairs(list) do if string.find(text, one, 1, true) then return true end end
  return false
end
""",
}

_CORE = """\
local function find(kind, test)
  for _, c in ipairs(status.conditions) do
    if c.type == kind and test(c) then return c end
  end
end
local function verdict(health, text, c)
  if c ~= nil then
    local said, _, last = c.message or ""
    if string ~= nil then _, last = string.find(said, {error}, 1, true) end
    if last ~= nil then
      said = string.gsub(string.sub(said, last + 1), "%)$", "")
    else
      said = (c.reason or "") .. ": " .. said
    end
    text = text .. ": " .. said
    if string ~= nil then text = string.sub(text, 1, {longest}) end
  end
  return {{ status = health, message = text }}
end
"""


def script(definition: Definition) -> str:
    """The script of one kind."""
    writer = _Writer()
    steps = "".join(f"{writer.step(rule)}\n" for rule in definition.rules)
    lists = "".join(f"local {name} = {_table(texts)}\n" for texts, name in writer.lists.items())
    used = steps + lists
    return "".join(
        [
            f"-- {definition.kind}.{definition.group} of KAITO {definition.version}, made by kaitops.\n",
            _BEGIN.format(deleting=_fixed(DELETING), unseen=_fixed(UNSEEN)),
            *(text for name, text in _HELPERS.items() if f"{name}(" in used),
            _CORE.format(error=_text(definition.error), longest=LONGEST),
            lists,
            steps,
        ]
    )


class _Writer:
    """Writes the steps, and gives a name to every list that is worth one.

    Attributes:
        lists: names by list.
    """

    def __init__(self) -> None:
        self.lists: dict[tuple[str, ...], str] = {}

    def step(self, rule: Rule) -> str:
        """One rule: where its test holds, the script ends with its verdict."""
        if isinstance(rule.when, Condition) and rule.cites == (rule.when,):
            return f"hit = {self._find(rule.when)}\nif hit then return {self._call(rule, 'hit')} end"
        cited = " or ".join(self._find(one) for one in rule.cites)
        call = f"return {self._call(rule, cited)}"
        return call if rule.when == ALWAYS else f"if {self._test(rule.when)} then\n  {call}\nend"

    def _call(self, rule: Rule, cited: str) -> str:
        arguments = [_text(_STATUS[rule.phase]), _text(rule.text), *([cited] if cited else [])]
        return f"verdict({', '.join(arguments)})"

    def _test(self, test: Expression) -> str:
        match test:
            case Condition():
                return self._find(test)
            case Field(name, values):
                return self._among(f"status.{name}", values)
            case Behind():
                return "(status.observedGeneration ~= nil and status.observedGeneration ~= generation)"
            case Young():
                return f"(generation ~= nil and generation <= {YOUNG})"
            case Every(parts):
                return f"({' and '.join(self._test(part) for part in parts) or 'true'})"
            case Some(parts):
                return f"({' or '.join(self._test(part) for part in parts) or 'false'})"

    def _find(self, test: Condition) -> str:
        parts: list[str] = []
        if test.status:
            parts.append(f"c.status == {_text(test.status)}")
        if test.unlike:
            parts.append(f"c.status ~= {_text(test.unlike)}")
        if test.reasons:
            parts.append(self._among("c.reason", test.reasons))
        if test.apart:
            parts.append(f"not {self._among('c.reason', test.apart)}")
        if test.mentions:
            parts.append(f"mentions(c.message, {self._list(test.mentions)})")
        if test.silent:
            parts.append(f"not mentions(c.message, {self._list(test.silent)})")
        if test.behind:
            parts.append("earlier(c.observedGeneration)")
        return f"find({_text(test.type)}, function(c) return {' and '.join(parts) or 'true'} end)"

    def _among(self, value: str, texts: tuple[str, ...]) -> str:
        return f"({value} == {_text(texts[0])})" if len(texts) == 1 else f"among({value}, {self._list(texts)})"

    def _list(self, texts: tuple[str, ...]) -> str:
        if len(texts) < 3:
            return _table(texts)
        return self.lists.setdefault(texts, f"waiting{len(self.lists) + 1}")


def _fixed(text: str) -> str:
    return f"{{ status = {_text(_STATUS['progressing'])}, message = {_text(text)} }}"


def _table(texts: tuple[str, ...]) -> str:
    return f"{{ {', '.join(_text(one) for one in texts)} }}"


def _text(text: str) -> str:
    return json.dumps(text)
