"""What this module does in a worker."""

from modules.budgets.background import read_waiting
from tasks.base import community_task


@community_task(name="modules.budgets.tasks.read_import")
def read_import(progress_id: int) -> None:
    """Read one large file that waits in this town; run twice, it reads once."""
    read_waiting(progress_id)
