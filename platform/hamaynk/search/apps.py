"""Django application of the search; its table stands in every town."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    """Search of the public site."""

    name = "hamaynk.search"
    label = "search"
