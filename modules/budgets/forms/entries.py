"""Forms of the execution by hand (R60), of returning a month, and of the history's filter."""

from __future__ import annotations

import calendar
import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as text

from hamaynk.common.money import Unit
from modules.budgets.forms.fields import AmountField, CodeField, TownDateField
from modules.budgets.forms.planning import FactForm

KINDS = (
    ("plan", text("Plan")),
    ("year", text("Budget year")),
    ("version", text("Plan version")),
    ("entry", text("Posting by hand")),
    ("file", text("Imported file")),
    ("submission", text("Handed in")),
    ("publication", text("Publication")),
    ("explanation", text("Explanation")),
    ("question", text("Question")),
)


class EntryForm(FactForm):
    """Money received or spent on a day of one month."""

    day = TownDateField(label=text("Day"))
    amount = AmountField(
        label=text("Amount, drams"), unit=Unit.DRAMS, help_text=text("With a minus for a refund."), max_length=40
    )
    note = forms.CharField(label=text("Note"), max_length=300, required=False)

    field_order = ("day", "code", "economic", "part", "amount", "note", "settlement", "account")

    def __init__(self, *args: Any, year: int, month: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.first = dt.date(year, month, 1)
        self.last = dt.date(year, month, calendar.monthrange(year, month)[1])
        self.fields["day"].widget.attrs |= {"min": self.first.isoformat(), "max": self.last.isoformat()}

    def clean_day(self) -> dt.date:
        """A day of the month that the page is of."""
        day: dt.date = self.cleaned_data["day"]
        if not self.first <= day <= self.last:
            raise forms.ValidationError(gettext("The day is not in this month."))
        return day


class CorrectionForm(forms.Form):
    """The right amount of an entry, and why it is corrected; an empty amount takes it back."""

    amount = AmountField(
        label=text("Right amount, drams"), unit=Unit.DRAMS, required=False,
        help_text=text("Empty where the entry is taken back altogether."),
    )  # fmt: skip
    note = forms.CharField(label=text("Why it is corrected"), max_length=300)


class ReturnForm(forms.Form):
    """What has to be corrected before it can be approved."""

    note = forms.CharField(
        label=text("What has to be corrected"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )


class HistoryForm(forms.Form):
    """Filter of the history. people: number and name of those who are in it."""

    year = forms.IntegerField(label=text("Budget year"), required=False, min_value=1991, max_value=2100)
    kind = forms.ChoiceField(label=text("What"), required=False, choices=(("", text("Everything")), *KINDS))
    person = forms.ChoiceField(label=text("Who"), required=False)
    line = CodeField(label=text("Line"), required=False, max_length=20)

    def __init__(self, *args: Any, people: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        person: Any = self.fields["person"]
        person.choices = [("", gettext("Everybody")), *((str(number), name) for number, name in people)]
