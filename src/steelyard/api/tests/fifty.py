"""A program of its own: the same request fifty times at the same moment, `python -m steelyard.api.tests.fifty KEY`.

Test databases are one transaction, which threads cannot share; so this runs on the home and database of its environment and prints,
as JSON, what the fifty answers were and what they did. Run again with the same key, it asks after a restart.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import timedelta
from threading import Barrier, Thread

REQUESTS = 50
PARTNERS, ORDERS = "/api/masters/partners", "/api/facts/orders"


def main(key: str) -> None:
    """Set the installation up if it is new, ask, print what came out."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "steelyard.config.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    settings.ALLOWED_HOSTS = ["*"]
    call_command("migrate", verbosity=0)
    secret = _secret()
    answers = at_once(secret, key, {"values": {"code": "ONE", "name": "Once and for all", "country": "CH"}})
    order = {
        "source": "shop",
        "columns": {"document": "A", "line": "1", "date": "2025-10-07", "party": "ONE", "amount": "1", "currency": "CHF"},
    }
    ordered = at_once(secret, f"order-{key}", order, ORDERS)
    other = post(secret, key, {"values": {"code": "TWO", "name": "Another", "country": "CH"}})
    from steelyard.audit.queries import entries
    from steelyard.ledger.queries import delivered
    from steelyard.partners.queries import history_of

    told = {
        "ordered": sorted({status for status, _ in ordered}), "order": sorted({body for status, body in ordered if status == 202}),
        "orders": delivered(actor="anna").count(), "other order": post(secret, f"order-{key}", {**order, "source": "erp"}, ORDERS)[0],
        "statuses": sorted(status for status, _ in answers), "bodies": sorted({body for status, body in answers if status == 201}),
        "other": other, "statements": history_of("partners", "ONE").height, "entries": entries(subject="partners:ONE").count(),
    }  # fmt: skip
    json.dump(told, sys.stdout)


def _secret() -> str:
    """A token of an operator, who is added the first time."""
    from django.utils import timezone

    from steelyard.accounts import actions, queries
    from steelyard.calc.errors import Refused
    from steelyard.company.actions import set_up

    system = actions.set_up()
    set_up(acting_user=system)
    try:
        user = queries.user("anna")
    except Refused:
        user = actions.add_user(username="anna", name="Anna", roles=["operator"], acting_user=system)
    expires_at = timezone.now() + timedelta(days=1)
    return actions.make_token(name="fifty", scopes=["masters.write", "intake.write"], expires_at=expires_at, acting_user=user)[1]


def at_once(secret: str, key: str, body: dict, address: str = PARTNERS) -> list[tuple[int, str]]:
    """The answers, each on a connection of its own."""
    from django.db import connections

    barrier, answers = Barrier(REQUESTS), [(0, "")] * REQUESTS

    def run(place: int) -> None:
        try:
            barrier.wait()
            answers[place] = post(secret, key, body, address)
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=(place,)) for place in range(REQUESTS)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return answers


def post(secret: str, key: str, body: dict, address: str = PARTNERS) -> tuple[int, str]:
    """One request."""
    from django.test import Client

    client = Client(raise_request_exception=False, headers={"Authorization": f"Bearer {secret}", "Idempotency-Key": key})
    answer = client.post(address, json.dumps(body), "application/json")
    return answer.status_code, answer.content.decode()


if __name__ == "__main__":
    main(sys.argv[1])
