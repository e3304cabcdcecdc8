"""Export and restore while people work: in the town itself, and in the one beside it."""

import threading
from collections.abc import Callable
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.models import F, Sum

from hamaynk.portability.exporting import export_town
from hamaynk.portability.restoring import restore_town
from tenants.context import in_town
from tests.hamaynk.portability.test_round_trip import towns_command
from tests.support.links import wait_for
from tests.support.whole_town import checksums


class Writer(threading.Thread):
    """Writes into a town without pause, until it is told to stop."""

    def __init__(self, slug: str, write: Callable[[int], None]) -> None:
        super().__init__(daemon=True)
        self.slug, self.write = slug, write
        self.written = 0
        self.fault: BaseException | None = None
        self.stop = threading.Event()

    def run(self) -> None:
        """A transaction after the other."""
        try:
            with in_town(self.slug):
                while not self.stop.is_set():
                    self.write(self.written)
                    self.written += 1
        except BaseException as fault:
            self.fault = fault
        finally:
            connection.close()

    def more(self, count: int = 15) -> None:
        """Wait until it has written so many more: so the two really go side by side."""
        aim = self.written + count
        wait_for(lambda: self.written >= aim or self.fault, seconds=60, what=f"{count} more writes")
        assert self.fault is None, self.fault


@contextmanager
def writing(slug, write):
    """A writer beside the block; no write of it may fail."""
    writer = Writer(slug, write)
    writer.start()
    try:
        writer.more(1)
        yield writer
        writer.more(1)
    finally:
        writer.stop.set()
        writer.join(30)
    assert writer.fault is None, writer.fault


def _add_person(number: int) -> None:
    from hamaynk.accounts.models import RoleGrant, User

    with transaction.atomic():
        user = User.objects.create_user(email=f"w{number}@town.example")
        RoleGrant.objects.create(user=user, role="budgets.finance_officer")


def test_a_town_is_restored_while_another_is_written_to(full, tmp_path):
    """No write of the other fails, none is lost, and what its writer did not touch is as before."""
    from hamaynk.accounts.models import RoleGrant, User

    path = tmp_path / "town.tar.gz"
    before = checksums(full.second)
    with writing(full.second, _add_person) as writer:
        export_town(full.first, path, progress=lambda text: writer.more())
        towns_command("archive", full.first)
        restore_town(path, replace=True, progress=lambda text: writer.more())
        restore_town(path, slug="gavar", progress=lambda text: writer.more())
    assert writer.written > 100
    with in_town(full.second):
        assert User.objects.count() == RoleGrant.objects.count() == writer.written
    after = checksums(full.second)
    assert {name for name in after if after[name] != before[name]} == {"accounts_user", "accounts_rolegrant"}
    for slug in (full.first, "gavar"):
        assert "equals the file" in towns_command("verify", path, "--against", slug)


def test_an_export_is_one_moment_while_the_town_is_written_to(full, tmp_path):
    """Sums that each transaction keeps are kept in the file; every reference resolves; the town lost no write."""
    from datetime import date

    from hamaynk.accounts.models import RoleGrant, User
    from hamaynk.statistics.models import Observation

    period = date(2020, 1, 1)
    with in_town(full.first):
        known = User.objects.count()
        for item in ("a", "b"):
            Observation.objects.create(indicator="x.y", item=item, period=period, value=500, version=1)

    def transfer(number: int) -> None:
        # In tables that are read at different times of the export: what was added to one is taken from the other.
        with transaction.atomic():
            Observation.objects.filter(indicator="x.y", item="a").update(value=F("value") - 1)
            _add_person(number)
            Observation.objects.filter(indicator="x.y", item="b").update(value=F("value") + 1)

    path = tmp_path / "town.tar.gz"
    with writing(full.first, transfer) as writer:
        begun = writer.written
        export_town(full.first, path, progress=lambda text: writer.more())
        ended = writer.written
    restore_town(path, slug="gavar")
    with in_town("gavar"):
        found = dict(Observation.objects.filter(period=period).values_list("item", "value"))
        people = User.objects.count() - known
        assert found["a"] + found["b"] == 1000
        assert found["b"] == 500 + people, "people and figures are of the same moment"
        assert RoleGrant.objects.filter(user__email__startswith="w").count() == people
    assert begun <= people < ended
    with in_town(full.first):
        assert User.objects.count() == known + writer.written
        assert Observation.objects.filter(period=period).aggregate(all=Sum("value"))["all"] == 1000
