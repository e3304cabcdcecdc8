"""What this module gives to the town's catalogue of open data: one dataset for each published month and side."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext, override

from hamaynk.opendata import Dataset, Distribution, Series
from hamaynk.ui.formats import month_name
from hamaynk.ui.language import in_languages
from modules.budgets.opendata import facts, source
from modules.budgets.opendata.files import FORMS
from modules.budgets.opendata.source import OpenVersion

THEMES = ("GOVE", "ECON")


def datasets() -> list[Dataset]:
    """Datasets of the present town, by side, newest month first. Two queries; sizes and checksums where they are known."""
    versions = source.open_versions()
    if not versions:
        return []
    known = facts.known(versions)
    if len(known) < len(versions):
        facts.ask_for_missing()
    series = {side: _series(side) for side in {version.side for version in versions}}
    keywords = tuple(in_languages(say) for say in (_budget, _execution))
    return [_dataset(one, series[one.side], keywords, known.get(one, {})) for one in versions]


def side_title(side: str) -> str:
    """What the execution of a side is called, in the active language."""
    titles = {
        "revenue": gettext("Execution of the budget: revenue"),
        "expenditure": gettext("Execution of the budget: expenditure"),
        "financing": gettext("Execution of the budget: financing of the deficit"),
    }
    return titles[side]


def _series(side: str) -> Series:
    return Series(
        code=f"budgets-{side}",
        title=in_languages(lambda: side_title(side)),
        description=in_languages(
            lambda: gettext(
                "Plan and execution month by month, cumulative since 1 January, line by line, in drams, "
                "as the town hall has published them."
            )
        ),
        frequency="MONTHLY",
    )


def _dataset(version: OpenVersion, series: Series, keywords: tuple[dict[str, str], ...], known: facts.Facts) -> Dataset:
    code = f"{series.code}-{version.period}"

    def title() -> str:
        words = {"title": side_title(version.side), "month": month_name(version.month), "year": version.year}
        return gettext("%(title)s, %(month)s %(year)s") % words

    def description() -> str:
        words = {"month": month_name(version.month, "genitive"), "year": version.year}
        text = gettext("Plan and execution from 1 January to the end of %(month)s %(year)s, in drams.") % words
        return f"{text} {gettext('Demonstration data, not real figures.')}" if version.is_demo else text

    return Dataset(
        code=code, title=in_languages(title), description=in_languages(description), series=series,
        issued=version.issued, modified=version.published_at, version=str(version.version),
        covers=(dt.date(version.year, 1, 1), version.period.last_day), themes=THEMES, keywords=keywords,
        landing_path=_page(version), documentation_path=_address("open_dictionary"), is_demo=version.is_demo,
        distributions=tuple(_distribution(version, code, known.get(code)) for code in FORMS),
    )  # fmt: skip


def _distribution(version: OpenVersion, code: str, known: facts.FileFacts | None) -> Distribution:
    form = FORMS[code]
    where = {"year": version.year, "month": version.month, "side": version.side, "form": code}
    return Distribution(
        code=code, title=dict.fromkeys(("hy", "en", "ru"), form.name), path=_address("open_file", **where),
        media_type=form.media_type, file_type=form.file_type, conforms_to=form.conforms_to,
        byte_size=known.byte_size if known else None, sha256=known.sha256 if known else None,
    )  # fmt: skip


def _page(version: OpenVersion) -> str:
    """The page that shows the month."""
    return f"{_address(version.side)}?year={version.year}&month={version.month}"


def _address(name: str, **where: object) -> str:
    """Of a page of the public site, wherever it is asked from: one address in all languages, since it is an identity."""
    with override(settings.LANGUAGE_CODE):
        return reverse(f"budgets:{name}", urlconf=settings.SURFACE_URLCONFS["site"], kwargs=where)


def _budget() -> str:
    return gettext("community budget")


def _execution() -> str:
    return gettext("budget execution")
