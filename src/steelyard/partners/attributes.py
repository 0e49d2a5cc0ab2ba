"""Attributes of the company's own: what may be declared, and which values fit what was declared."""

from __future__ import annotations

import polars as pl

from steelyard.calc.attributes import WRITTEN, canonical
from steelyard.calc.errors import Problem
from steelyard.calc.formula.functions import FUNCTIONS
from steelyard.calc.formula.parse import KEYWORDS
from steelyard.calc.framework.context import RESERVED
from steelyard.calc.framework.scopes import built_in
from steelyard.calc.framework.section import NAME
from steelyard.calc.masters import MASTERS as CATALOGUE
from steelyard.masters.master import Master, Reference, RowProblem

from . import models


def declared() -> dict[str, tuple[str, str]]:
    """code -> (partner or product, type), as declared now."""
    return {code: (about, kind) for code, about, kind in models.Attribute.objects.values_list("code", "about", "type")}


def _declarations(attributes: pl.DataFrame) -> list[RowProblem]:
    """A name that formulas can use and that means nothing else; what has values keeps its type and whose it is."""
    problems: list[RowProblem] = []
    columns = [name for name in ("about", "type") if name in attributes.columns]
    known = declared()
    for row, code in attributes.select("source_row", "code").iter_rows():
        if not NAME.fullmatch(code) or code in KEYWORDS:
            hint = "use letters, digits and _, beginning with a letter"
            problems.append((row, Problem("bad-name", "this is not a name that a formula can use", "code", code, hint)))
        elif code in built_in() or code in RESERVED or code in FUNCTIONS:
            problems.append((row, Problem("taken", "frameworks know something else by this name", "code", code, "choose another name")))
    with_values = set(models.AttributeValueHistory.objects.filter(attribute__in=known).values_list("attribute", flat=True).distinct())
    for row, code, *said in attributes.select("source_row", "code", *columns).iter_rows():
        was = dict(zip(("about", "type"), known.get(code, ("", "")), strict=True))
        changed = [name for name, value in zip(columns, said, strict=True) if code in with_values and value != was[name]]
        if changed:
            hint = "declare another attribute, and load the values again under its code"
            found = f"{was[changed[0]]}, and values are recorded"
            problems.append((row, Problem("in-use", "an attribute with values stays what it is", changed[0], found, hint)))
    return problems


def _tidy(values: pl.DataFrame) -> pl.DataFrame:
    """Values in the one way in which their type is written."""
    if not {"value", "attribute"} <= set(values.columns) or values.is_empty():
        return values
    types = declared()
    pairs = values.select("attribute", "value").iter_rows()
    told = [(canonical(text, types[code][1]) if code in types else None) or text for code, text in pairs]
    return values.with_columns(pl.Series("value", told, dtype=pl.String))


def _fitting(values: pl.DataFrame) -> list[RowProblem]:
    """A value is of what its attribute is about, and of its type."""
    problems: list[RowProblem] = []
    types, said = declared(), "value" in values.columns
    columns = ["source_row", "attribute", "partner", "product", *(["value"] if said else [])]
    for row, code, partner, product, *rest in values.select(columns).iter_rows():
        if code not in types:
            continue  # the reference is reported
        about, kind = types[code]
        mine, other, wrong = (partner, product, "product") if about == "partner" else (product, partner, "partner")
        if not mine or other:
            message = f"`{code}` is an attribute of a {about}"
            where, hint = (wrong, f"leave {wrong} empty") if other else (about, f"name the {about}, and no {wrong}")
            problems.append((row, Problem("attribute", message, where, other, hint)))
        elif said and rest[0] and canonical(rest[0], kind) is None:
            problems.append((row, Problem("bad-value", f"`{code}` is {kind}", "value", rest[0], WRITTEN[kind])))
    return problems


def masters(partner: Reference, product: Reference) -> tuple[Master, Master]:
    """The declarations of the two masters."""
    attribute = Reference("attribute", lambda: models.Attribute.objects.values_list("code", flat=True))
    return (
        Master(CATALOGUE["attributes"], models.Attribute, models.AttributeHistory, rule=_declarations),
        Master(
            CATALOGUE["attribute_values"], models.AttributeValue, models.AttributeValueHistory, rule=_fitting, tidy=_tidy,
            references={"attribute": attribute, "partner": partner, "product": product},
        ),
    )  # fmt: skip
