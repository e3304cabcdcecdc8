"""Addresses of the site that a town had before: permanent redirects to our pages, as modules declare them.

The target is one of our own pages by name, and whole numbers in its query, so that it cannot lead out of the town.
"""

import re
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import include, re_path, reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from hamaynk.config.urls.common import Patterns
from hamaynk.contract import OldAddress, OldParameter, public
from hamaynk.contract.registry import registry

DAY = 86_400  # seconds that browsers and proxies may remember a redirect: a wrong one is not there for ever
NUMBER = re.compile(r"[0-9]{1,9}")


@public
@require_safe
def moved(request: HttpRequest, address: OldAddress) -> HttpResponse:
    """301 to our page, with what the query says in our words."""
    query = _carried_over(request, address.query)
    response = HttpResponsePermanentRedirect(reverse(address.url_name) + (f"?{urlencode(query)}" if query else ""))
    patch_cache_control(response, public=True, max_age=DAY)
    return response


def _carried_over(request: HttpRequest, parameters: tuple[OldParameter, ...]) -> dict[str, int]:
    """Our names and the numbers given for them. Names are read in any case; what is no number in range is left out."""
    given = {name.casefold(): str(value).strip() for name, value in request.GET.items()}
    found = {}
    for parameter in parameters:
        value = given.get(parameter.name.casefold(), "")
        if NUMBER.fullmatch(value) and parameter.least <= int(value) <= parameter.most:
            found[parameter.becomes] = int(value)
    return found


def old_address_patterns() -> Patterns:
    """Old addresses of all installed modules, each in its module's namespace: the gate closes what is off."""
    patterns: Patterns = []
    for manifest in registry():
        own = [
            re_path(_expression(address), moved, {"address": address})
            for address in sorted(manifest.old_addresses, key=lambda a: (a.is_folder, -len(a.path)))
        ]
        if own:
            # The outer name can be no module's, so that reverse("budgets:...") finds the pages alone.
            named = include((own, manifest.name), namespace=manifest.name)
            patterns.append(re_path("", include(([re_path("", named)], f"old-{manifest.name}"))))
    return patterns


def _expression(address: OldAddress) -> str:
    """Whole and in any case. Letter by letter, because Django cannot reverse beside an expression with flags."""
    path = "".join(_in_any_case(character) for character in address.path.rstrip("/"))
    return rf"^{path}(?:/.*)?$" if address.is_folder else rf"^{path}$"


def _in_any_case(character: str) -> str:
    forms = sorted({character.lower(), character.upper()})
    return f"[{''.join(forms)}]" if len(forms) > 1 else re.escape(character)
