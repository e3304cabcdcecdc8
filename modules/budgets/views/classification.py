"""The classification in the office: the lines of each kind, and the source that clears an unverified mark."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext, ngettext
from django.views.decorators.http import require_GET, require_POST

from hamaynk.accounts.models import User
from hamaynk.contract import permission_required
from modules.budgets import actions, packs
from modules.budgets.forms.classification import ClassificationFilterForm, SourceForm
from modules.budgets.models import ClassificationKind, ClassificationLine
from modules.budgets.selectors import classification as selectors

LANGUAGES = ("hy", "en", "ru")
DEEPEST = 5  # the tables have no deeper indent


@permission_required("budgets.view")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """The lines of one kind as a tree, with search and a filter for those that wait for a source."""
    form = ClassificationFilterForm(request.GET.dict())
    is_valid = form.is_valid()
    values = form.cleaned_data
    kind = ClassificationKind(values.get("kind") or ClassificationKind.REVENUE)
    rows = selectors.tree(
        kind=kind, search=values.get("q", ""), unverified_only=values.get("unverified", False), year=values.get("year")
    )
    counts = selectors.kind_counts()
    context = {
        "form": form,
        "kind": kind,
        "counts": counts,
        "count": next(count for count in counts if count.kind == kind),
        "rows": [_shown(row) for row in rows] if is_valid else [],
        "is_in_pack": bool(packs.pack(kind)),
        "waiting": selectors.waiting_from_pack(),
        "may_load": _user(request).has_permission("budgets.import"),
        "may_verify": _user(request).has_permission("budgets.verify_classification"),
    }
    return render(request, "budgets/office/classification.html", context, status=200 if is_valid else 422)


@permission_required("budgets.import")
@require_POST
def load(request: HttpRequest) -> HttpResponse:
    """Brings the lines of the country pack into the town."""
    changed = actions.load_classification(actor=_user(request))
    said = ngettext("%(count)s line is taken over.", "%(count)s lines are taken over.", changed)
    messages.success(request, said % {"count": changed})
    return redirect("budgets:classification")


@permission_required("budgets.view")
@require_GET
def line(request: HttpRequest, line_id: int) -> HttpResponse:
    """One line: what it says, its history, and the form for its source."""
    found = _line(line_id)
    return _line_page(request, found, SourceForm(below=len(selectors.unverified_below(found))))


@permission_required("budgets.verify_classification")
@require_POST
def verify(request: HttpRequest, line_id: int) -> HttpResponse:
    """Names the source of a line, and of those below it where the officer says so."""
    found = _line(line_id)
    form = SourceForm(request.POST, below=len(selectors.unverified_below(found)))
    if not form.is_valid():
        return _line_page(request, found, form, status=422)
    values = form.cleaned_data
    act = actions.verify_branch if values.get("with_branch") else actions.verify_line
    try:
        act(actor=_user(request), line=found, source=values["source"], link=values["link"])
    except actions.BudgetError as error:
        form.add_error(None, str(error))
        return _line_page(request, found, form, status=422)
    messages.success(request, gettext("The source is kept, the mark is cleared."))
    return redirect("budgets:classification_line", line_id=line_id)


@permission_required("budgets.verify_classification")
@require_POST
def withdraw(request: HttpRequest, line_id: int) -> HttpResponse:
    """Takes the source of a line back."""
    actions.withdraw_verification(actor=_user(request), line=_line(line_id), reason=request.POST.get("reason", ""))
    messages.success(request, gettext("The source is taken back. The line is unverified again."))
    return redirect("budgets:classification_line", line_id=line_id)


def _line_page(request: HttpRequest, found: ClassificationLine, form: SourceForm, status: int = 200) -> HttpResponse:
    context = {
        "line": found,
        "names": _names(found),
        "above": [(row, _names(row)[0]) for row in selectors.lines_above(found)],
        "history": selectors.line_history(found),
        "form": form,
        "may_verify": _user(request).has_permission("budgets.verify_classification"),
        "next": selectors.next_unverified(found),
    }
    return render(request, "budgets/office/classification_line.html", context, status=status)


def _shown(row: selectors.TreeRow) -> dict[str, Any]:
    return {"row": row, "line": row.line, "names": _names(row.line), "level": min(row.level, DEEPEST)}


def _names(line: ClassificationLine) -> list[tuple[str, str]]:
    """Language and name, those the line has, the reader's language first."""
    language = (get_language() or "hy").split("-")[0]
    found = [(code, getattr(line, f"name_{code}")) for code in LANGUAGES]
    return sorted((pair for pair in found if pair[1]), key=lambda pair: pair[0] != language)


def _line(line_id: int) -> ClassificationLine:
    found = selectors.access_line(line_id)
    if found is None:
        raise Http404
    return found


def _user(request: HttpRequest) -> User:
    """Who is signed in: the gate lets nobody else through, and actions ask again."""
    return cast(User, request.user)
