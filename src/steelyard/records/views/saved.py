"""Saved views: every list page posts here; the page of them renames and deletes."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from steelyard.accounts.gate import Asked, needs
from steelyard.accounts.views.signing import layout_of
from steelyard.calc.errors import Refused

from .. import actions, queries
from ..forms import ViewForm


@needs("account")
def views(request: Asked) -> HttpResponse:
    """All own views."""
    return render(request, "records/views.html", {"views": queries.saved_views(request.user.username), "layout": layout_of(request)})


@needs("account", post="account")
def save(request: Asked) -> HttpResponse:
    """Keep a list as it is shown: asked for by GET with page and query, saved by POST; then back to the list, as saved."""
    form = ViewForm(request.POST if request.method == "POST" else None, initial=request.GET.dict())
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("page", "name", "query")}
        try:
            view = actions.save_view(**given, acting_user=request.user)
        except Refused as refused:
            form.tell(refused)
        else:
            messages.success(request, _("Saved as “%(name)s”.") % {"name": view.name})
            return HttpResponseRedirect(view.url)
    back = form["page"].value() or "/"
    context = {"form": form, "back": back if queries.is_our_page(back) else "/", "layout": layout_of(request)}
    return render(request, "records/save_view.html", context, status=422 if form.errors else 200)


@needs("account", post="account")
def rename(request: Asked, view: int) -> HttpResponse:
    """Another name."""
    found = queries.saved_view(view, request.user.username)
    form = ViewForm(request.POST if request.method == "POST" else None, initial={"name": found.name})
    if request.method == "POST" and form.is_valid():
        try:
            actions.rename_view(view=view, name=form.cleaned_data["name"], acting_user=request.user)
        except Refused as refused:
            form.tell(refused)
        else:
            messages.success(request, _("Renamed."))
            return HttpResponseRedirect(reverse("records:views"))
    return render(
        request, "records/rename_view.html", {"form": form, "view": found, "layout": layout_of(request)}, status=422 if form.errors else 200
    )


@needs(post="account")
def delete(request: Asked, view: int) -> HttpResponse:
    """Forget it."""
    actions.delete_view(view=view, acting_user=request.user)
    messages.success(request, _("Deleted."))
    return HttpResponseRedirect(reverse("records:views"))
