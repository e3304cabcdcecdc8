"""Who may sign in through which door."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.http import HttpRequest

from hamaynk.accounts.models import User
from hamaynk.accounts.permissions import all_permissions
from hamaynk.contract import Surface


class SurfaceBackend(AuthenticationBackend):
    """allauth's backend, with the door's own rule: the office is for staff. The answer is the same for all failures."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> User | None:
        """The user, or None."""
        user = super().authenticate(request, **credentials)
        if user is None or not may_enter(user, getattr(request, "surface", None)):
            return None
        return user

    def has_perm(self, user: Any, perm: str, obj: Any = None) -> bool:
        """Django's question, answered by our grants; for the content management system's own, by its groups."""
        if not isinstance(user, User):
            return False
        return user.has_permission(perm) or (perm not in all_permissions() and super().has_perm(user, perm, obj))


def may_enter(user: User, surface: Surface | None) -> bool:
    """True if this person may use this surface at all."""
    if not user.is_active:
        return False
    return user.is_staff if surface == Surface.OFFICE else True
