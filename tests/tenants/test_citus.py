"""`platform citus-check` finds what would not run, in either of two towns, and nothing in towns as they are."""

from collections.abc import Callable, Iterator
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tenants.citus import Finding, check, refused
from tenants.context import as_owner
from tenants.names import role_of
from tenants.rollout import roll_out
from tenants.template import current_release
from tests.support.links import owner_link
from tests.support.pending import Pending, pending
from tests.support.platform import Towns

__all__ = ["pending"]
NOTICE = "hamaynk_noticeboard_notice"
Plant = Callable[[str, str], None]


@pytest.fixture
def plant(towns: Towns) -> Iterator[Plant]:
    """plant(statement, its opposite): something that should not be there, until the test is over."""
    undo: list[str] = []
    with owner_link() as owner:

        def put(statement: str, opposite: str) -> None:
            undo.append(opposite)
            owner.execute(statement)

        yield put
        for statement in reversed(undo):
            owner.execute(statement)


def stops() -> list[Finding]:
    """What would not run."""
    return [finding for finding in check() if finding.stops]


def test_nothing_stops_in_towns_as_they_are(towns: Towns) -> None:
    """The promise of ADR 0001, and what is to be borne in mind is said."""
    said = StringIO()
    call_command("platform", "citus-check", stdout=said)
    assert "0 stop" in said.getvalue()
    assert "identity columns narrower than bigint" in said.getvalue()
    assert {finding.where for finding in check()} == {"dilijan", "sevan", "town_template"}


TRIGGER = f"""CREATE FUNCTION shared.probe() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER probe AFTER INSERT ON {{town}}.{NOTICE} EXECUTE FUNCTION shared.probe()"""
PLANTED = [
    ("trigger", TRIGGER, "DROP FUNCTION shared.probe CASCADE", "trigger probe on "),
    (
        "key to the platform",
        f"ALTER TABLE {{town}}.{NOTICE} ADD COLUMN x bigint CONSTRAINT probe REFERENCES public.tenants_community",
        f"ALTER TABLE {{town}}.{NOTICE} DROP COLUMN x",
        f"foreign key probe of {NOTICE} to tenants_community",
    ),
    (
        "key to another town",
        f"ALTER TABLE {{town}}.{NOTICE} ADD COLUMN x bigint CONSTRAINT probe REFERENCES {{other}}.{NOTICE}",
        f"ALTER TABLE {{town}}.{NOTICE} DROP COLUMN x",
        f"foreign key probe of {NOTICE} to {{other}}.{NOTICE}",
    ),
    (
        "key into the town",
        f"CREATE TABLE public.probe (x bigint CONSTRAINT probe REFERENCES {{town}}.{NOTICE})",
        "DROP TABLE public.probe",
        "foreign key probe of probe into the town",
    ),
    (
        "view over two towns",
        f"CREATE VIEW {{town}}.probe AS SELECT id FROM {{town}}.{NOTICE} UNION ALL SELECT id FROM {{other}}.{NOTICE}",
        "DROP VIEW {town}.probe",
        "view probe reads dilijan, sevan",
    ),
    ("sign-in", 'ALTER ROLE "{role}" NOLOGIN', 'ALTER ROLE "{role}" LOGIN', "role {role} may not sign in"),
    (
        "shared",
        'REVOKE USAGE ON SCHEMA shared FROM "{role}"',
        'GRANT USAGE ON SCHEMA shared TO "{role}"',
        "role {role} may not use the schema shared",
    ),
    ("extension", "CREATE EXTENSION fuzzystrmatch SCHEMA {town}", "DROP EXTENSION fuzzystrmatch", "extension fuzzystrmatch"),
    (
        "inheritance",
        f"CREATE TABLE {{town}}.probe () INHERITS ({{town}}.{NOTICE})",
        "DROP TABLE {town}.probe",
        "inheriting table probe",
    ),
    (
        "owner",
        'CREATE TABLE {town}.probe (); ALTER TABLE {town}.probe OWNER TO "{role}"',
        "DROP TABLE {town}.probe",
        "table probe of {role}",
    ),
]  # fmt: skip


@pytest.mark.parametrize("town", ["dilijan", "sevan"])
@pytest.mark.parametrize(("what", "statement", "opposite", "said"), PLANTED, ids=[row[0] for row in PLANTED])
def test_a_planted_fault_is_found_in_its_town(
    plant: Plant, town: str, what: str, statement: str, opposite: str, said: str
) -> None:
    """One finding that stops, naming the town and no other; exit code 1, and what to do."""
    names = {"town": town, "other": "sevan" if town == "dilijan" else "dilijan", "role": role_of(town)}
    plant(statement.format(**names), opposite.format(**names))
    (finding,) = stops()
    assert finding.where == town
    assert said.format(**names) in finding.what
    printed = StringIO()
    with pytest.raises(CommandError, match="1 things would not run on Citus"):
        call_command("platform", "citus-check", stdout=printed)
    assert f"-> {finding.todo}" in printed.getvalue()


@pytest.mark.parametrize(
    ("statement", "opposite", "said"),
    [
        ("CREATE VIEW sevan.probe AS SELECT 1 AS one", "DROP VIEW sevan.probe", "view probe"),
        ("CREATE SEQUENCE sevan.probe", "DROP SEQUENCE sevan.probe", "sequence probe"),
        ("CREATE TYPE sevan.probe AS ENUM ('a')", "DROP TYPE sevan.probe", "type probe"),
    ],
)
def test_what_is_only_to_be_borne_in_mind_does_not_stop(plant: Plant, statement: str, opposite: str, said: str) -> None:
    """It is said, and the exit code stays 0."""
    plant(statement, opposite)
    printed = StringIO()
    call_command("platform", "citus-check", stdout=printed)
    assert f"mind   sevan          {said}" in printed.getvalue()


def test_a_step_that_a_town_has_still_to_replay(pending: Pending) -> None:
    """Its text is judged, and so is the text for new towns; once all towns have it, only the catalogue speaks."""
    pending(f'migrations.RunSQL("ALTER TABLE {NOTICE} ADD COLUMN colour int GENERATED BY DEFAULT AS IDENTITY", "")')
    (finding,) = stops()
    assert finding.where == "step hamaynk_noticeboard.0002_more"
    assert "an identity column for a table that is there" in finding.what
    assert roll_out().failed == {}
    assert stops() == []


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("CREATE TRIGGER t AFTER INSERT ON x EXECUTE FUNCTION f()", 1),
        ("CREATE CONSTRAINT TRIGGER t AFTER INSERT ON x EXECUTE FUNCTION f()", 1),
        ("ALTER TABLE x ADD COLUMN y bigint GENERATED BY DEFAULT AS IDENTITY", 1),
        ("ALTER TABLE x ALTER COLUMN y DROP IDENTITY", 1),
        ("ALTER SEQUENCE x_id_seq AS bigint", 1),
        ("ALTER TABLE x ADD COLUMN y int UNIQUE", 1),
        ("ALTER TABLE x ADD COLUMN y int REFERENCES z", 1),
        ("ALTER TABLE x ADD COLUMN y int CONSTRAINT fk REFERENCES z", 0),
        ("ALTER TABLE x DROP COLUMN a, ADD CONSTRAINT c CHECK (b > 0)", 1),
        ("ALTER TABLE x ADD CONSTRAINT c CHECK (b > 0), ADD COLUMN d int", 1),
        ("ALTER TABLE x ADD CONSTRAINT c UNIQUE (a, b)", 0),
        ("ALTER TABLE x ADD CONSTRAINT c FOREIGN KEY (a) REFERENCES public.t (id)", 1),
        ("ALTER TABLE x ADD CONSTRAINT c FOREIGN KEY (a) REFERENCES t (id) DEFERRABLE INITIALLY DEFERRED", 0),
        ("CREATE TABLE x (id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY)", 0),
        ("ALTER TABLE x ALTER COLUMN y SET NOT NULL; CREATE INDEX CONCURRENTLY i ON x (y)", 0),
        ("COMMENT ON TABLE x IS 'CREATE TRIGGER t; ALTER SEQUENCE x' -- ALTER SEQUENCE x", 0),
        ("ALTER TABLE x SET SCHEMA y; CREATE EXTENSION z", 2),
    ],
)
def test_statements(text: str, count: int) -> None:
    """What the coordinator refuses, and what it takes."""
    assert len(list(refused(text))) == count


def test_the_text_for_new_towns_is_judged(towns: Towns) -> None:
    """A release whose text held a trigger would stop every new town."""
    with as_owner():
        release = current_release()
        kept = type(release).objects.filter(pk=release.pk)
        kept.update(ddl=release.ddl + "CREATE TRIGGER t AFTER INSERT ON x EXECUTE FUNCTION f();")
        try:
            assert [finding.where for finding in stops()] == [f"text for new towns, release {release.release}"]
        finally:
            kept.update(ddl=release.ddl)
