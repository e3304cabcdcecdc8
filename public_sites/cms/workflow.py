"""What an editor hands in, a publisher checks (R23): the approval that a new town begins with, and its letters."""

import logging
from collections.abc import Callable
from smtplib import SMTPException
from typing import Any

from django.contrib.auth.models import Group
from django.utils.translation import gettext, override
from wagtail.admin import signal_handlers
from wagtail.models import GroupApprovalTask, Page, Workflow, WorkflowPage, WorkflowTask

log = logging.getLogger(__name__)
LETTERS = (
    "task_submission_email_notifier",
    "workflow_submission_email_notifier",
    "workflow_approval_email_notifier",
    "workflow_rejection_email_notifier",
)


def set_up_workflow(root: Page) -> None:
    """Everything below `root` is checked by a publisher, where nothing else was decided. Idempotent."""
    if Workflow.objects.exists():
        return
    with override("hy"):  # names are kept in the town's own language
        step = GroupApprovalTask.objects.create(name=gettext("Check by a publisher"))
        whole = Workflow.objects.create(name=gettext("Approval"))
    step.groups.set(Group.objects.filter(name="publishers"))
    WorkflowTask.objects.create(workflow=whole, task=step, sort_order=0)
    WorkflowPage.objects.create(workflow=whole, page=root)


class CalmLetter:
    """A letter on an approval. Where no mail server answers, the work goes on: the page waits in the office all the same."""

    def __init__(self, letter: Callable[..., Any]) -> None:
        self.letter = letter

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return self.letter(*args, **kwargs)
        except (OSError, SMTPException) as fault:
            log.error("a letter on an approval could not be sent: %s", type(fault).__name__)
            return False


def calm_letters() -> None:
    """Before the content management system connects its letters, which would stop an editor's work."""
    for name in LETTERS:
        letter = getattr(signal_handlers, name)
        if not isinstance(letter, CalmLetter):
            setattr(signal_handlers, name, CalmLetter(letter))
