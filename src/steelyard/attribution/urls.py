"""Addresses of attribution."""

from __future__ import annotations

from django.urls import path

from .views import audit, bulk, credit, credit_rules, decisions, queue

app_name = "attribution"
urlpatterns = [
    path("matching", queue.queue, name="queue"),
    path("matching/audit", audit.audit, name="audit"),
    path("matching/bulk", bulk.bulk, name="bulk"),
    path("matching/decisions", decisions.index, name="decisions"),
    path("credit", credit.index, name="credit"),
    path("credit/lines", credit.lines, name="credit_lines"),
    path("credit/lines/<int:row>", credit.line, name="credit_line"),
    path("credit/rules", credit_rules.index, name="credit_rules"),
    path("intake/unmatched", queue.moved, name="moved"),  # where the queue was before
]
