"""The upload form of the office."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as text

from hamaynk.common.money import Unit
from modules.budgets.forms.execution import month_choices
from modules.budgets.importing.reader import MAX_BYTES
from modules.budgets.models import Purpose, Side


class ImportForm(forms.Form):
    """A file of a plan or of an execution, of one side, and what the clerk says about it. purposes: those on offer."""

    purpose = forms.ChoiceField(label=text("What the file states"), choices=Purpose, widget=forms.RadioSelect)
    side = forms.ChoiceField(label=text("Side of the budget"), choices=Side, widget=forms.RadioSelect)
    year = forms.IntegerField(label=text("Budget year"), min_value=1991, max_value=2100)
    month = forms.TypedChoiceField(
        label=text("Month the figures run to"),
        coerce=int,
        empty_value=None,
        required=False,
        help_text=text("Of an execution: its figures are counted from 1 January to the end of this month or to today."),
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

    def __init__(
        self,
        data: Any = None,
        *args: Any,
        today: dt.date | None = None,
        purposes: list[str] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(_with_defaults(data), *args, **kwargs)
        month: Any = self.fields["month"]
        month.choices = [("", "–"), *month_choices()]
        offered = Purpose.values if purposes is None else purposes
        purpose: Any = self.fields["purpose"]
        purpose.choices = [(value, label) for value, label in Purpose.choices if value in offered]
        self.initial.setdefault("purpose", offered[0] if offered else "")
        self.initial.setdefault("side", Side.REVENUE.value)
        self.fields["file"].widget.attrs["accept"] = ".xlsx,.ods,.csv,text/csv"
        if today is not None:
            self.initial.setdefault("year", today.year)
            self.initial.setdefault("month", today.month)

    def clean(self) -> dict[str, Any]:
        """An execution has a month, a plan none."""
        values = super().clean() or {}
        if values.get("purpose") == Purpose.PLAN:
            values["month"] = 0
        elif "month" not in self.errors and not values.get("month"):
            self.add_error("month", gettext("Say to which month the figures run."))
        return values

    def clean_file(self) -> UploadedFile[Any]:
        """Refuses what is too large before it is read."""
        uploaded: UploadedFile[Any] = self.cleaned_data["file"]
        if uploaded.size is None or uploaded.size > MAX_BYTES:
            raise forms.ValidationError(gettext("The file is larger than %(limit)s MB.") % {"limit": 5})
        return uploaded


def _with_defaults(data: Any) -> Any:
    """What a form sent without saying so: an execution of revenue."""
    if data is None:
        return None
    data = data.copy()
    data.setdefault("purpose", Purpose.EXECUTION.value)
    data.setdefault("side", Side.REVENUE.value)
    return data
