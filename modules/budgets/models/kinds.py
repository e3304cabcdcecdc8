"""Choices that the models share."""

from django.db import models
from django.utils.translation import gettext_lazy as text


class Side(models.TextChoices):
    """Side of the budget. Financing is what fills the deficit, section 5 of the official form."""

    REVENUE = "revenue", text("Revenue")
    EXPENDITURE = "expenditure", text("Expenditure")
    FINANCING = "financing", text("Financing of the deficit")


class ClassificationKind(models.TextChoices):
    """What a classification divides. The values are the names of the files of a country pack."""

    REVENUE = "revenue", text("Revenue")
    FUNCTIONAL = "functional", text("Expenditure by function")
    ECONOMIC = "economic", text("Expenditure by economic item")
    FINANCING = "financing", text("Financing of the deficit")


KIND_OF_SIDE = {
    Side.REVENUE: ClassificationKind.REVENUE,
    Side.EXPENDITURE: ClassificationKind.FUNCTIONAL,
    Side.FINANCING: ClassificationKind.FINANCING,
}  # which classification the code of a fact is of


class Part(models.TextChoices):
    """Part of the budget a figure belongs to; undivided: the source states the total only (R57)."""

    UNDIVIDED = "undivided", text("Whole budget")
    ADMINISTRATIVE = "administrative", text("Administrative part")
    FUND = "fund", text("Fund part")


class YearState(models.TextChoices):
    """Life of a budget year."""

    DRAFT = "draft", text("Draft")
    HEARING = "hearing", text("Public hearing")
    ADOPTED = "adopted", text("Adopted")
    EXECUTING = "executing", text("Being executed")
    CLOSED = "closed", text("Closed")


class VersionState(models.TextChoices):
    """Life of a plan version."""

    DRAFT = "draft", text("Draft")
    SUBMITTED = "submitted", text("Waiting for approval")
    IN_FORCE = "in_force", text("In force")
    WITHDRAWN = "withdrawn", text("Withdrawn")


class Purpose(models.TextChoices):
    """What an imported file states."""

    EXECUTION = "execution", text("Execution")
    PLAN = "plan", text("Plan")


class BatchState(models.TextChoices):
    """Life of an imported file."""

    PREVIEWED = "previewed", text("Checked, not yet confirmed")
    CONFIRMED = "confirmed", text("Draft")
    PUBLISHED = "published", text("Published")
    SUPERSEDED = "superseded", text("Replaced")
    REJECTED = "rejected", text("Discarded")


class ReadingState(models.TextChoices):
    """Life of a file that is read in the background."""

    WAITING = "waiting", text("Waiting to be read")
    READING = "reading", text("Being read")
    DONE = "done", text("Read")
    FAILED = "failed", text("Could not be read")


class SubmissionState(models.TextChoices):
    """Life of a month handed in for approval."""

    WAITING = "waiting", text("Waiting for approval")
    APPROVED = "approved", text("Approved")
    RETURNED = "returned", text("Returned for correction")


class QuestionState(models.TextChoices):
    """Life of a resident's question."""

    WAITING = "waiting", text("Waiting for an answer")
    ANSWERED = "answered", text("Answered")
    DECLINED = "declined", text("Not published")
