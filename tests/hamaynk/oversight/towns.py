"""Towns for the ministry's tests: made up in memory, or onboarded with published figures."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction

from hamaynk.events import publish
from hamaynk.events.outbox import deliver_pending
from modules.budgets.events import ExecutionPublished
from tenants.context import in_town
from tenants.provisioning import onboard
from tenants.routing import Town
from tests.support.platform import profile


def a_town(slug: str, name: str = "", marz: str = "TV", population: int | None = 100) -> Town:
    """A town that stands in no database."""
    texts = {field: {"hy": name or slug, "en": name or slug, "ru": name or slug} for field in ("name", "hall_name")}
    return Town(
        slug=slug, schema_name=slug, marz=marz, population=population, colour="", coat_of_arms="", phone="", email="",
        state="active", is_demo=False, texts=texts, modules=frozenset({"budgets"}), site_host="", office_host="",
    )  # fmt: skip


def two_marzes() -> None:
    """Beside Dilijan (TV, 17712 inhabitants) and Sevan (GR, 19229): Ijevan (TV, 20000) and Gavar (GR, unknown)."""
    onboard(profile("ijevan", marz="TV", population=20000))
    onboard(profile("gavar", marz="GR", population=None))


def publish_execution(
    slug: str,
    executed: str,
    *,
    planned: str = "1000.00",
    year_plan: str = "4000.00",
    side: str = "expenditure",
    year: int = 2026,
    month: int = 9,
    version: int = 1,
    items: Sequence[Mapping[str, Any]] = (),
    deliver: bool = True,
) -> None:
    """A month of a town becomes public, and what follows from that happens, unless it is left to a worker."""
    plan, done = Decimal(planned), Decimal(executed)
    event = ExecutionPublished(
        year=year, month=month, side=side, version=version, year_plan=Decimal(year_plan), planned=plan, executed=done,
        percent=(done * 100 / plan).quantize(Decimal("0.01")) if plan else None, items=tuple(items),
    )  # fmt: skip
    with in_town(slug):
        with transaction.atomic():
            publish(event)
        if deliver:
            deliver_pending()


def item(code: str, executed: str | None, planned: str | None = "10.00") -> dict[str, str | None]:
    """A line of a publication."""
    return {"code": code, "year_plan": "40.00", "planned": planned, "executed": executed}
