"""The addresses of the trace on the public site and at the desk."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from hiwar.accounts.urls import LANGUAGE
from hiwar.trace import desk as pages
from hiwar.trace import views

_TRACE = rf"^(?P<language>{LANGUAGE})/trace/"

public: list[URLPattern] = [
    re_path(rf"{_TRACE}dossier/(?P<code>[\w.-]+)/$", views.dossier, name="dossier"),
    re_path(rf"{_TRACE}paper/(?P<code>[\w.-]+)/$", views.paper, name="paper"),
    re_path(
        rf"{_TRACE}dossier/(?P<code>[\w.-]+)/trace\.zip$",
        views.dossier_files,
        name="dossier_files",
    ),
    re_path(rf"{_TRACE}paper/(?P<code>[\w.-]+)/trace\.zip$", views.paper_files, name="paper_files"),
    re_path(rf"{_TRACE}article/(?P<code>[\w.-]+)/$", views.article, name="article"),
    re_path(rf"{_TRACE}(?P<kind>[a-z]+)/(?P<code>[\w.-]+)/$", views.walk, name="walk"),
]

desk: list[URLPattern] = [
    path("alone/", pages.orphans, name="orphans"),
    path("dossier/<str:code>/", pages.dossier, name="dossier"),
    path("dossier/<str:code>/trace.zip", pages.dossier_files, name="dossier_files"),
    path("paper/<slug:code>/trace.zip", pages.paper_files, name="paper_files"),
    path("paper/<slug:code>/", pages.paper, name="paper"),
    path("article/<str:code>/", pages.article, name="article"),
    path("<slug:kind>/<str:code>/", pages.walk, name="walk"),
]
