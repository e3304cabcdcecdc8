"""Application configuration of the common dress."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UiConfig(AppConfig):
    """Templates, style sheets, tags and catalogues shared by all surfaces."""

    name = "hamaynk.ui"
    label = "ui"
    verbose_name = _("Interface")
