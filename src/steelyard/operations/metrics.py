"""What is measured: requests by the web workers as they answer, the queue and the mail as they stand when somebody looks.

Web workers are processes of their own. `serve` gives them a common folder (PROMETHEUS_MULTIPROC_DIR), over which the figures add up.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from django.utils import timezone
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from steelyard.jobs import queries as jobs
from steelyard.outbox import queries as outbox

_OWN = CollectorRegistry()
BUCKETS = tuple(milliseconds / 1000 for milliseconds in (5, 10, 25, 50, 100, 150, 250, 500, 1000, 2500, 10_000))
REQUESTS = Counter("steelyard_requests", "Requests answered", ("method", "route", "status"), registry=_OWN)
SECONDS = Histogram("steelyard_request_seconds", "Time to answer", ("route",), buckets=BUCKETS, registry=_OWN)


def observe(method: str, route: str, status: int, seconds: float) -> None:
    """One request was answered. Routes are patterns: how many there are does not grow with the data."""
    REQUESTS.labels(method, route, str(status)).inc()
    SECONDS.labels(route).observe(seconds)


class Standing(Collector):
    """Figures of the database, read when they are asked for."""

    def collect(self) -> Iterator[Metric]:
        """Jobs, messages, and how long no worker was heard of."""
        queue = jobs.waiting()
        yield _gauge("steelyard_jobs", "Jobs by state", "state", queue.by_state.items())
        yield GaugeMetricFamily("steelyard_jobs_oldest_seconds", "How long the oldest due job waits", value=queue.oldest_seconds)
        yield _gauge("steelyard_messages", "Messages by state", "state", outbox.counts().items())
        beat = jobs.heard_of()
        if beat is not None:
            silent = (timezone.now() - beat).total_seconds()
            yield GaugeMetricFamily("steelyard_worker_silent_seconds", "Since a worker was last heard of", value=silent)


def _gauge(name: str, title: str, label: str, values: Iterable[tuple[str, int]]) -> Metric:
    family = GaugeMetricFamily(name, title, labels=(label,))
    for key, value in values:
        family.add_metric([key], value)
    return family


def text() -> bytes:
    """Everything, in the text format of Prometheus."""
    registry = CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry = _OWN
    standing = CollectorRegistry()
    standing.register(Standing())
    return generate_latest(registry) + generate_latest(standing)
