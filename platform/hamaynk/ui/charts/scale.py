"""From amounts to places on a drawing, and round figures for an axis. Exact: Decimal and Fraction to the last step."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction


@dataclass(frozen=True)
class Scale:
    """`low` stands at `start`, `high` at `end`; `end` may lie before `start`, as on an axis that runs upwards."""

    low: Decimal
    high: Decimal
    start: int
    end: int

    def at(self, value: Decimal) -> int:
        """Where a value stands, to the nearest unit."""
        low = Fraction(self.low)
        span = Fraction(self.high) - low
        return nearest(self.start + (Fraction(value) - low) * (self.end - self.start) / span)

    @property
    def zero(self) -> int:
        """Where zero stands: every axis of bars has it."""
        return self.at(Decimal(0))


def from_zero(values: Iterable[Decimal], start: int, end: int) -> Scale:
    """A scale that holds zero and all the values."""
    low, high = extent(values)
    return Scale(low, high, start, end)


def extent(values: Iterable[Decimal]) -> tuple[Decimal, Decimal]:
    """The smallest and the greatest of the values and zero; 0 and 1 where all of them are zero."""
    known = [Decimal(0), *(_checked(value) for value in values)]
    low, high = min(known), max(known)
    return (low, high) if low < high else (Decimal(0), Decimal(1))


def ticks(low: Decimal, high: Decimal, about: int = 4) -> list[Decimal]:
    """Round figures, in steps of 1, 2 or 5, from the one at or below `low` to the one at or above `high`."""
    span = Fraction(high) - Fraction(low)
    step = next(step for step in _steps(span / about) if step * about >= span)
    first, last = Fraction(low) // step, -(-Fraction(high) // step)
    return [_decimal(step * place) for place in range(first, last + 1)]


def nearest(value: Fraction) -> int:
    """The whole number next to a fraction, half upwards."""
    return (value + Fraction(1, 2)).__floor__()


def _steps(wanted: Fraction) -> Iterable[Fraction]:
    """1, 2 and 5 times powers of ten, upwards from below `wanted`."""
    power = len(str(wanted.numerator)) - len(str(wanted.denominator)) - 1
    while True:
        for digit in (1, 2, 5):
            yield Fraction(10) ** power * digit
        power += 1


def _decimal(value: Fraction) -> Decimal:
    """A fraction that has an end, as a Decimal without loss: the denominator of a step is a power of ten."""
    places = 0
    while (value * 10**places).denominator != 1:
        places += 1
    return Decimal(int(value * 10**places)).scaleb(-places) if places else Decimal(int(value))


def _checked(value: Decimal) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, (Decimal, int)):
        raise TypeError(f"a chart takes Decimal, not {type(value).__name__}")
    if not Decimal(value).is_finite():
        raise ValueError("a chart takes finite amounts")
    return Decimal(value)
