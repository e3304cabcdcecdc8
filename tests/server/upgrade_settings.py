"""Production, but for static files, which are found where they lie: gathering and compressing them proves nothing here."""

from hamaynk.config.settings.production import *  # noqa: F403
from hamaynk.config.settings.production import STORAGES

STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_USE_FINDERS = True
