"""The page of settings, from their declaration: `python -m tools.settings_page` writes it, `check` says if it is stale."""

import sys
from itertools import groupby
from pathlib import Path

from hamaynk.config.variables import ALL, LIST, Variable

PAGE = Path(__file__).resolve().parents[1] / "docs" / "operate" / "settings.md"
HEAD = """# Settings

<!-- Written by `python -m tools.settings_page` from platform/hamaynk/config/variables.py; change it there. -->

Every setting is a variable of the environment. Instead of `NAME`, `NAME_FILE` may name a file that holds the value: so
secrets are given (marked *secret* below). Both at once are refused, and so is a file that cannot be read. An empty variable
counts as not given.

A process does not start while something is missing, malformed or a demo's; it says all of it at once, a sentence each:

```
Hamaynk does not start:
- WEB_WORKERS must be a whole number, not 'two'.
- SECRET_KEY is shorter than 32 characters.
```

*Needed* means that production does not start without it. "Who" are the processes that read it; where it says "all", give the
same value to each. `manage.py check --deploy` says nothing where these settings are as they should be.
"""


def page() -> str:
    """The whole text."""
    parts = [HEAD]
    for title, variables in groupby(LIST, key=lambda variable: variable.group):
        rows = "\n".join(_row(variable) for variable in variables)
        parts.append(f"## {title}\n\n| Variable | Kind | Default | Who | Meaning |\n|---|---|---|---|---|\n{rows}\n")
    return "\n".join(parts)


def _row(variable: Variable) -> str:
    kind = " or ".join(f"`{choice}`" for choice in variable.choices) or str(variable.kind)
    if variable.kind == "whole number" and (variable.least > 1 or variable.most):
        kind += f", {variable.least} to {variable.most}" if variable.most else f", {variable.least} or more"
    marks = [*(["needed"] if variable.needed else []), *(["secret"] if variable.secret else [])]
    meaning = variable.meaning + (f" (*{', '.join(marks)}*)" if marks else "")
    who = "all" if variable.processes == ALL else ", ".join(variable.processes)
    return f"| `{variable.name}` | {kind} | {_default(variable)} | {who} | {meaning} |"


def _default(variable: Variable) -> str:
    if variable.needed:
        return "none"
    if variable.shown:
        return variable.shown
    return f"`{variable.default}`" if variable.default else "empty"


def main(arguments: list[str]) -> int:
    """Write the page, or with `check` compare it: 1 if it is stale."""
    if arguments != ["check"]:
        PAGE.parent.mkdir(parents=True, exist_ok=True)
        PAGE.write_text(page(), encoding="utf-8")
        return 0
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == page():
        print("the page of settings is as the declaration has it")
        return 0
    print(f"{PAGE.name} is stale: run `python -m tools.settings_page`")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
