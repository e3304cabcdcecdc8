"""Do the settings take what the chart gives? Run in our own environment, by `make chart`: `python -m tools.chart.starts`.

Reads a JSON list of {where, process, env} and prints a line for each process that production would not let start.
"""

import importlib
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = "hamaynk.config.settings.production"
# What stands in the Secrets, as far as its form matters.
SECRETS = {
    "SECRET_KEY": "a" * 40,
    "TOWN_ROLE_SECRET": "b" * 40,
    "REDIS_URL": "redis://:password@queue:6379/0",
    "DATABASE_URL": "postgresql://hamaynk_owner:password@database:5432/hamaynk",
    "EMAIL_HOST_PASSWORD": "password",
}


def fault(process: str, env: dict[str, str], folder: Path) -> str:
    """Why a process with these variables would not start; empty if it would."""
    from hamaynk.config.env import EnvironmentFault
    from hamaynk.config.processes import PROCESSES, command

    given = dict(env)
    for name in [name for name in env if name.endswith("_FILE")]:
        file = folder / name
        file.write_text(SECRETS[name.removesuffix("_FILE")], encoding="utf-8")
        given[name] = str(file)
    os.environ.clear()
    os.environ.update(given, HAMAYNK_PROCESS=process if process in PROCESSES else "command")
    for name in [name for name in sys.modules if name.startswith("hamaynk.config.settings")]:
        del sys.modules[name]  # settings are read when they are imported
    try:
        importlib.import_module(PRODUCTION)
        if process in PROCESSES:
            command(process)
    except EnvironmentFault as found:
        return str(found)
    return ""


def controls(cases: list[dict[str, Any]], folder: Path) -> Iterator[str]:
    """What must be refused is; else nothing was looked at."""
    web = next(case["env"] for case in cases if case["process"] == "web")
    if not fault("web", {key: value for key, value in web.items() if key != "BASE_DOMAIN"}, folder):
        yield "a web without BASE_DOMAIN would start"
    if not fault("web", {**web, "DATABASE_URL": "postgres://owner:password@database/hamaynk"}, folder):
        yield "a web with the owner's credentials would start"
    if not fault("web", {**web, "WEB_WORKERS": "many"}, folder):
        yield "a web with a number that is none would start"


def main() -> None:
    """From standard input to standard output."""
    sys.path[:0] = [str(ROOT), str(ROOT / "platform")]
    cases = json.load(sys.stdin)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lines = list(controls(cases, folder))
        for case in cases:
            if found := fault(case["process"], case["env"], folder):
                lines.append(f"{case['where']}: {' '.join(found.split())}")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
