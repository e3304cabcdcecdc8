"""Who wants letters about what; which page was sent to whom."""

from secrets import token_hex

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Topic(models.TextChoices):
    """What a resident may ask to be told of."""

    NEWS = "news", _("News")
    ANNOUNCEMENTS = "announcements", _("Announcements")
    DECISIONS = "decisions", _("Decisions and legal acts")
    EVENTS = "events", _("Events")
    WORKS = "works", _("Works in my street")


def new_nonce() -> str:
    """32 random bytes: the part of a letter's links that nobody can guess."""
    return token_hex(32)


class Subscription(models.Model):
    """An address that asked for letters. It gets some once confirmed, and none once ended; then the address goes too."""

    email = models.EmailField(blank=True)
    language = models.CharField(max_length=2)
    topics = models.JSONField(default=list)
    streets = models.TextField(blank=True)
    nonce = models.CharField(max_length=64, default=new_nonce)
    asked_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["email"], condition=models.Q(ended_at=None), name="public_sites_one_subscription_an_address"
            )
        ]

    def __str__(self) -> str:
        return f"subscription {self.pk}"

    @property
    def is_active(self) -> bool:
        """Letters go there."""
        return self.confirmed_at is not None and self.ended_at is None


class Mailing(models.Model):
    """One page that is sent round, once, with all its translations. `translation_key`: the one they share."""

    class State(models.TextChoices):
        """How far it is."""

        WAITING = "waiting", _("Waits")
        SENDING = "sending", _("Is being sent")
        DONE = "done", _("Sent")
        CANCELLED = "cancelled", _("Not sent: the page was withdrawn")
        GIVEN_UP = "given_up", _("Given up: the mail server did not take it")

    page = models.OneToOneField("wagtailcore.Page", on_delete=models.SET_NULL, null=True, related_name="+")
    translation_key = models.UUIDField(unique=True)
    topic = models.CharField(max_length=20, choices=Topic.choices)
    language = models.CharField(max_length=2)
    title = models.CharField(max_length=255)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    created_at = models.DateTimeField(default=timezone.now)
    leased_until = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.title


class Delivery(models.Model):
    """One letter of a mailing. `fault`: a short code, never an address."""

    class State(models.TextChoices):
        """What became of it. SENDING outlives only a process that was killed; WAITING is tried again."""

        SENDING = "sending", _("Is being sent")
        WAITING = "waiting", _("Waits")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Not delivered")

    mailing = models.ForeignKey(Mailing, on_delete=models.CASCADE, related_name="deliveries")
    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="deliveries")
    state = models.CharField(max_length=10, choices=State.choices, default=State.SENDING)
    fault = models.CharField(max_length=40, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mailing", "subscription"], name="public_sites_no_letter_twice"),
        ]

    def __str__(self) -> str:
        return f"letter {self.pk} of {self.mailing_id}"
