"""The addresses of asks on the public site and at the desk."""

from __future__ import annotations

from django.urls import URLPattern, path

from hiwar.asks import views
from hiwar.asks.desk import commitments, letters, outcomes, pages, points

public: list[URLPattern] = [
    path("p/<str:token>/", views.own, name="own"),
    path("answer/<str:token>/", views.answer, name="answer"),
]

desk: list[URLPattern] = [
    path("", pages.list_asks, name="list"),
    path("dossier/<str:code>/", pages.table, name="table"),
    path("dossier/<str:code>/new/", pages.new, name="new"),
    path("dossier/<str:code>/links/", pages.links, name="links"),
    path("dossier/<str:code>/links/<str:key>/withdraw/", pages.withdraw_link, name="withdraw_link"),
    path("position/<str:key>/take-back/", pages.retract, name="retract"),
    path("position/<str:key>/seen/", pages.see, name="see"),
    path("forum/<slug:code>/", pages.of_forum, name="of_forum"),
    path("commitments/", commitments.tracker, name="commitments"),
    path("commitment/<str:key>/", commitments.commitment, name="commitment"),
    path("commitment/<str:key>/proof/", commitments.add_proof, name="add_proof"),
    path("commitment/<str:key>/settle/", commitments.settle, name="settle"),
    path("change/<str:key>/reply/", commitments.reply, name="reply"),
    path("change/<str:key>/verify/", commitments.verify, name="verify"),
    path("addressee/<str:key>/outcome/<str:point>/", outcomes.record, name="record_outcome"),
    path("outcome/<str:key>/", outcomes.outcome, name="outcome"),
    path("outcome/<str:key>/reply/", outcomes.reply, name="outcome_reply"),
    path("outcome/<str:key>/verify/", outcomes.verify, name="verify_outcome"),
    path("<str:key>/promise/", commitments.record, name="record_commitment"),
    path("point/<str:key>/remove/", points.remove_point, name="remove_point"),
    path("addressee/<str:key>/state/", points.take_addressee_state, name="take_addressee_state"),
    path("addressee/<str:key>/answer/", points.record_answer, name="record_answer"),
    path("addressee/<str:key>/remove/", points.remove_addressee, name="remove_addressee"),
    path("addressee/<str:key>/letter/", letters.draft, name="draft_letter"),
    path("letter/<str:key>/", letters.letter, name="letter"),
    path("letter/<str:key>/<str:language>.pdf", letters.letter_file, name="letter_file"),
    path("file/<str:key>/", points.answer_file, name="answer_file"),
    path("delivery/<str:key>/receipt/", letters.receipt, name="receipt"),
    path("answer/<str:key>/confirm/", points.confirm_answer, name="confirm_answer"),
    path("<str:key>/points/new/", points.add_point, name="add_point"),
    path("<str:key>/addressees/new/", points.add_addressee, name="add_addressee"),
    path("<str:key>/approve/", points.approve, name="approve"),
    path("<str:key>/", pages.ask, name="ask"),
    path("<str:key>/edit/", pages.edit, name="edit"),
    path("<str:key>/state/", pages.take_state, name="take_state"),
    path("<str:key>/record/<str:organisation>/", pages.record, name="record"),
]
