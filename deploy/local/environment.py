"""What the demo launcher hands to each process: addresses, secrets, and no more rights than it needs."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

from .process import LocalServerError, is_listening, write_private

DATABASE_NAME = "hamaynk"
SECRET_NAMES = ("SECRET_KEY", "TOWN_ROLE_SECRET")
# Of libpq's own variables and address parameters, those that would bring a user or a password back in.
CREDENTIAL_PARAMETERS = ("user", "password", "passfile", "service", "servicefile")
CREDENTIAL_VARIABLES = ("PGUSER", "PGPASSWORD", "PGPASSFILE", "PGSERVICE", "PGSERVICEFILE")
# The only long-running process that may act as the database's owner: it makes towns.
OWNER_PROCESSES = ("provisioner",)
DEFAULT_PORTS = {"postgres": 5432, "postgresql": 5432, "redis": 6379, "rediss": 6379}


@dataclass(frozen=True)
class DemoPlace:
    """Where a demo runs: its source folder, its data folder, its port and the servers it was pointed at."""

    root: Path
    var: Path
    port: int
    database_url: str | None
    redis_url: str | None

    @classmethod
    def from_environment(cls, root: Path, environment: Mapping[str, str]) -> DemoPlace:
        """Read PORT, HAMAYNK_VAR, DATABASE_URL and REDIS_URL; an empty variable counts as not given."""
        text = environment.get("PORT") or "8000"
        if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
            raise LocalServerError(f"PORT must be a number from 1 to 65535, not `{text}`.")
        var = root / (environment.get("HAMAYNK_VAR") or "var")
        database_url = environment.get("DATABASE_URL") or None
        redis_url = environment.get("REDIS_URL") or None
        check_address("DATABASE_URL", database_url, ("postgres", "postgresql"))
        check_address("REDIS_URL", redis_url, ("redis", "rediss", "unix"))
        return cls(root, var.resolve(), int(text), database_url, redis_url)

    @property
    def home(self) -> Path:
        """The folder with everything the demo keeps."""
        return self.var / "demo"

    @property
    def logs(self) -> Path:
        """The folder with one log per process."""
        return self.home / "log"


def check_address(name: str, address: str | None, schemes: tuple[str, ...]) -> None:
    """Refuse an address that cannot be one of a server of that kind."""
    if address is None:
        return
    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018 - reading it is the check
    except ValueError:
        raise LocalServerError(f"{name} is not a valid address.") from None
    if parts.scheme not in schemes:
        raise LocalServerError(f"{name} must begin with `{schemes[0]}://`.")


def check_reachable(name: str, address: str) -> None:
    """Say so in one sentence when nothing answers at an address; socket paths are left to the client."""
    parts = urlsplit(address)
    host = unquote(parts.hostname or "")
    if not host or "/" in host or "," in parts.netloc:
        return
    port = parts.port or DEFAULT_PORTS[parts.scheme]
    if not is_listening(host, port, timeout=5):
        raise LocalServerError(f"{name} points to {host} port {port}, where nothing answers.")


def with_database(url: str, database: str) -> str:
    """Return a database address with another database name."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


def without_credentials(url: str) -> str:
    """Return a database address without user and password, wherever in it they stand."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    kept = [(key, value) for key, value in parse_qsl(parts.query) if key.lower() not in CREDENTIAL_PARAMETERS]
    return urlunsplit(parts._replace(netloc=host, query=urlencode(kept)))


def load_secrets(path: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """Return the demo's secrets: those given in the environment, else those made at the first start and kept."""
    kept: dict[str, str] = {}
    if path.exists():
        try:
            kept = {key: str(value) for key, value in json.loads(path.read_text(encoding="utf-8")).items()}
        except (ValueError, AttributeError):
            raise LocalServerError(f"{path} is damaged; `make demo-reset` starts the demo afresh.") from None
    missing = [name for name in SECRET_NAMES if not kept.get(name)]
    if missing:
        kept |= {name: secrets.token_urlsafe(48) for name in missing}
        write_private(path, json.dumps(kept, indent=2) + "\n")
    return {name: environment.get(name) or kept[name] for name in SECRET_NAMES}


def process_environment(
    place: DemoPlace, process: str, *, database_url: str, redis_url: str, kept_secrets: Mapping[str, str]
) -> dict[str, str]:
    """Return the environment of one process; only administration and the provisioner learn the database's password."""
    environment = dict(os.environ)
    owner = process == "manage" or process in OWNER_PROCESSES
    if not owner:
        for name in CREDENTIAL_VARIABLES:
            environment.pop(name, None)
    paths = [str(place.root), str(place.root / "platform"), environment.get("PYTHONPATH", "")]
    environment |= kept_secrets
    environment |= {
        "DJANGO_SETTINGS_MODULE": "hamaynk.config.settings.demo",
        "PYTHONPATH": os.pathsep.join(path for path in paths if path),
        "PYTHONUNBUFFERED": "1",
        "DATABASE_URL": database_url if owner else without_credentials(database_url),
        "REDIS_URL": redis_url,
        "BASE_DOMAIN": "localhost",
        "PORT": str(place.port),
        "HAMAYNK_VAR": str(place.var),
    }
    environment.setdefault("LOG_LEVEL", "WARNING")
    environment.pop("HAMAYNK_PROCESS", None)
    if process != "manage":
        environment["HAMAYNK_PROCESS"] = process
    return environment
