"""A prepared platform with two towns, and the way back to that state after each test.

Tests commit for real, as production does: switching towns, on_commit hooks, roles and the outbox then behave as they
will behave. Afterwards every table that has rows is emptied, by the owner.
"""

from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from psycopg import sql

from tenants.context import as_owner
from tenants.database.base import idle_connections
from tenants.models import Community
from tenants.names import CONSOLE, OVERSIGHT, PUBLIC
from tenants.platform_setup import create_database, prepare
from tenants.provisioning import TownProfile, onboard
from tenants.routing import announce_change, table

FIRST, SECOND = "dilijan", "sevan"
EMPTIED = (CONSOLE, OVERSIGHT, FIRST, SECOND)
LARGE = 512 * 1024  # bytes
KEPT = {
    "auth_permission",
    "django_content_type",
    "django_migrations",
    "tenants_templaterelease",
    "tenants_migrationstep",
}
KEPT_NUMBERS = [f"{name}_id_seq" for name in sorted(KEPT)]


def profile(slug: str, **facts: object) -> TownProfile:
    """A town called after its slug, in three languages."""
    known = {
        FIRST: (
            "Դիլիջան",
            "Dilijan",
            "Дилижан",
            "Դիլիջանի համայնքապետարան",
            "Dilijan Town Hall",
            "Мэрия Дилижана",
            "TV",
        ),
        SECOND: ("Սևան", "Sevan", "Севан", "Սևանի համայնքապետարան", "Sevan Town Hall", "Мэрия Севана", "GR"),
    }
    hy, en, ru, hall_hy, hall_en, hall_ru, marz = known.get(
        slug, ("Նմուշ", slug.title(), "Образец", "Նմուշի համայնքապետարան", f"{slug} Town Hall", "Мэрия", "LO")
    )
    given = {
        "slug": slug,
        "name_hy": hy,
        "name_en": en,
        "name_ru": ru,
        "hall_name_hy": hall_hy,
        "hall_name_en": hall_en,
        "hall_name_ru": hall_ru,
        "marz": marz,
        "population": 17712 if slug == FIRST else 19229,
    }
    return TownProfile(**{**given, **facts})  # type: ignore[arg-type]


@dataclass(frozen=True)
class Towns:
    """The two towns that are always there."""

    first: str = FIRST
    second: str = SECOND


def build() -> None:
    """From nothing to two towns, once a session."""
    drop_database()
    create_database()
    prepare()
    for slug in (FIRST, SECOND):
        onboard(profile(slug))


def drop_database() -> None:
    """Remove what an earlier run left: the database and the deployment's roles."""
    import psycopg

    place = settings.DATABASE
    connection.close()
    idle_connections.clear()
    with psycopg.connect(
        host=place.host, port=place.port, user=place.user, password=place.password, dbname="postgres", autocommit=True
    ) as link:
        link.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(place.name)))
        roles = link.execute("SELECT rolname FROM pg_roles WHERE rolname LIKE %s", [f"{settings.DEPLOYMENT}\\_%"])
        for (role,) in roles.fetchall():
            link.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))


def reset() -> None:
    """Back to two empty towns."""
    connection.set_schema(PUBLIC)
    with as_owner():
        for community in Community.objects.exclude(slug__in=(FIRST, SECOND)):
            from tenants.provisioning import remove

            remove(community.slug)
        _restore_order()
        _empty(EMPTIED)
        _restore_public()
    cache.clear()
    announce_change()
    table.forget()


def _restore_order() -> None:
    """Towns go by age: where a test has put another town in the first one's place, the second is made anew after it."""
    ages = dict(Community.objects.values_list("slug", "id"))
    if ages[FIRST] > ages[SECOND]:
        from tenants.provisioning import remove

        remove(SECOND)
        onboard(profile(SECOND))


def _empty(schemas: tuple[str, ...]) -> None:
    """Without a row, and numbered from the start. A few rows are deleted, which is quicker than making the table anew; that
    goes past triggers and references, which takes a superuser."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT format('%%I.%%I', nspname, relname), pg_relation_size(c.oid) > %s"
            " FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = ANY(%s) AND relkind = 'r'"
            " AND pg_relation_size(c.oid) > 0 AND relname <> ALL(%s)",
            [LARGE, list(schemas), list(KEPT)],
        )
        tables = cursor.fetchall()
        cursor.execute("SHOW is_superuser")
        may_delete = cursor.fetchone() == ("on",)
        if full := [name for name, is_large in tables if is_large or not may_delete]:
            cursor.execute(f"TRUNCATE {', '.join(full)} RESTART IDENTITY CASCADE")
        if few := [name for name, is_large in tables if not is_large and may_delete]:
            cursor.execute("SET LOCAL session_replication_role = replica; DELETE FROM " + "; DELETE FROM ".join(few))
            cursor.execute(
                "SELECT setval(format('%%I.%%I', schemaname, sequencename)::regclass, start_value, false)"
                " FROM pg_sequences WHERE schemaname = ANY(%s) AND last_value IS NOT NULL AND sequencename <> ALL(%s)",
                [list(schemas), KEPT_NUMBERS],
            )


def _restore_public() -> None:
    from tenants.models import Domain, ModuleActivation, ProvisioningRun, RolloutEntry

    ProvisioningRun.objects.all().delete()
    RolloutEntry.objects.all().delete()
    for slug in (FIRST, SECOND):
        wanted = profile(slug)
        community = Community.objects.get(slug=slug)
        Community.objects.filter(pk=community.pk).update(state=Community.State.ACTIVE, is_canary=False)
        ModuleActivation.objects.filter(community=community).delete()
        ModuleActivation.objects.bulk_create(
            ModuleActivation(community=community, module=name) for name in settings.MODULES.defaults()
        )
        Domain.objects.filter(community=community).delete()
        for host, surface, primary in wanted.hosts():
            Domain.objects.create(community=community, host=host, surface=surface, is_primary=primary)
