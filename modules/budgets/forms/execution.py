"""Filters of the public page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as text

from hamaynk.common.periods import Month
from hamaynk.ui.formats import month_name
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
