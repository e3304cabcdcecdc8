"""Log lines as JSON, one a line: time, level, logger, town, request, text. No personal data is added here, and what others
put into a text is taken out as far as it can be known: paths of requests, addresses of mail, rows that the database quotes.
"""

import json
import logging
import re
from datetime import UTC, datetime

from hamaynk.observability.context import request_id

_ADDRESS = re.compile(r"[\w.+%-]+@[\w-]+(\.[\w-]+)*", re.UNICODE)
# PostgreSQL quotes the row that did not fit, psycopg hands it on: "DETAIL:  Key (email)=(...) already exists."
_QUOTED_ROW = re.compile(r"^\s*(DETAIL|CONTEXT|WHERE):.*(\n(?!\S).*)*", re.MULTILINE)


class JsonLine(logging.Formatter):
    """One JSON object per record."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, tz=UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "town": getattr(record, "town", "-"),
            "request": request_id.get(),
            "text": _clean(_text(record)),
        }
        line |= getattr(record, "fields", {})
        if record.exc_info:
            line["exception"] = _clean(self.formatException(record.exc_info))
        if record.stack_info:
            line["stack"] = _clean(record.stack_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def _text(record: logging.LogRecord) -> str:
    """The text without the address that Django writes after "Not Found:" and the like: it may hold a token."""
    text = record.getMessage()
    request = getattr(record, "request", None)
    for path in (getattr(request, "path", ""), getattr(request, "path_info", "")):
        if path and path != "/":
            text = text.replace(path, "[path]")
    return text


def _clean(text: str) -> str:
    return _ADDRESS.sub("[address]", _QUOTED_ROW.sub("[row]", text))
