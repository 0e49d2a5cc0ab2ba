"""Which partner a source means: only what is exact matches by itself."""

from steelyard.attribution.exact import Match, match
from steelyard.attribution.known import match_names
from steelyard.ledger.queries import head
from steelyard.partners import actions, queries


def test_a_code_matches_itself_and_a_unique_name_its_bearer(channel_cast):
    found = match(["ALP", "  borealis   LAB", "Nobody"], source="sap")
    assert found == {"ALP": Match("ALP", "code"), "  borealis   LAB": Match("BOR", "name")}


def test_a_name_that_two_partners_bear_matches_neither(channel_cast):
    actions.add("partners", code="BOR2", name="BOREALIS lab", acting_user=channel_cast.anna)
    assert match_names(["Borealis Lab", "Alpine Diagnostics"]) == {"Alpine Diagnostics": "ALP"}


def test_wide_letters_and_ligatures_are_the_same_letters(channel_cast):
    actions.add("partners", code="FIX", name="Ｆixkraft Straße", acting_user=channel_cast.anna)
    assert match_names(["ﬁxkraft STRASSE"]) == {"ﬁxkraft STRASSE": "FIX"}


def test_what_was_decided_for_a_source_comes_before_what_was_decided_for_all(channel_cast):
    anna = channel_cast.anna
    actions.remember_matches(source="", matches={"Alpine": "BOR", "Old": ""}, method="person", acting_user=anna)
    actions.remember_matches(source="sap", matches={"Alpine": "ALP"}, method="person", acting_user=anna)
    assert match(["Alpine", "Old"], source="sap") == {"Alpine": Match("ALP", "alias"), "Old": Match(None, "alias")}
    assert match(["Alpine"], source="crm") == {"Alpine": Match("BOR", "alias")}


def test_remembering_again_writes_nothing_and_deciding_otherwise_is_one_history_row(channel_cast):
    anna = channel_cast.anna
    actions.remember_matches(source="sap", matches={"4711": "ALP"}, method="name", acting_user=anna)
    cut = head()
    assert actions.remember_matches(source="sap", matches={"4711": "ALP"}, method="name", acting_user=anna).commit_seq is None
    actions.remember_matches(source="sap", matches={"4711": "BOR"}, method="person", acting_user=anna)
    assert queries.histories(cut).aliases.select("party", "partner", "method").rows() == [("4711", "ALP", "name")]
    assert queries.histories().aliases.select("party", "partner", "method").rows() == [("4711", "BOR", "person")]
