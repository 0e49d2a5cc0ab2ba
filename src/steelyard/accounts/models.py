"""People and programs that act. Who may do what follows from their roles."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

SYSTEM_USERNAME = "system"


class User(AbstractBaseUser):
    """A person or program known by its username; never deleted, only deactivated, so that trails stay readable."""

    username = models.CharField(max_length=150, unique=True)
    name = models.CharField(max_length=200)
    roles = models.JSONField(default=list)
    is_active = models.BooleanField(default=True)

    objects = BaseUserManager()

    USERNAME_FIELD = "username"

    class Meta:
        ordering = ["username"]

    def __str__(self) -> str:
        return self.username
