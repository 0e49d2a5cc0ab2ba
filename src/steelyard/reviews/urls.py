"""Addresses of reviews, cycles, asking, and documents of a partner."""

from __future__ import annotations

from django.urls import path

from .views import asking, cycles, documents, queue, review

app_name = "reviews"
urlpatterns = [
    path("reviews", queue.reviews, name="reviews"),
    path("reviews/cycles", cycles.cycles, name="cycles"),
    path("reviews/cycles/open", cycles.open_cycle, name="open-cycle"),
    path("reviews/cycles/rules", cycles.rules, name="rules"),
    path("reviews/cycles/<int:cycle>", cycles.cycle, name="cycle"),
    path("reviews/cycles/<int:cycle>/score", cycles.score, name="score-cycle"),
    path("reviews/cycles/<int:cycle>/close", cycles.close, name="close-cycle"),
    path("reviews/<int:review>", review.review, name="review"),
    path("reviews/<int:review>/rate", review.rate, name="rate"),
    path("reviews/<int:review>/approve", review.approve, name="approve"),
    path("reviews/<int:review>/return", review.hand_back, name="return"),
    path("reviews/<int:review>/comment", review.comment, name="comment"),
    path("questions/ask", asking.ask, name="ask"),
    path("partners/<str:partner>/documents", documents.documents, name="documents"),
    path("documents/<int:document>", documents.download, name="document"),
    path("documents/<int:document>/withdraw", documents.withdraw, name="withdraw"),
]
