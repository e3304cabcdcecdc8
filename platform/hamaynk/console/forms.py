"""Forms of the console."""

import re
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tenants.models import Community, Marz
from tenants.names import SLUG_PATTERN
from tenants.provisioning import TownProfile, check_profile


class OnboardForm(forms.Form):
    """What an operator states about a new town."""

    slug = forms.CharField(
        label=_("Address"),
        max_length=40,
        help_text=_("Small Latin letters, digits, hyphens: “dilijan” gives dilijan.…"),
    )
    name_hy = forms.CharField(label=_("Name of the community, Armenian"), max_length=120)
    name_en = forms.CharField(label=_("Name of the community, English"), max_length=120)
    name_ru = forms.CharField(label=_("Name of the community, Russian"), max_length=120)
    hall_name_hy = forms.CharField(label=_("Name of the town hall, Armenian"), max_length=200)
    hall_name_en = forms.CharField(label=_("Name of the town hall, English"), max_length=200)
    hall_name_ru = forms.CharField(label=_("Name of the town hall, Russian"), max_length=200)
    marz = forms.ChoiceField(label=_("Marz"), choices=Marz.choices)
    population = forms.IntegerField(label=_("Inhabitants"), min_value=1, required=False)
    colour = forms.RegexField(
        label=_("Colour"),
        regex=r"^#[0-9a-fA-F]{6}$",
        initial="#1f5a7a",
        help_text=_("Six hexadecimal digits after #, from the coat of arms."),
        error_messages={"invalid": _("Write the colour as # and six hexadecimal digits, for example #1f5a7a.")},
    )
    site_hosts = forms.CharField(
        label=_("Own domains"),
        required=False,
        help_text=_("Separated by spaces; the first becomes the main one. Leave empty for the standard address."),
    )
    administrator_name = forms.CharField(label=_("Administrator of the office: name"), max_length=200)
    administrator_email = forms.EmailField(label=_("Administrator of the office: e-mail"))

    def clean_slug(self) -> str:
        """Small letters."""
        slug: str = self.cleaned_data["slug"].strip().lower()
        if not re.match(SLUG_PATTERN, slug):
            raise ValidationError(_("Small Latin letters, digits and hyphens, two to forty of them."))
        return slug

    def clean(self) -> dict[str, Any]:
        """By the rules of provisioning, so that what passes here can be carried out."""
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors:
            try:
                check_profile(TownProfile(**self.profile()))
            except ValidationError as error:
                for name, texts in error.message_dict.items():
                    self.add_error(name if name in self.fields else None, texts)
        return cleaned

    def profile(self) -> dict[str, Any]:
        """Keyword arguments of a TownProfile."""
        skip = ("site_hosts", "administrator_name", "administrator_email")
        facts = {k: v for k, v in self.cleaned_data.items() if k not in skip}
        hosts = tuple(self.cleaned_data.get("site_hosts", "").replace(",", " ").split())
        return {**facts, "site_hosts": hosts, "is_demo": settings.DEMO}

    def administrator(self) -> dict[str, str]:
        """Whom to invite when the town stands."""
        return {"name": self.cleaned_data["administrator_name"], "email": self.cleaned_data["administrator_email"]}


class StateForm(forms.Form):
    """Suspend or resume."""

    state = forms.ChoiceField(choices=[(s.value, s.label) for s in (Community.State.ACTIVE, Community.State.SUSPENDED)])


class ModuleForm(forms.Form):
    """Switch one module."""

    module = forms.CharField(max_length=30)
    on = forms.BooleanField(required=False)
