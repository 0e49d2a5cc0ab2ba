"""From the rows of a fact to resolved rows: joins with the lookups, fiscal cells, converted values, rules applied.

This is the one place that says what a row means to a measure. Phase 1 groups its result; "show me the rows" lists it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import narwhals as nw
import polars as pl

from ..facts import Kind
from ..formula import nodes
from ..formula.nodes import names_in
from ..framework.model import Framework, Measure
from ..resolve import ONE, Resolver
from ..units import DECIMALS
from .authority import NOT_AUTHORITATIVE, has_authority, with_authority
from .cells import with_cell, with_month
from .looking_up import Rows, look_up
from .plan import Plan, Scan, amount_columns, is_pick, needed_columns
from .row_values import all_of
from .rows import WIDE, RowNames, RowValue, compile_row, half_even, to_unit
from .versions import DAY, cut_by_version, version_days

NO_RATE = "no currency rate for the day"
NO_FACTOR = "no factor for the unit of measure"
QUANTITIES = ("quantity", "ordered_quantity", "adjusted")  # counted in the row's `unit`


@dataclass(frozen=True)
class PartInfo:
    """What a part of the facts holds, found by one cheap look: sources, currencies, first and last date."""

    sources: tuple[str, ...]
    currencies: tuple[str, ...]
    first: date
    last: date
    with_blanks: frozenset[str]  # columns of values and currencies that are blank somewhere
    units: tuple[str, ...] = ()  # units of measure, where a measure reads quantities


def look(frame: pl.LazyFrame, scan: Scan, framework: Framework) -> PartInfo | None:
    """The `PartInfo` of a part, or None if it is empty."""
    kind = scan.kind
    dates = sorted({name for name in (kind.date, scan.date) if name})
    currency = currency_column(scan, framework)
    values = sorted(
        {name for measure in scan.measures if measure.value for name in names_in(measure.value.tree) if name in kind.by_name}
        | ({currency} if currency else set())
    )
    asked = [pl.col("source").unique().implode().alias("sources"), pl.len().alias("rows")]
    asked += [pl.col(name).min().alias(f"first.{name}") for name in dates] + [pl.col(name).max().alias(f"last.{name}") for name in dates]
    asked += [pl.col(name).null_count().alias(f"blank.{name}") for name in values]
    if currency:
        asked.append(pl.col(currency).unique().implode().alias("currencies"))
    if any(counted_names(tree, kind) for measure in scan.measures for tree in _trees(measure)):
        asked.append(pl.col("unit").unique().implode().alias("units"))
    found = frame.select(asked).collect().row(0, named=True)
    if not found["rows"]:
        return None
    days = [found[f"{end}.{name}"] for end in ("first", "last") for name in dates if found[f"{end}.{name}"] is not None]
    no_day = date(1970, 1, 1)
    currencies = tuple(sorted(item for item in found.get("currencies") or [] if item))
    blanks = frozenset(name for name in values if found[f"blank.{name}"])
    return PartInfo(
        tuple(sorted(item or "" for item in found["sources"])),
        currencies,
        min(days, default=no_day),
        max(days, default=no_day),
        blanks,
        tuple(sorted(item for item in found.get("units") or [] if item)),
    )


def _trees(measure: Measure) -> list[nodes.Node]:
    """The formulas that read a row: rules, the value, and of picked rows each column that is kept."""
    kept = [nodes.Name(0, name) for name in measure.per] if is_pick(measure) else []
    return [rule.formula.tree for rule in measure.where] + ([measure.value.tree] if measure.value is not None else kept)


def counted_names(tree: nodes.Node, kind: Kind) -> frozenset[str]:
    """The quantities that a formula reads in the product's counting unit.

    A formula that also names a price reads them as the source said them, because the price is that of one unit as said.
    """
    names = names_in(tree) & set(kind.by_name)
    if not {"product", "unit"} <= set(kind.by_name) or any(kind.by_name[name].type == "price" for name in names):
        return frozenset()
    return frozenset(name for name in names & set(QUANTITIES) if kind.by_name[name].type == "number")


def currency_column(scan: Scan, framework: Framework) -> str | None:
    """The row column that says in which currency the scan's money is to be read; None if it adds up no money."""
    kind = scan.kind
    named = {column for measure in scan.measures for column in amount_columns(measure, kind).values() if column}
    if not named:
        return None
    read_as = framework.convert.read_as
    return read_as if read_as and read_as in kind.by_name else sorted(named)[0]


def resolved(plan: Plan, scan: Scan, resolver: Resolver, frame: Rows, info: PartInfo, extra: Sequence[str] = ()) -> Rows:
    """The rows with subjects, resolved attributes, ``#cell`` and (for money by line date) the conversion ratio."""
    needs = needed_columns(scan, plan.framework) | set(extra)
    if "country" in scan.subjects:
        needs.add("partner.country")
    kind = scan.kind
    if has_authority(kind, resolver):
        needs.add("partner")
    frame = _with_partner(frame, kind, resolver, info, needs)
    frame = with_authority(frame, kind, resolver)
    frame = _with_representative(frame, kind, resolver, needs)
    if any(name.startswith("product.") or name == "category" for name in needs) and "product" in kind.by_name:
        wanted = [name for name in sorted(needs) if name == "category" or name.startswith("product.")]
        if "category" in kind.by_name:
            wanted = [name for name in wanted if name != "category"]
        frame = look_up(frame, resolver.products(), ["product"], wanted, kind.date)
    for subject in scan.subjects:
        if subject == "territory":
            frame = look_up(frame, resolver.territories(), ["territory"], ["territory#"], None)
        elif subject == "country":
            frame = look_up(_with_country(frame, kind), resolver.countries(), ["country"], ["country#"], None)
    frame = with_cell(frame, plan, scan, info.first, info.last)
    if "month" in needs and "month" not in kind.by_name:
        frame = with_month(frame, plan, scan, info.first, info.last)
    frame = _with_factor(frame, kind, resolver, info)
    frame = cut_by_version(frame, plan.framework, scan)
    return _with_ratio(frame, plan, scan, resolver, info)


def _with_partner(frame: Rows, kind: Kind, resolver: Resolver, info: PartInfo, needs: set[str]) -> Rows:
    credited = needs & {"representative", "territory"}
    if "party" not in kind.by_name:
        return frame
    wanted = [name for name in sorted(needs) if name.startswith("partner.")]
    if "partner" in needs:
        wanted += ["partner", "partner#"]
    if credited:
        wanted += ["own_territory", "assigned"]
    if not wanted:
        return frame
    lookup = resolver.parties(info.sources)
    if len(info.sources) == 1:
        return look_up(frame, lookup, ["party"], wanted, kind.date)
    return look_up(frame, lookup, ["source", "party"], wanted, kind.date)


def _with_representative(frame: Rows, kind: Kind, resolver: Resolver, needs: set[str]) -> Rows:
    if not needs & {"representative", "territory"}:
        return frame
    people = resolver.representatives()
    has_party, has_own = "party" in kind.by_name, "representative" in kind.by_name
    if has_own and has_party:
        known = people.select("representative", "valid_from", "valid_to").with_columns(known=pl.lit(True))
        frame = look_up(frame, known, ["representative"], ["known"], None)
        frame = frame.with_columns(
            representative=nw.when(nw.col("known")).then(nw.col("representative")).otherwise(nw.col("assigned"))
        ).drop("known")
    elif has_party:
        frame = frame.with_columns(representative=nw.col("assigned"))
    if has_own or has_party:
        frame = look_up(frame, people, ["representative"], ["representative#", "rep_territory"], kind.date)
    if "territory" in needs:
        own = [nw.col("territory")] if "territory" in kind.by_name else []
        own += [nw.col("rep_territory")] if has_own or has_party else []
        own += [nw.col("own_territory")] if has_party else []
        frame = frame.with_columns(territory=nw.coalesce(*own) if len(own) > 1 else own[0])
    return frame


def _with_country(frame: Rows, kind: Kind) -> Rows:
    """``country``: the one that the row names, else the partner's own."""
    return frame.with_columns(country=nw.coalesce(nw.col(country_column(kind)), nw.col("partner.country")))


def country_column(kind: Kind) -> str:
    """The column in which a row of this kind names its country; the reader of frameworks asks for kinds that have one."""
    return next(column.name for column in kind.columns if column.refers_to == "country")


def _with_factor(frame: Rows, kind: Kind, resolver: Resolver, info: PartInfo) -> Rows:
    """``#factor``: counting units in one of the row's unit, null where the unit has none; only where some unit is not one."""
    factors = resolver.factors(info.units)
    if factors is None:
        return frame
    known, others = factors
    known = known.rename({"factor": "#of product"}).with_columns(pl.lit(True).alias("#known"))
    frame = look_up(frame, known, ["product", "unit"], ["#of product", "#known"], kind.date)
    frame = look_up(frame, others.rename({"factor": "#of others"}), ["unit"], ["#of others"], kind.date)
    said = nw.when(nw.col("#known")).then(nw.col("#of product")).otherwise(nw.col("#of others"))
    blank = nw.col("unit").is_null() | (nw.col("unit") == "")
    factor = nw.when(blank).then(nw.lit(ONE, nw.Int64())).otherwise(said).cast(WIDE)
    return frame.with_columns(factor.alias("#factor")).drop("#of product", "#known", "#of others")


def _with_ratio(frame: Rows, plan: Plan, scan: Scan, resolver: Resolver, info: PartInfo) -> Rows:
    column = currency_column(scan, plan.framework)
    if column is None:
        return frame
    if plan.framework.convert.policy != "line date":
        return frame.with_columns(nw.col(column).fill_null("").alias("#currency"))
    if not needs_conversion(plan, scan, info):
        return frame
    assert scan.kind.date is not None
    ratios = _ratios(plan, resolver, info).rename(
        {"currency": column, "date": scan.kind.date, "numerator": "#numerator", "denominator": "#denominator"}
    )
    return frame.join(nw.from_native(ratios.lazy()), on=[column, scan.kind.date], how="left")


def needs_conversion(plan: Plan, scan: Scan, info: PartInfo) -> bool:
    """Whether a part has money in another currency than the framework's, or in none."""
    return info.currencies != (plan.framework.currency,) or currency_column(scan, plan.framework) in info.with_blanks


def _ratios(plan: Plan, resolver: Resolver, info: PartInfo) -> pl.DataFrame:
    convert = plan.framework.convert
    return resolver.ratios(convert.rates, plan.framework.currency, info.currencies, info.first, info.last)


@dataclass(frozen=True)
class MeasureColumns:
    """What one measure adds to the resolved rows."""

    fail: nw.Expr | None  # 0 if the row counts, else the number of the first rule that excluded it (1-based)
    value: nw.Expr | None  # the row's value as stored, None for `count: lines`
    reasons: tuple[str, ...]
    kept: Mapping[str, nw.Expr] = field(default_factory=dict)  # of picked rows: columns that are not kept as they were said


def measure_columns(plan: Plan, scan: Scan, resolver: Resolver, measure: Measure, info: PartInfo) -> MeasureColumns:
    """The expressions that say whether a resolved row counts for the measure, and for how much."""
    said = row_columns(plan.framework, scan)
    factors = resolver.factors(info.units)

    def names_of(tree: nodes.Node) -> RowNames:
        return _counted(said, counted_names(tree, scan.kind)) if factors is not None else said

    rules = [
        (compile_row(rule.formula.tree, names_of(rule.formula.tree)).expression.fill_null(rule.blank_holds), rule.reason)
        for rule in measure.where
    ]
    order = list(range(len(rules)))  # in which rules are asked
    reading = [place for place, tree in enumerate(_trees(measure)) if counted_names(tree, scan.kind)]
    if factors is not None and reading and any(frame["factor"].null_count() for frame in factors):
        order.insert(reading[0], len(rules))  # before the first that reads a quantity
        rules.append((_has_factor(measure, scan.kind), NO_FACTOR))
    if has_authority(scan.kind, resolver):
        order.insert(0, len(rules))  # what does not count at all is asked nothing else
        rules.append((nw.col("#told"), NOT_AUTHORITATIVE))
    value = None
    if measure.value is not None:
        value, automatic = _value(plan, scan, resolver, measure, info, names_of(measure.value.tree))
        order += range(len(rules), len(rules) + len(automatic))
        rules += automatic
    kept: dict[str, nw.Expr] = {}
    if is_pick(measure):
        kept, automatic = _kept_columns(plan, scan, resolver, measure, info, factors is not None)
        order += range(len(rules), len(rules) + len(automatic))
        rules += automatic
    fail = None
    if rules:
        fail = nw.lit(0, nw.Int32())
        for place in reversed(order):
            fail = nw.when(~rules[place][0]).then(nw.lit(place + 1, nw.Int32())).otherwise(fail)
    return MeasureColumns(fail, value, tuple(reason for _, reason in rules), kept)


def _kept_columns(
    plan: Plan, scan: Scan, resolver: Resolver, measure: Measure, info: PartInfo, counted: bool
) -> tuple[dict[str, nw.Expr], list[tuple[nw.Expr, str]]]:
    """The columns of picked rows that are turned: quantities into counting units, money into the framework's currency."""
    kept: dict[str, nw.Expr] = {}
    money = amount_columns(measure, scan.kind)
    if counted:
        quantities = {name for tree in _trees(measure) for name in counted_names(tree, scan.kind)} & set(measure.per)
        kept = {name: _in_counting_units(nw.col(name)) for name in sorted(quantities)}
    if not money or plan.framework.convert.policy != "line date" or not needs_conversion(plan, scan, info):
        return kept, []
    for name in money:
        kept[name] = half_even(nw.col(name).cast(WIDE) * nw.col("#numerator"), nw.col("#denominator")).cast(nw.Int64())
    stated = all_of([~nw.col(name).is_null() for name in money], lambda a, b: a | b)
    rated = ~nw.col("#numerator").is_null() & ~nw.col("#denominator").is_null()
    ratios = _ratios(plan, resolver, info)
    always = currency_column(scan, plan.framework) not in info.with_blanks and not sum(ratios.null_count().row(0))
    return kept, [] if always else [(rated | ~stated, NO_RATE)]


def _counted(names: RowNames, counted: frozenset[str]) -> RowNames:
    """The same names, quantities among them turned into the product's counting unit: rounded half-even to their grain."""
    turned = {name: RowValue(_in_counting_units(names.columns[name].expression), names.columns[name].scale) for name in counted}
    return replace(names, columns={**names.columns, **turned})


def _in_counting_units(quantity: nw.Expr) -> nw.Expr:
    return half_even(quantity.cast(WIDE) * nw.col("#factor"), nw.lit(ONE, WIDE)).cast(nw.Int64())


def _has_factor(measure: Measure, kind: Kind) -> nw.Expr:
    """Whether the row's unit can be counted; a blank quantity needs no factor."""
    holds = ~nw.col("#factor").is_null()
    stated = [~nw.col(name).is_null() for name in sorted({name for tree in _trees(measure) for name in counted_names(tree, kind)})]
    any_stated = stated[0]
    for one in stated[1:]:
        any_stated = any_stated | one
    return holds | ~any_stated


def _value(
    plan: Plan, scan: Scan, resolver: Resolver, measure: Measure, info: PartInfo, names: RowNames
) -> tuple[nw.Expr, list[tuple[nw.Expr, str]]]:
    assert measure.value is not None
    compiled = compile_row(measure.value.tree, names)
    unit = measure.value.type.kind if measure.aggregate == "count_distinct" else measure.type.kind
    columns = names_in(measure.value.tree)
    complete = columns <= set(scan.kind.by_name) and not columns & info.with_blanks and not _may_be_blank(measure.value.tree)
    numeric = compiled.scale is not None and unit in DECIMALS
    value = to_unit(compiled, unit) if numeric else compiled.expression
    rules = [] if complete else [(~value.is_null(), f"{measure.value.text} is blank")]
    by_line = plan.framework.convert.policy == "line date" and bool(amount_columns(measure, scan.kind))
    if by_line and needs_conversion(plan, scan, info):
        ratios = _ratios(plan, resolver, info)
        if currency_column(scan, plan.framework) in info.with_blanks or sum(ratios.null_count().row(0)):
            rules.append((~nw.col("#numerator").is_null() & ~nw.col("#denominator").is_null(), NO_RATE))
        value = half_even(value.cast(WIDE) * nw.col("#numerator"), nw.col("#denominator")).cast(nw.Int64())
    return value, rules


def _may_be_blank(tree: nodes.Node) -> bool:
    """Whether a formula over complete columns can still be blank: tables and curves may miss, a division may be by zero."""
    if isinstance(tree, nodes.Binary):
        return tree.operator == "/" or _may_be_blank(tree.left) or _may_be_blank(tree.right)
    if isinstance(tree, nodes.Unary):
        return _may_be_blank(tree.operand)
    return isinstance(tree, nodes.Call)


def row_columns(framework: Framework, scan: Scan) -> RowNames:
    """What a row formula of this scan may name."""
    columns = {
        column.name: RowValue(nw.col(column.name), DECIMALS.get(column.type) if column.type not in ("text", "date", "yes/no") else None)
        for column in scan.kind.columns
    }
    resolved_names = (
        "partner",
        "representative",
        "territory",
        "category",
        "product.name",
        "product.category",
        "product.strategic",
        "product.must_stock",
        "product.status",
        *(f"partner.{name}" for name in ("name", "type", "parent", "country", "region", "status", "city")),
    )
    columns |= {name: RowValue(nw.col(name)) for name in resolved_names if name not in columns or name in ("representative", "territory")}
    columns.setdefault("month", RowValue(nw.col("month")))
    for master, types in framework.attributes.items():
        columns |= {f"{master}.{name}": RowValue(nw.col(f"{master}.{name}"), DECIMALS.get(kind.kind)) for name, kind in types.items()}
    day = DAY if version_days(framework, scan) else scan.kind.date or "date"
    return RowNames(columns, framework.settings, framework.tables, framework.curves, nw.col(day), framework.rounding)
