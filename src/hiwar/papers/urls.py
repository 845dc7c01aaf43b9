"""The addresses of papers on the public site and at the desk."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from hiwar.accounts.urls import LANGUAGE
from hiwar.papers import views
from hiwar.papers.desk import blocks, embargo, evidence, interests, pages, reviews, sign_off

_PAPERS = rf"^(?P<language>{LANGUAGE})/papers/"
_PAPER = rf"{_PAPERS}(?P<code>[a-z0-9-]+)/"

public: list[URLPattern] = [
    path("press/<str:token>/", views.press, name="press"),
    path("review/<str:token>/", views.outside_review, name="review"),
    re_path(rf"{_PAPERS}$", views.papers, name="papers"),
    re_path(rf"{_PAPER}$", views.paper, name="paper"),
    re_path(rf"{_PAPER}(?P<number>[0-9]+)/$", views.paper, name="version"),
    re_path(rf"{_PAPER}(?P<number>[0-9]+)/text.json$", views.text, name="text"),
    re_path(rf"{_PAPER}(?P<number>[0-9]+)/paper.(?P<form>pdf|docx)$", views.file, name="file"),
]

desk: list[URLPattern] = [
    path("", pages.list_papers, name="list"),
    path("new/", pages.new, name="new"),
    path("forum/<slug:code>/", pages.of_forum, name="of_forum"),
    path("blocks/<str:key>/save/", blocks.save, name="save_block"),
    path("blocks/<str:key>/move/", blocks.move, name="move_block"),
    path("blocks/<str:key>/delete/", blocks.delete, name="delete_block"),
    path("blocks/<str:key>/history/", blocks.history, name="history"),
    path("blocks/<str:key>/equal/", blocks.equal, name="equal"),
    path("blocks/<str:key>/recommendation/", evidence.recommendation, name="recommendation"),
    path("conflicts/<str:key>/", blocks.conflict, name="conflict"),
    path("citations/<str:key>/see/", evidence.see, name="see_value"),
    path("citations/<str:key>/drop/", evidence.drop, name="drop_citation"),
    path("files/<str:key>/", pages.file, name="file"),
    path("files/<str:key>/again/", pages.make_again, name="make_file_again"),
    path("reviews/<str:key>/", reviews.review, name="review"),
    path("reviews/<str:key>/finish/", reviews.finish, name="finish_review"),
    path("comments/<str:key>/answer/", reviews.answer, name="answer_comment"),
    path("p/<slug:code>/", pages.paper, name="paper"),
    path("p/<slug:code>/edit/", pages.edit, name="edit"),
    path("p/<slug:code>/add/", blocks.add, name="add_block"),
    path("p/<slug:code>/languages/", blocks.languages, name="languages"),
    path("p/<slug:code>/evidence/", evidence.citations, name="citations"),
    path("p/<slug:code>/pick/", evidence.pick, name="pick"),
    path("p/<slug:code>/reviews/", reviews.reviews, name="reviews"),
    path("p/<slug:code>/reviews/outside/", reviews.ask_outside, name="ask_outside"),
    path("p/<slug:code>/interests/", interests.interests, name="interests"),
    path("p/<slug:code>/interests/none/", interests.declare, name="declare_none"),
    path("interests/<str:key>/remove/", interests.remove, name="remove_interest"),
    path("p/<slug:code>/ready/", pages.ready, name="ready"),
    path("p/<slug:code>/sign-off/", sign_off.sign_off, name="sign_off"),
    path("p/<slug:code>/sign-off/narrow/", sign_off.narrow, name="narrow_round"),
    path("p/<slug:code>/sign-off/close/", sign_off.close, name="close_round"),
    path("p/<slug:code>/sign-off/reopen/", sign_off.reopen, name="reopen_round"),
    path("p/<slug:code>/embargo/", embargo.embargo, name="embargo"),
    path("p/<slug:code>/embargo/back/", embargo.take_back, name="take_back_embargo"),
    path("press/<str:key>/end/", embargo.end_link, name="end_press_link"),
    path("p/<slug:code>/freeze/", pages.freeze, name="freeze"),
    path("p/<slug:code>/publish/", pages.publish, name="publish"),
    path("p/<slug:code>/withdraw/", pages.withdraw, name="withdraw"),
    path("p/<slug:code>/reopen/", pages.reopen, name="reopen"),
]
