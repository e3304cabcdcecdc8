"""The demo: everything real, on loopback, over plain HTTP, with mail written to a folder."""

from hamaynk.config.settings.base import *  # noqa: F403
from hamaynk.config.settings.base import VAR, env

DEMO = True
SECRET_KEY = env.text("SECRET_KEY", "demo-secret-key-only-for-the-demo")
TOWN_ROLE_SECRET = env.text("TOWN_ROLE_SECRET", "demo-town-role-secret-only-for-the-demo")
PUBLIC_SCHEME = "http"
MEDIA_ROOT = VAR / "demo/media"
STATIC_ROOT = VAR / "demo/static"
EMAIL_TRANSPORT = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = VAR / "demo/mail"
SESSION_COOKIE_SECURE = False
CSRF_COOKIE_SECURE = False
