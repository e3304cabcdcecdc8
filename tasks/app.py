"""The Celery application. `celery -A tasks worker` starts here."""

import os

from celery import Celery

from tasks import watch

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hamaynk.config.settings.production")

app = Celery("hamaynk")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(related_name="tasks")
app.conf.imports = ("tasks.relay", "tasks.schedule", "tasks.provisioning", "tasks.figures")
app.conf.task_routes = {
    "tasks.provisioning.*": {"queue": "provisioning"},
    "tasks.relay.*": {"queue": "oversight"},
}
app.conf.beat_scheduler = "tasks.watch:PulsingScheduler"
app.conf.beat_max_loop_interval = 20
app.steps["worker"].add(watch.PulseStep)
