"""Every check that needs no running server: `python -m tools.lint`. All of them run; 1 if one failed."""

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PYTHON = sys.executable
SCRIPTS = Path(PYTHON).parent
CHECKS: dict[str, list[str]] = {
    "style": [PYTHON, "-m", "ruff", "check", "."],
    "format": [PYTHON, "-m", "ruff", "format", "--check", "."],
    "types": [PYTHON, "-m", "mypy"],
    "layers": [str(SCRIPTS / "lint-imports")],
    "migrations": [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"],
    "expand": [PYTHON, "-m", "tools.migration_rules"],
    "django": [PYTHON, "manage.py", "check"],
    "messages": [PYTHON, "-m", "tools.messages", "check"],
    "sizes": [PYTHON, "-m", "tools.sizes"],
    "settings": [PYTHON, "-m", "tools.settings_page", "check"],
    "dashboards": [PYTHON, "-m", "tools.dashboards", "check"],
}


def environment() -> dict[str, str]:
    """Test settings, our folders on the path, and no server that anybody might have named."""
    here = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "REDIS_URL")}
    return here | {
        "DJANGO_SETTINGS_MODULE": "hamaynk.config.settings.test",
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "platform")]),
        # makemigrations would say at length that it cannot ask the database, which none of these checks needs
        "PYTHONWARNINGS": "ignore:Got an error checking a consistent migration history:RuntimeWarning",
    }


def main() -> int:
    """Run them in order, each with one line, and the output of those that failed."""
    failed = 0
    for name, command in CHECKS.items():
        begun = time.monotonic()
        done = subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, text=True, check=False)
        verdict = "ok" if done.returncode == 0 else "failed"
        print(f"{name:<11} {verdict:<7} {time.monotonic() - begun:5.1f} s", flush=True)
        if done.returncode:
            failed += 1
            print((done.stdout + done.stderr).strip(), flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
