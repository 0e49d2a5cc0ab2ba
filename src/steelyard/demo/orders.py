"""Order lines (sell-in), one quarter at a time, as a frame in stored types with helper columns that begin with ``_``.

A quarter is generated alone and vectorised, so that ten million lines cost seconds and little memory.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from steelyard.calc.facts import FACTS

from . import atlas, calendar, cast
from .catalogue import MOVED_PRODUCT, SLOT_WEIGHT, TOPS
from .draws import Whole
from .persons import REFERRER_CODES, referred_per_mille, referrers
from .world import World

MONEY, PRICE, NUMBER = 100, 1_000_000, 1_000_000  # stored units in one cent, one cent of a price, one unit of goods
_PREFIX = {"erp-us": "SO-", "erp-de": "45", "erp-west": "F", "erp-north": "N-", "erp-apac": "AP"}
UNLISTED = ("C99901", "Unlisted Medical Supply LLC", 6)  # a buyer that nobody knows: key, name, quarter


def dates(numbers: Whole) -> pl.Series:
    """Day numbers as dates."""
    return pl.Series(numbers.astype(np.int32)).cast(pl.Date)


def choose(texts: list[str] | list[str | None], positions: Whole) -> pl.Series:
    """The texts at the given positions; -1 is nothing."""
    known = pl.Series(positions).replace(-1, None)
    return pl.Series(texts, dtype=pl.String).gather(known)


def orders(world: World, quarter: int) -> pl.DataFrame:
    """The order lines of one quarter. Helper columns: ``_source``, ``_partner`` (code; null: nobody knows), ``_top``
    (top category on the day), ``_number`` and ``_slot`` (partner and place in its range), ``_month``."""
    partners, catalogue = world.partners, world.catalogue
    months = range(3 * quarter, 3 * quarter + 3)
    counts = [world.lines[:, month] for month in months]
    partner = np.concatenate([np.repeat(np.arange(partners.count), count) for count in counts])
    month = np.repeat(np.array(months), [int(count.sum()) for count in counts])
    every = np.concatenate(counts)
    position = np.arange(len(partner)) - np.repeat(np.cumsum(every) - every, every)
    size = partners.document_size[partner]
    document = np.cumsum(position % size == 0) - 1
    heads = np.flatnonzero(position % size == 0)
    head = _documents(world, quarter, partner[heads], month[heads])
    draws = world.draws("orders", quarter)
    slot = draws.weighted(SLOT_WEIGHT, len(partner))
    product = world.ranges[partner, slot]
    quantity = catalogue.least[product] + draws.below(catalogue.most[product] - catalogue.least[product] + 1, len(partner))
    returned = draws.chance(_return_chance(partner, month), len(partner))
    factor = world.price_factor[partner, month]
    price = np.maximum(1, catalogue.price[product] * factor // 1000 * (1000 - partners.discount[partner]) // 1000)
    unit_cost = np.maximum(1, catalogue.price[product] * factor // 1000 * 420 // 1000)
    yen = np.array([currency == "JPY" for currency in partners.currency])[partner]
    price, unit_cost = (np.where(yen, np.maximum(100, value // 100 * 100), value) for value in (price, unit_cost))
    late = np.where(draws.chance(120, len(partner)), draws.between(1, 12, len(partner)), -draws.between(0, 3, len(partner)))
    day, promised = head["day"][document], head["promised"][document]
    signed = np.where(returned, -quantity, quantity)
    shipped = pl.Series(np.where(returned, -1, promised + np.maximum(late, day - promised + 1)).astype(np.int32))
    number = 10_000_000 + 1_000_000 * quarter + document + 1
    frame = pl.DataFrame(
        {
            "_source": choose(list(atlas.SOURCES), partners.source[partner]),
            "_number": partner, "_slot": slot, "_month": month, "_document": document,
            "_partner": choose(partners.code, partner),
            "document": choose([_PREFIX[source] for source in atlas.SOURCES], partners.source[partner])
            + pl.Series(number).cast(pl.String),
            "line": pl.Series((position % size + 1) * 10).cast(pl.String),
            "date": dates(day),
            "party": choose([partners.keys(one) for one in range(partners.count)], partner),
            "party_name": choose(partners.name, partner),
            "representative": choose(_representatives(world, quarter), world.territory_of[partner]),
            "reported_territory": choose(partners.territory, partner),
            "product": choose(catalogue.codes, product),
            "end_customer": choose(list(atlas.CUSTOMERS), head["customer"][document]),
            "quantity": signed * NUMBER,
            "unit": choose(["each"], np.zeros(len(partner), dtype=np.int64)),
            "unit_price": price * PRICE,
            "amount": signed * price * MONEY,
            "currency": choose(partners.currency, partner),
            "document_currency": choose(["EUR"], np.full(len(partner), -1)),
            "cost": signed * unit_cost * MONEY,
            "kind": choose(["sale", "return"], returned.astype(np.int64)),
            "source_kind": choose(["partner", "representative", "campaign", "direct", "referral"], head["brought"][document]),
            "referred_by": choose(REFERRER_CODES, head["referrer"][document]),
            "promised_on": dates(promised),
            "shipped_on": shipped.replace(-1, None).cast(pl.Date),
            "ordered_quantity": quantity * NUMBER,
            "on_credit": head["credit"][document],
            "_top": choose(list(TOPS), catalogue.top_number[product]),
        }
    )  # fmt: skip
    return _strange_keys(_moved_product(frame), quarter)


def _documents(world: World, quarter: int, partner: Whole, month: Whole) -> dict[str, Whole]:
    """What the lines of one document share."""
    draws, size = world.draws("documents", quarter), len(partner)
    place = draws.below(calendar.BUSINESS_DAYS[month], size)
    last_days = calendar.BUSINESS_DAYS[month] - 1 - draws.below(5, size)
    pushed = (partner == cast.STUFFING) & (month % 3 == 2) & (month >= calendar.month_of(cast.STUFFING_SINCE))
    place = np.where(pushed & draws.chance(800, size), last_days, place)
    day = calendar.BUSINESS_DAY[month, place]
    new = (partner == cast.NEW) & (month == calendar.month_of(cast.NEW_SINCE))
    day = np.where(new, np.maximum(day, calendar.day(cast.NEW_SINCE)), day)
    agents = np.array([kind == "agent" for kind in world.partners.kind])[partner]
    customer = np.where(agents, draws.below(len(atlas.CUSTOMERS), size), -1)
    brought = draws.weighted([70, 15, 8, 7], size)
    referrer = np.where(draws.chance(referred_per_mille(world, partner), size), referrers(world, partner, draws.below(1 << 20, size)), -1)
    return {
        "day": day, "promised": day + draws.between(5, 15, size), "customer": customer, "referrer": referrer,
        "brought": np.where(referrer >= 0, 4, brought), "credit": draws.chance(840, size),
    }  # fmt: skip


def _return_chance(partner: Whole, month: Whole) -> Whole:
    chance = np.full(len(partner), cast.NORMAL_RETURNS, dtype=np.int64)
    chance[(partner == cast.RETURNS) & (month >= calendar.month_of(cast.RETURNS_FROM))] = cast.SPREE_RETURNS
    return chance


def _representatives(world: World, quarter: int) -> list[str]:
    """Per territory, whom the order systems name: who looked after it when the quarter began."""
    first = calendar.first_of(3 * quarter)
    return [world.representative_on(territory, first) for territory in world.territories]


def _moved_product(frame: pl.DataFrame) -> pl.DataFrame:
    """One product counts as an instrument since it was moved."""
    moved = (pl.col("product") == MOVED_PRODUCT) & (pl.col("date") >= cast.PRODUCT_MOVED_ON)
    return frame.with_columns(_top=pl.when(moved).then(pl.lit("INS")).otherwise("_top"))


def _strange_keys(frame: pl.DataFrame, quarter: int) -> pl.DataFrame:
    """Lines whose partner cannot be known: a buyer in no list, and a name that two partners share."""
    twins = pl.col("_number").is_in(list(cast.SAME_NAME)) & (pl.col("_document") % 9 == 0)
    bare = pl.col("party_name").str.to_uppercase()
    frame = frame.with_columns(party=pl.when(twins).then(bare).otherwise("party"), _partner=pl.when(twins).then(None).otherwise("_partner"))
    key, name, when = UNLISTED
    if quarter != when:
        return frame
    american = frame.filter(pl.col("_source") == "erp-us")["_document"].unique(maintain_order=True).head(6)
    unlisted = pl.col("_document").is_in(american.to_list())
    return frame.with_columns(
        party=pl.when(unlisted).then(pl.lit(key)).otherwise("party"),
        party_name=pl.when(unlisted).then(pl.lit(name)).otherwise("party_name"),
        _partner=pl.when(unlisted).then(None).otherwise("_partner"),
    )


def stored(kind: str, frame: pl.DataFrame) -> pl.DataFrame:
    """The frame without its helpers, in the catalogue's columns, types and order; what the company does not record is null."""
    known = frame.columns
    return frame.select(
        (pl.col(name) if name in known else pl.lit(None)).cast(dtype).alias(name) for name, dtype in FACTS[kind].schema.items()
    )
