"""What the office's pages share: who acts, what an address names, an action with its words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import get_language, gettext

from hamaynk.accounts.models import User
from hamaynk.common.periods import Month
from hamaynk.ui.formats import DASH
from modules.budgets import actions
from modules.budgets.ledger import Key
from modules.budgets.models import BudgetYear, Part, PlanVersion, Side, VersionState
from modules.budgets.selectors import plans
from modules.budgets.tables import Line, unknown_line


def officer(request: HttpRequest) -> User:
    """Who is signed in: the gate lets nobody else through, and actions ask again."""
    return cast(User, request.user)


def rights(request: HttpRequest) -> dict[str, bool]:
    """What the one who looks may do, for templates: they hide what would be refused."""
    user = officer(request)
    return {
        f"may_{right}": user.has_permission(f"budgets.{right}") for right in ("import", "plan", "publish", "explain")
    }


def attempt(request: HttpRequest, said: str, act: Callable[[], Any]) -> Any:
    """Does `act` and says `said`; where it cannot be done, says why instead and gives None back."""
    try:
        done = act()
    except actions.BudgetError as error:
        messages.error(request, str(error))
        return None
    if said:
        messages.success(request, said)
    return done


def side_of(request: HttpRequest) -> str:
    """The side that the address or the form names; revenue where it says none, 404 for what is no side."""
    side = request.POST.get("side") or request.GET.get("side") or Side.REVENUE.value
    if side not in Side.values:
        raise Http404(side)
    return side


def month_of(year: int, month: int) -> Month:
    """The month, or 404."""
    try:
        return Month(year, month)
    except ValueError as error:
        raise Http404 from error


def year_of(year: int) -> BudgetYear:
    """A budget year of this town, or 404."""
    found = plans.budget_year(year)
    if found is None:
        raise Http404(year)
    return found


def version_of(version_id: int) -> PlanVersion:
    """A plan version of this town, or 404."""
    found = plans.access_version(version_id)
    if found is None:
        raise Http404(version_id)
    return found


def month_address(year: int, month: int, side: str) -> str:
    """The page of a month and side."""
    return reverse("budgets:month", args=[year, month]) + f"?side={side}"


def language() -> str:
    """The reader's language, two letters."""
    return (get_language() or "hy").split("-")[0]


def name_of(code: str, lines: dict[str, Line]) -> str:
    """A line's name in the reader's language."""
    return (lines.get(code) or unknown_line(code)).names.get(language())


def offered(lines: dict[str, Line]) -> dict[str, str]:
    """Number and name of lines to choose from, in their order."""
    return {code: name_of(code, lines) for code in sorted(lines)}


def fact_words(key: Key, lines: dict[str, Line], items: dict[str, Line] | None = None) -> str:
    """A fact in a line of words: number, name, economic item, part, settlement, account."""
    words = [f"{key.code} {name_of(key.code, lines)}"]
    if key.economic:
        words.append(f"{key.economic} {name_of(key.economic, items or {})}".strip())
    words += [str(Part(key.part).label), key.settlement, key.account]
    return ", ".join(word for word in words if word)


def side_links(address: str, chosen: str) -> list[dict[str, Any]]:
    """The switch between the sides of a page. address: without its query."""
    return [
        {"label": Side(side).label, "url": f"{address}?side={side}", "is_here": side == chosen} for side in Side.values
    ]


def version_name(version: PlanVersion) -> str:
    """ "Draft of the budget", "Budget as adopted", "Amendment 2"."""
    if version.is_adoption:
        in_force = version.state == VersionState.IN_FORCE
        return gettext("Budget as adopted") if in_force else gettext("Draft of the budget")
    return gettext("Amendment %(number)s") % {"number": version.number}


def in_language(texts: dict[str, str]) -> str:
    """One of the three languages of a text: the reader's, else the first there is."""
    return texts.get(language()) or texts.get("hy") or next(iter(texts.values()), DASH)
