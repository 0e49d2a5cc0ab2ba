"""Lines that came before their partner are matched by its name when it comes."""

from steelyard.attribution.actions import match_waiting
from steelyard.attribution.unmatched import unmatched
from steelyard.intake.tests.test_importing import load  # noqa: F401  # the fixture
from steelyard.ledger import queries as ledger
from steelyard.partners import queries as partners

TEXT = "document,date,party,party_name,amount,currency\nA,2026-01-01,4711,New Lab,5,EUR\nB,2026-01-03,4711,New Lab,5,EUR\n"


def test_partners_loaded_after_their_orders_are_matched(load, channel_cast):  # noqa: F811
    load(TEXT)
    assert [tuple(map(str, row)) for row in unmatched().rows()] == [("erp", "4711", "New Lab", "2", "2026-01-01", "2026-01-03")]
    load("code,name\nNEW,new  LAB\n", kind="partners", name="p.csv", source="office")
    assert partners.listing("aliases").select("source", "party", "partner", "method").rows() == [("erp", "4711", "NEW", "name")]
    assert unmatched().is_empty()
    cut = ledger.head()
    assert (match_waiting(acting_user=channel_cast.anna), ledger.head()) == ({}, cut)
