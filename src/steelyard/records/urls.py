"""Addresses of questions and saved views."""

from __future__ import annotations

from django.urls import path

from .views import questions, saved

app_name = "records"
urlpatterns = [
    path("questions", questions.questions, name="questions"),
    path("questions/terms", questions.terms, name="terms"),
    path("questions/<int:question>", questions.question, name="question"),
    path("questions/<int:question>/answer", questions.answer, name="answer"),
    path("questions/<int:question>/reply", questions.reply, name="reply"),
    path("questions/<int:question>/close", questions.close, name="close"),
    path("questions/<int:question>/reopen", questions.reopen, name="reopen"),
    path("questions/<int:question>/assign", questions.assign, name="assign"),
    path("views", saved.views, name="views"),
    path("views/save", saved.save, name="save-view"),
    path("views/<int:view>/rename", saved.rename, name="rename-view"),
    path("views/<int:view>/delete", saved.delete, name="delete-view"),
]
