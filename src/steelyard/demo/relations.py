"""What representatives do with partners, how they rate them, whom doctors and hospitals refer, and what partners should reach."""

from __future__ import annotations

import numpy as np
import polars as pl

from . import atlas, calendar, cast
from .draws import Whole
from .orders import MONEY, NUMBER, choose, dates
from .persons import CONVERSION, REFERRER_CODES, REFERRER_NAMES
from .world import World

KINDS = ("call", "visit", "training", "event", "meal")
RATED = "cooperation"  # the one question that partner managers answer each quarter, from 1 to 5 in halves


def activities(world: World) -> pl.DataFrame:
    """Contacts with partners (more with larger and better ones) and with referring doctors and hospitals."""
    partners, draws = world.partners, world.draws("activities")
    codes = [*partners.code, *REFERRER_CODES]
    names: list[str | None] = [*partners.name, *REFERRER_NAMES]
    often = np.concatenate(
        [60 + partners.care + 25_000 * partners.weight // int(partners.weight.max()) // 100, np.full(len(REFERRER_CODES), 90)]
    )
    counts = draws.below(np.repeat(often, calendar.MONTHS) // 25 + 1, len(codes) * calendar.MONTHS).reshape(len(codes), calendar.MONTHS)
    counts[cast.NEW, : calendar.month_of(cast.NEW_SINCE)] = 0
    partner = np.repeat(np.arange(len(codes)), counts.sum(axis=1))
    month = np.concatenate([np.repeat(np.arange(calendar.MONTHS), row) for row in counts])
    size = len(partner)
    kind = draws.weighted([52, 30, 10, 4, 4], size)
    cost = np.select([kind == 3, kind == 4], [draws.between(20_000, 90_000, size), draws.between(2_500, 9_000, size)], 0)
    territory = np.concatenate([world.territory_of, draws.below(len(world.territories), len(REFERRER_CODES))])
    day = calendar.BUSINESS_DAY[month, draws.below(calendar.BUSINESS_DAYS[month], size)]
    representative = [world.representative_on(code, calendar.LAST_DAY) for code in world.territories]
    return pl.DataFrame(
        {
            "_partner": choose(codes, partner), "_day": day,
            "date": dates(day), "kind": choose(list(KINDS), kind), "party": choose(codes, partner),
            "party_name": choose(names, partner), "representative": choose(representative, territory[partner]),
            "account": choose(["-"], np.full(size, -1)), "product": choose(["-"], np.full(size, -1)),
            "minutes": np.select([kind == 0, kind == 1], [draws.between(5, 40, size), draws.between(30, 120, size)], 180),
            "planned": draws.chance(720, size), "cost": pl.Series(cost * MONEY).replace(0, None),
            "currency": choose(["EUR"], np.where(cost > 0, 0, -1)), "line": choose(["-"], np.full(size, -1)),
        }
    ).sort("_day", "party", maintain_order=True).with_row_index("_n").with_columns(
        document="ACT-" + (pl.col("_n") + 200_001).cast(pl.String)
    )  # fmt: skip


def ratings(world: World) -> pl.DataFrame:
    """The partner manager's answer for about nine in ten partners and quarters."""
    partners, draws = world.partners, world.draws("ratings")
    size = partners.count * calendar.QUARTERS
    partner, quarter = np.repeat(np.arange(partners.count), calendar.QUARTERS), np.tile(np.arange(calendar.QUARTERS), partners.count)
    halves = np.clip(2 + (partners.care[partner] + draws.between(-20, 20, size) + 8) // 13, 2, 10)  # 1.0 to 5.0 in halves
    given = draws.chance(900, size) & (partner != cast.NEW)
    month = 3 * quarter + 2
    day = calendar.BUSINESS_DAY[month, calendar.BUSINESS_DAYS[month] - 3]
    raters = [world.representative_on(code, calendar.LAST_DAY) for code in world.territories]
    frame = pl.DataFrame(
        {
            "_partner": choose(partners.code, partner), "question": [RATED] * size, "date": dates(day),
            "party": choose(partners.code, partner), "party_name": choose(partners.name, partner),
            "value": halves * (NUMBER // 2), "rated_by": choose(raters, world.territory_of[partner]),
            "evidence": choose(["-"], np.full(size, -1)), "_given": given,
        }
    )  # fmt: skip
    return frame.filter("_given").sort("date", "party")


def referrals(world: World, quarters: list[pl.DataFrame]) -> pl.DataFrame:
    """One referral for every order that a doctor or a hospital brought, and the ones that came to nothing or are still open."""
    won = pl.concat(
        frame.filter(pl.col("referred_by").is_not_null())
        .group_by("document", maintain_order=True)
        .agg(
            pl.col("date", "referred_by", "currency", "product", "_number").first(),
            pl.col("amount").sum(),
        )
        for frame in quarters
    ).filter(pl.col("amount") > 0)
    draws = world.draws("referrals")
    codes = pl.Series(REFERRER_CODES)
    number_of = {code: number for number, code in enumerate(REFERRER_CODES)}
    referrer = np.array([number_of[code] for code in won["referred_by"]], dtype=np.int64)
    day = np.maximum(
        won["date"].to_physical().to_numpy().astype(np.int64) - draws.between(3, 45, len(won)), calendar.day(calendar.FIRST_DAY)
    )
    rate = np.array(CONVERSION)
    wins = np.bincount(referrer, minlength=len(REFERRER_CODES))
    lost_counts = wins * (1000 - rate) // rate
    lost_by = np.repeat(np.arange(len(REFERRER_CODES)), lost_counts)
    lost_day = draws.between(calendar.day(calendar.FIRST_DAY), calendar.day(calendar.LAST_DAY), len(lost_by))
    recent = lost_day > calendar.day(calendar.LAST_DAY) - 45
    size = len(lost_by)
    nothing: Whole = np.full(size, -1)
    won_frame = pl.DataFrame(
        {
            "_day": day, "party": codes.gather(referrer), "product": won["product"], "outcome": ["won"] * len(won),
            "end_customer": choose(list(atlas.CUSTOMERS), draws.below(len(atlas.CUSTOMERS), len(won))),
            "order_document": won["document"], "amount": won["amount"], "currency": won["currency"],
        }
    )  # fmt: skip
    lost_frame = pl.DataFrame(
        {
            "_day": lost_day, "party": codes.gather(lost_by),
            "product": choose(world.catalogue.codes, draws.below(len(world.catalogue.codes), size)),
            "outcome": choose(["lost", "open"], recent.astype(np.int64)),
            "end_customer": choose(list(atlas.CUSTOMERS), draws.below(len(atlas.CUSTOMERS), size)),
            "order_document": choose(["-"], nothing), "amount": pl.Series([None] * size, dtype=pl.Int64),
            "currency": choose(["-"], nothing),
        }
    )  # fmt: skip
    frame = pl.concat([won_frame, lost_frame]).sort("_day", "party", "order_document", maintain_order=True, nulls_last=True)
    names = dict(zip(REFERRER_CODES, REFERRER_NAMES, strict=True))
    return frame.with_row_index("_n").with_columns(
        _partner=pl.col("party"), document="REF-" + (pl.col("_n") + 300_001).cast(pl.String), line=pl.lit(None, pl.String),
        date=pl.col("_day").cast(pl.Int32).cast(pl.Date), party_name=pl.col("party").replace_strict(names, return_dtype=pl.String),
    )  # fmt: skip


def targets(world: World, metric: str, amounts: Whole) -> pl.DataFrame:
    """Quarterly targets in money from what was sold (cents: [partner, quarter]): last year's quarter and six in a hundred."""
    partners, draws = world.partners, world.draws("targets", metric)
    noise = draws.between(880, 1080, amounts.size).reshape(amounts.shape)
    wanted = amounts * noise // 1000
    wanted[:, 4:] = amounts[:, :-4] * 106 // 100
    wanted = np.maximum(0, wanted) // 100_000 * 100_000  # whole thousands
    quarter, partner = np.nonzero(wanted.T)
    size = len(partner)
    starts = calendar.MONTH_START[3 * quarter]
    return pl.DataFrame(
        {
            "_partner": choose(partners.code, partner), "_quarter": quarter, "date": dates(starts), "metric": [metric] * size,
            "party": choose(partners.code, partner), "representative": choose(["-"], np.full(size, -1)),
            "territory": choose(["-"], np.full(size, -1)), "category": choose(["-"], np.full(size, -1)),
            "amount": wanted[partner, quarter] * MONEY, "currency": choose(partners.currency, partner),
            "value": pl.Series([None] * size, dtype=pl.Int64), "valid_to": dates(calendar.MONTH_START[3 * quarter + 3] - 1),
            "label": choose([calendar.quarter_label(one) for one in range(calendar.QUARTERS)], quarter),
        }
    )  # fmt: skip
