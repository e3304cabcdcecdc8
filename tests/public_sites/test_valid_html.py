"""Every kind of page of a public site is valid HTML by the Nu checker, in three languages (WCAG 2.2, robust)."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.browser.test_public_site import filled, one_of_each  # noqa: F401

ROOT = Path(__file__).resolve().parents[2]
CHECKER = ROOT / "var/tools/web/node_modules/vnu-jar/build/dist/vnu.jar"
START = {"hy": "", "en": "/en", "ru": "/ru"}
MORE = {
    "search": "/search/?q=2026",
    "nothing": "/no/such/page/",
    "letters": "/subscribe/",
    "data": "/data/",
    "sign-in": "/accounts/login/",
    "sign-up": "/accounts/signup/",
    "budget": "/budget/",
    "revenue": "/budget/revenue/?year=2015&month=9",
    "line": "/budget/line/revenue/1100/?year=2015",
    "plan": "/budget/plan/",
}


def faults(pages):
    """What the checker says of files: name -> sentences. Every file is read; errors alone count."""
    command = ["java", "-jar", str(CHECKER), "--format", "json", "--errors-only", "--stdout", "--exit-zero-always"]
    done = subprocess.run([*command, *map(str, pages)], capture_output=True, text=True, check=True)
    found = {}
    for message in json.loads(done.stdout)["messages"]:
        assert message["type"] == "error", message
        where = Path(message["url"].removeprefix("file:")).stem
        found.setdefault(where, []).append(f"{message['message']} [{message.get('extract', '')}]")
    return found


@pytest.fixture(scope="module")
def checker():
    """Java and the checker; a person's machine may lack them, CI may not."""
    if shutil.which("java") and CHECKER.exists():
        return CHECKER
    if os.environ.get("CI"):
        pytest.fail("CI must have Java and the checker: .ci/run installs them")
    pytest.skip("the Nu checker is not here: `make web-tools` brings it, and it needs Java")


def test_the_checker_finds_what_is_wrong(checker, tmp_path):
    """Positive control."""
    page = tmp_path / "wrong.html"
    page.write_text("<!doctype html><html lang=en><title>x</title><p>a<div>b</p></div>")
    assert list(faults([page])) == ["wrong"]


def test_every_kind_of_page(checker, filled, visitor, tmp_path):  # noqa: F811
    """Page types with something on them, errors, forms and the budget."""
    from modules.budgets.demo import seed
    from tenants.context import in_town

    with in_town(filled.first):
        seed(filled.first)
    client = visitor(filled.first)
    files = []
    for code, start in START.items():
        pages = one_of_each(filled.first, code) | {name: start + path for name, path in MORE.items()}
        for name, path in pages.items():
            answer = client.get(path)
            assert answer.status_code in (200, 404), path
            text = answer.content.decode()
            assert f'<html lang="{code}"' in text, path
            files.append(tmp_path / f"{code}-{name}.html")
            files[-1].write_text(text)
    assert len(files) > 3 * 30
    found = faults(files)
    assert found == {}, json.dumps(found, ensure_ascii=False, indent=1)
