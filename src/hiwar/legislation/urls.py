"""The addresses of laws at the desk."""

from __future__ import annotations

from django.urls import URLPattern, path

from hiwar.legislation.desk import pages

desk: list[URLPattern] = [
    path("", pages.list_laws, name="list"),
    path("dossier/<str:code>/new/", pages.new, name="new"),
    path("<str:key>/", pages.law, name="law"),
    path("<str:key>/step/", pages.step, name="step"),
    path("<str:key>/versions/new/", pages.add_version, name="add_version"),
    path("<str:key>/versions/<str:number>/", pages.version, name="version"),
    path("<str:key>/compare/", pages.compare, name="compare"),
]
