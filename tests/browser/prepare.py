"""The company of the browser tests, made in a process of its own: `python -m tests.browser.prepare`.

It goes into STEELYARD_HOME and STEELYARD_DATABASE_URL, as an installation's data do; the last line printed says, as JSON,
what is where. Beside what every page test knows it has what the journeys need: people at three more
partners, a second operator, a manager of the North who is not needed elsewhere, and a target that was restated.
"""

from __future__ import annotations

import json
import os
import sys
from types import SimpleNamespace
from typing import Any

RESTATED = {"partner": "HAL", "from": "1500", "to": "1720", "file": "targets-restated.csv"}
MORE_PEOPLE = {  # username: name, role, grants
    "cora": ("Cora Caduff", "partner_administrator", [("partner", "CER")]),
    "dario": ("Dario Dapra", "partner_administrator", [("partner", "DOL")]),
    "gerda": ("Gerda Gran", "partner_administrator", [("partner", "GEI")]),
    "otto": ("Otto Oberholzer", "operator", []),
    "nils": ("Nils Nyman", "partner_manager", [("territory", "NORTH")]),
}


def prepare() -> dict[str, Any]:
    """Build the company; where its things are."""
    from steelyard.config.installation import initialise
    from tests import company as told
    from tests.pages import routes

    initialise()
    company = told.build()
    _more(company)
    return {"objects": routes.objects(company)["A"], "rows": {code: routes.first_row(code) for code in ("ALP", "CER", "DOL", "HAL")}}


def _more(company: SimpleNamespace) -> None:
    from steelyard.accounts import actions
    from tests import company as told

    system, anna = company.people.system, company.people.anna
    for username, (name, role, grants) in MORE_PEOPLE.items():
        known = {"username": username, "name": name, "roles": [role], "grants": grants}
        actions.add_user(**known, email=f"{username}@steelyard.example", password=told.PASSWORD, acting_user=system)
    day = told.first_days()[2]
    lines = ["date,metric,party,amount,currency", f"{day},sell in,{RESTATED['partner']},{RESTATED['to']},EUR"]
    told.commit(anna, "targets", RESTATED["file"], lines)


def main() -> None:
    """The whole process."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "steelyard.config.settings")
    django.setup()
    from django.contrib.auth.hashers import PBKDF2PasswordHasher

    PBKDF2PasswordHasher.iterations = 1  # many people with passwords, and nobody to protect
    json.dump(prepare(), sys.stdout)


if __name__ == "__main__":
    main()
