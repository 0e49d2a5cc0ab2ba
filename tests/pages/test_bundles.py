"""Whoever reads a scorecard can take it along and compute it again: the company's people, and the partner its own."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from steelyard.accounts.actions import make_token
from steelyard.calc.receipts.recompute import verify
from steelyard.scorecards import queries
from tests import company as told

CARD = f"{told.FRAMEWORK}/{told.NEWEST}"


def results():
    """Subject -> number of the receipt in force."""
    return {one.subject: one.receipt for one in queries.results(queries.published(told.FRAMEWORK, told.NEWEST, "ALP").run)}


@pytest.mark.parametrize(
    ("who", "address"),
    [
        ("anna", f"/scorecards/{CARD}/ALP/bundle"),
        ("anna", f"/api/scorecards/{CARD}/ALP/bundle"),
        ("alan", f"/portal/scorecard/{CARD}/bundle"),
        ("alan", f"/api/portal/scorecards/{CARD}/bundle"),
    ],
)
def test_the_bundle_verifies_and_has_the_number_that_the_page_shows(company, as_, who, address):
    answer = as_(who).get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/zip")
    found = verify(answer.content)
    number = results()["ALP"]
    assert found.number == number
    assert "-".join((number[:4], number[4:8], number[8:12])) in as_(who).get(address.replace("/bundle", "").replace("/api", "")
        .replace("/portal/scorecards", "/portal/scorecard")).content.decode()  # fmt: skip


def test_another_partners_bundle_is_not_there(company, as_):
    assert as_("carla").get(f"/scorecards/{CARD}/BOR/bundle").status_code == 404
    assert as_("alan").get(f"/scorecards/{CARD}/BOR/bundle").status_code in (403, 404)


def test_everybodys_bundle_of_the_company_verifies(company, as_):
    for subject in results():
        assert verify(as_("anna").get(f"/scorecards/{CARD}/{subject}/bundle").content).subject == subject


def test_the_receipts_page_says_how_to_verify(company, as_):
    page = as_("anna").get(f"/scorecards/{CARD}/ALP/receipt").content.decode()
    assert "steelyard verify-receipt receipt-" in page and f"/scorecards/{CARD}/ALP/bundle" in page


def test_a_token_for_scores_alone_gets_no_rows_in_a_bundle(company, client):
    ways = {"scores.read": 403, "orders.read": 403, "both": 200}
    for scope, status in ways.items():
        scopes = ["scores.read", "orders.read"] if scope == "both" else [scope]
        until = timezone.now() + timedelta(days=1)
        _, secret = make_token(name=scope, scopes=scopes, expires_at=until, acting_user=company.people.anna)
        answer = client.get(f"/api/scorecards/{CARD}/ALP/bundle", headers={"Authorization": f"Bearer {secret}"})
        assert answer.status_code == status, scope
