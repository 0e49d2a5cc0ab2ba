"""REST describes itself: completely, with examples, and as it is recorded in git, so that a change of it is seen."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from steelyard.api.assembly import api
from steelyard.api.problems import CONTENT_TYPE

RECORDED = Path(__file__).parents[2] / "docs" / "reference" / "openapi.json"


@pytest.fixture(scope="module")
def told():
    return json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/")))


def operations(told):
    return [(path, method, operation) for path, methods in told["paths"].items() for method, operation in methods.items()]


def resolved(part, told):
    """A part of the description, or what it refers to."""
    found = told
    for name in part.get("$ref", "#").split("/")[1:]:
        found = found[name]
    return found if "$ref" in part else part


def test_the_description_is_the_one_in_git(told):
    text = json.dumps(told, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    if os.environ.get("STEELYARD_RECORD"):
        RECORDED.write_text(text, encoding="utf-8")
    kept = json.loads(RECORDED.read_text(encoding="utf-8"))
    hint = "if this is meant, run STEELYARD_RECORD=1 python -m pytest tests/pages/test_api_description.py and have the difference read"
    for part in ("paths", "components"):
        changed = [name for name in {**kept[part], **told[part]} if kept[part].get(name) != told[part].get(name)]
        assert not changed, f"{RECORDED.name} says otherwise of {', '.join(changed[:10])}; {hint}"
    assert kept == told, hint


def test_every_operation_has_a_name_of_its_own_words_and_refusals(told):
    names = [operation["operationId"] for _, _, operation in operations(told)]
    assert len(names) == len(set(names)) > 100
    for path, method, operation in operations(told):
        assert operation["summary"] and operation["description"], (path, method)
        assert {"401", "403"} <= set(operation["responses"]), (path, method)
        refusals = [resolved(answer, told) for status, answer in operation["responses"].items() if status >= "400"]
        assert all(list(answer["content"]) == [CONTENT_TYPE] for answer in refusals), (path, method)


def test_no_two_schemas_have_one_name():
    """The description would know only one of them."""
    from ninja import Schema

    def below(schema):
        return {schema, *(one for child in schema.__subclasses__() for one in below(child))}

    ours = [schema for schema in below(Schema) if schema.__module__.startswith("steelyard.api.") and "[" not in schema.__name__]
    names = [schema.__name__ for schema in ours]
    assert sorted(names) == sorted(set(names))


def test_every_write_takes_a_key_and_every_change_says_what_it_is_based_on(told):
    for path, method, operation in operations(told):
        parameters = [resolved(parameter, told) for parameter in operation["parameters"]]
        headers = {parameter["name"]: parameter["required"] for parameter in parameters if parameter["in"] == "header"}
        assert ("Idempotency-Key" in headers) == (method != "get"), (path, method)
        assert (headers.get("If-Match") is True) == (method in ("put", "patch", "delete")), (path, method)


def test_everything_has_an_example(told):
    for name, schema in told["components"]["schemas"].items():
        assert "properties" not in schema or schema["examples"][0].keys() == schema["properties"].keys(), name
    for path, method, operation in operations(told):
        assert all("example" in resolved(parameter, told) for parameter in operation["parameters"]), (path, method)
        assert all("example" in content for content in operation.get("requestBody", {}).get("content", {}).values()), (path, method)


def test_the_page_of_operations_needs_no_script(anonymous):
    answer = anonymous.get("/api/docs")
    text = answer.content.decode()
    assert answer.status_code == 200 and "/api/scorecards/{framework}/{period}" in text
    assert not re.search(r"<script(?![^>]*\ssrc=)(?![^>]*application/json)", text)
    assert "unsafe" not in answer["Content-Security-Policy"] and not re.search(r"\sstyle=", text)
