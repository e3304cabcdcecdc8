"""An execution table as the office's templates show it."""

from __future__ import annotations

from modules.budgets import presentation, selectors

SHOWN_ROWS = 500


def shown_table(table: selectors.ExecutionTable) -> dict[str, object]:
    """A table, all levels; of a very long one the beginning."""
    rows = presentation.shown_rows(table, detail=True)
    return {
        "table": table,
        "heads": presentation.heads(table),
        "rows": rows[:SHOWN_ROWS],
        "all_rows": len(rows),
        "is_cut": len(rows) > SHOWN_ROWS,
        "source": presentation.source_text(table),
        "has_unverified": any(row.unverified for row in table.rows),
    }
