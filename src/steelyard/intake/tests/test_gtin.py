"""Files that name products by their trade item number, and products whose number is wrong."""

from steelyard.intake import actions, queries
from steelyard.intake.tests.test_importing import HEADER, counts, load  # noqa: F401  # the fixture
from steelyard.ledger import queries as ledger
from steelyard.ledger.scope import EVERYTHING
from steelyard.products import actions as products

LINE = "A1,{line},2026-03-02,ALP,{product},1,10,EUR\n"


def orders(*given):
    return HEADER + "".join(LINE.format(line=line, product=product) for line, product in enumerate(given, start=1))


def number(anna, **gtins):
    for code, text in gtins.items():
        products.change("products", code=code.replace("_", "-"), gtin=text, acting_user=anna)


def known():
    return ledger.facts("orders", scope=EVERYTHING, columns=["line", "product"]).sort("line").collect()["product"].to_list()


def test_a_product_column_may_hold_the_number_in_any_of_its_lengths(load, channel_cast):  # noqa: F811
    number(channel_cast.anna, ANA_1="4006381333931", REA_1="036000291452")
    done = load(orders("4006381333931", "04006381333931", "036000291452", "ANA-1"))
    assert counts(done) == {"rows_in": 4, "accepted": 4}
    assert known() == ["ANA-1", "ANA-1", "REA-1", "ANA-1"]


def test_a_number_with_a_wrong_digit_or_of_no_product_waits_with_its_reason(load, channel_cast):  # noqa: F811
    number(channel_cast.anna, ANA_1="4006381333931")
    done = load(orders("4006381333932", "73513537", "ZZZ"))
    assert [(one.code, one.found) for one in done.examples] == [
        ("bad_gtin", "`4006381333932`"), ("unknown_product", "`73513537`"), ("unknown_product", "`ZZZ`"),
    ]  # fmt: skip
    number(channel_cast.anna, REA_1="73513537")
    assert counts(actions.replay(done.batch, acting_user=channel_cast.anna)) == {"rows_in": 3, "accepted": 1, "quarantined": 2}
    assert known() == ["REA-1"]


def test_a_number_that_two_products_have_means_neither(load, channel_cast):  # noqa: F811
    number(channel_cast.anna, ANA_1="4006381333931", REA_1="4006381333931")
    assert [one.code for one in load(orders("4006381333931")).examples] == ["several_products"]


def test_a_code_that_looks_like_a_number_is_a_code_first(load, channel_cast):  # noqa: F811
    products.add("products", code="40063819", name="Old", acting_user=channel_cast.anna)
    number(channel_cast.anna, ANA_1="4006381333931")
    assert counts(load(orders("40063819"))) == {"rows_in": 1, "accepted": 1}


def test_products_with_wrong_numbers_wait(load):  # noqa: F811
    done = load("code,name,gtin\nN1,New,4006381333931\nN2,Newer,4006381333932\nN3,Newest,\n", kind="products", name="p.csv")
    assert counts(done) == {"rows_in": 3, "accepted": 2, "quarantined": 1}
    row = queries.row_as_dict(queries.quarantine().get())
    assert (row["row"], row["problems"][0]["code"], row["problems"][0]["column"]) == (3, "bad_gtin", "gtin")
