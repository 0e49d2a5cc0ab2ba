"""Who reads: a leader from the overview to one order line, an auditor to whoever changed a target."""

from __future__ import annotations

from playwright.sync_api import expect

from .prepare import RESTATED


def test_a_leader_goes_from_the_overview_to_one_order_line_in_four_clicks(people, hand):
    page = people("ben")
    page.goto("/overview")
    expect(page.get_by_role("heading", level=1)).to_have_text("6 of 10 partners are Solid or better. North lost the most.")
    leader = hand(page)
    leader.press(page.get_by_role("link", name="Alps, Sales against target: 100 percent of the points"))
    cervin = page.get_by_role("row").filter(has_text="Cervin Medtech")
    leader.press(cervin.get_by_role("link", name="130.7%"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Sales against target is 130.7%.")
    leader.press(page.get_by_role("link", name="CER-11 · 1"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("belongs to Cervin Medtech")
    expect(page.get_by_role("heading", name="Where it came from")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("orders-2025-q3.csv")
    expect(page.get_by_role("main")).to_contain_text("Sales against target")  # where it counts
    assert leader.presses <= 4


def test_an_auditor_finds_who_changed_a_target_and_changes_nothing(people, hand):
    page = people("dora")
    page.goto("/")
    auditor = hand(page)
    auditor.press(page.get_by_role("navigation").get_by_role("link", name="Orders"))
    auditor.open(page.get_by_role("group").filter(has_text="What").locator("summary"))
    auditor.press(page.get_by_role("link", name="Targets", exact=True))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Targets")
    auditor.write(page.get_by_role("searchbox", name="Search in this list"), RESTATED["partner"])
    page.keyboard.press("Enter")
    page.wait_for_url("**q=HAL*")
    auditor.press(page.get_by_role("row").filter(has_text="€1,720").get_by_role("link").first)
    story = page.get_by_role("main")
    expect(story).to_contain_text("€1,720.00")
    expect(story).to_contain_text("Said before")
    expect(story).to_contain_text("€1,500.00")
    expect(story).to_contain_text(RESTATED["file"])
    expect(story).to_contain_text("anna")
    page.goto("/masters/partners/HAL")
    expect(page.get_by_role("heading", level=1, name="Halland Medical")).to_be_visible()
    expect(page.get_by_role("main").get_by_role("link", name="Change")).to_have_count(0)
    assert page.goto("/masters/partners/HAL/change").status == 403
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.goto("/intake/new").status == 403
