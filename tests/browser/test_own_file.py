"""A file of one's own, with headings of its own, becomes a scorecard: understood, checked, brought in, scored, opened."""

from __future__ import annotations

import re

from playwright.sync_api import expect

OWN = [("HAL", "Halland Medical"), ("JUT", "Jutland Instruments")]
LINES = """Beleg;Zeile;Datum;Kunde;Artikel;Menge;Preis;Betrag;Währung
{code}-OWN;1;12.11.2025;{code};ANA-1;2;2.500,00;5.000,00;EUR
{code}-OWN;2;12.11.2025;{code};REA-1;4;100,00;400,00;EUR
"""


def test_a_file_of_ones_own_ends_in_a_scorecard(people, hand, place, tmp_path):
    code, name = OWN[place]
    file = tmp_path / f"eigene-{code}.csv"
    file.write_text(LINES.format(code=code), encoding="utf-8")
    page = people("anna")
    page.goto("/intake")
    operator = hand(page)
    operator.press(page.get_by_role("link", name="Bring in a file").first)
    with page.expect_file_chooser() as chooser:
        operator.press(page.get_by_label("File", exact=True))
    chooser.value.set_files(file)
    operator.choose(page.get_by_role("combobox", name="What is in it"), "Orders")
    operator.write(page.get_by_label("Where it comes from"), f"own-{code.lower()}")
    operator.press(page.get_by_role("button", name="Check the file"))
    asked = page.get_by_role("group", name="Does the day or the month come first")
    operator.tick(asked.get_by_role("radio", name="the day comes first"))
    operator.press(page.get_by_role("button", name="Read it so"))
    bring = page.get_by_role("button", name="Bring in 2 rows")
    expect(bring).to_be_visible()
    operator.press(bring)
    expect(page.get_by_role("heading", level=1)).to_contain_text(re.compile("rows are in"))

    operator.press(page.get_by_role("navigation").get_by_role("link", name="Scoring", exact=True))
    operator.write(page.get_by_role("textbox", name="Period"), "2025-Q4")
    operator.press(page.get_by_role("button", name="Score", exact=True))
    expect(page.get_by_role("heading", level=1)).to_have_text("This is done.")
    operator.press(page.get_by_role("link", name="Go on"))
    operator.press(page.get_by_role("row").filter(has_text=name).get_by_role("link", name=name))
    operator.press(page.get_by_role("link", name="Net sales", exact=True))
    operator.press(page.get_by_role("link", name=re.compile(f"{code}-OWN . 1")))
    expect(page.get_by_role("main")).to_contain_text(file.name)
    expect(page.get_by_role("main")).to_contain_text("€5,000")
