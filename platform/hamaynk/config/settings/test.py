"""The test suite: the real servers, quick password hashing, mail in memory."""

from hamaynk.config.settings.base import *  # noqa: F403
from hamaynk.config.settings.base import VAR, env

SECRET_KEY = "test-secret-key"  # noqa: S105
TOWN_ROLE_SECRET = "test-town-role-secret"  # noqa: S105
PUBLIC_SCHEME = "http"
ROUTING_CHECK_SECONDS = 0.0
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "tenants.isolation.TownFileStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
MEDIA_ROOT = VAR / "test/media"
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
LOGGING["root"]["level"] = env.text("LOG_LEVEL", "ERROR")  # type: ignore[index]
