"""Resolution: who a fact's keys mean on its date, read from the master histories at a cut.

Facts store what the source said. Which partner, representative, territory and category that is, is decided here, when
facts are read: a match decision, a re-organisation or a corrected master is one history row and never a rewritten fact.

- partner: decision or alias for (source, key), else alias for any source, else the partner with that code;
- representative (credited): the row's own if the company knows it, else who was assigned to the partner, else who was
  assigned to the partner's territory, each on the row's date;
- territory (credited): the territory of that representative on the date, else the partner's;
- country: the one that the row names, else the partner's own on the date;
- product: its category, the top of its category's tree, and its flags, on the date;
- unit of measure: how many of the product's counting unit one of it holds, on the date;
- authority: which source counts for a kind of fact of the partner on the date, where several tell of the same sales.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from string import ascii_uppercase

import polars as pl

from .conversion import daily_ratios
from .lookups import compose, cover, first_wins, one_at_a_time, prefer
from .units import DECIMALS

PARTNER_COLUMNS = ("name", "type", "parent", "country", "region", "status", "city")
PRODUCT_COLUMNS = ("name", "category", "strategic", "must_stock", "status")
SUBJECTS = ("partner", "representative", "territory", "country")
COUNTRIES = tuple(one + other for one in ascii_uppercase for other in ascii_uppercase)  # every code of two letters: no master lists them
TREE_DEPTH = 12
ONE = 10 ** DECIMALS["number"]  # the factor of the counting unit itself


def no_units() -> pl.DataFrame:
    """The units of a company that counts every product in one unit."""
    return pl.DataFrame(schema={"product": pl.String, "unit": pl.String, "factor": pl.Int64, "valid_from": pl.Date, "valid_to": pl.Date})


def no_authorities() -> pl.DataFrame:
    """A company in which every source counts."""
    return pl.DataFrame(schema=dict.fromkeys(("kind", "partner", "source"), pl.String) | {"valid_from": pl.Date, "valid_to": pl.Date})


@dataclass(frozen=True)
class Histories:
    """Everything that scoring reads from the masters at one cut.

    Each frame has valid_from (null: always) and valid_to (exclusive; null: for ever), and no overlap within a key.
    """

    partners: pl.DataFrame  # code, name, type, parent, country, region, territory, status, city
    aliases: pl.DataFrame  # source ("" is every source), party, partner (null: not one of ours), method
    territories: pl.DataFrame  # code, name, parent
    representatives: pl.DataFrame  # code, name, manager
    assignments: pl.DataFrame  # representative, territory, partner
    categories: pl.DataFrame  # code, name, parent
    products: pl.DataFrame  # code, name, category, unit, strategic, must_stock, status
    rates: pl.DataFrame  # source, base, quote, date, rate (decimal text)
    units: pl.DataFrame = field(default_factory=no_units)  # product (blank: every product), unit, factor (in the grain of numbers)
    authorities: pl.DataFrame = field(default_factory=no_authorities)  # kind, partner (blank: every partner), source (blank: every source)

    def digest(self, *names: str) -> str:
        """A stable SHA-256 over the named frames (all by default): what a result or a cached part rests on."""
        total = hashlib.sha256()
        for name in names or [item.name for item in fields(self)]:
            total.update(name.encode() + frame_digest(getattr(self, name)))
        return total.hexdigest()

    def turns(self) -> set[date]:
        """Every day on which what is known of a subject begins or ends to hold."""
        found: set[date] = set()
        for frame in (getattr(self, item.name) for item in fields(self) if item.name not in ("products", "categories", "rates", "units")):
            for name in ("valid_from", "valid_to"):
                if name in frame.columns:
                    found |= set(frame[name].drop_nulls().unique().to_list())
        return found


def frame_digest(frame: pl.DataFrame) -> bytes:
    """SHA-256 of a frame's columns and rows in a canonical order, independent of how it came about."""
    columns = sorted(frame.columns)
    text = frame.select(pl.col(name).cast(pl.String) for name in columns).sort(columns, nulls_last=True)
    return hashlib.sha256("\x1e".join(columns).encode() + text.write_csv(separator="\x1f", null_value="\x00").encode()).digest()


@dataclass
class Resolver:
    """Builds the lookups that one pass over the facts joins with; each is built once and only when asked for.

    Subjects get whole numbers (``partner#`` and so on: positions in ``codes``), because numbers group faster than text.
    """

    histories: Histories
    codes: dict[str, list[str]] = field(init=False)
    _built: dict[str, pl.DataFrame] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.codes = {
            "partner": _codes(self.histories.partners),
            "representative": _codes(self.histories.representatives),
            "territory": _codes(self.histories.territories),
            "country": list(COUNTRIES),
        }

    def _numbered(self, frame: pl.DataFrame, subject: str) -> pl.DataFrame:
        codes = self.codes[subject]
        numbers = pl.DataFrame({subject: codes, f"{subject}#": range(len(codes))}, schema={subject: pl.String, f"{subject}#": pl.Int32})
        return frame.join(numbers, on=subject, how="left")

    def partners(self) -> pl.DataFrame:
        """partner -> its attributes, its territory and who is assigned to it."""
        if "partners" not in self._built:
            histories = self.histories
            known = cover(histories.partners.rename({"code": "partner"}), ["partner"])
            known = known.rename({column: f"partner.{column}" for column in _told(known, "partner", "territory")}).rename(
                {"territory": "own_territory"}
            )
            assigned = self._assigned("partner").rename({"representative": "by_partner"})
            territorial = self._assigned("territory").rename({"representative": "by_territory", "territory": "own_territory"})
            known = compose(compose(known, "partner", assigned), "own_territory", territorial)
            self._built["partners"] = known.with_columns(assigned=pl.coalesce("by_partner", "by_territory")).drop(
                "by_partner", "by_territory"
            )
        return self._built["partners"]

    def _assigned(self, to: str) -> pl.DataFrame:
        other = "territory" if to == "partner" else "partner"
        rows = self.histories.assignments.filter(pl.col(to).is_not_null() & pl.col(other).is_null()).drop(other)
        return cover(one_at_a_time(rows, [to], "representative").select(to, "representative", "valid_from", "valid_to"), [to])

    def parties(self, sources: Sequence[str]) -> pl.DataFrame:
        """(source, party) -> partner, ``partner#``, partner.* attributes, own_territory, assigned."""
        name = "parties:" + "\x1f".join(sources)
        if name not in self._built:
            system = pl.DataFrame({"source": list(sources)}, schema={"source": pl.String})
            columns = ["source", "party", "partner", "valid_from", "valid_to"]
            aliases = self.histories.aliases.with_columns(pl.col("source").fill_null(""))
            specific = aliases.filter(pl.col("source").is_in(list(sources))).select(columns)
            general = aliases.filter(pl.col("source") == "").drop("source").join(system, how="cross").select(columns)
            exact = self.histories.partners.select(party="code", partner="code").unique().join(system, how="cross")
            exact = exact.with_columns(valid_from=pl.lit(None, dtype=pl.Date), valid_to=pl.lit(None, dtype=pl.Date)).select(columns)
            decided = prefer([specific, general, exact], ["source", "party"])
            whole = compose(decided, "partner", self.partners())
            self._built[name] = self._numbered(whole, "partner")
        return self._built[name]

    def representatives(self) -> pl.DataFrame:
        """representative -> ``representative#`` and the territory that is theirs (``rep_territory``)."""
        if "representatives" not in self._built:
            known = cover(
                self.histories.representatives.select(representative="code", valid_from="valid_from", valid_to="valid_to"),
                ["representative"],
            )
            rows = self.histories.assignments.filter(pl.col("territory").is_not_null() & pl.col("partner").is_null())
            theirs = one_at_a_time(rows.drop("partner"), ["representative"], "territory")
            theirs = cover(
                theirs.select("representative", rep_territory="territory", valid_from="valid_from", valid_to="valid_to"), ["representative"]
            )
            self._built["representatives"] = self._numbered(compose(known, "representative", theirs), "representative")
        return self._built["representatives"]

    def territories(self) -> pl.DataFrame:
        """territory -> ``territory#``; a code is a code at all times."""
        return self._at_all_times("territory")

    def countries(self) -> pl.DataFrame:
        """country -> ``country#``, of every code of two letters."""
        return self._at_all_times("country")

    def _at_all_times(self, subject: str) -> pl.DataFrame:
        if subject not in self._built:
            codes = pl.DataFrame({subject: self.codes[subject]}, schema={subject: pl.String})
            none = pl.lit(None, dtype=pl.Date)
            self._built[subject] = self._numbered(cover(codes.with_columns(valid_from=none, valid_to=none), [subject]), subject)
        return self._built[subject]

    def products(self) -> pl.DataFrame:
        """product -> product.* attributes and ``category``, the top of its category's tree."""
        if "products" not in self._built:
            known = cover(self.histories.products.rename({"code": "product"}).drop("unit", strict=False), ["product"])
            known = known.rename({column: f"product.{column}" for column in _told(known, "product")})
            tree = cover(self.histories.categories.select("code", "parent", "valid_from", "valid_to"), ["code"])
            known = known.with_columns(category=pl.col("product.category"))
            for _ in range(TREE_DEPTH):
                step = compose(known, "category", tree.rename({"code": "category"}))
                if step["parent"].null_count() == step.height:
                    break
                known = step.with_columns(category=pl.coalesce("parent", "category")).drop("parent")
            self._built["products"] = known
        return self._built["products"]

    def authorities(self, kind: str) -> tuple[pl.DataFrame, pl.DataFrame] | None:
        """Which source counts for facts of a kind: partner -> authority, and for all others (key ``#all``); "" is every source.

        None: nothing is declared, every source counts, and nothing needs to be looked up.
        """
        said = self.histories.authorities.filter(pl.col("kind") == kind)
        if said.is_empty():
            return None
        name = f"authorities of {kind}"
        if name not in self._built:
            said = said.with_columns(pl.col("source").fill_null("").alias("authority"), pl.lit(1, dtype=pl.Int8).alias("#all"))
            named, every = said.filter(pl.col("partner").is_not_null()), said.filter(pl.col("partner").is_null())
            dates = ["valid_from", "valid_to"]
            self._built[name] = cover(named.select("partner", "authority", *dates), ["partner"])
            self._built[f"{name} for all"] = cover(every.select("#all", "authority", *dates), ["#all"])
        return self._built[name], self._built[f"{name} for all"]

    def factors(self, units: tuple[str, ...]) -> tuple[pl.DataFrame, pl.DataFrame] | None:
        """How many counting units one of each unit is: (product, unit) -> factor, and unit -> factor of products not known.

        What is said of the product comes first, then that a product's own unit is one, then what is said of every product; a
        null factor is a unit without one. A unit of which nothing is said anywhere counts as one where the product's own is
        not known either. None: all of it is one, and nothing needs to be looked up.
        """
        if self.histories.units.is_empty() or not units:
            return None
        name = repr(("factors", units))
        if name not in self._built:
            self._built[name], self._built[f"{name} of others"] = self._factors(units)
        known, others = self._built[name], self._built[f"{name} of others"]
        needed = any((frame["factor"].fill_null(0) != ONE).any() for frame in (known, others))
        return (known, others) if needed else None

    def _factors(self, units: tuple[str, ...]) -> tuple[pl.DataFrame, pl.DataFrame]:
        key, said = ["product", "unit"], self.histories.units.with_columns(pl.col("product").fill_null(""))
        never = pl.DataFrame({"unit": [unit for unit in units if unit not in set(said["unit"])]}, schema={"unit": pl.String})
        asked = pl.DataFrame({"unit": list(units)}, schema={"unit": pl.String})
        said = said.filter(pl.col("unit").is_in(list(units))).select(*key, "factor", "valid_from", "valid_to")
        every, named = said.filter(pl.col("product") == "").drop("product"), said.filter(pl.col("product") != "")
        at_all_times = [pl.lit(None, dtype=pl.Date).alias(column) for column in ("valid_from", "valid_to")]
        one, none = (pl.lit(value, dtype=pl.Int64).alias("factor") for value in (ONE, None))

        products = self.histories.products.select(product="code", unit="unit", valid_from="valid_from", valid_to="valid_to")
        codes = pl.concat([products.select("product"), named.select("product")]).unique()
        own = pl.concat(
            [
                cover(products, ["product"]),
                codes.join(products, on="product", how="anti").select(
                    "product", pl.lit(None, dtype=pl.String).alias("unit"), *at_all_times
                ),
            ],
            how="diagonal_relaxed",
        )
        order = [*key, "factor", "valid_from", "valid_to"]
        known = first_wins(
            [
                named.select(order),
                own.filter(pl.col("unit").is_in(list(units))).with_columns(one).select(order),
                codes.join(every, how="cross").select(order),
                own.filter(pl.col("unit").is_null()).drop("unit").join(never, how="cross").with_columns(one).select(order),
            ],
            key,
        )
        rest = codes.join(asked, how="cross").join(known, on=key, how="anti")
        known = pl.concat([known, cover(rest.with_columns(none, *at_all_times), key)], how="diagonal")
        others = first_wins([every, never.with_columns(one, *at_all_times)], ["unit"])
        without = asked.join(others, on="unit", how="anti").with_columns(none, *at_all_times)
        return known, pl.concat([others, cover(without, ["unit"])], how="diagonal")

    def ratios(self, source: str | None, target: str, currencies: tuple[str, ...], first: date, last: date) -> pl.DataFrame:
        """Daily conversion ratios (`conversion.daily_ratios`)."""
        name = repr(("ratios", source, target, currencies, first, last))
        if name not in self._built:
            self._built[name] = daily_ratios(self.histories.rates, source, target, currencies, first, last)
        return self._built[name]


def _told(frame: pl.DataFrame, *others: str) -> list[str]:
    """The columns that say something of a key, those of the company's own attributes too."""
    return [name for name in frame.columns if name not in (*others, "valid_from", "valid_to")]


def _codes(frame: pl.DataFrame) -> list[str]:
    return frame["code"].unique().sort().to_list()
