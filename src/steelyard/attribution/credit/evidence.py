"""What credit rests on, read from the ledger and the masters: live order lines, referrals and affiliations, keys resolved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

import polars as pl

from steelyard.calc.credit.rule import Rule
from steelyard.calc.credit.touches import Evidence
from steelyard.calc.facts import FACTS
from steelyard.calc.measures.live import live_rows
from steelyard.ledger import queries as ledger
from steelyard.ledger.scope import EVERYTHING
from steelyard.partners.facts import known_now, resolved
from steelyard.partners.queries import known

from .pieces import pieces

_SYSTEM = ["row_id", "sign", "reverses_row_id", "source"]
_LINE = ["document", "party", "date", "end_customer", "referred_by", "source_kind", "kind", "amount", "currency"]
_REFERRAL = ["date", "party", "end_customer", "order_document", "outcome"]
_BACK = ["return", "credit"]


def evidence(rules: Sequence[Rule], start: date, end: date) -> Iterator[tuple[Evidence, pl.Series | None]]:
    """The lines from one day until before another, piece by piece, with all that their credit rests on under any of the rules.

    The second value are the row numbers of these lines, where originals of returns had to be read beside them.
    """
    for lines in pieces(["row_id", "source", *_LINE], start, end, follow=any(rule.method != "ordering" for rule in rules)):
        asked = lines.filter(pl.col("date") >= start)["row_id"]
        yield _with_partners(lines, rules), None if len(asked) == lines.height else asked


def evidence_of_line(rules: Sequence[Rule], row: int) -> tuple[Evidence, pl.DataFrame]:
    """The line with this number, the sale it takes back, and what their credit rests on; the line is empty if it does not count."""
    orders = live_rows(ledger.facts("orders", scope=EVERYTHING, columns=[*_SYSTEM, *_LINE])).drop("sign", "reverses_row_id")
    line = orders.filter(pl.col("row_id") == row).collect()
    if line.is_empty():
        return _with_partners(line, rules), line
    day = line["date"].item()
    lines = pl.concat([_originals(orders, line, day + timedelta(days=1)), line]).unique("row_id", keep="last", maintain_order=True)
    return _with_partners(lines, rules), line


def _originals(orders: pl.LazyFrame, lines: pl.DataFrame, before: date) -> pl.DataFrame:
    """Earlier sales of the documents that returns take back."""
    back = lines.filter(pl.col("kind").is_in(_BACK)).select("source", "document").unique()
    if back.is_empty():
        return lines.clear()
    sold = orders.filter((pl.col("date") < before) & ~pl.col("kind").is_in(_BACK).fill_null(False))
    among = sold.filter(pl.col("document").is_in(back["document"].implode()))
    return among.join(back.lazy(), on=["source", "document"], how="semi").collect()


def _with_partners(lines: pl.DataFrame, rules: Sequence[Rule]) -> Evidence:
    ordered = _whom(lines, "party").select("row_id", "partner")
    whole = lines.join(ordered, on="row_id", how="left", maintain_order="left")
    if all(rule.method == "ordering" for rule in rules):
        whole = whole.with_columns(referrer=pl.lit(None, dtype=pl.String))
        referrals = _whom(_no_referrals(), "party")
    else:
        said = lines.filter(pl.col("referred_by").is_not_null())
        referrers = _whom(said, "referred_by").select("row_id", referrer="partner")
        whole = whole.join(referrers, on="row_id", how="left", maintain_order="left")
        referrals = _referrals(lines, max(rule.look_back for rule in rules))
    return Evidence(
        whole.drop("party", "referred_by").with_columns(follows=pl.lit(None, dtype=pl.String)),
        referrals.drop("party"),
        known("affiliations").select("person", "organisation", "valid_from", "valid_to"),
        known("partners").select(partner="code", type="type").unique("partner", keep="last"),
    )


def _no_referrals() -> pl.DataFrame:
    schema = FACTS["referrals"].schema
    return pl.DataFrame(schema={"row_id": pl.Int64(), "source": pl.String(), **{name: schema[name] for name in _REFERRAL}})


def _referrals(lines: pl.DataFrame, look_back: int) -> pl.DataFrame:
    """Those that name a document, and those that are recent enough for some line."""
    if lines.is_empty():
        return _whom(_no_referrals(), "party")
    facts = live_rows(ledger.facts("referrals", scope=EVERYTHING, columns=[*_SYSTEM, *_REFERRAL])).drop("sign", "reverses_row_id")
    first, last = lines["date"].min(), lines["date"].max()
    recent = (pl.col("date") >= first - timedelta(days=look_back)) & (pl.col("date") <= last)  # type: ignore[operator]
    named = pl.col("order_document").is_in(lines["document"].unique().implode())
    return _whom(facts.filter(named.fill_null(False) | (pl.col("order_document").is_null() & recent)).collect(), "party")


def _whom(rows: pl.DataFrame, key: str) -> pl.DataFrame:
    """The rows with ``partner``: whom a key means on the row's own date, as scoring resolves it."""
    named = rows.with_columns(party=pl.col(key))
    return resolved(named.lazy(), FACTS["orders"], known_now()).collect()
