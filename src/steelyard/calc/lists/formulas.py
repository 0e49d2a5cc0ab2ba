"""Formulas over lines: columns, rules, and comparisons with the lines of peers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import narwhals as nw
import polars as pl

from ..formula import nodes
from ..formula.functions import FUNCTIONS
from ..formula.nodes import Formula, names_in
from ..formula.text import to_text
from ..framework.formulas import walk
from ..framework.model import FactList, Framework, Rule
from ..measures.row_values import WIDE, RowNames, RowValue, half_even, rescale, too_large
from ..measures.rows import compile_row
from ..measures.spans import Span
from ..units import DECIMALS
from .comparing import beside_absent, spoken
from .lines import DTYPES, Places

PEER_SCALE = DECIMALS["percent"]  # decimals that a mean, median or percentile of lines keeps


@dataclass
class Reading:
    """Lines while their columns are computed one after the other."""

    places: Places
    outer: Sequence[Span]
    found: FactList
    frame: pl.DataFrame
    values: dict[str, RowValue]

    @property
    def framework(self) -> Framework:
        """The framework that the list stands in."""
        return self.places.cube.plan.framework

    def names(self, trees: Sequence[nodes.Node]) -> RowNames:
        """What formulas may name; attributes that they read are joined to the lines first."""
        wanted = sorted({name for tree in trees for name in names_in(tree)} - self.values.keys() - self.framework.settings.keys())
        framework = self.framework
        if any(isinstance(part, nodes.Call) and part.function in framework.tables for tree in trees for part in walk(tree)):
            wanted = sorted({*wanted, "as_of"} - self.values.keys())  # the day at which tables are read
        missing = [name for name in wanted if f"@{name}" not in self.frame.columns]
        beside = {name: RowValue(nw.col(f"@{name}")) for name in wanted}
        if missing:
            table, found = self.places.attributes(missing, self.outer)
            self.frame = self.frame.join(table, on="#at", how="left", maintain_order="left")
            self._beside |= found
        beside |= {name: value for name, value in self._beside.items() if name in wanted}
        columns = {**beside, **self.values}
        return RowNames(columns, framework.settings, framework.tables, framework.curves, nw.col("@as_of"), framework.rounding)

    def __post_init__(self) -> None:
        self._beside: dict[str, RowValue] = {}

    def add(self, name: str, formula: Formula) -> None:
        """A column that a formula gives, stored in the grain of its unit."""
        tree = self._peers_first(formula.tree)
        value = compile_row(tree, self.names([tree]))
        unit = formula.type.kind
        if value.scale is not None:
            scale = DECIMALS.get(unit, DECIMALS["number"])
            expression, stored = rescale(value, scale).cast(nw.Int64()), RowValue(nw.col(name), scale)
        elif unit in DECIMALS:  # always blank
            expression, stored = value.expression.cast(nw.Int64()), RowValue(nw.col(name), DECIMALS[unit])
        else:
            expression, stored = value.expression, RowValue(nw.col(name))
        self.frame = with_columns(self.frame, {name: expression})
        if unit in DTYPES and self.frame.schema[name] == pl.Null:
            self.frame = self.frame.with_columns(pl.col(name).cast(DTYPES[unit]))
        self.values[name] = stored

    def fails(self, rules: Sequence[Rule], name: str = "#fail") -> None:
        """A column with the number of the first rule that a line does not meet, 0 if it meets all."""
        names = self.names([rule.formula.tree for rule in rules])
        self.frame = with_columns(self.frame, {name: first_failing(rules, names)})

    # peers ------------------------------------------------------------------------------------------------------

    def _peers_first(self, tree: nodes.Node) -> nodes.Node:
        """The formula with every comparison among peers replaced by the column that holds it."""
        if isinstance(tree, nodes.Unary):
            return replace(tree, operand=self._peers_first(tree.operand))
        if isinstance(tree, nodes.Binary):
            return replace(tree, left=self._peers_first(tree.left), right=self._peers_first(tree.right))
        if isinstance(tree, nodes.In):
            return replace(tree, operand=self._peers_first(tree.operand), choices=tuple(map(self._peers_first, tree.choices)))
        if not isinstance(tree, nodes.Call):
            return tree
        asked = to_text(tree.arguments[0]) if tree.arguments else ""
        tree = replace(tree, arguments=tuple(map(self._peers_first, tree.arguments)))
        if tree.function not in FUNCTIONS or FUNCTIONS[tree.function].group != "peers":
            return tree
        name = f"#peers {sum(column.startswith('#peers ') for column in self.frame.columns)}"
        self._compare(tree.function, asked, compile_row(tree.arguments[0], self.names(tree.arguments)), name)
        return nodes.Name(tree.at, name)

    def _compare(self, function: str, asked: str, value: RowValue, name: str) -> None:
        """Compare each line with the lines that have the same key and are of other subjects, on the same day."""
        peers = self.framework.peers
        days = max(len(self.places.days), 1)
        alike = self.names([nodes.Name(0, attribute) for attribute in peers.same])
        group = {"#day": nw.col("#at") % days} | {f"#same {one}": alike.columns[one].expression for one in peers.same}
        frame = with_columns(self.frame, {**group, "#asked": value.expression})
        by = [*group, *self.found.one_per]
        if len(self.places.days) == 1:
            least = None if function == "peer_count" else self.found.least_peers
            frame = beside_absent(self.places, self.found, frame, f"{self.found.name}: {asked}, {spoken(self.outer[0])}", by, least)
        answer = peer_values(frame, by, function, with_self=peers.with_self, least=self.found.least_peers).head(self.frame.height)
        scale = 0 if function == "peer_count" else PEER_SCALE + (0 if function == "percentile" else value.scale or 0)
        if function in ("peer_min", "peer_max"):
            scale = value.scale or 0
        self.frame = self.frame.with_columns(answer.alias(name))
        self.values[name] = RowValue(nw.col(name), scale)


def peer_values(frame: pl.DataFrame, by: Sequence[str], function: str, *, with_self: bool, least: int) -> pl.Series:
    """One comparison for every line of ``#asked`` within its group; means and medians at nine decimals more, percentiles at nine."""
    asked = pl.col("#asked").cast(pl.Int128)
    known = asked.is_not_null()
    out = pl.lit(0) if with_self else known.cast(pl.Int64)
    count = known.sum().over(by).cast(pl.Int64) - out
    if function == "peer_count":
        return frame.select(count).to_series()
    finer = 10**PEER_SCALE
    table = frame.with_row_index("#row").with_columns(asked.alias("#asked"), count.alias("#count"))
    if function == "peer_mean":
        total = pl.col("#asked").sum().over(by) - (pl.lit(0) if with_self else pl.col("#asked").fill_null(0))
        table = table.with_columns((total * finer).alias("#top"), pl.col("#count").cast(pl.Int128).alias("#bottom"))
        answer = divided(table)
    elif function == "percentile":
        below = (pl.col("#asked").rank("min").over(by) - 1).cast(pl.Int128)
        equal = pl.len().over([*by, "#asked"]).cast(pl.Int128) - out
        table = table.with_columns(((2 * below + equal) * finer).alias("#top"), (2 * pl.col("#count")).cast(pl.Int128).alias("#bottom"))
        answer = divided(table.with_columns(pl.when(pl.col("#asked").is_not_null()).then(pl.col("#top")).alias("#top")))
    else:
        answer = _ranked(table, by, function, with_self=with_self)
    enough = pl.col("#count") >= max(least, 1)
    return table.select(pl.when(enough).then(answer)).to_series().cast(pl.Int128)  # nine decimals more than money outgrow 64 bits


def divided(table: pl.DataFrame) -> pl.Series:
    """``#top / #bottom``, half-even; blank where nothing is below."""
    bottom = nw.when(nw.col("#bottom") > 0).then(nw.col("#bottom"))
    return with_columns(table, {"#divided": half_even(nw.col("#top"), bottom.cast(WIDE))})["#divided"]


def _ranked(table: pl.DataFrame, by: Sequence[str], function: str, *, with_self: bool) -> pl.Series:
    """Least, most or median of the known values of a group, the line's own left out where peers are the others only."""
    ordered = (
        table.filter(pl.col("#asked").is_not_null()).sort("#asked").group_by(by, maintain_order=True).agg(pl.col("#asked").alias("#all"))
    )
    joined = table.join(ordered, on=list(by), how="left", nulls_equal=True, maintain_order="left")
    own = None if with_self else (pl.col("#asked").rank("ordinal").over(by).cast(pl.Int64) - 1)
    answers = joined.with_columns(pl.lit(None, dtype=pl.Int64).alias("#own") if own is None else own.alias("#own"))

    def at(rank: pl.Expr) -> pl.Expr:
        place = pl.when(pl.col("#own").is_null() | (rank < pl.col("#own"))).then(rank).otherwise(rank + 1)
        return pl.col("#all").list.get(place, null_on_oob=True)

    count = pl.col("#count")
    if function == "peer_min":
        return answers.select(at(pl.lit(0, dtype=pl.Int64))).to_series()
    if function == "peer_max":
        return answers.select(at(count - 1)).to_series()
    middle = (at((count - 1) // 2) + at(count // 2)) * 10**PEER_SCALE
    return divided(answers.with_columns(middle.alias("#top"), pl.lit(2, dtype=pl.Int128).alias("#bottom")))


def with_columns(frame: pl.DataFrame, columns: Mapping[str, nw.Expr]) -> pl.DataFrame:
    """The frame with columns that Narwhals expressions give."""
    if not columns:
        return frame
    added = nw.from_native(frame.lazy()).with_columns(**columns)
    try:
        return added.collect().to_native()
    except nw.exceptions.InvalidOperationError as error:
        raise too_large(error) from error


def first_failing(rules: Sequence[Rule], names: RowNames) -> nw.Expr:
    """The number of the first rule that does not hold, from 1; 0 if all do. A blank rule holds if it says so."""
    fail = nw.lit(0, nw.Int32())
    for number, rule in reversed(list(enumerate(rules, start=1))):
        holds = compile_row(rule.formula.tree, names).expression.fill_null(rule.blank_holds)
        fail = nw.when(holds).then(fail).otherwise(nw.lit(number, nw.Int32()))
    return fail
