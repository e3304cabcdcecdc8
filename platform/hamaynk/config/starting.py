"""What keeps a process from starting: everything that is wrong with its settings, a sentence each, all at once."""

import difflib
import os
import re
from collections.abc import Callable, Iterator, Mapping
from urllib.parse import urlsplit

from hamaynk.config.env import YES, DatabaseAddress, Environment, EnvironmentFault, read_flag, read_number
from hamaynk.config.variables import VARIABLES, Kind, Variable
from hamaynk.observability.tracing import is_installed

WITHOUT_OWNER = ("web", "worker", "beat")
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
_HOST = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")
_BIND = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9_.-]+):\d{1,5}|unix:/.+")
# Kubernetes puts the addresses of services into every pod's environment.
_SERVICE_LINK = re.compile(r"_(SERVICE_(HOST|PORT\w*)|PORT(_\d+_(TCP|UDP)\w*)?)$")


def refuse(source: Mapping[str, str] | None = None, *, production: bool) -> None:
    """Raise one EnvironmentFault that tells of everything; nothing where all is well."""
    if found := list(faults(os.environ if source is None else source, production=production)):
        raise EnvironmentFault("Hamaynk does not start:\n- " + "\n- ".join(found))


def faults(source: Mapping[str, str], *, production: bool) -> Iterator[str]:
    """A sentence for each thing that is missing or malformed; in production also for what is a demo's."""
    env, values = Environment(source), {}
    for variable in VARIABLES.values():
        try:
            values[variable.name] = value = env.raw(variable.name)
            if value:
                _check(variable, value)
            elif production and variable.needed and not variable.secret:
                raise EnvironmentFault(f"{variable.name} is not set{_hint(variable)}.")
        except EnvironmentFault as fault:
            yield str(fault)
    if values.get("OTEL_ENABLED", "").lower() in YES and not is_installed():
        yield "OTEL_ENABLED is on, and the packages for traces are not installed: the extra `telemetry`."
    if production:
        yield from _of_secrets(values)
        yield from _of_owner(values, source.get("HAMAYNK_PROCESS", ""))
        yield from _misspelt(source)


def _hint(variable: Variable) -> str:
    return " (for example hamaynk.am)" if variable.name == "BASE_DOMAIN" else ""


def _check(variable: Variable, value: str) -> None:
    name = variable.name
    if variable.choices and value not in variable.choices:
        raise EnvironmentFault(f"{name} must be one of {', '.join(variable.choices)}, not {value!r}.")
    if check := CHECKS.get(variable.kind):
        check(variable, value)


def _number(variable: Variable, value: str) -> None:
    number = read_number(variable.name, value)
    if number < variable.least or (variable.most is not None and number > variable.most):
        most = f" to {variable.most}" if variable.most is not None else " or more"
        raise EnvironmentFault(f"{variable.name} must be {variable.least}{most}, not {number}.")


def _queue(variable: Variable, value: str) -> None:
    parts = urlsplit(value)
    try:
        good = parts.scheme in ("redis", "rediss", "unix") and bool(parts.hostname or parts.path) and parts.port != 0
    except ValueError:
        good = False
    if not good:
        raise EnvironmentFault(f"{variable.name} must look like redis://host:6379/0.")


def _host(variable: Variable, value: str) -> None:
    if not _HOST.fullmatch(value):
        raise EnvironmentFault(
            f"{variable.name} must be a host name in small letters, without scheme and port, not {value!r}."
        )


def _level(variable: Variable, value: str) -> None:
    if value not in LEVELS:
        raise EnvironmentFault(f"{variable.name} must be one of {', '.join(LEVELS)}, not {value!r}.")


def _binds(variable: Variable, value: str) -> None:
    if wrong := [word for word in value.split() if not _BIND.fullmatch(word)]:
        raise EnvironmentFault(f"{variable.name} must be address:port, several separated by spaces, not {wrong[0]!r}.")


def _words(variable: Variable, value: str) -> None:
    if not any(word.strip() for word in value.split(",")):
        raise EnvironmentFault(f"{variable.name} names nothing.")


CHECKS: dict[Kind, Callable[[Variable, str], object]] = {
    Kind.NUMBER: _number,
    Kind.FLAG: lambda variable, value: read_flag(variable.name, value),
    Kind.WORDS: _words,
    Kind.DATABASE: lambda variable, value: DatabaseAddress.parse(value),
    Kind.QUEUE: _queue,
    Kind.HOST: _host,
    Kind.LEVEL: _level,
    Kind.BINDS: _binds,
}


def _of_secrets(values: Mapping[str, str]) -> Iterator[str]:
    for name in ("SECRET_KEY", "TOWN_ROLE_SECRET"):
        value = values.get(name)
        if value is None:
            continue  # it was given and cannot be read, which is said already
        if not value:
            yield f"{name} is not set."
        elif "demo" in value.lower() or "test" in value.lower():
            yield f"{name} is a demo or test secret; make a new one with `openssl rand -hex 32`."
        elif len(value) < VARIABLES[name].least:
            yield f"{name} is shorter than {VARIABLES[name].least} characters."
    if values.get("SECRET_KEY") and values.get("SECRET_KEY") == values.get("TOWN_ROLE_SECRET"):
        yield "SECRET_KEY and TOWN_ROLE_SECRET must differ."
    for name in ("DATABASE_URL", "REDIS_URL"):
        if values.get(name) == "":
            yield f"{name} is not set."
    if values.get("BASE_DOMAIN") == "localhost":
        yield "BASE_DOMAIN is the demo's; give the platform's own domain (for example hamaynk.am)."


def _of_owner(values: Mapping[str, str], process: str) -> Iterator[str]:
    try:
        address = DatabaseAddress.parse(values["DATABASE_URL"])
    except (KeyError, EnvironmentFault):
        return
    if process in WITHOUT_OWNER and (address.user or address.password):
        yield f"DATABASE_URL of the {process} process carries credentials; only provisioning may have them."
    if process == "provisioner" and not address.user:
        yield "DATABASE_URL of the provisioner process carries no credentials; it needs the database owner's."


def _misspelt(source: Mapping[str, str]) -> Iterator[str]:
    """Long names that are nearly one of ours: what was meant would silently keep its default."""
    for name in sorted(source):
        bare = name.removesuffix("_FILE")
        if bare in VARIABLES or len(bare) < 9 or _SERVICE_LINK.search(name):
            continue
        if near := difflib.get_close_matches(bare, VARIABLES, n=1, cutoff=0.92):
            yield f"{name} is not a setting; is {near[0]} meant?"
