"""Mapping -> YAML: what `read` understands again, the same text for equal mappings."""

from __future__ import annotations

import hashlib
from fractions import Fraction
from typing import Any

import yaml

from steelyard.calc.framework.scalars import BadScalar, resolve
from steelyard.calc.units import to_text

from .model import ColumnRule, Lookup, Mapping


class _Dumper(yaml.SafeDumper):
    """Writes texts such as `0E100`, which look like a number and are none, in quotes."""


def _text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    try:
        resolve(text)
    except BadScalar:
        return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="'")
    return dumper.represent_str(text)


_Dumper.add_representer(str, _text)

_USUAL = {
    "totals": "quarantine", "negatives": "refused", "amount_check": "warn", "tolerance": "1%", "merged": "refuse", "hidden": "read",
    "extra": "warn", "ends": "file", "bring_in": "ask",
}  # fmt: skip


def to_yaml(mapping: Mapping) -> str:
    """The mapping as a person would write it; what is left to find out is left out."""
    return yaml.dump(_document(mapping), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120)


def digest(mapping: Mapping) -> str:
    """SHA-256 of a mapping's text: equal for equal mappings, whatever their layout and comments."""
    return hashlib.sha256(to_yaml(mapping).encode()).hexdigest()


def _document(mapping: Mapping) -> dict[str, Any]:
    dialect = mapping.dialect
    told: dict[str, Any] = {"kind": mapping.kind}
    _tell(told, "source", mapping.source)
    _tell(told, "sheet", dialect.sheet)
    if dialect.header_rows > 1:
        told["header"] = list(range(dialect.header - dialect.header_rows + 1, dialect.header + 1))
    elif dialect.header != 1:
        told["header"] = dialect.header or "none"
    _tell(told, "names", list(dialect.names))
    _tell(told, "encoding", dialect.encoding)
    _tell(told, "separator", dialect.separator)
    if dialect.quote != '"':
        told["quote"] = dialect.quote or "none"
    _tell(told, "line_end", dialect.line_end)
    _tell(told, "decimal", mapping.decimal)
    if mapping.thousands is not None:
        told["thousands"] = mapping.thousands
    _tell(told, "date_order", mapping.date_order)
    _tell(told, "blank_words", list(mapping.blank_words))
    _tell(told, "currency", mapping.currency)
    _tell(told, "columns", {name: _rule(rule) for name, rule in mapping.columns.items()})
    _tell(
        told, "where", [_without_blanks({"column": one.column, one.test: list(one.texts), "reason": one.reason}) for one in mapping.where]
    )
    if mapping.unpivot:
        told["unpivot"] = {"columns": list(mapping.unpivot.columns) or "rest", "name": mapping.unpivot.name, "value": mapping.unpivot.value}
    if mapping.replaces:
        told["scope"] = {"replaces": list(mapping.replaces)}
    for name, usual in _USUAL.items():
        if getattr(mapping, name) != usual:
            told[name] = getattr(mapping, name)
    if covers := mapping.covers:
        days = {"from": covers.first_day.isoformat(), "until": covers.last_day.isoformat()}
        told["covers"] = _without_blanks({"report": covers.report, **days, "party": covers.party})
    if control := mapping.control:
        amount = None if control.amount is None else to_text(control.amount, "money")
        told["control"] = _without_blanks({"rows": control.rows, "amount": amount})
    return told


def _tell(told: dict[str, Any], key: str, value: Any) -> None:
    if value:
        told[key] = value


def _without_blanks(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value not in ("", None)}


def _rule(rule: ColumnRule) -> str | dict[str, Any]:
    told = _filled_by(rule)
    if rule.values is not None:
        told["values"] = dict(rule.values)
    if rule.otherwise != "refuse":
        told["otherwise"] = rule.otherwise
    if rule.lookup:
        told["lookup"] = _lookup(rule.lookup)
    if rule.times is not None:
        told["times"] = _decimal(rule.times)
    for key in ("decimal", "thousands", "date_order", "date_format"):
        if getattr(rule, key) is not None:
            told[key] = getattr(rule, key)
    _tell(told, "days", rule.days)
    if rule.each_file:
        told["each_file"] = "yes"
    return rule.header if set(told) == {"from"} and rule.header is not None else told


def _filled_by(rule: ColumnRule) -> dict[str, Any]:
    if rule.constant is not None:
        return {"constant": rule.constant}
    if rule.join:
        return {"join": list(rule.join)}
    if rule.product:
        return {"product": [{"one_minus": factor.header} if factor.one_minus else factor.header for factor in rule.product]}
    return {"from": rule.header}


def _lookup(lookup: Lookup) -> dict[str, Any]:
    value = {"column": lookup.value, "lookup": _lookup(lookup.then)} if lookup.then else lookup.value
    told = {"file": lookup.file, "key": lookup.key, "value": value}
    _tell(told, "names", list(lookup.names))
    return told


def _decimal(factor: Fraction) -> str:
    """A factor as decimal text; factors are read from decimals, so this ends."""
    places = 0
    while (factor * 10**places).denominator != 1:
        places += 1
    digits = f"{abs(int(factor * 10**places)):0{places + 1}d}"
    text = f"{digits[:-places]}.{digits[-places:]}" if places else digits
    return f"-{text}" if factor < 0 else text
