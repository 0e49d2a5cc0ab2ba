"""Every address of the product: each room brings its own."""

from __future__ import annotations

from django.urls import include, path

from steelyard.api.assembly import api

urlpatterns = [
    path("api/", api.urls),  # programs ask most often: they are not looked for among all pages first
    path("", include("steelyard.accounts.urls")),
    path("", include("steelyard.scorecards.urls")),
    path("", include("steelyard.dashboards.urls")),
    path("", include("steelyard.portal.urls")),
    path("", include("steelyard.comparisons.urls")),
    path("", include("steelyard.reviews.urls")),
    path("", include("steelyard.records.urls")),
    path("", include("steelyard.attribution.urls")),
    path("", include("steelyard.intake.urls")),
    path("", include("steelyard.partners.urls")),
    path("", include("steelyard.frameworks.urls")),
    path("", include("steelyard.operations.urls")),
]

handler404 = "steelyard.ui.problems.missing"
handler403 = "steelyard.ui.problems.forbidden"
handler500 = "steelyard.operations.unavailable.failed"
