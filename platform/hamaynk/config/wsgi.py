"""WSGI entry point of the web processes."""

import os

from django.core.wsgi import get_wsgi_application

from hamaynk.observability import tracing

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hamaynk.config.settings.production")
os.environ.setdefault("HAMAYNK_PROCESS", "web")
tracing.begin()  # before the application reads the list of its middleware
application = get_wsgi_application()
