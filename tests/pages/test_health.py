"""What machines ask, and what everybody sees while the database is away."""

from __future__ import annotations

import json
import logging
from collections import namedtuple

import pytest
from django.db import OperationalError, connection
from django.http import HttpResponse
from django.test import Client
from django.urls import path
from django.utils import timezone

from steelyard.config.urls import handler500  # noqa: F401  the same as in the product
from steelyard.jobs import queries
from steelyard.jobs.leases import beat
from steelyard.operations import health

urlpatterns = [path("reads", lambda request: HttpResponse(str(queries.workers())))]  # a page that asks the database
Usage = namedtuple("Usage", "total used free")


class Away:
    """A database that answers nothing."""

    def __call__(self, *_):
        raise OperationalError("connection refused: password=canary")


@pytest.fixture
def browser():
    return Client(raise_request_exception=False)


@pytest.fixture
def away(monkeypatch):
    """From now on every statement fails."""
    with connection.execute_wrapper(Away()):
        yield


def ready(browser) -> tuple[int, dict]:
    answer = browser.get("/health/ready")
    return answer.status_code, {name: check["ok"] for name, check in answer.json()["checks"].items()}


def test_alive_asks_nothing_of_the_database(browser, away):
    assert browser.get("/health/live").json() == {"live": True}


def test_ready_when_the_database_the_worker_and_the_disk_are_well(browser):
    beat("one", timezone.now())
    assert ready(browser) == (200, {"database": True, "migrations": True, "worker": True, "disk": True})


def test_not_ready_without_a_worker_unless_it_is_not_expected(browser, settings):
    status, checks = ready(browser)
    assert (status, checks["worker"]) == (503, False)
    settings.WORKER_EXPECTED = False
    assert ready(browser) == (200, {"database": True, "migrations": True, "disk": True})


def test_not_ready_while_the_database_is_away(browser, away):
    answer = browser.get("/health/ready")
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert not answer.json()["checks"]["database"]["ok"]
    assert b"canary" not in answer.content


def test_not_ready_when_the_disk_is_nearly_full(browser, monkeypatch):
    beat("one", timezone.now())
    monkeypatch.setattr(health.shutil, "disk_usage", lambda folder: Usage(10**12, 10**12, 2**20))
    assert ready(browser) == (503, {"database": True, "migrations": True, "worker": True, "disk": False})


@pytest.mark.urls(__name__)
def test_a_page_says_that_the_database_is_away_and_nothing_else(browser, away):
    answer = browser.get("/reads")
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "database does not answer" in answer.content.decode()
    assert b"canary" not in answer.content and b"Traceback" not in answer.content


@pytest.mark.urls(__name__)
def test_a_full_disk_is_told_as_such(browser):
    def full(*_):
        raise OperationalError("database or disk is full")

    with connection.execute_wrapper(full):
        answer = browser.get("/reads")
    assert answer.status_code == 507 and "no room left" in answer.content.decode()


def test_metrics_are_for_this_machine_and_for_who_has_the_token(browser, settings):
    settings.METRICS_TOKEN = "a-token-of-the-monitor"
    assert browser.get("/metrics", REMOTE_ADDR="127.0.0.1").status_code == 200
    assert browser.get("/metrics", REMOTE_ADDR="10.0.0.9").status_code == 403
    assert browser.get("/metrics", REMOTE_ADDR="127.0.0.1", headers={"X-Forwarded-For": "10.0.0.9"}).status_code == 403
    assert browser.get("/metrics", REMOTE_ADDR="10.0.0.9", headers={"Authorization": "Bearer wrong"}).status_code == 403
    assert browser.get("/metrics", REMOTE_ADDR="10.0.0.9", headers={"Authorization": "Bearer a-token-of-the-monitor"}).status_code == 200
    settings.METRICS_TOKEN = ""
    assert browser.get("/metrics", REMOTE_ADDR="10.0.0.9", headers={"Authorization": "Bearer "}).status_code == 403


def test_metrics_count_requests_by_pattern_and_tell_how_the_queue_stands(browser):
    browser.get("/health/live")
    text = browser.get("/metrics").content.decode()
    assert 'steelyard_requests_total{method="GET",route="health/live",status="200"}' in text
    assert f'steelyard_jobs{{state="waiting"}} {queries.waiting().by_state["waiting"]}.0' in text


def test_each_answer_has_a_number_that_its_log_lines_carry(browser, caplog):
    with caplog.at_level(logging.INFO, logger="steelyard.web"):
        answer = browser.get("/nothing-here?token=canary", headers={"X-Request-ID": "from-the-proxy-1"})
    line = caplog.records[-1].msg
    assert answer["X-Request-ID"] == "from-the-proxy-1"
    assert (line["event"], line["request"], line["status"]) == ("answered", "from-the-proxy-1", 404)
    assert "canary" not in json.dumps({key: str(value) for key, value in line.items()})
    assert browser.get("/health/live", headers={"X-Request-ID": "<script>"})["X-Request-ID"] != "<script>"


def test_secrets_are_not_written():
    from steelyard.config.logs import without_secrets

    told = without_secrets(None, "info", {"event": "x", "password": "canary", "api_key": "canary", "Authorization": "canary", "status": 1})
    assert "canary" not in str(told) and told["status"] == 1
