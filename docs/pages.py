"""The reference of pages and of REST: from the URL configuration and the OpenAPI description, so that nothing is forgotten."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from typing import Any

from generate import page, table

PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
TITLES = {
    "accounts": "Signing in, and the own account",
    "dashboards": "Across everything",
    "administration": "Administration",
    "scorecards": "Scorecards",
    "comparisons": "Comparisons",
    "reviews": "Reviews, cycles, documents",
    "records": "Questions and saved views",
    "intake": "Intake",
    "attribution": "Matching",
    "masters": "Master data",
    "frameworks": "Frameworks",
    "portal": "Portal",
    "operations": "Health, jobs, messages",
}
API = "api/"


def routes(patterns: Any, before: str = "", room: str = "") -> Iterator[tuple[str, str, Callable[..., Any]]]:
    """(room, address, view) of every page, in the order in which addresses are asked."""
    from django.urls import URLResolver

    for one in patterns:
        pattern = before + str(one.pattern)
        if isinstance(one, URLResolver):
            if not pattern.startswith(API):
                yield from routes(one.url_patterns, pattern, one.namespace or room)
        else:
            yield "administration" if pattern.startswith("administration") else room, pattern, one.callback


def first_line(view: Callable[..., Any]) -> str:
    """What a view says of itself in a line."""
    text = (inspect.getdoc(view) or "").split("\n\n")[0]
    return " ".join(text.split())


def needed(view: Any) -> str:
    """The permission of each method."""
    if getattr(view, "public", None):
        return f"everybody: {view.public}"
    needs: dict[str, str] = getattr(view, "needs", {})
    if len(set(needs.values())) == 1 and "GET" in needs:
        return f"`{needs['GET']}`"
    return " · ".join(f"`{name}`" if method == "GET" else f"`{name}` to send" for method, name in needs.items())


def site() -> str:
    """Every page: its address, what it answers, and the permission that opens it."""
    from django.urls import get_resolver

    found: dict[str, list[tuple[str, str, str]]] = {title: [] for title in TITLES.values()}
    for room, pattern, view in routes(get_resolver().url_patterns):
        if room not in TITLES:
            raise SystemExit(f"docs/pages.py has no title for the pages of {room or pattern}")
        methods = getattr(view, "needs", {})
        address = "/" + PARAMETER.sub(r"<\1>", pattern)
        found[TITLES[room]].append((f"`{address}`" + ("" if "GET" in methods else " (send)"), first_line(view), needed(view)))
    parts = [
        part for title, rows in found.items() if rows for part in (f"## {title}", table(("address", "what it answers", "needs"), rows))
    ]
    return page(
        "Pages",
        "Every address, from the URL configuration. Which role has which permission: [roles and permissions](permissions.md). Whose partners "
        "somebody sees: [who sees what](../explanation/who-sees-what.md). An address that is not there and one that is somebody else's give the same "
        "page, with status 404.",
        "`?framework= period= q= sort= columns= page= per=` mean the same on every page that has them, and `?format=csv`, `xlsx` or `parquet` gives "
        "all rows of any list as shown. A filter is the column's name. A value that makes no sense falls back to the usual one, and the page says so.",
        *parts,
    )


def rest() -> str:
    """Every operation of REST, by what it is about."""
    from steelyard.api.assembly import api

    told = api.get_openapi_schema()
    needs = {(method, path): need for path, method, need in permissions(api)}
    groups: dict[str, list[tuple[str, str, str]]] = {}
    for path, methods in told["paths"].items():
        for method, operation in methods.items():
            what = operation.get("summary", "")
            need = needs[method.upper(), path.rstrip("/")]
            groups.setdefault(operation["tags"][0], []).append((f"`{method.upper()} {path}`", what, need))
    parts = [part for title, rows in sorted(groups.items()) for part in (f"## {title}", table(("operation", "", "needs"), rows))]
    return page(
        "REST",
        "The description with parameters, answers and examples is at `/api/openapi.json` (OpenAPI 3.1), and as a page at `/api/docs`. How to begin: "
        "[use REST](../how-to/use-rest.md).",
        *parts,
    )


def permissions(api: Any) -> Iterator[tuple[str, str, str]]:
    """(path, method, permission) of every operation."""
    for prefix, router in api._routers:
        for path, view in router.path_operations.items():
            address = re.sub("/+", "/", re.sub(r"\{(?:\w+:)?(\w+)\}", r"{\1}", f"/api/{prefix}/{path}")).rstrip("/")
            for operation in view.operations:
                need = getattr(operation.view_func, "needs", "")
                for method in operation.methods:
                    yield address, method, f"`{need}`" if "." in need else need
