"""Files for a partner: the staff add and withdraw them; the portal shows them."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from steelyard.accounts.gate import Asked, needs
from steelyard.accounts.permissions import may
from steelyard.calc.errors import Missing, Refused
from steelyard.partners.queries import exists
from steelyard.partners.scopes import visible
from steelyard.records import actions, queries
from steelyard.records.forms import DocumentForm

from ..queries import names


@needs("questions.read", post="questions.answer")
def documents(request: Asked, partner: str) -> HttpResponse:
    """All documents of a partner, and a form to add one."""
    code = visible(request.scope, partner)
    if not exists("partners", code=code):
        raise Missing
    form = DocumentForm(request.POST or None, request.FILES or None)
    posted = request.method == "POST"
    if posted and form.is_valid():
        try:
            actions.keep_document(
                partner=code, title=form.cleaned_data["title"], stream=form.cleaned_data["file"].file, acting_user=request.user
            )
        except Refused as refused:
            form.tell(refused)
        else:
            messages.success(request, _("Added. The partner sees it now."))
            return HttpResponseRedirect(reverse("reviews:documents", args=[code]))
    context = {
        "partner": code, "name": names([code]).get(code, code), "documents": list(queries.documents(request.scope, code)),
        "form": form if may(request.user, "questions.answer") else None,
    }  # fmt: skip
    return render(request, "reviews/documents.html", context, status=422 if posted else 200)


@needs("questions.read")
def download(request: Asked, document: int) -> HttpResponse:
    """The bytes, always as a file to keep, under a name made here; that it was opened stands in the trail."""
    response = as_download(queries.download(document, request.scope))
    response.exported = (f"document-{document}", 1, "file")  # type: ignore[attr-defined]
    return response  # type: ignore[return-value]  # a streaming answer


def as_download(found: queries.Download) -> FileResponse:
    """A document as a response; the portal answers so too."""
    response = FileResponse(found.path.open("rb"), as_attachment=True, filename=found.file_name, content_type=found.media_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@needs(post="questions.answer")
def withdraw(request: Asked, document: int) -> HttpResponse:
    """Take a document back."""
    found = actions.withdraw_document(document=document, acting_user=request.user, scope=request.scope)
    messages.success(request, _("Withdrawn."))
    return HttpResponseRedirect(reverse("reviews:documents", args=[found.partner]))
