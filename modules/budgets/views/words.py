"""What the town says of a line: explanations in three languages, and questions of residents with their answers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hamaynk.contract import permission_required
from modules.budgets import actions
from modules.budgets.classification import all_lines
from modules.budgets.forms.fields import words_of
from modules.budgets.forms.lines import AnswerForm, DeclineForm, ExplanationForm, FindLineForm
from modules.budgets.models import ClassificationKind, LineQuestion, QuestionState
from modules.budgets.selectors import words as selectors
from modules.budgets.tables import Line
from modules.budgets.views.desk import in_language, name_of, offered, officer


@permission_required("budgets.explain")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Questions that wait first, then lines that are explained; and the way to another line."""
    kind = request.GET.get("kind", "")
    kind = kind if kind in ClassificationKind.values else ClassificationKind.REVENUE.value
    known = all_lines(kind)
    form = FindLineForm(request.GET if "code" in request.GET else None, initial={"kind": kind})
    if form.is_bound and form.is_valid():
        if form.cleaned_data["code"] in known:
            return redirect("budgets:explain", kind=kind, code=form.cleaned_data["code"])
        words = {"code": form.cleaned_data["code"]}
        form.add_error("code", gettext("The line %(code)s is not in the classification.") % words)
    names = {one: all_lines(one) for one in ClassificationKind.values}
    context = {
        "form": form,
        "lines": offered(known),
        "waiting": [_asked(row, names) for row in selectors.questions()],
        "answered": [_asked(row, names) for row in selectors.questions(QuestionState.ANSWERED)],
        "explained": [
            {"row": row, "name": name_of(row.code, names[row.kind]), "words": in_language(row.words)}
            for row in selectors.explanations()
        ],
    }
    return render(request, "budgets/office/words.html", context, status=422 if form.errors else 200)


@permission_required("budgets.explain")
@require_http_methods(["GET", "HEAD", "POST"])
def explain(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    """The town's words on a line, and those before."""
    if kind not in ClassificationKind.values or code not in (lines := all_lines(kind)):
        raise Http404
    history = selectors.explanations_of(kind, code)
    status = 200
    if request.method == "POST":
        form = ExplanationForm(request.POST)
        if form.is_valid():
            values = form.cleaned_data
            try:
                actions.explain_line(
                    actor=officer(request), kind=kind, code=code, year=values["year"], words=words_of(values, "words")
                )
            except actions.BudgetError as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, gettext("The explanation is kept."))
                return redirect("budgets:words")
        status = 422
    else:
        form = ExplanationForm(initial=_explained(history, request.GET.get("year", "")))
    context = {
        "form": form, "code": code, "name": name_of(code, lines), "kind": ClassificationKind(kind),
        "history": [{"row": row, "words": in_language(row.words) if row.words else ""} for row in history],
    }  # fmt: skip
    return render(request, "budgets/office/explain.html", context, status=status)


@permission_required("budgets.explain")
@require_GET
def question(request: HttpRequest, question_id: int) -> HttpResponse:
    """A question with the forms to answer or to keep it from the page."""
    return _question_page(request, _question(question_id))


@permission_required("budgets.explain")
@require_POST
def answer(request: HttpRequest, question_id: int) -> HttpResponse:
    """Answers a question, and so makes both public."""
    found = _question(question_id)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _question_page(request, found, answer_form=form, status=422)
    actions.answer_question(actor=officer(request), question=found, answer=form.cleaned_data["answer"])
    messages.success(request, gettext("The answer is public."))
    return redirect("budgets:words")


@permission_required("budgets.explain")
@require_POST
def decline(request: HttpRequest, question_id: int) -> HttpResponse:
    """Keeps a question from the page."""
    found = _question(question_id)
    form = DeclineForm(request.POST)
    if not form.is_valid():
        return _question_page(request, found, decline_form=form, status=422)
    actions.decline_question(actor=officer(request), question=found, reason=form.cleaned_data["reason"])
    messages.success(request, gettext("The question stays off the page."))
    return redirect("budgets:words")


@permission_required("budgets.explain")
@require_POST
def email(request: HttpRequest, question_id: int) -> HttpResponse:
    """Shows the e-mail address of whoever asked; that it was read is kept in the audit log."""
    found = _question(question_id)
    address = selectors.email_of(viewer=officer(request), question_id=question_id)
    return _question_page(request, found, address=address)


def _question_page(
    request: HttpRequest,
    found: LineQuestion,
    *,
    answer_form: AnswerForm | None = None,
    decline_form: DeclineForm | None = None,
    address: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "question": found,
        "name": name_of(found.code, all_lines(found.kind)),
        "form": answer_form or AnswerForm(initial={"answer": found.answer}),
        "decline_form": decline_form or DeclineForm(initial={"reason": found.decline_reason}),
        "has_email": selectors.has_email(found.pk),
        "address": address,
    }
    return render(request, "budgets/office/question.html", context, status=status)


def _asked(row: LineQuestion, names: dict[str, dict[str, Line]]) -> dict[str, Any]:
    return {"row": row, "name": name_of(row.code, names[row.kind])}


def _explained(history: list[Any], year: str) -> dict[str, Any]:
    wanted = int(year) if year.isdecimal() else None
    latest = next((row for row in history if row.year == wanted), None)
    texts = latest.words if latest else {}
    return {"year": wanted} | {f"words_{language}": words for language, words in texts.items()}


def _question(question_id: int) -> LineQuestion:
    found = selectors.access_question(question_id)
    if found is None:
        raise Http404
    return found
