"""Flags of vLLM that only hold together: what each of them says is legal, and the server ends on both.

Source: vLLM's ``vllm/config/scheduler.py`` and ``vllm/entrypoints/openai/cli_args.py``.
"""

from collections.abc import Iterator, Mapping

from kaitops.documents.plain import count
from kaitops.kaito.vllm.handing import Given, Reading

_BATCHED, _SEQUENCES, _LENGTH = "max-num-batched-tokens", "max-num-seqs", "max-model-len"
_CHUNKED = "enable-chunked-prefill"
_LOST = "so the server does not start"
# A switch and what vLLM's own command wants beside it.
_NEEDED = {"enable-auto-tool-choice": "tool-call-parser", "enable-log-outputs": "enable-log-requests"}


def problems(reading: Reading, *, by_kaito: bool) -> Iterator[tuple[str, str]]:
    """Each flag that the server ends on because of others, as it is written, and what is said of it.

    Values that are no numbers are somebody else's.

    Args:
        by_kaito: its script starts the server, which gives most models a parser of tools itself, and skips the checks
            of vLLM's own command.
    """
    given = {one.flag.name: one for one in reading.given if not one.lost}
    for name, needed in () if by_kaito else _NEEDED.items():
        one = given.get(name)
        if one is not None and not one.negated and (needed not in given or given[needed].negated):
            yield one.key, f"needs {needed} beside it, which is not said, {_LOST}; add {needed}"
    tokens = _number(given, _BATCHED)
    if tokens is None:
        return
    sequences, length = _number(given, _SEQUENCES), _number(given, _LENGTH)
    if sequences is not None and tokens < sequences:
        fact = f"is {tokens}, less than the {sequences} of {_SEQUENCES}, each of which takes a token in every step"
        yield given[_BATCHED].key, f"{fact}, {_LOST}; write {sequences} or more"
    elif _CHUNKED in given and given[_CHUNKED].negated and length is not None and tokens < length:
        fact = f"is {tokens}, less than the {length} of {_LENGTH}, and without {_CHUNKED} a prompt is read in one step"
        yield given[_BATCHED].key, f"{fact}, {_LOST}; write {length} or more, or drop no-{_CHUNKED}"


def _number(given: Mapping[str, Given], name: str) -> int | None:
    one = given.get(name)
    return None if one is None else count(one.value or "")
