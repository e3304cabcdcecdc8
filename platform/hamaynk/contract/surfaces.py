"""The entrances of the platform, one per audience."""

from enum import StrEnum


class Surface(StrEnum):
    """An audience's entrance. Each has hosts of its own and a urlconf of its own."""

    SITE = "site"
    OFFICE = "office"
    CONSOLE = "console"
    OVERSIGHT = "oversight"

    @property
    def belongs_to_town(self) -> bool:
        """True where the host names one town (site and office)."""
        return self in (Surface.SITE, Surface.OFFICE)
