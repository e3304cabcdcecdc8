"""How allauth behaves here: sign-up only on the site, mail in the town's name, links to the host that was used."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.utils.encoding import force_str

from hamaynk.contract import Surface
from hamaynk.observability.mail import letters_of


class AccountAdapter(DefaultAccountAdapter):
    """allauth's adapter for all surfaces."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Citizens sign up on the site; staff, operators and the ministry are invited."""
        return getattr(request, "surface", None) == Surface.SITE

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The first page of the same host."""
        return "/"

    def format_email_subject(self, subject: str) -> str:
        """The town hall's name before the subject."""
        town = getattr(self.request, "town", None)
        return f"{town.hall_name}: {force_str(subject)}" if town else force_str(subject)

    def get_from_email(self) -> str:
        """The platform's address with the town hall's name."""
        town = getattr(self.request, "town", None)
        return f'"{town.hall_name}" <{settings.DEFAULT_FROM_EMAIL}>' if town else settings.DEFAULT_FROM_EMAIL

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Mail names the town hall rather than a "site" record."""
        town = getattr(self.request, "town", None)
        context["town"] = town
        context["sender"] = town.hall_name if town else "Hamaynk"
        with letters_of("account"):
            super().send_mail(template_prefix, email, context)
