"""Sharing an amount out in proportion to others, exactly to the smallest unit: the method of the largest remainder."""

from __future__ import annotations

from collections.abc import Sequence


def spread(amount: int, weights: Sequence[int]) -> list[int]:
    """`amount` in whole units shared out by `weights` (zero or more, not all zero); the shares sum to it exactly.

    Everybody gets the whole part of their share; what is left goes one by one to the largest remainders, of equal ones
    to the first (Hare quota, largest remainder). ValueError for a negative amount or weight, or where all weigh nothing.
    """
    whole = sum(weights)
    if amount < 0 or whole <= 0 or any(weight < 0 for weight in weights):
        raise ValueError("an amount and its weights are zero or more, and something weighs")
    shares = [amount * weight // whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda place: (-(amount * weights[place] % whole), place))
    for place in order[: amount - sum(shares)]:
        shares[place] += 1
    return shares
