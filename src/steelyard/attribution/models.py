"""What attribution remembers besides aliases: credit rules and since when they are in force; models and how they were checked."""

from __future__ import annotations

from django.db import models


class CreditRule(models.Model):
    """One version of a credit rule. The text is never changed; a correction is a new version."""

    code = models.CharField(max_length=100)
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=500, blank=True)
    text = models.TextField()
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=150)  # stored as a value, like every actor
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ("code", "version")
        constraints = (
            models.UniqueConstraint(fields=("code", "version"), name="credit_rule_version"),
            models.UniqueConstraint(fields=("code", "digest"), name="credit_rule_text_once"),
        )

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"


class CreditChoice(models.Model):
    """That a rule is in force from now on; the newest one counts. Version 0: one of the rules that come with the product."""

    code = models.CharField(max_length=100)
    version = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=150)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.code} v{self.version} since {self.made_at:%Y-%m-%d}"


class MatchingModel(models.Model):
    """One version of the model that matches names. The newest one counts, unless it was kept aside."""

    digest = models.CharField(max_length=64)
    data = models.JSONField()  # calc.matching.model: weights, threshold, calibration, how it was made
    labels = models.PositiveIntegerField()  # names that people had decided when it was made
    unseen_right = models.PositiveIntegerField()  # of the half held back, what it would have accepted
    unseen_wrong = models.PositiveIntegerField()
    in_use = models.BooleanField()  # set once: a model that would have switched acceptance off is kept aside
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=150)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"model {self.pk}"


class ModelMatch(models.Model):
    """A match that the model made by itself: the evidence behind one row of an alias' history."""

    source = models.CharField(max_length=100, blank=True)
    party = models.CharField(max_length=300)
    name = models.CharField(max_length=1000)  # what the model was asked
    partner = models.CharField(max_length=200)
    probability = models.BigIntegerField()  # in the grain of percents
    margin = models.BigIntegerField()
    digest = models.CharField(max_length=64)  # of the model
    made_at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        indexes = (models.Index(fields=("source", "party"), name="match_of_model"),)

    def __str__(self) -> str:
        return f"{self.party} is {self.partner}"


class MatchCheck(models.Model):
    """What a person said of a match that the model made, or would have made: right or wrong."""

    DECIDED, AUDITED, TAKEN_BACK = "decided", "audited", "taken back"

    kind = models.CharField(max_length=20)  # decided beside it, audited, taken back
    source = models.CharField(max_length=100, blank=True)
    party = models.CharField(max_length=300)
    name = models.CharField(max_length=1000)
    proposed = models.CharField(max_length=200)  # the partner it accepted
    said = models.CharField(max_length=200, blank=True)  # the partner the person named; blank: none of ours, or not said
    right = models.BooleanField()
    probability = models.BigIntegerField()  # in the grain of percents
    margin = models.BigIntegerField()
    digest = models.CharField(max_length=64)  # of the model
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=150)

    class Meta:
        ordering = ("pk",)
        indexes = (models.Index(fields=("digest", "source", "party"), name="match_check_of_model"),)

    def __str__(self) -> str:
        return f"{self.party} is {self.proposed}: {'right' if self.right else 'wrong'}"
