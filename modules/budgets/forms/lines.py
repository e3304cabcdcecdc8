"""Forms of a line's words: the town's explanation, answers to residents."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as text

from modules.budgets.forms.fields import CodeField, language_name
from modules.budgets.models import ClassificationKind


class FindLineForm(forms.Form):
    """A line of a classification, by its number."""

    kind = forms.ChoiceField(label=text("Classification"), choices=ClassificationKind)
    code = CodeField(label=text("Line"), max_length=400, widget=forms.TextInput(attrs={"list": "lines"}))


class ExplanationForm(forms.Form):
    """The town's words on a line, in three languages; of one year, or of all where it is empty."""

    year = forms.IntegerField(
        label=text("Budget year"), required=False, min_value=1991, max_value=2100,
        help_text=text("Empty: for every year."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for language in ("hy", "en", "ru"):
            self.fields[f"words_{language}"] = forms.CharField(
                label=language_name(language), required=False, max_length=4000,
                widget=forms.Textarea(attrs={"rows": 5, "lang": language}),
            )  # fmt: skip


class AnswerForm(forms.Form):
    """The answer to a question; it makes both public."""

    answer = forms.CharField(label=text("Answer"), max_length=4000, widget=forms.Textarea(attrs={"rows": 6}))


class DeclineForm(forms.Form):
    """Why a question is not published."""

    reason = forms.CharField(label=text("Why the question is not published"), max_length=300)


class QuestionForm(forms.Form):
    """A resident's question on a line. website: no person sees it; what fills it in is a program."""

    author = forms.CharField(
        label=text("Your name"), max_length=100, help_text=text("Shown with the question when it is answered."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )  # fmt: skip
    email = forms.EmailField(
        label=text("E-mail (not required)"), required=False, max_length=254,
        help_text=text("Only the town hall sees it, to write to you if something has to be asked back."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )  # fmt: skip
    words = forms.CharField(
        label=text("Your question"), max_length=2000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=text("At most 2000 letters."),
    )  # fmt: skip
    website = forms.CharField(
        label=text("Leave this field empty"), required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )  # fmt: skip

    @property
    def is_of_a_program(self) -> bool:
        """True where the field was filled in that no person sees."""
        return bool(self.data.get("website", "").strip())
