"""The people of the sample company: one for each role, each with something to see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from steelyard.accounts.actions import add_user, set_up
from steelyard.accounts.queries import users

if TYPE_CHECKING:
    from steelyard.accounts.models import User

PASSWORD = "weigh-what-counts"  # for everybody here, printed by `steelyard demo`; the company does not exist


@dataclass(frozen=True, slots=True)
class Person:
    """Who they are, and what they get to see: grants as (kind, key)."""

    username: str
    name: str
    role: str
    title: str
    sees: str
    grants: tuple[tuple[str, str], ...] = ()


KESTREL, AURORA = (("partner", "GB-0001"),), (("partner", "PL-0001"),)

PEOPLE = (
    Person("ada", "Ada Mertens", "administrator", "administrator", "people, roles, settings"),
    Person("anna", "Anna Brandt", "operator", "channel operations", "standards, files, scoring, review cycles"),
    Person("ben", "Ben Okafor", "leadership", "sales leadership", "everything; publishes and approves"),
    Person("carla", "Carla Weiss", "partner_manager", "partner manager", "Western Europe", (("territory", "WEST"),)),
    Person(
        "emil",
        "Emil Novak",
        "representative",
        "sales representative",
        "US East, as R01",
        (("representative", "R01"),),
    ),
    Person("dora", "Dora Fabian", "auditor", "auditor", "everything; writes nothing"),
    Person(
        "gina",
        "Gina Holloway",
        "partner_administrator",
        "administrator at Kestrel Scientific",
        "Kestrel's own scorecards and people",
        KESTREL,
    ),
    Person("greg", "Greg Ashdown", "partner_user", "user at Kestrel Scientific", "Kestrel's own scorecards", KESTREL),
    Person(
        "petra",
        "Petra Zielińska",
        "partner_administrator",
        "administrator at Aurora Biolab",
        "Aurora's own, in German",
        AURORA,
    ),
)


def add_people() -> list[User]:
    """Add whoever is missing."""
    system = set_up()
    known = {person.username for person in users()}
    return [
        add_user(
            username=person.username,
            name=person.name,
            roles=[person.role],
            grants=person.grants,
            email=f"{person.username}@example.com",
            language="de" if person.username == "petra" else "",
            password=PASSWORD,
            acting_user=system,
        )
        for person in PEOPLE
        if person.username not in known
    ]
