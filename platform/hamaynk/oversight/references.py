"""The way of means back to the towns: worked out from the store, kept there, written into each town as the town itself.

No town's role ever sees the store or another town: the platform's process reads as oversight, leaves that place, and
writes as the town. A publication is not waited for: the clock asks every few minutes which periods have changed.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from hamaynk.oversight.means import COUNTRY, Averaged, Place, means_of
from hamaynk.oversight.models import Figure, MeanPeriod, MeanValue
from hamaynk.oversight.standing import standing_towns
from hamaynk.statistics.models import ReferenceValue, Scope
from hamaynk.statistics.observing import declared_indicators
from hamaynk.statistics.reference_values import keep_references
from tenants.context import as_collector, in_oversight, in_town
from tenants.routing import table

# A figure bears the time at which its transaction wrote it and is seen only when that has committed: look back so far.
COMMIT_MARGIN = timedelta(minutes=1)


def stale_periods() -> list[date]:
    """Periods with figures newer than their means, or whose means were taken of other towns than stand now."""
    towns = digest_of_towns()
    with in_oversight():
        newest = Figure.objects.values_list("period").annotate(Max("received_at")).order_by("period")
        done = {run.period: run for run in MeanPeriod.objects.all()}
        return [period for period, received in newest if _is_stale(done.get(period), received, towns)]


def all_periods() -> list[date]:
    """Every period with figures, oldest first."""
    with in_oversight():
        return list(Figure.objects.order_by("period").values_list("period", flat=True).distinct())


def work_out(periods: Iterable[date]) -> int:
    """Work out the means of these periods and keep them in the store. Returns how many means there are."""
    return sum(_work_out(period) for period in periods)


def bring(slug: str, periods: Iterable[date]) -> int:
    """Put the kept means of these periods into one town, as its own role. Returns how many periods changed hands.

    A town that is gone gets nothing; of a module that it has switched off it gets nothing either.
    """
    town = table.town(slug)
    if town is None:
        return 0
    brought = 0
    for period in periods:
        with in_oversight():
            run = MeanPeriod.objects.filter(period=period).first()
            means = list(MeanValue.objects.filter(period=period, marz__in=(COUNTRY, town.marz)))
        if run is not None:
            values = [_for_town(mean, run.computed_at) for mean in means if _module(mean.indicator) in town.modules]
            with in_town(slug):
                brought += keep_references(period, values, computed_at=run.computed_at)
    return brought


def every_town() -> list[str]:
    """Slugs of the towns that means are brought to: active ones, for the others have no pages."""
    return [town.slug for town in table.towns()]


def digest_of_towns() -> str:
    """One text for the towns that means are taken of: another town, marz, module or population is another text."""
    lines = [f"{t.slug} {t.marz} {t.population} {sorted(t.modules)}" for t in table.known_towns()]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _is_stale(run: MeanPeriod | None, received: datetime, towns: str) -> bool:
    return run is None or run.towns != towns or received >= run.computed_at - COMMIT_MARGIN


def _work_out(period: date) -> int:
    begun, towns = timezone.now(), digest_of_towns()
    means = [mean for module, codes in _summable().items() for mean in _means(period, module, codes)]
    with as_collector(), transaction.atomic():
        run, _ = MeanPeriod.objects.select_for_update().get_or_create(
            period=period, defaults={"computed_at": begun, "towns": towns}
        )
        if run.computed_at <= begun:
            MeanValue.objects.filter(period=period).delete()
            MeanValue.objects.bulk_create([_kept(mean, period) for mean in means], batch_size=1000)
            run.computed_at, run.towns = begun, towns
            run.save()
    return len(means)


def _means(period: date, module: str, codes: list[str]) -> list[Averaged]:
    places = {slug: Place(town.marz, town.population) for slug, town in standing_towns(module).items()}
    with in_oversight():
        figures = Figure.objects.filter(period=period, indicator__in=codes)
        return means_of(list(figures.values_list("indicator", "item", "town_id", "value")), places)


def _summable() -> dict[str, list[str]]:
    """Module -> full codes of its indicators that may be averaged."""
    found: dict[str, list[str]] = defaultdict(list)
    for code, indicator in declared_indicators().items():
        if indicator.is_summable:
            found[_module(code)].append(code)
    return found


def _module(indicator: str) -> str:
    return indicator.partition(".")[0]


def _kept(mean: Averaged, period: date) -> MeanValue:
    return MeanValue(
        indicator=mean.indicator, item=mean.item, period=period, marz=mean.marz,
        mean=mean.mean, per_inhabitant=mean.per_inhabitant, towns=mean.towns,
    )  # fmt: skip


def _for_town(mean: MeanValue, computed_at: datetime) -> ReferenceValue:
    return ReferenceValue(
        indicator=mean.indicator, item=mean.item, period=mean.period,
        scope=Scope.MARZ if mean.marz else Scope.COUNTRY,
        mean=mean.mean, per_inhabitant=mean.per_inhabitant, towns=mean.towns, computed_at=computed_at,
    )  # fmt: skip
