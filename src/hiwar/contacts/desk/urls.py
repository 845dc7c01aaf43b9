"""The addresses of the register."""

from __future__ import annotations

from django.urls import URLPattern, path

from hiwar.contacts.desk import log, network, organisations, people, register, segments

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
    path("organisations/", organisations.list_organisations, name="organisations"),
    path("organisations/new/", organisations.new_organisation, name="new_organisation"),
    path("organisations/<str:key>/", organisations.organisation, name="organisation"),
    path(
        "organisations/<str:key>/edit/", organisations.edit_organisation, name="edit_organisation"
    ),
    path(
        "organisations/<str:key>/remove/",
        organisations.remove_organisation,
        name="remove_organisation",
    ),
    path(
        "organisations/<str:key>/restore/",
        organisations.restore_organisation,
        name="restore_organisation",
    ),
    path("organisations/<str:key>/members/", organisations.join, name="join"),
    path("organisations/<str:key>/members/<str:part>/", organisations.leave, name="leave"),
    path("organisations/<str:key>/posts/", organisations.new_post, name="new_post"),
    path("posts/<str:key>/", organisations.post, name="post"),
    path("posts/<str:key>/edit/", organisations.edit_post, name="edit_post"),
    path("posts/<str:key>/hold/", organisations.hold, name="hold"),
    path("posts/<str:key>/leave/<str:part>/", organisations.leave_post, name="leave_post"),
    path("posts/<str:key>/order/", organisations.order, name="order"),
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
    path("segments/", segments.list_segments, name="segments"),
    path("segments/new/", segments.new_segment, name="new_segment"),
    path("segments/put-in/", segments.put_in, name="put_into_segment"),
    path("segments/<str:key>/", segments.segment, name="segment"),
    path("segments/<str:key>/edit/", segments.edit_segment, name="edit_segment"),
    path("segments/<str:key>/readers/", segments.readers, name="segment_readers"),
    path("segments/<str:key>/conditions/<str:kind>/", segments.condition, name="condition"),
    path(
        "segments/<str:key>/without/<str:part>/", segments.remove_condition, name="remove_condition"
    ),
    path("segments/<str:key>/members/", segments.pick, name="pick"),
    path("segments/<str:key>/members/<str:part>/", segments.forget, name="forget_pick"),
    path("segments/<str:key>/together/<str:part>/", segments.forget_several, name="forget_several"),
    path("segments/<str:key>/export/", segments.export, name="export_segment"),
    path("segments/<str:key>/archive/", segments.archive, name="archive_segment"),
    path("segments/<str:key>/restore/", segments.restore, name="restore_segment"),
    path("duplicates/", register.duplicates, name="duplicates"),
    path("duplicates/<str:key>/", register.pair, name="pair"),
    path("merges/<str:key>/undo/", register.undo_merge, name="undo_merge"),
    path("export/", register.export, name="export"),
]
