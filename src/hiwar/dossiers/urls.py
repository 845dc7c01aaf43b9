"""The addresses of the room on the public site."""

from __future__ import annotations

from django.urls import URLPattern, re_path

from hiwar.accounts.urls import LANGUAGE
from hiwar.dossiers import views

_ONE = rf"^(?P<language>{LANGUAGE})/statements/(?P<code>[\w-]+)/"

public: list[URLPattern] = [
    re_path(rf"^(?P<language>{LANGUAGE})/work/$", views.work, name="work"),
    re_path(rf"^(?P<language>{LANGUAGE})/work/(?P<code>[\w.-]+)/$", views.dossier, name="dossier"),
    re_path(rf"^(?P<language>{LANGUAGE})/statements/$", views.statements, name="statements"),
    re_path(rf"{_ONE}$", views.statement, name="statement"),
    re_path(rf"{_ONE}(?P<number>\d+)/$", views.statement, name="statement_version"),
    re_path(
        rf"{_ONE}(?P<number>\d+)/(?P<name>[\w.-]+)$",
        views.statement_file,
        name="statement_file",
    ),
]
