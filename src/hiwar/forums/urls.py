"""The addresses of forums on the public site and at the desk."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from hiwar.accounts.urls import LANGUAGE
from hiwar.forums import views
from hiwar.forums.desk import pages, stages

_FORUMS = rf"^(?P<language>{LANGUAGE})/forums/"
_FORUM = rf"{_FORUMS}(?P<code>[a-z0-9-]+)/"

public: list[URLPattern] = [
    re_path(rf"{_FORUMS}$", views.forums, name="forums"),
    re_path(rf"{_FORUM}$", views.forum, name="forum"),
]

desk: list[URLPattern] = [
    path("", pages.list_forums, name="list"),
    path("new/", pages.new, name="new"),
    path("stages/<str:key>/", stages.edit_stage, name="edit_stage"),
    path("stages/<str:key>/move/", stages.move_stage, name="move_stage"),
    path("stages/<str:key>/done/", stages.finish_stage, name="finish_stage"),
    path("stages/<str:key>/remove/", stages.remove_stage, name="remove_stage"),
    path("targets/<str:key>/remove/", stages.remove_floor, name="remove_floor"),
    path("f/<slug:code>/", pages.forum, name="forum"),
    path("f/<slug:code>/edit/", pages.edit, name="edit"),
    path("f/<slug:code>/results/", pages.results, name="results"),
    path("f/<slug:code>/restart/", pages.restart, name="restart"),
    path("f/<slug:code>/approve/", pages.approve, name="approve"),
    path("f/<slug:code>/close/", pages.close, name="close"),
    path("f/<slug:code>/stages/add/", stages.add_stage, name="add_stage"),
    path("f/<slug:code>/targets/", stages.set_floor, name="set_floor"),
]
