"""The matching queue with the keyboard alone: chosen, matched, none of ours with a reason, skipped, undone, by keys as shown."""

from __future__ import annotations

from playwright.sync_api import expect

LINES = """document,line,date,party,product,quantity,unit price,amount,currency
K-1,1,2025-12-05,Alpin Diagnostik,REA-1,1,30,30000,EUR
K-2,1,2025-12-05,Zeta Labor,REA-1,1,30,20000,EUR
"""


def test_names_are_matched_with_the_keyboard_alone(people, tmp_path):
    page = people("anna")
    page.goto("/matching")
    token = page.locator("[name=csrfmiddlewaretoken]").first.get_attribute("value")
    rows = [dict(zip(LINES.split("\n")[0].split(","), line.split(","), strict=True)) for line in LINES.strip().split("\n")[1:]]
    for row in rows:
        columns = {name.replace(" ", "_"): value for name, value in row.items()}
        sent = page.request.post("/api/facts/orders", data={"source": "erp", "columns": columns}, headers={"X-CSRFToken": token})
        assert sent.ok, sent.text()
    page.goto("/matching?f=zeta")
    heading = page.get_by_role("heading", level=1)
    for _ in range(20):
        if "1 name to match" in heading.inner_text():
            break
        page.reload()
    page.goto("/matching")
    keyboard = page.keyboard
    expect(page.get_by_role("main").get_by_role("heading", level=2).first).to_have_text("Alpin Diagnostik")
    keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("Undo my last decision")
    keyboard.press("Escape")
    keyboard.press("s")
    expect(page.get_by_role("main").get_by_role("heading", level=2).first).to_have_text("Zeta Labor")
    keyboard.press("n")
    keyboard.type("own demo stock")
    keyboard.press("Enter")
    expect(page.get_by_text("Zeta Labor is remembered as none of ours.")).to_be_visible()
    keyboard.press("u")
    expect(page.get_by_text("Zeta Labor waits again.")).to_be_visible()
    keyboard.press("k")
    expect(page.get_by_role("main").get_by_role("heading", level=2).first).to_have_text("Alpin Diagnostik")
    keyboard.press("/")
    keyboard.type("cervin")
    keyboard.press("Enter")
    expect(page.get_by_role("columnheader", name="Cervin Medtech")).to_be_visible()
    page.goto("/matching?source=erp&party=Alpin+Diagnostik")
    first = page.get_by_role("radio").first
    keyboard.press("1")
    expect(first).to_be_checked()
    chosen = first.get_attribute("value")
    assert chosen == "ALP"
    keyboard.press("Enter")
    expect(page.get_by_text("Alpin Diagnostik is remembered as Alpine Diagnostics.")).to_be_visible()
    keyboard.press("u")  # and nothing is left for whoever comes next
    expect(page.get_by_text("Alpin Diagnostik waits again.")).to_be_visible()
