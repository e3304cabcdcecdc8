"""The request that the present code works for; it travels into log lines, answers and tasks."""

from contextvars import ContextVar

request_id: ContextVar[str] = ContextVar("request_id", default="-")
