"""A new town: all of it or nothing; equal to the template; self-contained (R48; ADR 0004)."""

import re
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import CommandError
from hypothesis import given
from hypothesis import strategies as st

from tenants import provisioning
from tenants.context import as_owner, in_town
from tenants.ddl import StructureFault, read_structure
from tenants.models import Community, normal_host
from tenants.names import RESERVED, TEMPLATE, is_town_schema, role_of, schema_of_slug
from tenants.provisioning import ProvisioningFault, onboard, remove
from tenants.routing import table
from tenants.template import current_release, prepare_template
from tests.support.links import owner_link
from tests.support.platform import profile

pytestmark = pytest.mark.usefixtures("towns")


def traces(slug: str) -> list[Any]:
    """Whatever the cluster knows of a town: schema, role, rows, rights."""
    schema = schema_of_slug(slug)
    with owner_link() as owner:
        return [
            *owner.execute("SELECT nspname FROM pg_namespace WHERE nspname = %s", [schema]),
            *owner.execute("SELECT rolname FROM pg_roles WHERE rolname = %s", [role_of(schema)]),
            *owner.execute("SELECT slug FROM tenants_community WHERE slug = %s", [slug]),
            *owner.execute("SELECT host FROM tenants_domain WHERE host LIKE %s", [f"{slug}.%"]),
            *owner.execute("SELECT 1 FROM pg_database WHERE datacl::text LIKE %s", [f"%{role_of(schema)}%"]),
        ]


def test_a_new_town_works_at_once_and_leaves_nothing_when_removed() -> None:
    """Onboarded, entered, found by its host; removed, gone everywhere."""
    from hamaynk.accounts.models import User

    steps: list[str] = []
    onboard(profile("gavar"), progress=steps.append)
    assert steps == list(provisioning.STEPS)
    assert len(traces("gavar")) == 6
    with in_town("gavar"):
        User.objects.create_user(email="a@b.am")
    assert table.route("gavar.localhost") is not None
    remove("gavar")
    assert traces("gavar") == []
    assert table.route("gavar.localhost") is None


@pytest.mark.parametrize(
    "step", ["define_role", "grant_town", "current_release", "restrict", "read_structure", "ModuleActivation"]
)
def test_a_failure_at_any_step_leaves_nothing(monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    """Role, schema, tables, row and hosts are one transaction; the next attempt succeeds."""

    def broken(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("a disk is full")

    with monkeypatch.context() as patch:
        if step == "ModuleActivation":
            patch.setattr(provisioning.ModuleActivation.objects, "bulk_create", broken)
        else:
            patch.setattr(provisioning, step, broken)
        with pytest.raises(ProvisioningFault, match="a disk is full"):
            onboard(profile("gavar"))
    assert traces("gavar") == []
    onboard(profile("gavar"))
    assert len(traces("gavar")) == 6


@pytest.mark.parametrize("moment", provisioning.STEPS[1:-1])
def test_progress_that_fails_leaves_nothing(moment: str) -> None:
    """Whoever watches may fail too: a closed console, a broken pipe."""

    def watch(step: str) -> None:
        if step == moment:
            raise BrokenPipeError(step)

    with pytest.raises(ProvisioningFault):
        onboard(profile("gavar"), progress=watch)
    assert traces("gavar") == []


@pytest.mark.parametrize(
    "change",
    [
        ("CREATE TABLE", "CREATE TABLE extra (a int); CREATE TABLE"),
        ("character varying(254) NOT NULL", "character varying(254)"),
        ("varchar_pattern_ops", "text_pattern_ops"),
        ("DEFERRABLE INITIALLY DEFERRED", ""),
    ],
    ids=["an extra table", "a missing NOT NULL", "another operator class", "another foreign key"],
)
def test_a_town_that_differs_from_the_template_is_refused(change: tuple[str, str]) -> None:
    """Positive control of the proof: the DDL text is altered, the hash tells, nothing is left."""
    with as_owner():
        release = current_release()
        whole = release.ddl
        assert change[0] in whole
        type(release).objects.filter(pk=release.pk).update(ddl=whole.replace(change[0], change[1], 1))
    try:
        with pytest.raises(ProvisioningFault, match="differs from the template"):
            onboard(profile("gavar"))
    finally:
        with as_owner():
            type(release).objects.filter(pk=release.pk).update(ddl=whole)
    assert traces("gavar") == []


def test_all_towns_equal_the_migrated_template() -> None:
    """The template is migrated by Django, the towns replayed from text: their catalogues are equal."""
    hashes = set()
    for schema in (TEMPLATE, "dilijan", "sevan"):
        with as_owner(schema):
            hashes.add(read_structure(schema).catalogue_hash())
    with as_owner():
        assert hashes == {current_release().catalogue_hash}


PLANTS = {
    "a foreign key out of the schema": (
        "ALTER TABLE {s}.accounts_user"
        " ADD CONSTRAINT out FOREIGN KEY (id) REFERENCES public.tenants_community NOT VALID",
        "ALTER TABLE {s}.accounts_user DROP CONSTRAINT out",
        "foreign key out out of the schema",
    ),
    "a trigger": (
        "CREATE TRIGGER planted BEFORE UPDATE ON {s}.accounts_user FOR EACH ROW"
        " EXECUTE FUNCTION suppress_redundant_updates_trigger()",
        "DROP TRIGGER planted ON {s}.accounts_user",
        "trigger planted",
    ),
    "a function": (
        "CREATE FUNCTION {s}.planted() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "DROP FUNCTION {s}.planted()",
        "function planted",
    ),
    "a view": ("CREATE VIEW {s}.planted AS SELECT 1", "DROP VIEW {s}.planted", "relation planted"),
    "a type": ("CREATE TYPE {s}.planted AS ENUM ('a')", "DROP TYPE {s}.planted", "type planted"),
    "a loose sequence": ("CREATE SEQUENCE {s}.planted", "DROP SEQUENCE {s}.planted", "sequence planted"),
}


@pytest.fixture(params=PLANTS)
def planted(request: Any) -> Iterator[Any]:
    """plant(schema) puts in what may not be there; it is taken out afterwards. The answer is what a check must say."""
    put, take, said = PLANTS[request.param]
    places: list[str] = []
    with owner_link() as owner:

        def plant(schema: str) -> str:
            owner.execute(put.format(s=schema))
            places.append(schema)
            return said

        yield plant
        for schema in places:
            owner.execute(take.format(s=schema))


def test_the_template_may_not_hold_what_ends_self_containment(planted: Any) -> None:
    """A migration that brings one is stopped where it first runs."""
    said = planted(TEMPLATE)
    with pytest.raises(StructureFault, match=re.escape(said)):
        prepare_template()


def test_platform_check_finds_it_in_a_town(planted: Any) -> None:
    """What somebody adds to one town by hand is found by `platform check`."""
    said = planted("sevan")
    errors = StringIO()
    with pytest.raises(CommandError, match="1 faults in 2 towns"):
        call_command("platform", "check", stdout=StringIO(), stderr=errors)
    assert said in errors.getvalue()


def test_platform_check_finds_drift() -> None:
    """A column or an index added by hand; and a platform in order is said to be so."""
    call_command("platform", "check", stdout=StringIO())
    with owner_link() as owner:
        for put, take in (
            (
                "ALTER TABLE sevan.accounts_user ADD COLUMN drift int",
                "ALTER TABLE sevan.accounts_user DROP COLUMN drift",
            ),
            ("CREATE INDEX drift ON sevan.accounts_user (full_name)", "DROP INDEX sevan.drift"),
        ):
            owner.execute(put)
            errors = StringIO()
            try:
                with pytest.raises(CommandError):
                    call_command("platform", "check", stdout=StringIO(), stderr=errors)
            finally:
                owner.execute(take)
            assert errors.getvalue().strip() == "sevan differs from the template"
    call_command("platform", "check", stdout=StringIO())


@pytest.mark.parametrize(
    "slug",
    [
        "console",
        "oversight",
        "www",
        "public",
        "town-template",
        "router",
        "pg-x",
        "a",
        "1town",
        "Gavar",
        "gavar_x",
        "ga var",
    ]
    + ["gavar\n", "gavar-", "-gavar", "g" * 41, 'gavar";drop', "գավառ", "", *sorted(RESERVED)[:3]],
)
def test_a_bad_or_reserved_slug_is_refused(slug: str) -> None:
    """A slug is a host label, a schema, a role's suffix and a folder at once."""
    with pytest.raises(ValidationError) as refusal:
        onboard(profile(slug))
    assert "slug" in refusal.value.message_dict
    assert Community.objects.count() == 2


def test_a_second_town_with_the_same_slug_is_refused() -> None:
    """And the first one is untouched."""
    with pytest.raises(ValidationError, match="slug"):
        onboard(profile("dilijan"))
    assert len(traces("dilijan")) == 6


def test_a_role_left_by_somebody_else_is_not_taken_over() -> None:
    """Roles are the cluster's: one that is there already belongs to others."""
    with owner_link() as owner:
        owner.execute(f'CREATE ROLE "{role_of("gavar")}"')
        try:
            with pytest.raises(ProvisioningFault, match="exists already in this cluster"):
                onboard(profile("gavar"))
        finally:
            owner.execute(f'DROP ROLE "{role_of("gavar")}"')
    assert traces("gavar") == []


@pytest.mark.parametrize(
    "host",
    [
        "dilijan.localhost",
        "console.localhost",
        "oversight.localhost",
        "localhost",
        "hrazdan.localhost",
        "gavar.office.localhost",
    ]
    + ["", "two words.am", "a@b.am", "gavar.am/path", "gavar_x.am", "..", "a" * 254],
)
def test_a_host_that_is_taken_given_by_the_platform_or_none_is_refused(host: str) -> None:
    """No town can take the console's host, another's, or one that a later town's slug will have."""
    with pytest.raises(ValidationError) as refusal:
        onboard(profile("gavar", site_hosts=(host,)))
    assert "site_hosts" in refusal.value.message_dict
    assert traces("gavar") == []


def test_own_hosts_become_primary_in_their_normal_form() -> None:
    """Armenian letters, capitals and a trailing dot are brought to one form; a host named twice is refused."""
    onboard(profile("gavar", site_hosts=("Գավառ.ՀԱՅ.", "www.gavar.am")))
    route = table.route("գավառ.հայ")
    assert route is not None
    assert route.redirect_to is None
    assert table.route("www.gavar.am").redirect_to == normal_host("գավառ.հայ")  # type: ignore[union-attr]
    with pytest.raises(ValidationError):
        onboard(profile("hrazdan", site_hosts=("hrazdan.am", "HRAZDAN.am")))


def test_unknown_module_and_bad_facts_are_named() -> None:
    """Each fault at its field."""
    with pytest.raises(ValidationError) as refusal:
        onboard(profile("gavar", modules=("nothing",), marz="XX", colour="red", name_hy=""))
    assert {"modules", "marz", "colour", "name_hy"} <= set(refusal.value.message_dict)


@given(st.text(max_size=60))
def test_normal_host_is_safe_and_stable(text: str) -> None:
    """Normalised again it is the same; it holds nothing but a host name's letters, or is empty."""
    host = normal_host(text)
    assert normal_host(host) == host
    assert re.fullmatch(r"[a-z0-9.-]*", host)


@given(st.from_regex(r"[a-z0-9-]{1,20}(\.[a-z0-9-]{1,20}){0,3}", fullmatch=True), st.integers(1, 65535))
def test_case_port_and_dot_make_no_difference(host: str, port: int) -> None:
    """One host, however a client writes it."""
    assert normal_host(f"{host.upper()}.:{port}") == normal_host(host) == host


@given(st.one_of(st.text(max_size=45), st.from_regex(r"[a-z][a-z0-9_-]{0,45}")))
def test_no_town_schema_is_reserved_or_needs_quoting(text: str) -> None:
    """What passes for a town's schema is safe in every place where the name is used, and its role's name is whole."""
    if is_town_schema(text):
        assert re.fullmatch(r"[a-z][a-z0-9_]{1,39}", text)
        assert text not in RESERVED
        assert not text.startswith("pg_")
        assert len(role_of(text).encode()) <= 63
    schema = schema_of_slug(text)
    assert "-" not in schema
