"""The partners with a story: who they are, what happens to them, and when.

Everything else about the sample company is drawn at random; what stands here is written by hand, so that a visitor can
find it and a test can ask for it. STORIES.md tells the same in prose.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from .calendar import MONTHS, month_of


@dataclass(frozen=True, slots=True)
class Role:
    """One hand-written partner. ``rank`` is its place by size (0 is the largest)."""

    code: str
    name: str
    kind: str
    territory: str
    city: str
    rank: int
    parent: str | None = None

    @property
    def country(self) -> str:
        """The first two letters of every code."""
        return self.code[:2]


ROLES: tuple[Role, ...] = (
    Role("PL-0001", "Aurora Biolab Sp. z o.o.", "distributor", "PL", "Gdańsk", 110),
    Role("GB-0001", "Kestrel Scientific Ltd", "distributor", "GB-S", "Reading", 0),
    Role("IT-0001", "Brennero Diagnostica S.r.l.", "distributor", "IT-N", "Trento", 14),
    Role("SE-0001", "Boreal Instrument AB", "distributor", "SE", "Umeå", 25),
    Role("DE-0001", "Rheintal Labortechnik GmbH", "distributor", "DE-W", "Mainz", 3),
    Role("AU-0001", "Pacific Diagnostics Pty Ltd", "distributor", "AU", "Sydney", 30),
    Role("AU-0002", "Pacific Diagnostics Pty Ltd", "dealer", "AU", "Perth", 60),
    Role("AT-0001", "Alpenlab Handels GmbH", "distributor", "AT", "Graz", 16),
    Role("NL-0001", "Helion Medical Group N.V.", "distributor", "NL", "Leiden", 28),
    Role("DE-0002", "Helion Medical Deutschland GmbH", "distributor", "DE-N", "Kiel", 22, "NL-0001"),
    Role("FR-0001", "Helion Medical France SAS", "distributor", "FR-N", "Lille", 33, "NL-0001"),
    Role("GB-0002", "Helion Medical UK Ltd", "dealer", "GB-N", "Leeds", 45, "NL-0001"),
    Role("US-0001", "Cascade Lab Supply Inc.", "distributor", "US-W", "Portland", 9),
    Role("CZ-0001", "Nova Medika s.r.o.", "distributor", "CZ", "Brno", 70),
    Role("TR-0001", "Anadolu Laboratuvar A.Ş.", "distributor", "TR", "İzmir", 12),
    Role("DE-0003", "Isar Diagnostik GmbH", "distributor", "DE-S", "Ulm", 20),
)  # fmt: skip

INDEX = {role.code: number for number, role in enumerate(ROLES)}

RISING, FALLING, STUFFING, LATE, EXPIRED, RESTATED, RETURNS, NEW, SHOCKED, MOVED = (
    INDEX[code] for code in ("PL-0001", "GB-0001", "IT-0001", "SE-0001", "DE-0001", "AT-0001", "US-0001", "CZ-0001", "TR-0001", "DE-0003")
)
SAME_NAME = (INDEX["AU-0001"], INDEX["AU-0002"])

CUSTOMER_LEFT = date(2025, 3, 31)  # the main customer of the falling giant buys for the last time
MAIN_CUSTOMER = "St Brannoc University Hospitals"
ISO_EXPIRED = date(2025, 8, 31)
STUFFING_SINCE = date(2025, 1, 1)
LATE_FROM, NIL_FROM = date(2024, 10, 1), date(2025, 7, 1)
ENDED_ON = date(2025, 7, 1)  # a few ordinary partners end then
NEW_SINCE = date(2025, 11, 17)
REPRESENTATIVE_MOVED = date(2025, 5, 15)
REORGANISED_ON = date(2025, 1, 1)
SHOCK_ON = date(2025, 3, 19)
RETURNS_FROM = date(2025, 10, 1)
RESTATED_MONTH = month_of(date(2025, 2, 1))
RESENT_QUARTER = 5  # 2024-Q2 of the American system
PRODUCT_MOVED_ON = date(2025, 7, 1)

NORMAL_RETURNS, SPREE_RETURNS = 15, 320  # lines in a thousand


def orders_trend(partner: int, growth: int, month: int) -> int:
    """How much a partner orders in a month, in thousandths of its usual size; ``growth`` is thousandths a year."""
    if partner == RISING:
        return 250 + 250 * month * month // 90  # 14 times as much in the last month as in the first
    if partner == FALLING:
        left = month_of(CUSTOMER_LEFT)
        return 1000 + 4 * month if month <= left else max(330, 640 - 60 * (month - left))
    if partner == STUFFING and month >= month_of(STUFFING_SINCE):
        return 2600 if month % 3 == 2 else 850
    if partner == NEW:
        return 0 if month < month_of(NEW_SINCE) else 200
    if partner == SHOCKED:
        return 1000 if month <= month_of(SHOCK_ON) else 820
    if partner == EXPIRED:
        return 1000 + 14 * month
    if partner == LATE:
        return 1000 if month < month_of(NIL_FROM) else 300
    return max(150, 1000 + growth * month // 12)


assert MONTHS == 36  # the dates above lie within three years
