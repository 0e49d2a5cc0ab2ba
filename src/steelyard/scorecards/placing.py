"""Who the subjects of a run were: name, type, country, territory, representative on its as-of date, as known at its cut."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from steelyard.calc.resolve import Histories, Resolver
from steelyard.partners.queries import known

from . import files
from .models import Run

COLUMNS = (
    "subject", "code", "name", "type", "country", "region", "city", "status", "territory", "territory_name", "area", "area_name", "within",
    "representative", "representative_name",
)  # fmt: skip


def as_of(run: Run) -> date:
    """The day a run was computed for: the last of its period; in an open window, the last the data knew."""
    if run.period_end == date.max:
        return max(run.period_start, run.known_through or run.period_start)
    return run.period_end - timedelta(days=1)


def places(run: Run, kinds: tuple[str, ...], subjects: list[str]) -> pl.DataFrame:
    """One row per subject with `COLUMNS`.

    ``code`` is the partner's, null where no partner is scored; ``area`` lies directly above the territory, ``within`` lists the
    territory and all above it.
    """
    day, masters = as_of(run), people_and_places(run.cut)
    parts = [subject.split(files.SEPARATOR) for subject in subjects]
    frame = pl.DataFrame({"subject": subjects}, schema={"subject": pl.String})
    for place, kind in enumerate(kinds):
        frame = frame.with_columns(pl.Series(f"of_{kind}", [codes[place] for codes in parts], dtype=pl.String))
    partners = on(day, masters.partners).drop("parent").rename({"name": "partner_name"})
    assigned = on(day, Resolver(masters).partners()).select("partner", "assigned")
    territories = on(day, masters.territories).select("code", "name", "parent")
    people = on(day, masters.representatives).select(representative="code", representative_name="name")
    if "partner" in kinds:
        frame = frame.with_columns(code=pl.col("of_partner")).join(partners, on="code", how="left")
        frame = frame.join(assigned, left_on="code", right_on="partner", how="left").rename({"assigned": "representative"})
    else:
        columns = ("code", *(name for name in partners.columns if name != "code"), "representative")
        frame = frame.with_columns(pl.lit(None, dtype=pl.String).alias(name) for name in columns)
    for kind in ("territory", "representative", "country"):
        if kind in kinds:
            frame = frame.with_columns(pl.col(f"of_{kind}").alias(kind))
    names = territories.select(territory="code", territory_name="name", area="parent")
    areas = territories.select(area="code", area_name="name")
    frame = frame.join(within(territories), on="territory", how="left")
    frame = frame.join(names, on="territory", how="left").join(areas, on="area", how="left").join(people, on="representative", how="left")
    spoken = {"partner": "partner_name", "territory": "territory_name", "representative": "representative_name"}
    parts_of_name = [pl.coalesce(spoken.get(kind, f"of_{kind}"), f"of_{kind}") for kind in kinds]
    return frame.with_columns(name=pl.concat_str(parts_of_name, separator=files.SEPARATOR)).select(COLUMNS)


def people_and_places(cut: int | None = None) -> Histories:
    """The histories that say who and where partners are at a cut (None: now); those of products and rates are left empty."""
    unread = pl.DataFrame()
    read = {name: known(name, cut) for name in ("partners", "territories", "representatives", "assignments")}
    return Histories(**read, aliases=unread, categories=unread, products=unread, rates=unread, units=unread)


def on(day: date, frame: pl.DataFrame) -> pl.DataFrame:
    """The rows of a history that hold on a day, one per key."""
    since = pl.col("valid_from").is_null() | (pl.col("valid_from") <= day)
    until = pl.col("valid_to").is_null() | (pl.col("valid_to") > day)
    return frame.filter(since & until).drop("valid_from", "valid_to")


def within(territories: pl.DataFrame) -> pl.DataFrame:
    """territory, within: its own code and those of all territories above it."""
    above: dict[str, str | None] = dict(territories.select("code", "parent").iter_rows())
    found: dict[str, list[str]] = {}
    for code in above:
        chain, next_code = [code], above[code]
        while next_code is not None and next_code not in chain:
            chain.append(next_code)
            next_code = above.get(next_code)
        found[code] = chain
    return pl.DataFrame(
        {"territory": list(found), "within": list(found.values())}, schema={"territory": pl.String, "within": pl.List(pl.String)}
    )
