"""The master data of the sample company as frames: what the files under ``masters/`` say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import polars as pl

from steelyard.calc.masters import MASTERS
from steelyard.calc.units import DECIMALS

from . import atlas, cast
from .catalogue import CATEGORIES, MOVED_PRODUCT
from .persons import AFFILIATIONS, DOCTOR_CODES, HOSPITAL_CODES, REFERRER_CODES, REFERRER_NAMES, country_of
from .world import World

Row = tuple[object, ...]

_BEFORE = timedelta(days=1)


def _frame(kind: str, names: Sequence[str], rows: Sequence[Row]) -> pl.DataFrame:
    dtypes = MASTERS[kind].schema
    return pl.DataFrame(rows, schema={name: dtypes[name] for name in names}, orient="row")


def categories(world: World) -> pl.DataFrame:
    """The tree of product categories."""
    return _frame("categories", ("code", "name", "parent"), CATEGORIES)


def products(world: World) -> pl.DataFrame:
    """Products; one of them was moved to another category."""
    known, rows = world.catalogue, []
    for number, code in enumerate(known.codes):
        spans: list[tuple[str, date | None, date | None]] = [(known.categories[number], None, None)]
        if code == MOVED_PRODUCT:
            spans = [(known.categories[number], None, cast.PRODUCT_MOVED_ON - _BEFORE), ("INS-CHE", cast.PRODUCT_MOVED_ON, None)]
        for category, first, last in spans:
            rows.append(
                (code, known.names[number], category, "each", known.strategic[number], known.must_stock[number], "current", first, last)
            )
    names = ("code", "name", "category", "unit", "strategic", "must_stock", "status", "valid_from", "valid_to")
    return _frame("products", names, rows)


def units(world: World) -> pl.DataFrame:
    """The one unit of every product, and boxes of tubes and tips."""
    one = 10 ** DECIMALS["number"]
    boxes = [(code, "box", 50 * one) for code, top in zip(world.catalogue.codes, world.catalogue.tops, strict=True) if top == "CON"]
    return _frame("units", ("product", "unit", "factor"), [(None, "each", one), *boxes])


def territories(world: World) -> pl.DataFrame:
    """The tree of territories; five countries moved to the new region Central Europe in 2025."""
    rows: list[Row] = [("WORLD", "World", None, None, None)]
    rows += [(code, name, "WORLD", cast.REORGANISED_ON if code == "CENTRAL" else None, None) for code, name in atlas.REGIONS.items()]
    for country in atlas.COUNTRIES:
        for code, name in country.territories:
            if country.code in atlas.REORGANISED:
                rows.append((code, name, country.region, None, cast.REORGANISED_ON - _BEFORE))
                rows.append((code, name, "CENTRAL", cast.REORGANISED_ON, None))
            else:
                rows.append((code, name, country.region, None, None))
    return _frame("territories", ("code", "name", "parent", "valid_from", "valid_to"), rows)


def partners(world: World) -> pl.DataFrame:
    """Partners, hospitals and doctors. Two rows where something changed: the region, the status."""
    known = world.partners
    rows: list[Row] = []
    for number, code in enumerate(known.code):
        country = known.country[number]
        changes: list[tuple[date | None, str, str]] = [(None, country.region, "active")]
        if number == cast.NEW:
            changes = [
                (None, country.region, "prospect"),
                (cast.REORGANISED_ON, "CENTRAL", "prospect"),
                (cast.NEW_SINCE, "CENTRAL", "active"),
            ]
        elif country.code in atlas.REORGANISED:
            changes.append((cast.REORGANISED_ON, "CENTRAL", "active"))
        if known.ended[number]:
            changes.append((cast.ENDED_ON, changes[-1][1], "ended"))
        for place, (first, region, status) in enumerate(changes):
            following = changes[place + 1][0] if place + 1 < len(changes) else None
            last = following - _BEFORE if following else None
            rows.append(
                (code, known.name[number], known.kind[number], known.parent[number], country.code, region, known.territory[number], status,
                 known.city[number], first, last)
            )  # fmt: skip
    kinds = ["doctor"] * len(DOCTOR_CODES) + ["hospital"] * len(HOSPITAL_CODES)
    for number, (code, name, kind) in enumerate(zip(REFERRER_CODES, REFERRER_NAMES, kinds, strict=True)):
        country = atlas.BY_CODE[country_of(number)]
        moved = cast.REORGANISED_ON if country.code in atlas.REORGANISED else None
        for region, first, last in ((country.region, None, moved and moved - _BEFORE), ("CENTRAL", moved, None)):
            if first or region != "CENTRAL":
                rows.append(
                    (code, name, kind, None, country.code, region, country.territories[0][0], "active", country.cities[0], first, last)
                )
    names = ("code", "name", "type", "parent", "country", "region", "territory", "status", "city", "valid_from", "valid_to")
    return _frame("partners", names, rows)


def affiliations(world: World) -> pl.DataFrame:
    """Which doctor works where; one works at two hospitals."""
    rows = [
        (DOCTOR_CODES[doctor], HOSPITAL_CODES[hospital], "laboratory director" if doctor % 3 == 0 else "consultant")
        for doctor, hospitals in AFFILIATIONS.items()
        for hospital in hospitals
    ]
    return _frame("affiliations", ("person", "organisation", "role"), rows)


def representatives(world: World) -> pl.DataFrame:
    """Representatives; the last three took over from others or look after a key account."""
    rows = [(f"R{number + 1:02d}", name, None if number == 28 else "R29") for number, name in enumerate(atlas.PEOPLE)]
    return _frame("representatives", ("code", "name", "manager"), rows)


def assignments(world: World) -> pl.DataFrame:
    """Who looks after which territory or partner, and when."""
    return _frame("assignments", ("representative", "territory", "partner", "valid_from", "valid_to"), world.assignments)


def aliases(world: World) -> pl.DataFrame:
    """What the order systems call partners. Two in three names of the Asia-Pacific system are listed; the others are
    found because they are exact and unique, except where two partners share one."""
    known, rows = world.partners, []
    for number, code in enumerate(known.code):
        source = atlas.SOURCES[known.source[number]]
        key = known.keys(number)
        if source in ("erp-us", "erp-de") or (source == "erp-apac" and (number % 3 or number in cast.SAME_NAME)):
            rows.append((source, key, code, "code" if source != "erp-apac" else "person"))
    return _frame("aliases", ("source", "party", "partner", "method"), rows)


def attributes(world: World) -> pl.DataFrame:
    """What the company records of its own: who may service its instruments, and which products are being launched."""
    rows = [
        ("service_partner", "partner", "yes/no", "whether it may service instruments by itself"),
        ("launch_group", "product", "text", "the launch that the product belongs to"),
    ]
    return _frame("attributes", ("code", "about", "type", "meaning"), rows)


def attribute_values(world: World) -> pl.DataFrame:
    """Distributors service by themselves, every third only since the reorganisation; strategic products are the spring launch."""
    rows: list[Row] = []
    distributors = [code for code, kind in zip(world.partners.code, world.partners.kind, strict=True) if kind == "distributor"]
    for number, code in enumerate(distributors):
        if number % 3 == 0:
            rows.append(("service_partner", code, None, "no", None, cast.REORGANISED_ON - _BEFORE))
        rows.append(("service_partner", code, None, "yes", None if number % 3 else cast.REORGANISED_ON, None))
    known = world.catalogue
    rows += [
        ("launch_group", None, code, "spring", None, None) for code, launched in zip(known.codes, known.strategic, strict=True) if launched
    ]
    return _frame("attribute_values", ("attribute", "partner", "product", "value", "valid_from", "valid_to"), rows)


def rates(world: World) -> pl.DataFrame:
    """Daily rates of the treasury: how much of each currency one EUR buys."""
    rows = [
        ("treasury", atlas.CURRENCY, currency, when, f"{rate // 1_000_000}.{rate % 1_000_000:06d}")
        for currency, series in world.rates.items()
        for when, rate in series
    ]
    return _frame("rates", ("source", "base", "quote", "date", "rate"), rows)


ALL = {
    "categories": categories, "products": products, "units": units, "territories": territories, "partners": partners,
    "affiliations": affiliations, "representatives": representatives, "assignments": assignments, "aliases": aliases,
    "attributes": attributes, "attribute_values": attribute_values, "rates": rates,
}  # fmt: skip
