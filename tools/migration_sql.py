"""What a RunSQL may say. A list of what is known to be harmless: what is not on it has to be answered for.

Tokens come from sqlparse, which Django itself needs; a full parser would be a dependency for what modules may not write
at all (CONTRIBUTING.md) and the rest of us hardly ever.
"""

import re
from collections.abc import Iterator

import sqlparse
from sqlparse import tokens

NEVER = (
    (r"\bTRIGGER\b", "town", "a trigger: it does not run on every kind of database we promise (docs/operate/citus.md)"),
    (
        r"\b(FUNCTION|PROCEDURE|RULE|DOMAIN)\b",
        "town",
        "code or types in a town's schema: new towns are made of tables alone",
    ),
    (r"\bVIEW\b", "town", "a view: new towns are made of tables alone"),
    (
        r"\b(EXTENSION|SCHEMA|ROLE|USER|GRANT|REVOKE|DATABASE)\b",
        "town",
        "what belongs to the platform, not to a migration",
    ),
    (r'(?<![\w"])"?(public|shared|console|oversight|town_template)"?\s*\.', "town", "a name of another schema"),
    (r"\bRENAME\b", "rename", "a new name: either the old code or the new one looks in vain"),
)
BOTH = (
    r"CREATE TABLE\b.*",
    r"CREATE (UNIQUE )?INDEX CONCURRENTLY IF NOT EXISTS\b.*",
    r"ALTER TABLE (ONLY )?\S+ ADD COLUMN (IF NOT EXISTS )?(?!.*\b(NOT NULL|UNIQUE|PRIMARY KEY|REFERENCES|GENERATED)\b).*",
    r"ALTER TABLE (ONLY )?\S+ ADD COLUMN (IF NOT EXISTS )?(?=.*\bDEFAULT\b)(?!.*\b(UNIQUE|PRIMARY KEY|REFERENCES)\b).*",
    r"ALTER TABLE (ONLY )?\S+ ALTER (COLUMN )?\S+ (SET DEFAULT\b.*|DROP NOT NULL)",
    r"ALTER TABLE (ONLY )?\S+ VALIDATE CONSTRAINT \S+",
    r"COMMENT ON\b.*",
)
NARROWING = (
    r"DROP TABLE\b.*",
    r"DROP INDEX\b.*",
    r"ALTER TABLE (ONLY )?\S+ DROP (COLUMN|CONSTRAINT)\b.*",
    r"ALTER TABLE (ONLY )?\S+ ALTER (COLUMN )?\S+ DROP DEFAULT",
    r"ALTER TABLE (ONLY )?\S+ ADD CONSTRAINT\b.*\bNOT VALID",
)


def plain(text: str) -> Iterator[str]:
    """The statements of a text, without comments and without what stands between quotation marks, in one line each."""
    for statement in sqlparse.parse(text):
        words = []
        for token in statement.flatten():
            if token.ttype in tokens.Comment or token.ttype in tokens.Comment.Single:
                continue
            is_text = token.ttype in tokens.Literal.String.Single or str(token.value).startswith("$")
            words.append("''" if is_text else str(token.value))
        line = re.sub(r"\s+", " ", "".join(words)).strip().rstrip(";").strip()
        if line:
            yield line


def faults(text: str, *, contracts: bool) -> Iterator[tuple[str, str]]:
    """(rule, what is wrong) for each statement that is not known to be harmless in this phase."""
    for line in plain(text):
        shown = line if len(line) <= 90 else f"{line[:87]}..."
        never = [(rule, why) for pattern, rule, why in NEVER if re.search(pattern, line, re.IGNORECASE)]
        if never:
            yield never[0][0], f"{never[0][1]} ({shown})"
        elif any(re.fullmatch(pattern, line, re.IGNORECASE) for pattern in BOTH):
            continue
        elif any(re.fullmatch(pattern, line, re.IGNORECASE) for pattern in NARROWING):
            if not contracts:
                yield "drop", f"old code still rests on it ({shown})"
        elif re.match(r"(INSERT|UPDATE|DELETE|WITH|MERGE)\b", line, re.IGNORECASE):
            yield "data", f"rows are changed by RunPython, where it can be told how to go on ({shown})"
        elif re.match(r"CREATE (UNIQUE )?INDEX\b", line, re.IGNORECASE):
            yield "index", f"nobody can write while it is built; use AddIndexOnline ({shown})"
        else:
            yield "sql", f"not known to be harmless while code serves ({shown})"
