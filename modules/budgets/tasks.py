"""What this module does in a worker."""

from modules.budgets.background import read_waiting
from modules.budgets.opendata.facts import count_open_files
from tasks.base import community_task

__all__ = ["count_open_files", "read_import"]


@community_task(name="modules.budgets.tasks.read_import")
def read_import(progress_id: int) -> None:
    """Read one large file that waits in this town; run twice, it reads once."""
    read_waiting(progress_id)
