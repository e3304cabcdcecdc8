"""Drams: exact reading of official number styles, percent and deviation. Decimal and integers only, never a float.

Amounts are held in drams with two places. Official tables are in thousand drams, so a thousand-dram figure may carry
up to five places (a tenth of a dram does occur in published budgets).
"""

import re
from decimal import ROUND_HALF_UP, Context, Decimal
from enum import StrEnum

PLACES = Decimal("0.01")
LIMIT = Decimal(10) ** 16  # what Decimal(18, 2) holds

_WIDE = Context(prec=80, rounding=ROUND_HALF_UP)
_SPACES = str.maketrans("", "", " \u00a0\u2009\u202f")
_MINUS = "-\u2212\u2012\u2013"
_PLAIN = re.compile(r"[0-9]+(\.[0-9]+)?")
_DECIMAL_COMMA = re.compile(r"[0-9]+,[0-9]+")
_COMMA_GROUPS = re.compile(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
_DOT_GROUPS = re.compile(r"[0-9]{1,3}(\.[0-9]{3})+,[0-9]+|[0-9]{1,3}(\.[0-9]{3}){2,}")
_SPACE_GROUPS = re.compile(r"[0-9]{1,3}([ \u00a0\u2009\u202f][0-9]{3})+([.,][0-9]+)?")


class Unit(StrEnum):
    """What the figures of a file count."""

    DRAMS = "drams"
    THOUSANDS = "thousands"


class AmountError(ValueError):
    """A text that is no exact amount. `code`: empty, not_a_number, ambiguous, too_precise or too_large."""

    def __init__(self, code: str, value: str) -> None:
        super().__init__(f"{code}: {value!r}")
        self.code = code
        self.value = value


def parse_number(value: str) -> Decimal:
    """The number written as "760414.500", "760,414.5", "760 414,5" or "760.414,5"; raises AmountError.

    A dot alone is the decimal sign, as in official tables. "760,414" could be read in two ways and is refused.
    """
    body = value.strip()
    if not body:
        raise AmountError("empty", value)
    negative = body[0] in _MINUS
    if negative:
        body = body[1:].lstrip()
    if _SPACE_GROUPS.fullmatch(body):
        body = body.translate(_SPACES).replace(",", ".")
    elif _COMMA_GROUPS.fullmatch(body):
        if _could_be_a_fraction(body):
            raise AmountError("ambiguous", value)
        body = _zero_led(body)
    elif _DOT_GROUPS.fullmatch(body):
        body = body.replace(".", "").replace(",", ".")
    elif _DECIMAL_COMMA.fullmatch(body):
        body = body.replace(",", ".")
    if not _PLAIN.fullmatch(body):
        raise AmountError("not_a_number", value)
    number = Decimal(body)
    return -number if negative and number else number


def parse_amount(value: str, unit: Unit) -> Decimal:
    """Drams, two places, from a text in `unit`; raises AmountError where that would not be exact."""
    number = parse_number(value)
    drams = number.scaleb(3, _WIDE) if unit is Unit.THOUSANDS else number
    if abs(drams) >= LIMIT:
        raise AmountError("too_large", value)
    exact = drams.quantize(PLACES, context=_WIDE)
    if exact != drams:
        raise AmountError("too_precise", value)
    return exact


def percent_of(actual: Decimal, plan: Decimal) -> Decimal | None:
    """Actual as percent of plan, two places, half up (R58); None where the plan is zero.

    Counted in whole numbers, so that nothing is rounded twice.
    """
    if plan == 0:
        return None
    top, bottom = _hundredths(actual) * 10_000, _hundredths(plan)
    sign = -1 if (top < 0) != (bottom < 0) else 1
    top, bottom = abs(top), abs(bottom)
    return Decimal(sign * ((2 * top + bottom) // (2 * bottom))).scaleb(-2, _WIDE)


def deviation(actual: Decimal, plan: Decimal) -> Decimal:
    """Actual less plan, drams: negative is a shortfall (R58)."""
    return actual - plan


def round_half_up(value: Decimal, places: int) -> Decimal:
    """`value` with `places` places, half away from zero as in official tables."""
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP, context=_WIDE)


def thousands_text(drams: Decimal) -> str:
    """Exact thousand drams for data files: three places at least, five where a part of a dram asks for them."""
    value = drams.scaleb(-3, _WIDE)
    return str(round_half_up(value, 3 if round_half_up(value, 3) == value else 5))


def _could_be_a_fraction(body: str) -> bool:
    """True for "760,414": one comma, three digits behind it, no leading zero, no dot."""
    return body.count(",") == 1 and "." not in body and not body.startswith("0")


def _zero_led(body: str) -> str:
    """ "0,123" is a fraction; everything else here is grouped by commas."""
    if body.startswith("0") and body.count(",") == 1 and "." not in body:
        return body.replace(",", ".")
    return body.replace(",", "")


def _hundredths(value: Decimal) -> int:
    scaled = value.scaleb(2, _WIDE)
    if scaled != scaled.to_integral_value():
        raise ValueError(f"an amount has two places, not {value}")
    return int(scaled)
