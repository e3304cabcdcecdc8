"""Means on their way back to the towns: exact, renewed when something changed, and nothing else crosses the wall."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.utils import timezone

from hamaynk.oversight import references as way
from hamaynk.oversight.models import MeanPeriod, MeanValue
from hamaynk.oversight.tasks import bring_references, refresh_references
from hamaynk.statistics import references
from hamaynk.statistics.models import ReferenceValue
from hamaynk.statistics.reference_values import keep_references
from tenants import provisioning
from tenants.context import as_owner, in_oversight, in_town
from tenants.models import Community
from tests.hamaynk.oversight.towns import item, publish_execution, two_marzes

SEPTEMBER, DONE = date(2026, 9, 1), "budgets.expenditure_executed"


@pytest.fixture(autouse=True)
def _eager() -> Any:
    from tasks.app import app

    app.conf.task_always_eager = app.conf.task_eager_propagates = True
    yield
    app.conf.task_always_eager = app.conf.task_eager_propagates = False


@pytest.fixture
def published(towns: Any) -> None:
    """Four towns in two marzes; Gavar tells its total only."""
    two_marzes()
    publish_execution("dilijan", "1.00", items=[item("2900", "1.00")])
    publish_execution("ijevan", "2.00", items=[item("2100", "2.00")])
    publish_execution("sevan", "2.01", items=[item("2900", "2.01")])
    publish_execution("gavar", "5.00")


def seen(slug: str, *items: str) -> dict[str, tuple[Any, Any]]:
    """What a town's page would be told: (marz, country), each as (mean, towns)."""
    with in_town(slug):
        found = references(indicator=DONE, period=SEPTEMBER, items=items or ("",))
    return {
        code: tuple(mean and (mean.mean, mean.towns) for mean in (reference.marz, reference.country))
        for code, reference in found.items()
    }


def test_every_town_gets_the_means_of_its_marz_and_of_the_country(published: None) -> None:
    """By hand: Tavush (1 + 2) / 2, Gegharkunik (2.01 + 5) / 2 = 3.505 half up, the country 10.01 / 4 = 2.5025."""
    assert refresh_references() == 1
    country = (Decimal("2.50"), 4)
    assert seen("dilijan") == seen("ijevan") == {"": ((Decimal("1.50"), 2), country)}
    assert seen("sevan") == seen("gavar") == {"": ((Decimal("3.51"), 2), country)}
    assert seen("dilijan", "2900", "9999") == {
        "2900": ((Decimal("0.50"), 2), (Decimal("1.00"), 3)),
        "9999": (None, None),
    }
    assert seen("sevan", "2900")["2900"][0] is None, "one town of the marz has lines: that is no mean"
    with in_town("dilijan"):
        mean = references(indicator=DONE, period=SEPTEMBER)[""].country
        assert mean is not None
        assert mean.per_inhabitant == Decimal("0.00")
        assert not ReferenceValue.objects.filter(indicator__endswith="percent").exists()


def test_a_correction_and_a_departure_renew_the_means(published: None) -> None:
    """Version 2 counts instead of version 1; an archived town is out, and a mean of one town is taken away."""
    refresh_references()
    publish_execution("ijevan", "4.00", version=2)
    refresh_references()
    assert seen("dilijan")[""] == ((Decimal("2.50"), 2), (Decimal("3.00"), 4))  # 12.01 / 4 = 3.0025
    with as_owner():
        provisioning.set_state("ijevan", Community.State.ARCHIVED)
    refresh_references()
    assert seen("dilijan")[""] == (None, (Decimal("2.67"), 3))  # 8.01 / 3


def test_what_has_not_changed_is_left_alone(published: None) -> None:
    """Debounced: one pass takes all changed periods; a period at rest is not touched again."""
    publish_execution("dilijan", "1.00", month=8)
    assert way.stale_periods() == [date(2026, 8, 1), SEPTEMBER]
    assert refresh_references() == 2
    with as_owner("oversight"):  # as if the figures had come long before
        MeanPeriod.objects.update(computed_at=timezone.now() + 2 * way.COMMIT_MARGIN)
    assert way.stale_periods() == []
    publish_execution("dilijan", "1.10", version=2)
    with as_owner("oversight"):
        MeanPeriod.objects.filter(period=SEPTEMBER).update(computed_at=timezone.now() - way.COMMIT_MARGIN)
    assert way.stale_periods() == [SEPTEMBER]


def test_a_new_town_is_told_what_was_published_before(published: None) -> None:
    """Its coming makes every period stale."""
    refresh_references()
    from tenants.provisioning import onboard
    from tests.support.platform import profile

    onboard(profile("berd", marz="TV"))
    refresh_references()
    assert seen("berd")[""] == ((Decimal("1.50"), 2), (Decimal("2.50"), 4))


def test_the_command_does_it_all_at_once(published: None, capsys: Any) -> None:
    """Without the queue; run twice, nothing is different but the time."""
    call_command("oversight", "references")
    before = seen("dilijan")
    call_command("oversight", "references")
    assert seen("dilijan") == before
    assert "1 periods" in capsys.readouterr().out


def test_older_means_never_replace_newer_ones(published: None) -> None:
    """Two passes that overlap: the later one stands, whoever writes last."""
    refresh_references()
    old = timezone.now() - 2 * way.COMMIT_MARGIN
    with in_town("dilijan"):
        assert keep_references(SEPTEMBER, [], computed_at=old) is False
        assert ReferenceValue.objects.exists()
        assert keep_references(SEPTEMBER, [], computed_at=timezone.now()) is True
        assert not ReferenceValue.objects.exists()


def test_a_town_sees_means_and_neither_the_store_nor_another_town(published: None) -> None:
    """R48: its role reads its own table (the control) and is refused everywhere else; what it has are means only."""
    refresh_references()
    with in_town("dilijan"):
        assert set(ReferenceValue.objects.values_list("scope", flat=True)) == {"marz", "country"}
        for place in (
            "oversight.oversight_figure",
            "oversight.oversight_meanvalue",
            "sevan.statistics_referencevalue",
            "sevan.statistics_observation",
        ):
            with pytest.raises(DatabaseError, match="permission denied"), connection.cursor() as cursor:
                cursor.execute(f"SELECT * FROM {place}")
    with in_oversight():
        assert MeanValue.objects.exists()
        with pytest.raises(DatabaseError, match="permission denied"), connection.cursor() as cursor:
            cursor.execute("SELECT * FROM dilijan.statistics_referencevalue")
        with pytest.raises(DatabaseError, match="permission denied"):
            MeanValue.objects.update(mean=0)


def test_the_task_of_a_town_writes_that_town_only(published: None) -> None:
    """What a worker runs for Dilijan leaves Sevan as it was."""
    way.work_out([SEPTEMBER])
    bring_references.for_town("dilijan", ["2026-09-01"])
    assert seen("dilijan")[""][0] == (Decimal("1.50"), 2)
    assert seen("sevan")[""] == (None, None)
