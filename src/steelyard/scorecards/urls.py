"""Addresses of scorecards. A subject may be made of several codes and hold a slash, so it comes last before fixed words."""

from __future__ import annotations

from django.urls import path

from .views.card import card, change
from .views.document import bundle, pdf, receipt
from .views.kpi import kpi, rows
from .views.moved import moved_rows
from .views.overriding import approve, overrides, propose, refuse, withdraw
from .views.replaying import replay
from .views.runs import publish, runs, score
from .views.tasks import close, tasks

app_name = "scorecards"
_CARD = "scorecards/<str:framework>/<str:period>/<path:subject>"

urlpatterns = [
    path("scorecards", runs, name="runs"),
    path("frameworks/<str:framework>/replay", replay, name="replay"),
    path("scorecards/score", score, name="score"),
    path("scorecards/publish/<str:framework>/<str:period>", publish, name="publish"),
    path("tasks", tasks, name="tasks"),
    path("overrides", overrides, name="overrides"),
    path("overrides/approve", approve, name="approve_override"),
    path("overrides/refuse", refuse, name="refuse_override"),
    path("overrides/withdraw", withdraw, name="withdraw_override"),
    path(f"{_CARD}/kpis/<str:kpi>/rows", rows, name="rows"),
    path(f"{_CARD}/kpis/<str:kpi>", kpi, name="kpi"),
    path(f"{_CARD}/why/<str:kpi>", moved_rows, name="moved"),
    path(f"{_CARD}/why", change, name="why"),
    path(f"{_CARD}/pdf", pdf, name="pdf"),
    path(f"{_CARD}/bundle", bundle, name="bundle"),
    path(f"{_CARD}/receipt", receipt, name="receipt"),
    path(f"{_CARD}/tasks", close, name="close_task"),
    path(f"{_CARD}/override", propose, name="propose_override"),
    path(_CARD, card, name="card"),
]
