"""The catalogue of facts: anything a KPI may read. One small file per kind; this page lists them."""

from __future__ import annotations

from .activities import ACTIVITIES
from .certificates import CERTIFICATES
from .complaints import COMPLAINTS
from .coverage import COVERAGE
from .inventory import INVENTORY
from .kind import SYSTEM_COLUMNS, Column, Kind
from .orders import ORDERS
from .ratings import RATINGS
from .referrals import REFERRALS
from .sell_through import SELL_THROUGH
from .targets import TARGETS

FACTS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        ORDERS, SELL_THROUGH, INVENTORY, TARGETS, ACTIVITIES, REFERRALS, RATINGS, CERTIFICATES, COMPLAINTS, COVERAGE,
    )
}  # fmt: skip

__all__ = ["FACTS", "SYSTEM_COLUMNS", "Column", "Kind"]
