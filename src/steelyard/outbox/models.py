"""Messages that leave the house."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class State(models.TextChoices):
    """`waiting` is "not sent yet"; `failed` needs a person."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


class Message(models.Model):
    """One e-mail to one address."""

    to = models.CharField(max_length=320)
    subject = models.CharField(max_length=300)
    text = models.TextField()
    html = models.TextField(default="", blank=True)
    language = models.CharField(max_length=10, default="en")
    key = models.CharField(max_length=200, null=True, unique=True)  # noqa: DJ001  none is not one more equal key
    identity = models.CharField(max_length=80, unique=True)  # the Message-ID: the same at every attempt, so that mailboxes see one
    secret = models.BooleanField(default=False)  # the text opens something: it is removed as soon as it is delivered
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.IntegerField(default=0)
    next_attempt = models.DateTimeField()
    error = models.CharField(max_length=500, default="", blank=True)
    written_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index("next_attempt", condition=Q(state="waiting"), name="message_waiting")]

    def __str__(self) -> str:
        return f"{self.subject} {self.state}"
