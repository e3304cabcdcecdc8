"""Open data over HTTP, mounted at /api/v1/budgets/: what residents may see, amounts as decimal strings in drams."""

import datetime as dt
import hashlib
from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import override
from ninja import Query, Router
from ninja.errors import HttpError

from hamaynk.common.periods import Month
from hamaynk.contract import public
from modules.budgets import presentation
from modules.budgets.api.shapes import (
    ExecutionOut,
    ExecutionQuery,
    Fault,
    LineOut,
    LinesQuery,
    NamesOut,
    PlanAmountsOut,
    PlanOut,
    PlanQuery,
    PlanRowOut,
    PlanVersionOut,
    RowOut,
    YearOut,
)
from modules.budgets.classification import all_lines, total_code
from modules.budgets.models import ClassificationKind, ClassificationLine, PlanVersion, Side
from modules.budgets.page_cache import stamp
from modules.budgets.plan_sections import PlanRow, section
from modules.budgets.selectors.open_years import classification_rows, open_years
from modules.budgets.selectors.public_execution import Asked, publications, read_execution
from modules.budgets.selectors.public_plan import public_plan, public_years
from modules.budgets.tables import Row

LANGUAGES = ("hy", "en", "ru")
router = Router(tags=["budgets"])


@router.get(
    "/execution", response={200: ExecutionOut, 404: Fault}, url_name="budgets_execution",
    summary="Plan and execution of one month",
)  # fmt: skip
@public
def execution(request: HttpRequest, response: HttpResponse, query: Annotated[ExecutionQuery, Query()]) -> Any:
    """The table of the public page, exact to the hundredth of a dram. 404 where it is not published. With an ETag: send
    it back as If-None-Match, and 304 says that nothing has changed."""
    unchanged = _unchanged(request, response)
    if unchanged is not None:
        return unchanged
    by = query.by if query.side == Side.EXPENDITURE else "function"
    month = Month(query.year, query.month)
    found = read_execution(
        publications(query.side),
        Asked(
            month=month, view=query.view, part=query.part, by=by, kind=query.kind.strip(),
            settlement=query.settlement.strip(), version=query.version,
        ),
    )  # fmt: skip
    table = found.table if found is not None else None
    if found is None or table is None or table.version is None or table.published_at is None:
        version = f", version {query.version}," if query.version else ""
        raise HttpError(404, f"{month}{version} is not published")
    if not table.kind_known:
        raise HttpError(404, f"no figures for the line {query.kind}")
    if query.settlement and query.settlement.strip() not in found.settlements:
        raise HttpError(404, f"no figures for the settlement {query.settlement}")
    return ExecutionOut(
        year=query.year, month=query.month, side=query.side, by=by, view=query.view, part=query.part, currency="AMD",
        settlement=query.settlement.strip(), version=table.version, versions=[row.version for row in found.versions],
        digest=table.digest, published_at=table.published_at, plan_number=table.plan_number,
        month_known=table.month_known, is_demo=table.is_demo, source=table.source,
        rows=[_row(row) for row in table.rows if query.level is None or row.level <= query.level],
    )  # fmt: skip


@router.get("/years", response=list[YearOut], url_name="budgets_years", summary="Years, published months, plans")
@public
def years(request: HttpRequest) -> list[YearOut]:
    """Every year with a published month or a public plan, the newest first."""
    return [
        YearOut(
            year=found.year, state=found.state, is_demo=found.is_demo, sides=found.sides,
            months=sorted({month for months in found.sides.values() for month in months}),
            plan=[_version(version) for version in found.versions],
        )
        for found in open_years()
    ]  # fmt: skip


@router.get(
    "/lines", response=list[LineOut], url_name="budgets_lines", summary="Lines of a classification",
)  # fmt: skip
@public
def lines(request: HttpRequest, query: Annotated[LinesQuery, Query()]) -> list[LineOut]:
    """Every wording of every line with its days, or of one year, in the order of the numbers."""
    return [_line(row) for row in classification_rows(query.kind, query.year)]


@router.get(
    "/plan", response={200: PlanOut, 404: Fault, 422: Fault}, url_name="budgets_plan", summary="Plan as of a day",
)  # fmt: skip
@public
def plan(request: HttpRequest, query: Annotated[PlanQuery, Query()]) -> PlanOut:
    """A section of the plan as adopted and as adjusted by a past day, or the draft during its public hearing."""
    today = timezone.localdate()
    as_of: dt.date = query.as_of or today
    if as_of > today:
        raise HttpError(422, "as_of has not come yet")
    budget_year = next((one for one in public_years() if one.year == query.year), None)
    found = public_plan(budget_year, as_of) if budget_year is not None else None
    if found is None or not found.sides:
        raise HttpError(404, f"no plan of {query.year} was in force on {as_of}")
    classifications = {kind.value: all_lines(kind, year=query.year) for kind in ClassificationKind}
    totals = {kind.value: total_code(kind) for kind in ClassificationKind}
    rows = section(query.section, found.sides, classifications, totals, query.year)
    return PlanOut(
        year=query.year, section=query.section, as_of=as_of, currency="AMD", is_draft=found.is_draft,
        is_demo=found.is_demo, versions=sorted(one.version.number for one in found.versions if one.counts),
        rows=[_plan_row(row) for row in rows],
    )  # fmt: skip


def _unchanged(request: HttpRequest, response: HttpResponse) -> HttpResponse | None:
    """304 where the reader has it already. The tag changes with whatever the figures and their names come from."""
    whole = f"{request.get_host()} {request.get_full_path()} {stamp()}"
    tag = f'"{hashlib.sha256(whole.encode()).hexdigest()[:32]}"'
    response["ETag"] = tag
    answer = get_conditional_response(request, etag=tag)
    return answer if isinstance(answer, HttpResponse) else None


def _row(row: Row) -> RowOut:
    return RowOut(
        code=row.code, economic=row.economic, parent=row.parent, article=row.article, level=row.level,
        name=NamesOut(**{language: presentation.name_in(row, language) for language in LANGUAGES}),
        is_total=row.is_total, is_unitemised=row.is_unitemised, approved_plan=_drams(row.approved_plan),
        year_plan=f"{row.year_plan:.2f}", period_plan=_drams(row.period_plan), actual=_drams(row.actual),
        percent=None if row.percent is None else str(row.percent), deviation=_drams(row.deviation),
    )  # fmt: skip


def _version(version: PlanVersion) -> PlanVersionOut:
    return PlanVersionOut(
        number=version.number, decision_number=version.decision_number, decision_date=version.decision_date,
        decision_link=version.decision_link, effective_from=version.effective_from, title=version.title,
        reason=version.reason, digest=version.digest,
    )  # fmt: skip


def _line(row: ClassificationLine) -> LineOut:
    return LineOut(
        kind=row.kind, code=row.code, parent=row.parent_code, article=row.article, valid_from=row.valid_from,
        valid_to=row.valid_to, is_local=row.is_local, is_unverified=row.needs_source,
        name=NamesOut(hy=row.name_hy, en=row.name_en or row.name_hy, ru=row.name_ru or row.name_hy),
    )  # fmt: skip


def _plan_row(row: PlanRow) -> PlanRowOut:
    return PlanRowOut(
        code=row.code, article=row.article, level=row.level, is_total=row.is_total, is_economic=row.is_economic,
        name=NamesOut(**{language: _plan_name(row, language) for language in LANGUAGES}),
        parts={
            part: PlanAmountsOut(
                approved=f"{one.approved:.2f}", changes=f"{one.changes:.2f}", adjusted=f"{one.adjusted:.2f}"
            )
            for part, one in row.by_part.items()
        },
    )  # fmt: skip


def _plan_name(row: PlanRow, language: str) -> str:
    """Rows of the balance have no line: they are worded."""
    with override(language):
        return presentation.plan_row_name(row)


def _drams(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:.2f}"
