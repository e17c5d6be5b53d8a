"""Strings as Go quotes them: the answers are those of strconv.Quote of Go 1.26, which was asked for every code point."""

import pytest

from kaitops.kaito.expansion import gpu
from kaitops.kaito.expansion.world import Refused
from kaitops.kaito.golang.quote import quote

ANSWERS = [
    ("", '""'),
    ("plain", '"plain"'),
    ("\x00\x01\x02\x03\x04\x05\x06\x0e\x0f", r'"\x00\x01\x02\x03\x04\x05\x06\x0e\x0f"'),
    ("\a\b\t\n\v\f\r", r'"\a\b\t\n\v\f\r"'),
    ("\x1b\x1f\x7f", r'"\x1b\x1f\x7f"'),
    ('say "no" \\ so', r'"say \"no\" \\ so"'),
    ("\x80\x9f\xa0\xad", r'"\u0080\u009f\u00a0\u00ad"'),
    ("é ß 中 🦊", '"é ß 中 🦊"'),
    ("\u0378\u2028\u202e\u3000\ufeff", r'"\u0378\u2028\u202e\u3000\ufeff"'),
    ("\ufffd\ufffe\uffff", '"\ufffd' + r'\ufffe\uffff"'),
    ("\U000e0001\U0010ffff", r'"\U000e0001\U0010ffff"'),
    # Of Unicode 15.0, which Python 3.11 does not know; then of 15.1 and 16, which later ones know and Go does not.
    ("\U0001fae8\U000323af", '"\U0001fae8\U000323af"'),
    ("\U0002ebf0\u1c89", r'"\U0002ebf0\u1c89"'),
    # Bytes that are no UTF-8, as Python carries them, and a lone surrogate.
    ("a\udcffz", r'"a\xffz"'),
    ("\ud800", r'"\xed\xa0\x80"'),
]


@pytest.mark.parametrize(("text", "quoted"), ANSWERS, ids=range(len(ANSWERS)))
def test_as_go(text: str, quoted: str) -> None:
    assert quote(text) == quoted


def test_a_message_of_the_controllers_quotes_so() -> None:
    with pytest.raises(Refused) as refused:
        gpu.mig("x\x07\x1f\x7f")
    assert str(refused.value) == (
        r'invalid MIG profile: invalid MIG profile format "x\a\x1f\x7f": expected format like ' + "'1g.10gb'"
    )
