from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path, re_path

from hiwar.accounts.urls import LANGUAGE
from hiwar.dialogues.views import (
    detail,
    participation,
    recommendations,
    results,
    rooms,
    statements,
    votes,
)

_pages: list[URLPattern] = [
    path("d/", detail.enter, name="enter"),
    path("d/left/", detail.left, name="left"),
    path("d/<slug:code>/", detail.detail, name="detail"),
    path("d/<slug:code>/join/", detail.join, name="join"),
    path("d/<slug:code>/rooms/<slug:room>/", rooms.room, name="room"),
    path("d/<slug:code>/poster/", detail.poster, name="poster"),
    path("d/<slug:code>/vote/", votes.vote, name="vote"),
    path("d/<slug:code>/vote/kept/", votes.kept, name="kept"),
    path(
        "d/<slug:code>/recommendations/",
        recommendations.recommendations,
        name="recommendations",
    ),
    path("d/<slug:code>/statements/add/", statements.add, name="add"),
    path("d/<slug:code>/statements/similar/", statements.similar, name="similar"),
    path("d/<slug:code>/statements/<int:number>/", statements.own, name="own"),
    path("d/<slug:code>/mine/", participation.mine, name="mine"),
    path("d/<slug:code>/about-me/", participation.about_me, name="about_me"),
    path("d/<slug:code>/tell-me/", participation.tell_me, name="tell_me"),
    path("d/<slug:code>/results/", results.results, name="results"),
    path("d/<slug:code>/results/<int:version>/", results.results, name="results_version"),
    path(
        "d/<slug:code>/results/<int:version>/statements/",
        results.statements,
        name="results_statements",
    ),
    path(
        "d/<slug:code>/results/<int:version>/sheet/",
        results.sheet,
        name="results_sheet",
    ),
    path("d/<slug:code>/data/<int:version>/<str:name>", results.data, name="data"),
    path("d/<slug:code>/receipt/", results.receipt, name="receipt"),
    path("d/<slug:code>/receipt/votes.zip", results.receipt_file, name="receipt_file"),
    path("d/<slug:code>/forget/", participation.forget, name="forget"),
]

public: list[URLPattern | URLResolver] = [
    path("j/<str:code>", detail.short, name="short"),
    path("part.js", votes.worker, name="worker"),
    re_path(rf"^(?P<language>{LANGUAGE})/", include(_pages)),
]
