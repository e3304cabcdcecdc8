"""As whom a connection speaks: router (no town), a town, console, oversight, collector, or the owner."""

from dataclasses import dataclass, field

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from tenants.names import (
    COLLECTOR,
    CONSOLE,
    OVERSIGHT,
    PUBLIC,
    SHARED,
    TEMPLATE,
    is_town_schema,
    password_of,
    role_of,
)


class OwnerRefused(ImproperlyConfigured):
    """This process was not given the owner's credentials: it serves people and must not change the structure."""


class UnknownSchema(ImproperlyConfigured):
    """No such place: neither a town's name nor one of the platform's."""


@dataclass(frozen=True)
class Identity:
    """A login role and the search path it works with."""

    user: str
    search_path: tuple[str, ...]
    given_password: str = field(repr=False, compare=False, default="")

    @property
    def password(self) -> str:
        """The owner's as given, all others' derived; asked for only when a connection is opened."""
        return self.given_password or password_of(self.user)


def identity_for(schema: str, *, owner: bool) -> Identity:
    """Who works in `schema`; raises OwnerRefused or UnknownSchema, never falls back to somebody with more rights."""
    if owner:
        if not settings.DATABASE.user:
            raise OwnerRefused("This process has no owner credentials in DATABASE_URL.")
        return Identity(settings.DATABASE.user, (schema, SHARED), settings.DATABASE.password)
    if schema == CONSOLE:
        path: tuple[str, ...] = (CONSOLE, PUBLIC)
    elif schema == COLLECTOR:
        path = (OVERSIGHT,)
    elif schema in (PUBLIC, OVERSIGHT):
        path = (schema,)
    elif is_town_schema(schema) or schema == TEMPLATE:
        path = (schema, SHARED)
    else:
        raise UnknownSchema(f"There is no place called {schema!r}.")
    return Identity(role_of(schema), path)
