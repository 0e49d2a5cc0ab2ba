"""What was scored and what was published. Runs and results are immutable; publishing adds to a log."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class Run(models.Model):
    """All subjects of one period, scored by one framework version at one cut. Same inputs, same ``run_id``."""

    run_id = models.CharField(max_length=64, unique=True)
    framework = models.ForeignKey("frameworks.FrameworkVersion", on_delete=models.PROTECT, related_name="runs")
    period = models.CharField(max_length=40)
    period_start = models.DateField()
    period_end = models.DateField()  # exclusive
    cut = models.BigIntegerField()
    known_through = models.DateField(null=True)  # the last day the data knew about
    inputs = models.JSONField()  # digests of everything the run rests on
    earlier = models.JSONField(default=list)  # the earlier runs that it reads: period, start, end, run_id, digest, subject
    review_days = models.JSONField(default=dict)  # by cycle, up to the as-of date; empty where no standing turns on them
    subjects = models.PositiveIntegerField()
    items_path = models.CharField(max_length=300)
    items_sha256 = models.CharField(max_length=64)
    readings_path = models.CharField(max_length=300)
    readings_sha256 = models.CharField(max_length=64)
    peers_sha256 = models.CharField(max_length=64, blank=True)  # of what everybody was compared with; blank if nothing is
    receipts_sha256 = models.CharField(max_length=64, blank=True)  # over the receipts of all subjects; blank: of a former version
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=150)
    proved_at = models.DateTimeField(null=True)  # when it was computed again from the facts alone, for its publication
    proved_digest = models.CharField(max_length=64, blank=True)  # of both files as they came out then

    class Meta:
        ordering = ("-created_at",)
        indexes = (models.Index(fields=("framework", "period", "cut"), name="run_by_period"),)

    def __str__(self) -> str:
        return f"{self.framework} {self.period} at cut {self.cut}"

    @property
    def peers_path(self) -> str:
        """The file of what everybody was compared with, beside the items."""
        return self.items_path.replace(".items.", ".peers.")

    @property
    def is_running(self) -> bool:
        """Whether the period was not over in the data when it was scored."""
        return self.known_through is None or self.known_through.toordinal() + 1 < self.period_end.toordinal()


class Result(models.Model):
    """One subject's outcome, for lists; the items behind it lie in the run's Parquet file."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="results")
    subject = models.CharField(max_length=300)
    total = models.BigIntegerField(null=True)  # grain of points
    level = models.CharField(max_length=100, null=True)  # noqa: DJ001 - no level is not an empty name
    passes = models.BooleanField(null=True)
    no_data = models.TextField(blank=True)  # why there is no total
    limited_by = models.TextField(blank=True)  # the gate that limits the level
    receipt = models.CharField(max_length=64, blank=True)  # the hash over everything that the result rests on and says
    overall = models.BigIntegerField(null=True)  # after `history`, grain of points; null where the framework has none
    standing = models.CharField(max_length=100, null=True)  # noqa: DJ001 - the level held; null as above, or where none is
    standing_since = models.DateField(null=True)  # the first day it holds; null: it was so from the start

    class Meta:
        ordering = ("run", "subject")
        indexes = (models.Index(fields=("subject",), name="result_by_subject"),)
        constraints = (models.UniqueConstraint(fields=("run", "subject"), name="result_once"),)

    def __str__(self) -> str:
        return f"{self.subject} in {self.run_id}"


class Publication(models.Model):
    """A log like a version history: what was made public, by whom. The newest of a framework and period is in force.

    One with a ``subject`` makes public what the run says of that subject alone.
    """

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="publications")
    framework_code = models.CharField(max_length=100)
    period = models.CharField(max_length=40)
    subject = models.CharField(max_length=300, blank=True)  # blank: all of the run
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=150)
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ("pk",)
        indexes = (models.Index(fields=("framework_code", "period"), name="publication_by_period"),)

    def __str__(self) -> str:
        of = f" of {self.subject}" if self.subject else ""
        return f"{self.framework_code} {self.period}{of} by {self.published_by}"


class RolledUp(models.Model):
    """What the cards of a subject's parts make together."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="rolled_up")
    subject = models.CharField(max_length=300)
    level = models.CharField(max_length=100, null=True)  # noqa: DJ001 - no level is not an empty name
    parts = models.JSONField()  # [[subject of the part, its level], ...]
    receipt = models.CharField(max_length=64, blank=True)  # the hash over the run, the parts with their receipts, and the level

    class Meta:
        ordering = ("run", "subject")
        constraints = (models.UniqueConstraint(fields=("run", "subject"), name="rolled_up_once"),)

    def __str__(self) -> str:
        return f"{self.subject} in {self.run_id}"

    @property
    def short(self) -> str:
        """`44d1-4966-7d1c`: the first digits of the receipt's number."""
        return "-".join(self.receipt[place : place + 4] for place in (0, 4, 8))


class Task(models.Model):
    """Something to do about a subject, opened by a trigger of its framework. It never alters a score."""

    framework_code = models.CharField(max_length=100)
    period = models.CharField(max_length=40)
    subject = models.CharField(max_length=300)
    partner = models.CharField(max_length=200, blank=True)  # of the subject; blank where it is of no partner
    trigger = models.CharField(max_length=100)
    title = models.CharField(max_length=300, blank=True)
    what = models.TextField()  # what is to be done
    as_of = models.DateField()  # the last day of the period
    due_on = models.DateField()
    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="tasks")  # that opened it
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=150, blank=True)
    reason = models.TextField(blank=True)  # why it was closed

    class Meta:
        ordering = ("due_on", "pk")
        indexes = (
            models.Index(fields=("closed_at", "due_on"), name="task_by_due"),
            models.Index(fields=("subject",), name="task_by_subject"),
            models.Index(fields=("partner",), name="task_by_partner"),
        )
        constraints = (models.UniqueConstraint(fields=("framework_code", "period", "subject", "trigger"), name="task_once"),)

    def __str__(self) -> str:
        return f"{self.what}: {self.subject}, {self.framework_code} {self.period}"

    @property
    def is_late(self) -> bool:
        """Whether it is open past its day."""
        return self.closed_at is None and self.due_on < timezone.localdate()


class Override(models.Model):
    """A level or points that two people stand by, beside what was calculated, for the days from ``starts`` to ``expires``.

    What it says never changes; its ``state`` follows the steps that people took on it (`overrides.workflow`).
    """

    framework_code = models.CharField(max_length=100)
    subject = models.CharField(max_length=300)
    partner = models.CharField(max_length=200, blank=True)  # within the subject
    period = models.CharField(max_length=40)  # the one it was proposed for, and begins with
    starts = models.DateField()  # first and last as-of date on which it counts
    expires = models.DateField()
    level = models.CharField(max_length=100, blank=True)  # either a level
    points = models.BigIntegerField(null=True)  # or points, in their grain
    reason = models.TextField(max_length=2000)
    state = models.CharField(max_length=20)
    proposed_by = models.CharField(max_length=150)
    proposed_at = models.DateTimeField()
    decided_by = models.CharField(max_length=150, blank=True)
    decided_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=150, blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.TextField(max_length=2000, blank=True)

    class Meta:
        ordering = ("pk",)
        indexes = (models.Index(fields=("framework_code", "state", "starts"), name="override_in_force"),)
        constraints = (
            models.CheckConstraint(condition=~models.Q(decided_by=models.F("proposed_by")), name="override_by_second_person"),
            models.CheckConstraint(condition=models.Q(level="") ^ models.Q(points__isnull=True), name="override_one_thing"),
        )

    def __str__(self) -> str:
        return f"override {self.pk} of {self.subject} in {self.framework_code}"

    @property
    def record(self) -> str:
        """How approvals name it."""
        return f"override:{self.pk}"
