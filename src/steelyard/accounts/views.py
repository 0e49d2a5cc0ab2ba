"""Pages of accounts."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from .gate import public


@public("the way in", "GET", "POST")
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in."""
    return render(request, "ui/problem.html")
