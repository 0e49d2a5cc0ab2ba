"""Addresses of the portal. Whose they are is never in them: it follows from who is signed in."""

from __future__ import annotations

from django.urls import path

from .views import comparisons, documents, history, home, people, person, questions, rows, scorecard

app_name = "portal"
_CARD = "portal/scorecard/<str:framework>/<str:period>"
urlpatterns = [
    path("portal/", home.home, name="home"),
    path("portal/partner", home.switch, name="switch"),
    path("portal/scorecard", scorecard.newest, name="scorecard"),
    path(f"{_CARD}/why", scorecard.change, name="why"),
    path(f"{_CARD}/pdf", scorecard.pdf, name="pdf"),
    path(f"{_CARD}/bundle", scorecard.bundle, name="bundle"),
    path(f"{_CARD}/kpis/<str:kpi>", scorecard.kpi, name="kpi"),
    path(_CARD, scorecard.card, name="card"),
    path("portal/reviews/<int:review>/acknowledge", scorecard.acknowledge, name="acknowledge"),
    path("portal/orders", rows.rows, name="orders"),
    path("portal/orders/<str:kind>/<int:row>", rows.row, name="row"),
    path("portal/history", history.history, name="history"),
    path("portal/questions", questions.questions, name="questions"),
    path("portal/questions/ask", questions.ask, name="ask"),
    path("portal/questions/<int:question>", questions.question, name="question"),
    path("portal/questions/<int:question>/reply", questions.reply, name="reply"),
    path("portal/questions/<int:question>/close", questions.close, name="close"),
    path("portal/questions/<int:question>/reopen", questions.reopen, name="reopen"),
    path("portal/documents", documents.documents, name="documents"),
    path("portal/documents/<int:document>", documents.download, name="document"),
    path("portal/comparisons", comparisons.comparisons, name="comparisons"),
    path("portal/comparisons/<int:share>", comparisons.comparison, name="comparison"),
    path("portal/comparisons/<int:share>/file", comparisons.file, name="comparison-file"),
    path("portal/people", people.people, name="people"),
    path("portal/people/add", people.add, name="add-person"),
    path("portal/people/<str:user>", person.person, name="person"),
    path("portal/people/<str:user>/active", person.activate, name="activate"),
    path("portal/people/<str:user>/link", person.send_link, name="send-link"),
]
