"""How the activity log words what is done with events."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

VERBS = {
    "events.conclusion.state": _("said by which evidence a conclusion is stated"),
    "events.event.create": _("planned an event"),
    "events.event.change": _("changed an event"),
    "events.event.recompute": _("read an event's time with other zone data"),
    "events.event.publish": _("published an event"),
    "events.event.set_attribution": _("set the rule of attribution of an event"),
    "events.event.hold": _("closed an event as held"),
    "events.event.continue": _("planned the next event of a series"),
    "events.event.change_agenda": _("changed an agenda"),
    "events.event.change_rooms": _("changed the rooms of an event"),
    "events.event.set_role": _("gave a role at an event"),
    "events.event.prepare": _("ticked off a line of preparation"),
    "events.event.forget_needs": _("deleted the needs of invitees"),
    "events.event.import_archive": _("brought in an event of the archive"),
    "events.invitation.invite_segment": _("put a segment on a list of invitees"),
    "events.invitation.add": _("added somebody to a list of invitees"),
    "events.invitation.send": _("put invitations into the outbox"),
    "events.invitation.reply": _("wrote down an answer to an invitation"),
    "events.invitation.withdraw": _("withdrew an invitation"),
    "events.invitation.see": _("opened a list of invitees"),
    "events.attendance.add": _("checked somebody in"),
    "events.attendance.remove": _("took a check-in back"),
    "events.attendance.see": _("opened a list of a room"),
    "events.note.see_speakers": _("opened who said what"),
    "events.consent.record": _("recorded a speaker's consent"),
    "events.minutes.draft": _("drafted minutes"),
    "events.minutes.change": _("changed minutes"),
    "events.minutes.approve": _("approved minutes"),
    "events.minutes.publish": _("published minutes"),
    "events.minutes.open": _("opened minutes for staff"),
    "events.followup.add": _("wrote down an action"),
    "events.followup.finish": _("finished an action"),
    "events.attendance.export": _("took figures of attendance out as a file"),
    "events.calendarfeed.make": _("made a calendar address"),
    "events.calendarfeed.revoke": _("withdrew a calendar address"),
}
