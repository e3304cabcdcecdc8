"""`manage.py budgets import`: the import of the office's page, from a shell."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from modules.budgets.models import BatchState, ExecutionEntry, ImportBatch, PlanAmount, PublishedFigure
from tenants.context import in_town
from tests.modules.budgets.files import MERGED, OFFICIAL, xlsx


def run(*arguments: object, **options: Any) -> str:
    """What `manage.py budgets import` says."""
    out = io.StringIO()
    call_command(
        "budgets", "import", "--town", "dilijan", "--year", "2015", *map(str, arguments), stdout=out, **options
    )
    return out.getvalue()


def test_the_command_checks_and_writes_when_told_to(towns: Any, tmp_path: Path) -> None:
    """Without --confirm nothing is written at all; with it twice, once."""
    file = tmp_path / "report.xlsx"
    file.write_bytes(xlsx(OFFICIAL, MERGED))
    assert "nothing was written" in run(file, "--month", 9, "--kind", "execution")
    with in_town("dilijan"):
        assert ImportBatch.objects.count() == 0
    for _ in range(2):
        assert "taken over" in run(file, "--month", 9, "--kind", "execution", "--confirm")
    with in_town("dilijan"):
        assert ImportBatch.objects.get().state == BatchState.CONFIRMED
        assert (ExecutionEntry.objects.count() > 0, PublishedFigure.objects.count()) == (True, 0)
    with in_town("sevan"):
        assert ImportBatch.objects.count() == 0


def test_the_command_lists_every_problem_and_fails(towns: Any, tmp_path: Path) -> None:
    spoilt = [list(row) for row in OFFICIAL]
    spoilt[6][6] = "?"
    spoilt[8][0] = 9999
    file = tmp_path / "report.xlsx"
    file.write_bytes(xlsx(spoilt, MERGED))
    out = io.StringIO()
    with pytest.raises(CommandError, match=r"3 errors; nothing was written") as caught:
        call_command("budgets", "import", "--town", "dilijan", "--year", "2015", "--month", "9", "--kind", "execution",
                     "--confirm", str(file), stdout=out)  # fmt: skip
    assert caught.value.returncode == 1
    assert "       G7  error" in out.getvalue()
    assert "       A9  error" in out.getvalue()
    with in_town("dilijan"):
        assert ImportBatch.objects.count() == 0


def test_the_command_takes_a_plan_into_the_draft(towns: Any, tmp_path: Path) -> None:
    """Issue 3, point 3: `--kind plan` checks, and with --confirm writes into the draft of the plan."""
    file = tmp_path / "plan.xlsx"
    file.write_bytes(xlsx([["Տողի NN", "Տարեկան պլան"], [1000, 10], [1110, 10]]))
    assert "sound" in run(file, "--kind", "plan")
    with in_town("dilijan"):
        assert PlanAmount.objects.count() == 0
    assert "taken over" in run(file, "--kind", "plan", "--confirm")
    with in_town("dilijan"):
        assert sum(PlanAmount.objects.values_list("amount", flat=True)) == 10_000
    with pytest.raises(CommandError, match="--month"):
        run(file, "--kind", "execution")
    with pytest.raises(CommandError, match="month must be"):
        run(file, "--kind", "execution", "--month", 13)
    with pytest.raises(CommandError, match="no town"):
        call_command("budgets", "import", "--town", "nowhere", "--year", "2015", "--kind", "plan", str(file))
    with pytest.raises(CommandError, match="cannot be read"):
        run(tmp_path / "none.xlsx", "--kind", "plan")
