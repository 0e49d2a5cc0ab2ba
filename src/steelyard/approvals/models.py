"""Who took which step on a record, and who signed it. Both are only ever added; a database trigger refuses the rest."""

from __future__ import annotations

from django.db import models


class Transition(models.Model):
    """One row of a company's own workflow. A workflow without rows here works as its app declares it."""

    workflow = models.CharField(max_length=50)
    state = models.CharField(max_length=30)
    verb = models.CharField(max_length=30)
    to = models.CharField(max_length=30)
    permission = models.CharField(max_length=60)
    second_person = models.BooleanField(default=False)
    signed = models.BooleanField(default=False)
    reason_needed = models.BooleanField(default=False)
    meaning = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("workflow", "state", "verb"), name="transition_once"),)

    def __str__(self) -> str:
        return f"{self.workflow}: {self.state} {self.verb} {self.to}"


class Step(models.Model):
    """One step of one record. Two people who take the same step at once meet at the number: exactly one of them took it."""

    record = models.CharField(max_length=100)  # "review:12"
    number = models.PositiveIntegerField()  # 1, 2, 3 within the record
    workflow = models.CharField(max_length=50)
    verb = models.CharField(max_length=30)
    state = models.CharField(max_length=30)  # before
    to = models.CharField(max_length=30)
    made_by = models.CharField(max_length=150)  # stored as a value, so that the trail outlives the account
    made_by_name = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    maker = models.CharField(max_length=150, blank=True)  # whose work this step approves; blank where no second person is needed
    reason = models.TextField(blank=True, max_length=2000)
    version_hash = models.CharField(max_length=64)  # of the record's content that the step was taken on

    class Meta:
        ordering = ("record", "number")
        constraints = (
            models.UniqueConstraint(fields=("record", "number"), name="step_once"),
            models.CheckConstraint(condition=models.Q(maker="") | ~models.Q(maker=models.F("made_by")), name="step_by_second_person"),
        )

    def __str__(self) -> str:
        return f"{self.record} {self.verb} by {self.made_by}"


class Signature(models.Model):
    """A person signed a step with their password: who, when, what it means, and on which version of the record."""

    step = models.OneToOneField(Step, on_delete=models.PROTECT, related_name="signature")
    record = models.CharField(max_length=100)
    signer = models.CharField(max_length=150)
    name = models.CharField(max_length=200)
    signed_at = models.DateTimeField()
    meaning = models.CharField(max_length=300)
    version_hash = models.CharField(max_length=64)
    seal = models.CharField(max_length=64, unique=True)  # hash of all of the above: a signature copied elsewhere does not verify

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.name} signed {self.record}"


class WrongPassword(models.Model):
    """A password that did not match when somebody meant to sign: counted, so that guessing through a session ends soon."""

    username = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("username", "at"), name="wrong_password_by_person"),)

    def __str__(self) -> str:
        return f"{self.username} at {self.at}"
