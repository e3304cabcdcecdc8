"""Forms of the classification pages: what to list, and the source that vouches for a line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as text
from django.utils.translation import ngettext

from modules.budgets.actions.classification import LINK_LENGTH, SOURCE_LENGTH
from modules.budgets.models import ClassificationKind


class ClassificationFilterForm(forms.Form):
    """What the list shows, from a query string; revenue where it says nothing."""

    kind = forms.ChoiceField(choices=ClassificationKind, widget=forms.HiddenInput)
    q = forms.CharField(
        label=text("Word of a name, line or article number"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    year = forms.IntegerField(label=text("Valid in the year"), required=False, min_value=1991, max_value=2100)
    unverified = forms.BooleanField(label=text("Unverified only"), required=False)

    def __init__(self, query: Mapping[str, str]) -> None:
        super().__init__({"kind": ClassificationKind.REVENUE.value} | {k: v for k, v in query.items() if v.strip()})


class SourceForm(forms.Form):
    """The source for a line. below: how many unverified lines stand below it; 0 offers no choice."""

    source = forms.CharField(
        label=text("Source"),
        max_length=SOURCE_LENGTH,
        help_text=text("Where the line can be read, for example: order N, date, annex and page."),
    )
    link = forms.URLField(
        label=text("Link to the source"), required=False, max_length=LINK_LENGTH, assume_scheme="https"
    )
    with_branch = forms.BooleanField(required=False)

    def __init__(self, *args: Any, below: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not below:
            del self.fields["with_branch"]
            return
        self.fields["with_branch"].label = ngettext(
            "The source also confirms %(count)s unverified line below this one",
            "The source also confirms %(count)s unverified lines below this one",
            below,
        ) % {"count": below}
