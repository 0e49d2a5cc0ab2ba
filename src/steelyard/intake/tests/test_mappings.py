"""Mappings: what they say, what they may not say, and that they survive being written down."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from steelyard.intake.mappings import ColumnRule, Filter, Mapping, digest, read_mapping, to_yaml

HEADER = "write `header: 1`, or `header: [3, 4]` where it has two rows"
FULL = """
kind: orders
source: erp
sheet: Data
header: [3, 4]
encoding: windows-1252
separator: "\\t"
quote: none
line_end: "&|"
decimal: ","
thousands: ""
date_order: DMY
blank_words: ["", N/A, "NULL"]
currency: EUR
columns:
  document: Nr
  date: {from: Day, date_order: MDY}
  party: {from: Cust, lookup: {file: c.csv, key: k, value: {column: g, lookup: {file: g.csv, key: g, value: name}}}}
  amount: {from: Net, times: -0.01, decimal: "."}
  kind: {from: T, values: {"1": sale, 2: return, NO: credit}, otherwise: blank}
  quantity: {constant: 1, each_file: yes}
  party_name: {join: [First, Last]}
  cost: {product: [Price, Units, {one_minus: Off}]}
  shipped_on: {from: Sent, days: -4170}
  product: {from: Item, lookup: {file: items.csv, key: a, value: b, names: [a, b]}}
where: [{column: Quantity, is_not: "0", reason: free goods}, {column: T, in: [a, 1]}]
scope: {replaces: [source, partner, period]}
totals: drop
negatives: refused
covers: {report: orders, from: 2010-12-29, until: 2012-12-31}
control: {rows: 1200, amount: -45210.5}
extra: refuse
ends: blank row
bring_in: at once
"""


def test_everything_a_mapping_can_say_is_read_and_written_back():
    mapping, problems = read_mapping(FULL)
    assert problems == []
    assert (mapping.dialect.header, mapping.dialect.header_rows) == (4, 2)
    assert mapping.dialect.quote is None and mapping.dialect.separator == "\t"
    assert mapping.columns["kind"].values == {"1": "sale", "2": "return", "NO": "credit"}
    assert mapping.columns["party"].lookup.files() == ["c.csv", "g.csv"]
    assert mapping.columns["cost"].headers == ("Price", "Units", "Off")
    assert mapping.where[0] == Filter("Quantity", "is_not", ("0",), "free goods")
    again, problems = read_mapping(to_yaml(mapping))
    assert (again, problems) == (mapping, [])
    assert digest(again) == digest(mapping)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("kind: ordes\n", [("unknown_kind", "did you mean `orders`?")]),
        ("source: a\n", [("missing_key", "")]),
        ("kind: orders\ncolums: {}\n", [("unknown_key", "did you mean `columns`?")]),
        ("kind: orders\ncolumns: {amonut: X}\n", [("unknown_column", "did you mean `amount`?")]),
        ("kind: orders\ncolumns: {amount: {from: X, constant: 1}}\n", [("bad_column", "{from: THEIR COLUMN, ...}")]),
        ("kind: orders\ncolumns: {amount: {join: [A, B], product: [A, B]}}\n", [("bad_column", "{from: THEIR COLUMN, ...}")]),
        ("kind: orders\ncolumns: {amount: {product: A}}\n", [("bad_product", "[PRICE, QUANTITY, {one_minus: DISCOUNT}]")]),
        ("kind: orders\ncolumns: {date: {from: X, days: two}}\n", [("not_a_number", "")]),
        ("kind: orders\ncolumns: {amount: {from: X, times: two}}\n", [("not_a_number", "")]),
        ("kind: orders\nheader: 0\n", [("bad_header", HEADER)]),
        ("kind: orders\ndecimal: ;\n", [("not_a_choice", "one of ., ,")]),
        ("kind: orders\nwhere: [{column: A}]\n", [("bad_filter", "")]),
        ("kind: orders\nscope: {replaces: [everything]}\n", [("bad_scope", "")]),
        ("kind: orders\ncontrol: {rows: many, amount: 1.00001}\n", [("not_a_number", ""), ("not_a_number", "write `45210.50`")]),
        ("kind: orders\ncontrol: {}\n", [("not_a_mapping", "")]),
        ("kind: orders\ncovers: {report: orders, from: 2012-02-01, until: 2012-01-31}\n", [("period", "")]),
        ("- orders\n", [("not_a_mapping", "")]),
        ("kind: ordes\ncolums: {}\nheader: x\n", [("unknown_kind", "did you mean `orders`?"), ("unknown_key", "did you mean `columns`?"),
                                                  ("bad_header", HEADER)]),
    ],
)  # fmt: skip
def test_every_problem_is_found_at_once_with_its_hint(text, found):
    mapping, problems = read_mapping(text)
    assert mapping is None
    assert [(problem.code, problem.hint) for problem in problems] == found
    assert all("line " in problem.where for problem in problems)


words = st.text(st.characters(min_codepoint=32, max_codepoint=126) | st.sampled_from("éß€株"), min_size=1, max_size=12)


@given(st.dictionaries(st.sampled_from(["document", "party", "amount", "date", "kind"]), words), words, st.lists(words, max_size=3))
@example({}, "0E100", ["1e999", "2026-02-30"])
def test_any_header_and_word_survives(headers, source, blanks):
    columns = {name: ColumnRule(header=header) for name, header in headers.items()}
    mapping = Mapping("orders", source, columns, blank_words=tuple(blanks))
    assert read_mapping(to_yaml(mapping)) == (mapping, [])
