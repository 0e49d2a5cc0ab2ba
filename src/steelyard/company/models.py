"""The company's own settings, its fiscal calendars and its currency rates, each with its history."""

from __future__ import annotations

from django.db import models

from steelyard.ledger.histories import History
from steelyard.masters.master import Current


class SettingsValues(models.Model):
    """One row, code "company"."""

    code = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    reporting_currency = models.CharField(max_length=3)
    default_calendar = models.CharField(max_length=50)
    currencies = models.CharField(max_length=500, blank=True)  # in use beside the reporting currency, comma-separated

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class Settings(SettingsValues, Current):
    """The settings as they are now."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code"], name="settings_code")]


class SettingsHistory(SettingsValues, History):
    """The settings as they were known at each commit."""

    KEY = ("code",)


class CalendarValues(models.Model):
    """A fiscal calendar: months from any start month, weeks in a 4-4-5 pattern, or a list of dates."""

    code = models.CharField(max_length=50)
    start_month = models.BigIntegerField(null=True)
    pattern = models.CharField(max_length=10, blank=True)  # months, 445, 454, 544, dates
    week_starts = models.BigIntegerField(null=True)  # 0 is Monday
    year_ends = models.CharField(max_length=10, blank=True)  # last, nearest
    dates = models.TextField(max_length=20_000, blank=True)  # for pattern dates: first days, comma-separated ISO

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.code


class FiscalCalendarRecord(CalendarValues, Current):
    """A calendar as it is now."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code"], name="calendar_code")]


class FiscalCalendarHistory(CalendarValues, History):
    """Calendars as they were known at each commit."""

    KEY = ("code",)


class RateValues(models.Model):
    """On that day one unit of ``base`` was ``rate`` units of ``quote``, says the source."""

    source = models.CharField(max_length=100)
    base = models.CharField(max_length=3)
    quote = models.CharField(max_length=3)
    date = models.DateField()
    rate = models.CharField(max_length=40)  # decimal text: some databases would turn a decimal column into a float

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.source} {self.date}: 1 {self.base} = {self.rate} {self.quote}"


class Rate(RateValues, Current):
    """A rate as it is now."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "base", "quote", "date"], name="rate_key")]


class RateHistory(RateValues, History):
    """Rates as they were known at each commit."""

    KEY = ("source", "base", "quote", "date")
