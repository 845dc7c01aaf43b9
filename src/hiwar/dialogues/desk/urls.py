"""The addresses of the facilitator's desk, and of the wall that it opens."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from hiwar.accounts.urls import LANGUAGE
from hiwar.dialogues.desk import (
    alerts,
    coverage,
    dialogues,
    file_tasks,
    inbox,
    logs,
    moderation,
    people,
    projector,
    publications,
    recommendations,
    rooms,
    rounds,
    statements,
    telling,
)

WALL = rf"^(?P<language>{LANGUAGE})/d/(?P<code>[a-z0-9]+)/wall/"

walls: list[URLPattern] = [
    re_path(rf"{WALL}$", projector.wall, name="page"),
    re_path(rf"{WALL}now$", projector.wall_now, name="now"),
]

desk: list[URLPattern] = [
    path("", dialogues.list_dialogues, name="list"),
    path("new/", dialogues.new, name="new"),
    path("inbox/", inbox.review_inbox, name="inbox"),
    path("inbox/decide/", inbox.decide_together, name="decide_together"),
    path("inbox/batches/<str:key>/undo/", inbox.undo, name="undo_batch"),
    path("<str:code>/", dialogues.dialogue, name="dialogue"),
    path("<str:code>/alerts/<str:key>/seen/", alerts.see, name="see_alert"),
    path("<str:code>/plan/", rounds.plan, name="plan"),
    path("<str:code>/settings/", dialogues.settings, name="settings"),
    path("<str:code>/open/", dialogues.open_dialogue, name="open"),
    path("<str:code>/close/", dialogues.close_dialogue, name="close"),
    path("<str:code>/rounds/<str:number>/", rounds.edit_round, name="edit_round"),
    path("<str:code>/rounds/<str:number>/open/", rounds.open_round, name="open_round"),
    path("<str:code>/rounds/<str:number>/close/", rounds.close_round, name="close_round"),
    path(
        "<str:code>/rounds/<str:number>/recommendations/",
        recommendations.recommendations,
        name="recommendations",
    ),
    path("<str:code>/statements/", statements.statements, name="statements"),
    path("<str:code>/statements/add/", statements.add, name="add_statement"),
    path("<str:code>/statements/<str:number>/", statements.statement, name="statement"),
    path("<str:code>/statements/<str:number>/block/", statements.block, name="block_author"),
    path("<str:code>/statements/<str:number>/unmerge/", statements.unmerge, name="unmerge"),
    path("<str:code>/review/", moderation.review, name="review"),
    path("<str:code>/review/log/", moderation.log, name="log"),
    path("<str:code>/review/log/decisions.csv", logs.log_file, name="log_file"),
    path("<str:code>/review/objections/", moderation.objections, name="objections"),
    path("<str:code>/review/objections/<str:key>/", moderation.answer, name="answer"),
    path("<str:code>/review/<str:number>/", moderation.review_statement, name="review_statement"),
    path("<str:code>/review/<str:number>/decide/", moderation.decide, name="decide"),
    path("<str:code>/coverage/", coverage.coverage, name="coverage"),
    path("<str:code>/coverage/<str:key>/remove/", coverage.remove_target, name="remove_target"),
    path("<str:code>/invite/", people.invite, name="invite"),
    path("<str:code>/invite/poster/", people.poster, name="poster"),
    path("<str:code>/invite/codes/<str:key>/revoke/", people.revoke, name="revoke"),
    path("<str:code>/rooms/", rooms.rooms, name="rooms"),
    path("<str:code>/rooms/list/", rooms.room_list, name="room_list"),
    path("<str:code>/rooms/files/<str:name>", rooms.rooms_file, name="rooms_file"),
    path("<str:code>/rooms/<str:key>/", rooms.room, name="room"),
    path("<str:code>/rooms/<str:key>/paper/", rooms.paper, name="paper"),
    path("<str:code>/rooms/<str:key>/paper/take-back/", rooms.take_back, name="take_back"),
    path("<str:code>/results/", publications.publications, name="publications"),
    path("<str:code>/results/prepare/", publications.prepare, name="prepare"),
    path("<str:code>/results/<str:number>/", publications.preview, name="publication"),
    path("<str:code>/results/<str:number>/publish/", publications.publish, name="publish"),
    path("<str:code>/results/<str:number>/wait-no-more/", publications.lift, name="lift_embargo"),
    path(
        "<str:code>/results/<str:number>/withdraw/", publications.withdraw, name="withdraw_results"
    ),
    path("<str:code>/telling/", telling.telling, name="telling"),
    path("<str:code>/telling/send/", telling.send_telling, name="send_telling"),
    path("<str:code>/telling/in-person/", telling.told_in_person, name="told_in_person"),
    path("<str:code>/files/", file_tasks.imports, name="imports"),
    path("<str:code>/files/forms/", file_tasks.compare_forms, name="compare_forms"),
    path("<str:code>/files/messages/", file_tasks.messages_to_read, name="messages_to_read"),
    path("<str:code>/files/registrations/", file_tasks.merges, name="merges"),
]
