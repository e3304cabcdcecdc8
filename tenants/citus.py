"""What would not run once schemas of towns are spread over machines with Citus. Reads catalogue and texts, changes nothing.

Citus calls this schema-based sharding: each town's schema lives whole on one machine, and a coordinator passes its
statements on. `docs/operate/citus.md` tells when that is worth it, and what was tried of it and what not.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import sqlparse
from django.db import connection, transaction

from tenants.context import as_owner
from tenants.models import Community, MigrationStep
from tenants.names import SHARED, TEMPLATE, role_of
from tenants.rollout import outdated
from tenants.template import applied_here, current_release


@dataclass(frozen=True)
class Finding:
    """`stops`: Citus refuses it, or the town would not work. Otherwise it runs, with something to bear in mind."""

    stops: bool
    where: str
    what: str
    todo: str


@dataclass(frozen=True)
class Question:
    """A query that yields (schema, what), each row a finding. It is given the towns' schemas, and the owner's name."""

    stops: bool
    todo: str
    query: str


CATALOGUE = (
    Question(
        True,
        "drop it: audit and outbox are written by the application, in the same transaction",
        """SELECT n.nspname, 'trigger ' || t.tgname || ' on ' || c.relname FROM pg_trigger t
             JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE NOT t.tgisinternal AND n.nspname = ANY(%(towns)s)""",
    ),
    Question(
        True,
        "keep the value without a key, or copy the row into the town; as the very last resort make the table a reference"
        " table",
        """SELECT n.nspname, 'foreign key ' || k.conname || ' of ' || c.relname || ' to ' || k.confrelid::regclass
             FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
             JOIN pg_class target ON target.oid = k.confrelid
            WHERE k.contype = 'f' AND n.nspname = ANY(%(towns)s) AND target.relnamespace <> c.relnamespace""",
    ),
    Question(
        True,
        "nothing outside may refer into a town: keep its number without a key",
        """SELECT t.nspname, 'foreign key ' || k.conname || ' of ' || k.conrelid::regclass || ' into the town'
             FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class target ON target.oid = k.confrelid
             JOIN pg_namespace t ON t.oid = target.relnamespace JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE k.contype = 'f' AND t.nspname = ANY(%(towns)s) AND NOT n.nspname = ANY(%(towns)s)""",
    ),
    Question(
        True,
        "read each town by itself and put the answers together in code; the ministry's figures come by the outbox",
        """SELECT v.nspname, 'view ' || w.relname || ' reads ' || string_agg(DISTINCT quote_ident(n.nspname), ', ')
             FROM pg_rewrite r JOIN pg_class w ON w.oid = r.ev_class JOIN pg_namespace v ON v.oid = w.relnamespace
             JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid AND d.refobjid <> w.oid
             JOIN pg_class c ON d.refclassid = 'pg_class'::regclass AND c.oid = d.refobjid
             JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE w.relkind IN ('v', 'm') AND v.nspname !~ '^pg_|^information_schema$'
            GROUP BY v.nspname, w.relname
           HAVING bool_or(n.nspname = ANY(%(towns)s)) AND bool_or(n.nspname <> v.nspname)""",
    ),
    Question(
        False,
        "new towns are made of tables alone and would lack it (`platform check` says so)",
        """SELECT n.nspname, CASE c.relkind WHEN 'v' THEN 'view ' ELSE 'materialized view ' END || c.relname
             FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('v', 'm') AND n.nspname = ANY(%(towns)s)""",
    ),
    Question(
        True,
        f"extensions belong into the schema {SHARED}: ALTER EXTENSION ... SET SCHEMA {SHARED}",
        """SELECT n.nspname, 'extension ' || e.extname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
            WHERE n.nspname = ANY(%(towns)s)""",
    ),
    Question(
        True,
        "Citus takes neither foreign tables, nor tables that inherit, nor parts of a table in another schema",
        """SELECT n.nspname, CASE WHEN c.relkind = 'f' THEN 'foreign table ' ELSE 'inheriting table ' END || c.relname
             FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
             LEFT JOIN pg_inherits i ON i.inhrelid = c.oid LEFT JOIN pg_class parent ON parent.oid = i.inhparent
            WHERE n.nspname = ANY(%(towns)s) AND (c.relkind = 'f' OR c.relkind IN ('r', 'p') AND i.inhrelid IS NOT NULL
              AND (NOT c.relispartition OR parent.relnamespace <> c.relnamespace))""",
    ),
    Question(
        True,
        "ALTER TABLE ... OWNER TO the platform's owner, who distributes the schema",
        """SELECT n.nspname, 'table ' || c.relname || ' of ' || pg_get_userbyid(c.relowner)
             FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'p') AND n.nspname = ANY(%(towns)s) AND pg_get_userbyid(c.relowner) <> %(owner)s""",
    ),
    Question(
        False,
        "its numbers are given out by the coordinator alone: processes keep the coordinator's address",
        """SELECT n.nspname, count(*) || ' identity columns narrower than bigint, such as ' || min(c.relname)
             FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE a.attidentity <> '' AND a.atttypid <> 'bigint'::regtype AND n.nspname = ANY(%(towns)s)
            GROUP BY n.nspname""",
    ),
    Question(
        False,
        "use an identity column: new towns are made of tables alone and would lack it",
        """SELECT n.nspname, 'sequence ' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind = 'S' AND n.nspname = ANY(%(towns)s)
              AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'i')""",
    ),
    Question(
        False,
        "functions and types of a town were not tried; new towns would lack them",
        """SELECT n.nspname, 'function ' || p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
            WHERE n.nspname = ANY(%(towns)s)
           UNION ALL
           SELECT n.nspname, 'type ' || t.typname FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
            WHERE n.nspname = ANY(%(towns)s) AND t.typtype IN ('d', 'e')""",
    ),
    Question(
        False,
        "row security on spread tables was not tried",
        """SELECT n.nspname, 'row security of ' || c.relname FROM pg_class c
             JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relrowsecurity AND n.nspname = ANY(%(towns)s)""",
    ),
)

_ROLES = """
SELECT rolname, rolcanlogin, has_schema_privilege(oid, %(shared)s, 'USAGE') FROM pg_roles WHERE rolname = ANY(%(roles)s)
"""

# What the coordinator refuses of a statement about a spread table, and why.
_COLUMN = r"^ALTER TABLE .*\bADD COLUMN\b"
STATEMENTS = (
    (r"^CREATE (CONSTRAINT |OR REPLACE )*TRIGGER\b", "a trigger", "write it in an action"),
    (rf"{_COLUMN}.*\bAS IDENTITY\b", "an identity column for a table that is there", "fill a new table instead"),
    (
        r"^ALTER TABLE .*\bALTER COLUMN \S+ (ADD GENERATED|SET GENERATED|DROP IDENTITY)",
        "a change of an identity column",
        "leave it as it is",
    ),
    (r"^ALTER SEQUENCE\b", "a change of a sequence, as a wider identity column brings", "leave it as it is"),
    (
        rf"{_COLUMN}(?!.*\bCONSTRAINT\b).*\b(UNIQUE|PRIMARY KEY|CHECK|REFERENCES)\b",
        "a new column with an unnamed constraint",
        "two statements, or a name",
    ),
    (
        r"^ALTER TABLE .*(\b(ADD|ALTER|DROP) .*, ADD CONSTRAINT\b|\bADD CONSTRAINT\b.*, (ADD|ALTER|DROP)\b)",
        "a constraint together with another change",
        "two statements",
    ),
    (r"^ALTER TABLE .*\bSET SCHEMA\b", "a table that leaves its schema", "copy its rows"),
    (r'\bREFERENCES "?\w+"?\."?\w+"?', "a key to a table of a named schema", "a key to a table of the same town"),
    (r"^CREATE EXTENSION\b", "an extension in a town", f"the platform makes extensions, in {SHARED}"),
)


def check() -> list[Finding]:
    """Everything found, what stops first. One transaction that may only read."""
    with as_owner(), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")
        towns = list(Community.objects.exclude(state=Community.State.ARCHIVED).values_list("schema_name", flat=True))
        found = [*_catalogue([*towns, TEMPLATE]), *_roles(towns)]
        release = current_release()
        found += [
            Finding(True, f"text for new towns, release {release.release}", what, todo)
            for what, todo in refused(release.ddl)
        ]
        behind, steps = outdated(release), list(MigrationStep.objects.all())
    found += _steps(behind, steps)
    return sorted(found, key=lambda finding: (not finding.stops, finding.where, finding.what))


def _catalogue(schemas: list[str]) -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        given = {"towns": schemas, "owner": cursor.fetchone()[0]}
        for question in CATALOGUE:
            cursor.execute(question.query, given)
            for where, what in cursor.fetchall():
                yield Finding(question.stops, where, what, question.todo)


def _roles(towns: list[str]) -> Iterator[Finding]:
    """The coordinator signs in to the other machines as the town's own role."""
    with connection.cursor() as cursor:
        cursor.execute(_ROLES, {"shared": SHARED, "roles": [role_of(town) for town in towns]})
        known = {name: (login, usage) for name, login, usage in cursor.fetchall()}
    for town in towns:
        role = role_of(town)
        login, usage = known.get(role, (False, True))
        if not login:
            what = f"role {role} may not sign in" if role in known else f"there is no role {role}"
            yield Finding(True, town, what, f"`manage.py towns put-right {town.replace('_', '-')}`")
        if not usage:
            todo = f"`manage.py towns put-right {town.replace('_', '-')}`: search needs it on every machine"
            yield Finding(True, town, f"role {role} may not use the schema {SHARED}", todo)


def _steps(behind: list[Community], steps: list[MigrationStep]) -> Iterator[Finding]:
    """Steps that some town has still to replay; what all towns have is history, and the catalogue shows its result."""
    lacking: set[tuple[str, str]] = set()
    for town in behind:
        with as_owner(town.schema_name):
            lacking |= {(step.app, step.name) for step in steps} - applied_here()
    for step in steps:
        if (step.app, step.name) not in lacking:
            continue
        if step.sql is None:
            todo = "Django runs it in each town, through the coordinator: try it on a spread town first"
            yield Finding(False, f"step {step}", "a migration that is no text", todo)
        for what, todo in refused(step.sql or ""):
            yield Finding(True, f"step {step}", what, todo)


def refused(text: str) -> Iterator[tuple[str, str]]:
    """(what, what to do instead) for each statement of a text that Citus does not take for a spread table."""
    for statement in sqlparse.split(sqlparse.format(text, strip_comments=True)):
        line = re.sub(r"'(?:[^']|'')*'", "''", re.sub(r"\s+", " ", statement).strip().rstrip(";"))
        for pattern, what, todo in STATEMENTS:
            if re.search(pattern, line, re.IGNORECASE):
                yield f"{what}: {line if len(line) <= 100 else line[:97] + '...'}", todo


def table(findings: list[Finding]) -> list[str]:
    """Lines for a terminal."""
    if not findings:
        return ["nothing found"]
    width = max(len(finding.where) for finding in findings)
    return [
        f"{'STOPS' if finding.stops else 'mind '}  {finding.where:<{width}}  {finding.what}\n"
        f"       {'':<{width}}  -> {finding.todo}"
        for finding in findings
    ]
