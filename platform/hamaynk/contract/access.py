"""Who may call a view: every view of a module carries one of these marks, and the gate enforces it.

A view without a mark is refused (closed by default), and the conformance suite names it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, kw_only=True)
class Access:
    """The rule of one view: `permission` is None for everybody, or a permission's full code ("budgets.publish")."""

    permission: str | None = None


def public(view: View) -> View:
    """Mark a view that anybody may call."""
    view.access = Access()  # type: ignore[attr-defined]
    return view


def permission_required(permission: str) -> Callable[[View], View]:
    """Mark a view that only somebody with `permission` (in any unit) may call.

    The gate asks for sign-in first. An action checks again, for the unit it works on.
    """

    def mark(view: View) -> View:
        view.access = Access(permission=permission)  # type: ignore[attr-defined]
        return view

    return mark
