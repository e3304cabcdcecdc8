"""Another installation on the suite's server: a database, roles and files of its own, and other numbers of everything.

Run as a process with the environment of `environment()`: `python -m tests.support.other_installation <file> <file back>`.
It is prepared as any other, receives a town, shows by HTTP that the town works, and gives it back as a file. What it saw
is printed as JSON.
"""

import json
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

DEPLOYMENT = "hmo"
BASE = "other.example"
# A number of the template, another way round: nothing keeps its number or its place in the order.
RENUMBER = """
BEGIN;
SET CONSTRAINTS ALL DEFERRED;
UPDATE {0}.auth_permission SET content_type_id = 9000 - content_type_id, id = 90000 - id;
UPDATE {0}.django_content_type SET id = 9000 - id;
COMMIT;
"""


@contextmanager
def environment(folder: Path) -> Iterator[dict[str, str]]:
    """A copy of the suite's prepared database under another name, and what a process needs to be at home there."""
    from django.conf import settings
    from django.db import connection
    from psycopg import sql

    from tenants.database.base import idle_connections
    from tests.support.links import link

    here = settings.DATABASE
    name = f"{here.name}_other"
    connection.close()
    idle_connections.clear()
    with link(here.user, here.password, database="postgres") as owner:
        _drop(owner, name)
        owner.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(here.name)))
        try:
            yield {
                **os.environ,
                "DATABASE_URL": here.url().removesuffix(here.name) + name,
                "DEPLOYMENT": DEPLOYMENT,
                "BASE_DOMAIN": BASE,
                "HAMAYNK_VAR": str(folder),
            }
        finally:
            _drop(owner, name)


def _drop(owner, name: str) -> None:  # type: ignore[no-untyped-def]
    from psycopg import sql

    owner.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
    for (role,) in owner.execute(
        "SELECT rolname FROM pg_roles WHERE rolname LIKE %s", [f"{DEPLOYMENT}\\_%"]
    ).fetchall():
        owner.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))


def _receive(file: str, back: str) -> dict[str, object]:
    from django.conf import settings
    from django.core.management import call_command

    from tenants.names import CONSOLE, OVERSIGHT, TEMPLATE
    from tenants.platform_setup import prepare
    from tenants.provisioning import remove
    from tests.support.links import owner_link

    for slug in ("dilijan", "sevan"):
        remove(slug)
    with owner_link() as owner:
        for schema in (TEMPLATE, CONSOLE, OVERSIGHT):
            owner.execute(RENUMBER.format(schema))
    prepare()
    said = StringIO()
    for words in (["restore", file], ["verify", file, "--against", "dilijan"], ["export", "dilijan", back]):
        call_command("towns", *words, stdout=said, stderr=said)
    call_command("platform", "check", stdout=StringIO())
    seen = _look()
    shutil.rmtree(settings.MEDIA_ROOT)
    return {"said": said.getvalue(), **seen}


def _look() -> dict[str, object]:
    """The town by HTTP, and what an editor may do there."""
    from wagtail.models import Page, Revision

    from public_sites.models import TextPage
    from tenants.context import in_town
    from tests.conftest import HostClient
    from tests.support.whole_town import EDITOR

    site, office = HostClient(f"dilijan.{BASE}"), HostClient(f"dilijan.office.{BASE}")
    shown = site.get("/community/about/").content.decode()
    picture = site.get(shown.partition('<img src="')[2].partition('"')[0]).status_code
    with in_town("dilijan"):
        page = TextPage.objects.get(slug="about", locale__language_code="hy")
        kinds = {row.content_type.model_class() is type(row.specific) for row in Page.objects.exclude(depth=1)}
        written = [
            revision.content["content_type"] == revision.content_type_id
            for revision in Revision.objects.filter(base_content_type__model="page")
        ]
    return {
        "page": shown,
        "picture": picture,
        "sign_in": office.sign_in(EDITOR).status_code,
        "editor": office.get(f"/cms/pages/{page.pk}/edit/").status_code,
        "kinds": sorted(kinds),
        "revisions": len(written),
        "numbers_in_revisions": all(written),
        "number": page.content_type_id,
    }


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "hamaynk.config.settings.test"
    import django
    from django.test.utils import setup_test_environment

    django.setup()
    setup_test_environment()
    json.dump(_receive(*sys.argv[1:3]), sys.stdout)
