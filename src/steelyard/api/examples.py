"""One example for each name that schemas use: the description and its readers meet the same company everywhere."""

from __future__ import annotations

from typing import Any

EXAMPLES: dict[str, Any] = {
    "about": "Net sales against target", "accepted": 1180, "acknowledged_by": "gina", "action": "partners changed", "active": True,
    "actor": "anna", "added_by": "anna", "address": "a@example.com", "amounts": {"EUR": {"in": "1200.00", "accepted": "1180.00"}},
    "approved_by": "ben", "area": "EMEA", "as_of": "2025-12-31", "asked_by": "gina", "asked_from": "partner", "assigned_to": "anna",
    "attempts": 1, "author": "gina", "batch": 12, "before": None, "better": "higher", "blank": None, "body": "…", "by": "territory",
    "calendar": "standard", "cause": "sales", "cells": ["PO-1001", "1", "2025-10-07"], "change": "2.4", "city": "Leeds",
    "code": "missing", "columns": {"document": "PO-1001", "amount": "1250.00", "currency": "EUR"}, "comment": "A steady quarter.",
    "contribution": "1250.00", "counted": True, "country": "GB", "currencies": ["EUR", "USD", "GBP"], "currency": "EUR", "cut": 41,
    "cycle": 3, "date": "2025-10-07", "days": 5, "default_calendar": "standard", "delivery": "msg-0001", "detail": "ask for something else",
    "digest": "5f0c2a", "document": 4, "due_on": "2026-01-31", "email": "gina@example.com", "end": "2026-01-01", "error": "",
    "expires_at": "2026-12-31T23:59:59Z", "file": "orders-2025-q4.csv", "filters": {}, "first_day": "2025-10-01", "form": "csv",
    "form_key": "", "found": "", "framework": "life-science", "grant": 7, "hint": "", "holds": True, "how": "alias", "id": 1,
    "job": 81, "key": "GB-0001", "kind": "orders", "kpi": "net_sales", "language": "en", "last_day": "2025-12-31", "level": "Gold",
    "level_title": "Gold", "limit": 100, "line": "1", "mapping": "", "master": "partners", "maximum": "30", "measure": "sales",
    "message": "there is nothing here under this address", "name": "Northern Diagnostics", "new": True, "next": None, "note": "",
    "no_data": "", "number": 1, "opens_on": "2026-01-05", "origin": "127.0.0.1", "outcome": "new", "page": "/ranking",
    "partner": "GB-0001", "partner_name": "Northern Diagnostics", "partner_sees": False, "password": "weigh-what-counts",
    "period": "2025-Q4", "permissions": ["scores.read"], "points": "24.5", "problem": 5, "published": True, "quantity": "5",
    "query": "sort=-total", "question": 9, "rank": 4, "rate": "1.0956", "reason": "agreed with sales", "receipt": "44d1-4966-7d1c",
    "reporting_currency": "EUR", "representative": "R-07", "review": 17, "roles": ["partner_manager"], "row": 4294967297,
    "rows_in": 1200, "run": "44d149667d1c", "scope": ["scores.read"], "scopes": ["scores.read"], "severity": "error", "sha256": "9f86d0",
    "shown": "0" * 64, "size": 20480, "sort": "-total", "source": "erp", "start": "2025-10-01", "state": "open", "status": 404,
    "subject": "GB-0001", "target": "300000", "task": "score period", "territory": "UK-N", "territory_name": "United Kingdom North",
    "text": "Why is this figure lower than ours?", "title": "Net sales", "token": 2, "total": "76.9",
    "type": "urn:steelyard:problem:missing",
    "unit": "percent", "user": "carla", "username": "carla", "value": "96.31", "values": {"city": "Leeds"}, "verb": "ask", "version": 1,
    "view": 6, "where": "subject", "window": "period", "wait": 0,
}  # fmt: skip
_BY_FORMAT = {"date": "2025-12-31", "date-time": "2026-01-31T09:30:00Z", "binary": "…", "email": "a@example.com"}
_BY_TYPE: dict[str, Any] = {"string": "text", "integer": 1, "number": 1, "boolean": True, "null": None}


def example_of(schema: dict[str, Any], schemas: dict[str, Any], name: str = "", depth: int = 0) -> Any:
    """A value that fits a schema: its own example, one known by its name, else the least that fits."""
    if "$ref" in schema:
        return example_of(schemas[schema["$ref"].rsplit("/", 1)[-1]], schemas, name, depth + 1)
    if schema.get("examples"):
        return schema["examples"][0]
    for given in ("const", "example"):
        if given in schema:
            return schema[given]
    if schema.get("enum"):
        return schema["enum"][0]
    known = EXAMPLES.get(name)
    if known is not None and fits(known, schema):
        return known
    for choice in ("anyOf", "oneOf", "allOf"):
        if choice in schema:
            return example_of(schema[choice][0], schemas, name, depth + 1)
    return _made(schema, schemas, name, depth)


def _made(schema: dict[str, Any], schemas: dict[str, Any], name: str, depth: int) -> Any:
    kind = schema.get("type")
    if kind == "object" and "properties" in schema:
        return {
            one: example_of(told, schemas, one, depth + 1) for one, told in schema["properties"].items() if depth < 6 or "$ref" not in told
        }
    if kind == "object":
        return {}
    if kind == "array":
        return [example_of(schema.get("items", {}), schemas, name.removesuffix("s"), depth + 1)]
    if schema.get("format") in _BY_FORMAT:
        return _BY_FORMAT[schema["format"]]
    return _BY_TYPE.get(str(kind), {})


def fits(value: Any, schema: dict[str, Any]) -> bool:
    """Whether a value is of the type that a schema names, and within its limits."""
    for choice in ("anyOf", "oneOf"):
        if choice in schema:
            return any(fits(value, one) for one in schema[choice])
    kinds: dict[str, type | tuple[type, ...]] = {"string": str, "integer": int, "boolean": bool, "array": list, "object": dict}
    wanted = kinds.get(str(schema.get("type")))
    if wanted is None or "$ref" in schema or not isinstance(value, wanted) or (schema.get("type") == "integer" and value is True):
        return False
    if schema.get("format") in ("date", "date-time"):
        return isinstance(value, str) and ("T" in value) == (schema["format"] == "date-time") and value[:2] == "20"
    if isinstance(value, list) and "type" in schema.get("items", {}):
        return all(fits(one, schema["items"]) for one in value)
    return not isinstance(value, str) or len(value) <= schema.get("maxLength", 10**6)
