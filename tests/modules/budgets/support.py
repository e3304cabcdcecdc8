"""Reading pages as a resident does, and filling towns as a finance officer does."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any
from uuid import uuid4

from modules.budgets import actions
from modules.budgets.models import PublishedMonth

HEAD = "code,year_plan_adjusted,period_plan_cumulative,period_actual_cumulative"
_ROW = re.compile(r"<tr class=\"level-.*?</tr>", re.DOTALL)
_CELL = re.compile(r"<t[hd][^>]*>(.*?)</t[hd]>", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")


def rows(answer: Any) -> list[list[str]]:
    """Cells of every row of the budget table on a page, as text."""
    return [[plain(cell) for cell in _CELL.findall(row)] for row in _ROW.findall(answer.content.decode())]


def plain(markup: str) -> str:
    """The text of a piece of HTML."""
    return " ".join(unescape(_TAG.sub(" ", markup)).split())


def publish(month: int, *lines: str, year: int = 2015, head: str = HEAD) -> PublishedMonth:
    """Imports and publishes one month in the present town, by the system, amounts in thousand drams."""
    content = "\n".join([head, *lines]).encode()
    batch = actions.preview_import(actor=None, file_name=f"{month}.csv", content=content, year=year, month=month)
    actions.confirm_import(actor=None, batch=batch)
    return actions.publish_month(actor=None, year=year, month=month)


def hand_in_and_publish(officer: Any, staff: Callable[..., Any]) -> Any:
    """September 2015 of Dilijan, handed in by the officer and approved by another person; the approver's client."""
    assert officer.post("/budget/2015/9/submit/").status_code == 302
    approver = staff("dilijan", roles=["budgets.budget_approver"], email=f"approver-{uuid4().hex[:8]}@example.am")
    assert approver.post("/budget/2015/9/publish/").status_code == 302
    return approver
