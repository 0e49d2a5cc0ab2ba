"""A framework with every construct of the language, as calculation sees it: for tests that go over the whole model."""

# ruff: noqa: E501 (one definition a line)

from __future__ import annotations

from datetime import date
from fractions import Fraction

from steelyard.calc.formula.nodes import COUNT, MONEY, NUMBER, PERCENT, TEXT, YES_NO, Formula, Type
from steelyard.calc.formula.parse import parse
from steelyard.calc.framework.model import (
    Band,
    Conversion,
    FactList,
    Framework,
    Gate,
    Held,
    History,
    KnownWhen,
    Kpi,
    Level,
    ListColumn,
    Measure,
    NoData,
    Node,
    Open,
    Peers,
    PointsRule,
    Question,
    Rollup,
    Rule,
    Span,
    Standing,
    Table,
    TableRow,
    Trigger,
    Turns,
    Window,
)
from steelyard.calc.units import Blank


def formula(text: str, kind: Type = NUMBER) -> Formula:
    """A formula, unchecked."""
    return Formula(text, parse(text), kind)


def rule(text: str, reason: str = "", *, blank_holds: bool = False) -> Rule:
    return Rule(formula(text, YES_NO), reason, blank_holds)


TABLES = {
    "sales_for": Table(
        "sales_for",
        ("region", "level"),
        (TableRow(("North", "Gold"), 200000), TableRow(("South", "Gold"), 150000, date(2027, 1, 31))),
        MONEY,
        Blank("no row"),
    ),
    "factor": Table("factor", ("market",), (TableRow(("growth",), Fraction(9, 4)),), NUMBER, Fraction(3, 4), "Market factor"),
    "counted": Table("counted", ("version",), (TableRow(("14",), True), TableRow(("13",), False)), YES_NO),
}
CURVES = {
    "late_points": PointsRule(
        "bands",
        bands=(Band(None, False, 0, True, 99), Band(0, False, Fraction(1, 20), True, 91), Band(Fraction(1, 20), False, None, False, 41)),
    ),
    "each_unit": PointsRule("per", points=formula("11"), each=13),
}
LISTS = {
    "tenants": FactList(
        "tenants",
        ("tenant",),
        {
            "seats": ListColumn("seats", COUNT, Measure("seats", "seats", "last", formula("paid_units"), COUNT, Window("all time"), repeat_per_subject=True)),
            "fees": ListColumn(
                "fees",
                MONEY,
                Measure(
                    "fees", "orders", "sum", formula("amount"), MONEY, Window("month", 17), (rule("quantity > 19", "small"),),
                    once_per=("document",), known_when=KnownWhen("orders", 4),
                ),
                match=("tenant",),
                theirs=("end_customer",),
                title="Fees paid",
            ),
            "later": ListColumn(
                "later", COUNT, Measure("later", "orders", "count", None, COUNT), match=("site",), since="date", lasting=Span(14, "days")
            ),
            "size": ListColumn("size", TEXT, formula=formula('when(seats > 301, "large", "small")')),
        },
        keep=(rule("seats >= 41% * fees", "too few", blank_holds=True), rule("seats > 0")),
        title="customers with their seats",
    ),
    "chosen": FactList(
        "chosen",
        ("customer", "product"),
        {},
        fact="quotes",
        date="sent_on",
        window=Window("month", 24),
        where=(rule("not (expired and not signed)", "expired without a signature"),),
        prefer=(("signed", "yes"), ("amount", "highest"), ("cost", "lowest"), ("sent_on", "latest"), ("ended_on", "earliest")),
    ),
    "second": FactList("second", ("product",), {}, list="chosen", prefer=(("amount", "highest"),), least_peers=3),
}  # fmt: skip
WINDOWS = {
    "two_years": Window("month", 24),
    "before": Window("period", 3, 2, "periods"),
    "days90": Window("days", 90, 10, "days"),
    "one_day": Window("days", 1),
    "half": Window("half", 1, 1, "years"),
    "halves": Window("half", 5),
    "quarter": Window("quarter", 1, 3, "quarters"),
    "year": Window("year", 1),
    "weeks": Window("period", 7),
    "so_far": Window("year to date", shift=6, shift_unit="months"),
    "month": Window("month"),
    "whole": Window("all time"),
}
MEASURES = {
    measure.name: measure
    for measure in (
        Measure("net_sales", "orders", "sum", formula("amount * factor(kind, promised_on)"), MONEY, where=(rule('kind != "free"', "free", blank_holds=True),)),
        Measure("counted", "orders", "count", None, COUNT, Window("month", 12), (rule("amount >= 250"),), date="shipped_on"),
        Measure("customers", "orders", "count_distinct", formula("end_customer"), COUNT, title="Customers served"),
        Measure("certified", "certificates", "count_distinct", formula("person"), COUNT, valid_on=True, repeat_per_subject=True),
        Measure("reported", "sell_through", "mean", formula("amount"), MONEY, once_per=("document", "line"), known_when=KnownWhen("sell_through", 2)),
        Measure("strictly", "sell_through", "median", formula("abs(amount)"), MONEY, known_when=KnownWhen("sell_through")),
        Measure("least", "inventory", "min", formula("quantity"), NUMBER),
        Measure("most", "inventory", "max", formula("floor(quantity)"), NUMBER),
        Measure("since", "orders", "first", formula("date"), Type("date")),
        Measure("stock", "inventory", "last", formula("quantity"), NUMBER, Window("all time")),
        Measure("lines", "", "sum", formula("fees"), MONEY, list="tenants", where=(rule('size == "large" and seats > 33'),)),
    )
}  # fmt: skip
KPIS = {
    kpi.name: kpi
    for kpi in (
        Kpi("sales", formula("net_sales", MONEY), "money", target=formula('sales_for(region, "Gold") / 2'), range=(-510, 520000), small_below=21, round=2),
        Kpi("growth", formula("net_sales[ttm] / net_sales[prior_ttm] - 1", PERCENT), "percent", (Fraction(-3, 100), Fraction(7, 100)),
            NoData("skip", rule=formula("net_sales[prior_ttm] < least_base"), reason="base too small")),
        Kpi("people", formula("(certified - 3) * -2"), "count", no_data=NoData("points", 29)),
        Kpi("stay", formula("if_blank(stock, 8) + clamp(most, 1.5, 2.5) - power(least, 3) + round(customers, 1)"), "number", no_data=NoData("carry", 6)),
        Kpi("rank", formula("percentile(net_sales) - peer_mean(stock) / peer_median(stock) * peer_count(stock)"), "percent", "lower", NoData("zero"), round=0),
        Kpi("edge", formula("min(peer_min(stock), peer_max(stock), 61) - max(stock, -least)"), "number", no_data=NoData("full"), round=-2),
        Kpi("answer", formula('"partly"', TEXT), "text", no_data=NoData("fail")),
        Kpi("age", formula("months_between(since, as_of) + when(is_blank(stock), 52, 53)"), "days", title="Months since"),
        Kpi("late", formula("late_points(growth) + factor(type, 2026-03-01) + points_of"), "points"),
        Kpi("idle", formula("certified"), "count", no_data=NoData("zero")),
    )
}  # fmt: skip
CARD = Node(
    "total",
    combine="mean",
    needs_data=Fraction(63, 100),
    round=1,
    items=(
        Node(
            "commercial",
            title="Commercial success",
            combine="sum",
            weight=formula("58"),
            cap=97,
            floor=9,
            scale_to=95,
            items=(
                Node("line", kpi="sales", points=PointsRule("line", corners=((Fraction(60), 0), (100, 101), (120, 101), (130, 77)))),
                Node("per", kpi="people", points=PointsRule("per", points=formula("5"), each=2, whole=True)),
                Node("part", kpi="stay", points=PointsRule("per", points=formula("1 * factor(type)"))),
                Node("text", kpi="answer", points=PointsRule("choice", choices=(("yes", 31), ("no", 1)))),
            ),
            require=(
                Gate(formula("lowest_item > 22"), "cap", 59, reason="an item without points"),
                Gate(formula("passes and points >= 23 or not (overall < 24)"), "zero", blank_holds=True),
                Gate(formula("points(line) > 25"), "skip"),
                Gate(formula("passes(per)"), "at_most", level="Gold"),
                Gate(formula("status in [\"active\", \"new\"]"), "fail"),
            ),
        ),
        Node(
            "capability",
            combine="best",
            weight=formula("42"),
            items=(
                Node(
                    "bands", kpi="growth",
                    points=PointsRule("bands", bands=(
                        Band(None, False, 0, False, 0), Band(0, True, 5, False, 51), Band(5, True, 6, True, 52), Band(6, False, 7, True, 53),
                        Band(7, False, None, False, 54),
                    )),
                ),
                Node("worst", combine="worst", items=(Node("value", kpi="late", points=PointsRule("value")),), missing="zero"),
            ),
        ),
        Node("third", combine="best", weight=formula("factor(region)"), items=(
            Node("low", kpi="late", points=PointsRule("bands", bands=(Band(None, False, None, False, 71),))),
            Node("mid", kpi="late", points=PointsRule("bands", bands=(Band(None, False, 3, True, 72), Band(3, False, None, False, 73)))),
            Node("high", kpi="late", points=PointsRule("value")),
        )),
        Node("fourth", combine="mean", weight=formula("64"), items=tuple(
            Node(f"of_{name}", kpi=name, points=PointsRule("value")) for name in ("rank", "edge", "age", "late")
        )),
    ),
)  # fmt: skip
LEVELS = (
    Level("Silver"),
    Level(
        "Gold",
        (
            formula("points >= 61"),
            formula(
                "people != 62 and people < 1000 and people <= 1001 and since > 2026-05-04 and since < 2027-05-05 and since >= 2026-05-06 and as_of <= 2028-05-07"
            ),
        ),
        (((formula("people >= 3"), formula("sales >= 1234.5")), (formula("sales > 9876"),)), ((formula("passes == true"),), ())),
        ("show_badge", "tell_everybody"),
        Held(lasting=Span(6, "months")),
        "Gold partner",
    ),
    Level("Platinum", (formula("points(total) >= 85 or passes == false"),), held=Held(once_in=Window("quarter", 8))),
)
TRIGGERS = (
    Trigger("recover", formula("in_a_row(growth >= 93 and growth <= 94) >= 3", YES_NO), "plan to recover", Span(30, "days")),
    Trigger("slide", formula("previous(growth) > 15 and count_true(growth < 0, two_years) > 4", YES_NO), "call", Span(2, "weeks"), "Slide"),
    Trigger("spike", formula("any_day(growth > 16, days90) or in_a_row(growth == blank, ttm) > 5", YES_NO), "look", Span(1, "months")),
)
WHOLE = Framework(
    code="whole",
    title="Everything",
    subject=("partner", "territory"),
    grain="quarter",
    effective=date(2026, 1, 1),
    currency="EUR",
    measures=MEASURES,
    kpis=KPIS,
    scorecard=CARD,
    levels=LEVELS,
    source="",
    convert=Conversion("month average", "document_currency", "ECB"),
    rounding="half_even",
    calendar="fiscal",
    applies_to=formula('type == "distributor" and status != "closed"', YES_NO),
    settings={
        "least_base": 10000,
        "share": Fraction(3, 8),
        "strict": True,
        "loose": False,
        "begun": date(2025, 2, 3),
        "word": "North",
        "pace": Fraction(11, 8),
    },
    units={"least_base": "money", "share": "percent", "late_points": "percent", "pace": "factor"},
    tables=TABLES,
    curves=CURVES,
    windows=WINDOWS,
    questions={
        "cooperation": Question("cooperation", "How well?", 1, 6, Fraction(1, 2), "partner manager", evidence=True),
        "trust": Question("trust", "How much?", 0, 10, 1, answers=((0, "Never again"), (10, "Blindly"))),
    },
    lists=LISTS,
    peers=Peers(("type", "region"), 12, with_self=False),
    history=History(13, formula("max(0, (12 - n) / 12)"), round=1),
    standing=Standing(
        "Silver", Turns("monthly"), Turns("cycle", name="autumn"), Turns("months", (1, 7)), Span(14, "months"), 2, "first day of next month"
    ),
    rollup=Rollup(
        "partner",
        "highest",
        (Level("Global", (formula('parts(status == "key" and level >= "Platinum") >= 35'), formula("parts(points > 36) >= 6"))),),
    ),
    triggers=TRIGGERS,
    earlier="as known now",
    open=(
        Open("scorecard.of.commercial.weight", 50, 70),
        Open("tables.sales_for"),
        Open("kpis.growth.small_below", low=20),
        Open("kpis.growth.round", high=4),
        Open("kpis", adding=True),
    ),
    extends="standard",
)
