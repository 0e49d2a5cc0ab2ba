"""Addresses of operations."""

from __future__ import annotations

from django.urls import path

from .views import health, jobs, page

app_name = "operations"
urlpatterns = [
    path("health/live", health.live, name="live"),
    path("health/ready", health.ready, name="ready"),
    path("administration/health", page.page, name="health"),
    path("administration/jobs", jobs.jobs, name="jobs"),
    path("administration/jobs/<int:job>", jobs.job, name="job"),
    path("administration/jobs/<int:job>/cancel", jobs.cancel, name="cancel"),
    path("administration/jobs/<int:job>/retry", jobs.retry, name="retry"),
    path("administration/messages", jobs.messages, name="messages"),
    path("administration/messages/<int:message>/retry", jobs.retry_message, name="retry-message"),
    path("account/jobs/<int:job>", jobs.own_job, name="own-job"),
    path("metrics", health.measured, name="metrics"),
]
