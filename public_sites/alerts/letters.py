"""The letters: plain text and simple HTML, in the reader's language, in the town hall's name."""

from dataclasses import dataclass
from email.utils import formataddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from public_sites.alerts.links import CONFIRM, KEEP, link_to, present_town, token_of
from public_sites.alerts.models import Subscription, Topic

AUTOMATIC = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}


@dataclass(frozen=True)
class PageInLanguages:
    """A page with its published translations: language -> page."""

    pages: dict[str, Any]

    def for_reader(self, language: str) -> tuple[str, Any]:
        """The page in the reader's language, else in Armenian, else in what there is; with its language."""
        order = (language, settings.LANGUAGE_CODE, *self.pages)
        code = next(code for code in order if code in self.pages)
        return code, self.pages[code]


def request_letter(subscription: Subscription) -> EmailMultiAlternatives:
    """What an address gets because somebody typed it into the form: a link to confirm, or to what it has chosen before."""
    language = subscription.language
    with override(language):
        hall = present_town().hall_name
        if subscription.confirmed_at is None:
            subject = _("Please confirm that you want letters from %(hall)s") % {"hall": hall}
            page, use = "confirm", CONFIRM
        else:
            subject = _("You get letters from %(hall)s already") % {"hall": hall}
            page, use = "change", KEEP
        context = {
            "hall": hall,
            "confirmed": subscription.confirmed_at is not None,
            "link": link_to(page, language, token_of(subscription, use)),
            "topics": [Topic(code).label for code in subscription.topics],
            "language": language,
        }
        return _letter(subject, "public_sites/alerts/letter_request", context, subscription, dict(AUTOMATIC))


def page_letter(subscription: Subscription, found: PageInLanguages) -> EmailMultiAlternatives:
    """A page that was published, with links to read it, to change the choice and to end it in one click (RFC 8058)."""
    language = subscription.language
    page_language, page = found.for_reader(language)
    token = token_of(subscription, KEEP)
    with override(language):
        end = link_to("end", language, token)
        context = {
            "hall": present_town().hall_name,
            "page": page,
            "page_language": page_language,
            "is_translated": page_language == language,
            "link": page.get_url(),
            "change": link_to("change", language, token),
            "end": end,
            "language": language,
        }
        headers = AUTOMATIC | {
            "Precedence": "bulk",
            "List-Id": f"<letters.{present_town().site_host}>",
            "List-Unsubscribe": f"<{end}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
        return _letter(page.title, "public_sites/alerts/letter_page", context, subscription, headers)


def _letter(
    subject: str, template: str, context: dict[str, Any], to: Subscription, headers: dict[str, str]
) -> EmailMultiAlternatives:
    letter = EmailMultiAlternatives(
        subject=" ".join(subject.split()),
        body=render_to_string(f"{template}.txt", context).strip() + "\n",
        from_email=formataddr((context["hall"], settings.DEFAULT_FROM_EMAIL)),
        to=[to.email],
        headers=headers,
    )
    letter.attach_alternative(render_to_string(f"{template}.html", context), "text/html")
    return letter
