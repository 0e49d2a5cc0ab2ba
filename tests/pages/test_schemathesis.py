"""Whatever fits the description is answered as described, to whomever it is: no fault of ours, no answer that is not told of."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
import schemathesis
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance

from steelyard.accounts.actions import grantable, make_token

from .conftest import undone

CHECKS = (not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance)
ACTORS = {"anna": 5, "alma": 2, None: 1}  # an operator, a partner's administrator, nobody; examples for each operation
QUIET = settings(deadline=None, database=None, derandomize=True, phases=(Phase.generate,), suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def schema(company):
    from steelyard.config.wsgi import application  # it looks for the company's folder of files

    return schemathesis.openapi.from_wsgi("/api/openapi.json", application)


def bearer(company, username):
    plain = {"Accept-Encoding": "identity"}
    if username is None:
        return plain
    user = getattr(company.people, username)
    _, secret = make_token(name="schemathesis", scopes=grantable(user), expires_at=timezone.now() + timedelta(days=1), acting_user=user)
    return {**plain, "Authorization": f"Bearer {secret}"}


@pytest.mark.parametrize(("username", "examples"), ACTORS.items(), ids=[name or "nobody" for name in ACTORS])
def test_whatever_fits_the_description_is_answered_as_described(company, schema, username, examples):
    headers, wrong, answered = bearer(company, username), {}, Counter()

    def ask(case):
        with undone():
            try:
                answer = case.call(headers={**(case.headers or {}), **headers})
                answered[answer.status_code] += 1
                case.validate_response(answer, checks=CHECKS)
            except (Exception, FailureGroup) as fault:  # noqa: BLE001 - every operation is asked, whatever another one answered
                wrong.setdefault(f"{case.method} {case.path}", str(fault)[:1500])

    for found in schema.get_all_operations():
        operation = found.ok()
        wanted = 1 if username == "alma" and "/portal" not in operation.path else examples
        seed(20251231)(settings(QUIET, max_examples=wanted)(given(case=operation.as_strategy())(ask)))()
    assert sum(answered.values()) > 100
    assert set(answered) == {401} if username is None else 401 not in answered and {200, 404} <= set(answered), answered
    assert not wrong, "\n\n".join(f"{place}\n{fault}" for place, fault in wrong.items())
