"""Whole numbers that depend on words alone, and exact division of a sum: no chance, no binary fractions."""

import hashlib
from collections.abc import Sequence
from itertools import pairwise


def pick(below: int, *words: object) -> int:
    """A number from 0 to below - 1; the same words give the same number on every machine."""
    text = "\x1f".join(str(word) for word in words)
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8]) % below


def between(least: int, most: int, *words: object) -> int:
    """A number from least to most, both included."""
    return least + pick(most - least + 1, *words)


def allocate(total: int, weights: Sequence[int], unit: int = 1) -> list[int]:
    """`total` divided by `weights` into multiples of `unit`; the parts add up to it exactly and bear its sign.

    What does not fill a unit goes to the last part with weight. Weights are 0 or more and not all 0.
    """
    whole, size, sign = sum(weights), abs(total), -1 if total < 0 else 1
    if not whole or min(weights) < 0:
        raise ValueError("weights must be 0 or more, and one of them above 0")
    last = max(index for index, weight in enumerate(weights) if weight)
    marks, seen = [0], 0
    for index, weight in enumerate(weights):
        seen += weight
        marks.append(size if index >= last else size * seen // whole // unit * unit)
    return [sign * (after - before) for before, after in pairwise(marks)]


def rounded(amount: int, unit: int) -> int:
    """`amount` toward zero to a multiple of `unit`."""
    return amount // unit * unit if amount >= 0 else -(-amount // unit * unit)
