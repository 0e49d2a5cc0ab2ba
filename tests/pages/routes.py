"""Every route there is, from the URL configuration, and what its parameters are filled with.

Parameter names are canonical: `partner` is a partner's code on every page. So a new route is asked the right questions
without being listed anywhere; a new *name* has to be put into `Objects` below, once.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.urls import URLPattern, URLResolver, get_resolver
from ninja.operation import PathView

from tests import company as told

_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
OF_PARTNERS = frozenset(  # whose partner must be in the scope
    {"partner", "subject", "row", "review", "question", "document", "comparison", "share", "override"}
)
OF_OWNERS = frozenset({"token", "view", "job"})  # whose owner must be who asks
NUMBERS = (
    "version", "row", "batch", "problem", "delivery", "review", "cycle", "question", "document", "token", "job", "message", "view", "grant",
    "received",
    "comparison", "share", "override",
)  # fmt: skip
API = "api/"
BY_QUERY = {
    "questions/ask": ("framework", "period", "subject", "kpi"),
    "portal/partner": ("partner",),
    "credit/lines": ("partner",),
    "api/credit/moves/<rule>/lines": ("partner",),
}  # what these are about stands behind the question mark


class Form(dict[str, Any]):
    """The fields of a form that carries a file."""


@dataclass(frozen=True)
class Route:
    """One address pattern, and what its view says about itself."""

    pattern: str
    needs: Mapping[str, str | None] | None = field(compare=False)
    public: str | None
    bodies: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)  # method -> what REST is sent

    @property
    def parameters(self) -> tuple[str, ...]:
        return tuple(_PARAMETER.findall(self.pattern))

    @property
    def is_api(self) -> bool:
        return self.pattern.startswith(API)

    @property
    def shown(self) -> str:
        """The pattern as people write it, without types."""
        return "/" + _PARAMETER.sub(r"<\1>", self.pattern)

    @property
    def names(self) -> tuple[str, ...]:
        """Everything that says what it is about."""
        return self.parameters + BY_QUERY.get(self.pattern, ())

    def filled(self, values: Mapping[str, Any]) -> str:
        """The address with its parameters filled."""
        if values["key"] == "nothing" and "key" not in self.parameters:
            values = {**values, "master": "nothing"}
        query = urlencode({name: values[name] for name in BY_QUERY.get(self.pattern, ())})
        return "/" + _PARAMETER.sub(lambda found: str(values[found[1]]), self.pattern) + (f"?{query}" if query else "")

    @property
    def of_partners(self) -> bool:
        """Whether what it shows belongs to one partner."""
        names = set(self.names)
        return bool(names & OF_PARTNERS) or "key" in names or ("user" in names and self.pattern.removeprefix(API).startswith("portal/"))

    @property
    def of_owners(self) -> bool:
        """Whether what it shows belongs to one person."""
        return bool(self.owned)

    @property
    def owned(self) -> list[str]:
        """The parameters that name what belongs to one person; jobs are everybody's on the pages of administration."""
        own = self.pattern.removeprefix(API).startswith("account/")
        return [name for name in self.parameters if name in OF_OWNERS and (name != "job" or own)]


def every_route() -> list[Route]:
    """All pages and files: everything but REST."""
    return [route for route in _all() if not route.is_api]


def every_operation() -> list[Route]:
    """All of REST: one route per address, with the permission of each of its methods."""
    return [route for route in _all() if route.is_api]


def _all() -> list[Route]:
    found = {route.pattern: route for route in _walk(get_resolver().url_patterns, "")}
    return [found[pattern] for pattern in sorted(found)]


def _walk(patterns: list[URLPattern | URLResolver], before: str) -> Iterator[Route]:
    for one in patterns:
        pattern = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _walk(one.url_patterns, pattern)
        elif isinstance(bound := _bound(one.callback), PathView):
            operations = bound.operations
            yield Route(pattern, {method: getattr(each.view_func, "needs", None) for each in operations for method in each.methods}, None)
        elif pattern.startswith(API):  # REST's description of itself
            yield Route(pattern, {"GET": None}, "what REST can do is no secret")
        else:
            yield Route(pattern, getattr(one.callback, "needs", None), getattr(one.callback, "public", None))


def _bound(callback: Any) -> Any:
    """What a view of django-ninja is a part of."""
    return inspect.getclosurevars(callback).nonlocals.get("self") if inspect.isfunction(callback) else None


def objects(company: Any) -> dict[str, dict[str, Any]]:
    """What parameters are filled with: something of partner A, the same of partner B, and what does not exist."""
    shared = {
        "framework": told.FRAMEWORK, "version": 1, "period": told.NEWEST, "kpi": "net_sales", "measure": "sales", "window": "period",
        "cause": "data",
        "source": "erp", "kind": "orders", "rule": "linear", "master": "partners", "library_kpi": "breadth", "programme": "odoo",
        "form": "csv", "uidb64": "MQ", "secret": "used-up",
        "batch": company.batches["orders 2025-q4"], "delivery": handed_in(company), "received": sent(company),
    }  # fmt: skip
    a, b = ({**shared, **_of(company, code, user)} for code, user in (("ALP", "alan"), ("BOR", "boris")))
    none = dict.fromkeys(a, "nothing") | dict.fromkeys(NUMBERS, 987654321)
    return {"A": a, "B": b, "none": none | {"form": "csv", "period": "2019-Q1", "master": "partners"}}


def _of(company: Any, code: str, user: str) -> dict[str, Any]:
    made = getattr(company, "made", {}).get(code, {})  # reviews, questions, documents, tokens, views, by name
    return {
        "partner": code,
        "subject": code,
        "key": code,
        "user": user,
        "row": first_row(code),
        "problem": refused_row(company, code),
    } | made


def handed_in(company: Any) -> int:
    """A file that was handed in and is not brought in yet; handed in again it is the same one."""
    from steelyard.intake import actions, queries

    batch = queries.find(company.batches["orders 2025-q4"])
    same = {"name": batch.name, "kind": batch.kind, "source": batch.source, "mapping": "", "lookups": {}}
    return int(actions.hand_in(batch.upload, **same, acting_user=company.people.anna).pk)


def sent(company: Any) -> int:
    """A row that was sent over REST and is not looked at yet; sent again it is the same one."""
    from datetime import date

    from steelyard.ledger.actions import receive

    row = {"document": "SENT-1", "date": date(2025, 10, 7), "party": "ALP", "amount": 1_0000, "currency": "EUR"}
    return int(receive("orders", row, source="shop", delivery="sent-1", acting_user=company.people.anna).number)


def first_row(code: str) -> int:
    """The first order line of a partner in the newest published period."""
    import polars as pl

    from steelyard.ledger import queries
    from steelyard.ledger.scope import EVERYTHING

    first = told.first_days()[1]
    rows = queries.facts("orders", scope=EVERYTHING, columns=["row_id", "party", "date"])
    wanted = rows.filter((pl.col("party") == code) & pl.col("date").is_between(first, told.last_day(first)))
    return int(wanted.select(pl.col("row_id").min()).collect().item())


def refused_row(company: Any, code: str) -> int:
    """A refused row; those of partner B came in a file of its own."""
    from steelyard.intake import queries

    batch = company.batches["refused of B" if code == "BOR" else "orders 2025-q4"]
    return queries.quarantine(batch=batch).values_list("pk", flat=True)[0]
