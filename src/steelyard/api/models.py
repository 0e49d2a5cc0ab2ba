"""What REST itself remembers: answers to requests that may come again."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Answered(models.Model):
    """The answer to a request with an Idempotency-Key, kept in the transaction of its effect."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    request_digest = models.CharField(max_length=64)  # of method, path and body: the same key with another request is a mistake
    status = models.PositiveSmallIntegerField(default=0)
    content_type = models.CharField(max_length=100, default="")
    headers = models.JSONField(default=dict)
    body = models.BinaryField(default=bytes)
    answered_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="answered_once")]

    def __str__(self) -> str:
        return f"{self.key} of user {self.user_id}"
