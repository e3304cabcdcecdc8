"""Django application of the outbox; its table stands in every town."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    """Transactional outbox."""

    name = "hamaynk.events"
    label = "events"
