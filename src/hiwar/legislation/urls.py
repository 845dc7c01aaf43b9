"""The addresses of laws on the public site and at the desk."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from hiwar.accounts.urls import LANGUAGE
from hiwar.legislation import views
from hiwar.legislation.desk import pages

_LAW = rf"^(?P<language>{LANGUAGE})/laws/(?P<key>[0-9a-f-]{{36}})/"

public: list[URLPattern] = [
    re_path(rf"^(?P<language>{LANGUAGE})/laws/$", views.laws, name="laws"),
    re_path(rf"{_LAW}$", views.law, name="law"),
    re_path(rf"{_LAW}feed/$", views.feed, name="feed"),
    re_path(rf"{_LAW}compare/$", views.compare, name="compare"),
    re_path(rf"{_LAW}versions/(?P<name>[\w-]+)/$", views.text, name="text"),
    re_path(rf"{_LAW}versions/(?P<name>[\w-]+)/(?P<kind>[a-z]+)/$", views.text_file, name="file"),
    re_path(rf"{_LAW}(?P<slug>[\w-]+)/$", views.article, name="article"),
]

desk: list[URLPattern] = [
    path("", pages.list_laws, name="list"),
    path("dossier/<str:code>/new/", pages.new, name="new"),
    path("<str:key>/", pages.law, name="law"),
    path("<str:key>/step/", pages.step, name="step"),
    path("<str:key>/versions/new/", pages.add_version, name="add_version"),
    path("<str:key>/versions/<str:number>/", pages.version, name="version"),
    path("<str:key>/versions/<str:number>/publish/", pages.publish, name="publish"),
    path("<str:key>/versions/<str:number>/withdraw/", pages.withdraw, name="withdraw"),
    path("<str:key>/compare/", pages.compare, name="compare"),
]
