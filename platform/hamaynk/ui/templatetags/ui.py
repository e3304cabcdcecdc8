"""`{% load ui %}`: the formats of `hamaynk.ui.formats` as filters, and charts.

An empty value stays empty or becomes a dash.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django import template
from django.template.loader import render_to_string

from hamaynk.ui import formats
from hamaynk.ui.charts.frame import Chart

register = template.Library()


@register.filter
def long_date(value: dt.date | None) -> str:
    """`{{ today|long_date }}` -> «Ուրբաթ, 18 Սեպտեմբերի 2015թ.»."""
    return formats.long_date(value) if isinstance(value, dt.date) else ""


@register.filter
def thousands(value: Decimal | int | None, places: int = 3) -> str:
    """`{{ line.plan|thousands }}` -> "760414.500"; `|thousands:1` for one decimal."""
    return formats.thousands(value, places)


@register.filter
def thousands_prose(value: Decimal | int | None, places: int = 1) -> str:
    """The same figure for a sentence: «760 414,5»."""
    return formats.thousands(value, places, "prose")


@register.filter
def percent(value: Decimal | int | None) -> str:
    """`{{ line.percent|percent }}` -> "86.12", or a dash when there is no plan to compare with."""
    return formats.percent(value)


@register.filter
def month_name(value: int, case: formats.Case = "nominative") -> str:
    """`{{ 9|month_name }}` -> «սեպտեմբեր»; `|month_name:"genitive"` -> «սեպտեմբերի»."""
    return formats.month_name(int(value), case)


@register.simple_tag
def chart(drawn: Chart) -> str:
    """`{% chart revenue %}` draws a chart of `hamaynk.ui.charts`; its own template escapes every name in it."""
    return render_to_string(drawn.template, {"chart": drawn})
