"""Typed readers of the environment that fail loudly, in one sentence that names the variable."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit


class EnvironmentFault(Exception):
    """A variable is missing or malformed; the text is one sentence for the person who starts the process."""


class Environment:
    """Reads variables; a `NAME_FILE` variable names a file that holds the value of NAME (for secrets)."""

    def __init__(self, source: Mapping[str, str] | None = None) -> None:
        self._source = os.environ if source is None else source

    def text(self, name: str, default: str | None = None) -> str:
        """The value of `name`, else `default`, else a fault."""
        if file := self._source.get(f"{name}_FILE"):
            try:
                return Path(file).read_text(encoding="utf-8").strip()
            except OSError as error:
                raise EnvironmentFault(f"{name}_FILE names {file}, which cannot be read: {error.strerror}.") from error
        value = self._source.get(name, "")
        if value:
            return value
        if default is None:
            raise EnvironmentFault(f"{name} is not set.")
        return default

    def number(self, name: str, default: int) -> int:
        """A whole number."""
        value = self.text(name, str(default))
        try:
            return int(value)
        except ValueError:
            raise EnvironmentFault(f"{name} must be a whole number, not {value!r}.") from None

    def flag(self, name: str, default: bool) -> bool:
        """yes/no, true/false, 1/0, on/off."""
        value = self.text(name, "yes" if default else "no").lower()
        if value in ("yes", "true", "1", "on"):
            return True
        if value in ("no", "false", "0", "off"):
            return False
        raise EnvironmentFault(f"{name} must be yes or no, not {value!r}.")

    def words(self, name: str, default: str = "") -> list[str]:
        """Words separated by commas."""
        return [word.strip() for word in self.text(name, default or " ").split(",") if word.strip()]


@dataclass(frozen=True)
class DatabaseAddress:
    """Where the database is; `user` is empty where a process is not given the owner's credentials."""

    host: str
    port: int
    name: str
    user: str = ""
    password: str = ""
    options: tuple[tuple[str, str], ...] = ()

    @classmethod
    def parse(cls, url: str) -> "DatabaseAddress":
        """From postgres://user:password@host:port/name; a fault if it is anything else."""
        parts = urlsplit(url)
        if parts.scheme not in ("postgres", "postgresql") or not parts.hostname:
            raise EnvironmentFault("DATABASE_URL must look like postgres://user:password@host:5432/name.")
        try:
            port = parts.port or 5432
        except ValueError:
            raise EnvironmentFault("DATABASE_URL names a port that is no number.") from None
        return cls(
            host=parts.hostname,
            port=port,
            name=unquote(parts.path.lstrip("/")) or "hamaynk",
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            options=_known_options(parts.query),
        )

    def without_credentials(self) -> "DatabaseAddress":
        """The same place, with nobody to sign in as."""
        return replace(self, user="", password="")

    def url(self) -> str:
        """Back to the form that `parse` reads."""
        who = f"{quote(self.user, safe='')}:{quote(self.password, safe='')}@" if self.user else ""
        host = f"[{self.host}]" if ":" in self.host else self.host
        query = f"?{urlencode(self.options)}" if self.options else ""
        return f"postgres://{who}{host}:{self.port}/{quote(self.name, safe='')}{query}"


# What may follow the "?" of DATABASE_URL: how the connection is secured, nothing that changes who speaks or where.
OPTIONS = frozenset({"sslmode", "sslrootcert", "sslcert", "sslkey", "connect_timeout", "target_session_attrs"})


def _known_options(query: str) -> tuple[tuple[str, str], ...]:
    options = tuple(parse_qsl(query, keep_blank_values=True))
    if unknown := sorted({name for name, _ in options} - OPTIONS):
        raise EnvironmentFault(f"DATABASE_URL carries options that are not known here: {', '.join(unknown)}.")
    return options
