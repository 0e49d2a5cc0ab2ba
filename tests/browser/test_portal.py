"""A partner on a phone: why did the score fall, and is that row right?"""

from __future__ import annotations

import re

from playwright.sync_api import expect

ASKS = [("cora", "carla", "Cervin Medtech", "down 23.1"), ("gerda", "rosa", "Geiranger Supplies", "down 10.9")]


def test_a_partner_finds_why_the_score_fell_and_questions_a_row(people, hand, place):
    username, manager, name, fell = ASKS[place]
    phone = people(username, width=390)
    phone.goto("/portal/scorecard/channel/2025-Q3")
    partner = hand(phone)
    expect(phone.get_by_role("main")).to_contain_text(fell)
    wide = phone.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390, f"the page is {wide} pixels wide"
    lost = phone.get_by_role("link", name="Reports on time", exact=True)
    partner.press(lost.first)
    expect(phone.get_by_role("heading", level=1)).to_have_text("Reports on time is 0.0%.")
    partner.press(phone.get_by_role("table").get_by_role("link", name="Sell-through").first)
    partner.press(phone.get_by_role("link", name="This row is wrong"))
    expect(phone.get_by_role("heading", level=1)).to_contain_text("What is wrong with")
    partner.write(phone.get_by_role("textbox"), "We sent this report in time; the portal was down that day.")
    partner.press(phone.get_by_role("button", name="Ask"))
    expect(phone.get_by_role("main")).to_contain_text("the portal was down that day")
    thread = phone.url

    desk = people(manager)
    desk.goto("/questions")
    staff = hand(desk)
    staff.press(desk.get_by_role("row").filter(has_text=name).filter(has_text=re.compile("open", re.IGNORECASE)).get_by_role("link").first)
    expect(desk.get_by_role("main")).to_contain_text("the portal was down that day")
    staff.write(desk.get_by_label("Your answer"), "You are right: it is corrected with the next file.")
    staff.press(desk.get_by_role("button", name="Answer", exact=True))
    expect(desk.get_by_role("heading", level=1)).to_contain_text("answered")

    phone.goto(thread)
    expect(phone.get_by_role("main")).to_contain_text("corrected with the next file")
    partner.press(phone.get_by_role("button", name="This answers it"))
    expect(phone.get_by_role("heading", level=1)).to_contain_text("closed")
