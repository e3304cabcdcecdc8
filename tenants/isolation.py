"""The town in everything that is not a table: cache keys, file paths, log lines."""

import logging
from typing import Any

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import FileSystemStorage
from django.db import connection

from tenants.context import current_schema
from tenants.names import PUBLIC


def cache_key(key: str, key_prefix: str, version: int) -> str:
    """Key of a cache entry: deployment, place, version, key. What one town stores, another cannot ask for.

    Keys that start with "platform:" are one for all places; only the platform's own code uses them.
    """
    place = PUBLIC if key.startswith("platform:") else current_schema()
    return f"{key_prefix}:{place}:{version}:{key}"


class TownFileStorage(FileSystemStorage):
    """Files lie under MEDIA_ROOT/<schema>/. The place is asked for at each use, never kept."""

    @property
    def base_location(self) -> str:
        """The present town's folder."""
        return f"{settings.MEDIA_ROOT}/{current_schema()}"

    @property
    def location(self) -> str:
        """The same as an absolute path."""
        from os.path import abspath

        return abspath(self.base_location)

    def path(self, name: str) -> str:
        """Absolute path of a file of this town; raises SuspiciousFileOperation for anything outside."""
        if current_schema() == PUBLIC:
            raise SuspiciousFileOperation("No file without a town.")
        return super().path(name)


class TownLogFilter(logging.Filter):
    """Puts the town's schema on every record that does not bear one."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always True."""
        if not hasattr(record, "town"):  # who writes after the town was left says which it was
            place: Any = getattr(connection, "schema_name", None)
            record.town = place or "-"
        return True
