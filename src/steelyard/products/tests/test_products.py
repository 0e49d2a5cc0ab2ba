"""Products, categories, units."""

import pytest

from steelyard.calc.errors import Refused
from steelyard.ledger.queries import head
from steelyard.products import actions, queries
from tests.cast import JULY


def test_a_product_moved_to_another_category_was_in_the_old_one_before(channel_cast):
    cut = head()
    actions.change("products", code="REA-1", category="SYS", valid_from=JULY, acting_user=channel_cast.anna)
    assert queries.known("products", code="REA-1")["category"].to_list() == ["CON", "SYS"]
    assert queries.known("products", cut, code="REA-1")["category"].to_list() == ["CON"]


def test_categories_are_a_tree(channel_cast):
    actions.add("categories", code="REAG", name="Reagents", parent="CON", acting_user=channel_cast.anna)
    with pytest.raises(Refused, match="CON → REAG → CON"):
        actions.change("categories", code="CON", parent="REAG", acting_user=channel_cast.anna)


def test_factors_are_exact(channel_cast):
    actions.add("units", product="REA-1", unit="box", factor="0.333333", acting_user=channel_cast.anna)
    assert queries.known("units")["factor"].to_list() == [333_333]
    for bad in ("0", "-1", "1.1234567", 0.5, "many"):
        with pytest.raises(Refused):
            actions.add("units", product="REA-2", unit="box", factor=bad, acting_user=channel_cast.anna)


def test_a_unit_without_a_product_is_for_every_product(channel_cast):
    actions.add("units", unit="dozen", factor=12, acting_user=channel_cast.anna)
    assert queries.get("units", "", "dozen").factor == 12_000_000


def test_retiring_a_product_keeps_it_in_the_list_as_retired(channel_cast):
    actions.retire("products", code="REA-2", valid_from=JULY, acting_user=channel_cast.anna)
    assert queries.get("products", "REA-2").status == "retired"
