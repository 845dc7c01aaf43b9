"""The addresses of the register."""

from __future__ import annotations

from django.urls import URLPattern, path

from hiwar.contacts.desk import bodies, log, network, people, register

desk: list[URLPattern] = [
    path("", people.list_people, name="people"),
    path("people/new/", people.new_person, name="new_person"),
    path("people/<str:key>/", people.person, name="person"),
    path("people/<str:key>/edit/", people.edit_person, name="edit_person"),
    path("people/<str:key>/names/", people.name_person, name="name_person"),
    path("people/<str:key>/names/<str:part>/", people.unname_person, name="unname_person"),
    path("people/<str:key>/consents/", people.consent, name="consent"),
    path("people/<str:key>/consents/<str:part>/", people.withdraw, name="withdraw"),
    path("people/<str:key>/relationships/", people.relate, name="relate"),
    path("people/<str:key>/relationships/<str:part>/", people.unrelate, name="unrelate"),
    path("people/<str:key>/posts/", people.person_post, name="person_post"),
    path("people/<str:key>/remove/", people.remove, name="remove_person"),
    path("people/<str:key>/restore/", people.restore, name="restore_person"),
    path("organisations/", bodies.list_organisations, name="organisations"),
    path("organisations/new/", bodies.new_organisation, name="new_organisation"),
    path("organisations/<str:key>/", bodies.organisation, name="organisation"),
    path("organisations/<str:key>/edit/", bodies.edit_organisation, name="edit_organisation"),
    path("organisations/<str:key>/remove/", bodies.remove_organisation, name="remove_organisation"),
    path(
        "organisations/<str:key>/restore/", bodies.restore_organisation, name="restore_organisation"
    ),
    path("organisations/<str:key>/members/", bodies.join, name="join"),
    path("organisations/<str:key>/members/<str:part>/", bodies.leave, name="leave"),
    path("organisations/<str:key>/posts/", bodies.new_post, name="new_post"),
    path("posts/<str:key>/", bodies.post, name="post"),
    path("posts/<str:key>/edit/", bodies.edit_post, name="edit_post"),
    path("posts/<str:key>/hold/", bodies.hold, name="hold"),
    path("posts/<str:key>/leave/<str:part>/", bodies.leave_post, name="leave_post"),
    path("posts/<str:key>/order/", bodies.order, name="order"),
    path("missions/", log.missions, name="missions"),
    path("log/", log.list_interactions, name="interactions"),
    path("log/new/", log.new_interaction, name="new_interaction"),
    path("log/<str:key>/", log.interaction, name="interaction"),
    path("log/<str:key>/remove/", log.remove_interaction, name="remove_interaction"),
    path("log/<str:key>/restore/", log.restore_interaction, name="restore_interaction"),
    path("log/<str:key>/promises/", log.promise, name="promise"),
    path("promises/<str:key>/", log.settle, name="settle"),
    path("of/<str:kind>/<str:key>/notes/", log.note, name="note"),
    path("of/<str:kind>/<str:key>/notes/<str:part>/", log.remove_note, name="remove_note"),
    path("of/<str:kind>/<str:key>/points/", log.point, name="point"),
    path("of/<str:kind>/<str:key>/points/<str:part>/", log.remove_point, name="remove_point"),
    path("of/<str:kind>/<str:key>/readers/", log.visibility, name="visibility"),
    path("of/<str:kind>/<str:key>/network/", network.network, name="network"),
    path("network/", network.networks, name="networks"),
    path("duplicates/", register.duplicates, name="duplicates"),
    path("duplicates/<str:key>/", register.pair, name="pair"),
    path("merges/<str:key>/undo/", register.undo_merge, name="undo_merge"),
    path("files/", register.files, name="files"),
    path("files/<str:key>/", register.file, name="file"),
    path("files/<str:key>/confirm/", register.confirm_file, name="confirm_file"),
    path("files/<str:key>/discard/", register.discard_file, name="discard_file"),
    path("files/<str:key>/undo/", register.undo_file, name="undo_file"),
    path("export/", register.export, name="export"),
]
