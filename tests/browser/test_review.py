"""A review from the first rating to the partner's acknowledgement: three people, one worker."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests import company as told

from .hands import until

REVIEWED = [("Cervin Medtech", "cora"), ("Dolomit Medica", "dario")]


def test_a_manager_rates_a_colleague_publishes_and_the_partner_acknowledges(people, hand, place):
    name, partner_person = REVIEWED[place]
    page = people("carla")
    page.goto("/reviews")
    manager = hand(page)
    manager.press(page.get_by_role("table").get_by_role("link", name=name))
    expect(page.get_by_role("heading", level=1)).to_contain_text("then submit")
    manager.tick(page.get_by_role("radiogroup", name="Cooperation").get_by_role("radio", name="4"))
    manager.write(page.get_by_label("Comment", exact=True), "Keeps what was promised; the reports come late.")
    manager.press(page.get_by_role("button", name="Submit for approval"))
    expect(page.get_by_role("button", name="Submit for approval")).to_have_count(0)
    expect(page.get_by_role("main")).to_contain_text("Rated and submitted by Carla Conti")

    page = people("ben")
    page.goto("/reviews")
    colleague = hand(page)
    colleague.press(page.get_by_role("table").get_by_role("link", name=name))
    expect(page.get_by_role("main")).to_contain_text("Keeps what was promised")
    approve = page.get_by_role("button", name="Approve as Ben Baumann")
    until(page, approve.is_enabled)  # the worker scores the ratings
    colleague.write(page.get_by_label("Your password signs this review"), told.PASSWORD)
    colleague.press(approve)
    expect(page.get_by_role("main")).to_contain_text("Approved by Ben Baumann")
    until(page, lambda: page.get_by_role("heading", level=1, name=f"{name}: published, not yet acknowledged.").is_visible())

    page = people(partner_person, width=390)
    page.goto("/portal/")
    partner = hand(page)
    expect(page.get_by_role("main")).to_contain_text("2025-Q4")
    partner.press(page.get_by_role("link", name=re.compile("Acknowledge|Read", re.IGNORECASE)).first)
    expect(page.get_by_role("main")).to_contain_text("Keeps what was promised")
    partner.press(page.get_by_role("button", name="I have read this scorecard"))
    expect(page.get_by_role("main")).to_contain_text("Acknowledged on")
    page = people("carla")
    page.goto("/reviews")
    expect(page.get_by_role("row").filter(has_text=name)).to_contain_text("acknowledged")
