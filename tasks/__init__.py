"""Background work: the Celery application, tasks that carry their town, the outbox relay, the schedule."""

from tasks.app import app as celery_app

__all__ = ["celery_app"]
