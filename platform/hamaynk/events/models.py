"""The transactional outbox of one town."""

from django.db import models
from django.db.models import Q


class OutboxMessage(models.Model):
    """An event waiting for its subscribers. `done` lists those that have had it; `leased_until` keeps others off."""

    name = models.CharField(max_length=80)
    payload = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)
    delivered_at = models.DateTimeField(null=True)
    leased_until = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    done = models.JSONField(default=list)
    fault = models.TextField(blank=True)

    class Meta:
        ordering = ("id",)
        indexes = [models.Index(fields=["id"], condition=Q(delivered_at=None), name="outbox_waiting")]

    def __str__(self) -> str:
        return f"{self.pk} {self.name}"
