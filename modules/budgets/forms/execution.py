"""Filters of the public pages of execution."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as text

from hamaynk.common.periods import Month
from hamaynk.ui.formats import month_name
from modules.budgets.models import Side
from modules.budgets.presentation import all_kinds, kind_choices, line_word, period_text
from modules.budgets.selectors import ExecutionTable
from modules.budgets.selectors.public_execution import Asked, Execution, Publications, read_execution

VIEWS = (("cumulative", text("Since the start of the year")), ("month", text("Single month")))
PARTS = (
    ("total", text("Whole budget")),
    ("administrative", text("Administrative part")),
    ("fund", text("Fund part")),
)
DIVISIONS = (
    ("function", text("By function")),
    ("economic", text("By economic item")),
    ("both", text("By function and economic item")),
)


def month_choices() -> list[tuple[int, str]]:
    """Twelve months with their names in the active language."""
    return [(number, month_name(number)) for number in range(1, 13)]


class MonthForm(forms.Form):
    """Which published month, in which view, of which part of the budget; from a query string.

    What is not given falls back to the newest published month.
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
    view = forms.ChoiceField(
        choices=VIEWS,
        widget=forms.HiddenInput,
        error_messages={"invalid_choice": text("%(value)s is not a way to look at the figures.")},
    )

    def __init__(self, query: Mapping[str, str], periods: Sequence[Month]) -> None:
        data = _with_defaults(query, periods)
        if data.pop("was_by", data["by"]) != data["by"]:
            data.pop("kind", None)
        super().__init__(data)
        self.periods = periods
        self._choices("year", [(year, str(year)) for year in sorted({p.year for p in periods}, reverse=True)])
        self._choices("month", month_choices())
        for name, field in self.fields.items():
            field.widget.attrs["id"] = f"id_{name}"

    def clean(self) -> dict[str, Any]:
        """A month that is not published is said at its field."""
        values = super().clean() or {}
        if not self.errors and self.month_asked not in self.periods:
            self.add_error("month", self._not_published(self.month_asked))
        return values

    @property
    def shown_fields(self) -> list[Any]:
        """Fields to choose from."""
        return self.visible_fields()

    @property
    def kept_fields(self) -> list[Any]:
        """Hidden fields that the next choice keeps."""
        return self.hidden_fields()

    @property
    def month_asked(self) -> Month:
        """The month, once year and month are clean."""
        return Month(self.cleaned_data["year"], self.cleaned_data["month"])

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


class FilterForm(MonthForm):
    """Filters of R57 with the switch of R55 and the drill-down of R56.

    by: how expenditure is divided. version: a published version that is no longer in force. `was_by` in the query is
    the division that the form was filled in under: under another, the chosen line means nothing. After `is_valid()`,
    `found` holds the execution and `table` its table.
    """

    by = forms.ChoiceField(
        label=text("Divided"), choices=DIVISIONS, required=False,
        error_messages={"invalid_choice": text("%(value)s is not a way to divide expenditure.")},
    )  # fmt: skip
    kind = forms.CharField(required=False, widget=forms.Select, max_length=20)
    settlement = forms.CharField(label=text("Settlement"), required=False, widget=forms.Select, max_length=100)
    detail = forms.BooleanField(required=False, widget=forms.HiddenInput)
    version = forms.IntegerField(required=False, min_value=1, max_value=999_999, widget=forms.HiddenInput)
    field_order = ("year", "month", "part", "by", "kind", "settlement", "view")

    found: Execution | None = None

    def __init__(self, query: Mapping[str, str], known: Publications) -> None:
        super().__init__(query, known.periods)
        self.known = known
        if known.side != Side.EXPENDITURE:
            del self.fields["by"]
        self.fields["kind"].label = line_word(known.side)
        self._offer("kind", all_kinds(known.side), [])
        self._offer("settlement", gettext("Whole community"), [])
        for name in ("kind", "settlement"):
            self.fields[name].widget.attrs.pop("maxlength", None)  # no attribute of a select

    @property
    def table(self) -> ExecutionTable | None:
        """The table, where the filters can be shown."""
        return self.found.table if self.found else None

    @property
    def shown_fields(self) -> list[Any]:
        """Fields to choose from: of settlements only where the figures, or the address, name one."""
        asked = self.data.get("settlement")
        any_known = bool(self.found and self.found.settlements)
        return [field for field in self.visible_fields() if field.name != "settlement" or asked or any_known]

    @property
    def kept_fields(self) -> list[Any]:
        """Hidden fields that the next choice keeps; a version belongs to the month it was chosen for."""
        return [field for field in self.hidden_fields() if field.name != "version"]

    def clean(self) -> dict[str, Any]:
        """Reads the execution; a version, line or settlement that is not there is said at its field."""
        values = super().clean()
        if self.errors:
            return values
        found = read_execution(self.known, self.asked)
        if found is None:
            self.add_error("version", gettext("There is no version %(number)s of this month.") % {
                "number": values["version"]
            })  # fmt: skip
            return values
        self._offer("kind", "", kind_choices(found.table.kinds, self.known.side))
        self._offer("settlement", gettext("Whole community"), [(one, one) for one in found.settlements])
        if not found.table.kind_known:
            self.add_error("kind", gettext("There are no figures for the line %(code)s.") % {"code": values["kind"]})
        elif values["settlement"] and values["settlement"] not in found.settlements:
            self.add_error("settlement", gettext("There are no figures for %(value)s.") % {
                "value": values["settlement"]
            })  # fmt: skip
        else:
            self.found = found
        return values

    @property
    def asked(self) -> Asked:
        """The filters as a value, once they are clean."""
        values = self.cleaned_data
        return Asked(
            month=self.month_asked, view=values["view"], part=values["part"], by=values.get("by") or "function",
            kind=values["kind"], settlement=values["settlement"], version=values["version"],
        )  # fmt: skip

    def _offer(self, name: str, first: str, choices: list[Any]) -> None:
        """Choices of a select, "all" first, and what was asked for even where it is not among them."""
        offered = [*([("", first)] if first else []), *choices]
        chosen = self.data.get(name, "")[:100]
        if chosen and chosen not in dict(offered):
            offered.append((chosen, chosen))
        self._choices(name, offered)


def _with_defaults(query: Mapping[str, str], periods: Sequence[Month]) -> dict[str, str]:
    """The query with the newest month, the whole budget and the cumulative view where it says nothing."""
    given = {key: value.strip() for key, value in query.items() if value.strip()}
    year = given.get("year", str(periods[-1].year) if periods else "")
    of_year = [p.month for p in periods if str(p.year) == year]
    defaults = {
        "year": year,
        "month": str(of_year[-1]) if of_year else "1",
        "part": "total",
        "by": "function",
        "view": "cumulative",
    }
    return defaults | given
