"""What happens to a request without a session: sign in first, and nothing typed is lost."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse


def sign_in_first(request: HttpRequest) -> HttpResponse:
    """To the sign-in page, and back here afterwards."""
    return HttpResponseRedirect(f"{reverse('accounts:sign-in')}?{urlencode({'next': request.get_full_path()})}")
