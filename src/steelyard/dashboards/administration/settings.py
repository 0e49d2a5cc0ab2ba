"""The company's settings: its name and currency, its fiscal calendars, its rates."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from steelyard.accounts.forms import say
from steelyard.accounts.gate import Asked, needs
from steelyard.accounts.permissions import may
from steelyard.calc.errors import Refused
from steelyard.company import actions
from steelyard.company import queries as told_by
from steelyard.company.masters import STANDARD
from steelyard.ui.listing import Column, Empty, Listing, Rows

from .. import links
from .forms import Company


@needs("settings.read", post="settings.write")
def company(request: Asked) -> HttpResponse:
    """The company's name, reporting currency, usual calendar and currencies."""
    now = told_by.settings()
    known = {**now, "currencies": ", ".join(now["currencies"][1:])}
    form = Company(request.POST or None, initial=known, calendars=_calendar_codes())
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_settings(**form.cleaned_data, acting_user=request.user)
        except Refused as refused:
            say(form, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("dashboards:company")
    more = {"form": form, "known": known, "may_write": may(request.user, "settings.write")}
    return render(request, "dashboards/administration/company.html", more, status=422 if form.errors else 200)


def _calendar_codes() -> list[str]:
    return sorted({STANDARD, *told_by.listing("calendars")["code"]})


@needs("settings.read")
def calendars(request: Asked) -> HttpResponse:
    """How the company divides its years, with the windows that lie around today."""
    today = timezone.localdate()
    rows = [_calendar(code, today) for code in _calendar_codes()]
    more = {"calendars": rows, "usual": told_by.settings()["default_calendar"]}
    change = links.page("masters:list", master="calendars") if may(request.user, "masters.read") else None
    return render(request, "dashboards/administration/calendars.html", {**more, "change": change})


def _calendar(code: str, today: date) -> dict[str, Any]:
    calendar = told_by.calendar(code)
    windows = []
    for grain in ("year", "quarter", "month"):
        try:
            window = calendar.containing(today, grain)
            windows.append({"label": window.label, "first": window.start, "last": window.end - timedelta(days=1)})
        except Refused:  # a calendar of listed dates has no such windows
            continue
    return {"code": code, "pattern": calendar.pattern, "start_month": calendar.start_month, "windows": windows}


@needs("settings.read")
def currencies(request: Asked) -> HttpResponse:
    """Which rates there are: per source and pair the first day, the last day and the latest rate."""
    rates = told_by.rates()
    latest = (
        rates.sort("date")
        .group_by("source", "base", "quote", maintain_order=True)
        .agg(pl.len().alias("days"), pl.col("date").min().alias("first"), pl.col("date").max().alias("last"), pl.col("rate").last())
    )
    bring = links.page("intake:import-master", master="rates") if may(request.user, "intake.write") else None
    listing = Listing(
        request, name="currencies", title=_("Currencies"), source=Rows(latest.to_dicts()), search=("base", "quote", "source"), sort="base",
        columns=(
            Column("base", _("One")),
            Column("quote", _("In")),
            Column("rate", _("Latest rate"), phone=True),
            Column("last", _("Of"), "date", phone=True),
            Column("first", _("Since"), "date"),
            Column("days", _("Days"), "count"),
            Column("source", _("Source")),
        ),
        empty=Empty(_("No rates yet"), _("Import a list of them."), bring or "", _("Import rates")),
    )  # fmt: skip
    return listing.respond("dashboards/administration/currencies.html", {"settings": told_by.settings()})
