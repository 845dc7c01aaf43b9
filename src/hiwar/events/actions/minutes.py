"""Minutes: drafted from notes, names removed, approved by another person, published."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.actions.people import NotAllowed
from hiwar.common.actions import audit
from hiwar.common.multilingual import MultilingualText
from hiwar.common.refusals import Refused
from hiwar.events import rules
from hiwar.events.actions.attribution import NotYetHeld
from hiwar.events.models import (
    Conclusion,
    Event,
    Minutes,
    Note,
    OpenQuestion,
    Paragraph,
)
from hiwar.events.queries.attribution import in_force, strictest
from hiwar.events.queries.names import NameForms, forms_of, names_in, without_names, written_names
from hiwar.evidence.queries.library import items_for

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from hiwar.accounts.models import User
    from hiwar.evidence.models import EvidenceItem

PUBLIC, INTERNAL = Minutes.Audience.PUBLIC, Minutes.Audience.INTERNAL
LISTED = {kind.value: kind for kind in Conclusion.Kind}


class AlreadyApproved(Refused):
    """What was approved is not drafted again."""

    code = "already_approved"
    message = _("These minutes are approved. They are not drafted again.")


class NotApproved(Refused):
    """Nothing is published that another person has not read."""

    code = "not_approved"
    message = _("Another person approves the minutes first.")


class NamesLeft(Refused):
    """The public version still holds the name of somebody who was there."""

    code = "names_left"
    message = _("A name of somebody who was there or was invited is still in the text.")


@transaction.atomic
def draft_minutes(*, actor: User, event: Event, now: datetime) -> tuple[Minutes, Minutes]:
    """Write both versions from the notes, and the three lists and open questions.

    A draft that is not approved is written anew. In the version for everybody each written form
    of a name of an attendee or invitee is gone, notes for staff and what was said off the record
    are left out. Raises ``NotAllowed``, ``NotYetHeld`` and ``AlreadyApproved``.
    """
    if not rules.can_run_event(actor, event):
        raise NotAllowed
    if event.starts_at > now:
        raise NotYetHeld
    if event.minutes.filter(approved_at__isnull=False).exists():
        raise AlreadyApproved
    event.minutes.all().delete()
    forms = forms_to_remove(event)
    internal = Minutes.objects.create(
        event=event, audience=INTERNAL, drafted_by=actor, drafted_at=now
    )
    public = Minutes.objects.create(event=event, audience=PUBLIC, drafted_by=actor, drafted_at=now)
    notes = event.notes.select_related("item").order_by("item__position", "written_at", "pk")
    rows = []
    for number, note in enumerate(notes, start=1):
        texts = {note.language: note.text}
        rows.append(Paragraph(minutes=internal, position=number, item=note.item, text=texts))
        if not _is_left_out(event, note):
            clean = {code: without_names(text, forms) for code, text in texts.items()}
            rows.append(Paragraph(minutes=public, position=number, item=note.item, text=clean))
    Paragraph.objects.bulk_create(rows)
    _write_lists(event, list(notes), forms)
    event.state = Event.State.NOTES_IN
    event.modified_at = now
    event.save(update_fields=["state", "modified_at"])
    audit(actor, "events.minutes.draft", event, at=now, changed={"paragraphs": len(rows)})
    return internal, public


@transaction.atomic
def write_paragraph(
    *, actor: User, paragraph: Paragraph, texts: Mapping[str, str], now: datetime
) -> Paragraph:
    """Reword or translate a paragraph; the languages stay one paragraph.

    Raises ``NotAllowed``, ``AlreadyApproved`` for a text that exists, and ``NamesLeft``.
    """
    minutes = paragraph.minutes
    if not rules.can_run_event(actor, minutes.event):
        raise NotAllowed
    if minutes.audience == INTERNAL and not rules.can_open_internal_minutes(actor, minutes.event):
        raise NotAllowed
    changes = {code: text for code, text in texts.items() if paragraph.text.get(code) != text}
    if minutes.approved_at and any(code in paragraph.text for code in changes):
        raise AlreadyApproved
    if minutes.audience == PUBLIC:
        _refuse_names(changes.values(), forms_to_remove(minutes.event))
    paragraph.text = paragraph.text.updated(changes)
    paragraph.save(update_fields=["text"])
    changed = {"paragraph": paragraph.position, "languages": sorted(changes)}
    audit(actor, "events.minutes.change", minutes.event, at=now, changed=changed)
    return paragraph


@transaction.atomic
def open_internal_minutes(*, actor: User, event: Event, now: datetime) -> Minutes | None:
    """Open the minutes for staff; every opening is in the log. Raises ``NotAllowed``."""
    if not rules.can_open_internal_minutes(actor, event):
        raise NotAllowed
    audit(actor, "events.minutes.open", event, at=now)
    return event.minutes.filter(audience=INTERNAL).first()


@transaction.atomic
def approve_minutes(*, actor: User, minutes: Minutes, now: datetime) -> Minutes:
    """Approve minutes that somebody else drafted; raises ``NotAllowed``."""
    if not rules.can_approve_minutes(actor, minutes):
        raise NotAllowed
    if minutes.approved_at is None:
        minutes.approved_by, minutes.approved_at = actor, now
        minutes.save(update_fields=["approved_by", "approved_at"])
        event = minutes.event
        event.state = Event.State.MINUTES_INTERNAL
        event.save(update_fields=["state"])
        audit(actor, "events.minutes.approve", event, at=now, changed={"for": minutes.audience})
    return minutes


@transaction.atomic
def publish_minutes(*, actor: User, minutes: Minutes, now: datetime) -> Minutes:
    """Publish the approved version for everybody.

    Raises ``NotAllowed``, ``NotApproved`` and ``NamesLeft``.
    """
    event = minutes.event
    if not rules.can_publish_event(actor, event) or minutes.audience != PUBLIC:
        raise NotAllowed
    if minutes.approved_at is None:
        raise NotApproved
    texts = [text for paragraph in minutes.paragraphs.all() for text in paragraph.text.values()]
    texts += [text for conclusion in event.conclusions.all() for text in conclusion.text.values()]
    texts += [text for question in event.questions.all() for text in question.text.values()]
    _refuse_names(texts, forms_to_remove(event))
    minutes.published_at = now
    minutes.save(update_fields=["published_at"])
    event.state = Event.State.MINUTES_PUBLIC
    event.save(update_fields=["state"])
    audit(actor, "events.minutes.publish", event, at=now)
    return minutes


def forms_to_remove(event: Event) -> NameForms:
    """Return the forms of names that no version for everybody holds.

    Only where every part of an event is public or on the record do names stay.
    """
    open_rules = (Event.Attribution.PUBLIC, Event.Attribution.ON_RECORD)
    if strictest(event) in open_rules and event.attribution:
        return forms_of([])
    return forms_of(written_names(event))


def _is_left_out(event: Event, note: Note) -> bool:
    off = in_force(event, note.item) == Event.Attribution.OFF_RECORD
    return off or note.kind == Note.Kind.INTERNAL


@transaction.atomic
def state_by_evidence(
    *, actor: User, conclusion: Conclusion, item: EvidenceItem | None, now: datetime
) -> None:
    """Say by which evidence a conclusion is stated, or by none. Raises ``NotAllowed``."""
    event, old = conclusion.event, conclusion.item
    items = items_for(actor)
    is_open = all(each is None or items.filter(pk=each.pk).exists() for each in (old, item))
    if not rules.can_run_event(actor, event) or not is_open:
        raise NotAllowed
    if item != old:
        conclusion.item = item
        conclusion.save(update_fields=["item"])
        changed = {"item": [old, item]}
        audit(actor, "events.conclusion.state", event, at=now, changed=changed)


def _write_lists(event: Event, notes: list[Note], forms: NameForms) -> None:
    """Write the lists anew; a conclusion with the words it had keeps its evidence."""
    stated = {
        (point.kind, str(dict(point.text))): point.item_id
        for point in event.conclusions.exclude(item=None)
    }
    event.conclusions.all().delete()
    event.questions.filter(carried_from=None, carried_to=None).delete()
    kept = [note for note in notes if not _is_left_out(event, note)]
    Conclusion.objects.bulk_create(
        Conclusion(
            event=event,
            kind=LISTED[note.kind],
            position=number,
            text=(text := _clean(note, forms)),
            item_id=stated.get((LISTED[note.kind].value, str(dict(text)))),
        )
        for number, note in enumerate(kept, start=1)
        if note.kind in LISTED
    )
    asked = [note for note in kept if note.kind == Note.Kind.QUESTION]
    there = {str(question.text) for question in event.questions.all()}
    OpenQuestion.objects.bulk_create(
        OpenQuestion(event=event, position=100 + number, text=text)
        for number, note in enumerate(asked, start=1)
        if str(text := _clean(note, forms)) not in there
    )


def _clean(note: Note, forms: NameForms) -> MultilingualText:
    return MultilingualText({note.language: without_names(note.text, forms)})


def _refuse_names(texts: Iterable[str], forms: NameForms) -> None:
    if any(names_in(text, forms) for text in texts):
        raise NamesLeft
