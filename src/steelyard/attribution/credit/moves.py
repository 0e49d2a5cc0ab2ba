"""How each partner's revenue moves under another rule, as far as a scope sees it; and the lines behind it, with the reason."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from threading import Lock
from typing import Any

import polars as pl
from django.utils import timezone

from steelyard.calc.credit.moving import compared, credited, summed, together
from steelyard.calc.credit.rule import ROLES, Rule
from steelyard.calc.credit.touches import Evidence
from steelyard.calc.errors import Missing
from steelyard.calc.scorecards.shares import exact_text
from steelyard.ledger import queries as ledger
from steelyard.ledger.scope import Scope
from steelyard.partners import belonging

from .evidence import evidence, evidence_of_line
from .rules import Known

NOBODY = ""  # whose key means no partner yet
_MOST = 12  # comparisons kept in the process, each one row a partner
_kept: OrderedDict[tuple[Any, ...], pl.DataFrame] = OrderedDict()
_lock = Lock()
_PLACE = {"name": pl.String(), "type": pl.String(), "country": pl.String(), "territory": pl.String(), "territory_name": pl.String()}


@dataclass(frozen=True)
class Days:
    """From one day until before another, and how people call it."""

    label: str
    start: date
    end: date


def moves(now: Known, other: Known, days: Days, *, scope: Scope) -> pl.DataFrame:
    """partner ("" is nobody), its name and place, currency, now, other, difference, lines of both; the largest difference first.

    Whoever sees everything sees sums that agree; a narrow scope sees its own partners.
    """
    whole = _whole(now, other, days)
    return whole if scope.everything else whole.filter(pl.col("partner").is_in(sorted(scope.partners)))


def _whole(now: Known, other: Known, days: Days) -> pl.DataFrame:
    key = (ledger.tip(), timezone.localdate(), now.digest, other.digest, days)
    with _lock:
        if key not in _kept:
            _kept[key] = _compared(now.rule, other.rule, days)
            while len(_kept) > _MOST:
                _kept.popitem(last=False)
        _kept.move_to_end(key)
        return _kept[key]


def _compared(now: Rule, other: Rule, days: Days) -> pl.DataFrame:
    sums: tuple[list[pl.DataFrame], list[pl.DataFrame]] = ([], [])
    for told, only in evidence((now, other), days.start, days.end):
        for rule, found in zip((now, other), sums, strict=True):
            found[:] = [together([*found, summed(told, rule, only)])]
    both = compared(sums[0][0], sums[1][0]).filter((pl.col("now") != 0) | (pl.col("other") != 0))
    placed = both.join(places(), on="partner", how="left", maintain_order="left")
    return placed.with_columns(pl.col("partner").fill_null(NOBODY))


def places() -> pl.DataFrame:
    """Name, type, country and territory of every partner today."""
    today = timezone.localdate()
    known = belonging.on(today)
    held = known.over_time.filter((pl.col("valid_from") <= today) & (today < pl.col("valid_to")))
    names = known.names["territory"]
    told = held.select(
        "partner", name="partner.name", type="partner.type", country="partner.country", territory="own_territory",
        territory_name=pl.col("own_territory").replace_strict(names, default=None, return_dtype=pl.String),
    )  # fmt: skip
    return told.unique("partner", keep="first").select("partner", *(pl.col(name).cast(dtype) for name, dtype in _PLACE.items()))


# --- lines ------------------------------------------------------------------------------------------------------------


def lines(partner: str, now: Known, other: Known, days: Days, *, scope: Scope) -> pl.DataFrame:
    """The lines that a partner has a share of under either rule: both parts, the difference, the shares and their reasons.

    Of an order that a partner outside the scope placed, nothing is told but the share itself.
    """
    if not scope.everything and partner not in scope.partners:
        raise Missing
    sides = _sides(partner, (now.rule, other.rule), days)
    both = sides[0].rename({"part": "now", "share": "share_now", "why": "why_now"}).join(
        sides[1].rename({"part": "other", "share": "share_other", "why": "why_other"}).drop("currency", "amount", "ordered_by"),
        on="row_id", how="full", coalesce=True,
    )  # fmt: skip
    missing = both.filter(pl.col("currency").is_null()).select("row_id")
    if missing.height:  # lines only the other rule gives a share of
        more = sides[1].select("row_id", "currency", "amount", "ordered_by")
        both = both.join(more, on="row_id", how="left", suffix="_more").with_columns(
            pl.coalesce(name, f"{name}_more").alias(name) for name in ("currency", "amount", "ordered_by")
        ).drop("currency_more", "amount_more", "ordered_by_more")  # fmt: skip
    told = both.with_columns(pl.col("now", "other").fill_null(0)).with_columns(difference=pl.col("other") - pl.col("now"))
    return _shown(told, scope).sort(pl.col("difference").abs(), "row_id", descending=[True, False])


def _sides(partner: str, rules: Sequence[Rule], days: Days) -> list[pl.DataFrame]:
    """Of each rule the lines that the partner has a share of under it."""
    found: list[list[pl.DataFrame]] = [[] for _rule in rules]
    for told, only in evidence(rules, days.start, days.end):
        near = _near(told, partner)
        for rule, sides in zip(rules, found, strict=True):
            sides.append(_side(partner, near, rule, only))
    return [pl.concat(sides) for sides in found]


def _side(partner: str, near: Evidence, rule: Rule, only: pl.Series | None) -> pl.DataFrame:
    """row_id, currency, amount, ordered_by, part, share and why, of the lines that the partner has a share of under a rule."""
    parts = credited(near, rule, only).with_columns(pl.col("partner").fill_null(NOBODY))
    mine = parts.filter(pl.col("partner") == partner)
    why = mine.group_by("row_id", maintain_order=True).agg(
        pl.col("currency", "amount", "ordered_by").first(),
        pl.col("part").sum(),
        pl.struct("numerator", "denominator").alias("shares"),
        pl.struct("role", "day", "via", "by", "person").alias("touches"),
    )
    kinds = {"share": pl.String(), "why": pl.String()}
    words = [(share_text(row["shares"]), reasons(row["touches"])) for row in why.select("shares", "touches").iter_rows(named=True)]
    return why.drop("shares", "touches").hstack(pl.DataFrame(words, schema=kinds, orient="row"))


def _near(told: Evidence, partner: str) -> Evidence:
    """The lines on which the partner can have a touch at all: their documents whole, because returns follow them."""
    if partner == NOBODY:
        return Evidence(told.lines.filter(pl.col("partner").is_null()), told.referrals, told.affiliations, told.types)
    people = told.affiliations.filter(pl.col("organisation") == partner)["person"].to_list()
    whose = [partner, *people]
    theirs = told.referrals.filter(pl.col("partner").is_in(whose))
    organisations = told.affiliations.filter(pl.col("person").is_in(whose))["organisation"].to_list()
    touched = (
        pl.col("partner").is_in([partner, *organisations])
        | pl.col("referrer").is_in(whose)
        | pl.col("document").is_in(theirs["order_document"].drop_nulls().implode())
        | pl.col("end_customer").is_in(theirs["end_customer"].drop_nulls().implode())
    )
    documents = told.lines.filter(touched.fill_null(False)).select("source", "document").unique()
    near = told.lines.join(documents, on=["source", "document"], how="semi", maintain_order="left")
    return Evidence(near, told.referrals, told.affiliations, told.types)


def share_text(shares: list[dict[str, int]]) -> str:
    """Shares of one denominator added up: `1/4`, `0.4`."""
    return exact_text(sum(one["numerator"] for one in shares), shares[0]["denominator"])


def reasons(touched: list[dict[str, Any]]) -> str:
    """The touches as codes that pages put into words: role, how it is known, day, referral, person."""
    return "|".join(
        ",".join((ROLES[one["role"]], one["by"], one["day"].isoformat(), str(one["via"] or ""), one["person"] or "")) for one in touched
    )


def _shown(told: pl.DataFrame, scope: Scope) -> pl.DataFrame:
    """With the document, day and product of each line, and the name of who ordered; blank where that is not to be seen."""
    wanted = ["row_id", "document", "line", "date", "product"]
    facts = ledger.facts("orders", scope=scope, columns=wanted).filter(pl.col("row_id").is_in(told["row_id"].implode())).collect()
    names = belonging.on(timezone.localdate()).names["partner"]
    ordered = pl.col("ordered_by")
    seen = ordered.is_not_null() if scope.everything else ordered.is_in(sorted(scope.partners)).fill_null(False)
    with_facts = told.join(facts.unique("row_id"), on="row_id", how="left", maintain_order="left")
    hidden = ["document", "line", "product", "amount", "ordered_by"]
    masked = with_facts if scope.everything else with_facts.with_columns(pl.when(seen).then(pl.col(name)).alias(name) for name in hidden)
    name = ordered.replace_strict(names, default=None, return_dtype=pl.String)
    return masked.with_columns(ordered_name=name, seen=seen | pl.lit(scope.everything))


def one_line(row: int, rules: list[Known], *, scope: Scope) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """A line, and of each rule its touches with share and part; only for whoever sees the partner that placed it."""
    told, line = evidence_of_line([known.rule for known in rules], row)
    if line.is_empty():
        raise Missing
    ordering = told.lines.filter(pl.col("row_id") == row)["partner"].item()
    if not scope.everything and ordering not in scope.partners:
        raise Missing
    return line, [credited(told, known.rule, line["row_id"]) for known in rules]
