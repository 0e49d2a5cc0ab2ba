"""An administrator adds a person who may see one territory; that person comes, and sees it alone."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from .conftest import sign_in

NEW = [("mila", "Mila Maurer"), ("kaspar", "Kaspar Keller")]
PASSWORD = "snow-falls-on-quiet-roofs"


def test_an_administrator_adds_a_person_who_sees_one_territory(people, hand, place, server):
    username, name = NEW[place]
    page = people("ada")
    page.goto("/administration/people")
    administrator = hand(page)
    administrator.press(page.get_by_role("link", name="Add a person"))
    administrator.write(page.get_by_label("Username"), username)
    administrator.write(page.get_by_label("Name", exact=True), name)
    administrator.write(page.get_by_label("E-mail"), f"{username}@steelyard.example")
    administrator.tick(page.get_by_role("checkbox", name=re.compile("^Partner manager")))
    administrator.choose(page.get_by_role("combobox", name="Sees"), "a territory with all below it")
    administrator.write(page.get_by_role("combobox", name="Code"), "NORTH")
    administrator.press(page.get_by_role("button", name="Add the person"))
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)
    expect(page.get_by_role("main")).to_contain_text("North")

    link = re.search(r"https?://\S+/reset/\S+", server.letter(f"{username}@steelyard.example").get_content())
    assert link, "the letter has no link"
    page = people()
    page.goto("/reset/" + link[0].split("/reset/")[1])
    newcomer = hand(page)
    newcomer.write(page.get_by_label("New password"), PASSWORD)
    newcomer.press(page.get_by_role("button", name="Set the password"))
    expect(page.get_by_label("Username")).to_be_visible()
    sign_in(page, username, PASSWORD)
    expect(page.get_by_role("main")).to_contain_text("5 partners in your scope")
    newcomer.press(page.get_by_role("navigation").get_by_role("link", name="Partners", exact=True))
    expect(page.get_by_role("main")).to_contain_text("Fjord Diagnostics")
    expect(page.get_by_role("main")).not_to_contain_text("Alpine")
    assert page.goto("/partners/ALP").status == 404
    page.goto("/overview")
    expect(page.get_by_role("main")).not_to_contain_text("Alps")
