"""The catalogue of facts: anything a KPI may read. One small file per kind; this page lists them."""

from __future__ import annotations

from .account_targets import ACCOUNT_TARGETS
from .activities import ACTIVITIES
from .budgets import BUDGETS
from .certificates import CERTIFICATES
from .checked_lines import CHECKED_LINES
from .claims import CLAIMS
from .complaints import COMPLAINTS
from .coverage import COVERAGE
from .customers import CUSTOMERS
from .deals import DEALS
from .deliveries import DELIVERIES
from .earlier_results import EARLIER_RESULTS
from .field_actions import FIELD_ACTIONS
from .field_calendar import FIELD_CALENDAR
from .forecasts import FORECASTS
from .fund_movements import FUND_MOVEMENTS
from .inspections import INSPECTIONS
from .inventory import INVENTORY
from .invoices import INVOICES
from .kind import SYSTEM_COLUMNS, Column, Kind
from .market_data import MARKET_DATA
from .market_prices import MARKET_PRICES
from .milestones import MILESTONES
from .opportunities import OPPORTUNITIES
from .orders import ORDERS
from .pipeline import PIPELINE
from .point_awards import POINT_AWARDS
from .quotes import QUOTES
from .ratings import RATINGS
from .receipts import RECEIPTS
from .receivables import RECEIVABLES
from .referrals import REFERRALS
from .requirements import REQUIREMENTS
from .restatements import RESTATEMENTS
from .seats import SEATS
from .sell_through import SELL_THROUGH
from .spend_estimates import SPEND_ESTIMATES
from .stock_turns import STOCK_TURNS
from .subscriptions import SUBSCRIPTIONS
from .surveys import SURVEYS
from .targets import TARGETS
from .usage import USAGE
from .usage_growth import USAGE_GROWTH

FACTS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        ORDERS, SELL_THROUGH, INVENTORY, TARGETS, ACTIVITIES, REFERRALS, RATINGS, CERTIFICATES, COMPLAINTS, COVERAGE,
        SUBSCRIPTIONS, SEATS, USAGE, USAGE_GROWTH, CUSTOMERS, QUOTES, DEALS, POINT_AWARDS, RECEIPTS, INVOICES, MARKET_PRICES,
        INSPECTIONS, STOCK_TURNS, DELIVERIES, CLAIMS, FORECASTS, ACCOUNT_TARGETS, BUDGETS, SPEND_ESTIMATES, MARKET_DATA,
        CHECKED_LINES, RESTATEMENTS, EARLIER_RESULTS, RECEIVABLES, FUND_MOVEMENTS, REQUIREMENTS, FIELD_ACTIONS, FIELD_CALENDAR,
        OPPORTUNITIES, PIPELINE, MILESTONES, SURVEYS,
    )
}  # fmt: skip

__all__ = ["FACTS", "SYSTEM_COLUMNS", "Column", "Kind"]
