"""Choices of the public pages beside the execution tables: year, function, what a resident paid, the day of the plan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as text

from hamaynk.common.money import AmountError, Unit, parse_amount
from hamaynk.ui.formats import month_name
from modules.budgets.forms.execution import PARTS

MOST_PAID = Decimal(10) ** 12
NO_FIGURES = text("There are no figures for %(value)s.")


class Choice(forms.TypedChoiceField):
    """One of the choices that a view sets; what is not given falls back to the first one."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, error_messages={"invalid_choice": NO_FIGURES}, **kwargs)


class YearForm(forms.Form):
    """Which year."""

    year = Choice(label=text("Year"), coerce=int)

    def __init__(self, query: Mapping[str, str], years: Iterable[int], **kwargs: Any) -> None:
        super().__init__(_stripped(query), **kwargs)
        _choose(self, "year", [(year, str(year)) for year in years])


class CompareForm(YearForm):
    """Which month of which side is held against which mean."""

    month = Choice(label=text("Month"), coerce=int)
    side = Choice(
        label=text("Side of the budget"),
        choices=(("expenditure", text("Expenditure")), ("revenue", text("Revenue"))),
    )
    scope = Choice(
        label=text("Compare with"),
        choices=(("marz", text("mean of the marz")), ("country", text("mean of the country"))),
    )
    field_order = ("year", "month", "side", "scope")

    def __init__(self, query: Mapping[str, str], years: Iterable[int], newest: int) -> None:
        super().__init__(query, years)
        months = [(number, month_name(number)) for number in range(1, 13)]
        _choose(self, "month", months, default=newest)
        for name in ("side", "scope"):
            field: Any = self.fields[name]
            _choose(self, name, field.choices)


class PaidForm(forms.Form):
    """What a resident paid, and by which figures it is shared out."""

    paid = forms.CharField(
        label=text("Taxes and duties that you paid, drams"),
        max_length=30,
        error_messages={"required": text("Enter what you paid.")},
        help_text=text("For example: 25 000. The amount is not kept; it stands in the address of the page only."),
    )
    basis = forms.ChoiceField(
        label=text("Shared out by"),
        required=False,
        choices=(("executed", text("what was spent")), ("plan", text("the plan of the year"))),
    )

    def __init__(self, query: Mapping[str, str]) -> None:
        super().__init__(_stripped(query))
        self.fields["paid"].widget.attrs |= {"inputmode": "numeric", "autocomplete": "off"}

    def clean_paid(self) -> int:
        """Whole drams above zero."""
        given = self.cleaned_data["paid"]
        try:
            amount = parse_amount(given, Unit.DRAMS)
        except AmountError as error:
            raise forms.ValidationError(_amount_fault(error)) from error
        if amount != amount.to_integral_value():
            raise forms.ValidationError(gettext("Enter whole drams, without a fraction."))
        if amount <= 0:
            raise forms.ValidationError(gettext("Enter an amount above zero."))
        if amount >= MOST_PAID:
            raise forms.ValidationError(gettext("This amount is too large."))
        return int(amount)

    def clean_basis(self) -> str:
        """What was spent, unless the plan is asked for."""
        return self.cleaned_data["basis"] or "executed"


class PlanForm(YearForm):
    """Which plan, as of which day, which section of the official form, for which part of the budget."""

    as_of = forms.DateField(
        label=text("As of the day"),
        required=False,
        input_formats=["%Y-%m-%d", "%d.%m.%Y"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": text("Enter a day as year-month-day, for example 2026-03-31.")},
    )
    section = Choice(label=text("Section of the budget"), coerce=int)
    part = Choice(label=text("Budget type"), choices=PARTS)
    detail = forms.CharField(required=False, widget=forms.HiddenInput, max_length=1)

    def __init__(
        self, query: Mapping[str, str], years: Iterable[int], sections: Iterable[tuple[int, str]], today: dt.date
    ) -> None:
        super().__init__(query, years)
        self.today = today
        _choose(self, "section", list(sections))
        _choose(self, "part", list(PARTS))
        self.data = {"as_of": today.isoformat(), **self.data}

    def clean_as_of(self) -> dt.date:
        """A past day, or today."""
        day: dt.date = self.cleaned_data["as_of"] or self.today
        if day > self.today:
            raise forms.ValidationError(gettext("This day has not come yet."))
        return day


def _choose(form: forms.Form, name: str, choices: list[Any], default: object = None) -> None:
    field: Any = form.fields[name]
    field.choices = choices
    data: Any = form.data
    if not data.get(name) and choices:
        data[name] = str(choices[0][0] if default is None else default)


def _stripped(query: Mapping[str, str]) -> dict[str, str]:
    return {key: value.strip() for key, value in query.items() if value.strip()}


def _amount_fault(error: AmountError) -> str:
    if error.code == "ambiguous":
        return gettext("This can be read in two ways. Write the amount without a comma, for example 25000.")
    if error.code == "too_precise":
        return gettext("Enter whole drams, without a fraction.")
    if error.code == "too_large":
        return gettext("This amount is too large.")
    return gettext("Enter an amount in figures, for example 25 000.")
