"""Tables are found however a statement is written."""

import pytest
from django.apps import apps
from hypothesis import given
from hypothesis import strategies as some

from hamaynk.freshness.tables import UNWATCHED, is_watched, label_of, tables_of, watched_labels

names = some.from_regex(r"[a-z][a-z0-9_]{2,12}", fullmatch=True).filter(
    lambda name: name not in {"only", "select", "set", "from", "join", "using", "table", "lateral", "update", "copy"}
)
spaces = some.sampled_from([" ", "\n", "\t ", "  \n  "])


@some.composite
def tables(draw):
    """(name, as it is written)."""
    name = draw(names)
    form = draw(some.sampled_from(["{0}", '"{0}"', 's."{0}"', '"s"."{0}"', '"s".{0}', "{1}"]))
    return name, form.format(name, name.upper())


@given(
    first=tables(), others=some.lists(tables(), max_size=3), alias=some.sampled_from(["", " t", ' AS "t"']), gap=spaces
)
def test_what_is_read_is_found(first, others, alias, gap):
    """Joins, lists with and without aliases, brackets, subqueries."""
    wanted = {name for name, _ in (first, *others)}
    written = [text for _, text in (first, *others)]
    joined = f"{gap}INNER JOIN{gap}".join(f"{text}{alias}" for text in written)
    listed = f"{alias},{gap}".join(written)
    for clause in (
        joined,
        listed,
        f"({joined})",
        f"(SELECT 1 FROM{gap}{listed}) q",
        f"{written[0]} x, LATERAL (SELECT 2 FROM {joined}) y",
    ):
        for word in ("FROM", "from"):
            found = tables_of(f'SELECT "a"."b", count(*){gap}{word}{gap}{clause}{gap}WHERE x = %s ORDER BY 1')
            assert wanted <= found.read
            assert not found.written
    locked = tables_of(f"SELECT 1 FROM {joined} FOR{gap[0]}UPDATE OF {written[0]}")
    assert wanted <= locked.read
    assert not locked.written


@given(table=tables(), other=tables(), gap=spaces)
def test_what_is_written_is_found(table, other, gap):
    """And what is only read beside it is not called written."""
    (name, text), (read, source) = table, other
    alone = (
        f'INSERT{gap}INTO{gap}{text} ("a") VALUES (%s) ON CONFLICT ("a") DO UPDATE SET "a" = EXCLUDED."a"',
        f"UPDATE ONLY {text} SET a = 1",
        f"TRUNCATE TABLE {text}",
        f"truncate{gap}{text} restart identity",
        f"COPY {text} (a) FROM STDIN",
        f"WITH gone AS (DELETE FROM {text} RETURNING *) SELECT * FROM gone",
    )
    beside = (
        f"INSERT INTO {text} SELECT * FROM {source}",
        f"UPDATE{gap}{text} SET a = %s, b = %s FROM {source}",
        f"DELETE FROM{gap}{text} USING {source}",
        f"MERGE INTO {text} AS t USING {source} ON true",
    )
    for statement in (*alone, *beside):
        found = tables_of(statement)
        assert name in found.written
        assert read not in found.written or read in {name, "set"}
        assert read in found.read or statement in alone or read == name


@given(some.text(max_size=300))
def test_no_text_is_too_strange(statement):
    """Never an exception, whatever somebody sends."""
    found = tables_of(statement)
    assert all(isinstance(name, str) for name in found.read | found.written)


@pytest.mark.parametrize(
    ("table", "label"),
    [
        ("budgets_publishedmonth", "budgets"),
        ("wagtailcore_page", "wagtailcore"),
        ("hamaynk_noticeboard_notice", "hamaynk_noticeboard"),
        ("accounts_user_groups", "accounts"),
        ("account_emailaddress", "account"),
        ("public_sites_made_by_hand", "public_sites"),
        ("wagtailcore_made_by_hand", "wagtailcore"),
        ("set", None),
        ("nobodys_table", None),
    ],
)
def test_whose_a_table_is(table, label):
    """By its model, by the name of its application, or nobody's."""
    assert label_of(table) == label


def test_what_is_not_watched_exists():
    """A name that a newer version of somebody's application no longer has would be a line without a sense."""
    known = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    assert {
        name for name in UNWATCHED if name not in known | {config.label for config in apps.get_app_configs()}
    } == set()
    assert not is_watched("wagtailcore_pagelogentry", "wagtailcore")
    assert is_watched("wagtailcore_page", "wagtailcore")
    assert {"budgets", "public_sites", "wagtailcore", "hamaynk_noticeboard"} <= set(watched_labels())
    assert not {"sessions", "audit", "events", "tenants", "console"} & set(watched_labels())
