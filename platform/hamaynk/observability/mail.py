"""Counts letters: how many of which kind were sent, refused or failed. Nothing of a letter is kept."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPSenderRefused
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from hamaynk.observability import metrics

KINDS = ("account", "invitation", "subscription", "mailing", "other")
REFUSALS = (SMTPRecipientsRefused, SMTPDataError, SMTPSenderRefused, ValueError)
_kind: ContextVar[str] = ContextVar("mail_kind", default="other")


@contextmanager
def letters_of(kind: str) -> Iterator[None]:
    """Letters sent in this block are of this kind, one of KINDS."""
    if kind not in KINDS:
        raise LookupError(f"There is no kind of letter called {kind!r}.")
    token = _kind.set(kind)
    try:
        yield
    finally:
        _kind.reset(token)


class CountedBackend(BaseEmailBackend):
    """Django's mail backend that hands on to settings.EMAIL_TRANSPORT."""

    def __init__(self, fail_silently: bool = False, **options: Any) -> None:
        super().__init__(fail_silently=fail_silently)
        metrics.prime_mail(KINDS)
        self.transport = get_connection(settings.EMAIL_TRANSPORT, fail_silently=fail_silently, **options)

    def open(self) -> bool | None:
        """A connection for many letters. One that cannot be had counts as a letter that failed."""
        try:
            return self.transport.open()
        except Exception:
            metrics.mails.labels(_kind.get(), "failed").inc()
            raise

    def close(self) -> None:
        """End it."""
        self.transport.close()

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """One at a time, so that each has a result of its own. Returns how many were sent."""
        count = 0
        opened = self.open() if len(email_messages) > 1 else None
        try:
            for message in email_messages:
                count += self._send(message)
        finally:
            if opened:
                self.close()
        return count

    def _send(self, message: EmailMessage) -> int:
        kind = _kind.get()
        try:
            sent = self.transport.send_messages([message]) or 0
        except REFUSALS:
            metrics.mails.labels(kind, "refused").inc()
            raise
        except Exception:
            metrics.mails.labels(kind, "failed").inc()
            raise
        metrics.mails.labels(kind, "sent" if sent else "failed").inc()
        return sent
