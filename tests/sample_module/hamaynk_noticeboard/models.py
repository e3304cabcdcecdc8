"""The notice board's one table."""

from django.db import models


class Notice(models.Model):
    """A short notice."""

    text = models.CharField(max_length=500)

    class Meta:
        app_label = "hamaynk_noticeboard"

    def __str__(self) -> str:
        return self.text
