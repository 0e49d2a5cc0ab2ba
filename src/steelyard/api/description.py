"""The description of REST (OpenAPI 3.1): what django-ninja knows, with refusals, headers and examples that follow from the shape."""

from __future__ import annotations

from http.client import responses
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from ninja import NinjaAPI
from ninja.openapi.docs import DocsBase
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from .asking import CONDITIONAL, WRITES
from .examples import example_of
from .idempotency import HEADER
from .problems import CONTENT_TYPE, ProblemDetails, Told

REFUSALS = (400, 401, 403, 404, 409, 412, 413, 415, 422, 428)
PROBLEM = {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}
KEY_HEADER = {
    "in": "header", "name": HEADER, "required": False, "schema": {"type": "string", "minLength": 1, "maxLength": 200},
    "description": "Sent again with the same key within seven days, a request has one effect and the same answer.",
    "example": "0d9c3f6e-order-4711",
}  # fmt: skip
MATCH_HEADER = {
    "in": "header", "name": "If-Match", "required": True, "schema": {"type": "string"},
    "description": "The ETag of what was read: the change is refused if somebody else was quicker.", "example": '"5f0c2a"',
}  # fmt: skip


class Page(DocsBase):
    """The list of operations as a plain page: no script, so that the strict content security policy holds here too."""

    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        """Every operation by its capability, made from the description."""
        told = api.get_openapi_schema()
        groups: dict[str, list[dict[str, Any]]] = {}
        for path, methods in told["paths"].items():
            for method, operation in methods.items():
                one = {"method": method.upper(), "path": path, **operation}
                one["answers"] = [(status, responses[int(status)]) for status in operation["responses"]]
                one["parameters"] = [_resolved(parameter, told) for parameter in operation["parameters"]]
                groups.setdefault(operation["tags"][0], []).append(one)
        address = self.get_openapi_url(api, kwargs)
        context = {"groups": sorted(groups.items()), "description": told["info"]["description"], "address": address}
        return render(request, "api/operations.html", context)


class Rest(NinjaAPI):
    """django-ninja with our description, which is made once, when first asked for: it takes half a second."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._described: dict[str, OpenAPISchema] = {}  # by the address that stands before all paths

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """`masters_change`: the module and the function, which stay."""
        module = operation.view_func.__module__.removeprefix("steelyard.api.")
        return f"{module}_{operation.view_func.__name__}".replace(".", "_")

    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: Any = None) -> OpenAPISchema:
        """The description, completed."""
        before = self.get_root_path(path_params or {}) if path_prefix is None else path_prefix
        if before not in self._described:
            self._described[before] = self._completed(super().get_openapi_schema(path_prefix=before))
        return self._described[before]

    def _completed(self, told: OpenAPISchema) -> OpenAPISchema:
        schemas = told["components"]["schemas"]
        for schema in (ProblemDetails, Told):
            schemas.setdefault(schema.__name__, _schema_of(schema))
        told["components"] |= {
            "schemas": dict(sorted(schemas.items())), "parameters": {"idempotency_key": KEY_HEADER, "if_match": MATCH_HEADER},
            "responses": {str(status): {"description": responses[status], "content": {CONTENT_TYPE: PROBLEM}} for status in REFUSALS},
        }  # fmt: skip
        for path, methods in told["paths"].items():
            for method, operation in methods.items():
                _complete(path, method.upper(), operation)
                _exemplify(operation, schemas)
        for schema in schemas.values():
            if "properties" in schema and "examples" not in schema:
                schema["examples"] = [example_of(schema, schemas)]
        return told


def _resolved(part: dict[str, Any], told: dict[str, Any]) -> dict[str, Any]:
    """A part of the description, or what it refers to."""
    for name in part.get("$ref", "#").split("/")[1:]:
        told = told[name]
    return told if "$ref" in part else part


def _schema_of(schema: Any) -> dict[str, Any]:
    found: dict[str, Any] = schema.model_json_schema(ref_template="#/components/schemas/{model}")
    found.pop("$defs", None)
    return found


def _complete(path: str, method: str, operation: dict[str, Any]) -> None:
    """Headers that every write has, and the refusals that every operation of this shape can give."""
    parameters = operation.setdefault("parameters", [])
    body = operation.get("requestBody")
    refusals = {401, 403}
    if parameters or body:
        refusals |= {400, 422}
    if "{" in path:
        refusals.add(404)
    if method in WRITES:
        parameters.append({"$ref": "#/components/parameters/idempotency_key"})
        refusals |= {404, 409, 422}
    if method in CONDITIONAL:
        parameters.append({"$ref": "#/components/parameters/if_match"})
        refusals |= {412, 428}
    if body:
        refusals |= {413, 415}
    found = {int(status): answer for status, answer in operation["responses"].items()}
    found |= {status: {"$ref": f"#/components/responses/{status}"} for status in refusals | {one for one in found if one >= 400}}
    operation["responses"] = {str(status): found[status] for status in sorted(found)}


def _exemplify(operation: dict[str, Any], schemas: dict[str, Any]) -> None:
    """An example for each parameter and body."""
    for parameter in operation["parameters"]:
        if "$ref" in parameter:
            continue
        if "example" not in parameter and "examples" not in parameter:
            parameter["example"] = example_of(parameter["schema"], schemas, parameter["name"])
        elif isinstance(parameter.get("examples"), list):
            parameter["example"] = parameter.pop("examples")[0]
    for content in operation.get("requestBody", {}).get("content", {}).values():
        content.setdefault("example", example_of(content["schema"], schemas))
