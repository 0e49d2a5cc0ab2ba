"""Addresses of administration; part of `dashboards`."""

from __future__ import annotations

from django.urls import path

from . import index, people, person, settings, trail

urlpatterns = [
    path("administration", index.administration, name="administration"),
    path("administration/people", people.people, name="people"),
    path("administration/add-person", people.add, name="add-person"),
    path("administration/people/<str:user>", person.person, name="person"),
    path("administration/people/<str:user>/grants", person.grant, name="grant"),
    path("administration/people/<str:user>/grants/<int:grant>", person.revoke, name="revoke"),
    path("administration/people/<str:user>/active", person.activate, name="activate"),
    path("administration/people/<str:user>/link", person.send_link, name="send-link"),
    path("administration/people/<str:user>/tokens", person.revoke_tokens, name="revoke-tokens"),
    path("administration/roles", index.roles, name="roles"),
    path("administration/settings", settings.company, name="company"),
    path("administration/calendars", settings.calendars, name="calendars"),
    path("administration/currencies", settings.currencies, name="currencies"),
    path("administration/trail", trail.trail, name="trail"),
]
