"""WSGI entry point of the web processes."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hamaynk.config.settings.production")
os.environ.setdefault("HAMAYNK_PROCESS", "web")
application = get_wsgi_application()
