"""Dates, months and money as Armenian towns print them: pure functions, Decimal only.

The tags in `templatetags/ui.py` are thin covers over these. Django is needed for the active language alone; when none
is active (a worker, a script) the first language of the country is used.
"""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Final, Literal

from django.utils.translation import get_language

Case = Literal["nominative", "genitive"]
Style = Literal["official", "prose"]

DASH: Final = "–"
MINUS: Final = "−"
NBSP: Final = "\u00a0"
DEFAULT_LANGUAGE: Final = "hy"

# Wide enough for any sum a treasury can hold; the default context of 28 digits would refuse long ones.
_ARITHMETIC: Final = Context(prec=80, rounding=ROUND_HALF_UP)

_WEEKDAYS: Final[dict[str, tuple[str, ...]]] = {
    "hy": ("Երկուշաբթի", "Երեքշաբթի", "Չորեքշաբթի", "Հինգշաբթի", "Ուրբաթ", "Շաբաթ", "Կիրակի"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "ru": ("Понедельник", "Вторник", "Среда", "Четверг", "Пятница", "Суббота", "Воскресенье"),
}

_ENGLISH_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

_NOMINATIVE: Final[dict[str, tuple[str, ...]]] = {
    "hy": (
        "հունվար", "փետրվար", "մարտ", "ապրիլ", "մայիս", "հունիս",
        "հուլիս", "օգոստոս", "սեպտեմբեր", "հոկտեմբեր", "նոյեմբեր", "դեկտեմբեր",
    ),
    "en": _ENGLISH_MONTHS,
    "ru": (
        "январь", "февраль", "март", "апрель", "май", "июнь",
        "июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь",
    ),
}  # fmt: skip

_GENITIVE: Final[dict[str, tuple[str, ...]]] = {
    "hy": tuple(name + "ի" for name in _NOMINATIVE["hy"]),
    "en": _ENGLISH_MONTHS,
    "ru": (
        "января", "февраля", "марта", "апреля", "мая", "июня",
        "июля", "августа", "сентября", "октября", "ноября", "декабря",
    ),
}  # fmt: skip

# As the Unicode locale data have them, without the dots.
_SHORT: Final[dict[str, tuple[str, ...]]] = {
    "hy": ("հնվ", "փտվ", "մրտ", "ապր", "մյս", "հնս", "հլս", "օգս", "սեպ", "հոկ", "նոյ", "դեկ"),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "ru": ("янв", "фев", "мар", "апр", "май", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"),
}

_LONG_DATE: Final[dict[str, str]] = {
    "hy": "{weekday}, {day} {month} {year}թ.",
    "en": "{weekday}, {day} {month} {year}",
    "ru": "{weekday}, {day} {month} {year} г.",
}


def language_code(language: str | None = None) -> str:
    """The two-letter code to format in: the one given, else the active one, else Armenian."""
    code = (language or get_language() or DEFAULT_LANGUAGE).split("-")[0].lower()
    return code if code in _WEEKDAYS else DEFAULT_LANGUAGE


def month_name(month: int, case: Case = "nominative", language: str | None = None) -> str:
    """The month's name: «սեպտեմբեր» alone, «սեպտեմբերի» in a date."""
    if not 1 <= month <= 12:
        raise ValueError(f"month must be 1..12, not {month!r}")
    names = _GENITIVE if case == "genitive" else _NOMINATIVE
    return names[language_code(language)][month - 1]


def month_short(month: int, language: str | None = None) -> str:
    """The month in three letters for the foot of a chart, where its name would not fit."""
    if not 1 <= month <= 12:
        raise ValueError(f"month must be 1..12, not {month!r}")
    return _SHORT[language_code(language)][month - 1]


def long_date(day: dt.date, language: str | None = None) -> str:
    """The date with its weekday as it stands on top of every page (R51)."""
    code = language_code(language)
    month = month_name(day.month, "genitive", code)
    if code == "hy":
        # The towns' sites print the month with a capital. Only the first letter: upper() breaks the ligature և.
        month = month[0].upper() + month[1:]
    return _LONG_DATE[code].format(weekday=_WEEKDAYS[code][day.weekday()], day=day.day, month=month, year=day.year)


def thousands(
    drams: Decimal | int | None, places: int = 3, style: Style = "official", language: str | None = None
) -> str:
    """Drams as thousand drams, rounded half up (R58).

    "official" is digit for digit what the treasury's tables print: "760414.500", "-129442.797". "prose" is for
    sentences: grouped with no-break spaces, the language's decimal sign and a true minus sign.
    """
    if drams is None:
        return DASH
    return _number(_exact(drams).scaleb(-3, _ARITHMETIC), places, style, language)


def whole(number: int, language: str | None = None) -> str:
    """A number of things, grouped with no-break spaces."""
    return _number(Decimal(number), 0, "prose", language)


def percent(value: Decimal | int | None, style: Style = "official", language: str | None = None) -> str:
    """A percentage with two decimals, rounded half up, without its sign; a dash when there is none (R58)."""
    if value is None:
        return DASH
    return _number(_exact(value), 2, style, language)


def _exact(value: Decimal | int) -> Decimal:
    """Refuse anything that has already lost digits."""
    if isinstance(value, bool) or not isinstance(value, (Decimal, int)):
        raise TypeError(f"money is Decimal or int, not {type(value).__name__}")
    return Decimal(value)


def _number(value: Decimal, places: int, style: Style, language: str | None) -> str:
    rounded = value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP, context=_ARITHMETIC)
    if rounded.is_zero():
        rounded = abs(rounded)  # never "-0.000"
    if style == "official":
        return f"{rounded:f}"
    whole, _, fraction = f"{abs(rounded):,f}".partition(".")
    sign = MINUS if rounded < 0 else ""
    separator = "." if language_code(language) == "en" else ","
    return sign + whole.replace(",", NBSP) + (separator + fraction if fraction else "")
