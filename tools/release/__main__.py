"""`python -m tools.release` (make release-check): build, list and look through what would be given away.

Two environments are made under var/tools from lock files with hashes: `release` holds the tools, `release-run` exactly
what requirements/run.txt says. What is proved lies in var/release afterwards.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tools.release import licences, locks, sbom, wheel

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "var" / "release"
TOOLS, RUN = ROOT / "var" / "tools" / "release", ROOT / "var" / "tools" / "release-run"
# In every new environment, whatever the lock says.
FURNITURE = frozenset({"pip", "setuptools"})
SMOKE = """
import importlib.metadata, pathlib, sys
import hamaynk.config.processes, hamaynk.contract.registry, tenants, public_sites, tasks, modules.budgets.manifest
here = pathlib.Path(hamaynk.__path__[0]).resolve()
assert "site-packages" in here.parts, here
names = {found.name for found in importlib.metadata.entry_points(group="hamaynk.modules")}
assert {"budgets", "public_sites"} <= names, names
"""


class Fault(Exception):
    """A question was answered badly; the text says how."""


def environment(folder: Path, lock: Path) -> Path:
    """An environment with exactly what a lock file says; its Python. Made again when the lock has changed."""
    python, stamp = folder / "bin" / "python", folder / ".lock"
    if not (stamp.exists() and stamp.read_text() == wheel.digest(lock)):
        shutil.rmtree(folder, ignore_errors=True)
        _run(sys.executable, "-m", "venv", str(folder))
        pip = [str(python), "-m", "pip", "--disable-pip-version-check", "--no-input", "-q", "install"]
        _run(*pip, "--require-hashes", "--no-deps", "-r", str(lock))
        stamp.write_text(wheel.digest(lock))
    return python


def _run(*words: str, cwd: Path = ROOT, **more: str) -> str:
    done = subprocess.run(words, cwd=cwd, env={**os.environ, **more}, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Fault((done.stdout + done.stderr).strip() or f"{words[0]} ended with {done.returncode}")
    return done.stdout.strip()


def _refuse(found: list[str]) -> None:
    if found:
        raise Fault("\n".join(found))


def check_locks() -> str:
    """Every requirement pinned, hashed, from no named place; lock files agree."""
    _refuse(locks.all_faults())
    return f"{len(locks.LOCKS)} lock files"


def check_secrets() -> str:
    """Tree and history."""
    return _run(str(TOOLS / "bin" / "python"), "-m", "tools.release.secret_scan", PYTHONPATH=str(ROOT))


def check_wheel() -> str:
    """Built twice, in two folders, with another time zone, another seed and another mask: the same bytes."""
    python = environment(TOOLS, ROOT / "tools/release/requirements.txt")
    if _run("git", "status", "--porcelain"):
        print("            note: what is not committed is not in the wheel")
    commit, made = wheel.present_commit(), []
    time_of = wheel.commit_time(commit)
    with tempfile.TemporaryDirectory(prefix="hamaynk-release-") as place:
        for name, mask, around in (
            ("one", 0o022, {"TZ": "UTC", "PYTHONHASHSEED": "1", "LC_ALL": "C.UTF-8"}),
            ("quite/another", 0o077, {"TZ": "Asia/Yerevan", "PYTHONHASHSEED": "2", "LC_ALL": "C"}),
        ):
            source, out = Path(place) / name / "source", Path(place) / name / "out"
            before = os.umask(mask)
            try:
                source.mkdir(parents=True)
                wheel.export(commit, source)
                made.append((wheel.build(source, python, Path(sys.executable), out, time=time_of, **around), source))
            finally:
                os.umask(before)
        (first, source), (second, _) = made
        if wheel.digest(first) != wheel.digest(second):
            different = list(wheel.differences(first, second))
            raise Fault(f"{len(different)} differences from build to build:\n" + "\n".join(different[:20]))
        _refuse(list(wheel.faults(first, source)))
        for old in OUT.glob("*.whl"):
            old.unlink()
        kept = Path(shutil.copy(first, OUT))
    (OUT / "SHA256SUMS").write_text(f"{wheel.digest(kept)}  {kept.name}\n")
    return f"{kept.name} {wheel.digest(kept)[:16]}..."


def check_sbom() -> str:
    """The bill of materials agrees with the lock and keeps to its schema."""
    python, bill = environment(RUN, ROOT / "requirements/run.txt"), OUT / "sbom.cdx.json"
    sbom.make(TOOLS / "bin" / "cyclonedx-py", python, bill)
    _run(str(TOOLS / "bin" / "python"), "-m", "tools.release.sbom", str(bill), PYTHONPATH=str(ROOT))
    text = json.loads(bill.read_text())
    _refuse(list(sbom.faults(text, (ROOT / "requirements/run.txt").read_text(), extra=FURNITURE)))
    return f"{len(text['components'])} components, CycloneDX {sbom.SPEC}"


def check_licences() -> str:
    """All that we run with may be given away with us."""
    (folder,) = RUN.glob("lib/python*/site-packages")
    wanted = set(locks.pins((ROOT / "requirements/run.txt").read_text()))
    packages = [entry for entry in licences.installed(str(folder)) if locks.normal(entry[0]) in wanted]
    lines = list(licences.judge(packages, licences.Rules.read()))
    (OUT / "licences.md").write_text(licences.report(lines))
    (OUT / "licences.json").write_text(json.dumps([vars(line) for line in lines], indent=1) + "\n")
    _refuse([f"{line.package} {line.version}: {line.licence or '-'}: {line.fault}" for line in lines if line.fault])
    return f"{len(lines)} packages"


def check_installed() -> str:
    """The wheel works where there is no source: modules are found, the command answers, templates and words are there."""
    built = next(OUT.glob("*.whl"), None)
    if built is None:
        raise Fault("there is no wheel in var/release: the check `wheel` makes it")
    (folder,) = RUN.glob("lib/python*/site-packages")
    with tempfile.TemporaryDirectory(prefix="hamaynk-smoke-") as place:
        site = Path(place) / "site-packages"
        pip = [
            str(TOOLS / "bin" / "python"),
            "-m",
            "pip",
            "install",
            "-q",
            "--no-deps",
            "--no-index",
            "--target",
            str(site),
        ]
        _run(*pip, str(built))
        around = {
            "PYTHONPATH": f"{site}{os.pathsep}{folder}",
            "DJANGO_SETTINGS_MODULE": "hamaynk.config.settings.test",
            "HAMAYNK_VAR": place,
        }
        _run(str(RUN / "bin" / "python"), "-c", SMOKE, cwd=Path(place), **around)
        _run(
            str(RUN / "bin" / "python"), "-m", "hamaynk.config.processes", "manage", "check", cwd=Path(place), **around
        )
    return "installed without source"


CHECKS: dict[str, Callable[[], str]] = {
    "locks": check_locks,
    "wheel": check_wheel,
    "sbom": check_sbom,
    "licences": check_licences,
    "installed": check_installed,
    "secrets": check_secrets,
}


def main() -> int:
    """All of them, or those named; 1 if one failed."""
    OUT.mkdir(parents=True, exist_ok=True)
    failed = 0
    for name in sys.argv[1:] or CHECKS:
        begun = time.monotonic()
        try:
            verdict, said = "ok", CHECKS[name]()
        except (Fault, wheel.BuildFault, RuntimeError) as fault:
            verdict, said, failed = "failed", f"\n{fault}", failed + 1
        print(f"{name:<11} {verdict:<7} {time.monotonic() - begun:5.1f} s  {said}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
