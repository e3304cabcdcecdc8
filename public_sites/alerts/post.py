"""What the mail server said of a letter, told apart: delivered, refused for good, later, nobody there."""

from email.errors import HeaderParseError
from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused
from typing import Any

from django.core.mail import BadHeaderError, EmailMultiAlternatives

PERMANENT = 500
CLOSING = 421  # the server goes away


class MailServerAway(Exception):
    """No letter can be sent now; says nothing of whom it was for."""


class Refused(Exception):
    """This letter was not taken. `code` is short and holds no address; `for_good`: no sense in trying again."""

    def __init__(self, code: str, *, for_good: bool) -> None:
        super().__init__(code)
        self.code = code
        self.for_good = for_good


def hand_over(letter: EmailMultiAlternatives, connection: Any) -> None:
    """Gives one letter to the mail server. Raises Refused, or MailServerAway."""
    try:
        connection.send_messages([letter])
    except SMTPRecipientsRefused as error:
        code = next((said[0] for said in error.recipients.values()), PERMANENT)
        raise Refused(f"smtp-{code}", for_good=code >= PERMANENT) from None
    except SMTPDataError as error:
        if error.smtp_code == CLOSING:
            raise MailServerAway(type(error).__name__) from None
        raise Refused(f"smtp-{error.smtp_code}", for_good=error.smtp_code >= PERMANENT) from None
    except (SMTPException, OSError) as error:  # no answer, no sign-in, no connection, or our own address is refused
        raise MailServerAway(type(error).__name__) from None
    except (ValueError, UnicodeError, HeaderParseError, BadHeaderError):
        raise Refused("address", for_good=True) from None


def open_connection(connection: Any) -> None:
    """One connection for many letters. Raises MailServerAway."""
    try:
        connection.open()
    except (SMTPException, OSError) as error:
        raise MailServerAway(type(error).__name__) from None
