"""Forms of a budget year: open it, put its draft before the residents, move it on, name the council's decision."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as text

from modules.budgets.forms.fields import TownDateField, language_name

LANGUAGES = ("hy", "en", "ru")


class OpenYearForm(forms.Form):
    """The year that begins."""

    year = forms.IntegerField(label=text("Budget year"), min_value=1991, max_value=2100)


class HearingForm(forms.Form):
    """When and where residents may speak on the draft."""

    hearing_from = TownDateField(label=text("First day"))
    hearing_until = TownDateField(label=text("Last day"))
    place = forms.CharField(label=text("Place and hour"), max_length=200, required=False)


class MoveYearForm(forms.Form):
    """The next state of a year, and why where it goes back."""

    state = forms.CharField(max_length=16, widget=forms.HiddenInput)
    reason = forms.CharField(label=text("Reason"), max_length=300, required=False)


class DecisionForm(forms.Form):
    """The council's decision by which a plan or an amendment comes into force."""

    decision_number = forms.CharField(label=text("Number of the decision"), max_length=40)
    decision_date = TownDateField(label=text("Day of the decision"))
    effective_from = TownDateField(
        label=text("In force from"), required=False, help_text=text("Empty: from the day of the decision.")
    )
    decision_link = forms.URLField(
        label=text("Link to the decision"), required=False, max_length=500, assume_scheme="https"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label, widget, length in (
            ("title", text("Title"), forms.TextInput, 300),
            ("reason", text("Reason"), forms.Textarea, 2000),
        ):
            for language in LANGUAGES:
                attrs: dict[str, Any] = {"lang": language} | ({"rows": 3} if widget is forms.Textarea else {})
                self.fields[f"{name}_{language}"] = forms.CharField(
                    label=f"{label}, {language_name(language)}", required=False, max_length=length,
                    widget=widget(attrs=attrs),
                )  # fmt: skip
