"""A small company that has everything a page can show: three quarters, two of them published, and people of every role.

Partner A is **Alpine Diagnostics** (ALP); its people are Alma (partner administrator) and Alan (partner user). Partner B
is **Borealis** (BOR), with Boris: everything that is theirs carries a canary, a word or number that nobody else may ever
meet. Carla manages the Alps, Rosa the North; Emil looks after the Alps; Nora manages partners but was granted none.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace

import polars as pl

from tests import cast, company_records

PASSWORD = "weigh-what-counts"
FRAMEWORK = "channel"
PERIODS = ("2025-Q2", "2025-Q3", "2025-Q4")  # the first two are published, the last is scored
NEWEST = PERIODS[1]  # of those that are published

CANARIES = (  # all of partner B, as they are written; case does not count
    "Borealis", "Quarzwald", "Zwirbelstad", "Murmelhain", "QX-884", "boris", "bodil", "zwirbel", "Pfifferling",
)  # fmt: skip
_GAP = "[ .,'’\u00a0\u202f]?"  # between thousands, as the two languages write it
_NUMBERS = (
    rf"(?<![\w.,])7{_GAP}35(?:[139][.,]77|[24]|1|3)(?!\w)",  # 7,351.77 and the like, whole or rounded
    rf"(?<![\w.,])7{_GAP}360(?!\w)",
    r"(?<!\w)735[139]77(?:00)?(?!\w)",  # as they are stored
)
CANARY = re.compile("|".join([*map(re.escape, CANARIES), r"(?-i:\bBOR\b)", *_NUMBERS]), re.IGNORECASE)

PARTNERS = [
    "code name type country territory status city",
    ("ALP", "Alpine Diagnostics", "distributor", "CH", "ALPS", "active", "Zug"),
    ("BOR", "Borealis Quarzwald", "dealer", "DK", "NORTH", "active", "Zwirbelstad"),
    ("CAS", "Clinic am See", "hospital", "AT", "ALPS", "active", "Bregenz"),
    ("ROTH", "Dr. Roth", "doctor", "AT", "ALPS", "active", "Bregenz"),
    ("CER", "Cervin Medtech", "distributor", "CH", "ALPS", "active", "Visp"),
    ("DOL", "Dolomit Medica", "distributor", "IT", "ALPS", "active", "Bozen"),
    ("ENG", "Engadin Pharma", "dealer", "CH", "ALPS", "active", "Samedan"),
    ("FJO", "Fjord Diagnostics", "distributor", "NO", "NORTH", "active", "Bergen"),
    ("GEI", "Geiranger Supplies", "distributor", "NO", "NORTH", "active", "Molde"),
    ("HAL", "Halland Medical", "dealer", "SE", "NORTH", "active", "Varberg"),
    ("INN", "Inntal Systems", "distributor", "AT", "ALPS", "active", "Innsbruck"),
    ("JUT", "Jutland Instruments", "dealer", "DK", "NORTH", "active", "Aarhus"),
    ("KAR", "Karawanken Lab", "distributor", "AT", "ALPS", "active", "Villach"),  # nothing is known of it
]
SELLERS = ("ALP", "CER", "DOL", "ENG", "FJO", "GEI", "HAL", "INN", "JUT")  # with orders in each quarter; BOR has its own file
CANARY_AMOUNTS = ("7351.77", "7353.77", "7359.77")  # what partner B bought, by quarter
ORDER_HEADER = "document,line,date,party,product,quantity,unit price,amount,currency,kind,end customer"


def first_days() -> list[date]:
    """The first day of each quarter."""
    return [date(2025, 4, 1), date(2025, 7, 1), date(2025, 10, 1)]


def last_day(first: date) -> date:
    """The last day of the quarter that begins on ``first``."""
    return (first + timedelta(days=95)).replace(day=1) - timedelta(days=1)


def build() -> SimpleNamespace:
    """The company in the database and in STEELYARD_HOME."""
    people = cast.people()
    _masters(people.anna)
    batches = {}
    for number, first in enumerate(first_days()):
        batches |= _quarter(people.anna, number, first)
    runs = _scores(people)
    users(people)
    company = SimpleNamespace(people=people, batches=batches, runs=runs, framework=FRAMEWORK, periods=PERIODS, a="ALP", b="BOR")
    company_records.add(company, PASSWORD)
    return company


def grow(company: SimpleNamespace, more: int) -> None:
    """Add partners of no interest, with orders in every quarter; published anew."""
    from steelyard.masters.actions import Actions
    from steelyard.partners.masters import EVERY
    from steelyard.scorecards import actions

    people = company.people
    others = [(f"X{n:03}", f"Extra {n:03}", "distributor", "CH", "ALPS", "active", "Bern") for n in range(more)]
    Actions(EVERY).load("partners", pl.DataFrame(others, schema=PARTNERS[0].split(), orient="row"), acting_user=people.anna)
    for number, first in enumerate(first_days()):
        lines = [line for place, row in enumerate(others) for line in _orders(row[0], place, number, first, 100)]
        commit(people.anna, "orders", f"more-{number}.csv", [ORDER_HEADER, *lines])
        targets = ["date,metric,party,amount,currency", *(f"{first},sell in,{row[0]},1500,EUR" for row in others)]
        commit(people.anna, "targets", f"more-targets-{number}.csv", targets)
    for period in PERIODS[:2]:
        actions.run(framework=FRAMEWORK, period=period, acting_user=people.anna)
        actions.publish(framework=FRAMEWORK, period=period, acting_user=people.ben)


def _masters(anna) -> None:
    from steelyard.company.actions import set_up
    from steelyard.masters.actions import Actions
    from steelyard.partners.masters import EVERY

    set_up(acting_user=anna, name="Waage & Gewicht", reporting_currency="EUR")
    tables = cast.CHANNEL | {
        "partners": PARTNERS,
        "rates": [
            "source base quote date rate",
            ("ecb", "EUR", "USD", date(2025, 1, 1), "1.2"),
            ("ecb", "EUR", "CHF", date(2025, 1, 1), "0.95"),
        ],
        "aliases": ["source party partner method", ("erp", "ALPINE AG", "ALP", "person"), ("erp", "QX-88400", "BOR", "person")],
    }
    for name, (columns, *rows) in tables.items():
        Actions(EVERY).load(name, pl.DataFrame(rows, schema=columns.split(), orient="row"), acting_user=anna)


def commit(acting_user, kind: str, name: str, lines: list[str], covers: tuple[str, date, date] | None = None) -> int | None:
    """Bring in a file as people do, through the one import; its batch."""
    from steelyard.intake import actions, mappings

    told = f"kind: {kind}\nsource: erp\n"
    if covers:
        report, first, last = covers
        told += f"covers: {{report: {report}, from: {first}, until: {last}}}\n"
    mapping, problems = mappings.read_mapping(told)
    assert problems == []
    done = actions.commit("\n".join([*lines, ""]).encode(), name=name, kind=kind, source="erp", mapping=mapping, acting_user=acting_user)
    return done.batch


def _quarter(anna, number: int, first: date) -> dict[str, int | None]:
    label, last = PERIODS[number].lower(), last_day(first)
    orders, targets, sold, ratings = (
        [ORDER_HEADER],
        ["date,metric,party,amount,currency"],
        [_SOLD],
        ["question,date,party,value,rated by,evidence"],
    )
    reports = ["report,party,date,until,due on,received on,nil,lines"]
    for place, code in enumerate(SELLERS):
        growth = 100 + number * (place % 5 - 1) * 4  # some grow, some shrink
        orders += _orders(code, place, number, first, growth)
        targets.append(f"{first},sell in,{code},{4000 if code == 'GEI' else 1500 + 100 * (place % 6)},EUR")
        on_time = first + timedelta(days=95 + (place + number) % 4 * 10)
        reports.append(f"sell_through,{code},{first},{last},{last + timedelta(days=20)},{on_time},no,1")
        sold.append(f"S{code}{number},1,{first + timedelta(days=40)},{code},REA-1,5,{400 + 60 * place},EUR,")
        ratings.append(f"cooperation,{last},{code},{2 + (place + number) % 4},carla,V-{code}-{number}")
    targets.append(f"{first},sell in,BOR,7000,EUR")
    reports.append(f"sell_through,BOR,{first},{last},{last + timedelta(days=20)},{last + timedelta(days=9)},no,1")
    batches = {
        f"orders {label}": commit(
            anna, "orders", f"orders-{label}.csv", orders + (_REFUSED if number == 2 else []), ("orders", first, last)
        ),
        f"orders of B {label}": commit(anna, "orders", f"zwirbel-{label}.csv", [ORDER_HEADER, *_orders_of_b(number, first)]),
        f"targets {label}": commit(anna, "targets", f"targets-{label}.csv", targets),
        f"coverage {label}": commit(anna, "coverage", f"reports-{label}.csv", reports),
        f"sell-through {label}": commit(anna, "sell_through", f"pos-{label}.csv", sold),
        f"ratings {label}": commit(anna, "ratings", f"ratings-{label}.csv", [*ratings, f"cooperation,{last},BOR,4,rosa,QX-884-V{number}"]),
    }
    if number == 2:
        commit(anna, "orders", "strangers.csv", [ORDER_HEADER, "N1,1,2025-12-03,Unknown Trading Ltd,REA-1,1,30,30,EUR,sale,"])
        refused = [ORDER_HEADER, "QX-88499,1,2025-13-40,BOR,REA-1,1,7359.77,7359.77,EUR,sale,Klinik Murmelhain"]
        batches["refused of B"] = commit(anna, "orders", "zwirbel-broken.csv", refused)
    return batches


_SOLD = "document,line,date,party,product,quantity,amount,currency,end customer"
_REFUSED = [
    "R1,1,2025-02-30,ALP,REA-1,1,10,10,EUR,sale,",
    "R2,1,2025-10-09,ALP,REA-1,1,ten,ten,EUR,sale,",
    "R3,1,2025-10-09,ALP,REA-1,1,10,10,Taler,sale,",
]


def _orders(code: str, place: int, number: int, first: date, growth: int) -> list[str]:
    """Three orders and a return; whole cents, so that every sum can be done by hand."""
    day = [first + timedelta(days=days) for days in (4, 35, 66, 80)]
    big, small = (700 + 50 * place) * growth // 100, (400 + 30 * place) * growth // 100
    currency = ("EUR", "CHF", "USD")[place % 3]
    return [
        f"{code}-{number}1,1,{day[0]},{code},ANA-1,1,{big},{big},{currency},sale,Spital {code}",
        f"{code}-{number}1,2,{day[0]},{code},REA-1,4,{small // 4},{small},{currency},sale,Spital {code}",
        f"{code}-{number}2,1,{day[1]},{code},REA-2,2,{small // 2},{small},EUR,sale,",
        f"{code}-{number}3,1,{day[2]},{code},ANA-1,1,{small},{small},EUR,sale,",
        f"{code}-{number}4,1,{day[3]},{code},REA-2,-1,{10 + place},-{10 + place},EUR,return,",
    ]


def _orders_of_b(number: int, first: date) -> list[str]:
    amount = CANARY_AMOUNTS[number]
    return [f"QX-8841{number},1,{first + timedelta(days=20)},BOR,ANA-1,1,{amount},{amount},EUR,sale,Klinik Murmelhain"]


def framework_text(version: int = 1) -> str:
    """The framework of the company; version 2 asks for more and holds from 2026."""
    text = (Path(__file__).parent / "company.yaml").read_text(encoding="utf-8")
    if version == 1:
        return text
    changed = text.replace("effective: 2024-01-01", "effective: 2026-01-01").replace(
        "title: Commercial\n      weight: 60", "title: Commercial\n      weight: 50"
    )
    return changed.replace("[points >= 85]", "[points >= 88]")


def _scores(people) -> dict[str, object]:
    from steelyard.frameworks.actions import apply
    from steelyard.scorecards import actions

    apply(text=framework_text(), vectors=cast.level_vectors(D=0, C=55, B=70, A=85), acting_user=people.anna)
    runs = {period: actions.run(framework=FRAMEWORK, period=period, acting_user=people.anna) for period in PERIODS}
    for period in PERIODS[:2]:
        actions.publish(framework=FRAMEWORK, period=period, acting_user=people.ben, reason="reviewed in the sales meeting")
    apply(text=framework_text(2), vectors=cast.level_vectors(D=0, C=55, B=70, A=88), acting_user=people.anna)
    return runs


PEOPLE = {  # username: name, roles, grants as (kind, code)
    "anna": ("Anna Amstutz", ["operator"], []),
    "ben": ("Ben Baumann", ["leadership"], []),
    "dora": ("Dora Dahl", ["auditor"], []),
    "ada": ("Ada Adler", ["administrator"], []),
    "carla": ("Carla Conti", ["partner_manager"], [("territory", "ALPS")]),
    "rosa": ("Rosa Rask", ["partner_manager"], [("territory", "NORTH")]),
    "emil": ("Emil Ebner", ["representative"], [("representative", "E1")]),
    "nora": ("Nora Nil", ["partner_manager"], []),
    "gus": ("Gus Guest", [], []),
    "alma": ("Alma Alder", ["partner_administrator"], [("partner", "ALP")]),
    "alan": ("Alan Amsel", ["partner_user"], [("partner", "ALP")]),
    "erna": ("Erna Enz", ["partner_user"], [("partner", "ENG")]),
    "bodil": ("Bodil Quarzmann", ["partner_administrator"], [("partner", "BOR")]),
    "boris": ("Boris Quarzmann", ["partner_user"], [("partner", "BOR")]),
}


def users(people) -> None:
    """Everybody who signs in, with roles, grants, an e-mail address and the one password."""
    from steelyard.accounts import actions

    for username, (name, roles, grants) in PEOPLE.items():
        email = f"{username}@{'quarzwald' if username in ('bodil', 'boris') else 'steelyard'}.example"
        if hasattr(people, username):  # of the cast: they act already, and now they sign in
            changed = actions.change_user(username=username, email=email, password=PASSWORD, acting_user=people.system)
            setattr(people, username, changed)  # a session is signed with the password
            for kind, key in grants:
                actions.grant(username=username, kind=kind, key=key, acting_user=people.system)
            continue
        known = {"username": username, "name": name, "roles": roles, "grants": grants, "email": email}
        setattr(people, username, actions.add_user(**known, password=PASSWORD, acting_user=people.system))
