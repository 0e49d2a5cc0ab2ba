"""What partners report of their own: sales to end customers, stock at month end, and whether they reported at all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from . import atlas, calendar, cast
from .catalogue import SERVICE_SLOT, SLOTS
from .draws import Flags, Whole
from .orders import MONEY, NUMBER, PRICE, choose, dates, orders
from .world import World

RECEIVED_NEVER = -1


@dataclass(frozen=True, slots=True)
class Flow:
    """Units per partner, slot and month: bought, sold on and left at the month's end."""

    bought: Whole
    sold: Whole
    stock: Whole


def bought(world: World, quarters: list[pl.DataFrame] | None = None) -> Whole:
    """Units ordered, net of returns, per partner, slot and month."""
    shape = (world.partners.count, len(SLOTS), calendar.MONTHS)
    units = np.zeros(shape, dtype=np.int64)
    for frame in quarters or (orders(world, quarter) for quarter in range(calendar.QUARTERS)):
        columns = [frame[name].to_numpy() for name in ("_number", "_slot", "_month")]
        np.add.at(units, tuple(columns), frame["quantity"].to_numpy() // NUMBER)
    return units


def flow(world: World, units: Whole) -> Flow:
    """Roll stock forward: partners sell on about what they have lately bought, as far as they have it."""
    draws, shape = world.draws("flow"), units.shape
    opening = units[:, :, :12].sum(axis=2) // 8
    stock, sold = np.empty(shape, dtype=np.int64), np.empty(shape, dtype=np.int64)
    usual = units[:, :, :12].sum(axis=2) // 12
    stuffed = cast.STUFFING
    before = units[stuffed, :, calendar.month_of(cast.STUFFING_SINCE) - 12 : calendar.month_of(cast.STUFFING_SINCE)].sum(axis=1) // 12
    left = opening
    for month in range(calendar.MONTHS):
        recent = units[:, :, max(0, month - 2) : month + 1]
        demand = (usual if month < 2 else recent.sum(axis=2) // 3) * draws.between(900, 1080, left.size).reshape(left.shape) // 1000
        if month >= calendar.month_of(cast.STUFFING_SINCE):
            demand[stuffed] = before  # the market does not buy more because more was pushed into the channel
        available = np.maximum(0, left + units[:, :, month])
        sold[:, :, month] = np.clip(demand, 0, available)
        left = available - sold[:, :, month]
        stock[:, :, month] = left
    for amounts in (sold, stock):
        amounts[:, SERVICE_SLOT] = 0
        amounts[~world.partners.reports] = 0
        amounts[cast.NEW] = 0
        amounts[cast.LATE, :, calendar.month_of(cast.NIL_FROM) :] = 0
    return Flow(units, sold, stock)


def _cells(world: World, amounts: Whole, reported: Flags) -> tuple[Whole, Whole, Whole]:
    """Partner, slot and month of every amount above zero that was reported, in order of month and partner."""
    month, partner, slot = np.nonzero(np.moveaxis(np.where(reported[:, None, :], amounts, 0), 2, 0) > 0)
    return partner, slot, month


def sell_through(world: World, units: Flow) -> pl.DataFrame:
    """Point-of-sale lines of all reported months; ``_received`` is the day on which the report came in."""
    received = coverage_days(world)
    partner, slot, month = _cells(world, units.sold, received != RECEIVED_NEVER)
    draws, size = world.draws("sell through"), len(partner)
    quantity = units.sold[partner, slot, month]
    place = draws.below(calendar.BUSINESS_DAYS[month], size)
    customer = (partner * 7 + draws.weighted([30, 16, 12, 8, 7, 6, 5, 4, 4, 3, 3, 2], size) * 11) % len(atlas.CUSTOMERS)
    giant = (partner == cast.FALLING) & (month <= calendar.month_of(cast.CUSTOMER_LEFT)) & draws.chance(600, size)
    named = [*atlas.CUSTOMERS, cast.MAIN_CUSTOMER]
    customer = np.where(giant, len(atlas.CUSTOMERS), customer)
    product = world.ranges[partner, slot]
    price = world.catalogue.price[product] * world.price_factor[partner, month] // 1000 * draws.between(930, 990, size) // 1000
    yen = np.array([currency == "JPY" for currency in world.partners.currency])[partner]
    price = np.where(yen, np.maximum(100, price // 100 * 100), np.maximum(1, price))
    codes = choose(world.partners.code, partner)
    return pl.DataFrame(
        {
            "_partner": codes, "_number": partner, "_month": month, "_received": received[partner, month],
            "document": codes + "/" + choose([calendar.month_label(one) for one in range(calendar.MONTHS)], month),
            "line": pl.Series(slot + 1).cast(pl.String),
            "date": dates(calendar.BUSINESS_DAY[month, place]), "party": codes, "party_name": choose(world.partners.name, partner),
            "end_customer": choose(named, customer), "end_customer_country": codes.str.head(2),
            "reported_territory": choose(world.partners.territory, partner),
            "product": choose(world.catalogue.codes, product), "quantity": quantity * NUMBER,
            "unit": choose(["each"], np.zeros(size, dtype=np.int64)), "unit_price": price * PRICE,
            "amount": quantity * price * MONEY, "currency": choose(world.partners.currency, partner),
            "cost": quantity * (price * 740 // 1000) * MONEY, "lot": choose(["-"], np.full(size, -1)),
            "kind": choose(["sale"], np.zeros(size, dtype=np.int64)),
        }
    )  # fmt: skip


def inventory(world: World, units: Flow) -> pl.DataFrame:
    """Stock per product at the month ends that were reported; reagents and consumables carry an expiry date."""
    received = coverage_days(world)
    partner, slot, month = _cells(world, units.stock, received != RECEIVED_NEVER)
    draws, size = world.draws("inventory"), len(partner)
    quantity, product = units.stock[partner, slot, month], world.ranges[partner, slot]
    price = world.catalogue.price[product] * world.price_factor[partner, month] // 1000 * 700 // 1000
    price = np.where(np.array([currency == "JPY" for currency in world.partners.currency])[partner], price // 100 * 100 + 100, price + 1)
    perishable = np.isin(world.catalogue.top_number[product], (1, 2))
    turnover = 30 * quantity // np.maximum(1, units.sold[partner, slot, month])  # days of stock: old stock expires sooner
    life = np.maximum(20, draws.between(240, 620, size) - turnover)
    codes = choose(world.partners.code, partner)
    expires = pl.Series(np.where(perishable, calendar.MONTH_END[month] + life, -1).astype(np.int32)).replace(-1, None)
    return pl.DataFrame(
        {
            "_partner": codes, "_number": partner, "_month": month, "_received": received[partner, month],
            "date": dates(calendar.MONTH_END[month]), "party": codes, "party_name": choose(world.partners.name, partner),
            "product": choose(world.catalogue.codes, product),
            "lot": "L" + choose([calendar.month_label(one).replace("-", "") for one in range(calendar.MONTHS)], month),
            "quantity": quantity * NUMBER, "unit": choose(["each"], np.zeros(size, dtype=np.int64)),
            "cost": quantity * price * MONEY, "currency": choose(world.partners.currency, partner),
            "expires_on": expires.cast(pl.Date), "adjusted": pl.Series([None] * size, dtype=pl.Int64),
        }
    )  # fmt: skip


def due_days() -> Whole:
    """The tenth of the following month, per month."""
    return calendar.MONTH_END + 10


def coverage_days(world: World) -> Whole:
    """The day each partner's report of each month came in, or RECEIVED_NEVER: [partner, month]."""
    partners, draws = world.partners, world.draws("coverage")
    shape = (partners.count, calendar.MONTHS)
    late = draws.chance(np.repeat(260 - 2 * partners.care - partners.care // 2, calendar.MONTHS), shape[0] * shape[1]).reshape(shape)
    delay = np.where(late, draws.between(1, 25, late.size).reshape(shape), -draws.between(0, 7, late.size).reshape(shape))
    missing = draws.chance(np.repeat(np.where(partners.care < 25, 30, 0), calendar.MONTHS), late.size).reshape(shape)
    slow = slice(calendar.month_of(cast.LATE_FROM), calendar.month_of(cast.NIL_FROM))
    delay[cast.LATE, slow], missing[cast.LATE] = 34, False
    received: Whole = np.where(missing, RECEIVED_NEVER, due_days() + delay)
    received[~partners.reports] = RECEIVED_NEVER
    received[cast.NEW] = RECEIVED_NEVER
    return received


def reporting(world: World) -> Flags:
    """Which reports were due: [partner, month]."""
    due: Flags = np.repeat(world.partners.reports[:, None], calendar.MONTHS, axis=1)
    due[world.partners.ended, calendar.month_of(cast.ENDED_ON) :] = False
    due[cast.NEW] = False
    return due


def coverage(world: World, lines: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """One row per partner, month and kind of report that was due; nil where a report came in without lines."""
    received, due = coverage_days(world), reporting(world)
    month, partner = np.nonzero(due.T)
    came = received[partner, month]
    frames = []
    for report, frame in lines.items():
        counts = np.zeros(due.shape, dtype=np.int64)
        np.add.at(counts, (frame["_number"].to_numpy(), frame["_month"].to_numpy()), 1)
        arrived = pl.Series(came != RECEIVED_NEVER)
        codes = choose(world.partners.code, partner)
        frames.append(
            pl.DataFrame(
                {
                    "_partner": codes, "_month": month, "report": [report] * len(month), "party": codes,
                    "party_name": choose(world.partners.name, partner), "date": dates(calendar.MONTH_START[month]),
                    "until": dates(calendar.MONTH_END[month]), "due_on": dates(due_days()[month]),
                    "received_on": pl.Series(came.astype(np.int32)).replace(RECEIVED_NEVER, None).cast(pl.Date),
                    "nil": arrived & pl.Series(counts[partner, month] == 0), "lines": counts[partner, month],
                }
            )
        )  # fmt: skip
    return pl.concat(frames)


def cents_sold(world: World, lines: pl.DataFrame) -> Whole:
    """Sell-through per partner and quarter, in cents of the partner's currency."""
    cents = np.zeros((world.partners.count, calendar.QUARTERS), dtype=np.int64)
    np.add.at(cents, (lines["_number"].to_numpy(), lines["_month"].to_numpy() // 3), lines["amount"].to_numpy() // MONEY)
    return cents
