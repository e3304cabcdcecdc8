"""Typed readers of the environment that fail loudly, in one sentence that names the variable."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from hamaynk.config.variables import VARIABLES, Kind, Variable

YES, NO = ("yes", "true", "1", "on"), ("no", "false", "0", "off")


class EnvironmentFault(Exception):
    """A variable is missing or malformed; the text is one sentence for the person who starts the process."""


class UndeclaredSetting(LookupError):
    """The code asks for a variable that stands in no declaration, or as another kind than declared: a fault of ours."""


class Environment:
    """Reads variables; a `NAME_FILE` variable names a file that holds the value of NAME (for secrets).

    Defaults are those of the declaration (`hamaynk.config.variables`); `default` is for what is worked out, and for the
    settings of demo and tests.
    """

    def __init__(self, source: Mapping[str, str] | None = None) -> None:
        self._source = os.environ if source is None else source

    def __contains__(self, name: object) -> bool:
        """True where a value was given, itself or as a file."""
        return bool(self._source.get(str(name)) or self._source.get(f"{name}_FILE"))

    def text(self, name: str, default: str | None = None) -> str:
        """The value of `name`, else `default`, else a fault."""
        declared = _declared(name)
        value = self.raw(name)
        if value:
            return value
        if default is None:
            default = declared.default
        if default is None:
            raise EnvironmentFault(f"{name} is not set.")
        return default

    def raw(self, name: str) -> str:
        """What was given, "" for nothing."""
        file, value = self._source.get(f"{name}_FILE"), self._source.get(name, "")
        if not file:
            return value
        if value:
            raise EnvironmentFault(f"{name} and {name}_FILE are both set; give one of them.")
        try:
            return Path(file).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise EnvironmentFault(f"{name}_FILE names {file}, which cannot be read: {error.strerror}.") from error
        except UnicodeDecodeError:
            raise EnvironmentFault(f"{name}_FILE names {file}, which is not UTF-8 text.") from None

    def number(self, name: str, default: int | None = None) -> int:
        """A whole number."""
        _declared(name, Kind.NUMBER)
        return read_number(name, self.text(name, None if default is None else str(default)))

    def flag(self, name: str, default: bool | None = None) -> bool:
        """yes/no, true/false, 1/0, on/off."""
        _declared(name, Kind.FLAG)
        return read_flag(name, self.text(name, None if default is None else "yes" if default else "no"))

    def words(self, name: str, default: str | None = None) -> list[str]:
        """Words separated by commas."""
        _declared(name, Kind.WORDS)
        return [word.strip() for word in self.text(name, default).split(",") if word.strip()]


def _declared(name: str, kind: Kind | None = None) -> Variable:
    variable = VARIABLES.get(name)
    if variable is None:
        raise UndeclaredSetting(f"{name} is read and not declared in hamaynk.config.variables.")
    if kind is not None and variable.kind != kind:
        raise UndeclaredSetting(f"{name} is declared as {variable.kind} and read as {kind}.")
    return variable


def read_number(name: str, value: str) -> int:
    """A whole number, a fault for anything else."""
    try:
        return int(value)
    except ValueError:
        raise EnvironmentFault(f"{name} must be a whole number, not {value!r}.") from None


def read_flag(name: str, value: str) -> bool:
    """Yes or no, a fault for anything else."""
    if value.lower() in YES:
        return True
    if value.lower() in NO:
        return False
    raise EnvironmentFault(f"{name} must be yes or no, not {value!r}.")


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
