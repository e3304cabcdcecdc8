"""Forms of whoever wants letters."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as text

from public_sites.alerts.models import Topic
from public_sites.alerts.streets import street_keys

MOST_STREETS = 20


class ChoiceForm(forms.Form):
    """What somebody wants to be told of."""

    topics = forms.MultipleChoiceField(
        label=text("Write to me about"), choices=Topic.choices, widget=forms.CheckboxSelectMultiple
    )
    streets = forms.CharField(
        label=text("My streets (for works only)"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=text("One street a line, without house numbers."),
    )

    def clean(self) -> dict[str, Any]:
        """Works in my street need a street."""
        values: dict[str, Any] = super().clean() or {}
        keys = street_keys(values.get("streets", ""))
        if "streets" in values and Topic.WORKS in values.get("topics", ()) and not keys:
            self.add_error("streets", gettext("Write at least one street."))
        if len(keys) > MOST_STREETS:
            self.add_error("streets", gettext("Write at most %(most)s streets.") % {"most": MOST_STREETS})
        return values


class SubscribeForm(ChoiceForm):
    """Asking for letters. website: no person sees it; what fills it in is a program."""

    email = forms.EmailField(
        label=text("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=text("We use it for these letters only, and delete it when you end them."),
    )
    website = forms.CharField(
        label=text("Leave this field empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    field_order = ("email", "topics", "streets", "website")

    @property
    def is_of_a_program(self) -> bool:
        """True where the field was filled in that no person sees."""
        return bool(self.data.get("website", "").strip())


class ChangeForm(ChoiceForm):
    """Another choice."""

    language = forms.ChoiceField(
        label=text("Language of the letters"), choices=settings.LANGUAGES, widget=forms.RadioSelect
    )
