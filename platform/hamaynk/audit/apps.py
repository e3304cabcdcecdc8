"""Django application of the audit trail; its tables stand in every town and in the platform's schemas."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Audit trail."""

    name = "hamaynk.audit"
    label = "audit"
