"""What the plan editor sends: many rows at once, each fault at its own field; one line's months; a move of an amendment."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as text

from hamaynk.ui.formats import month_name, month_short, thousands
from modules.budgets.forms.fields import AmountField, CodeField, amount_text, read_amount
from modules.budgets.importing.plans import spread
from modules.budgets.ledger import ZERO, Key
from modules.budgets.models import Part
from modules.budgets.planning import NOTHING, Flows, even, quarters_changed

FIELDS = ("year", "q1", "q2", "q3", "q4")
MAX_ROWS = 140  # a row sends seven values at most, a request may hold a thousand


def key_text(key: Key) -> str:
    """A fact as the value of a hidden field or an address."""
    return json.dumps(list(key), ensure_ascii=False, separators=(",", ":"))


def key_from(value: str) -> Key | None:
    """The reverse of key_text; None for what is no fact."""
    try:
        read = json.loads(value)
    except ValueError:
        return None
    if not isinstance(read, list) or len(read) != len(Key._fields) or not all(isinstance(one, str) for one in read):
        return None
    return Key(*read)


@dataclass
class TypedRow:
    """One row as it was typed: texts by field, errors by field, and the twelve flows where they could be read.

    was: the texts as the page had shown them; a row that says the same was not touched.
    """

    key: Key
    typed: dict[str, str]
    was: str
    is_taken_away: bool = False
    errors: dict[str, str] = field(default_factory=dict)
    months: Flows | None = None

    @property
    def is_touched(self) -> bool:
        """True where somebody wrote into it."""
        return self.is_taken_away or shown_text(self.typed) != self.was


def shown_text(texts: Mapping[str, str]) -> str:
    """The five texts of a row as one, to tell whether they were touched."""
    return "|".join(texts.get(name, "").strip() for name in FIELDS)


def texts_of(months: Sequence[Decimal]) -> dict[str, str]:
    """The five texts of a row for its twelve flows."""
    quarters = [sum(months[first : first + 3], ZERO) for first in range(0, 12, 3)]
    return dict(zip(FIELDS, map(amount_text, [sum(quarters, ZERO), *quarters]), strict=True))


class PlanTable:
    """The rows of one page of the editor out of a form that was sent. present: the draft's facts as they are now."""

    def __init__(self, data: Mapping[str, str], present: Mapping[Key, Flows]) -> None:
        self.rows: dict[Key, TypedRow] = {}
        count = data.get("rows", "")
        for number in range(min(int(count), MAX_ROWS) if count.isdecimal() else 0):
            key = key_from(data.get(f"r{number}-key", ""))
            if key is None:
                continue
            typed = {name: data.get(f"r{number}-{name}", "")[:40] for name in FIELDS}
            row = TypedRow(
                key=key, typed=typed, was=data.get(f"r{number}-was", ""), is_taken_away=f"r{number}-gone" in data
            )
            if row.is_touched:
                self._read(row, present.get(key, NOTHING))
            self.rows[key] = row
        seen = data.get("seen", "")
        self.seen = int(seen) if seen.isdecimal() else 0

    @property
    def touched(self) -> list[TypedRow]:
        """Rows that somebody wrote into."""
        return [row for row in self.rows.values() if row.is_touched]

    @property
    def is_valid(self) -> bool:
        """True where every touched row could be read."""
        return not any(row.errors for row in self.rows.values())

    def _read(self, row: TypedRow, months: Flows) -> None:
        if row.is_taken_away:
            row.months = NOTHING
            return
        amounts: dict[str, Decimal] = {}
        for name in FIELDS:
            try:
                amounts[name] = read_amount(row.typed[name])
            except forms.ValidationError as error:
                row.errors[name] = " ".join(error.messages)
        if row.errors:
            return
        was = dict(zip(FIELDS, row.was.split("|"), strict=False))
        new_quarters = any(row.typed[name].strip() != was.get(name, "") for name in FIELDS[1:])
        quarters = [amounts[name] for name in FIELDS[1:]]
        if not new_quarters:
            row.months = spread(amounts["year"])
        elif row.typed["year"].strip() in ("", was.get("year", "")) or sum(quarters, ZERO) == amounts["year"]:
            row.months = quarters_changed(months, quarters)
        else:
            words = {"amount": amount_text(sum(quarters, ZERO)) or "0"}
            row.errors["year"] = gettext("The quarters add up to %(amount)s.") % words


class MonthsForm(forms.Form):
    """Twelve months of one fact, thousand drams; `spread` year or quarters fills them anew and saves nothing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, 13):
            self.fields[f"m{number}"] = AmountField(label=month_name(number), required=False)

    @property
    def months(self) -> Flows:
        """Twelve flows; after is_valid()."""
        return tuple(self.cleaned_data[f"m{number}"] or ZERO for number in range(1, 13))


class SpreadForm(forms.Form):
    """An amount of the year, or four of its quarters, to be spread over the months."""

    year = AmountField(label=text("Amount of the year"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, 5):
            label = gettext("Quarter %(number)s") % {"number": number}
            self.fields[f"q{number}"] = AmountField(label=label, required=False)

    def flows(self) -> Flows:
        """Twelve flows; after is_valid(). Quarters come before the year where both are given."""
        quarters = [self.cleaned_data[f"q{number}"] for number in range(1, 5)]
        if any(quarter is not None for quarter in quarters):
            return spread([quarter or ZERO for quarter in quarters])
        return spread(self.cleaned_data["year"] or ZERO)


class FactForm(forms.Form):
    """A fact of one side, chosen from the classification; economic item for expenditure alone.

    codes, economics: number and name of what may be chosen.
    """

    code = CodeField(label=text("Line"), max_length=400, help_text=text("Number of the line; write to search."))
    economic = CodeField(label=text("Economic item"), max_length=400, required=False)
    part = forms.ChoiceField(label=text("Budget part"), choices=Part, initial=Part.ADMINISTRATIVE.value)
    settlement = forms.CharField(label=text("Settlement"), max_length=100, required=False)
    account = forms.CharField(label=text("Treasury account"), max_length=20, required=False)

    def __init__(
        self, *args: Any, codes: Mapping[str, str], economics: Mapping[str, str] | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.codes, self.economics = codes, economics or {}
        self.fields["code"].widget.attrs |= {"list": "lines", "autocomplete": "off"}
        self.fields["economic"].widget.attrs |= {"list": "items", "autocomplete": "off"}
        if economics is None:
            del self.fields["economic"]
        else:
            self.fields["economic"].required = True

    def clean_code(self) -> str:
        """A line of the year."""
        return self._known("code", self.codes)

    def clean_economic(self) -> str:
        """An economic item of the year."""
        return self._known("economic", self.economics)

    @property
    def key(self) -> Key:
        """The fact; after is_valid()."""
        values = self.cleaned_data
        return Key(
            values["code"], values.get("economic", ""), values["settlement"].strip(), values["account"].strip(),
            values["part"],
        )  # fmt: skip

    def _known(self, name: str, known: Mapping[str, str]) -> str:
        code: str = self.cleaned_data[name]
        if code not in known:
            raise forms.ValidationError(gettext("The line %(code)s is not valid in that year.") % {"code": code})
        return code


class AddFactForm(FactForm):
    """A new line of the plan with its amount of the year, spread evenly; its months can be changed after."""

    amount = AmountField(label=text("Amount of the year"))

    field_order = ("code", "economic", "part", "amount", "settlement", "account")


class SpanMixin(forms.Form):
    """An amount and the months that it belongs to."""

    amount = AmountField(label=text("Amount"))
    first_month = forms.TypedChoiceField(label=text("From month"), coerce=int)
    last_month = forms.TypedChoiceField(label=text("To month"), coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, first in (("first_month", 1), ("last_month", 12)):
            chosen: Any = self.fields[name]
            chosen.choices = [(number, month_name(number)) for number in range(1, 13)]
            self.initial.setdefault(name, first)

    def clean(self) -> dict[str, Any]:
        """The months stand in their order, the amount is above nothing."""
        values = super().clean() or {}
        if values.get("first_month", 0) > values.get("last_month", 13):
            self.add_error("last_month", gettext("The months are the wrong way round."))
        if values.get("amount") is not None and values["amount"] <= 0:
            self.add_error("amount", gettext("Write an amount above zero."))
        return values

    @property
    def flows(self) -> Flows:
        """Twelve flows; after is_valid()."""
        values = self.cleaned_data
        return even(values["amount"], values["first_month"], values["last_month"])


class MoveForm(SpanMixin):
    """An amount from one line to another of the same side. facts: what may be chosen, with the words for it."""

    source = forms.ChoiceField(label=text("From line"))
    target = forms.ChoiceField(label=text("To line"))

    field_order = ("source", "target", "amount", "first_month", "last_month")

    def __init__(self, *args: Any, facts: Mapping[Key, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("source", "target"):
            chosen: Any = self.fields[name]
            chosen.choices = [("", "–"), *((key_text(key), words) for key, words in facts.items())]

    def clean(self) -> dict[str, Any]:
        """Two lines, not one."""
        values = super().clean()
        if values.get("source") and values.get("source") == values.get("target"):
            self.add_error("target", gettext("Choose another line than the one the amount is taken from."))
        return values

    @property
    def keys(self) -> tuple[Key, Key]:
        """From and to; after is_valid()."""
        source, target = key_from(self.cleaned_data["source"]), key_from(self.cleaned_data["target"])
        if source is None or target is None:
            raise ValueError("not a fact")
        return source, target


class ChangeForm(SpanMixin, FactForm):
    """More or less for one line, which may be new to the plan."""

    direction = forms.ChoiceField(
        label=text("Direction"), choices=(("plus", text("Add")), ("minus", text("Take away"))), initial="plus"
    )

    field_order = (
        "direction",
        "code",
        "economic",
        "part",
        "amount",
        "first_month",
        "last_month",
        "settlement",
        "account",
    )

    @property
    def change(self) -> Flows:
        """Twelve flows, negative where the line gets less; after is_valid()."""
        return tuple(-flow for flow in self.flows) if self.cleaned_data["direction"] == "minus" else self.flows


def month_heads() -> list[str]:
    """Twelve short names of months."""
    return [month_short(number) for number in range(1, 13)]


def told(drams: Decimal) -> str:
    """An amount inside a choice: thousand drams."""
    return thousands(drams)
