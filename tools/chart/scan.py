"""Checkov over the rendered manifests: no finding that is not explained, no explanation that is not needed."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

SKIPS = Path(__file__).parent / "checkov-skips.yaml"


def faults(folder: Path, checkov: Path) -> Iterator[str]:
    """`folder` has one file for each render. One line for each finding that no skip explains, and for each idle skip."""
    command = [str(checkov), "--directory", str(folder), "--framework", "kubernetes", "--skip-download"]
    command += ["--output", "json", "--quiet", "--compact"]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env={"PATH": "/usr/bin:/bin", "HOME": str(folder.parent)}
    )
    if not done.stdout.strip().startswith(("{", "[")):
        yield f"checkov said nothing that can be read: {done.stdout[-500:]}{done.stderr[-2000:]}"
        return
    results = json.loads(done.stdout)
    reports = results if isinstance(results, list) else [results]
    yield from judge(reports, yaml.safe_load(SKIPS.read_text(encoding="utf-8")))


def judge(reports: list[dict[str, Any]], skips: list[dict[str, str]]) -> Iterator[str]:
    """What checkov found, less what is explained."""
    passed = sum(report.get("summary", {}).get("passed", 0) for report in reports)
    if passed == 0:
        yield "checkov checked nothing"
    if errors := sum(report.get("summary", {}).get("parsing_errors", 0) for report in reports):
        yield f"checkov could not read {errors} files"
    needed = set()
    for report in reports:
        for finding in report.get("results", {}).get("failed_checks", []):
            name = f"{Path(finding['file_path']).name} {finding['resource']}"
            explained = [
                number
                for number, skip in enumerate(skips)
                if skip["check"] == finding["check_id"] and re.search(skip["where"], name)
            ]
            needed.update(explained)
            if not explained:
                yield f"{finding['check_id']} {name}: {finding['check_name']}"
    for number, skip in enumerate(skips):
        if len(skip.get("reason", "")) < 20:
            yield f"{skip['check']}: no reason"
        if number not in needed:
            yield f"{skip['check']} ({skip['where']}): explained, and nothing of the kind is found"
