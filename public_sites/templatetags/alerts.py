"""Where letters are asked for, in the reader's language."""

from django import template
from django.utils.translation import get_language

from public_sites.alerts.links import path_to

register = template.Library()


@register.simple_tag
def subscribe_path(topic: str = "") -> str:
    """Address of the form; `topic` is chosen in it already."""
    return path_to("", (get_language() or "hy")[:2]) + (f"?topic={topic}" if topic else "")
