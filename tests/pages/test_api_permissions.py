"""The same matrix for REST, from its own description: every operation x person or token x {of A, of B, of nobody}."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from steelyard.accounts.actions import make_token
from steelyard.api.assembly import api
from steelyard.api.gate import SIGNED_IN

from .routes import Form, Route, every_operation, objects
from .test_permissions import TO_RECORD, asked, compared, table, together, unknown

TABLE = Path(__file__).parent / "api_permissions.txt"


def description() -> dict[str, Any]:
    return api.get_openapi_schema(path_prefix="/api/")


def with_bodies() -> list[Route]:
    """Every operation with the smallest body that its description allows, so that a refusal is about who asks."""
    told, found = description(), []
    for route in every_operation():
        operations = told["paths"].get(route.shown.replace("<", "{").replace(">", "}"), {})
        bodies = {}
        for method, operation in operations.items():
            content = operation.get("requestBody", {}).get("content", {})
            if "multipart/form-data" in content:
                file = SimpleUploadedFile("orders.csv", b"document,line\nPO-1,1\n")
                fields = smallest(content["multipart/form-data"]["schema"], told)
                bodies[method.upper()] = Form({**fields, "kind": "orders", "file": file})
            elif method != "get":
                bodies[method.upper()] = smallest(content["application/json"]["schema"], told) if content else {}
        found.append(replace(route, bodies=bodies))
    return found


def smallest(schema: dict[str, Any], told: dict[str, Any]) -> Any:
    """The least value that fits: examples first, then what is required."""
    if "$ref" in schema:
        return smallest(told["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]], told)
    for name in ("const", "default"):
        if name in schema:
            return schema[name]
    if schema.get("examples") or schema.get("enum"):
        return (schema.get("examples") or schema["enum"])[0]
    for name in ("anyOf", "oneOf", "allOf"):
        if name in schema:
            return smallest(schema[name][0], told)
    if schema.get("type") == "object":
        return {name: smallest(schema["properties"][name], told) for name in schema.get("required", ())}
    of_type = {"string": "x" * schema.get("minLength", 1), "integer": schema.get("minimum", 1), "number": 1, "boolean": True, "array": []}
    formats = {"date": "2025-12-31", "date-time": "2027-01-31T00:00:00Z", "uuid": "00000000-0000-4000-8000-000000000000"}
    return formats.get(schema.get("format", ""), of_type.get(schema.get("type", ""), {}))


def test_every_operation_is_described_needs_a_permission_and_has_parameters_we_know(company):
    filled, problems, described = objects(company), [], description()["paths"]
    for route in every_operation():
        if route.public:
            continue
        told = {method.upper() for method in described.get(route.shown.replace("<", "{").replace(">", "}"), {})}
        if told != set(route.needs):
            problems.append(f"{route.shown}: answers {sorted(route.needs)}, but its description names {sorted(told)}")
        problems += [f'{method} {route.shown}: put @needs("...") on it (api/gate.py)' for method, needs in route.needs.items() if not needs]
        problems += [f"{route.shown}: what is `{name}`? Put it into objects() in tests/pages/routes.py" for name in unknown(route, filled)]
    assert not problems, "\n" + "\n".join(problems)


def test_everybody_gets_over_rest_what_they_may_and_nothing_else(company, as_):
    cells, found = asked(company, as_, with_bodies())
    wrong = together(found) + compared(TABLE, table(cells), f"{TO_RECORD}/test_api_permissions.py")
    assert not wrong, "\n" + "\n".join(wrong)


def bearer(user, *scopes: str) -> Client:
    """A program with a token of this person."""
    _, secret = make_token(name="test", scopes=scopes, expires_at=timezone.now() + timedelta(days=1), acting_user=user)
    return Client(raise_request_exception=False, headers={"Authorization": f"Bearer {secret}"})


def test_a_token_opens_its_own_scopes_and_nothing_else(company):
    client, filled, wrong = bearer(company.people.anna, "audit.read"), objects(company)["A"], []
    for route in with_bodies():
        for method, permission in (route.needs or {}).items():
            if permission in (None, SIGNED_IN, "audit.read") or unknown(route, {"A": filled}):
                continue
            answer = client.generic(method, route.filled(filled), data="{}", content_type="application/json")
            if answer.status_code != 403:
                wrong.append(f"{method} {route.shown}: {answer.status_code}")
    assert not wrong, "\n" + "\n".join(wrong)


def test_pages_are_not_opened_by_a_token(company):
    client = bearer(company.people.anna, "scores.read")
    assert client.get("/overview").headers["Location"].startswith("/sign-in")


def test_a_token_that_is_none_opens_nothing(company):
    for secret in ("nonsense", "", "a.b.c", "x" * 5000):
        client = Client(raise_request_exception=False, headers={"Authorization": f"Bearer {secret}"})
        assert client.get("/api/me").status_code == 401
