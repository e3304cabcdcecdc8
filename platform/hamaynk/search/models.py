"""What may be found on one town's public site, with the words it is found by."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models


class SearchEntry(models.Model):
    """One text in one language. `source` is "<module>.<code>", `key` names the text within it.

    title_folded: the title as it is compared with mistyped words. digest: of all that was given, so that what did not
    change is not written again.
    """

    source = models.CharField(max_length=80)
    key = models.CharField(max_length=120)
    language = models.CharField(max_length=2)
    kind = models.CharField(max_length=40, blank=True, default="")
    title = models.CharField(max_length=400)
    summary = models.TextField(blank=True, default="")
    body = models.TextField(blank=True, default="")
    url = models.CharField(max_length=500)
    date = models.DateField(null=True)
    title_folded = models.TextField()
    digest = models.CharField(max_length=64)
    vector = SearchVectorField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "key", "language"], name="search_entry_once"),
        ]
        indexes = [
            GinIndex(fields=["vector"], name="search_entry_words"),
            GinIndex(fields=["title_folded"], opclasses=["gin_trgm_ops"], name="search_entry_letters"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.key} {self.language}"
