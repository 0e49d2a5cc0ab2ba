"""Everybody who may come: each role, two partners, and those who have no business here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.sessions.backends.db import SessionStore
from django.test import Client

from steelyard.accounts.permissions import ROLES, permissions_of
from steelyard.api.gate import SIGNED_IN

A, B = frozenset({"A"}), frozenset({"B"})


@dataclass(frozen=True)
class Actor:
    """Who asks, and which of the two partners they may see."""

    name: str
    username: str | None = None  # None: nobody is signed in
    sees: frozenset[str] = frozenset()

    def may(self, company: Any, permission: str | None) -> bool:
        if permission == SIGNED_IN:
            return self.username is not None
        return permission is not None and self.username is not None and permission in permissions_of(getattr(company.people, self.username))

    def sees_everything(self, company: Any) -> bool:
        roles = getattr(company.people, self.username).roles if self.username else []
        return any(ROLES[role].sees_everything for role in roles)


ACTORS = (
    Actor("anonymous"),
    Actor("expired"),
    Actor("administrator", "ada", A | B),
    Actor("operator", "anna", A | B),
    Actor("leadership", "ben", A | B),
    Actor("manager of A", "carla", A),
    Actor("manager of B", "rosa", B),
    Actor("representative of A", "emil", A),
    Actor("auditor", "dora", A | B),
    Actor("administrator at A", "alma", A),
    Actor("user at A", "alan", A),
    Actor("user at B", "boris", B),
    Actor("manager without grant", "nora"),
    Actor("user without role", "gus"),
)


def browser(company: Any, actor: Actor, as_: Any) -> Client:
    """Where this actor sits: signed in, not at all, or with a session that is over. Faults come back as 500, as in life."""
    if actor.username is not None:
        return as_(actor.username, raise_request_exception=False)
    if actor.name == "anonymous":
        return Client(raise_request_exception=False)
    over = as_("anna", raise_request_exception=False)
    SessionStore(session_key=over.session.session_key).delete()
    return over
