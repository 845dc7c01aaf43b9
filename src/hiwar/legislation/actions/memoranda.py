"""Memoranda written, fixed for signature, sent with the list that was seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.actions.people import NotAllowed
from hiwar.accounts.queries import institution_name
from hiwar.common import dates
from hiwar.common.actions import audit
from hiwar.common.numbering import LETTERS, take_number, written
from hiwar.common.refusals import Refused
from hiwar.legislation import rules
from hiwar.legislation.models import Law, Memorandum, MemorandumEdition
from hiwar.legislation.queries.memoranda import (
    CODE,
    annex_of,
    checksum_of,
    latest_edition,
    words_to_sign,
)
from hiwar.signatures.actions import signings
from hiwar.signatures.actions.letters import write_letters
from hiwar.signatures.actions.notices import tell_signatories
from hiwar.signatures.rules import can_collect

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from hiwar.accounts.models import User
    from hiwar.legislation.models import LawVersion


class SentAlready(Refused):
    """What was sent no longer changes."""

    code = "sent_already"
    message = _("This memorandum was sent. It no longer changes.")


class NoAnnex(Refused):
    """A memorandum rests on adopted proposals."""

    code = "no_annex"
    message = _("Adopt at least one proposal on this version first: they are the annex.")


class NotFixed(Refused):
    """Only an edition that was fixed is sent."""

    code = "not_fixed"
    message = _("Fix the text first: what is sent is exactly what was fixed.")


@dataclass(frozen=True, slots=True)
class MemorandumFacts:
    """What a memorandum says, by language: its title, to whom, the letter."""

    title: Mapping[str, str]
    addressee: Mapping[str, str]
    letter: Mapping[str, str]


@transaction.atomic
def write_memorandum(
    *, actor: User, version: LawVersion, facts: MemorandumFacts, now: datetime
) -> Memorandum:
    """Write a memorandum about a version. Raises ``NotAllowed`` and ``ValidationError``."""
    law = Law.objects.select_for_update().get(pk=version.law_id)
    _need_writer(actor, law, version)
    memorandum = Memorandum(
        law=law, version=version, title=facts.title, addressee=facts.addressee,
        letter=facts.letter, created_by=actor, created_at=now,
        signing=signings.create_signing(kind=CODE, now=now),
    )  # fmt: skip
    memorandum.full_clean(exclude=["sent_by"])
    memorandum.save()
    audit(actor, "legislation.memorandum.write", law, at=now, changed={
        "memorandum": ["", str(memorandum.pk)],
    })  # fmt: skip
    return memorandum


@transaction.atomic
def change_memorandum(
    *, actor: User, memorandum: Memorandum, facts: MemorandumFacts, now: datetime
) -> Memorandum:
    """Change the words of a memorandum; editions that were fixed stay as they are.

    Raises ``NotAllowed``, ``SentAlready`` and ``ValidationError``.
    """
    locked = _locked(actor, memorandum)
    before = dict(locked.letter)
    locked.title, locked.addressee, locked.letter = facts.title, facts.addressee, facts.letter
    locked.full_clean(exclude=["sent_by"])
    locked.save()
    audit(actor, "legislation.memorandum.change", locked.law, at=now, changed={
        "memorandum": ["", str(locked.pk)], "letter": [before, dict(locked.letter)],
    })  # fmt: skip
    return locked


@transaction.atomic
def fix_memorandum(
    *, actor: User, memorandum: Memorandum, sign_by: date | None, now: datetime
) -> MemorandumEdition:
    """Fix letter and adopted proposals as an edition; with a last day, open it for signature.

    A newer edition takes the place of one that was open; where the actor may collect signatures,
    everybody who was asked gets a letter that says so. Raises ``NotAllowed``, ``SentAlready``,
    ``NoAnnex`` and ``SignByMissing``.
    """
    locked = _locked(actor, memorandum)
    annex = annex_of(locked.version)
    if not any(annex.values()):
        raise NoAnnex
    last = locked.editions.aggregate(last=Max("position"))["last"] or 0
    edition = MemorandumEdition(
        memorandum=locked, position=last + 1, title=locked.title, addressee=locked.addressee,
        letter=locked.letter, annex=annex, fixed_by=actor, fixed_at=now,
    )  # fmt: skip
    edition.checksum = checksum_of(edition)
    if sign_by is not None:
        locked.signing.sign_by = sign_by
        locked.signing.save(update_fields=["sign_by"])
        edition.signed_version = signings.open_version(
            signing=locked.signing, number=edition.position, title=dict(edition.title),
            text=words_to_sign(edition), checksum=edition.checksum, now=now,
        )  # fmt: skip
    edition.save()
    opened = edition.signed_version
    if opened and edition.position > 1 and can_collect(actor, locked.signing):
        write_letters(actor=actor, version=opened, now=now)
    audit(actor, "legislation.memorandum.fix", locked.law, at=now, changed={
        "memorandum": ["", str(locked.pk)], "checksum": ["", edition.checksum],
    })  # fmt: skip
    return edition


@transaction.atomic
def send_memorandum(*, actor: User, memorandum: Memorandum, seen: str, now: datetime) -> str:
    """Record that the newest edition is sent, with the list of signatories that was seen.

    Organisations whose signatures stand are told by the outbox, in their language. Return its
    number in the series of letters. Raises ``NotAllowed``, ``SentAlready``,
    ``NotFixed``, ``NobodySigned`` and ``ListChanged``.
    """
    locked = _locked(actor, memorandum)
    edition = latest_edition(locked)
    if edition is None:
        raise NotFixed
    if edition.signed_version is not None:
        signings.finish_version(version=edition.signed_version, seen=seen, now=now)
    locked.number = take_number(series=LETTERS.code, now=now)
    locked.sent_by, locked.sent_at = actor, now
    locked.save()
    number = written(locked.number)
    if edition.signed_version is not None:
        tell_signatories(
            actor=actor, version=edition.signed_version, words=lambda: _sent_words(locked, edition),
            now=now,
        )  # fmt: skip
    audit(actor, "legislation.memorandum.send", locked.law, at=now, changed={
        "memorandum": ["", str(locked.pk)], "number": ["", number],
    })  # fmt: skip
    return number


def _sent_words(memorandum: Memorandum, edition: MemorandumEdition) -> tuple[str, str]:
    """Return what those who signed are told, in the language that is spoken."""
    values = {
        "title": str(edition.title), "addressee": str(edition.addressee),
        "number": written(memorandum.number) if memorandum.number else "",
        "day": dates.day(memorandum.sent_at) if memorandum.sent_at else "",
        "mark": edition.checksum[:16],
    }  # fmt: skip
    lines = [
        gettext("You signed: %(title)s.") % values,
        gettext("It was sent to %(addressee)s on %(day)s, under our number %(number)s.") % values,
        gettext("It is exactly the text that you signed; its mark is %(mark)s.") % values,
        "", institution_name(),
    ]  # fmt: skip
    return gettext("Sent: %(title)s") % values, "\n".join(lines).strip()


def _need_writer(actor: User, law: Law, version: LawVersion) -> None:
    if not (rules.can_publish_law(actor, law) and rules.can_read_version(actor, version)):
        raise NotAllowed


def _locked(actor: User, memorandum: Memorandum) -> Memorandum:
    locked: Memorandum = (
        Memorandum.objects.select_for_update(of=("self",))
        .select_related("law__dossier", "version", "signing").get(pk=memorandum.pk)
    )  # fmt: skip
    _need_writer(actor, locked.law, locked.version)
    if locked.sent_at is not None:
        raise SentAlready
    return locked
