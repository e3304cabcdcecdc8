"""What is said about a line: the town's explanation, residents' questions and the answers."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from modules.budgets.models.kinds import ClassificationKind, QuestionState


class LineExplanation(models.Model):
    """The town's words on a line, {"hy", "en", "ru"}. Append-only; the newest counts, an empty one takes back.

    year None speaks for every year.
    """

    kind = models.CharField(max_length=16, choices=ClassificationKind)
    code = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    words = models.JSONField(default=dict)
    is_demo = models.BooleanField(default=False)
    written_at = models.DateTimeField(auto_now_add=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        app_label = "budgets"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["kind", "code"], name="budgets_explanation_line")]

    def __str__(self) -> str:
        return f"{self.kind} {self.code}"


class LineQuestion(models.Model):
    """A resident's question on a line. Shown to everybody only with its answer; the e-mail address never.

    language: "hy", "en" or "ru", in which it was asked. answer and decline_reason: in the language of the question.
    """

    kind = models.CharField(max_length=16, choices=ClassificationKind)
    code = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    language = models.CharField(max_length=8, default="hy")
    author = models.CharField(max_length=100)
    email = models.EmailField(blank=True)
    words = models.TextField(max_length=2000)
    state = models.CharField(max_length=16, choices=QuestionState, default=QuestionState.WAITING)
    answer = models.TextField(max_length=4000, blank=True)
    decline_reason = models.CharField(max_length=300, blank=True)
    is_demo = models.BooleanField(default=False)
    asked_at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        app_label = "budgets"
        ordering = ["-asked_at", "-pk"]
        indexes = [models.Index(fields=["kind", "code", "state"], name="budgets_question_line")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=QuestionState.values), name="budgets_question_state_valid"),
            models.CheckConstraint(
                condition=~Q(state=QuestionState.ANSWERED) | ~Q(answer=""), name="budgets_question_has_answer"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.code}: {self.state}"
