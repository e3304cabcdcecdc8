"""More migrations for the sample module, and the way back: what a next release would bring to towns that are there."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest

from tenants.context import as_owner
from tenants.models import Community, MigrationStep, TemplateRelease
from tenants.names import CONSOLE, OVERSIGHT, PUBLIC, TEMPLATE
from tenants.phases import ALL
from tenants.template import prepare_template
from tests.support.links import owner_link
from tests.support.platform import Towns

APP = "hamaynk_noticeboard"
HEAD = "from django.db import migrations, models\nfrom tenants.migration_operations import *\n"
UNDO = """
ALTER TABLE IF EXISTS "{s}".hamaynk_noticeboard_notice DROP COLUMN IF EXISTS pinned;
ALTER TABLE IF EXISTS "{s}".hamaynk_noticeboard_notice DROP COLUMN IF EXISTS colour;
DROP INDEX IF EXISTS "{s}".notice_text;
DELETE FROM "{s}".django_migrations WHERE app = 'hamaynk_noticeboard' AND name <> '0001_initial';
"""


class Pending(Protocol):
    """pending(operation, ...): one more migration each, `0002_more` and so on; the template is prepared as far as `phase`.

    An operation is its text, with "contract: " before it where the migration contracts, and "online: " where it may not
    stand in a transaction.
    """

    def __call__(self, *operations: str, phase: str | None = ALL) -> TemplateRelease:
        """Returns the newest release."""


@pytest.fixture
def pending(towns: Towns, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pending]:
    """The sample module of a later release."""
    import hamaynk_noticeboard.migrations as original

    with as_owner():
        before = list(TemplateRelease.objects.values_list("pk", flat=True))
        stamps = dict(Community.objects.values_list("pk", "release"))

    def make(*operations: str, phase: str | None = ALL) -> TemplateRelease:
        package = tmp_path / "pending_migrations"
        package.mkdir()
        (package / "__init__.py").write_text("")
        first = Path(next(iter(original.__path__))) / "0001_initial.py"
        (package / "0001_initial.py").write_text(first.read_text())
        names = ["0001_initial", *(f"{number:04}_more" for number, _ in enumerate(operations, 2))]
        for after, name, operation in zip(names, names[1:], operations, strict=False):
            (package / f"{name}.py").write_text(text_of(after, operation))
        monkeypatch.syspath_prepend(str(tmp_path))
        settings.MIGRATION_MODULES = {APP: "pending_migrations"}
        monkeypatch.setenv("PENDING_MIGRATIONS", str(tmp_path))
        if phase:
            return prepare_template(phase)
        with as_owner():
            return TemplateRelease.objects.latest("id")

    yield make
    for name in [name for name in sys.modules if name.startswith("pending_migrations")]:
        del sys.modules[name]
    with owner_link() as owner:
        for (schema,) in owner.execute("SELECT schema_name FROM tenants_community").fetchall():
            owner.execute(UNDO.format(s=schema))
        for schema in (TEMPLATE, PUBLIC, CONSOLE, OVERSIGHT):
            owner.execute(UNDO.format(s=schema))
    with as_owner():
        TemplateRelease.objects.exclude(pk__in=before).delete()
        MigrationStep.objects.filter(app=APP).exclude(name="0001_initial").delete()
        for pk, stamp in stamps.items():
            Community.objects.filter(pk=pk).update(release=stamp)


def text_of(after: str, operation: str) -> str:
    """The text of one migration."""
    body = [f"dependencies = [({APP!r}, {after!r})]"]
    for mark, line in (("contract: ", 'phase = "contract"'), ("online: ", "atomic = False")):
        if operation.startswith(mark):
            operation = operation.removeprefix(mark)
            body.append(line)
    body.append(f"operations = [{operation}]")
    return HEAD + "class Migration(migrations.Migration):\n" + "".join(f"    {line}\n" for line in body)
