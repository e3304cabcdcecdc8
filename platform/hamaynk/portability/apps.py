"""Django application of towns as files. It has no tables."""

from django.apps import AppConfig


class PortabilityConfig(AppConfig):
    """Export, verify and restore of one town."""

    name = "hamaynk.portability"
    label = "portability"

    def ready(self) -> None:
        from hamaynk.portability.verbs import VERBS
        from tenants.verbs import add_verb

        for verb in VERBS:
            add_verb(verb)
