"""500 partners x 12 KPIs, facts to scores, beside the same in pandas. Saving the run is printed apart."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import polars as pl

from . import data
from .measure import Line, seconds

PARTNERS, PERIOD = 500, "2023-Q4"
MUST = {100_000: (3.0, 1.0), 1_000_000: (1.0, 0.5)}


def run(quick: bool) -> Iterator[Line]:
    """Both start from the same segments in memory: fact tables read, masters known, one quarter scored."""
    from steelyard.calc import kpis, scorecards
    from steelyard.calc.facts import FACTS
    from steelyard.calc.framework.read import read
    from steelyard.calc.measures.evaluate import Cube, evaluate
    from steelyard.calc.measures.partial import reduce
    from steelyard.calc.measures.plan import plan
    from steelyard.calc.periods import FiscalCalendar
    from steelyard.calc.points import Points, readings_of
    from steelyard.calc.resolve import Resolver
    from steelyard.partners.queries import histories

    data.masters(PARTNERS)
    known = histories()
    framework, problems = read((Path(__file__).parent / "twelve.yaml").read_text(encoding="utf-8"))
    if framework is None:
        raise RuntimeError(str(problems[0]))
    calendar = FiscalCalendar("standard")
    codes = data.codes("P", PARTNERS)
    points = Points([(code,) for code in codes], [date(2023, 12, 31)] * PARTNERS)
    wanted = readings_of(framework)
    for count in (100_000,) if quick else MUST:
        lines = data.order_lines(count, PARTNERS, seed=2).sort("party", "date")
        facts = lines.with_columns(sign=pl.lit(1, dtype=pl.Int8), source=pl.lit("erp"), row_id=pl.int_range(count, dtype=pl.Int64))
        absent = {name: dtype for name, dtype in FACTS["orders"].schema.items() if name not in facts.columns}
        facts = facts.with_columns(pl.lit(None, dtype=dtype).alias(name) for name, dtype in absent.items())

        def ours(facts: pl.DataFrame = facts, count: int = count) -> pl.DataFrame:
            resolver = Resolver(known)
            todo = plan(framework, calendar, wanted)
            partials = {scan.name: part for scan in todo.scans if (part := reduce(todo, scan, resolver, facts.lazy(), count))}
            readings = evaluate(Cube(todo, resolver, partials), points, wanted)
            values = kpis.compute(framework, points, readings)
            return scorecards.compute(framework, points, values, readings).results()

        frame = facts.to_pandas()
        theirs = in_pandas(frame, known.products, codes)
        same = (pl.Series(theirs).round(3) - ours()["total"] / 1_000_000).abs().max()
        if same is None or float(same) > 0.01:  # type: ignore[arg-type]
            raise RuntimeError(f"the two disagree by {same} points")
        limit = seconds(lambda frame=frame: in_pandas(frame, known.products, codes), repeat=3)
        reached = seconds(ours, repeat=3)
        must, wish = MUST[count]
        yield Line(
            f"500 partners x 12 KPIs over {count:,} lines, facts to scores",
            reached / limit,
            must,
            wish,
            "x the same in pandas",
            f"{reached:.3f} s, pandas {limit:.3f} s",
        )


def in_pandas(frame, products, codes):  # type: ignore[no-untyped-def]
    """The twelve KPIs and the score as a pandas user would write them (floats; rates as of the day)."""
    import numpy as np
    import pandas as pd

    rates = {"EUR": 1.0} | {name: float(rate) for name, rate in data.CURRENCIES.items() if rate}
    strategic = set(products.filter(pl.col("strategic"))["code"])
    table = frame.assign(
        net=frame["amount"] / 10_000 / frame["currency"].map(rates),
        spent=frame["cost"] / 10_000 / frame["currency"].map(rates),
        strategic=frame["product"].isin(strategic),
        day=pd.to_datetime(frame["date"]),
    )

    def window(start: str, end: str):  # type: ignore[no-untyped-def]
        return table[(table["day"] >= start) & (table["day"] < end)]

    quarter, year, before = window("2023-10-01", "2024-01-01"), window("2023-01-01", "2024-01-01"), window("2022-01-01", "2023-01-01")

    def total(rows, column="net"):  # type: ignore[no-untyped-def]
        return rows.groupby("party")[column].sum().reindex(codes).fillna(0.0)

    def count(rows):  # type: ignore[no-untyped-def]
        return rows.groupby("party").size().reindex(codes).fillna(0)

    net, lines = total(quarter), count(quarter)
    share = {
        "margin": (net - total(quarter, "spent")) / net,
        "growth": total(year) / total(before) - 1,
        "strategic": total(quarter[quarter["strategic"]]) / net,
        "returns": total(quarter[quarter["kind"] == "return"]) / net,
        "punctual": count(quarter[quarter["shipped_on"] <= quarter["promised_on"]]) / lines,
        "free": total(quarter[quarter["kind"] == "free goods"], "quantity") / total(quarter, "quantity"),
        "large": count(quarter[quarter["quantity"] >= 25_000_000]) / lines,
    }
    buyers = quarter.groupby("party")["end_customer"].nunique().reindex(codes).fillna(0)
    orders = quarter.groupby("party")["document"].nunique().reindex(codes).fillna(0)
    articles = quarter.groupby("party")["product"].nunique().reindex(codes).fillna(0)

    def line(values, low, high):  # type: ignore[no-untyped-def]
        return np.clip((values - low) / (high - low), 0, 1) * 100

    points = [
        (20, line(net, 0, 1_000_000)),
        (10, line(share["margin"], 0, 0.5)),
        (15, line(share["growth"], -0.2, 0.2)),
        (10, line(share["strategic"], 0, 0.4)),
        (10, line(share["punctual"], 0.5, 1)),
        (5, line(-share["returns"], -0.2, 0)),
        (5, line(-share["free"], -0.1, 0)),
        (5, line(share["large"], 0, 1)),
        (5, line(buyers, 0, 40)),
        (5, line(orders, 0, 100)),
        (5, line(articles, 0, 100)),
        (5, line(lines, 0, 100)),
    ]
    return (sum(weight * earned for weight, earned in points) / sum(weight for weight, _ in points)).tolist()
