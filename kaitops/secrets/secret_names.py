"""Which names mean that their value is a secret, and which values are none for all that.

Owns the words. ``DB_PASSWORD``, ``api-key`` and ``connectionString`` mean one; ``secretName``, ``max_tokens`` and
``modelAccessSecret`` name something else. A reference, a path and a placeholder are no secret, whatever their name.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, cast

from kaitops.documents.plain import Object, Path

Literal = tuple[Path, str, str]
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_SINGLE = frozenset({
    "password", "passwd", "passphrase", "passwort", "pwd", "pass", "secret", "token", "credential", "credentials",
    "apikey", "authkey", "accesskey", "privatekey", "secretkey", "accountkey", "connectionstring", "connstr", "pat",
    "sas", "hmac", "bearer", "authtoken",
})  # fmt: skip
_BEFORE_KEY = frozenset({
    "api", "access", "account", "private", "secret", "signing", "encryption", "auth", "master", "shared", "admin",
    "hmac", "license", "storage", "subscription", "openai", "anthropic", "mistral", "cohere", "huggingface", "wandb",
})  # fmt: skip
# What a tokenizer calls its signs, and what counts them.
_BEFORE_TOKEN = frozenset({
    "eos", "bos", "pad", "unk", "sep", "cls", "mask", "special", "image", "max", "min", "num", "per", "next", "first",
    "last", "end", "start", "stop", "fim", "eot", "eom", "begin", "decoder", "audio", "video", "vision", "tool", "each",
    "account",
})  # fmt: skip
# Keys of Kubernetes, of a fleet and of KAITO's own pods whose value is the name of a Secret or of a key in one.
_REFERENCES = frozenset({"secret", "secretRef", "secretKey", "imagePullSecret", "ACCESS_SECRET"})
# Unlike those that name a Secret of the cluster, as modelAccessSecret does, these hold what another party shares.
_SHARED = frozenset({"clientSecret", "sharedSecret", "consumerSecret", "cookieSecret", "jwtSecret", "webhookSecret"})
_CAMEL_SECRET = re.compile(r"[a-z][a-z0-9]*(?:[A-Z][a-z0-9]*)*Secret")
_VARIABLE = re.compile(r"[A-Z][A-Z_]*[A-Z]")
_INERT = frozenset({
    "true", "false", "none", "null", "nil", "yes", "no", "on", "off", "auto", "required", "optional", "enabled",
    "disabled", "redacted", "default", "never", "always", "string",
})  # fmt: skip
_STARTS = ("$", "{{", "/", "./", "%(", "file:", "vault:", "ref+", "@Microsoft.KeyVault(", "secretref:", "env:")
_FLAG = re.compile(r"--?([A-Za-z][\w.-]*)(?:=(.*))?", re.DOTALL)
_LINE = re.compile(r"(?m)^[ \t]*(?:export[ \t]+|-[ \t]+)?[\"']?([A-Za-z_][\w.-]{0,80})[\"']?[ \t]*[:=][ \t]*([^\s].*)$")
# Further ones within a line: an entry in braces, an assignment among words or between semicolons, an element. They are
# texts, as it takes long to make patterns of them, and few trees have a line that they are asked of.
_ENTRY = (
    r"(?:(?<!\$)\{|,)[ \t\r\n]{0,40}[\"']?([A-Za-z_][\w.-]{0,80})[\"']?[ \t]{0,8}:"
    r"[ \t]{0,8}[\"']?([^\s\"',{}\[\]]{4,512})"
)
# What stands in for a variable of a shell that has no value.
_DEFAULT = r"\$\{([A-Za-z_]\w{0,80}):?[-=][\"']?([^\s\"'{}]{4,512})"
_ASSIGNED = r"(?<=[;&|\s\"'(])([A-Za-z_][A-Za-z0-9_ ]{0,80})=[\"']?([^\s\"';&|)]{4,512})"
_ELEMENT = r"<([A-Za-z_][\w.-]{0,80})>([^<>\s]{4,512})</"
# Logins whose form says which word of them is the password.
_LOGIN = (
    r"\blogin[ \t]{1,8}[^\s]{1,128}[ \t\r\n]{1,40}(password)[ \t]{1,8}([^\s]{4,512})"
    r"|(?<![\w-])(-u|--user)[ =][\"']?[^\s:\"'$]{1,128}:([^\s:\"'$]{4,512})"
)
_SHORTEST = 4
# What every name that means a secret holds.
_STEMS = ("pass", "pwd", "secret", "token", "credential", "key", "conn", "pat", "sas", "hmac", "bearer")


@lru_cache(maxsize=4096)
def means_secret(name: str) -> bool:
    """Whether what stands under a name is a secret, going by the name's last words."""
    if name in _REFERENCES or _CAMEL_SECRET.fullmatch(name):
        return name in _SHARED
    words = [word.lower() for word in _WORD.findall(name[-200:])]
    if words and words[-1].isdigit():
        words.pop()
    if not words:
        return False
    last, before = words[-1], words[-2] if len(words) > 1 else ""
    if last == "token":
        return before not in _BEFORE_TOKEN
    if last == "key":
        return before in _BEFORE_KEY
    if last == "string":
        return before == "connection"
    if last in {"pat", "sas", "pass", "hmac"}:
        return len(words) > 1 or name.isupper()
    return last in _SINGLE


def is_literal(value: object) -> bool:
    """Whether a value can be a secret: text or a number that refers to nothing."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return False
    text = str(value).strip().strip("\"'")
    if len(text) < _SHORTEST or text.startswith(_STARTS) or text.lower() in _INERT or _VARIABLE.fullmatch(text):
        return False
    if (text[0], text[-1]) in {("<", ">"), ("[", "]"), ("{", "}")}:
        return False
    return bool(text.strip("*.xX-_•"))


def is_hint(text: str) -> bool:
    """Whether a key or text may be the name of a secret, be a flag of that name, or hold one in its lines."""
    flag = _FLAG.fullmatch(text)
    return means_secret(text) or (flag is not None and means_secret(flag[1])) or any(_lines(text, ()))


def literals(node: object, path: Path = ()) -> list[Literal]:
    """Values that a name says are secret: path, name and value, in order.

    Keys of mappings, environment variables, flags of commands and lines of files that a text holds.
    """
    found: list[Literal] = []
    _look(node, path, found)
    return found


def _look(node: Any, path: Path, found: list[Literal]) -> None:
    # Asked of every value of every object: one list for all, and a text is left where it cannot hold one.
    if isinstance(node, str):
        if _may_hold(node):
            found += _lines(node, path)
    elif isinstance(node, Mapping):
        _entries(cast("Object", node), path, found)
    elif isinstance(node, list):
        _listed(cast("list[Any]", node), path, found)


def _entries(held: Object, path: Path, found: list[Literal]) -> None:
    name = held.get("name")
    if isinstance(name, str) and means_secret(name) and is_literal(held.get("value")):
        found.append(((*path, "value"), name, str(held["value"])))
    for key, child in held.items():
        if means_secret(str(key)) and is_literal(child):
            found.append(((*path, key), str(key), str(child)))
        elif isinstance(child, dict | list) or (isinstance(child, str) and _may_hold(child)):
            _look(child, (*path, key), found)


def _may_hold(text: str) -> bool:
    return "\n" in text or "=" in text or ":" in text or "</" in text or "login" in text


def _listed(held: list[Any], path: Path, found: list[Literal]) -> None:
    for number, child in enumerate(held):
        flag = _FLAG.fullmatch(child) if isinstance(child, str) else None
        if flag and means_secret(flag[1]):
            if flag[2] is not None:
                if is_literal(flag[2]):
                    found.append(((*path, number), flag[1], flag[2]))
            elif number + 1 < len(held) and is_literal(held[number + 1]) and not str(held[number + 1]).startswith("-"):
                found.append(((*path, number + 1), flag[1], str(held[number + 1])))
        else:
            _look(child, (*path, number), found)


def _within(text: str, path: Path) -> Iterator[Literal]:
    """Values that stand in the middle of a line."""
    plain = text.lower().replace("path", "")
    if not any(stem in plain for stem in _STEMS) and "-u" not in text:
        return
    forms = (
        (_ENTRY, "{" in text and ":" in text),
        (_DEFAULT, "${" in text),
        (_ASSIGNED, "=" in text),
        (_ELEMENT, "</" in text),
    )
    for form, near in forms:
        for match in re.finditer(form, text) if near else ():
            name = match[1].rpartition(" ")[2] if form is _ASSIGNED else match[1]
            if name and means_secret(name) and is_literal(match[2]):
                yield path, name, match[2]
    if "login" in text or "-u" in text:
        for match in re.finditer(_LOGIN, text):
            name, value = match[1] or match[3], match[2] or match[4]
            if is_literal(value) and not value.isdigit():
                yield path, name, value


def _lines(text: str, path: Path) -> Iterator[Literal]:
    told: set[str] = set()
    for match in _LINE.finditer(text) if "=" in text or ":" in text else ():
        value = match[2].rstrip(" \t,;").split(" #")[0]
        if is_literal(value) and " " not in value.strip("\"' ") and means_secret(match[1]):
            told.add(value.strip("\"'"))
            yield path, match[1], value
    yield from (one for one in _within(text, path) if one[2] not in told)
    if "--" not in text:
        return
    for match in re.finditer(r"(?<![\w-])--([A-Za-z][\w-]{0,80})[= ]([^\s\"';|&]+)", text):
        if means_secret(match[1]) and is_literal(match[2]) and not match[2].startswith("-"):
            yield path, match[1], match[2]
