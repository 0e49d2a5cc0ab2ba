"""The session ends, somebody else is quicker, a button is pressed twice, a right is taken away: nothing typed is lost."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from .conftest import sign_in

LONG = "A long text that took a quarter of an hour. " * 12


def heading(page: Page):
    return expect(page.get_by_role("heading", level=1))


def test_a_session_that_ends_in_the_middle_of_a_form_loses_no_text(people):
    page = people("carla", anew=True)
    page.goto("/questions/ask?framework=channel&period=2025-Q3&subject=INN&kpi=growth")
    page.get_by_label("Your question").fill(LONG)
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Ask").click()
    expect(page.get_by_role("main")).to_contain_text("Nothing you typed is lost")
    sign_in(page, "carla")
    heading(page).to_have_text("What you typed is still here.")
    page.get_by_role("button", name="Send again").click()
    expect(page.get_by_role("main")).to_contain_text(LONG.strip())
    heading(page).to_contain_text("an answer is due")


def test_the_second_of_two_who_edit_one_partner_is_told_who_and_what(people):
    first, second = people("anna"), people("otto")
    for page in (first, second):
        page.goto("/masters/partners/JUT/change")
    first.get_by_label("City").fill("Randers")
    first.get_by_role("button", name="Save").click()
    expect(first.get_by_role("main")).to_contain_text("Randers")
    second.get_by_label("City").fill("Horsens")
    second.get_by_label("Reason").fill("moved in spring")
    second.get_by_role("button", name="Save").click()
    heading(second).to_have_text("Anna Amstutz was quicker. Your change is not saved yet.")
    expect(second.get_by_role("main")).to_contain_text("Randers")
    expect(second.get_by_label("City")).to_have_value("Horsens")
    expect(second.get_by_label("Reason")).to_have_value("moved in spring")
    second.get_by_role("button", name="Save mine on top").click()
    expect(second.get_by_role("main")).to_contain_text("Horsens")


def test_a_button_pressed_twice_has_one_effect(people):
    page = people("alma")
    page.goto("/portal/questions/ask?framework=channel&period=2025-Q3&kpi=strategic_share")
    page.get_by_role("textbox").fill("Is the second analyser in it?")
    page.get_by_role("button", name="Ask").dblclick()
    expect(page.get_by_role("main")).to_contain_text("Is the second analyser in it?")
    page.goto("/portal/questions")
    expect(page.get_by_role("link").filter(has_text="Share of strategic products")).to_have_count(1)


def test_a_scope_that_is_removed_while_the_page_is_open_is_gone_at_the_next_click(people):
    page = people("nils")
    page.goto("/partners/FJO")
    heading(page).to_contain_text("Fjord")
    ada = people("ada")
    ada.goto("/administration/people/nils")
    ada.get_by_role("button", name="Revoke: Territory NORTH").click()
    heading(ada).to_contain_text("Nothing")
    with page.expect_navigation() as answer:
        page.get_by_role("main").get_by_role("link", name="Scorecard").first.click()
    assert answer.value.status == 404
    heading(page).to_be_visible()
    expect(page.get_by_role("main")).not_to_contain_text("Fjord")
