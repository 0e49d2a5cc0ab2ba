"""Jobs and messages as pages: what fails is seen and can be tried again, and everybody sees their own."""

from __future__ import annotations

import pytest

from steelyard.jobs import actions, queries
from steelyard.jobs.tasks import forget_old_jobs
from steelyard.outbox import queries as outbox


@pytest.fixture
def failed():
    """A job that a program long gone should have done."""
    job = actions.enqueue(forget_old_jobs, {"nobody": "knows this argument"}, actor="ben")
    actions.work_off(pauses=True)
    assert queries.job(job.pk).state == "failed"
    return job.pk


def test_the_list_says_how_many_failed_and_why(as_, failed):
    page = as_("dora").get("/administration/jobs?state=failed").content.decode()
    assert "1 job failed" in page and "forget old jobs" in page and "unexpected keyword argument" in page


def test_a_failed_job_is_tried_again_by_who_may_and_the_trail_says_so(as_, failed):
    from steelyard.audit.queries import entries

    assert as_("dora").post(f"/administration/jobs/{failed}/retry").status_code == 403
    browser = as_("anna")
    assert "Try again" in browser.get(f"/administration/jobs/{failed}").content.decode()
    assert browser.post(f"/administration/jobs/{failed}/retry").status_code == 302
    assert queries.job(failed).state == "waiting"
    assert entries(subject=f"job:{failed}").last().actor == "anna"
    assert browser.post(f"/administration/jobs/{failed}/cancel").status_code == 302
    assert browser.post(f"/administration/jobs/{failed}/cancel").status_code == 409


def test_everybody_sees_the_job_they_asked_for_and_nobody_elses(as_, failed):
    assert as_("ben").get(f"/account/jobs/{failed}?next=/ranking").status_code == 200
    assert as_("carla").get(f"/account/jobs/{failed}").status_code == 404


@pytest.mark.parametrize(("target", "followed"), [("/ranking", True), ("https://elsewhere.example", False), ("//elsewhere.example", False)])
def test_the_way_on_stays_in_the_house(as_, failed, target, followed):
    page = as_("ben").get(f"/account/jobs/{failed}", {"next": target}).content.decode()
    assert (f'href="{target}"' in page) == followed


def test_while_it_is_open_the_page_asks_again_with_and_without_scripts(as_):
    job = actions.enqueue(forget_old_jobs, actor="ben")
    browser = as_("ben")
    whole = browser.get(f"/account/jobs/{job.pk}").content.decode()
    assert 'http-equiv="refresh"' in whole and 'hx-trigger="every 2s"' in whole
    part = browser.get(f"/account/jobs/{job.pk}", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part and "waits for its turn" in part
    actions.work_off()
    assert "hx-trigger" not in browser.get(f"/account/jobs/{job.pk}", headers={"HX-Request": "true"}).content.decode()


def test_messages_that_are_not_sent_yet_are_seen(as_):
    assert outbox.counts()["waiting"] > 0
    page = as_("ada").get("/administration/messages").content.decode()
    assert "not sent yet" in page
