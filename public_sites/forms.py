"""Forms of the site's office pages."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.images.fields import WagtailImageField

from hamaynk.ui.themes import FACES, THEMES
from public_sites.models import Appearance


class AppearanceForm(forms.Form):
    """Theme, colour, typeface, coat of arms and the picture of the first page."""

    theme = forms.ChoiceField(
        label=_("Theme"),
        widget=forms.RadioSelect,
        choices=[(theme.code, theme.label) for theme in THEMES.values()],
    )
    colour = forms.RegexField(
        label=_("Colour"),
        regex=r"^#[0-9a-fA-F]{6}$",
        required=False,
        help_text=_("Six hexadecimal digits after #, from the coat of arms. Too pale a colour is darkened for words."),
        error_messages={"invalid": _("Write the colour as # and six hexadecimal digits, for example #1f5a7a.")},
        widget=forms.TextInput(attrs={"size": 8, "autocomplete": "off"}),
    )
    typeface = forms.ChoiceField(
        label=_("Typeface"),
        required=False,
        choices=[("", _("As the theme has it")), *((code, label) for code, (label, _face) in FACES.items())],
    )
    coat_of_arms = WagtailImageField(label=_("Coat of arms"), required=False, widget=forms.FileInput)
    no_coat_of_arms = forms.BooleanField(label=_("Take the coat of arms away"), required=False)
    header_picture = WagtailImageField(label=_("Picture of the first page"), required=False, widget=forms.FileInput)
    header_words = forms.CharField(
        label=_("What is to be seen in the picture"),
        required=False,
        max_length=255,
        help_text=_("One sentence for people who cannot see the picture."),
    )
    no_header_picture = forms.BooleanField(label=_("Take the picture away"), required=False)

    def __init__(self, *args: Any, chosen: Appearance | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.chosen = chosen
        if not (chosen and chosen.coat_of_arms):
            del self.fields["no_coat_of_arms"]
        if not (chosen and chosen.header_picture):
            del self.fields["no_header_picture"]

    def clean(self) -> dict[str, Any]:
        """A new picture needs its words (WCAG 2.2, 1.1.1)."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("header_picture") and not cleaned.get("header_words"):
            self.add_error("header_words", ValidationError(_("Say in one sentence what is to be seen in the picture.")))
        return cleaned

    def pictures(self) -> dict[str, Any]:
        """Coat of arms and picture as they are to be: the new one, the one that is there, or none."""
        found: dict[str, Any] = {}
        for name in ("coat_of_arms", "header_picture"):
            there = getattr(self.chosen, name, None) if self.chosen else None
            found[name] = self.cleaned_data.get(name) or (None if self.cleaned_data.get(f"no_{name}") else there)
        return found
