"""The sample company's facts as frames in stored types, without files: for benchmarks and for tests of calculation."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import numpy as np
import polars as pl

from . import calendar, channel, compliance, relations
from .channel import Flow
from .orders import MONEY, orders, stored
from .world import World


def frames(kind: str, *, seed: int = 7, scale: Decimal | int = 1) -> pl.DataFrame:
    """All facts of one kind in the catalogue's columns and types, keys as the sources write them; no faults in them.

    For ``orders`` the column ``source`` comes first, because the keys mean something within their source only.
    """
    world = World(seed, scale)
    if kind == "orders":
        parts = (orders(world, quarter) for quarter in range(calendar.QUARTERS))
        return pl.concat(stored(kind, part).insert_column(0, part["_source"].alias("source")) for part in parts)
    return stored(kind, _MAKERS[kind](world))


def _flow(world: World) -> Flow:
    return channel.flow(world, channel.bought(world))


def _coverage(world: World) -> pl.DataFrame:
    flow = _flow(world)
    return channel.coverage(world, {"sell_through": channel.sell_through(world, flow), "inventory": channel.inventory(world, flow)})


def _targets(world: World) -> pl.DataFrame:
    cents = np.zeros((world.partners.count, calendar.QUARTERS), dtype=np.int64)
    for quarter in range(calendar.QUARTERS):
        frame = orders(world, quarter)
        np.add.at(cents[:, quarter], frame["_number"].to_numpy(), frame["amount"].to_numpy() // MONEY)
    sold = channel.cents_sold(world, channel.sell_through(world, _flow(world)))
    return pl.concat([relations.targets(world, "sell in", cents), relations.targets(world, "sell through", sold)])


def _referrals(world: World) -> pl.DataFrame:
    quarters = (orders(world, quarter) for quarter in range(calendar.QUARTERS))
    return relations.referrals(world, [frame.filter(pl.col("referred_by").is_not_null()) for frame in quarters])


_MAKERS: dict[str, Callable[[World], pl.DataFrame]] = {
    "sell_through": lambda world: channel.sell_through(world, _flow(world)),
    "inventory": lambda world: channel.inventory(world, _flow(world)),
    "coverage": _coverage,
    "targets": _targets,
    "referrals": _referrals,
    "certificates": compliance.certificates,
    "complaints": compliance.complaints,
    "activities": relations.activities,
    "ratings": relations.ratings,
}
