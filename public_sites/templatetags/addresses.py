"""Addresses of a page that is no page of the editor's, for programs that read it."""

from typing import Any

from django import template
from django.conf import settings
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from hamaynk.ui.spoken import in_language
from public_sites.addresses import LANGUAGES
from tenants.addresses import site_url

register = template.Library()


@register.simple_tag(takes_context=True)
def same_page_elsewhere(context: dict[str, Any]) -> SafeString:
    """The canonical address of a module's page, and the page in each language (hreflang). Nothing where no town is."""
    request = context.get("request")
    town = getattr(request, "town", None)
    if request is None or town is None:
        return SafeString("")
    query = request.GET.copy()
    query.pop("language", None)
    rest = f"?{query.urlencode()}" if query else ""
    addresses = {code: site_url(town) + in_language(code, request.path) + rest for code in LANGUAGES}
    here = getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE)
    links = [("canonical", "", addresses[here])]
    links += [("alternate", code, address) for code, address in addresses.items()]
    links += [("alternate", "x-default", addresses[settings.LANGUAGE_CODE])]
    return format_html_join(
        "\n  ", '<link rel="{}"{} href="{}">', ((rel, _hreflang(code), address) for rel, code, address in links)
    )


def _hreflang(code: str) -> SafeString:
    return SafeString(f' hreflang="{code}"' if code else "")
