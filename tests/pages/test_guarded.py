"""What earlier reviews found, kept from coming back: words instead of codes, and who may not do what by a way around."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from steelyard.scorecards.reasons import in_words
from tests.company import FRAMEWORK, NEWEST

CARD = f"/scorecards/{FRAMEWORK}/{NEWEST}/KAR"  # nothing is known of it


@pytest.mark.parametrize(
    "address",
    [
        CARD,
        f"{CARD}/why",
        f"{CARD}/kpis/sell_through",
        f"/api{CARD}",
        f"/api{CARD}/kpis/sell_through",
        "/partners/KAR",
        "/ranking",
        "/overview",
    ],
)  # fmt: skip
def test_why_there_is_no_data_is_said_in_words(as_, address):
    page = as_("anna").get(address, headers={"accept-language": "en"})
    text = str(page.json()) if address.startswith("/api") else page.content.decode()
    assert page.status_code in (200, 404) and "report_missing" not in text
    if address.endswith("kpis/sell_through"):
        assert "no report “Sell-through” for 2025-" in text


def test_a_german_reader_reads_it_in_german(as_):
    with override("de"):
        assert in_words("report_missing: sell_through for 2025-07, 2025-08") == "kein Bericht „Abverkauf“ für 2025-07, 2025-08"
    assert in_words("denominator is 0") == "denominator is 0"
