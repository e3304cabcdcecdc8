"""Large files while they are read in the background: how far, and what became of them."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as text

STUCK_AFTER = dt.timedelta(minutes=2)


class ReadingState(models.TextChoices):
    """Life of a file that is read in the background."""

    WAITING = "waiting", text("Waiting to be read")
    READING = "reading", text("Being read")
    DONE = "done", text("Read")
    FAILED = "failed", text("Could not be read")


class ImportProgress(models.Model):
    """One large file on its way to an ImportBatch. Its bytes are kept until it is read, and no longer.

    source: language -> where the figures come from, as the officer wrote it; empty for what the file itself says.
    """

    state = models.CharField(max_length=16, choices=ReadingState, default=ReadingState.WAITING)
    year = models.PositiveSmallIntegerField()
    month = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=16)
    file_name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    content = models.BinaryField(default=bytes)
    source = models.JSONField(default=dict, blank=True)
    rows_done = models.PositiveIntegerField(default=0)
    rows_all = models.PositiveIntegerField(default=0)
    batch = models.ForeignKey("budgets.ImportBatch", null=True, on_delete=models.PROTECT, related_name="+")
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        app_label = "budgets"
        ordering = ["-started_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ReadingState.values), name="budgets_reading_state_valid")
        ]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.state})"

    @property
    def is_running(self) -> bool:
        """True as long as there is something to wait for."""
        return self.state in (ReadingState.WAITING, ReadingState.READING)

    @property
    def is_stuck(self) -> bool:
        """True where nothing has moved for so long that whoever was reading is gone."""
        return self.is_running and timezone.now() - self.changed_at > STUCK_AFTER
