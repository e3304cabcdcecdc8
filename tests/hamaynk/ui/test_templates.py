"""What the strict content policy and the error pages ask of every template (R50 three languages alike)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.utils import translation

ROOT = Path(__file__).resolve().parents[3]
SKIPPED = {".venv", ".git", "node_modules", "var"}
TEMPLATES = sorted(
    path for path in ROOT.rglob("templates/**/*.html") if not SKIPPED.intersection(path.relative_to(ROOT).parts)
)
STYLES = sorted((ROOT / "platform/hamaynk/ui/static/ui").glob("*.css"))
ERROR_PAGES = ["400.html", "403.html", "404.html", "500.html", "503.html", "unknown_host.html"]
FORBIDDEN = re.compile(
    r"""<style|\sstyle\s*=|\son[a-z]+\s*=\s*["']|javascript:|"""
    r"""<script(?![^>]*\bsrc=)(?! type="application/ld\+json">)|(?:src|href)="(?:https?:)?//"""
)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_template_needs_an_exception_from_the_content_policy(path: Path) -> None:
    """R48: no inline script or style, nothing from a foreign host."""
    assert not FORBIDDEN.findall(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_no_style_sheet_fetches_anything_or_changes_the_case(path: Path) -> None:
    """R50: upper-casing breaks the Armenian ligature; faces are the system's own."""
    css = path.read_text(encoding="utf-8")
    assert "text-transform" not in css
    assert "@import" not in css
    assert "url(" not in css


@pytest.mark.parametrize("page", ERROR_PAGES)
@pytest.mark.parametrize("language", ["hy", "en", "ru"])
def test_error_pages_need_no_context(page: str, language: str) -> None:
    """R48, R50: they render from nothing, in the active language, with one heading."""
    with translation.override(language):
        html = render_to_string(page, {})
    assert f'<html lang="{language}">' in html
    assert html.count("<h1>") == 1
    assert "/static/ui/tokens.css" in html
