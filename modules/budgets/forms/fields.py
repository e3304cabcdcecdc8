"""Fields of the office's forms: amounts as people write them, never through a float."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as text

from hamaynk.common.money import AmountError, Unit, parse_amount, thousands_text

AMOUNT_ERRORS = {
    "empty": text("Write an amount."),
    "not_a_number": text("This is not a number."),
    "ambiguous": text("This can be read in two ways. Write it without separators of thousands."),
    "too_precise": text("An amount has hundredths of a dram at most."),
    "too_large": text("The amount is too large."),
}


def read_amount(value: str, unit: Unit = Unit.THOUSANDS) -> Decimal:
    """Drams out of what was typed, nothing is zero; ValidationError with a word for the one who typed it."""
    if not value.strip():
        return Decimal(0)
    try:
        return parse_amount(value, unit)
    except AmountError as error:
        raise forms.ValidationError(str(AMOUNT_ERRORS[error.code]), code=error.code) from error


def amount_text(drams: Decimal) -> str:
    """Thousand drams as they stand in a field: "760414.5", one place at least, exact; "" for nothing."""
    if not drams:
        return ""
    whole, _, fraction = thousands_text(drams).partition(".")
    return f"{whole}.{fraction.rstrip('0') or '0'}"


class AmountField(forms.CharField):
    """Drams, typed in `unit`."""

    def __init__(self, *args: Any, unit: Unit = Unit.THOUSANDS, **kwargs: Any) -> None:
        super().__init__(*args, **{"max_length": 40, **kwargs})
        self.unit = unit
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off", "class": "amount"}

    def clean(self, value: Any) -> Any:
        """The drams, or an error in words."""
        written = str(super().clean(value))
        if not written:
            return None
        return read_amount(written, self.unit)


class CodeField(forms.CharField):
    """Number of a line of the classification, offered as a list to write into: "1111 Name" counts as "1111"."""

    def clean(self, value: Any) -> str:
        """The number alone."""
        written = str(super().clean(value)).strip()
        return written.split()[0] if written else ""


class TownDateField(forms.DateField):
    """A day, with the browser's own calendar."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        kwargs.setdefault("input_formats", ["%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y"])
        super().__init__(**kwargs)


def words_of(values: dict[str, Any], name: str) -> dict[str, str]:
    """The three languages of a text out of its three fields `name_hy`, `name_en`, `name_ru`."""
    return {language: values.get(f"{name}_{language}", "") for language in ("hy", "en", "ru")}


def language_name(language: str) -> str:
    """The language's name, for labels."""
    return {"hy": gettext("Armenian"), "en": gettext("English"), "ru": gettext("Russian")}[language]
