"""Use cases that write, one function each; nobody else writes. A file for each part of a budget's life.

An actor of None is the system itself (demo data, commands); a person needs the permission named by each action.
"""

from modules.budgets.actions.classification import (
    load_classification,
    verify_branch,
    verify_line,
    withdraw_verification,
)
from modules.budgets.actions.execution import correct_entry, post_entry
from modules.budgets.actions.imports import confirm_import, preview_import, reject_import
from modules.budgets.actions.lines import answer_question, ask, decline_question, explain_line
from modules.budgets.actions.plans import (
    PlanItem,
    approve_version,
    describe_version,
    draft_of,
    replace_amounts,
    return_version,
    set_amounts,
    submit_version,
)
from modules.budgets.actions.publication import publish_month, return_month, submit_month
from modules.budgets.actions.years import change_state, open_year, set_second_person, start_hearing
from modules.budgets.errors import BudgetError, ChangedMeanwhile

__all__ = [
    "BudgetError", "ChangedMeanwhile", "PlanItem", "answer_question", "approve_version", "ask", "change_state", "confirm_import",
    "correct_entry", "decline_question", "describe_version", "draft_of", "explain_line", "load_classification",
    "open_year", "post_entry", "preview_import", "publish_month", "reject_import", "replace_amounts",
    "return_month", "return_version", "set_amounts", "set_second_person", "start_hearing",
    "submit_month", "submit_version", "verify_branch", "verify_line", "withdraw_verification",
]  # fmt: skip
