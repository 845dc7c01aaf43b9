"""The addresses of the site's own items, for everybody and at the desk."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from hiwar.accounts.urls import LANGUAGE
from hiwar.publishing import desk as pages
from hiwar.publishing import views

_SITE = rf"^(?P<language>{LANGUAGE})/"
_KIND = r"(?P<kind>news|press|opportunities|pages)"

public: list[URLPattern] = [
    re_path(rf"{_SITE}news/$", views.items, {"kind": "news"}, name="news"),
    re_path(rf"{_SITE}press/$", views.items, {"kind": "press"}, name="press"),
    re_path(
        rf"{_SITE}opportunities/$", views.items, {"kind": "opportunities"}, name="opportunities"
    ),
    re_path(rf"{_SITE}{_KIND}/(?P<slug>[^/]+)/$", views.item, name="item"),
]

desk: list[URLPattern] = [
    path("", pages.list_items, name="list"),
    path("new/", pages.new, name="new"),
    path("<slug:code>/", pages.item, name="item"),
    path("<slug:code>/edit/", pages.edit, name="edit"),
    path("<slug:code>/history/", pages.history, name="history"),
    path("<slug:code>/history/<int:number>/restore/", pages.restore, name="restore"),
    path("<slug:code>/ask/", pages.ask, name="ask"),
    path("<slug:code>/decide/", pages.decide, name="decide"),
    path("<slug:code>/take-back/", pages.take_back, name="take_back"),
    path("<slug:code>/withdraw/", pages.withdraw, name="withdraw"),
]
