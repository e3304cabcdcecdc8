"""No float anywhere near money (issue 3, rules): in the source, and in what the source divides."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
FOLDERS = ("modules/budgets", "platform/hamaynk/common", "platform/hamaynk/statistics", "platform/hamaynk/ui/charts")
# Spreadsheets hold binary numbers: these take them in and give Decimals on, by the shortest text that means the same.
READERS = {"opendocument.py", "workbooks.py", "sheets.py"}


def floats(source: str) -> list[int]:
    """Lines with a float literal, or with the name of the type."""
    nodes = ast.walk(ast.parse(source))
    return [
        node.lineno
        for node in nodes
        if (isinstance(node, ast.Constant) and isinstance(node.value, float))
        or (isinstance(node, ast.Name) and node.id == "float")
    ]


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_float_in_the_source(folder: str) -> None:
    files = [path for path in (ROOT / folder).rglob("*.py") if path.name not in READERS]
    assert len(files) > 3
    assert {path.name: lines for path in files if (lines := floats(path.read_text(encoding="utf-8")))} == {}


def test_a_float_would_be_found() -> None:
    """The control."""
    assert floats("rate = 0.1") == [1]
    assert floats("share = float(amount)") == [1]
    assert floats('rate = Decimal("0.1")') == []
