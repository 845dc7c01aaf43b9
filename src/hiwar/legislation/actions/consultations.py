"""Consultations opened and closed; comments taken, sorted, answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID, uuid4
from zoneinfo import available_timezones

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from hiwar.accounts.actions.people import NotAllowed
from hiwar.accounts.queries import is_readable_by
from hiwar.common.actions import audit
from hiwar.common.dates import local_day, start_of_day
from hiwar.common.links.actions import make_link
from hiwar.common.mailings import begin_mailing
from hiwar.common.models import Visibility
from hiwar.common.post import Batch
from hiwar.common.refusals import Refused
from hiwar.legislation import rules
from hiwar.legislation.actions.answer_letters import MAILING
from hiwar.legislation.models import Comment, Consultation
from hiwar.legislation.queries.consultations import (
    BY_LINK,
    letters_of,
    sealed_contact,
)
from hiwar.legislation.queries.sorting import suggested_kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime, time

    from hiwar.accounts.models import User
    from hiwar.common.models import ImportRun
    from hiwar.legislation.models import LawVersion

NEEDS_REASON = frozenset([Comment.Disposition.NOT_TAKEN_UP, Comment.Disposition.IN_PART])


class NotPublished(Refused):
    """Only a published version is open to comments."""

    code = "not_published"
    message = _("Publish this version first: everybody comments on what everybody can read.")


class UnknownZone(Refused):
    """A time without a known zone is no time."""

    code = "unknown_zone"
    message = _("This time zone is not known.")


class NotOpen(Refused):
    """The consultation is not open at this time."""

    code = "not_open"
    message = _("This consultation is not open. Nothing was saved.")


class AlreadyAnswered(Refused):
    """The consultation was closed as answered."""

    code = "already_answered"
    message = _("This consultation is answered. Its comments no longer change.")


class StillOpen(Refused):
    """Comments are still taken."""

    code = "still_open"
    message = _("Comments are still taken. It can be closed as answered after its end.")


class UnknownArticle(Refused):
    """The version has no such article."""

    code = "unknown_article"
    message = _("This version has no such article.")


class FutureDay(Refused):
    """A day that is still to come."""

    code = "future_day"
    message = _("A comment is entered when it has arrived: this day is still to come.")


class NoReason(Refused):
    """A reason is owed."""

    code = "no_reason"
    message = _("Say why, in a sentence: its author reads it.")


class NotAgreed(Refused):
    """The author did not agree to its publication."""

    code = "not_agreed"
    message = _("Its author did not agree that it is published.")


class Owed(Refused):
    """Comments without a disposition."""

    code = "owed"

    def __init__(self, count: int) -> None:
        self.count = count
        super().__init__()

    def __str__(self) -> str:
        return ngettext(
            "%(count)s comment has no answer yet: taken up, in part, not taken up or out of scope.",
            "%(count)s comments have no answer yet: taken up, in part, not taken up or out of"
            " scope.",
            self.count,
        ) % {"count": self.count}


@dataclass(frozen=True, slots=True)
class ConsultationFacts:
    """When a consultation opens and closes on the clock of a zone, and what it is about."""

    opens_on: date
    opens: time
    closes_on: date
    closes: time
    time_zone: str
    intro: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody said about a draft; ``eid`` is empty for all of it.

    ``contact`` is an e-mail address for the answer. ``kind`` is what a list suggests, if it does.
    """

    text: str
    language: str
    submitter: str
    eid: str = ""
    name: str = ""
    organisation: str = ""
    contact: str = ""
    may_publish: bool = False
    may_name: bool = False
    stance: str = ""
    channel: str = Comment.Channel.WEB
    received_on: date | None = None
    reference: str = ""
    kind: str = ""


@transaction.atomic
def open_consultation(
    *, actor: User, version: LawVersion, facts: ConsultationFacts, now: datetime
) -> Consultation:
    """Open a published version to comments between two times.

    Raises ``NotAllowed``, ``NotPublished``, ``UnknownZone`` and ``ValidationError``.
    """
    law = version.law
    if not (rules.can_publish_law(actor, law) and is_readable_by(actor, version)):
        raise NotAllowed
    if version.visibility != Visibility.PUBLIC:
        raise NotPublished
    if facts.time_zone not in available_timezones():
        raise UnknownZone
    consultation = Consultation(
        law=law, version=version, intro=facts.intro, opens_on=facts.opens_on, opens=facts.opens,
        closes_on=facts.closes_on, closes=facts.closes, time_zone=facts.time_zone,
        created_by=actor, created_at=now,
    )  # fmt: skip
    consultation.full_clean(exclude=["answered_by"])
    consultation.save()
    audit(actor, "legislation.consultation.open", law, at=now, changed={
        "closes": ["", f"{facts.closes_on} {facts.closes:%H:%M} {facts.time_zone}"],
    })  # fmt: skip
    return consultation


@transaction.atomic
def move_end(
    *, actor: User, consultation: Consultation, closes_on: date, closes: time, now: datetime
) -> None:
    """Let a consultation end at another time. Raises ``NotAllowed``, ``AlreadyAnswered``."""
    locked = _locked(consultation)
    if not rules.can_publish_law(actor, locked.law):
        raise NotAllowed
    if locked.answered_at is not None:
        raise AlreadyAnswered
    before = f"{locked.closes_on} {locked.closes:%H:%M}"
    locked.closes_on, locked.closes = closes_on, closes
    locked.full_clean(exclude=["answered_by"])
    locked.save(update_fields=["closes_on", "closes"])
    audit(actor, "legislation.consultation.move_end", locked.law, at=now, changed={
        "closes": [before, f"{closes_on} {closes:%H:%M}"],
    })  # fmt: skip


@transaction.atomic
def take_comment(
    *, consultation: Consultation, said: Said, key: UUID, now: datetime
) -> tuple[Comment, str]:
    """Take a comment of a stranger, by web or mail; return it with the token of its private link.

    ``key`` was given out with the form: sent twice, it is one comment, and the token of the second
    is empty. The comment keeps its day; neither its link nor the log tells the hour, by which a
    camera or a log of addresses would tell who wrote. A mail after the end is taken as late. Raises
    ``NotOpen``, ``UnknownArticle`` and ``ValidationError``.
    """
    locked = _locked(consultation)
    takes = {"open", "closed"} if said.channel == Comment.Channel.EMAIL else {"open"}
    if locked.state(now) not in takes or locked.version.visibility != Visibility.PUBLIC:
        raise NotOpen
    if (there := Comment.objects.filter(pk=key).first()) is not None:
        if there.consultation_id == locked.pk:
            return there, ""
        key = uuid4()  # a form that was sent again to another consultation
    day = start_of_day(now)
    link, token = make_link(purpose=BY_LINK, now=day, is_sealed=bool(said.contact))
    comment = _new(locked, said, key, local_day(now))
    comment.link = link
    _save_next(comment, locked)
    return comment, token


@transaction.atomic
def enter_comment(*, actor: User, consultation: Consultation, said: Said, now: datetime) -> Comment:
    """Enter what came by mail, on paper or in a session; what came after the end is marked late.

    Raises ``NotAllowed``, ``AlreadyAnswered``, ``FutureDay``, ``UnknownArticle`` and
    ``ValidationError``.
    """
    locked = _locked(consultation)
    _need_editor(actor, locked)
    if said.received_on is None or said.received_on > local_day(now):
        raise FutureDay
    comment = _new(locked, said, uuid4(), said.received_on)
    comment.entered_by = actor
    if said.contact:
        comment.link, _token = make_link(purpose=BY_LINK, now=now, is_sealed=True)
    _save_next(comment, locked)
    audit(actor, "legislation.comment.enter", locked.law, at=now, changed={
        "comment": ["", str(comment.pk)],
    })  # fmt: skip
    return comment


@transaction.atomic
def enter_list(
    *, actor: User, consultation: Consultation, said: Sequence[Said], run: ImportRun | None,
    now: datetime,
) -> list[Comment]:  # fmt: skip
    """Enter the comments of a list, in its order. Raises as ``enter_comment`` does."""
    locked = _locked(consultation)
    _need_editor(actor, locked)
    first = _last_number(locked) + 1
    eids = set(locked.version.provisions.values_list("eid", flat=True))
    comments = []
    for number, each in enumerate(said, first):
        if each.received_on is None or each.received_on > local_day(now):
            raise FutureDay
        comment = _new(locked, each, uuid4(), each.received_on, eids)
        comment.entered_by, comment.import_run, comment.number = actor, run, number
        comments.append(comment)
    Comment.objects.bulk_create(comments, batch_size=500)
    audit(actor, "legislation.comment.import", locked.law, at=now, changed={
        "comments": [0, len(comments)],
    })  # fmt: skip
    return comments


@transaction.atomic
def sort_comment(
    *, actor: User, comment: Comment, kind: str, stance: str, reason: str, now: datetime
) -> None:
    """Say whether a comment is about substance or drafting; other than suggested needs a reason.

    Raises ``NotAllowed``, ``AlreadyAnswered``, ``NoReason`` and ``ValidationError``.
    """
    locked = _locked_comment(actor, comment)
    if kind != locked.suggested_kind and not reason.strip():
        raise NoReason
    before = [locked.kind, locked.stance]
    locked.kind, locked.stance, locked.kind_reason = kind, stance, reason.strip()
    locked.full_clean(exclude=["entered_by", "suggested_reason"])
    locked.save(update_fields=["kind", "stance", "kind_reason"])
    audit(actor, "legislation.comment.sort", locked.consultation.law, at=now, changed={
        f"comment {locked.number}": [" ".join(before).strip(), f"{kind} {stance}".strip()],
    })  # fmt: skip


@transaction.atomic
def accept_suggestions(*, actor: User, consultation: Consultation, now: datetime) -> int:
    """Take the suggested kind for every comment that nobody sorted; return how many.

    Raises ``NotAllowed`` and ``AlreadyAnswered``.
    """
    locked = _locked(consultation)
    _need_editor(actor, locked)
    unsorted = Comment.objects.filter(consultation=locked, kind="")
    count = 0
    for kind in Comment.Kind.values:
        count += unsorted.filter(suggested_kind=kind).update(kind=kind)
    audit(actor, "legislation.comment.accept_suggestions", locked.law, at=now, changed={
        "comments": [0, count],
    })  # fmt: skip
    return count


@transaction.atomic
def dispose(
    *, actor: User, comment: Comment, disposition: str, reason: str, whole_letter: bool,
    now: datetime,
) -> int:  # fmt: skip
    """Say what becomes of a comment, or of all that are its letter; return how many these are.

    Raises ``NotAllowed``, ``AlreadyAnswered``, ``NoReason`` and ``ValidationError``.
    """
    locked = _locked_comment(actor, comment)
    if disposition in NEEDS_REASON and not reason.strip():
        raise NoReason
    locked.disposition, locked.disposition_reason = disposition, reason.strip()
    locked.full_clean(exclude=["entered_by", "suggested_reason", "kind", "stance"])
    keys = [locked.pk]
    if whole_letter:
        consultation = locked.consultation
        numbers = list(consultation.comments.values_list("number", flat=True).order_by("number"))
        letters = letters_of(consultation, numbers)
        keys = list(letters.members[letters.leaders[locked.pk]])
    Comment.objects.filter(pk__in=keys, consultation=locked.consultation_id).update(
        disposition=disposition, disposition_reason=locked.disposition_reason
    )
    audit(actor, "legislation.comment.dispose", locked.consultation.law, at=now, changed={
        f"comment {locked.number}": ["", disposition], "comments": [0, len(keys)],
    })  # fmt: skip
    return len(keys)


@transaction.atomic
def show_comments(
    *, actor: User, consultation: Consultation, comments: Iterable[Comment], is_shown: bool,
    now: datetime,
) -> int:  # fmt: skip
    """Let everybody read comments whose authors agreed, or no longer; return how many changed.

    Raises ``NotAllowed`` and, where one did not agree, ``NotAgreed``.
    """
    locked = _locked(consultation)
    if not rules.can_publish_law(actor, locked.law):
        raise NotAllowed
    chosen = Comment.objects.filter(
        pk__in=[comment.pk for comment in comments], consultation=locked
    )
    if is_shown and chosen.filter(may_publish=False).exists():
        raise NotAgreed
    count = chosen.exclude(is_published=is_shown).update(is_published=is_shown)
    audit(actor, "legislation.comment.show", locked.law, at=now, changed={
        "comments": [0, count], "shown": [not is_shown, is_shown],
    })  # fmt: skip
    return count


@transaction.atomic
def close_as_answered(*, actor: User, consultation: Consultation, now: datetime) -> int:
    """Close a consultation: every comment has its answer, and authors with an address are told.

    Return how many letters leave; with each its address is forgotten. Raises ``NotAllowed``,
    ``StillOpen``, ``AlreadyAnswered`` and ``Owed``.
    """
    locked = _locked(consultation)
    if not rules.can_publish_law(actor, locked.law):
        raise NotAllowed
    if locked.answered_at is not None:
        raise AlreadyAnswered
    if locked.state(now) != "closed":
        raise StillOpen
    owed = locked.comments.filter(disposition="").count()
    if owed:
        raise Owed(owed)
    locked.answered_at, locked.answered_by = now, actor
    locked.save(update_fields=["answered_at", "answered_by"])
    count = locked.comments.exclude(contact=b"").exclude(link=None).count()
    begin_mailing(MAILING, locked.pk, Batch(locked.pk, "", actor.pk), now=now)
    audit(actor, "legislation.consultation.answer", locked.law, at=now, changed={
        "letters": [0, count],
    })  # fmt: skip
    return count


def _locked(consultation: Consultation) -> Consultation:
    return (
        Consultation.objects.select_for_update(of=("self",))
        .select_related("law__dossier", "version")
        .get(pk=consultation.pk)
    )


def _locked_comment(actor: User, comment: Comment) -> Comment:
    consultation = _locked(Consultation(pk=comment.consultation_id))
    _need_editor(actor, consultation)
    locked = Comment.objects.select_for_update().get(pk=comment.pk)
    locked.consultation = consultation
    return locked


def _need_editor(actor: User, consultation: Consultation) -> None:
    if not (
        rules.can_edit_law(actor, consultation.law) and is_readable_by(actor, consultation.version)
    ):
        raise NotAllowed
    if consultation.answered_at is not None:
        raise AlreadyAnswered


def _new(
    consultation: Consultation, said: Said, key: UUID, received_on: date,
    eids: set[str] | None = None,
) -> Comment:  # fmt: skip
    if said.eid and not (
        said.eid in eids if eids is not None
        else consultation.version.provisions.filter(eid=said.eid).exists()
    ):  # fmt: skip
        raise UnknownArticle
    text = said.text.replace("\r\n", "\n").strip()
    kind, word = (said.kind, "") if said.kind else suggested_kind(text)
    known = dict(settings.LANGUAGES)
    comment = Comment(
        pk=key, consultation=consultation, number=1, reference=said.reference,
        channel=said.channel, eid=said.eid, text=text,
        language=said.language if said.language in known else settings.LANGUAGE_CODE,
        received_on=received_on, submitter=said.submitter, name=said.name.strip(),
        organisation=said.organisation.strip(), may_publish=said.may_publish,
        may_name=said.may_name and said.may_publish, contact=sealed_contact(said.contact, key),
        stance=said.stance, suggested_kind=kind, suggested_reason=word[:200],
    )  # fmt: skip
    comment.full_clean(
        exclude=["entered_by", "link", "import_run", "consultation"], validate_unique=False,
        validate_constraints=False,
    )  # fmt: skip
    return comment


def _last_number(consultation: Consultation) -> int:
    last: int | None = consultation.comments.aggregate(last=Max("number"))["last"]
    return last or 0


def _save_next(comment: Comment, consultation: Consultation) -> None:
    comment.number = _last_number(consultation) + 1
    comment.save(force_insert=True)
