"""Invitations: who is asked, what is put into the outbox, and what they answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.actions.people import NotAllowed
from hiwar.accounts.models import User
from hiwar.common import dates
from hiwar.common.actions import audit
from hiwar.common.links import actions as links
from hiwar.common.links.purposes import address
from hiwar.common.links.queries import PLACEHOLDER, token_of
from hiwar.common.mailings import Portion, begin_mailing
from hiwar.common.post import Attachment, Batch, Draft, Purpose, post
from hiwar.common.refusals import Refused
from hiwar.events import rules
from hiwar.events.actions.events import OVER
from hiwar.events.models import Event, Invitation, InvitationMessage
from hiwar.events.models.invitations import make_code
from hiwar.events.queries.invitations import (
    BY_LINK,
    COMING,
    last_day_of_links,
    links_of,
    owed_letters,
    taken_places,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from hiwar.contacts.models import Segment
    from hiwar.events.queries.invitation_selection import Proposal

S = Invitation.State
ANSWERS = frozenset([S.ACCEPTED, S.TENTATIVE, S.DECLINED, S.DELEGATED])
OPEN = frozenset([S.SAVE_THE_DATE, S.INVITED])
MOST_INVITED = 2000
MAILING = "events.invitations"


PURPOSES = (
    Purpose(
        "events.invitation",
        pgettext_lazy("purpose", "invitation"),
        is_bulk=True,
        consent="invitation",
    ),
    Purpose("events.news", pgettext_lazy("purpose", "news of an event")),
    Purpose(
        "events.thanks", pgettext_lazy("purpose", "thanks"), is_bulk=True, consent="invitation"
    ),
)
# Who was invited is told what changes, whatever they agreed to since.
PURPOSE_OF = {
    InvitationMessage.Kind.INVITATION: "events.invitation",
    InvitationMessage.Kind.CHANGE: "events.news",
    InvitationMessage.Kind.CANCELLATION: "events.news",
    InvitationMessage.Kind.REMINDER: "events.news",
    InvitationMessage.Kind.THANKS: "events.thanks",
}


@dataclass(frozen=True, slots=True)
class Letter:
    """What an invitee is written: a subject, a text, and what goes into a calendar."""

    subject: str
    body: str
    calendar: str = ""


Compose = Callable[[Invitation, str], Letter]


class NotPublished(Refused):
    """Nobody is invited before the event is published."""

    code = "not_published"
    message = _("Publish the event first: invitees are told its rule and its safety note.")


class InvitedAlready(Refused):
    """One person or post is invited once."""

    code = "invited_already"
    message = _("This person or post is on the list already.")


class NobodyNamed(Refused):
    """An invitation goes to somebody."""

    code = "nobody_named"
    message = _("Name a person, a post or an organisation.")


class TooManyInvited(Refused):
    """A segment is too large to be invited at once."""

    code = "too_many_invited"
    message = _("At most 2,000 can be put on the list at once. Choose a smaller segment.")


class AnswersClosed(Refused):
    """What is over or called off takes no answers."""

    code = "answers_closed"
    message = _("This event no longer takes answers.")


class AskTheHost(Refused):
    """After the day of answer, a no becomes a yes only through the host."""

    code = "ask_the_host"
    message = _("The day for answers has passed. Please write or telephone: a place may be free.")


class NameTheDelegate(Refused):
    """Who sends somebody says whom."""

    code = "name_the_delegate"
    message = _("Write the name of the person who comes instead.")


class NeedsTooEarly(Refused):
    """Needs are asked of those who come, and of nobody else."""

    code = "needs_too_early"
    message = _("Needs are asked once you have said that you come.")


@transaction.atomic
def add_invitation(*, actor: User, event: Event, now: datetime, **who: object) -> Invitation:
    """Put somebody on the list; ``who`` are attributes such as person, post, name, email.

    Raises ``NotAllowed``, ``NobodyNamed``, ``InvitedAlready`` and ``ValidationError``.
    """
    _need_runner(actor, event)
    if not any(who.get(name) for name in ("person", "post", "organisation", "name")):
        raise NobodyNamed
    invitation = Invitation(event=event, code=make_code(), added_at=now, **who)
    invitation.clean_fields(exclude=["private_link"])
    invitation.private_link, _token = links.make_link(
        purpose=BY_LINK, now=now, ends_on=last_day_of_links(event), is_sealed=True
    )
    try:
        with transaction.atomic():
            invitation.save()
    except IntegrityError as error:
        raise InvitedAlready from error
    audit(actor, "events.invitation.add", event, at=now)
    return invitation


@transaction.atomic
def invite_segment(
    *, actor: User, event: Event, segment: Segment, proposal: Proposal, now: datetime
) -> int:
    """Put everybody of a proposal on the list; return how many. Nothing is sent.

    Raises ``NotAllowed`` and ``TooManyInvited``.
    """
    _need_runner(actor, event)
    if proposal.count > MOST_INVITED:
        raise TooManyInvited
    values: dict[str, object] = {"event": event, "added_at": now}
    invitations = [
        Invitation(
            person=person, email=email, language=_language(person.language), sex=person.sex,
            code=make_code(), **values,
        )
        for person, email in proposal.people
    ]  # fmt: skip
    invitations += [
        Invitation(organisation=body, code=make_code(), **values) for body in proposal.organisations
    ]
    private_links = links.make_links(
        purpose=BY_LINK, count=len(invitations), now=now, ends_on=last_day_of_links(event)
    )
    for invitation, link in zip(invitations, private_links, strict=True):
        invitation.private_link = link
    try:
        with transaction.atomic():
            Invitation.objects.bulk_create(invitations)
    except IntegrityError as error:
        raise InvitedAlready from error
    changed = {"segment": ["", segment], "count": [0, len(invitations)]}
    audit(actor, "events.invitation.invite_segment", event, at=now, changed=changed)
    return len(invitations)


@transaction.atomic
def send_invitations(*, actor: User, event: Event, now: datetime) -> list[InvitationMessage]:
    """Put an invitation into the outbox for everybody on the list who has none of this version.

    Nothing is sent here. Of very many the first are returned, and a job writes the others. Raises
    ``NotAllowed`` and ``NotPublished``.
    """
    _need_runner(actor, event)
    if event.published_at is None:
        raise NotPublished
    waiting = event.invitations.filter(is_withdrawn=False, sent_sequence__lt=event.sequence)
    count = waiting.count()
    unreached = waiting.filter(email="").count()
    batch = Batch(
        uuid4(),
        gettext("Invitations: %(title)s") % {"title": str(event.title)},
        actor.pk,
        {gettext("no e-mail address: by letter or telephone"): unreached} if unreached else {},
    )
    begin_mailing(MAILING, event.pk, batch, now=now)
    if count and event.state == Event.State.READY:
        event.state = Event.State.INVITED
        event.save(update_fields=["state"])
    audit(actor, "events.invitation.send", event, at=now, changed={"count": count})
    sent = InvitationMessage.objects.filter(batch=batch.key).select_related("invitation")
    return list(sent.order_by("invitation__added_at", "invitation__pk"))


@transaction.atomic
def write_portion(*, portion: Portion, compose: Compose) -> int:
    """Write a portion of the invitations of an event; return how many are left."""
    event = Event.objects.get(pk=portion.subject)
    actor = User.objects.get(pk=portion.batch.made_by)
    waiting = event.invitations.filter(is_withdrawn=False, sent_sequence__lt=event.sequence)
    for invitation in waiting.order_by("added_at", "pk")[: portion.most]:
        first = invitation.sent_sequence < 0
        kind = InvitationMessage.Kind.INVITATION if first else InvitationMessage.Kind.CHANGE
        if event.state == Event.State.CANCELLED:
            kind = InvitationMessage.Kind.CANCELLATION
        _put(invitation, kind, compose, portion.at, actor=actor, batch=portion.batch)
        invitation.sent_sequence = event.sequence
        if invitation.state in (S.DRAFT, S.SAVE_THE_DATE):
            invitation.state, invitation.invited_at = S.INVITED, portion.at
        invitation.save(update_fields=["sent_sequence", "state", "invited_at"])
    return waiting.count()


@transaction.atomic
def reply(  # noqa: PLR0913 - what an answer says, and how it came
    *,
    invitation: Invitation,
    answer: str,
    channel: str,
    now: datetime,
    actor: User | None = None,
    delegated_to: str = "",
    plus_one: str = "",
    may_contact: bool | None = None,
    stamp: datetime | None = None,
) -> Invitation:
    """Write down an answer: of the invitee by their link, or of staff with the channel.

    Where no place is left, a yes goes to the waiting list. Raises ``NotAllowed``,
    ``AnswersClosed``, ``AskTheHost`` and ``NameTheDelegate``.
    """
    event = Event.objects.select_for_update().get(pk=invitation.event_id)
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    _refuse_answer(invitation, event, answer, actor, now)
    if answer == S.DELEGATED and not delegated_to.strip():
        raise NameTheDelegate
    companion = plus_one.strip() if event.allows_plus_one and answer in COMING else ""
    state = S(answer)
    needed = 1 + bool(companion)
    if answer in COMING and event.capacity is not None:
        taken = taken_places(event, without=invitation)
        state = S.WAITLISTED if taken + needed > event.capacity else state
    invitation.state = state
    invitation.delegated_to = delegated_to.strip() if answer == S.DELEGATED else ""
    invitation.plus_one = companion
    invitation.channel, invitation.replied_at = channel, now
    invitation.answer_stamp = stamp or now
    if answer not in COMING:
        invitation.needs = ""
    if may_contact is not None:
        invitation.may_contact = may_contact
    invitation.save()
    changed = {"state": state.value, "channel": channel}
    audit(actor, "events.invitation.reply", event, at=now, changed=changed)
    return invitation


@transaction.atomic
def tell_needs(*, invitation: Invitation, needs: str, now: datetime) -> Invitation:
    """Keep what somebody who comes needs, until the event is over; raises ``NeedsTooEarly``."""
    if invitation.state not in COMING or invitation.event.ends_at < now:
        raise NeedsTooEarly
    invitation.needs = needs.strip()
    invitation.save(update_fields=["needs"])
    return invitation


@transaction.atomic
def give_place(*, actor: User, invitation: Invitation, compose: Compose, now: datetime) -> None:
    """Give somebody on the waiting list a place and tell them; raises ``NotAllowed``."""
    _need_runner(actor, invitation.event)
    if invitation.state != S.WAITLISTED:
        return
    invitation.state = S.DELEGATED if invitation.delegated_to else S.ACCEPTED
    invitation.save(update_fields=["state"])
    _put(invitation, InvitationMessage.Kind.CHANGE, compose, now, actor=actor)
    changed = {"state": invitation.state}
    audit(actor, "events.invitation.reply", invitation.event, at=now, changed=changed)


@transaction.atomic
def withdraw_invitation(*, actor: User, invitation: Invitation, now: datetime) -> Invitation:
    """Take an invitation back; its link no longer opens. Raises ``NotAllowed``."""
    _need_runner(actor, invitation.event)
    invitation.is_withdrawn = True
    invitation.save(update_fields=["is_withdrawn"])
    links.withdraw_links(links=links_of(invitation.event, invitation), now=now)
    audit(actor, "events.invitation.withdraw", invitation.event, at=now)
    return invitation


@transaction.atomic
def remind(*, compose: Compose, now: datetime) -> int:
    """Put one reminder before and one letter of thanks after into the outbox; return how many.

    Safe to run twice: each invitee has one of each.
    """
    before, after = owed_letters(now)
    return _write_to(before, "reminded_at", InvitationMessage.Kind.REMINDER, compose, now) + (
        _write_to(after, "thanked_at", InvitationMessage.Kind.THANKS, compose, now)
    )


@transaction.atomic
def forget_needs(*, now: datetime) -> int:
    """Delete what invitees needed at events that are over; return how many there were."""
    past = Invitation.objects.filter(event__ends_at__lt=now).exclude(needs="")
    events = list(Event.objects.filter(pk__in=past.values("event_id")).order_by("pk"))
    count = past.update(needs="")
    for event in events:
        audit(None, "events.event.forget_needs", event, at=now)
    return count


@transaction.atomic
def forget_links(*, now: datetime) -> int:
    """Forget the addresses of events that are over: no letter has to carry them any more.

    Who has an address can go on opening it until its last day. Returns how many were forgotten.
    """
    return links.forget_tokens(links=links_of(Event.objects.filter(ends_at__lt=now)))


def _write_to(
    invitations: Iterable[Invitation], mark: str, kind: str, compose: Compose, now: datetime
) -> int:
    count = 0
    for invitation in list(invitations):
        setattr(invitation, mark, now)
        invitation.save(update_fields=[mark])
        _put(invitation, kind, compose, now)
        count += 1
    return count


def _put(
    invitation: Invitation,
    kind: str,
    compose: Compose,
    now: datetime,
    *,
    actor: User | None = None,
    batch: Batch | None = None,
) -> InvitationMessage:
    """Keep what is written to one invitee, and hand it in where there is an address."""
    letter = compose(invitation, kind)
    message = InvitationMessage.objects.create(
        invitation=invitation,
        kind=kind,
        sequence=invitation.event.sequence,
        address=invitation.email,
        subject=letter.subject,
        body=letter.body,
        calendar=letter.calendar,
        batch=batch.key if batch else None,
        made_at=now,
    )
    if invitation.email:
        post(_draft(message, batch, actor), at=now)
    return message


def _draft(message: InvitationMessage, batch: Batch | None, actor: User | None) -> Draft:
    invitation, event = message.invitation, message.invitation.event
    token = token_of(invitation.private_link)
    is_off = message.kind == InvitationMessage.Kind.CANCELLATION
    calendar = Attachment(
        "invitation.ics",
        "text/calendar",
        message.calendar.encode(),
        "CANCEL" if is_off else "REQUEST",
    )
    is_over = message.kind == InvitationMessage.Kind.THANKS
    return Draft(
        key=message.pk,
        purpose=PURPOSE_OF[InvitationMessage.Kind(message.kind)],
        language=invitation.language or settings.LANGUAGE_CODE,
        recipient=invitation.email,
        subject=" ".join(message.subject.split()),
        text=message.body,
        secrets={PLACEHOLDER: address(BY_LINK, token)} if token else {},
        attachments=(calendar,) if message.calendar else (),
        person=invitation.person_id,
        actor=actor.pk if actor else None,
        batch=batch,
        expires_at=None if is_over else event.ends_at if is_off else event.starts_at,
    )


@transaction.atomic
def record_message_state(*, key: UUID, state: str, now: datetime) -> None:
    """Keep what became of a letter to an invitee, as the outbox tells it; safe to be told twice."""
    sent = {"sent_at": now} if state == "handed_over" else {}
    InvitationMessage.objects.filter(pk=key).update(state=state, **sent)


def _refuse_answer(
    invitation: Invitation, event: Event, answer: str, actor: User | None, now: datetime
) -> None:
    if actor is not None and not rules.can_run_event(actor, event):
        raise NotAllowed
    closed = event.state in OVER or event.state == Event.State.CANCELLED
    if answer not in ANSWERS or closed or invitation.is_withdrawn or event.ends_at < now:
        raise AnswersClosed
    is_late = event.reply_by is not None and dates.local_day(now) > event.reply_by
    if actor is None and is_late and invitation.state == S.DECLINED and answer != S.DECLINED:
        raise AskTheHost


def _language(code: str) -> str:
    """Return a language that letters of this installation are written in."""
    return code if code in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def _need_runner(actor: User, event: Event) -> None:
    if not rules.can_run_event(actor, event):
        raise NotAllowed
