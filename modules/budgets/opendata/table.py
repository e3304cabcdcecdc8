"""A published month as a flat table: rows, and the two plain forms, CSV and JSON. The same month gives the same bytes."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from hamaynk.common.cells import safe_cell
from modules.budgets.opendata.dictionary import COLUMNS
from modules.budgets.opendata.values import OpenFigure, OpenLine, OpenMonth

Value = str | int | bool | Decimal | None
Row = dict[str, Value]
FORMAT = 1  # raised when columns or their meaning change
# As a CSV dialect description (csvddf) says it.
DIALECT = {
    "delimiter": ",", "quoteChar": '"', "doubleQuote": True, "lineTerminator": "\r\n", "header": True,
    "skipInitialSpace": False, "caseSensitiveHeader": True,
}  # fmt: skip


def rows(month: OpenMonth) -> Iterator[Row]:
    """One row a figure, in the order of their keys, the columns as in the dictionary."""
    for figure in sorted(month.figures, key=lambda figure: figure.key):
        yield _row(month, figure)


def csv_bytes(month: OpenMonth) -> bytes:
    """UTF-8 without a mark at its beginning, in DIALECT. A text that a spreadsheet would run bears a quote before it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator=str(DIALECT["lineTerminator"]))
    writer.writerow(COLUMNS)
    writer.writerows([_csv_cell(value) for value in row.values()] for row in rows(month))
    return out.getvalue().encode()


def json_bytes(month: OpenMonth) -> bytes:
    """The month with what is to be known of it; amounts are decimal strings in drams, null where not known."""
    content = {
        "format": FORMAT,
        "town": {"code": month.town, "names": dict(month.town_names)},
        "year": month.year,
        "month": month.month,
        "side": month.side,
        "version": month.version,
        "digest": f"sha256:{month.digest}",
        "published_at": month.published_at.isoformat(timespec="seconds"),
        "currency": month.currency,
        "licence": month.licence,
        "is_demo": month.is_demo,
        "source": dict(month.source),
        "rows": [{name: amount_text(value) for name, value in row.items()} for row in rows(month)],
    }
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def amount_text(value: Value) -> str | int | bool | None:
    """Amounts as "760414500.00"; everything else as it is."""
    return f"{value:.2f}" if isinstance(value, Decimal) else value


def _row(month: OpenMonth, figure: OpenFigure) -> Row:
    line = month.lines.get(figure.code) or _unknown(figure.code)
    row: dict[str, Any] = {"year": month.year, "month": month.month, "side": month.side, "code": figure.code}
    row |= {"article": line.article} | _names(line, "name")
    economic = month.economic_lines.get(figure.economic) or _unknown(figure.economic)
    row |= {"economic_code": figure.economic, "economic_article": economic.article} | _names(economic, "economic_name")
    row |= {"settlement": figure.settlement, "account": figure.account, "part": figure.part}
    row |= {"eliminated": figure.eliminated, "approved_plan": figure.approved_plan, "adjusted_plan": figure.year_plan}
    row |= {"period_plan": figure.period_plan, "actual": figure.actual, "month_actual": month.month_actual(figure)}
    return {name: row[name] for name in COLUMNS}


def _names(line: OpenLine, prefix: str) -> Row:
    return {f"{prefix}_{language}": line.names.get(language, "") for language in ("hy", "en", "ru")}


def _unknown(code: str) -> OpenLine:
    """A line that no classification of the town has; its code stands for its name."""
    return OpenLine(code=code, parent="", article="", names={"hy": code} if code else {})


def _csv_cell(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return ""
    return safe_cell(value) if isinstance(value, str) else str(amount_text(value))
