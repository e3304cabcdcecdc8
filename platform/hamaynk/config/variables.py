"""Every setting that comes from outside, declared once: name, kind, default, meaning, who needs it, whether it is secret.

`hamaynk.config.env` reads nothing that does not stand here, production refuses what does not fit, and
docs/operate/settings.md is written from it (`python -m tools.settings_page`).
"""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a value must look like; also how the page of settings names it."""

    TEXT = "text"
    NUMBER = "whole number"
    FLAG = "yes or no"
    WORDS = "words, separated by commas"
    DATABASE = "address of a PostgreSQL database"
    QUEUE = "address of a Redis or Valkey"
    HOST = "host name"
    LEVEL = "DEBUG, INFO, WARNING, ERROR or CRITICAL"
    FOLDER = "folder"
    FILE = "file"
    BINDS = "address:port, several separated by spaces"


SERVING, WORKING, OWNING = ("web",), ("worker", "provisioner"), ("provisioner", "migrate")
ALL = ("web", "worker", "provisioner", "beat", "migrate", "manage")


@dataclass(frozen=True)
class Variable:
    """One variable of the environment.

    `default` is the text that would be given; None where the value is worked out or must be given. `needed`: production
    does not start without it. `processes`: who reads it; the others may go without.
    """

    name: str
    meaning: str
    kind: Kind = Kind.TEXT
    default: str | None = ""
    group: str = ""
    processes: tuple[str, ...] = ALL
    needed: bool = False
    secret: bool = False
    least: int = 0
    most: int | None = None
    choices: tuple[str, ...] = ()
    shown: str = ""  # on the page, where the default is worked out
    may_be_file: bool = True


def _group(title: str, *variables: Variable) -> list[Variable]:
    return [Variable(**{**vars(variable), "group": title}) for variable in variables]


def _number(name: str, default: int, meaning: str, **more: object) -> Variable:
    return Variable(name, meaning, Kind.NUMBER, str(default), **more)  # type: ignore[arg-type]


def _flag(name: str, default: bool, meaning: str, **more: object) -> Variable:
    return Variable(name, meaning, Kind.FLAG, "yes" if default else "no", **more)  # type: ignore[arg-type]


LIST: list[Variable] = [
    *_group(
        "What this is",
        Variable(
            "DJANGO_SETTINGS_MODULE",
            "`hamaynk.config.settings.production` everywhere but in a demo; the command `hamaynk` sets it by itself",
            default="hamaynk.config.settings.production",
            may_be_file=False,
        ),
        Variable(
            "HAMAYNK_PROCESS",
            "which process this is; the command `hamaynk` sets it. Web, worker and beat refuse the owner's credentials",
            default="command",
            choices=("command", *ALL),
        ),
        Variable(
            "DEPLOYMENT",
            "prefix of roles, cache keys and queues; another for each deployment on the same servers",
            default="hmk",
        ),
        Variable("BASE_DOMAIN", "the platform's domain, such as `hamaynk.am`", Kind.HOST, "localhost", needed=True),
        Variable("PORT", "public port, for links in mail; empty behind port 443", Kind.NUMBER, "", least=1, most=65535),
        Variable(
            "HAMAYNK_VAR",
            "folder that may be written: media of the towns",
            Kind.FOLDER,
            None,
            shown="`var` beside the code",
        ),
        Variable(
            "STATIC_ROOT",
            "folder of the collected static files",
            Kind.FOLDER,
            None,
            processes=("web", "manage"),
            shown="`static` in HAMAYNK_VAR",
        ),
    ),
    *_group(
        "Secrets",
        Variable(
            "SECRET_KEY",
            "signs links and forms; 32 characters or more: `openssl rand -hex 32`",
            needed=True,
            secret=True,
            least=32,
        ),
        Variable(
            "SECRET_KEY_FALLBACKS",
            "secrets that were `SECRET_KEY` before, newest first: what they signed is believed until they are taken out",
            Kind.WORDS,
            secret=True,
        ),
        Variable(
            "TOWN_ROLE_SECRET",
            "the passwords of all roles derive from it; 32 characters or more, another than `SECRET_KEY`",
            needed=True,
            secret=True,
            least=32,
        ),
    ),
    *_group(
        "Database",
        Variable(
            "DATABASE_URL",
            "`postgres://user:password@host:5432/name` for provisioner and migrate, `postgres://host:5432/name` for the"
            " rest; options after `?`: `sslmode`, `sslrootcert`, `sslcert`, `sslkey`, `connect_timeout`,"
            " `target_session_attrs`",
            Kind.DATABASE,
            "postgres://127.0.0.1:5432/hamaynk",
            needed=True,
            secret=True,
        ),
        _flag("DATABASE_POOLED", False, "a pooler in transaction mode stands between us and PostgreSQL"),
        _number("DATABASE_IDLE_CONNECTIONS", 20, "parked connections a process"),
        _number("DATABASE_IDLE_SECONDS", 60, "when a parked connection is closed that nobody used"),
        _number("DATABASE_LIFETIME_SECONDS", 1800, "when a parked connection is closed in any case"),
        _number(
            "DATABASE_TOWN_CONNECTION_LIMIT",
            40,
            "connections a town's role may have at once",
            processes=OWNING,
            least=1,
        ),
    ),
    *_group(
        "Cache and queue",
        Variable("REDIS_URL", "cache and queue", Kind.QUEUE, "redis://127.0.0.1:6379/0", needed=True, secret=True),
        _number(
            "PAGE_CACHE_SECONDS", 300, "how long an anonymous page is kept at most; 0 keeps none", processes=SERVING
        ),
        _number("OUTBOX_LEASE_SECONDS", 15, "how long an event belongs to the worker that took it", least=1),
        _number(
            "OUTBOX_SWEEP_SECONDS", 60, "how often each town's outbox is looked at for what was left behind", least=1
        ),
        _number("OUTBOX_SWEEP_SLICES", 12, "in how many parts all towns are swept", least=1),
    ),
    *_group(
        "Mail",
        Variable("EMAIL_HOST", "mail server", default="localhost"),
        _number("EMAIL_PORT", 25, "its port", least=1, most=65535),
        Variable("EMAIL_HOST_USER", "as whom to sign in there"),
        Variable("EMAIL_HOST_PASSWORD", "with which password", secret=True),
        _flag("EMAIL_USE_TLS", False, "STARTTLS"),
        Variable(
            "EMAIL_BACKEND",
            "how mail is sent: a class of Django's",
            default="django.core.mail.backends.smtp.EmailBackend",
        ),
        Variable("DEFAULT_FROM_EMAIL", "sender", default=None, shown="`hamaynk@<BASE_DOMAIN>`"),
    ),
    *_group(
        "Security",
        _number(
            "TRUSTED_PROXIES",
            1,
            "proxies of yours in front; rate limits count by the address that the outermost saw (`X-Forwarded-For`)",
            processes=SERVING,
        ),
        _flag("SECURE_SSL_REDIRECT", True, "plain HTTP is redirected", processes=SERVING),
        _number(
            "SECURE_HSTS_SECONDS",
            31536000,
            "how long browsers are told to use HTTPS only; 0 says nothing",
            processes=SERVING,
        ),
        _flag(
            "SECURE_HSTS_INCLUDE_SUBDOMAINS",
            True,
            "the same for all hosts below the platform's own; never said on a town's own domain, which has other hosts",
            processes=SERVING,
        ),
        _flag(
            "SECURE_HSTS_PRELOAD",
            False,
            "agree to stand in the browsers' own list, which is hard to take back; never said on a town's own domain",
            processes=SERVING,
        ),
        Variable(
            "SECURITY_CONTACT",
            "where holes are reported (RFC 9116), `mailto:...` or `https://...`; the town hall's address where it is empty",
            processes=SERVING,
        ),
    ),
    *_group(
        "Content",
        Variable("COUNTRY_PACK", "classification of the budget", default="am"),
        Variable("CURRENCY", "ISO 4217 code of the amounts in open data", default="AMD"),
        Variable(
            "OPEN_DATA_LICENCE", "licence of the open data", default="CC-BY-4.0", choices=("CC-BY-4.0", "CC0-1.0")
        ),
        _number(
            "PUBLICATION_DAYS",
            10,
            "days after the end of a month within which the ministry's pages expect it; a choice, not read in a law",
        ),
        _number(
            "REFERENCES_REFRESH_SECONDS",
            120,
            "how often means of marz and country are worked out where figures changed",
            least=1,
        ),
        _flag("LINK_CHECK_OUTSIDE", True, "links of the sites to other sites are tried once a week", processes=WORKING),
        Variable(
            "DNS_SERVERS", "name servers that are asked about towns' own domains; the machine's own where it is empty"
        ),
    ),
    *_group(
        "Processes",
        Variable("WEB_BIND", "where web listens", Kind.BINDS, "0.0.0.0:8000", processes=SERVING),
        _number("WEB_WORKERS", 2, "processes of web", processes=SERVING, least=1),
        _number("WEB_THREADS", 4, "threads of each", processes=SERVING, least=1),
        _number("WEB_TIMEOUT", 60, "seconds after which a stuck web process is replaced", processes=SERVING, least=1),
        _number("STOP_SECONDS", 30, "seconds that requests have to end when web stops", processes=SERVING, least=1),
        Variable(
            "WORKER_QUEUES", "queues that a worker serves", Kind.WORDS, "default,oversight", processes=("worker",)
        ),
        _number("WORKER_CONCURRENCY", 2, "processes of a worker", processes=("worker",), least=1),
        Variable(
            "BEAT_SCHEDULE",
            "file in which beat remembers what ran when",
            Kind.FILE,
            None,
            processes=("beat",),
            shown="`beat-schedule` in HAMAYNK_VAR",
        ),
    ),
    *_group(
        "Watching",
        Variable("LOG_LEVEL", "from which level on; logs are JSON lines on stderr", Kind.LEVEL, "INFO"),
        _flag(
            "LOG_REQUESTS",
            True,
            "a line (INFO) for each request: surface, town, method, route, status, milliseconds",
            processes=SERVING,
        ),
        _number(
            "METRICS_PORT",
            0,
            "port of `/metrics` and `/livez` of each process, 9464 in deployments; 0: none. Processes on one host need"
            " a port each",
            most=65535,
        ),
        Variable("METRICS_BIND", "address on which that port listens", default="0.0.0.0"),  # noqa: S104
        _flag(
            "OTEL_ENABLED",
            False,
            "traces by OpenTelemetry; needs the packages of the extra `telemetry`. Where to, is said by the standard"
            " variables (`OTEL_EXPORTER_OTLP_ENDPOINT`, `OTEL_TRACES_SAMPLER` ...)",
        ),
    ),
]
VARIABLES: dict[str, Variable] = {variable.name: variable for variable in LIST}
