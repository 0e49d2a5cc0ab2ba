"""Review cycles, and the review of one partner in a cycle."""

from __future__ import annotations

from django.db import models


class CycleRule(models.Model):
    """When cycles of a framework open by themselves, for how long, and what is rated where the framework asks nothing."""

    framework = models.CharField(max_length=100, unique=True)
    days_after_end = models.PositiveSmallIntegerField(default=5)  # of the period, until the cycle opens
    days_to_review = models.PositiveSmallIntegerField(default=20)
    items = models.JSONField(default=list)  # [{question, title, note}]: rated 1 to 5
    since = models.DateField()  # periods that ended before are left alone
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ("framework",)

    def __str__(self) -> str:
        return f"cycles of {self.framework}"


class Cycle(models.Model):
    """One round of reviews: a framework and a period that is over."""

    class State(models.TextChoices):
        OPEN = "open", "open"
        CLOSED = "closed", "closed"

    framework = models.CharField(max_length=100)
    period = models.CharField(max_length=40)
    as_of = models.DateField()  # the last day of the period: the date of the ratings
    opens_on = models.DateField()
    due_on = models.DateField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    items = models.JSONField()  # what is rated, as it was when the cycle opened
    prepared = models.BooleanField(default=False)  # whether it has its reviews
    opened_by = models.CharField(max_length=150)
    opened_at = models.DateTimeField()
    closed_by = models.CharField(max_length=150, blank=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-as_of", "framework")
        constraints = (models.UniqueConstraint(fields=("framework", "period"), name="cycle_once"),)

    def __str__(self) -> str:
        return f"{self.framework} {self.period}"


class Review(models.Model):
    """The review of one partner. ``version`` counts every change; a form that was made of an older one is told."""

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="reviews")
    partner = models.CharField(max_length=200, db_index=True)
    name = models.CharField(max_length=300, blank=True)  # of the partner, as it was called when the cycle opened
    subject = models.CharField(max_length=300)
    state = models.CharField(max_length=20, default="open")
    version = models.PositiveIntegerField(default=1)
    run = models.CharField(max_length=64, blank=True)  # run_id of the evidence
    total = models.BigIntegerField(null=True)  # as that run has them, for lists
    level = models.CharField(max_length=100, blank=True)
    ratings = models.JSONField(default=dict)  # question -> answer, as decimal text
    references = models.JSONField(default=dict)  # question -> what the answer rests on
    unanswered = models.JSONField(default=dict)  # question -> why there is no answer
    comment = models.TextField(blank=True, max_length=2000)  # the partner reads it
    rated_seq = models.BigIntegerField(default=0)  # commit that the ratings are in: an older run does not know them
    saved_by = models.CharField(max_length=150, blank=True)  # who changed it last
    saved_at = models.DateTimeField(null=True)
    submitted_by = models.CharField(max_length=150, blank=True)
    submitted_at = models.DateTimeField(null=True)
    approved_by = models.CharField(max_length=150, blank=True)
    approved_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    acknowledged_by = models.CharField(max_length=150, blank=True)
    acknowledged_at = models.DateTimeField(null=True)
    returned_reason = models.TextField(blank=True, max_length=2000)

    class Meta:
        ordering = ("cycle", "subject")
        constraints = (
            models.UniqueConstraint(fields=("cycle", "subject"), name="review_once"),
            models.CheckConstraint(
                condition=models.Q(approved_by="") | ~models.Q(approved_by=models.F("submitted_by")), name="review_by_second_person"
            ),
        )
        indexes = (models.Index(fields=("state", "cycle"), name="review_by_state"),)

    def __str__(self) -> str:
        return f"review {self.pk}: {self.subject}"

    @property
    def record(self) -> str:
        """How steps, comments and the audit trail name it."""
        return f"review:{self.pk}"

    @property
    def worked_on_by(self) -> set[str]:
        """Everybody who ever wrote its ratings or its comment: none of them decides on it."""
        return set(self.hands.values_list("username", flat=True))


class Hand(models.Model):
    """Somebody had a hand in a review: wrote ratings or its comment, be it only to keep them. Rows are only added."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="hands")
    username = models.CharField(max_length=150)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("review", "username"), name="hand_once"),)

    def __str__(self) -> str:
        return f"{self.username} in review {self.review_id}"
