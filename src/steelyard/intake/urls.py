"""Addresses of intake."""

from __future__ import annotations

from django.urls import path

from .views import batch, batches, delivery, mappings, masters_import, new, nil, problems, progress, quality, twice

app_name = "intake"
urlpatterns = [
    path("intake", batches.batches, name="batches"),
    path("intake/new", new.new, name="new"),
    path("intake/files/<int:delivery>", delivery.delivery, name="delivery"),
    path("intake/files/<int:delivery>/columns", delivery.columns, name="columns"),
    path("intake/progress", progress.progress, name="progress"),
    path("intake/nil", nil.nil, name="nil"),
    path("intake/problems", problems.problems, name="problems"),
    path("intake/problems/<int:problem>", problems.problem, name="problem"),
    path("intake/reconciliation", quality.reconciliation, name="reconciliation"),
    path("intake/quality", quality.feeds, name="quality"),
    path("intake/twice", twice.groups, name="twice"),
    path("intake/twice/pairs", twice.pairs, name="pairs"),
    path("intake/mappings", mappings.mappings, name="mappings"),
    path("intake/mappings/<str:kind>/<path:source>", mappings.mapping, name="mapping"),
    path("intake/<int:batch>", batch.batch, name="batch"),
    path("intake/<int:batch>/refused", batch.refused_rows, name="refused"),
    path("intake/<int:batch>/file", batch.raw_file, name="file"),
    path("intake/<int:batch>/undo", batch.undo, name="undo"),
    path("intake/<int:batch>/replay", batch.replay, name="replay"),
    path("masters/<str:master>/import", masters_import.import_master, name="import-master"),
]
