"""Filters of the public page and the upload form of the office."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as text

from hamaynk.common.money import Unit
from hamaynk.common.periods import Month
from hamaynk.ui.formats import month_name
from modules.budgets.importing.reader import MAX_BYTES
from modules.budgets.presentation import kind_choices, period_text
from modules.budgets.selectors import ExecutionTable, execution_table

VIEWS = (("cumulative", text("Since the start of the year")), ("month", text("Single month")))
PARTS = (
    ("total", text("Whole budget")),
    ("administrative", text("Administrative part")),
    ("fund", text("Fund part")),
)


def month_choices() -> list[tuple[int, str]]:
    """Twelve months with their names in the active language."""
    return [(number, month_name(number)) for number in range(1, 13)]


class FilterForm(forms.Form):
    """Filters of R57 with the switch of R55 and the drill-down of R56, from a query string.

    What is not given falls back to the newest published month. After `is_valid()`, `table` holds the execution.
    """

    year = forms.TypedChoiceField(
        label=text("Year"), coerce=int, error_messages={"invalid_choice": text("Nothing is published for %(value)s.")}
    )
    month = forms.TypedChoiceField(
        label=text("Month"), coerce=int, error_messages={"invalid_choice": text("%(value)s is not a month.")}
    )
    part = forms.ChoiceField(
        label=text("Budget type"),
        choices=PARTS,
        error_messages={"invalid_choice": text("%(value)s is not a budget type.")},
    )
    kind = forms.CharField(label=text("Kind of revenue"), required=False, widget=forms.Select, max_length=20)
    view = forms.ChoiceField(
        choices=VIEWS,
        widget=forms.HiddenInput,
        error_messages={"invalid_choice": text("%(value)s is not a way to look at the figures.")},
    )
    detail = forms.BooleanField(required=False, widget=forms.HiddenInput)

    table: ExecutionTable | None = None

    def __init__(self, query: Mapping[str, str], periods: list[Month]) -> None:
        super().__init__(_with_defaults(query, periods))
        self.periods = periods
        self._choices("year", [(year, str(year)) for year in sorted({p.year for p in periods}, reverse=True)])
        self._choices("month", month_choices())
        chosen = self.data.get("kind", "")[:20]
        self._choices("kind", [("", gettext("All kinds of revenue")), *([(chosen, chosen)] if chosen else [])])
        self.fields["kind"].widget.attrs.pop("maxlength", None)  # no attribute of a select
        for name in ("year", "month", "part", "kind"):
            self.fields[name].widget.attrs["id"] = f"id_{name}"

    def clean(self) -> dict[str, Any]:
        """Fetches the table; a month that is not published or an unknown kind is said at its field."""
        values = super().clean() or {}
        if self.errors:
            return values
        wanted = Month(values["year"], values["month"])
        table = execution_table(
            year=wanted.year, month=wanted.month, view=values["view"], part=values["part"], kind=values["kind"]
        )
        if table is None:
            self.add_error("month", self._not_published(wanted))
            return values
        self._choices("kind", kind_choices(table.kinds))
        if not table.kind_known:
            self.add_error("kind", gettext("There are no figures for the line %(code)s.") % {"code": values["kind"]})
            return values
        self.table = table
        return values

    def _not_published(self, wanted: Month) -> str:
        known = ", ".join(month_name(p.month) for p in self.periods if p.year == wanted.year)
        return gettext("%(period)s is not published. Published months of the year: %(months)s.") % {
            "period": period_text(wanted),
            "months": known,
        }

    def _choices(self, name: str, choices: list[Any]) -> None:
        field: Any = self.fields[name]
        if hasattr(field, "choices"):
            field.choices = choices
        else:
            field.widget.choices = choices


class ImportForm(forms.Form):
    """A file of revenue execution and what the clerk says about it."""

    year = forms.IntegerField(label=text("Budget year"), min_value=1991, max_value=2100)
    month = forms.TypedChoiceField(
        label=text("Month the figures run to"),
        coerce=int,
        help_text=text("The figures of the file are counted from 1 January to the end of this month or to today."),
    )
    unit = forms.ChoiceField(
        label=text("Amounts in the file are in"),
        choices=((Unit.THOUSANDS.value, text("thousand drams")), (Unit.DRAMS.value, text("drams"))),
        initial=Unit.THOUSANDS.value,
        widget=forms.RadioSelect,
    )
    source = forms.CharField(
        label=text("Source shown to residents"),
        max_length=300,
        required=False,
        help_text=text("For example: report of the local treasury branch, 18 September 2015."),
    )
    file = forms.FileField(label=text("File"), help_text=text("XLSX, ODS or CSV, up to 5 MB and 20,000 lines."))

    def __init__(self, *args: Any, today: dt.date | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        month: Any = self.fields["month"]
        month.choices = month_choices()
        self.fields["file"].widget.attrs["accept"] = ".xlsx,.ods,.csv,text/csv"
        if today is not None:
            self.initial.setdefault("year", today.year)
            self.initial.setdefault("month", today.month)

    def clean_file(self) -> UploadedFile[Any]:
        """Refuses what is too large before it is read."""
        uploaded: UploadedFile[Any] = self.cleaned_data["file"]
        if uploaded.size is None or uploaded.size > MAX_BYTES:
            raise forms.ValidationError(gettext("The file is larger than %(limit)s MB.") % {"limit": 5})
        return uploaded


def _with_defaults(query: Mapping[str, str], periods: list[Month]) -> dict[str, str]:
    """The query with the newest month, the whole budget and the cumulative view where it says nothing."""
    given = {key: value.strip() for key, value in query.items() if value.strip()}
    year = given.get("year", str(periods[-1].year) if periods else "")
    of_year = [p.month for p in periods if str(p.year) == year]
    defaults = {
        "year": year,
        "month": str(of_year[-1]) if of_year else "1",
        "part": "total",
        "view": "cumulative",
    }
    return defaults | given
