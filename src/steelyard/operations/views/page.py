"""What an administrator wants to know of the machine: is everything running, does anything wait or fail."""

from __future__ import annotations

import shutil
from pathlib import Path

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render

from steelyard.accounts.gate import Asked, needs
from steelyard.jobs import queries as jobs
from steelyard.ledger import queries as ledger
from steelyard.outbox import queries as outbox

from .. import health

LATEST = 10


@needs("settings.read")
def page(request: Asked) -> HttpResponse:
    """Checks, ledger, disk, jobs and e-mail."""
    checks = health.checks()
    disk = shutil.disk_usage(Path(settings.STEELYARD_HOME))
    seq, chain = ledger.tip()
    told = {
        "checks": checks, "wrong": sum(not check.ok for check in checks), "seq": seq, "chain": chain,
        "free_gb": disk.free // 2**30, "total_gb": disk.total // 2**30,
        "queue": jobs.waiting(), "workers": jobs.workers(), "failed": list(jobs.jobs(states=("failed",))[:LATEST]),
        "mail": outbox.counts(), "unsent": list(outbox.messages(states=("failed",))[:LATEST]),
    }  # fmt: skip
    return render(request, "operations/health.html", told)
