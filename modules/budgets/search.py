"""What the search of the site finds of the budget: every line that something was published of, by name and code."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from hamaynk.contract import SearchText, Surface
from modules.budgets.classification import all_lines
from modules.budgets.models import PublishedFigure, Side
from modules.budgets.selectors.line import ECONOMIC, line_kind
from modules.budgets.selectors.public_execution import Publications, publications_of
from modules.budgets.tables import Line, ancestors


def lines() -> Iterator[SearchText]:
    """Lines of all sides and economic items, in the languages in which they have a name, worded as in the newest year."""
    known = publications_of(Side.values)
    for side in Side.values:
        yield from _of_side(side, known[side])
    yield from _of_side(ECONOMIC, known[Side.EXPENDITURE])


def _of_side(side: str, known: Publications) -> Iterator[SearchText]:
    if not known.in_force:
        return
    published = [row.pk for row in known.in_force.values()]
    axis = "economic" if side == ECONOMIC else "code"
    figures = PublishedFigure.objects.filter(publication__in=published).exclude(**{axis: ""})
    named = set(figures.order_by().values_list(axis, flat=True).distinct())
    known_lines = all_lines(line_kind(side), year=max(month.year for month in known.in_force))
    wanted = {above for code in named for above in (code, *ancestors(code, known_lines))}
    for code in sorted(wanted & set(known_lines)):
        yield from _of_line(side, known_lines[code])


def _of_line(side: str, line: Line) -> Iterator[SearchText]:
    where = {"side": side, "code": line.code}
    kind = line_kind(side).label
    for language, _name in settings.LANGUAGES:
        name = getattr(line.names, language)
        if name:
            with override(language):
                summary = f"{kind} · {line.code}"
                address = reverse("budgets:line", urlconf=settings.SURFACE_URLCONFS[Surface.SITE], kwargs=where)
            yield SearchText(
                key=f"{side}:{line.code}",
                language=language,
                title=name,
                summary=summary,
                url=address,
            )
