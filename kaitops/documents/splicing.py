"""Putting values into a text and taking them out, in the manner of what stands around them.

Owns layout: indentation, line ends, braces, commas. Whether the result means what was wanted is ``editing``'s.
"""

from kaitops.documents import writer
from kaitops.documents.plain import mapping
from kaitops.documents.spans import Node

Entry = tuple[Node | None, Node]
_STEP = 2


class Text:
    """A text, and the manner of its lines."""

    def __init__(self, text: str, root: Node) -> None:
        self.text = text
        first = root.entries[0][0] if root.flow and root.entries else None
        self._is_json = first is not None and text[first.start] == '"'
        self._step = next(filter(None, (_step(self, each) for each in root.within())), _STEP)

    def end_of(self, offset: int) -> str:
        """How the line of an offset ends, or the one before it: lines of one text may end in two ways."""
        feed = self.text.find("\n", offset)
        feed = self.text.rfind("\n") if feed < 0 else feed
        return "\r\n" if self.text[feed - 1 : feed] == "\r" else "\n"

    def column(self, offset: int) -> int:
        """Signs before the offset on its line."""
        return offset - (self.text.rfind("\n", 0, offset) + 1)

    def line_end(self, offset: int) -> int:
        """Offset of the line's end, before its line feed and carriage return."""
        end = self.text.find("\n", offset)
        end = len(self.text) if end < 0 else end
        return end - 1 if end > offset and self.text[end - 1] == "\r" else end

    def next_line(self, offset: int) -> int:
        """Offset of the next line; the end of the text where there is none."""
        end = self.text.find("\n", offset)
        return len(self.text) if end < 0 else end + 1

    def starts_line(self, offset: int) -> bool:
        """Nothing but blanks stands before it."""
        return not self.text[offset - self.column(offset) : offset].strip()

    def begin(self, entry: Entry) -> int:
        """The offset of an entry: of its key, or of the sign that announces it."""
        start = (entry[0] or entry[1]).start
        line = start - self.column(start)
        before = self.text[line:start]
        return line + before.index("?") if before.strip() == "?" else start

    def extent(self, entry: Entry) -> int:
        """The end of the last line of an entry, comments included that are indented more than its key."""
        value = last = entry[1]
        while last.block and last.entries:
            last = last.entries[-1][1]
        column = self.column(self.begin(entry))
        # Of a text whose blank lines count the end is that of its last line.
        at = max(value.end - 1, 0) if last.block and last.style else value.end
        end = self.line_end(at)
        while (start := self.next_line(end)) < len(self.text):
            line = self.text[start : self.line_end(start)]
            bare = line.lstrip(" ")
            if not bare.startswith("#") or len(line) - len(bare) <= column:
                break
            end = self.line_end(start)
        return end

    def lines(self, key: str, value: object, column: int) -> list[str]:
        """An entry on lines of its own."""
        margin = " " * column
        inner = mapping(value)
        if not inner:
            return [f"{margin}{writer.scalar(key)}: {writer.inline(value, bare=True)}"]
        made = [f"{margin}{writer.scalar(key)}:"]
        for each, entry in inner.items():
            made += self.lines(each, entry, column + self._step)
        return made

    def cut(self, start: int, end: int, put: str = "") -> str:
        """The text with a part replaced."""
        return self.text[:start] + put + self.text[end:]

    def inserted(self, container: Node, key: str, value: object) -> list[str]:
        """The text with one more entry of a mapping: behind the last one, or before it."""
        if container.flow:
            return [self._in_braces(container, self._entry(container, key, value))]
        last = container.entries[-1][1]
        column = self.column(self.begin(container.entries[-1]))
        if last.flow and last.kind == "mapping" and last.entries and mapping(value):
            new = [f"{' ' * column}{writer.scalar(key)}: {writer.inline(value)}"]
        else:
            new = self.lines(key, value, column)
        if self._spaced(container):
            new.insert(0, "")
        end = self.extent(container.entries[-1])
        behind = self.cut(end, end, "".join(self.end_of(end) + line for line in new))
        start = self.begin(container.entries[-1]) - column
        before = self.cut(start, start, "".join(line + self.end_of(start) for line in new if line))
        return [behind, before]

    def _entry(self, container: Node, key: str, value: object) -> str:
        """An entry within braces, in quotes where its neighbours' keys are: the text may be one of JSON."""
        beside = container.entries[-1][0] if container.entries else None
        if self._is_json or (beside is not None and self.text[beside.start] == '"'):
            return f"{writer.as_json(key)}: {writer.as_json(value)}"
        return f"{writer.inline(key)}: {writer.inline(value)}"

    def _spaced(self, container: Node) -> bool:
        """Its entries stand apart by blank lines."""
        if len(container.entries) < 2:
            return False
        end, key = self.extent(container.entries[-2]), container.entries[-1][0]
        between = self.text[end : key.start if key else end]
        return any(not line.strip() for line in between.split("\n")[1:-1])

    def _in_braces(self, container: Node, new: str) -> str:
        if not container.entries:
            start = self.text.index("{", container.start) + 1
            return self.cut(start, start, new)
        key, value = container.entries[-1]
        start = (key or value).start
        comma = self._comma(value.end)
        if not self.starts_line(start) or self.line_end(value.end) >= container.end - 1:
            return self.cut(value.end, value.end, f", {new}")
        end = self.line_end(value.end if comma is None else comma)
        put = f"{self.end_of(end)}{self.text[start - self.column(start) : start]}{new}"
        if comma is not None:
            return self.cut(end, end, f"{put},")
        return self.cut(value.end, end, f",{self.text[value.end : end]}{put}")

    def _comma(self, offset: int) -> int | None:
        """Offset of the comma behind a value within braces; None where the braces end."""
        while offset < len(self.text):
            sign = self.text[offset]
            if sign == "#":
                offset = self.line_end(offset)
            elif sign == ",":
                return offset
            elif not sign.isspace():
                return None
            offset += 1
        return None

    def removed(self, container: Node, entry: Entry) -> list[str]:
        """The text without one of several entries of a mapping: without a blank line that parted it, or with."""
        start, number = self.begin(entry), container.entries.index(entry)
        if container.flow:
            return [self._out_of_braces(container, number)]
        if not self.starts_line(start):
            return [self.cut(start, self.begin(container.entries[number + 1]))]
        end, start = self.extent(entry), start - self.column(start)
        following = self.text[self.next_line(end) :].partition("\n")[0]
        # A text before it may count that line as its own.
        parted = [] if end == len(self.text) else [self.cut(start, self.next_line(end))]
        if entry is container.entries[-1] or not following.strip():
            while start and not (line := self.text[self.text.rfind("\n", 0, start - 1) + 1 : start]).strip():
                start -= len(line)
        if end == len(self.text):
            # The last line had no end, so the one before it has none now.
            return [self.cut(start - len(self.end_of(start - 1)), end)]
        return [self.cut(start, self.next_line(end)), *parted]

    def _out_of_braces(self, container: Node, number: int) -> str:
        key, value = container.entries[number]
        start = (key or value).start
        comma = self._comma(value.end)
        if comma is not None:
            end = comma + 1
            if number + 1 < len(container.entries):
                following = container.entries[number + 1][0] or container.entries[number + 1][1]
                if not self.text[end : following.start].strip():
                    end = following.start
            return self.cut(start, end)
        before = self._comma(container.entries[number - 1][1].end)
        if before is None or not self.text[before + 1 : start].strip():
            return self.cut(container.entries[number - 1][1].end if before is None else before, value.end)
        end = value.end
        if self.starts_line(start) and not self.text[end : self.line_end(end)].strip():
            start, end = start - self.column(start), self.next_line(end)
        return self.text[:before] + self.text[before + 1 : start] + self.text[end:]

    def replaced(self, container: Node, entry: Entry, value: object) -> str:
        """The text with another value at a key."""
        key, old = entry
        nested = bool(mapping(value)) and not container.flow and key is not None and not old.flow
        if not nested and not (old.block and key is not None):
            return self._inline(old, value, bare=not container.flow)
        first = key or old
        end = self.extent(entry) if old.block else old.end
        colon = self.text.index(":", first.end) + 1
        kept = "" if old.block else self.text[old.end : self.line_end(old.end)]
        if old.block and not old.style and "\n" in self.text[colon : old.start]:
            kept = self.text[colon : self.line_end(colon)]
        if nested and not old.block and "\n" in self.text[colon : old.start]:
            # Comments stand between the key and its value.
            head = self.text[colon : old.start].rstrip()
            first_line, *others = self.lines("", value, self.column(first.start))[1:]
            return self.cut(colon, self.line_end(old.end), self._joined(head, [first_line + kept, *others], colon))
        if not nested:
            return self.cut(colon, end, f" {writer.inline(value, bare=True)}{kept}")
        lines = self.lines("", value, self.column(first.start))[1:]
        return self.cut(
            colon, max(end, self.line_end(old.end) if not old.block else end), self._joined(kept, lines, colon)
        )

    def opened(self, container: Node, entry: Entry, value: object) -> list[str]:
        """The text with lines in the place of empty braces, where their key has a line of its own; else nothing."""
        key, old = entry
        if container.flow or key is None or old.entries or "".join(self.text[old.start : old.end].split()) != "{}":
            return []
        kept = self.text[old.end : self.line_end(old.end)]
        lines = self.lines("", value, self.column(key.start))[1:]
        return [
            self.cut(self.text.index(":", key.end) + 1, self.line_end(old.end), self._joined(kept, lines, key.start))
        ]

    def _joined(self, head: str, lines: list[str], offset: int) -> str:
        """What stands on a line, and lines behind it that end as the one of the offset does."""
        return head + "".join(self.end_of(offset) + line for line in lines)

    def _inline(self, old: Node, value: object, *, bare: bool) -> str:
        put = writer.inline(value, old.style, bare=bare)
        if old.start == old.end:
            return self.cut(old.start, old.end, f" {put}")
        # An anchor that nothing names stays where it is.
        head = f"&{old.anchor} " if old.kind != "alias" and old.anchor is not None else ""
        return self.cut(old.start, old.end, head + put)


def _step(text: Text, node: Node) -> int:
    """By how much the entries of a mapping within a mapping are indented."""
    if node.kind != "mapping" or node.flow:
        return 0
    for key, value in node.entries:
        inner = value.entries[0][0] if value.kind == "mapping" and not value.flow else None
        if key is not None and inner is not None:
            return text.column(inner.start) - text.column(key.start)
    return 0
