"""The bill of materials (CycloneDX, JSON): everything that the lock installs, checked against schema and lock.

Run by the release environment's Python: `python -m tools.release.sbom FILE` checks the file against its schema.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tools.release.locks import normal, pins

ROOT = Path(__file__).resolve().parents[2]
SPEC = "1.6"


def make(tool: Path, environment: Path, out: Path, *, root: Path = ROOT) -> None:
    """Of an environment that holds what requirements/run.txt says. The same each time: no serial number, no time."""
    words = [str(tool), "environment", "--pyproject", str(root / "pyproject.toml"), "--spec-version", SPEC]
    words += ["--output-format", "JSON", "--output-reproducible", "--mc-type", "application", "--output-file", str(out)]
    done = subprocess.run([*words, str(environment)], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"cyclonedx-py: {done.stdout}{done.stderr}")


def faults(bill: dict[str, Any], lock: str, *, extra: frozenset[str] = frozenset()) -> Iterator[str]:
    """Where bill and lock disagree. `extra`: what every environment holds."""
    listed = {normal(part["name"]): part["version"] for part in bill.get("components", [])}
    wanted = pins(lock)
    for name in sorted(set(listed) - set(wanted) - extra):
        yield f"{name} is in the bill and not in the lock"
    for name, version in sorted(listed.items()):
        if name in wanted and version not in wanted[name]:
            yield f"{name} is {version} in the bill and {', '.join(sorted(wanted[name]))} in the lock"
    for part in bill.get("components", []):
        if not part.get("purl", "").startswith("pkg:pypi/"):
            yield f"{part['name']} has no package address"
    if not listed:
        yield "the bill is empty"


def schema_fault(text: str) -> str:
    """What the schema of CycloneDX says against a text, "" if nothing. Needs the release environment."""
    from cyclonedx.schema import SchemaVersion  # type: ignore[import-not-found]
    from cyclonedx.validation.json import JsonStrictValidator  # type: ignore[import-not-found]

    error = JsonStrictValidator(SchemaVersion.from_version(SPEC)).validate_str(text)
    return "" if error is None else str(error)


def main() -> int:
    """1 if the schema refuses the file, or does not refuse a broken one."""
    text = Path(sys.argv[1]).read_text(encoding="utf-8")
    if fault := schema_fault(text):
        print(fault)
        return 1
    if not schema_fault(json.dumps({**json.loads(text), "components": [{"name": 7}]})):
        print("the schema accepts anything: this check proves nothing")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
