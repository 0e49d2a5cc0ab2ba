"""What stands beside the records of all capabilities: questions about numbers, comments, saved views, documents for partners."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

SIDES = (("staff", "staff"), ("partner", "partner"))


class AnswerTerms(models.Model):
    """One row: how long an answer may take, in working days. Without it the terms of `working_days.DEFAULT` hold."""

    working_days = models.PositiveSmallIntegerField()
    weekend = models.CharField(max_length=20)  # days of the week that are none, 0 is Monday: "5,6"
    holidays = models.TextField(blank=True, max_length=5000)  # ISO dates, comma-separated

    def __str__(self) -> str:
        return f"{self.working_days} working days"


class Question(models.Model):
    """Somebody asks about one number: a score, a KPI, or one row behind it."""

    class State(models.TextChoices):
        OPEN = "open", "open"
        ANSWERED = "answered", "answered"
        REOPENED = "reopened", "reopened"
        CLOSED = "closed", "closed"

    partner = models.CharField(max_length=200, db_index=True)  # whose number it is: what a scope is asked about
    partner_name = models.CharField(max_length=300, blank=True)  # as it was called when asked
    framework = models.CharField(max_length=100)
    period = models.CharField(max_length=40)
    subject = models.CharField(max_length=300)
    kpi = models.CharField(max_length=100, blank=True)  # blank: the score as a whole
    kind = models.CharField(max_length=50, blank=True)  # with row: one fact behind it
    row = models.BigIntegerField(null=True)
    about = models.CharField(max_length=300)  # the number in words, as it was called when asked
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    asked_by = models.CharField(max_length=150)
    asked_by_name = models.CharField(max_length=200)
    asked_from = models.CharField(max_length=10, choices=SIDES)
    asked_at = models.DateTimeField()
    due_on = models.DateField()
    assigned_to = models.CharField(max_length=150, blank=True)
    closed_at = models.DateTimeField(null=True)
    form_key = models.CharField(max_length=64, unique=True)  # of the form it came from: pressed twice, asked once

    class Meta:
        ordering = ("due_on", "pk")
        indexes = (models.Index(fields=("state", "due_on"), name="question_by_state"),)

    def __str__(self) -> str:
        return f"question {self.pk}: {self.about}"

    @property
    def is_late(self) -> bool:
        """Whether it waits longer than promised."""
        return self.state in (self.State.OPEN, self.State.REOPENED) and self.due_on < timezone.localdate()


class Message(models.Model):
    """One contribution to a question. Only added."""

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="messages")
    author = models.CharField(max_length=150)
    author_name = models.CharField(max_length=200)
    side = models.CharField(max_length=10, choices=SIDES)
    verb = models.CharField(max_length=10)  # ask, reply, answer, close, reopen
    text = models.TextField(blank=True, max_length=5000)
    written_at = models.DateTimeField()
    form_key = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.author} on question {self.question_id}"


class Comment(models.Model):
    """A remark on any record. Only added; ``partner_sees`` tells whether it is shown in the portal."""

    record = models.CharField(max_length=100, db_index=True)  # "review:12"
    partner = models.CharField(max_length=200, blank=True)  # whose record it is; blank: nobody's
    author = models.CharField(max_length=150)
    author_name = models.CharField(max_length=200)
    side = models.CharField(max_length=10, choices=SIDES)
    text = models.TextField(max_length=5000)
    partner_sees = models.BooleanField(default=False)
    written_at = models.DateTimeField()
    form_key = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.author} on {self.record}"


class SavedView(models.Model):
    """A list as somebody likes to see it: the page and its query. It holds no rows, so it shows nobody more than they may see."""

    username = models.CharField(max_length=150)
    page = models.CharField(max_length=300)  # path of the page
    name = models.CharField(max_length=80)
    query = models.CharField(max_length=2000, blank=True)

    class Meta:
        ordering = ("name",)
        constraints = (models.UniqueConstraint(fields=("username", "page", "name"), name="saved_view_once"),)

    def __str__(self) -> str:
        return self.name


class Document(models.Model):
    """A file for a partner. The bytes lie in the home under their SHA-256; the name people see is made from the title."""

    partner = models.CharField(max_length=200, db_index=True)
    title = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    ending = models.CharField(max_length=10)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    added_by = models.CharField(max_length=150)
    added_by_name = models.CharField(max_length=200)
    added_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(fields=("partner", "sha256", "title"), condition=models.Q(withdrawn_at=None), name="document_once"),
        )

    def __str__(self) -> str:
        return self.title
