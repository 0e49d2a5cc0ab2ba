"""What the sheets of a region's workbook hold, declared as kinds, so that intake's own reader reads their cells."""

from __future__ import annotations

from steelyard.calc.facts import Column, Kind
from steelyard.calc.facts.kind import ColumnType
from steelyard.calc.framework.model import Framework

TOTAL, LEVEL, POINTS, WEIGHT = "total", "level", " points", " weight"
_UNITS: dict[str, ColumnType] = {"points": "number", "text": "text"}  # points are numbers of six decimals
_ORDER = ("order", "order number", "order no", "invoice", "sales order", "sales order number")
_RATE = ("exchange rate", "fx", "fx rate", "currency rate")
_SUBJECT = Column(
    "subject", "text", "whose figures these are: a code, an alias or a name", required=True,
    synonyms=("partner", "reseller", "distributor", "dealer", "customer", "representative", "territory", "partner code", "code", "party"),
)  # fmt: skip


def totals_kind(framework: Framework) -> Kind:
    """The sheet of published figures: one row per subject, one column per KPI with its points and weight, total, level."""
    columns = [_SUBJECT]
    for kpi in framework.kpis.values():
        unit = _UNITS.get(kpi.unit, kpi.unit)
        title = kpi.title or kpi.name.replace("_", " ")
        columns += [
            Column(kpi.name, unit, title, synonyms=(title,)),  # type: ignore[arg-type]
            Column(f"{kpi.name}{POINTS}", "number", f"points for {title}", synonyms=(f"points {title}", f"{title} points")),
            Column(f"{kpi.name}{WEIGHT}", "number", f"weight of {title}", synonyms=(f"weight {title}", f"{title} weight")),
        ]
    columns += [
        Column(TOTAL, "number", "total of the scorecard", synonyms=("score", "total score", "total points", "points", "gesamt")),
        Column(LEVEL, "text", "level or grade", synonyms=("grade", "class", "status", "stufe")),
        Column("kpi", "text", "in a long sheet: which KPI the row is about", synonyms=("measure", "figure", "metric")),
        Column("value", "text", "in a long sheet: its value", synonyms=("result", "actual")),
    ]
    return Kind("totals", "Figures", "The figures as the region published them.", tuple(columns), key=("subject",))


LINES = Kind(
    name="lines",
    title="Lines",
    meaning="The lines that the region counted, one row each.",
    key=("document",),
    columns=(
        Column("subject", "text", "for whom the line was counted", required=True, synonyms=_SUBJECT.synonyms),
        Column("document", "text", "order or invoice number", synonyms=_ORDER),
        Column("line", "text", "line number within the document", synonyms=("line number", "line no", "position", "pos", "item")),
        Column("date", "date", "business date", synonyms=("order date", "invoice date", "sold on", "day")),
        Column("amount", "money", "net value as on the document", synonyms=("net amount", "sales amount", "net", "document amount")),
        Column("currency", "text", "currency of the amount", refers_to="currency", synonyms=("curr", "currency code")),
        Column("rate", "text", "rate by which the region multiplied the amount", synonyms=_RATE),
        Column("value", "money", "what it was counted for, in the framework's currency", synonyms=("counted", "converted")),
        Column("territory", "text", "territory the region credited", synonyms=("region", "sales territory", "area")),
    ),
)  # fmt: skip

TARGETS = Kind(
    name="targets",
    title="Targets",
    meaning="The targets that the region measured against.",
    key=("subject",),
    columns=(
        Column("subject", "text", "whose target it is", required=True, synonyms=_SUBJECT.synonyms),
        Column("amount", "money", "target", required=True, synonyms=("target", "quota", "target amount", "plan", "value")),
    ),
)

RATES = Kind(
    name="rates",
    title="Rates",
    meaning="The currency rates that the region used.",
    key=("currency",),
    columns=(
        Column("currency", "text", "currency of the lines", required=True, refers_to="currency", synonyms=("curr", "base")),
        Column("date", "date", "day of the rate; without days one rate holds throughout", synonyms=("day", "rate date")),
        Column("rate", "text", "what one unit of it is worth in the framework's currency", required=True, synonyms=_RATE),
    ),
)  # fmt: skip

PARTS = {"lines": LINES, "targets": TARGETS, "rates": RATES}
