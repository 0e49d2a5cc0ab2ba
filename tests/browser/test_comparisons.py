"""A region's workbook from the upload to the partner, with the keyboard alone: compared, opened to the line, shared."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests import region

from .hands import Keyboard


def test_a_workbook_is_explained_and_its_partner_reads_why(people, tmp_path):
    file = tmp_path / "west.xlsx"
    file.write_bytes(region.workbook(*region.with_errors()))
    page = people("anna")
    page.goto("/comparisons/new")
    fingers = Keyboard(page)
    with page.expect_file_chooser() as chooser:
        fingers.press(page.get_by_label("Workbook", exact=True))
    chooser.value.set_files(file)
    period = page.get_by_role("combobox", name="Held against")
    fingers.choose(period, period.locator("option", has_text=region.PERIOD).first.inner_text())
    fingers.press(page.get_by_role("button", name="Look at it"))
    expect(page.get_by_role("heading", level=1)).to_have_text("This is how it would be read.")
    fingers.press(page.get_by_role("button", name="Compare", exact=True))
    expect(page.get_by_role("heading", level=1)).to_contain_text("10 reasons")
    fingers.press(page.get_by_role("table", name=re.compile("partners differ")).get_by_role("link", name="Alpine Diagnostics"))
    main = page.get_by_role("main")
    expect(main).to_contain_text("ALP-11 is counted twice")
    expect(main).to_contain_text("ALP-11 / 2")
    fingers.press(page.get_by_role("button", name="Share with the partner"))
    link = page.get_by_role("textbox", name="Link to send").input_value()

    partner = people("alan")
    partner.goto(link)
    expect(partner.get_by_role("main")).to_contain_text("ALP-11 / 2")
