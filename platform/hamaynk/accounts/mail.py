"""Mail about accounts that allauth does not write."""

from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from hamaynk.accounts.models import Invitation
from hamaynk.observability.mail import letters_of


def send_invitation(town: Any, invitation: Invitation, link: str) -> None:
    """Send the link to the invited person, in the active language."""
    body = render_to_string("accounts/invitation_mail.txt", {"invitation": invitation, "link": link, "town": town})
    subject = _("Invitation to the office of %(hall)s") % {"hall": town.hall_name}
    with letters_of("invitation"):
        send_mail(subject, body, f'"{town.hall_name}" <{settings.DEFAULT_FROM_EMAIL}>', [invitation.email])
