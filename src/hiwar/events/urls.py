"""The addresses of events on the public site and at the desk."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from hiwar.accounts.urls import LANGUAGE
from hiwar.events.desk import attendance, console, events, invitations, minutes, programme
from hiwar.events.views import pages

public: list[URLPattern] = [
    path("e/<str:token>.ics", pages.invitation_file, name="invitation_file"),
    path("e/<str:token>", pages.invitation, name="invitation"),
    path("calendar/<str:token>.ics", pages.feed, name="feed"),
    re_path(rf"^(?P<language>{LANGUAGE})/events/(?P<code>[\w-]+)/$", pages.event, name="event"),
    re_path(
        rf"^(?P<language>{LANGUAGE})/events/(?P<code>[\w-]+)/minutes/$",
        pages.minutes,
        name="minutes",
    ),
]

desk: list[URLPattern] = [
    path("", events.list_events, name="list"),
    path("new/", events.new, name="new"),
    path("calendar/", invitations.feed, name="feed"),
    path("attendance/", attendance.attendance, name="attendance"),
    path("<str:code>/", events.event, name="event"),
    path("<str:code>/settings/", events.settings, name="settings"),
    path("<str:code>/rule/", events.set_rule, name="rule"),
    path("<str:code>/publish/", events.publish, name="publish"),
    path("<str:code>/cancel/", events.cancel, name="cancel"),
    path("<str:code>/hold/", events.hold, name="hold"),
    path("<str:code>/move/", events.move, name="move"),
    path("<str:code>/next/", events.next_event, name="next"),
    path("<str:code>/agenda/", programme.agenda, name="agenda"),
    path("<str:code>/agenda/print/", programme.print_agenda, name="print_agenda"),
    path("<str:code>/agenda/<str:key>/", programme.item, name="item"),
    path("<str:code>/rooms/", programme.rooms, name="rooms"),
    path("<str:code>/rooms/<str:key>/", programme.room, name="room"),
    path("<str:code>/roles/", programme.roles, name="roles"),
    path("<str:code>/prepare/<str:key>/", programme.prepare, name="prepare"),
    path("<str:code>/invitations/", invitations.invitations, name="invitations"),
    path("<str:code>/invitations/send/", invitations.send, name="send"),
    path("<str:code>/invitations/replies/", invitations.replies, name="replies"),
    path("<str:code>/invitations/segment/", invitations.invite_segment, name="invite_segment"),
    path("<str:code>/invitations/<str:key>/", invitations.invitation, name="invitation"),
    path("<str:code>/invitations/<str:key>/letter/", invitations.letter, name="letter"),
    path("<str:code>/invitations/<str:key>/calendar/", invitations.calendar_file, name="calendar"),
    path("<str:code>/day/", console.console, name="console"),
    path("<str:code>/day/now/", console.live, name="live"),
    path("<str:code>/day/speak/", console.speak, name="speak"),
    path("<str:code>/day/note/", console.note, name="note"),
    path("<str:code>/day/note/<str:key>/", console.settle_note, name="settle_note"),
    path("<str:code>/day/action/", console.follow_up, name="follow_up"),
    path("<str:code>/day/figures/", console.figures, name="figures"),
    path("<str:code>/day/<str:key>/", console.door, name="door"),
    path("<str:code>/minutes/", minutes.minutes, name="minutes"),
    path("<str:code>/minutes/draft/", minutes.draft, name="draft"),
    path("<str:code>/minutes/staff/", minutes.internal, name="internal"),
    path("<str:code>/minutes/print/", minutes.print_minutes, name="print_minutes"),
    path("<str:code>/minutes/publish/", minutes.publish, name="publish_minutes"),
    path("<str:code>/minutes/approve/<str:name>/", minutes.approve, name="approve"),
    path("<str:code>/minutes/<str:key>/", minutes.paragraph, name="paragraph"),
    path("<str:code>/conclusions/<str:key>/", minutes.conclusion, name="conclusion"),
]
