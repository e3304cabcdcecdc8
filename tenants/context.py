"""Where the present code works: in one town, on the console, in the oversight store, or nowhere."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import connection

from tenants.names import (
    COLLECTOR,
    CONSOLE,
    OVERSIGHT,
    PUBLIC,
    is_town_schema,
    schema_of_slug,
)

P = ParamSpec("P")
R = TypeVar("R")

current_host: ContextVar[str] = ContextVar("current_host", default="")


class NoTown(Exception):
    """Code that belongs to one town was called outside of any."""


def current_schema() -> str:
    """The schema the connection stands in; "public" where there is no town."""
    return str(connection.schema_name)  # type: ignore[attr-defined]


def current_town_schema() -> str:
    """The present town's schema; raises NoTown outside of a town."""
    schema = current_schema()
    if not is_town_schema(schema):
        raise NoTown(f"This needs a town, and the connection stands in {schema!r}.")
    return schema


@contextmanager
def _standing_in(schema: str, *, owner: bool | None = None) -> Iterator[None]:
    with connection.standing_in(schema, owner=owner):  # type: ignore[attr-defined]
        yield


def in_town(slug: str) -> AbstractContextManager[None]:
    """Work in the town with this slug, as its login role. Refused while a transaction is open elsewhere."""
    schema = schema_of_slug(slug)
    if not is_town_schema(schema):
        raise NoTown(f"{slug!r} cannot be a town.")
    return _standing_in(schema, owner=False)


def nowhere() -> AbstractContextManager[None]:
    """Work as the router: may read the routing tables, nothing else."""
    return _standing_in(PUBLIC, owner=False)


def in_console() -> AbstractContextManager[None]:
    """Work as the operators' console."""
    return _standing_in(CONSOLE, owner=False)


def in_oversight() -> AbstractContextManager[None]:
    """Work as the ministry: reads figures, writes only its own accounts."""
    return _standing_in(OVERSIGHT, owner=False)


def as_collector() -> AbstractContextManager[None]:
    """Work as the one who brings towns' figures into the oversight store; reads no town and no account."""
    return _standing_in(COLLECTOR, owner=False)


def as_owner(schema: str = PUBLIC) -> AbstractContextManager[None]:
    """Work as the database's owner in `schema`. Only in processes that were given the owner's credentials."""
    return _standing_in(schema, owner=True)


def owner_command(function: Callable[P, R]) -> Callable[P, R]:
    """Run `function` as the owner, standing in `public`."""

    @wraps(function)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        with as_owner():
            return function(*args, **kwargs)

    return wrapper
