"""What a town says is its own, until it is proved."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class DomainClaim(models.Model):
    """A domain that the town wants its site under. host: small letters, ASCII form. token: what the DNS must say.

    After `proven_at` the domain stands in the registry of hosts, which alone decides where a request goes.
    """

    class Fault(models.TextChoices):
        """What the last question to the DNS gave."""

        NONE = "", _("Not asked yet")
        NO_RECORD = "no_record", _("The record is not there yet")
        WRONG_VALUE = "wrong_value", _("The record is there, but says something else")
        SILENT = "silent", _("The domain's name servers do not answer")
        TAKEN = "taken", _("The domain is in use already")

    host = models.CharField(max_length=253, unique=True)
    token = models.CharField(max_length=64)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    asked_at = models.DateTimeField(auto_now_add=True)
    checked_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=20, choices=Fault.choices, blank=True, default="")
    proven_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("host",)

    def __str__(self) -> str:
        return self.host

    @property
    def record_name(self) -> str:
        """Name of the TXT record."""
        return f"_hamaynk.{self.host}"

    @property
    def record_value(self) -> str:
        """What it has to say."""
        return f"hamaynk-verify={self.token}"
