"""What comes back about invitations: answers of calendar programs, and the fate of letters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from hiwar.common.post import Taken
from hiwar.common.refusals import Refused
from hiwar.events.actions import invitations as act
from hiwar.events.exports.calendar import method_of, read_replies, uid_of
from hiwar.events.models import Invitation

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from hiwar.common.post import Asked, Received
    from hiwar.events.exports.calendar import Reply

S = Invitation.State
ANSWERED = {"ACCEPTED": S.ACCEPTED, "TENTATIVE": S.TENTATIVE, "DECLINED": S.DECLINED}


def hear_message_state(key: UUID, state: str, _why: str, at: datetime) -> None:
    """Keep what became of a letter to an invitee."""
    act.record_message_state(key=key, state=state, now=at)


def refuses(asked: Sequence[Asked]) -> dict[UUID, str]:
    """Return why letters to invitees are not to leave: their invitations were withdrawn."""
    keys = [each.key for each in asked if each.purpose.code.startswith("events.")]
    if not keys:
        return {}
    standing = Invitation.objects.filter(messages__in=keys, is_withdrawn=False)
    may_leave = set(standing.values_list("messages", flat=True))
    return {key: _("the invitation was withdrawn") for key in keys if key not in may_leave}


def take_calendar_answer(received: Received) -> Taken | None:
    """Apply the answer of a calendar program (iTIP REPLY, RFC 5546) to its invitation.

    It must name our event and an invitee, and come from that invitee's address. An answer to an
    older version of the event is shown to a person and not applied; of two answers, the one that
    was written later counts, in whatever order they come.
    """
    try:
        method, replies = method_of(received.calendar), read_replies(received.calendar)
    except ValueError:
        return Taken(is_done=False, note=_("a calendar file that cannot be read"))
    if method == "COUNTER":
        return Taken(is_done=False, note=_("proposes another time"))
    if not replies:
        return None
    outcomes = [_apply(received, reply) for reply in replies]
    return next((taken for taken in outcomes if not taken.is_done), outcomes[0])


def _apply(received: Received, reply: Reply) -> Taken:
    invitation = _invitation(reply)
    doubt = _doubt(received, reply, invitation)
    if invitation is None or doubt:
        return Taken(is_done=False, note=doubt)
    known = invitation.answer_stamp
    stamp = reply.stamp or received.at
    if known is not None and stamp < known:
        return Taken(is_done=True, note=_("a later answer is known"))
    if known == stamp and invitation.state == ANSWERED[reply.answer]:
        return Taken(is_done=True)
    try:
        act.reply(
            invitation=invitation,
            answer=ANSWERED[reply.answer],
            channel=Invitation.Channel.MAIL,
            now=received.at,
            stamp=stamp,
        )
    except Refused as refused:
        return Taken(is_done=False, note=str(refused))
    return Taken(is_done=True)


def _doubt(received: Received, reply: Reply, invitation: Invitation | None) -> str:
    """Return why a person must look at an answer, or nothing."""
    if invitation is None:
        return _("answers an invitation that is not known")
    if received.sender.casefold() != reply.attendee.casefold():
        return _("comes from another address than the invitee's")
    if reply.answer not in ANSWERED:
        return _("an answer that is neither yes nor no")
    if reply.sequence < invitation.event.sequence:
        return _("answers an older version of the event")
    return ""


def _invitation(reply: Reply) -> Invitation | None:
    """Return the invitation a reply names by event and attendee."""
    listed = Invitation.objects.select_related("event").filter(
        email__iexact=reply.attendee, is_withdrawn=False
    )
    return next(
        (invitation for invitation in listed if uid_of(invitation.event) == reply.uid), None
    )
