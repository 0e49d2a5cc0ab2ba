"""The scorecard as a document: it says what the page says, in the reader's language, and only to who may see it."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader

from steelyard.ledger.scope import EVERYTHING
from steelyard.scorecards import cards
from steelyard.ui import formats
from tests import company as told


def pdf(browser, subject="ALP"):
    return browser.get(f"/scorecards/{told.FRAMEWORK}/{told.NEWEST}/{subject}/pdf")


def text(answer):
    return " ".join(" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(answer.content)).pages)


def test_it_says_what_the_page_says(company, as_):
    answer = pdf(as_("anna"))
    assert answer["Content-Type"] == "application/pdf"
    said, card = text(answer), cards.card(told.FRAMEWORK, told.NEWEST, "ALP", scope=EVERYTHING)
    assert "Alpine Diagnostics" in said
    assert formats.amount(card.total, "points") in said
    assert card.receipt in said
    for line in card.lines:
        assert line.title in said
    for gate in card.requirements:
        assert gate.rule in said


def test_it_is_tagged_and_has_a_title_and_a_language(company, as_):
    reader = PdfReader(io.BytesIO(pdf(as_("anna")).content))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert "Alpine Diagnostics" in reader.metadata.title


def test_the_same_card_is_the_same_document(company, as_):
    assert pdf(as_("anna")).content == pdf(as_("ben")).content


def test_nobody_gets_the_document_of_another_partner(company, as_):
    carla = as_("carla")
    assert pdf(carla, "ALP").status_code == 200
    assert pdf(carla, "BOR").status_code == 404
    assert not told.CANARY.search(text(pdf(carla, "ALP")))


def test_german_readers_get_german(company, as_):
    anna = as_("anna")
    anna.cookies["django_language"] = "de"
    root = PdfReader(io.BytesIO(pdf(anna).content)).trailer["/Root"]
    assert root["/Lang"] == "de"


@pytest.mark.parametrize("subject", ["KAR", "BOR", "HAL"])
def test_every_card_has_a_document(company, as_, subject):
    assert len(text(pdf(as_("anna"), subject))) > 300
