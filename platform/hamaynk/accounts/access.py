"""Authorisation: the gate before views, and the check inside actions."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from hamaynk.accounts.backends import may_enter
from hamaynk.accounts.models import Unit, User
from hamaynk.contract import Access, Surface

# Views of allauth that sign in, sign up, confirm or reset: they guard themselves, and are the way in.
_WAY_IN = "allauth."


def require(user: Any, permission: str, unit: Unit | None = None) -> None:
    """Raise PermissionDenied unless `user` holds `permission` (for `unit`).

    `user` None is the system itself (a command, a demo seed, a scheduled task); a view always passes its user.
    """
    if user is None:
        return
    if not isinstance(user, User) or not user.has_permission(permission, unit):
        raise PermissionDenied(permission)


class AccessMiddleware:
    """Closed by default: a view without a mark is for nobody; on the office, console and oversight people sign in first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """None where the visitor may go on."""
        if view.__module__.startswith(_WAY_IN):
            return None
        access: Access | None = getattr(view, "access", None)
        if access is None:
            raise PermissionDenied("a view without a rule is for nobody")
        if access.permission is None:
            return None
        user = request.user
        if not user.is_authenticated or not may_enter(user, getattr(request, "surface", None)):
            return redirect_to_login(request.get_full_path(), reverse("account_login"))
        if access.permission != SIGNED_IN and not user.has_permission(access.permission):
            raise PermissionDenied(access.permission)
        return None


SIGNED_IN = "signed_in"


def signed_in(view: Any) -> Any:
    """Mark a view of the platform's own for everybody who is signed in on its surface."""
    view.access = Access(permission=SIGNED_IN)
    return view


def is_office(request: HttpRequest) -> bool:
    """True on a town's office."""
    return getattr(request, "surface", None) == Surface.OFFICE
