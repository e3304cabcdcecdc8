"""Tables of the audit trail. The database refuses UPDATE and DELETE on `Entry` to every role but the owner's."""

from django.db import models


class Head(models.Model):
    """The newest link of the chain: one row, locked while an entry is added, so that numbers have no gap."""

    number = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return str(self.number)


class Entry(models.Model):
    """Who did what to which thing, when. `actor_name` is frozen, so deleting the account keeps the meaning."""

    number = models.BigIntegerField(unique=True)
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=254, blank=True)
    action = models.CharField(max_length=80)
    subject = models.CharField(max_length=200)
    data = models.JSONField(default=dict)
    previous = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ("number",)
        indexes = [models.Index(fields=["subject", "number"], name="audit_subject")]

    def __str__(self) -> str:
        return f"{self.number} {self.action} {self.subject}"
