"""The addresses of asks on the public site and at the desk."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from hiwar.accounts.urls import LANGUAGE
from hiwar.asks.desk import commitments, disputes, letters, outcomes, pages, plan, points, power
from hiwar.asks.views import everybody, links, noted

public: list[URLPattern] = [
    path("p/<str:token>/", links.own, name="own"),
    path("answer/<str:token>/", links.answer, name="answer"),
    path("answer/<str:token>/noted/", noted.noted, name="noted"),
    re_path(rf"^(?P<language>{LANGUAGE})/asks/$", everybody.asks, name="asks"),
    re_path(rf"^(?P<language>{LANGUAGE})/asks/promises/$", everybody.scores, name="scores"),
    re_path(
        rf"^(?P<language>{LANGUAGE})/asks/(?P<key>[0-9a-f]{{32}})/$", everybody.ask, name="ask"
    ),
]

desk: list[URLPattern] = [
    path("", pages.list_asks, name="list"),
    path("dossier/<str:code>/", pages.table, name="table"),
    path("dossier/<str:code>/new/", pages.new, name="new"),
    path("dossier/<str:code>/links/", pages.links, name="links"),
    path("dossier/<str:code>/links/<str:key>/withdraw/", pages.withdraw_link, name="withdraw_link"),
    path("dossier/<str:code>/plan/", plan.plan, name="plan"),
    path("dossier/<str:code>/power/", power.power_map, name="power_map"),
    path("dossier/<str:code>/power/add/", power.add_power, name="add_power"),
    path("dossier/<str:code>/power/influence/", power.add_influence, name="add_influence"),
    path("dossier/<str:code>/power/readers/", power.map_readers, name="map_readers"),
    path("power/<str:key>/", power.edit_power, name="edit_power"),
    path("power/<str:key>/remove/", power.remove_power, name="remove_power"),
    path("influence/<str:key>/remove/", power.remove_influence, name="remove_influence"),
    path("dossier/<str:code>/plan/message/", plan.add_line, name="add_line"),
    path("message/<str:key>/", plan.edit_line, name="edit_line"),
    path("message/<str:key>/remove/", plan.remove_line, name="remove_line"),
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
    path("outcome/<str:key>/dispute/", disputes.dispute_outcome, name="dispute_outcome"),
    path("change/<str:key>/dispute/", disputes.dispute_change, name="dispute_change"),
    path("dispute/<str:key>/", disputes.dispute, name="dispute"),
    path("waiting/", disputes.waiting, name="waiting"),
    path("commitment/<str:key>/show/", commitments.show, name="show_commitment"),
    path("<str:key>/show/", pages.show, name="show"),
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
