"""What a dram buys: shares sum to what was paid, whatever the amounts are."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.budgets.spread import spread

WEIGHTS = st.lists(st.integers(0, 10**18), min_size=1, max_size=30).filter(any)


@given(st.integers(0, 10**12), WEIGHTS)
def test_shares_sum_to_the_dram(paid: int, weights: list[int]) -> None:
    """Exactly, and no share is a whole dram away from its true one; who weighs nothing gets nothing."""
    shares = spread(paid, weights)
    assert sum(shares) == paid
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share - Fraction(paid * weight, sum(weights))) < 1
        assert weight or not share


@given(st.integers(0, 10**9), WEIGHTS)
def test_who_weighs_more_never_gets_less(paid: int, weights: list[int]) -> None:
    """Shares keep the order of the weights."""
    pairs = sorted(zip(weights, spread(paid, weights), strict=True))
    for (lighter, less), (heavier, more) in zip(pairs, pairs[1:], strict=False):
        assert lighter == heavier or less <= more


@pytest.mark.parametrize(("paid", "weights"), [(-1, [1]), (1, []), (1, [0]), (1, [2, -1])])
def test_what_cannot_be_shared_is_refused(paid: int, weights: list[int]) -> None:
    """A negative amount or weight, or nothing to share by."""
    with pytest.raises(ValueError, match="zero or more"):
        spread(paid, weights)
