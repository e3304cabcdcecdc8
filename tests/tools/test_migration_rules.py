"""Each rule refuses what breaks or holds up the code that serves, and lets its right form pass (docs/operate/upgrade.md)."""

from typing import Any

import pytest
from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models
from django.db.migrations.state import ProjectState
from django.db.models.functions import Now, Upper

from tenants.migration_operations import AddIndexOnline, resumable
from tools import migration_rules
from tools.migration_operations import widens
from tools.migration_rules import Baseline, all_faults, judge

APP = "hamaynk_noticeboard"
REASON = "the table has some hundred rows in the largest town"


def char(size: int = 20, **options: Any) -> models.Field[Any, Any]:
    """A column of text."""
    return models.CharField(max_length=size, **options)


@pytest.fixture
def before() -> ProjectState:
    """A table that old code reads and writes, another that refers to it, and one of the platform."""
    state = ProjectState()
    key = ("id", models.BigAutoField(primary_key=True))
    own = migrations.Migration("0001_initial", APP)
    own.operations = [
        migrations.CreateModel("Shelf", [key]),
        migrations.CreateModel(
            "Book",
            [
                key,
                ("title", char()),
                ("note", char(null=True)),
                ("kind", char(db_default="book")),
                ("code", char(unique=True)),
                ("price", models.DecimalField(max_digits=8, decimal_places=2)),
                ("shelf", shelf()),
                (
                    "old_shelf",
                    shelf(db_constraint=False),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(price__gte=0), name="book_price"),
                    models.UniqueConstraint(fields=["title", "note"], name="book_once"),
                ],
                "indexes": [models.Index(fields=["title"], name="book_title")],
            },
        ),
    ]
    platform = migrations.Migration("0001_initial", "tenants")
    platform.operations = [migrations.CreateModel("Community", [key])]
    return own.mutate_state(platform.mutate_state(state))


def rules(before: ProjectState, *operations: Any, **facts: Any) -> list[str]:
    """Names of the rules that a migration with these operations breaks."""
    kind = type("Migration", (migrations.Migration,), {"operations": list(operations), "dependencies": [], **facts})
    return [line.split(": ")[1] for line in judge(kind("0002_more", APP), before)]


def field(name: str, column: Any) -> Any:
    """A new column of the books."""
    return migrations.AddField("book", name, column)


def altered(name: str, column: Any) -> Any:
    """A changed column of the books."""
    return migrations.AlterField("book", name, column)


def shelf(**options: Any) -> models.Field[Any, Any]:
    """A key to a shelf."""
    return models.ForeignKey(f"{APP}.shelf", models.CASCADE, null=True, related_name="+", **options)


KEY = ("id", models.BigAutoField(primary_key=True))
PAGE = migrations.CreateModel("Page", [KEY, ("n", models.IntegerField(unique=True))])
PAGE_INDEX = migrations.AddIndex("page", models.Index(fields=["n"], name="page_n"))
CONTRACT = {"phase": "contract"}
IN_COMMENT = "ALTER TABLE book ADD COLUMN note2 text; -- DROP TABLE x\nCOMMENT ON TABLE book IS 'DROP TABLE; public.x'"
ANY = models.CheckConstraint(condition=models.Q(price__lte=9), name="book_cheap")
ONCE = models.UniqueConstraint(fields=["title"], name="book_title_once")
INDEX = models.Index(fields=["kind"], name="book_kind")
TITLED = models.CheckConstraint(condition=models.Q(colour__gt=""), name="book_colour")


def change(apps: Any, editor: Any) -> None:
    """Rows are changed."""


@resumable
def change_again(apps: Any, editor: Any) -> None:
    """Rows are changed, as often as you like."""


BOTH_GONE = [migrations.DeleteModel("Book"), migrations.DeleteModel("Shelf")]
BOTH_AT_ONCE = [AddConstraintNotValid("book", ANY), ValidateConstraint("book", "book_cheap")]
BROKEN: list[tuple[str, str, list[Any], dict[str, Any]]] = [
    ("drop", "table", [migrations.DeleteModel("Book")], {}),
    ("drop", "column", [migrations.RemoveField("book", "note")], {}),
    ("rename", "column", [migrations.RenameField("book", "note", "remark")], {}),
    ("rename", "column by db_column", [altered("note", char(null=True, db_column="remark"))], {}),
    ("rename", "table", [migrations.RenameModel("Shelf", "Rack")], {}),
    ("rename", "table by name", [migrations.AlterModelTable("book", "library_book")], {}),
    ("default", "column that old code does not name", [field("colour", char())], {}),
    ("default", "Python's default is not the database's", [field("colour", char(default="red"))], {}),
    ("default", "default that rewrites", [field("colour", char(db_default=Upper(models.Value("red"))))], {}),
    ("default", "default taken away", [altered("kind", char())], {}),
    ("default", "order", [migrations.AlterOrderWithRespectTo("book", "shelf")], {}),
    ("null", "NOT NULL", [altered("note", char())], {}),
    ("null", "NOT NULL with a default, for old code names the column", [altered("note", char(db_default=""))], {}),
    ("type", "shorter text", [altered("title", char(10))], {}),
    ("type", "another type", [altered("title", models.IntegerField())], {}),
    ("type", "fewer digits", [altered("price", models.DecimalField(max_digits=6, decimal_places=2))], {}),
    ("type", "more digits after the point", [altered("price", models.DecimalField(max_digits=9, decimal_places=3))], {}),
    ("constraint", "check", [migrations.AddConstraint("book", ANY)], {}),
    ("constraint", "check, not validated", [AddConstraintNotValid("book", ANY)], {}),
    ("constraint", "uniqueness", [migrations.AddConstraint("book", ONCE)], {}),
    ("constraint", "unique column", [altered("title", char(unique=True))], {}),
    ("constraint", "unique no more", [altered("code", char())], {}),
    ("constraint", "uniqueness given up", [migrations.RemoveConstraint("book", "book_once")], {}),
    ("constraint", "unique together", [migrations.AlterUniqueTogether("book", {("title", "kind")})], {}),
    ("constraint", "key that old rows may break", [altered("old_shelf", shelf())], {}),
    ("index", "plain", [migrations.AddIndex("book", INDEX)], {}),
    ("index", "by the column", [altered("title", char(db_index=True))], {}),
    ("index", "with a new column", [field("colour", char(null=True, db_index=True))], {}),
    ("index", "Django's own is not resumable", [AddIndexConcurrently("book", INDEX)], {"atomic": False}),
    ("index", "dropped", [migrations.RemoveIndex("book", "book_title")], {}),
    ("data", "no way back", [migrations.RunPython(change)], {}),
    ("data", "with structure", [field("colour", char(null=True)), migrations.RunPython(change, change)], {}),
    ("data", "outside of a transaction", [migrations.RunPython(change, change)], {"atomic": False}),
    ("data", "two steps outside of a transaction", [migrations.RunPython(change_again, change)] * 2, {"atomic": False}),
    ("data", "SQL without a way back", [migrations.RunSQL("COMMENT ON TABLE book IS 'x'")], {}),
    ("data", "rows by SQL", [migrations.RunSQL("UPDATE book SET title = ''", "")], {}),
    ("sql", "unknown", [migrations.RunSQL("LOCK TABLE book", "")], {}),
    ("drop", "by SQL", [migrations.RunSQL("ALTER TABLE book DROP COLUMN note", "")], {}),
    ("index", "by SQL", [migrations.RunSQL("CREATE INDEX book_x ON book (note)", "")], {}),
    ("rename", "by SQL", [migrations.RunSQL("ALTER TABLE book RENAME note TO remark", "")], {}),
    ("town", "trigger", [migrations.RunSQL("CREATE TRIGGER t AFTER INSERT ON book EXECUTE FUNCTION f()", "")], {}),
    ("town", "trigger behind a comment", [migrations.RunSQL("/* x */ CREATE -- y\n TRIGGER t ON book", "")], {}),
    ("town", "view", [migrations.RunSQL("CREATE VIEW v AS SELECT 1", "")], {}),
    ("town", "another schema", [migrations.RunSQL("ALTER TABLE public.tenants_community ADD COLUMN x int", "")], {}),
    ("town", "key out", [field("town", models.ForeignKey("tenants.community", models.CASCADE, null=True, db_index=False))], {}),
    ("late", "table in contract", [PAGE], CONTRACT),
    ("late", "column in contract", [field("colour", char(null=True))], CONTRACT),
    ("rename", "in contract either", [migrations.RenameField("book", "note", "remark")], CONTRACT),
    ("default", "dropped while new code leaves it out", [migrations.RemoveField("book", "title")], CONTRACT),
    ("reference", "key left on what new code deletes", [migrations.RemoveField("book", "shelf")], CONTRACT),
    ("reference", "table with such a key", [migrations.DeleteModel("Book")], CONTRACT),
    ("constraint", "read under lock", [migrations.AddConstraint("book", ANY)], CONTRACT),
    ("constraint", "validated under the same lock", BOTH_AT_ONCE, CONTRACT),
    ("null", "read under lock", [altered("note", char())], CONTRACT),
    ("phase", "a word that is none", [], {"phase": "later"}),
    ("phase", "excuse for nothing", [], {"allows": {"index": REASON}}),
    ("phase", "excuse without a reason", [migrations.AddIndex("book", INDEX)], {"allows": {"index": "small"}}),
]  # fmt: skip

SOUND: list[tuple[str, list[Any], dict[str, Any]]] = [
    ("column that may be empty", [field("colour", char(null=True))], {}),
    ("column with the database's default", [field("colour", char(db_default="red"))], {}),
    ("column with the time", [field("seen", models.DateTimeField(db_default=Now()))], {}),
    ("key without index", [field("other", shelf(db_index=False))], {}),
    ("many to many", [field("shelves", models.ManyToManyField(f"{APP}.shelf", related_name="+"))], {}),
    ("new table with all it likes", [PAGE, PAGE_INDEX], {}),
    ("index online", [AddIndexOnline("book", INDEX)], {"atomic": False}),
    ("index with a reason", [migrations.AddIndex("book", INDEX)], {"allows": {"index": REASON}}),
    ("longer text", [altered("title", char(40))], {}),
    ("text without end", [altered("title", models.TextField())], {}),
    ("more digits", [altered("price", models.DecimalField(max_digits=12, decimal_places=2))], {}),
    ("NULL allowed", [altered("title", char(null=True))], {}),
    ("default given", [altered("title", char(db_default=""))], {}),
    ("words only", [altered("title", char(verbose_name="name", choices=[("a", "b")], validators=[]))], {}),
    ("check on a new column", [field("colour", char(null=True)), AddConstraintNotValid("book", TITLED)], {}),
    ("check given up", [migrations.RemoveConstraint("book", "book_price")], {}),
    ("key no longer checked", [altered("shelf", shelf(db_constraint=False))], {}),
    ("rows, in a transaction", [migrations.RunPython(change, change)], {}),
    ("rows, resumable", [migrations.RunPython(change_again, change)], {"atomic": False}),
    ("harmless SQL", [migrations.RunSQL(IN_COMMENT, "")], {}),
    ("options", [migrations.AlterModelOptions("book", {"ordering": ["title"]})], {}),
    ("known to Django only", [migrations.SeparateDatabaseAndState([], [migrations.RemoveField("book", "note")])], {}),
    ("column dropped", [migrations.RemoveField("book", "note")], CONTRACT),
    ("column with default dropped", [migrations.RemoveField("book", "kind")], CONTRACT),
    ("key dropped that nobody checks", [migrations.RemoveField("book", "old_shelf")], CONTRACT),
    ("both tables dropped", BOTH_GONE, {**CONTRACT, "allows": {"reference": REASON}}),
    ("check, not validated", [AddConstraintNotValid("book", ANY)], CONTRACT),
    ("index dropped", [migrations.RemoveIndex("book", "book_title")], CONTRACT),
    ("dropped by SQL", [migrations.RunSQL("ALTER TABLE book DROP COLUMN note", "")], CONTRACT),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "what", "operations", "facts"), BROKEN, ids=[f"{r}-{w}" for r, w, *_ in BROKEN])
def test_refused(before: ProjectState, rule: str, what: str, operations: list[Any], facts: dict[str, Any]) -> None:
    """By this rule and by no other."""
    assert set(rules(before, *operations, **facts)) == {rule}


@pytest.mark.parametrize(("what", "operations", "facts"), SOUND, ids=[what for what, *_ in SOUND])
def test_passes(before: ProjectState, what: str, operations: list[Any], facts: dict[str, Any]) -> None:
    """The right form of the same: the rules do not refuse everything."""
    assert rules(before, *operations, **facts) == []


@pytest.mark.parametrize("rule", ["drop", "rename", "default", "town", "data", "late"])
def test_no_reason_is_good_enough(before: ProjectState, rule: str) -> None:
    """For what breaks a release whatever the reason."""
    _, _, operations, facts = next(row for row in BROKEN if row[0] == rule)
    assert rule in rules(before, *operations, **facts, allows={rule: REASON})


def test_a_column_that_only_django_forgets_must_bear_it(before: ProjectState) -> None:
    """The new code leaves it out, the database wants it."""
    forgotten = migrations.SeparateDatabaseAndState([], [migrations.RemoveField("book", "title")])
    assert rules(before, forgotten) == ["default"]


def test_what_stands_inside_is_judged(before: ProjectState) -> None:
    """SeparateDatabaseAndState hides nothing."""
    inside = migrations.SeparateDatabaseAndState([migrations.RemoveField("book", "note")], [])
    assert rules(before, inside) == ["drop"]


def test_nothing_expands_behind_what_is_not_yet_contracted(
    before: ProjectState, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Unless that went out with an earlier release."""
    monkeypatch.setattr(migration_rules, "_contracting", lambda: frozenset({f"{APP}.0002_narrow"}))
    behind = [(APP, "0002_narrow")]
    assert rules(before, dependencies=behind) == ["order"]
    assert rules(before, dependencies=behind, phase="contract") == []
    kind = type("Migration", (migrations.Migration,), {"dependencies": behind})
    assert judge(kind("0003", APP), before, Baseline(released=frozenset({f"{APP}.0002_narrow"}))) == []


def test_the_present_migrations_pass_and_an_empty_list_does_not() -> None:
    """The control: without the baseline, ours are judged, and each migration of a package has to be read."""
    known = Baseline.read()
    assert list(all_faults(known)) == []
    found = list(all_faults(Baseline(packages=known.packages)))
    assert any(
        line.startswith("statistics.0002_items_by_line operation 1") and ": constraint: " in line for line in found
    )
    unread = Baseline(ours=known.ours, packages=known.packages - {"wagtailcore.0094_alter_page_locale"})
    assert [line.split(":")[0] for line in all_faults(unread)] == ["wagtailcore.0094_alter_page_locale"]
    stale = Baseline(ours=known.ours | {"budgets.0000_gone"}, packages=known.packages)
    assert list(all_faults(stale)) == ["budgets.0000_gone: phase: is in tools/migration_baseline.toml and not on disk"]


@pytest.mark.parametrize(
    ("old", "new", "answer"),
    [
        ("varchar(5)", "varchar(6)", True),
        ("varchar(6)", "varchar(5)", False),
        ("varchar(5)", "text", True),
        ("text", "varchar(5)", False),
        ("varchar", "varchar(5)", False),
        ("numeric(8, 2)", "numeric(9, 2)", True),
        ("numeric(8, 2)", "numeric(9, 3)", False),
        ("integer", "bigint", False),
    ],
)
def test_what_widens(old: str, new: str, answer: bool) -> None:
    """Reads no row and refuses none."""
    assert widens(old, new) is answer
