"""Periods: the fiscal calendar, its labels, and the days a window holds."""

from ..framework.windows import READY_WINDOWS
from .calendar import FiscalCalendar
from .days import add_months, is_month_end, months_between
from .period import GRAINS, Period

__all__ = ["GRAINS", "READY_WINDOWS", "FiscalCalendar", "Period", "add_months", "is_month_end", "months_between"]
