"""Contacts with people and bodies, what was promised in them, and notes."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.actions.people import NotAllowed
from hiwar.common.actions import audit
from hiwar.common.dates import local_day
from hiwar.common.models import Visibility
from hiwar.common.refusals import Refused
from hiwar.common.search.indexing import index_record
from hiwar.contacts import rules
from hiwar.contacts.actions.people import check_may_edit
from hiwar.contacts.models import Interaction, Note, Organisation, Person, Post, Promise
from hiwar.contacts.queries.search_documents import INTERACTION, document_of
from hiwar.contacts.queries.vocabularies import codes

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from hiwar.accounts.models import User


class About(TypedDict, total=False):
    """What a contact was about, with whom, and who may read of it."""

    text: str
    post: Post | None
    organisation: Organisation | None
    people: Sequence[Person]
    visibility: str
    readers: Iterable[User]


class NobodyThere(Refused):
    """A contact is with somebody: a person, a post or an organisation."""

    code = "nobody_there"
    message = _("Say with whom: a person, a post or an organisation.")


class NotYet(Refused):
    """A contact that is written down has happened."""

    code = "not_yet"
    message = _("This day has not come yet.")


@transaction.atomic
def record_interaction(
    *,
    actor: User | None,
    kind: str,
    happened_on: date,
    subject: str,
    now: datetime,
    **about: Unpack[About],
) -> Interaction:
    """Write down a contact; with a post it belongs to the post, whoever holds it later.

    Raises ``NotAllowed``, ``NobodyThere``, ``NotYet`` and ``ValidationError``.
    """
    check_may_edit(actor)
    post, people = about.get("post"), about.get("people", ())
    body = post.organisation if post is not None else about.get("organisation")
    visibility = about.get("visibility", Visibility.INSTITUTION)
    for record in (*people, post, body):
        if record is not None:
            check_may_edit(actor, record)
    if body is None and not people:
        raise NobodyThere
    if happened_on > local_day(now):
        raise NotYet
    is_mission = body is not None and body.kind in codes("mission_kinds")
    if actor is not None and is_mission and not rules.can_see_mission(actor):
        raise NotAllowed
    interaction = Interaction(
        kind=kind,
        happened_on=happened_on,
        subject=subject,
        text=about.get("text", ""),
        post=post,
        organisation=body,
        visibility=visibility,
        owner=actor,
        made_at=now,
    )
    interaction.full_clean()
    interaction.save()
    interaction.people.set(people)
    readers = about.get("readers", ())
    interaction.readers.set(
        {*readers, *([actor] if actor and visibility == Visibility.TEAM else [])}
    )
    index_record(INTERACTION, document_of(interaction))
    audit(actor, "contacts.interaction.record", interaction, at=now)
    return interaction


@transaction.atomic
def remove_interaction(*, actor: User | None, interaction: Interaction, now: datetime) -> None:
    """Take a contact out of the log; it can be put back."""
    check_may_edit(actor, interaction)
    interaction.removed_at = now
    interaction.save(update_fields=["removed_at"])
    audit(actor, "contacts.interaction.remove", interaction, at=now)


@transaction.atomic
def restore_interaction(*, actor: User | None, interaction: Interaction, now: datetime) -> None:
    """Put a contact back into the log."""
    check_may_edit(actor, interaction)
    interaction.removed_at = None
    interaction.save(update_fields=["removed_at"])
    audit(actor, "contacts.interaction.restore", interaction, at=now)


@transaction.atomic
def add_promise(
    *,
    actor: User | None,
    interaction: Interaction,
    text: str,
    now: datetime,
    due_on: date | None = None,
    is_ours: bool = False,
) -> Promise:
    """Write down what was promised in a contact. Raises ``NotAllowed`` and ``ValidationError``."""
    check_may_edit(actor, interaction)
    promise = Promise(interaction=interaction, text=text, due_on=due_on, is_ours=is_ours)
    promise.full_clean()
    promise.save()
    audit(actor, "contacts.promise.add", interaction, at=now)
    return promise


@transaction.atomic
def settle_promise(
    *, actor: User | None, promise: Promise, state: str, on: date, now: datetime, note: str = ""
) -> Promise:
    """Say what became of a promise, or that it is open again.

    Raises ``NotAllowed`` and ``ValidationError``.
    """
    check_may_edit(actor, promise.interaction)
    promise.state, promise.note = state, note
    promise.settled_on = None if state == Promise.State.OPEN else on
    promise.full_clean()
    promise.save()
    audit(actor, "contacts.promise.settle", promise.interaction, at=now)
    return promise


@transaction.atomic
def write_note(
    *,
    actor: User | None,
    subject: Person | Organisation | Post,
    text: str,
    now: datetime,
    visibility: str = Visibility.INSTITUTION,
    readers: Iterable[User] = (),
) -> Note:
    """Note something about a person, an organisation or a post, for whom it is meant.

    Raises ``NotAllowed`` and ``ValidationError``.
    """
    check_may_edit(actor, subject)
    note = Note(text=text, visibility=visibility, owner=actor, written_at=now)
    setattr(note, str(subject._meta.model_name), subject)
    note.full_clean()
    note.save()
    note.readers.set({*readers, *([actor] if actor and visibility == Visibility.TEAM else [])})
    audit(actor, "contacts.note.write", subject, at=now)
    return note


@transaction.atomic
def remove_note(*, actor: User | None, note: Note, now: datetime) -> None:
    """Take a note away for good. Raises ``NotAllowed``."""
    check_may_edit(actor, note)
    subject = note.person or note.organisation or note.post
    if subject is not None:
        audit(actor, "contacts.note.remove", subject, at=now)
    note.delete()
