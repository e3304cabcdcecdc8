"""`Event`: a fact as a frozen dataclass that can be written as JSON and read back."""

import json
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar, Self, get_args, get_type_hints

from django.core.serializers.json import DjangoJSONEncoder

_READERS: dict[type, Any] = {Decimal: Decimal, date: date.fromisoformat, datetime: datetime.fromisoformat}


class UnknownEvent(LookupError):
    """An event's class is not installed."""


@dataclass(frozen=True, kw_only=True)
class Event:
    """Base of all events. `name` is "<module>.<past participle>", e.g. "budgets.execution_published".

    Fields are JSON's own types, Decimal, date or datetime (each may be None).
    """

    name: ClassVar[str] = ""
    _known: ClassVar[dict[str, type["Event"]]] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if cls.name:
            Event._known[cls.name] = cls

    def payload(self) -> dict[str, Any]:
        """The fields as plain JSON."""
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        result: dict[str, Any] = json.loads(json.dumps(values, cls=DjangoJSONEncoder))
        return result

    @classmethod
    def of(cls, name: str, payload: dict[str, Any]) -> "Event":
        """The event called `name` with these fields; raises UnknownEvent if no installed code declares it."""
        try:
            kind = cls._known[name]
        except KeyError:
            raise UnknownEvent(name) from None
        return kind._read(payload)

    @classmethod
    def _read(cls, payload: dict[str, Any]) -> Self:
        hints = get_type_hints(cls)
        return cls(**{f.name: _value(hints[f.name], payload.get(f.name)) for f in fields(cls)})


def _value(hint: Any, raw: Any) -> Any:
    if raw is None:
        return None
    for kind in (hint, *get_args(hint)):
        if kind in _READERS:
            return _READERS[kind](raw)
    return raw
