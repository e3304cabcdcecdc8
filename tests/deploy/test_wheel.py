"""The wheel that the image installs: whole, and nothing besides."""

import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from configparser import ConfigParser
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = {"hamaynk": ROOT / "platform/hamaynk"} | {
    n: ROOT / n for n in ("tenants", "modules", "public_sites", "tasks")
}
LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.pyc", "*.egg-info")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy of the tree, so that nothing an earlier build left beside it gets in."""
    place = tmp_path_factory.mktemp("wheel")
    copy = place / "source"
    for folder in SOURCES.values():
        shutil.copytree(folder, copy / folder.relative_to(ROOT), ignore=LEFT_OUT)
    for name in ("tests", "tools", "deploy"):  # there as in a checkout, and not to be taken
        shutil.copytree(ROOT / name, copy / name, ignore=LEFT_OUT)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, copy)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*command, "-w", str(place), str(copy)], check=True, stderr=subprocess.DEVNULL)
    (built,) = place.glob("*.whl")
    return built


def source_files() -> set[str]:
    """Every file of the packages, as a path in the wheel."""
    return {
        str(Path(name) / path.relative_to(folder))
        for name, folder in SOURCES.items()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_the_wheel_holds_every_file_of_the_packages(wheel: Path) -> None:
    """Code, templates, static files, compiled catalogues, packs, demo figures: what a folder has, an installation has."""
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert held == source_files()


def test_each_kind_of_file_is_there_at_all() -> None:
    """The control of the comparison above: it compares something of each kind that an installation cannot do without."""
    found = source_files()
    for part in (
        "/templates/",
        "/static/",
        "/locale/hy/",
        ".mo",
        "/packs/am/",
        "/demo/",
        ".csv",
        ".json",
        ".svg",
        ".css",
    ):
        assert any(part in name for name in found), part


def test_entry_points_are_those_of_pyproject(wheel: Path) -> None:
    """The command, and the modules by which an installation finds its pages."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    written = ConfigParser()
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith("entry_points.txt")]
        written.read_string(archive.read(name).decode())
    assert dict(written["console_scripts"]) == project["scripts"]
    assert dict(written["hamaynk.modules"]) == project["entry-points"]["hamaynk.modules"]


def test_what_is_installed_runs_without_the_source(wheel: Path, tmp_path: Path) -> None:
    """From a folder of its own: the checks pass, and no file comes from the tree."""
    home = tmp_path / "site"
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", str(home)]
    subprocess.run([*command, str(wheel)], check=True, stderr=subprocess.DEVNULL)
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(home),
        "DJANGO_SETTINGS_MODULE": "hamaynk.config.settings.production",
        "SECRET_KEY": "a" * 40,
        "TOWN_ROLE_SECRET": "b" * 40,
        "DATABASE_URL": "postgres://127.0.0.1:9/hamaynk",
        "REDIS_URL": "redis://127.0.0.1:9/0",
        "BASE_DOMAIN": "hamaynk.example",
        "HAMAYNK_VAR": str(tmp_path / "var"),
        "STATIC_ROOT": str(tmp_path / "static"),
    }
    for words in (["check"], ["collectstatic", "--noinput", "--verbosity", "0"]):
        done = subprocess.run(
            [str(home / "bin/hamaynk"), "manage", *words],
            env=environment, cwd=tmp_path, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
    assert list((tmp_path / "static/ui").rglob("*.css"))
    script = "import hamaynk, tenants, modules, public_sites, tasks as t; print(hamaynk.__file__, t.__file__)"
    shown = subprocess.run(
        [sys.executable, "-c", script], env=environment, cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert all(Path(place).is_relative_to(home) for place in shown.stdout.split())
