"""One chart of each kind with long Armenian names, and a page that shows them: for render tests and for eyes.

`python -m tests.hamaynk.ui.charts.samples PAGE.html` writes the page for a look in a browser.
"""

from __future__ import annotations

import sys
from decimal import Decimal
from pathlib import Path

from hamaynk.ui.charts import (
    About,
    Bar,
    Chart,
    Column,
    Panel,
    Point,
    Reference,
    Share,
    Table,
    bars,
    columns,
    multiples,
    treemap,
)
from hamaynk.ui.formats import month_name, month_short, percent, thousands

STATIC = Path(__file__).resolve().parents[4] / "platform/hamaynk/ui/static/ui"
FUNCTIONS = [
    ("Ընդհանուր բնույթի հանրային ծառայություններ", "1204500300"),
    ("Պաշտպանություն", "3200000"),
    ("Հասարակական կարգ, անվտանգություն և դատական գործունեություն", "9100000"),
    ("Տնտեսական հարաբերություններ", "642000000"),
    ("Շրջակա միջավայրի պաշտպանություն", "388400000"),
    ("Բնակարանային շինարարություն և կոմունալ ծառայություն", "517300000.50"),
    ("Առողջապահություն", "12000000"),
    ("Հանգիստ, մշակույթ և կրոն", "301000000"),
    ("Կրթություն", "986000000"),
    ("Սոցիալական պաշտպանություն", "94000000"),
    ("Հիմնական բաժիններին չդասվող պահուստային ֆոնդեր", "61000000"),
    ("Վերադարձված գումարներ", "-4000000"),
]


def millions(drams: Decimal) -> str:
    """Million drams with one place."""
    return thousands(drams.scaleb(-3), 1, "prose", "hy")


def whole_millions(drams: Decimal, _step: Decimal) -> str:
    """Million drams for an axis."""
    return thousands(drams.scaleb(-3), 0, "prose", "hy")


def sample_bars() -> Chart:
    """Plan and actual of every function, one of them negative, one not told."""
    items = [
        Bar(
            name=name, actual=Decimal(text) * 9 / 10, plan=abs(Decimal(text)), link="/budget/?code=1" if at == 0 else ""
        )
        for at, (name, text) in enumerate(FUNCTIONS)
    ]
    items.append(Bar(name="Համահայկականհասարակայնագրադարանային", actual=None, note="չի հրապարակվել"))
    about = About(
        slug="functions", title="Ծախսերն ըստ գործառույթների", unit="Միլիոն դրամ", plan_word="Պլան",
        actual_word="Փաստացի", sentence="Ամենից շատ ծախսվել է հանրային ծառայությունների վրա՝ 1 084,1 միլիոն դրամ։",
    )  # fmt: skip
    return bars(about, items, write=millions)


def sample_percents() -> Chart:
    """Communities against their plan."""
    places = [("Դիլիջան", "101.20"), ("Սևան", "97.00"), ("Վաղարշապատ", "75.07"), ("Նոր Հաճըն", "12.00")]
    items = [Bar(name=name, actual=Decimal(value)) for name, value in places]
    about = About(slug="percents", title="Պլանի կատարում", sentence="Մեկ համայնք գերազանցել է պլանը։")
    return bars(about, items, write=lambda value: f"{percent(value)} %", reference=Reference(Decimal(100), "100 %"))


def sample_columns() -> Chart:
    """Eight months told, one not, three to come, one negative."""
    actual = [41, 38, 52, 61, None, 47, -6, 70, 66]
    items = [
        Column(
            name=month_name(month, language="hy"),
            short=month_short(month, language="hy"),
            actual=None if month > 9 or actual[month - 1] is None else Decimal(actual[month - 1] or 0) * 1_100_000,
            plan=None if month > 9 or actual[month - 1] is None else Decimal(50 + month * 2) * 1_000_000,
            note="դեռ չի հրապարակվել" if month > 9 else "չի հրապարակվել",
        )
        for month in range(1, 13)
    ]
    about = About(
        slug="months", title="Պլանը և փաստացին ըստ ամիսների", unit="Միլիոն դրամ", plan_word="Պլան",
        actual_word="Ստացված", sentence="Օգոստոսին ստացվել է ամենաշատը՝ 77,0 միլիոն դրամ։",
    )  # fmt: skip
    return columns(about, items, write=millions, write_tick=whole_millions)


def sample_treemap() -> Chart:
    """Where the money goes."""
    shares = [
        Share(name=name, amount=Decimal(text), link=f"/budget/?code={at}") for at, (name, text) in enumerate(FUNCTIONS)
    ]
    about = About(
        slug="where",
        title="Ուր են գնում միջոցները",
        unit="Միլիոն դրամ",
        sentence="Յուրաքանչյուր ուղղանկյուն մեկ գործառույթ է։",
    )
    return treemap(about, shares, write=millions, rest_link="#chart-where-table")


def sample_multiples(count: int = 5) -> Chart:
    """Years side by side, the last one unfinished, one with a hole."""
    panels = []
    for year in range(count):
        total = Decimal(0)
        points = []
        for month in range(1, 13):
            total += Decimal((year + 3) * (60 + month * 7 % 13)) * 1_000_000
            is_open = (year == count - 1 and month > 7) or (year == 1 and month in (4, 5))
            points.append(Point(name=month_short(month, language="hy"), value=None if is_open else total))
        panels.append(Panel(title=str(2021 + year), points=points, link="/budget/?year=2021" if year == 0 else ""))
    about = About(
        slug="years", title="Եկամուտներն ըստ տարիների, աճողական", unit="Միլիոն դրամ",
        sentence="Ամեն տարի ստացվել է ավելի շատ, քան նախորդում։",
    )  # fmt: skip
    return multiples(about, panels, write=millions)


def all_samples() -> list[Chart]:
    """One of each kind."""
    return [sample_columns(), sample_treemap(), sample_bars(), sample_percents(), sample_multiples()]


def page() -> str:
    """A whole page of the base template with every sample in its figure; style sheets by their place on the disk."""
    from django.template import engines

    table = Table("Ցուցանիշներ", ["Ամիս", "Ստացված"], [["հունվար", "45,1"], ["փետրվար", "−41,8"]])
    source = (
        '{% extends "ui/base.html" %}{% block title %}Charts{% endblock %}{% block main %}<div class="wrap content">'
        "<h1>Գծապատկերներ</h1>"
        '{% for chart in charts %}{% include "ui/charts/figure.html" %}{% endfor %}</div>{% endblock %}'
    )
    html = engines["django"].from_string(source).render({"charts": all_samples(), "table": table})
    return html.replace("/static/ui/", STATIC.as_uri() + "/")


if __name__ == "__main__":
    import os

    import django
    from django.utils import translation

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hamaynk.config.settings.test")
    django.setup()
    with translation.override("hy"):
        Path(sys.argv[1]).write_text(page(), encoding="utf-8")
