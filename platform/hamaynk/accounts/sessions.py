"""Sessions that are worth nothing at another host.

The row's key is a hash of host and cookie. So a cookie copied to another surface or another domain of the same town
finds no row, and whoever reads the table cannot sign in with what it holds. Cookies are host-only besides.
"""

import hashlib
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.middleware import SessionMiddleware
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone

from tenants.context import current_host
from tenants.models import normal_host


class SessionStore(DatabaseStore):
    """Django's database sessions, found by hash of host and key."""

    def __init__(self, session_key: str | None = None) -> None:
        super().__init__(session_key)
        self.host = normal_host(current_host.get())

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """The table is Django's own."""
        return Session

    def row_key(self, key: str) -> str:
        """Key of the row that belongs to this cookie at this host (40 characters)."""
        return hashlib.sha256(f"{self.host}\n{key}".encode()).hexdigest()[:40]

    def _get_session_from_db(self) -> Any:
        key = self._session_key
        row = self.model.objects.filter(session_key=self.row_key(key or ""), expire_date__gt=timezone.now()).first()
        if row is None:
            self._session_key = None  # unknown here: whoever signs in gets a key of our making
        return row

    def exists(self, session_key: str) -> bool:
        """True if a row belongs to this cookie at this host."""
        return super().exists(self.row_key(session_key))

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        """A row with the hashed key."""
        row = super().create_model_instance(data)
        row.session_key = self.row_key(row.session_key)
        return row

    def delete(self, session_key: str | None = None) -> None:
        """Delete the row of this cookie at this host."""
        key = session_key or self.session_key
        if key is not None:
            super().delete(self.row_key(key))


class HostSessionMiddleware(SessionMiddleware):
    """Django's session middleware; a place of its own so that the order in settings tells the story."""

    def process_request(self, request: HttpRequest) -> None:
        """Open the session of this cookie at this host."""
        super().process_request(request)
