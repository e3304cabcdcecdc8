"""How long a file and a function may be: `python -m tools.sizes`. Long ones are split, not excused.

Python files 600 lines, functions 80, templates 400. Migrations are generated and count for nothing.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("platform", "tenants", "modules", "public_sites", "tasks", "deploy", "tools", "tests")
FILE_LINES, FUNCTION_LINES, TEMPLATE_LINES = 600, 80, 400
SKIPPED = {"migrations", "build", "__pycache__", "node_modules", "static"}


def faults(root: Path = ROOT) -> Iterator[str]:
    """One line for everything that is too long."""
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix not in (".py", ".html") or SKIPPED.intersection(path.relative_to(root).parts):
                continue
            yield from of_file(path, str(path.relative_to(root)))


def of_file(path: Path, name: str) -> Iterator[str]:
    """What is too long in one file."""
    source = path.read_text(encoding="utf-8")
    lines = len(source.splitlines())
    limit = FILE_LINES if path.suffix == ".py" else TEMPLATE_LINES
    if lines > limit:
        yield f"{name}: {lines} lines, the limit is {limit}"
    if path.suffix != ".py":
        return
    for node in ast.walk(ast.parse(source, filename=name)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > FUNCTION_LINES:
                yield f"{name}:{node.lineno}: {node.name} has {length} lines, the limit is {FUNCTION_LINES}"


def main() -> int:
    """Print the faults; 1 if there is one."""
    found = list(faults())
    print("\n".join(found) if found else "nothing is too long")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
