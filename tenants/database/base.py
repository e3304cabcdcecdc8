"""`DatabaseWrapper`: speaks to PostgreSQL as the login role of the place it stands in.

django-tenants switches a shared session's search_path; we switch the session. The role's own rights are the wall: a
forgotten context, an injected statement or a pooler that mixes sessions meets a database that refuses. Switching costs
no SQL: the connection is parked by identity and the next one is taken or opened on first use.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS
from django.db.backends.postgresql.psycopg_any import IsolationLevel
from django.db.transaction import TransactionManagementError
from django_tenants.postgresql_backend import base as django_tenants_base

from tenants.database import counting
from tenants.database.identity import Identity, identity_for
from tenants.database.idle import IdleConnections


class TownSwitchError(TransactionManagementError):
    """Somebody tried to enter another town while a transaction is open in this one."""


idle_connections = IdleConnections(
    limit=settings.DATABASE_IDLE_CONNECTIONS,
    idle_seconds=settings.DATABASE_IDLE_SECONDS,
    lifetime_seconds=settings.DATABASE_LIFETIME_SECONDS,
    watcher=counting.Parked(),
)


class DatabaseWrapper(django_tenants_base.DatabaseWrapper):  # type: ignore[misc]
    """Django's connection with an identity; `set_schema` and its kin choose it."""

    connection: Any
    errors_occurred: bool
    run_on_commit: list[Any]

    def __init__(self, settings_dict: dict[str, Any], alias: str = DEFAULT_DB_ALIAS) -> None:
        self.identity: Identity | None = None
        self.is_owner = False
        self._pid = os.getpid()
        super().__init__(settings_dict, alias)

    # --- who ---

    def set_tenant(self, tenant: Any, include_public: bool = True) -> None:
        """Stand in `tenant.schema_name`. Raises TownSwitchError inside a transaction, before anything changes."""
        self._enter(tenant, owner=self.is_owner)

    def _enter(self, tenant: Any, *, owner: bool) -> None:
        identity = identity_for(tenant.schema_name, owner=owner)
        if identity != self.identity:
            self._refuse_inside_transaction(tenant.schema_name)
            self.park()
            self.identity = identity
            self.is_owner = owner
        super().set_tenant(tenant)

    def _refuse_inside_transaction(self, schema: str) -> None:
        if self.in_atomic_block or (self.connection is not None and not self.autocommit):
            raise TownSwitchError(f"Cannot enter {schema!r}: a transaction is open in {self.schema_name!r}.")

    @contextmanager
    def standing_in(self, schema: str, *, owner: bool | None = None) -> Iterator[None]:
        """Stand in `schema` for a while, as its own role, or as the owner where `owner` is True; then go back."""
        before, before_owner = self.tenant, self.is_owner
        self._enter(django_tenants_base.FakeTenant(schema), owner=before_owner if owner is None else owner)
        try:
            yield
        finally:
            self._enter(before, owner=before_owner)

    # --- with which connection ---

    @property
    def _key(self) -> tuple[Any, ...]:
        place = self.settings_dict
        return (place["HOST"], place["PORT"], place["NAME"], self.identity, bool(self.is_owner))

    def park(self) -> None:
        """Give the present connection back to the idle set, or close it where it is not clean."""
        connection, self.connection = self.connection, None
        self.run_on_commit = []
        if connection is None:
            return
        if self._pid != os.getpid():
            return
        if self.errors_occurred or self._path_was_changed(connection):
            self.errors_occurred = False
            connection.close()
            return
        idle_connections.put(self._key, connection)

    def _path_was_changed(self, connection: Any) -> bool:
        """True where somebody's SET would outlive its request. PostgreSQL reports the path from version 18 on."""
        path = connection.info.parameter_status("search_path") if not connection.closed else None
        if path is None or self.identity is None:
            return False
        return tuple(part.strip(' "') for part in path.split(",")) != self.identity.search_path

    def get_connection_params(self) -> dict[str, Any]:
        """Django's parameters with user, password and search path of the present identity."""
        assert self.identity is not None
        params: dict[str, Any] = super().get_connection_params()
        params["user"], params["password"] = self.identity.user, self.identity.password
        if self.is_owner:
            # Structure is changed with plain client-side statements: DDL takes no bound parameters.
            params["cursor_factory"] = django_tenants_base.original_backend.Cursor
        if self.is_owner or not settings.DATABASE_POOLED:
            # The role has the same path by ALTER ROLE; said here it also survives a role that altered itself.
            params["options"] = f"-c search_path={','.join(self.identity.search_path)}"
        return params

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """An idle connection of this identity if there is one, else a new one."""
        parked = idle_connections.take(self._key)
        if parked is None:
            opened = super().get_new_connection(conn_params)
            counting.opened(opened, self._key)
            return opened
        self.isolation_level = IsolationLevel.READ_COMMITTED
        return parked

    def ensure_connection(self) -> None:
        """After a fork, forget the parent's connection without closing it."""
        if self._pid != os.getpid():
            self.connection = None
            self._pid = os.getpid()
        super().ensure_connection()

    def close(self) -> None:
        """Close the present connection, unless it is a parent process's."""
        if self._pid != os.getpid():
            self.connection = None
            self._pid = os.getpid()
        super().close()

    def close_if_unusable_or_obsolete(self) -> None:
        """Between requests and tasks Django calls this: the connection goes back to the idle set."""
        if not self.in_atomic_block and self.autocommit:
            self.park()

    def _handle_search_path(self, cursor: Any = None) -> None:
        """Nothing: the path belongs to the session from its start."""
