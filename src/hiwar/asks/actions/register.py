"""The register of meetings: opened by kind, entries prepared, told, published, put right.

An entry is in words of its own. What the contact log says is never copied into it, and a change of
the contact changes no entry.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.actions.people import NotAllowed
from hiwar.asks import rules
from hiwar.asks.models import MeetingEntry, RegisterKind
from hiwar.asks.queries.positions import asks_for
from hiwar.asks.queries.register import (
    contacts_open_to,
    contacts_to_tell,
    entries_for,
    names_beside,
    open_from,
)
from hiwar.common import dates
from hiwar.common.actions import audit
from hiwar.common.refusals import Refused
from hiwar.common.search.folding import fold
from hiwar.contacts.models import Interaction

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import date, datetime

    from hiwar.accounts.models import User
    from hiwar.asks.models import AskPoint

# So many words of one name make it that name: a single one may be any word.
NAMED = 2


class EntryPublished(Refused):
    """What everybody reads is corrected or withdrawn, and never changed."""

    code = "entry_published"
    message = _("This stands in the register: correct it or withdraw it.")


class NotPublished(Refused):
    """What nobody read yet is changed or thrown away, and not corrected."""

    code = "not_published"
    message = _("This does not stand in the register.")


class CorrectionPending(Refused):
    """One correction of an entry is prepared at a time."""

    code = "correction_pending"
    message = _("A correction of this is prepared already.")


class NotToldYet(Refused):
    """The other side reads it some working days before everybody does."""

    code = "not_told_yet"
    message = _(
        "The other side has to be told first, and to have had time to say that it is wrong."
    )


class ToldOnWrongDay(Refused):
    """They were told since the entry was prepared, and by today."""

    code = "told_on_wrong_day"
    message = _("Enter a day between the one on which this was written and today.")


class PersonNamed(Refused):
    """The register names posts, and no person."""

    code = "person_named"
    message = _("The register names posts. Take out the name of the person.")


class ReasonNeeded(Refused):
    """Everybody reads what is corrected, and why something is gone."""

    code = "reason_needed"
    message = _("Say in words for everybody what is corrected, or why it is withdrawn.")


class NotInRegister(Refused):
    """Only what the register is open for stands in it."""

    code = "not_in_register"
    message = _("The register is not open for this contact, or it stands there already.")


@dataclass(frozen=True, slots=True)
class Shown:
    """What everybody is to read of a contact; off the record only ``theme`` and the month."""

    theme: Mapping[str, str]
    precision: str = MeetingEntry.Precision.DAY
    is_off_record: bool = False
    manner: str = ""
    place: Mapping[str, str] = field(default_factory=dict)
    ours: Mapping[str, str] = field(default_factory=dict)
    point: AskPoint | None = None


@transaction.atomic
def open_register(*, actor: User, codes: Collection[str], now: datetime) -> None:
    """Open the register for these kinds of bodies and close it for all others.

    Raises ``NotAllowed``.
    """
    if not rules.can_publish_meetings(actor):
        raise NotAllowed
    kinds = {kind.code: kind for kind in RegisterKind.objects.select_for_update()}
    wanted = set(codes)
    for code in sorted(kinds.keys() - wanted):
        audit(actor, "asks.register.close", kinds[code], at=now, changed={"kind": [code, ""]})
        kinds[code].delete()
    for code in sorted(wanted - kinds.keys()):
        kind = RegisterKind.objects.create(code=code)
        audit(actor, "asks.register.open", kind, at=now, changed={"kind": ["", code]})


@transaction.atomic
def prepare_entry(
    *, actor: User, interaction: Interaction, shown: Shown, now: datetime
) -> MeetingEntry:
    """Write what everybody is to read of a contact; nobody reads it yet.

    Raises ``NotAllowed``, ``NotInRegister``, ``PersonNamed`` and ``ValidationError``.
    """
    if not rules.can_publish_meetings(actor):
        raise NotAllowed
    Interaction.objects.select_for_update().get(pk=interaction.pk)
    contact = contacts_to_tell(actor).filter(pk=interaction.pk).first()
    if contact is None or contact.organisation is None:
        raise NotInRegister
    entry = MeetingEntry(
        interaction=contact, category=contact.organisation.kind, prepared_by=actor, prepared_at=now
    )
    _write(entry, contact, shown, actor)
    audit(actor, "asks.register.prepare", entry, at=now)
    return entry


@transaction.atomic
def rewrite_entry(
    *,
    actor: User,
    entry: MeetingEntry,
    shown: Shown,
    now: datetime,
    correction: Mapping[str, str] | None = None,
) -> MeetingEntry:
    """Change what nobody read yet; who was told of other words has to be told again.

    Raises ``NotAllowed``, ``EntryPublished``, ``NotInRegister``, ``PersonNamed`` and
    ``ValidationError``.
    """
    locked = _locked(actor, entry)
    if locked.published_at is not None:
        raise EntryPublished
    locked.told_on, locked.told_how = None, ""
    if locked.corrects_id is not None:
        locked.correction = correction or locked.correction
    _write(locked, _contact_of(actor, locked), shown, actor)
    audit(actor, "asks.register.rewrite", locked, at=now)
    return locked


@transaction.atomic
def tell_other_side(
    *, actor: User, entry: MeetingEntry, on: date, how: str, now: datetime
) -> MeetingEntry:
    """Note on which day the other side was told what everybody will read.

    Raises ``NotAllowed``, ``EntryPublished`` and ``ToldOnWrongDay``.
    """
    locked = _locked(actor, entry)
    if locked.published_at is not None:
        raise EntryPublished
    if not dates.local_day(locked.prepared_at) <= on <= dates.local_day(now):
        raise ToldOnWrongDay
    locked.told_on, locked.told_how = on, how.strip()
    locked.save(update_fields=["told_on", "told_how"])
    audit(actor, "asks.register.tell", locked, at=now)
    return locked


@transaction.atomic
def publish_entry(*, actor: User, entry: MeetingEntry, now: datetime) -> MeetingEntry:
    """Let everybody read an entry; from now on its words stand.

    Raises ``NotAllowed``, ``EntryPublished``, ``NotInRegister``, ``NotToldYet`` and
    ``PersonNamed``.
    """
    locked = _locked(actor, entry)
    if locked.published_at is not None:
        raise EntryPublished
    contact = _contact_of(actor, locked)
    if not RegisterKind.objects.filter(code=locked.category).exists():
        raise NotInRegister
    first = open_from(locked)
    if first is None or dates.local_day(now) < first:
        raise NotToldYet
    _check_names(contact, [*locked.words, locked.correction])
    locked.published_by, locked.published_at = actor, now
    locked.save(update_fields=["published_by", "published_at"])
    audit(actor, "asks.register.publish", locked, at=now)
    return locked


@transaction.atomic
def correct_entry(
    *,
    actor: User,
    entry: MeetingEntry,
    shown: Shown,
    correction: Mapping[str, str],
    now: datetime,
) -> MeetingEntry:
    """Prepare a correction of what everybody reads; what stands there stays until it is published.

    Raises ``NotAllowed``, ``NotPublished``, ``CorrectionPending``, ``ReasonNeeded``,
    ``NotInRegister``, ``PersonNamed`` and ``ValidationError``.
    """
    locked = _locked(actor, entry)
    if locked.published_at is None or locked.withdrawn_at is not None:
        raise NotPublished
    if MeetingEntry.objects.filter(corrects=locked).exists():
        raise CorrectionPending
    if not any(correction.values()):
        raise ReasonNeeded
    new = MeetingEntry(
        interaction=locked.interaction, category=locked.category, corrects=locked,
        correction=correction, prepared_by=actor, prepared_at=now,
    )  # fmt: skip
    _write(new, _contact_of(actor, locked), shown, actor)
    audit(actor, "asks.register.correct", new, at=now)
    return new


@transaction.atomic
def withdraw_entry(
    *, actor: User, entry: MeetingEntry, because: Mapping[str, str], now: datetime
) -> MeetingEntry:
    """Take an entry out of what everybody reads, at once; that it stood there and why stays.

    Raises ``NotAllowed``, ``NotPublished``, ``ReasonNeeded``, ``PersonNamed`` and
    ``ValidationError``.
    """
    locked = _locked(actor, entry)
    if locked.published_at is None or locked.withdrawn_at is not None:
        raise NotPublished
    if not any(because.values()):
        raise ReasonNeeded
    for correction in MeetingEntry.objects.filter(corrects=locked):
        audit(actor, "asks.register.discard", correction, at=now)
        correction.delete()
    locked.withdrawn_by, locked.withdrawn_at = actor, now
    locked.withdrawn_because = because
    locked.full_clean()
    if locked.interaction is not None:
        _check_names(locked.interaction, [locked.withdrawn_because])
    locked.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawn_because"])
    audit(actor, "asks.register.withdraw", locked, at=now)
    return locked


@transaction.atomic
def discard_entry(*, actor: User, entry: MeetingEntry, now: datetime) -> None:
    """Throw away what nobody read yet. Raises ``NotAllowed`` and ``EntryPublished``."""
    locked = _locked(actor, entry)
    if locked.published_at is not None:
        raise EntryPublished
    audit(actor, "asks.register.discard", locked, at=now)
    locked.delete()


def _write(entry: MeetingEntry, contact: Interaction, shown: Shown, actor: User) -> None:
    """Fill in what everybody will read, with the names of post and body as they are today."""
    post, body = contact.post, contact.organisation
    if post is None or body is None:
        raise NotInRegister
    if shown.point is not None and not asks_for(actor).filter(pk=shown.point.ask_id).exists():
        raise NotAllowed
    is_open = not shown.is_off_record
    is_month = shown.is_off_record or shown.precision == MeetingEntry.Precision.MONTH
    entry.is_off_record, entry.theme = shown.is_off_record, shown.theme
    entry.precision = MeetingEntry.Precision.MONTH if is_month else MeetingEntry.Precision.DAY
    entry.on = contact.happened_on.replace(day=1) if is_month else contact.happened_on
    entry.post = post if is_open else None
    entry.post_name = post.title if is_open else {}
    entry.body_name = body.name if is_open else {}
    entry.manner = shown.manner if is_open else ""
    entry.place = shown.place if is_open else {}
    entry.ours = shown.ours if is_open else {}
    entry.point = shown.point if is_open else None
    entry.full_clean()
    _check_names(contact, [*entry.words, entry.correction])
    entry.search_text = fold(" ".join(text for words in entry.words for text in words.values()))
    entry.save()


def _check_names(contact: Interaction, texts: Iterable[Mapping[str, str]]) -> None:
    """Refuse words that name somebody of the contact or a holder of the post."""
    said = {word for text in texts for words in text.values() for word in fold(words).split()}
    for name in names_beside(contact):
        if len(set(fold(name).split()) & said) >= NAMED:
            raise PersonNamed


def _contact_of(actor: User, entry: MeetingEntry) -> Interaction:
    key = entry.interaction_id
    contact = contacts_open_to(actor).filter(pk=key).first() if key is not None else None
    if contact is None:
        raise NotInRegister
    return contact


def _locked(actor: User, entry: MeetingEntry) -> MeetingEntry:
    """Return an entry to write; raise ``NotAllowed`` for who may not read its contact."""
    if not rules.can_publish_meetings(actor):
        raise NotAllowed
    rows = MeetingEntry.objects.select_for_update(of=("self",))
    locked = rows.select_related("interaction").get(pk=entry.pk)
    if not entries_for(actor).filter(pk=locked.pk).exists():
        raise NotAllowed
    return locked
