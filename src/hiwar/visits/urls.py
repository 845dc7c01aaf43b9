from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path, re_path

from hiwar.accounts.urls import LANGUAGE
from hiwar.visits import views

_pages: list[URLPattern] = [
    path("visits/<slug:code>/", views.fact, name="fact"),
    path("visits/<slug:code>/programme.ics", views.public_calendar, name="public_calendar"),
]

public: list[URLPattern | URLResolver] = [
    path("v/worker.js", views.worker, name="worker"),
    path("v/feedback/<str:token>/", views.feedback, name="feedback"),
    path("v/<str:token>/", views.programme, name="programme"),
    path("v/<str:token>/state", views.state, name="state"),
    path("v/<str:token>/programme.ics", views.calendar, name="calendar"),
    re_path(rf"^(?P<language>{LANGUAGE})/", include(_pages)),
]
