"""Production: refuses to start, with a sentence for each fault, when something is missing or is a demo's."""

from hamaynk.config.env import EnvironmentFault
from hamaynk.config.settings.base import *  # noqa: F403
from hamaynk.config.settings.base import PROCESS, env


def _faults() -> list[str]:
    faults = []
    for name in ("SECRET_KEY", "TOWN_ROLE_SECRET"):
        value = env.text(name, "")
        if not value:
            faults.append(f"{name} is not set.")
        elif "demo" in value.lower() or "test" in value.lower():
            faults.append(f"{name} is a demo or test secret; make a new one with `openssl rand -hex 32`.")
        elif len(value) < 32:
            faults.append(f"{name} is shorter than 32 characters.")
    if env.text("SECRET_KEY", "") and env.text("SECRET_KEY", "") == env.text("TOWN_ROLE_SECRET", ""):
        faults.append("SECRET_KEY and TOWN_ROLE_SECRET must differ.")
    faults += [f"{name} is not set." for name in ("DATABASE_URL", "REDIS_URL") if not env.text(name, "")]
    if env.text("BASE_DOMAIN", "localhost") == "localhost":
        faults.append("BASE_DOMAIN is not set (for example hamaynk.am).")
    if PROCESS in ("web", "worker", "beat") and "@" in env.text("DATABASE_URL", ""):
        faults.append(f"DATABASE_URL of the {PROCESS} process carries credentials; only provisioning may have them.")
    return faults


if _found := _faults():
    raise EnvironmentFault("Hamaynk does not start:\n- " + "\n- ".join(_found))

ALLAUTH_TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXIES", 1)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = env.flag("SECURE_SSL_REDIRECT", True)
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|tls/ask)$"]  # asked inside, over plain HTTP, where TLS ends at the proxy
SECURE_HSTS_SECONDS = 31536000
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken"
