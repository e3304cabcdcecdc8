"""Addresses in letters. What stands in them is not stored: it is made of the row's random part and the platform's secret."""

from django.conf import settings
from django.core.signing import BadSignature, Signer

from public_sites.addresses import in_language
from public_sites.alerts.models import Subscription
from tenants.addresses import site_url
from tenants.context import current_town_schema
from tenants.routing import Town, table

CONFIRM, KEEP = "confirm", "keep"  # what a link is for: one serves for nothing else


def _signer(use: str) -> Signer:
    return Signer(salt=f"public_sites.alerts:{current_town_schema()}:{use}", sep=".", algorithm="sha256")


def token_of(subscription: Subscription, use: str) -> str:
    """The secret part of a link, good for one use, one subscription, one town."""
    return _signer(use).sign(f"{subscription.pk}-{subscription.nonce}")


def subscription_of(token: str, use: str) -> Subscription | None:
    """Whose link it is; None for what was never given out, and for what is gone."""
    try:
        number, _dash, nonce = _signer(use).unsign(token).partition("-")
    except BadSignature:
        return None
    return Subscription.objects.filter(pk=int(number), nonce=nonce).exclude(email="").first()


def present_town() -> Town:
    """The town this works in."""
    town = table.town(current_town_schema())
    if town is None:
        raise LookupError("the present town has no routes")
    return town


def path_to(page: str, language: str, token: str = "") -> str:
    """Path of "", "sent", "confirm", "change" or "end" in a language."""
    return in_language(language, "/".join(part for part in ("subscribe", page, token) if part) + "/")


def link_to(page: str, language: str, token: str = "") -> str:
    """The whole address."""
    known = language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    return site_url(present_town()) + path_to(page, known, token)
