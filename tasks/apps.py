"""Django application of background work: wires the outbox to the relay, and the schedule to beat."""

from django.apps import AppConfig


class TasksConfig(AppConfig):
    """Background work."""

    name = "tasks"
    label = "tasks"

    def ready(self) -> None:
        from hamaynk.events import wake_hooks
        from tasks.app import app
        from tasks.relay import wake
        from tasks.schedule import beat_schedule

        if wake not in wake_hooks:
            wake_hooks.append(wake)
        app.conf.beat_schedule = beat_schedule()
