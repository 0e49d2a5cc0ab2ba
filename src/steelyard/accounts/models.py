"""People and programs that act. Who may do what follows from their roles, to what from their grants."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.crypto import salted_hmac

SYSTEM_USERNAME = "system"


class User(AbstractBaseUser):
    """A person or program known by its username; never deleted, only deactivated, so that trails stay readable.

    ``session_epoch`` is part of what a session is signed with: counting it up ends every session of this person.
    """

    username = models.CharField(max_length=150, unique=True)
    name = models.CharField(max_length=200)
    email = models.EmailField(blank=True, default="")
    language = models.CharField(max_length=10, blank=True, default="")  # blank: the browser's
    roles = models.JSONField(default=list)
    is_active = models.BooleanField(default=True)
    session_epoch = models.PositiveIntegerField(default=0)

    objects = BaseUserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"

    token: ApiToken | None = None  # set on a user who came with an API token: may do no more than that token may

    class Meta:
        ordering = ["username"]

    def __str__(self) -> str:
        return self.username

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        salt = "steelyard.accounts.models.User.session"
        return salted_hmac(salt, f"{self.password}:{self.session_epoch}", secret=secret, algorithm="sha256").hexdigest()


class Grant(models.Model):
    """From one day to another a person sees what ``key`` names. What that is, only `partners.scopes` knows."""

    PARTNER, TERRITORY, REPRESENTATIVE = KINDS = ("partner", "territory", "representative")

    user = models.ForeignKey(User, models.PROTECT, related_name="grants")
    kind = models.CharField(max_length=20, choices=[(kind, kind) for kind in KINDS])
    key = models.CharField(max_length=200)
    valid_from = models.DateField(null=True, blank=True)  # null: always
    valid_to = models.DateField(null=True, blank=True)  # exclusive; null: for ever
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.kind} {self.key}"

    def in_force(self, on: date) -> bool:
        """Whether it counts on a day."""
        return (
            self.revoked_at is None and (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on < self.valid_to)
        )

    @staticmethod
    def counts_on(on: date) -> Q:
        """The same as a condition for the database."""
        return Q(revoked_at=None) & (Q(valid_from=None) | Q(valid_from__lte=on)) & (Q(valid_to=None) | Q(valid_to__gt=on))


class ApiToken(models.Model):
    """A key for programs that act as a person. Only a hash of the secret is kept; ``scopes`` are names of permissions."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=16, unique=True)
    secret_hash = models.CharField(max_length=64)
    scopes = models.JSONField(default=list)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.prefix} {self.name}"

    @staticmethod
    def hashed(secret: str) -> str:
        """What is kept of a secret. It is 32 random bytes, so one quick hash is as safe as a slow one."""
        return hashlib.sha256(secret.encode()).hexdigest()

    def works_at(self, moment: datetime) -> bool:
        """Whether it opens anything at a moment."""
        return self.revoked_at is None and moment < self.expires_at

    def as_values(self) -> dict[str, Any]:
        """What the trail says of it; never anything of the secret."""
        return {
            "name": self.name,
            "prefix": self.prefix,
            "scopes": self.scopes,
            "expires_at": self.expires_at,
            "revoked_at": self.revoked_at,
        }
