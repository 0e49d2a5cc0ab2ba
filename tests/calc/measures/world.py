"""A small channel in which everything changes at some time, as histories and as plain rows to be read by plain loops.

Nothing here imports what it tests: `who` and `ratio` say once more, one row at a time, what resolution and conversion say
for whole columns.
"""

# ruff: noqa: E501 - declarations read as tables, one row a line
from __future__ import annotations

from datetime import date
from fractions import Fraction

import polars as pl

from steelyard.calc.resolve import Histories


def day(text):
    return None if text is None else date.fromisoformat(text)


PARTNERS = [  # code, type, region, territory, status, from, until
    ("A", "dealer", "N", "T1", "active", None, "2012-04-01"),
    ("A", "dealer", "N", "T2", "active", "2012-04-01", "2012-07-01"),
    ("A", "dealer", "S", "T2", "active", "2012-07-01", None),
    ("B", "agent", "S", "T2", "active", None, None),
    ("C", "dealer", None, None, "active", None, None),
    ("D", "agent", "N", "T1", "active", "2012-05-01", None),
]
ALIASES = [  # source ("" is every source), party, partner (None: not one of ours), from, until
    ("", "bee", "B", None, None),
    ("erp", "bee", "A", "2012-06-01", None),
    ("crm", "A", "C", None, None),
    ("", "stranger", "B", None, None),
    ("erp", "stranger", None, None, None),
    ("erp", "C", None, "2012-01-01", "2012-03-01"),
    ("", "ghost", "GONE", None, None),  # a partner that nobody recorded
]
TERRITORIES = ["T1", "T2", "T3"]
REPRESENTATIVES = ["r1", "r2", "r3"]
ASSIGNMENTS = [  # representative, territory, partner, from, until
    ("r1", "T1", None, None, None),
    ("r2", "T2", None, None, "2012-09-01"),
    ("r3", "T2", None, "2012-09-01", None),
    ("r2", "T1", None, "2012-08-01", None),
    ("r3", None, "A", "2012-10-01", None),
]
CATEGORIES = [  # code, parent, from, until
    ("bikes", None, None, None),
    ("wear", None, None, None),
    ("road", "bikes", None, "2012-08-01"),
    ("road", "wear", "2012-08-01", None),
    ("racing", "road", None, None),
]
PRODUCTS = [  # code, category, strategic, from, until
    ("p1", "racing", True, None, None),
    ("p2", None, None, None, None),
    ("p3", "bikes", False, None, "2012-05-01"),
    ("p3", "wear", False, "2012-05-01", None),
]
UNITS = [  # product ("" is every product), unit, factor, from, until; every product is counted in `each`
    ("p1", "box", "12", None, "2012-06-01"),
    ("p1", "box", "10", "2012-06-01", None),
    ("", "box", "6", "2012-03-01", None),
    ("p2", "third", "0.333333", None, None),
    ("p3", "crate", "2.5", None, None),
    ("", "each", "1", None, None),
    ("", "pair", "2", None, None),
]
AUTHORITIES = [  # kind, partner (None: every other), source ("": every one counts), from, until
    ("orders", "B", "crm", None, "2012-06-01"),
    ("orders", "C", "", None, None),
    ("orders", None, "erp", "2012-10-01", None),
    ("activities", "A", "erp", "2012-03-01", None),
]
RATES = [  # source, base, quote, date, rate
    ("bank", "CHF", "EUR", "2010-12-01", "0.82"),
    ("ecb", "EUR", "USD", "2010-12-01", "1.25"),
    ("ecb", "EUR", "USD", "2012-02-10", "1.3333"),
    ("ecb", "EUR", "USD", "2012-10-01", "1.2987"),
    ("ecb", "EUR", "GBP", "2010-12-01", "0.8123"),
    ("riks", "NOK", "SEK", "2010-12-01", "1.1717"),
    ("riks", "NOK", "EUR", "2010-12-01", "0.1337"),
    ("riks", "NOK", "EUR", "2012-06-15", "0.1401"),
    ("riks", "EUR", "USD", "2010-12-01", "9"),  # the first source by name decides
    ("late", "EUR", "DKK", "2012-03-01", "7.44"),
]
RATED = ["EUR", "USD", "GBP", "CHF", "SEK"]  # since before the first row


def histories(**changed) -> Histories:
    """The channel as scoring reads it; ``changed`` replaces the rows of a master."""

    def rows(name, ours):
        return changed.get(name, ours)

    def frame(names, records, kinds=()):
        schema = {name: dict(kinds).get(name, pl.Date if name.startswith("valid_") else pl.String) for name in names.split()}
        return pl.DataFrame(records, schema=schema, orient="row")

    partners = [(c, c.lower(), t, None, "DE", r, te, s, None, day(a), day(b)) for c, t, r, te, s, a, b in rows("partners", PARTNERS)]
    aliases = [(s, p, w, "person", day(a), day(b)) for s, p, w, a, b in rows("aliases", ALIASES)]
    assignments = [(r, t, p, day(a), day(b)) for r, t, p, a, b in rows("assignments", ASSIGNMENTS)]
    categories = [(c, c, p, day(a), day(b)) for c, p, a, b in rows("categories", CATEGORIES)]
    products = [(c, c, k, "each", s, None, "current", day(a), day(b)) for c, k, s, a, b in rows("products", PRODUCTS)]
    units = [(p or None, u, round(Fraction(f) * 10**6), day(a), day(b)) for p, u, f, a, b in rows("units", UNITS)]
    rates = [(s, b, q, day(d), r) for s, b, q, d, r in rows("rates", RATES)]
    authorities = [(k, p, s or None, day(a), day(b)) for k, p, s, a, b in rows("authorities", AUTHORITIES)]
    flags = {"strategic": pl.Boolean, "must_stock": pl.Boolean}
    return Histories(
        partners=frame("code name type parent country region territory status city valid_from valid_to", partners),
        aliases=frame("source party partner method valid_from valid_to", aliases),
        territories=frame("code name parent valid_from valid_to", [(c, c, None, None, None) for c in rows("territories", TERRITORIES)]),
        representatives=frame(
            "code name manager valid_from valid_to", [(c, c, None, None, None) for c in rows("representatives", REPRESENTATIVES)]
        ),
        assignments=frame("representative territory partner valid_from valid_to", assignments),
        categories=frame("code name parent valid_from valid_to", categories),
        products=frame("code name category unit strategic must_stock status valid_from valid_to", products, flags.items()),
        rates=frame("source base quote date rate", rates, [("date", pl.Date)]),
        authorities=frame("kind partner source valid_from valid_to", authorities),
        units=frame("product unit factor valid_from valid_to", units, [("factor", pl.Int64)]),
    )


def _holds(valid_from, valid_to, on):
    return (valid_from is None or day(valid_from) <= on) and (valid_to is None or on < day(valid_to))


def _began_last(found):
    """Of (from, value) the value that began last; of equal ones the lowest."""
    latest = max((start or "0000" for start, _ in found), default=None)
    return min((value for start, value in found if (start or "0000") == latest), default=None)


def partner_of(source, party, on, aliases=ALIASES, partners=PARTNERS):
    """Decision for this source, else for every source, else the code itself."""
    for wanted in (source, ""):
        for system, key, partner, start, end in aliases:
            if (system, key) == (wanted, party) and _holds(start, end, on):
                return partner
    return party if party in {row[0] for row in partners} else None


def partner_row(partner, on, partners=PARTNERS):
    """type, region, territory, status of a partner on a day."""
    for code, kind, region, territory, status, start, end in partners:
        if code == partner and _holds(start, end, on):
            return {"type": kind, "region": region, "territory": territory, "status": status}
    return {"type": None, "region": None, "territory": None, "status": None}


def assigned_to(partner, on, assignments=ASSIGNMENTS, partners=PARTNERS):
    """Who serves the partner on a day: by name, else by its territory; nobody serves one that was never recorded."""
    if partner not in {row[0] for row in partners}:
        return None
    named = [(a, r) for r, t, p, a, b in assignments if p == partner and t is None and _holds(a, b, on)]
    territory = partner_row(partner, on, partners)["territory"]
    local = [(a, r) for r, t, p, a, b in assignments if t is not None and t == territory and p is None and _holds(a, b, on)]
    return _began_last(named) or _began_last(local)


def territory_of(representative, on, assignments=ASSIGNMENTS):
    return _began_last(
        [(a, t) for r, t, p, a, b in assignments if r == representative and t is not None and p is None and _holds(a, b, on)]
    )


def category_of(product, on, categories=CATEGORIES, products=PRODUCTS):
    """The top of the tree above a product's category on a day."""
    found = next((category for code, category, _, a, b in products if code == product and _holds(a, b, on)), None)
    while found is not None:
        parent = next((parent for code, parent, a, b in categories if code == found and _holds(a, b, on)), None)
        if parent is None:
            break
        found = parent
    return found


def factor_of(product, unit, on, units=UNITS, products=PRODUCTS):
    """How many counting units one of a unit is on a day: by the product, by its own unit, by every product; else None."""
    if unit is None:
        return Fraction(1)
    said = {p: Fraction(f) for p, u, f, a, b in units if u == unit and _holds(a, b, on)}
    if product in said:
        return said[product]
    own = "each" if any(code == product and _holds(a, b, on) for code, _, _, a, b in products) else None
    if unit == own:
        return Fraction(1)
    if "" in said:
        return said[""]
    return Fraction(1) if own is None and unit not in {u for _, u, *_ in units} else None


def told(kind, source, partner, on, authorities=AUTHORITIES):
    """Whether a source's facts of a kind count for a partner on a day: what is said of the partner, else of every other."""
    said = {p: s for k, p, s, a, b in authorities if k == kind and _holds(a, b, on)}
    return (said[partner] if partner in said else said.get(None, "")) in ("", source)


def who(row, on, **changed):
    """partner, representative, territory and category that a fact row counts for on its date."""
    served = {name: changed[name] for name in ("partners", "assignments") if name in changed}
    partner = (
        partner_of(row["source"], row.get("party"), on, changed.get("aliases", ALIASES), changed.get("partners", PARTNERS))
        if row.get("party")
        else None
    )
    own = row.get("representative")
    if "party" in row:
        representative = own if own in changed.get("representatives", REPRESENTATIVES) else assigned_to(partner, on, **served)
    else:
        representative = own
    known = representative in changed.get("representatives", REPRESENTATIVES)
    territory = row.get("territory")
    if territory is None and known:
        territory = territory_of(representative, on, changed.get("assignments", ASSIGNMENTS))
    if territory is None and partner is not None:
        territory = partner_row(partner, on, changed.get("partners", PARTNERS))["territory"]
    kinds = {name: changed[name] for name in ("categories", "products") if name in changed}
    return {
        "partner": partner, "representative": representative, "territory": territory,
        "category": category_of(row.get("product"), on, **kinds), "partner.region": partner_row(partner, on, changed.get("partners", PARTNERS))["region"],
    }  # fmt: skip


def ratio(currency, on, target="EUR", source=None, rates=RATES):
    """How much of the target one unit is worth on a day, by the last rate of the first source that has one; else None."""

    def last(system, base, quote):
        found = [(d, r) for s, b, q, d, r in rates if (s, b, q) == (system, base, quote) and day(d) <= on]
        return Fraction(max(found)[1]) if found else None

    def has(system, base, quote):
        return any((s, b, q) == (system, base, quote) for s, b, q, _, _ in rates)

    if currency is None:
        return None
    if currency == target:
        return Fraction(1)
    for system in [source] if source else sorted({row[0] for row in rates}):
        if has(system, currency, target):
            return last(system, currency, target)
        if has(system, target, currency):
            rate = last(system, target, currency)
            return rate and 1 / rate
        for pivot in sorted({b for s, b, _, _, _ in rates if s == system}):
            if has(system, pivot, target) and has(system, pivot, currency):
                ours, theirs = last(system, pivot, target), last(system, pivot, currency)
                return ours / theirs if ours and theirs else None
    return None
