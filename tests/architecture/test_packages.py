"""`platform/` stays a source folder, and what is imported is what lies in this repository."""

import subprocess
import sys
import sysconfig
import tomllib
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from setuptools import find_packages

from hamaynk.contract.registry import GROUP, registry

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
OURS = ["hamaynk", "tenants", "modules", "public_sites", "tasks", "deploy", "tools", "tests"]
STANDARD = Path(sysconfig.get_path("stdlib")).resolve()


def _platform_from(folder: Path) -> Path:
    """Which `platform` an interpreter started in `folder` imports, with `folder` first on its path as under `python -m`."""
    script = "import sys; sys.path.insert(0, ''); import platform; print(platform.__file__)"
    done = subprocess.run([sys.executable, "-c", script], cwd=folder, capture_output=True, text=True, check=True)
    return Path(done.stdout.strip()).resolve()


def test_platform_is_the_standard_library_s():
    """ADR 0002: no __init__.py in platform/, in this process and in a fresh one started in the root."""
    import platform

    assert not (ROOT / "platform" / "__init__.py").exists()
    assert Path(platform.__file__).resolve().parent == STANDARD
    assert _platform_from(ROOT).parent == STANDARD


def test_an_init_file_would_shadow_it(tmp_path):
    """The control: with the file the same question gets the other answer."""
    (tmp_path / "platform").mkdir()
    (tmp_path / "platform" / "__init__.py").touch()
    assert _platform_from(tmp_path) == (tmp_path / "platform" / "__init__.py").resolve()


@pytest.mark.parametrize("name", [*OURS, "deploy.local"])
def test_our_packages_load_from_this_repository(name):
    """A copy installed elsewhere never stands in for the tree."""
    places = set(import_module(name).__path__)
    assert places
    assert all(Path(place).resolve().is_relative_to(ROOT) for place in places)


def test_pyproject_lists_the_packages_of_the_tree():
    """What is built is what is there: no folder forgotten, none without its __init__.py."""
    settings = PROJECT["tool"]["setuptools"]["packages"]["find"]
    built = {
        name for where in settings["where"] for name in find_packages(str(ROOT / where), include=settings["include"])
    }
    tree = set()
    for start in (ROOT / "platform" / "hamaynk", *(ROOT / name for name in OURS[1:5])):
        for path in start.rglob("*.py"):
            tree.add(".".join(path.parent.relative_to(start.parent).parts))
    assert tree == built


def test_every_module_of_the_tree_is_announced_and_installed():
    """Entry points, folders under modules/ and the registry tell the same."""
    announced = PROJECT["project"]["entry-points"][GROUP]
    folders = {path.parent.name for path in (ROOT / "modules").glob("*/manifest.py")} | {"public_sites"}
    assert set(announced) == folders
    assert folders <= set(registry().names())
    assert {point.name for point in entry_points(group=GROUP)} == set(registry().names())


def test_first_party_names_are_told_to_ruff():
    """A new top folder is sorted as ours everywhere, or nowhere."""
    assert set(PROJECT["tool"]["ruff"]["lint"]["isort"]["known-first-party"]) == set(OURS)
