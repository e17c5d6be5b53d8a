"""Amounts as k8s.io/apimachinery reads them; each was asked of it, but for the last."""

from fractions import Fraction

import pytest

from kaitops.kaito.kubernetes import quantity


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1", 1), ("7.15Gi", Fraction(38386270208, 5)), ("100m", Fraction(1, 10)), ("0.1n", Fraction(1, 10**9)), ("1e3", 1000),
        ("1E", 10**18), ("1e-30", Fraction(1, 10**9)), ("-555555.15Mi", Fraction(-2912708984832, 5)), (".5", Fraction(1, 2)),
        ("16Ei", 2**63 - 1), ("99999999999999999999Ki", 2**63 - 1), ("9223372036854775808", 2**63), ("00", 0), ("0e999999", 0),
        ("1e9999999", 10**100),
    ],
)  # fmt: skip
def test_amounts(text: str, amount: Fraction) -> None:
    assert quantity.parse(text) == amount


@pytest.mark.parametrize("text", ["", "x", "1K", "1i", "1 Gi", "1e", "--1", "1.1.1"])
def test_what_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="is not a Kubernetes quantity"):
        quantity.parse(text)


@pytest.mark.timeout(5)
@pytest.mark.parametrize("text", ["1e" + "9" * 5000, "1e-" + "9" * 5000, "0." + "0" * 90_000 + "1", "9" * 90_000])
def test_no_length_costs_more_than_reading_it(text: str) -> None:
    assert quantity.parse(text) > 0
