"""Django application of the kept pages. It has no tables: what it keeps lies in the cache server."""

from django.apps import AppConfig


class FreshnessConfig(AppConfig):
    """Kept pages of the towns' public sites."""

    name = "hamaynk.freshness"
    label = "freshness"

    def ready(self) -> None:
        from django.db.backends.signals import connection_created

        from hamaynk.freshness.watch import attach

        connection_created.connect(attach, dispatch_uid="hamaynk.freshness")
