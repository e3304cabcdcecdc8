"""What holds everywhere. Secrets, addresses and sizes come from the environment (`hamaynk.config.env`)."""

from datetime import timedelta
from pathlib import Path

from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from hamaynk.config.env import DatabaseAddress, Environment
from hamaynk.config.starting import refuse
from hamaynk.contract.registry import registry


def _present_office() -> str:
    from tenants.addresses import present_office_url  # needs the settings that are being made here

    return present_office_url()


refuse(production=False)  # production has looked already, for more
env = Environment()
PACKAGE = Path(__file__).resolve().parents[2]
SOURCE = PACKAGE.parents[1]  # where we run from the source; an installed package has only the folder it is started in
ROOT = SOURCE if (SOURCE / "pyproject.toml").exists() else Path.cwd()
VAR = Path(env.text("HAMAYNK_VAR", str(ROOT / "var")))
PROCESS = env.text("HAMAYNK_PROCESS")
DEPLOYMENT = env.text("DEPLOYMENT")
DEMO = False
DEBUG = False

SECRET_KEY = env.text("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")
TOWN_ROLE_SECRET = env.text("TOWN_ROLE_SECRET")

# --- Applications. Which tables stand in which schema is written in tenants/placement.py. ---
MODULES = registry()
INSTALLED_APPS = [
    "tenants",
    "hamaynk.ui",
    "hamaynk.freshness",
    "hamaynk.events",
    "hamaynk.statistics",
    "hamaynk.search",
    "hamaynk.audit",
    "hamaynk.accounts",
    "hamaynk.portability",
    "hamaynk.domains",
    "hamaynk.workspace",
    "hamaynk.console",
    "hamaynk.oversight",
    "tasks",
    *[manifest.app for manifest in MODULES],
    # The content management system behind the public sites (docs/adr/0018); first its texts in Armenian.
    "public_sites.cms",
    "wagtail.contrib.redirects",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "rest_framework",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "csp",
    "ninja",
]

# --- Domains of towns: who is asked whether one is proved; "" for the machine's own name servers ---
DNS_SERVERS = env.text("DNS_SERVERS")

# --- Surfaces ---
BASE_DOMAIN = env.text("BASE_DOMAIN")
PUBLIC_PORT = env.text("PORT")
PUBLIC_SCHEME = "https"
ROUTING_CHECK_SECONDS = 1.0
ALLOWED_HOSTS = ["*"]  # the routing table is the list of hosts: an unknown one is answered 404 before anything else
SURFACE_URLCONFS = {
    "site": "hamaynk.config.urls.site",
    "office": "hamaynk.config.urls.office",
    "console": "hamaynk.config.urls.console",
    "oversight": "hamaynk.config.urls.oversight",
}
ROOT_URLCONF = "hamaynk.config.urls.nowhere"
SURFACE_SHELLS = {
    "site": "public_sites/base.html",
    "office": "workspace/base.html",
    "console": "console/base.html",
    "oversight": "oversight/base.html",
}
WSGI_APPLICATION = "hamaynk.config.wsgi.application"

MIDDLEWARE = [
    "hamaynk.config.middleware.RequestIdMiddleware",
    "hamaynk.observability.middleware.MeasureMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "hamaynk.config.middleware.OwnDomainMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "tenants.middleware.SurfaceMiddleware",
    "public_sites.visits.VisitsMiddleware",
    "hamaynk.freshness.middleware.PageCacheMiddleware",
    "csp.middleware.CSPMiddleware",
    "hamaynk.accounts.sessions.HostSessionMiddleware",
    "hamaynk.ui.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "tenants.gate.GateMiddleware",
    "hamaynk.accounts.access.AccessMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "hamaynk.ui.context.page",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- Database: one alias, many identities (docs/adr/0003) ---
DATABASE = DatabaseAddress.parse(env.text("DATABASE_URL"))
DATABASE_POOLED = env.flag("DATABASE_POOLED")  # a transaction-mode pooler stands between us and PostgreSQL
DATABASES = {
    "default": {
        "ENGINE": "tenants.database",
        "HOST": DATABASE.host,
        "PORT": DATABASE.port,
        "NAME": DATABASE.name,
        "USER": "",
        "PASSWORD": "",
        "OPTIONS": {"server_side_binding": True, "connect_timeout": 5, **dict(DATABASE.options)},
        "DISABLE_SERVER_SIDE_CURSORS": DATABASE_POOLED,
        "ATOMIC_REQUESTS": False,
        "CONN_MAX_AGE": 0,
    }
}
DATABASE_IDLE_CONNECTIONS = env.number("DATABASE_IDLE_CONNECTIONS")
DATABASE_IDLE_SECONDS = env.number("DATABASE_IDLE_SECONDS")
DATABASE_LIFETIME_SECONDS = env.number("DATABASE_LIFETIME_SECONDS")
DATABASE_TOWN_CONNECTION_LIMIT = env.number("DATABASE_TOWN_CONNECTION_LIMIT")
DATABASE_ROUTERS = ["tenants.placement.PlacementRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# django-tenants reads these; our own words are Community and Domain.
TENANT_MODEL = "tenants.Community"
TENANT_DOMAIN_MODEL = "tenants.Domain"
TENANT_APPS: list[str] = []
SHARED_APPS: list[str] = []
SKIP_PG_EXTRA_VALIDATION = True
PUBLIC_SCHEMA_NAME = "public"

# --- Cache, queue ---
REDIS_URL = env.text("REDIS_URL")
_CACHE = {
    "LOCATION": REDIS_URL,
    "KEY_FUNCTION": "tenants.isolation.cache_key",
    "KEY_PREFIX": DEPLOYMENT,
    "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 2},
}
CACHES = {
    # Pages go on without it; the platform's own code must know whether it was heard.
    "default": {"BACKEND": "tenants.caching.DispensableCache", **_CACHE},
    "platform": {"BACKEND": "django.core.cache.backends.redis.RedisCache", **_CACHE},
}
# Anonymous pages are kept until something changes that they show, at most so long; 0 keeps none (docs/adr/0019).
PAGE_CACHE_SECONDS = env.number("PAGE_CACHE_SECONDS")
CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "global_keyprefix": f"{DEPLOYMENT}:celery:",
    "visibility_timeout": 3600,
    "socket_connect_timeout": 2,
    "socket_timeout": 5,
    "max_retries": 1,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_PUBLISH_RETRY = False  # the outbox is the truth; a commit does not wait for the queue
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 600
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "UTC"
OUTBOX_LEASE_SECONDS = env.number("OUTBOX_LEASE_SECONDS")
OUTBOX_SWEEP_SECONDS = env.number("OUTBOX_SWEEP_SECONDS")
OUTBOX_SWEEP_SLICES = env.number("OUTBOX_SWEEP_SLICES")
REFERENCES_REFRESH_SECONDS = env.number("REFERENCES_REFRESH_SECONDS")

# --- Oversight ---
# Days after the end of a month within which its figures are expected. A choice of the deployment, not read in a law.
PUBLICATION_DAYS = env.number("PUBLICATION_DAYS")

# --- Media: every path starts with the town's schema ---
STORAGES = {
    "default": {"BACKEND": "tenants.isolation.TownFileStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = VAR / "media"
MEDIA_URL = "/media/"
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.text("STATIC_ROOT", str(VAR / "static")))
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024

# --- Accounts ---
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["hamaynk.accounts.backends.SurfaceBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
SESSION_ENGINE = "hamaynk.accounts.sessions"
SESSION_COOKIE_AGE = int(timedelta(hours=12).total_seconds())
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_DOMAIN = None  # host-only: a cookie never reaches another town or another surface
CSRF_COOKIE_DOMAIN = None
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
# How many proxies of ours stand in front: rate limits count by the address that the outermost of them saw.
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXIES", 0)
ACCOUNT_ADAPTER = "hamaynk.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = False
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SIGNUP_FORM_CLASS = "hamaynk.accounts.forms.CitizenNameForm"
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "signup": "20/m/ip",
    "reset_password": "20/m/ip,5/m/key",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
    "confirm_email": "1/3m/key",
}

# --- Mail ---
EMAIL_BACKEND = "hamaynk.observability.mail.CountedBackend"
EMAIL_TRANSPORT = env.text("EMAIL_BACKEND")
EMAIL_HOST = env.text("EMAIL_HOST")
EMAIL_PORT = env.number("EMAIL_PORT")
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS")
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", f"hamaynk@{BASE_DOMAIN}")

# --- Language: Armenian first (R50) ---
LANGUAGE_CODE = "hy"
LANGUAGES = [("hy", _("Armenian")), ("en", _("English")), ("ru", _("Russian"))]
LOCALE_PATHS = [PACKAGE / "ui/locale_borrowed"]
FORMAT_MODULE_PATH = ["hamaynk.ui.locale_formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Yerevan"
COUNTRY_PACK = env.text("COUNTRY_PACK")

# --- Open data: ISO 4217 code of all amounts; licence by its SPDX name ---
CURRENCY = env.text("CURRENCY")
OPEN_DATA_LICENCE = env.text("OPEN_DATA_LICENCE")

# Where holes are reported (RFC 9116), "mailto:..." or "https://..."; the town hall's own address where it is empty.
SECURITY_CONTACT = env.text("SECURITY_CONTACT")

# Once a week the sites' links are looked at; addresses elsewhere are asked for where this is on.
LINK_CHECK_OUTSIDE = env.flag("LINK_CHECK_OUTSIDE")

# --- Public sites: the editing screens of the content management system ---
WAGTAIL_SITE_NAME = "Hamaynk"
WAGTAILADMIN_BASE_URL = lazy(_present_office, str)()  # in letters to editors
WAGTAIL_I18N_ENABLED = True
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_ENABLE_UPDATE_CHECK = False  # the editors' browsers ask nobody outside
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAILADMIN_UNSAFE_PAGE_DELETION_LIMIT = 5
WAGTAILIMAGES_IMAGE_MODEL = "public_sites.Picture"
WAGTAILIMAGES_EXTENSIONS = ["gif", "jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 12 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 30_000_000  # a picture is unpacked in memory: 30 megapixels are 90 MB
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "odt", "pdf", "pptx", "rtf", "txt", "xlsx", "zip"]
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILEMBEDS_FINDERS: list[dict[str, str]] = []  # nothing of others is put into a town's page
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database", "SEARCH_CONFIG": "armenian"}}
TAGGIT_CASE_INSENSITIVE = True

# --- Security headers ---
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
    }
}

# --- Watching: figures on a port of their own, traces by a switch (docs/operate/watch.md) ---
METRICS_PORT = env.number("METRICS_PORT")
METRICS_BIND = env.text("METRICS_BIND")
OTEL_ENABLED = env.flag("OTEL_ENABLED")

# --- Logging: one JSON line, with town and request, without personal data ---
LOG_REQUESTS = env.flag("LOG_REQUESTS")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"town": {"()": "tenants.isolation.TownLogFilter"}},
    "formatters": {"line": {"()": "hamaynk.config.logs.JsonLine"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "filters": ["town"], "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.text("LOG_LEVEL")},
    "loggers": {
        "django.server": {"handlers": ["stderr"], "propagate": False},
        "django.security.SuspiciousSession": {"level": "ERROR"},
        "celery": {"level": "WARNING"},  # a line for each task is written by tasks/watch.py
    },
}
