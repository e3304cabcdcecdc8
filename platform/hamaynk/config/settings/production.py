"""Production: refuses to start, with a sentence for each fault, when something is missing, malformed or a demo's."""

from hamaynk.config.starting import refuse

refuse(production=True)  # before the settings below are read, so that all faults are told at once

from hamaynk.config.settings.base import *  # noqa: E402, F403
from hamaynk.config.settings.base import env  # noqa: E402

ALLAUTH_TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXIES")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = env.flag("SECURE_SSL_REDIRECT")
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^tls/ask$"]  # asked from inside, without TLS
# Subdomains and preload are taken back on a town's own domain (hamaynk.config.middleware.OwnDomainMiddleware).
SECURE_HSTS_SECONDS = env.number("SECURE_HSTS_SECONDS")
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.flag("SECURE_HSTS_INCLUDE_SUBDOMAINS")
SECURE_HSTS_PRELOAD = env.flag("SECURE_HSTS_PRELOAD")
# To stand in the browsers' own list is the operator's decision and hard to take back, so not to ask for it is no fault.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken"
