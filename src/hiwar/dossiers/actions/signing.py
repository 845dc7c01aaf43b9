"""Signatures: who signs, declines or withdraws, by a link or typed in, and on what terms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.actions.people import NotAllowed
from hiwar.common import dates
from hiwar.common.actions import audit
from hiwar.common.links.actions import LinkClosed, lock_open_link
from hiwar.common.refusals import Refused
from hiwar.dossiers import rules
from hiwar.dossiers.actions.joint import NotOpen, lock_text, refuse_withdrawn
from hiwar.dossiers.models import JointText, Signature, SigningLetter, SigningRequest
from hiwar.dossiers.queries.joint import most_paragraphs
from hiwar.dossiers.queries.signing import standing_of

if TYPE_CHECKING:
    from datetime import datetime

    from hiwar.accounts.models import User
    from hiwar.dossiers.models import JointStatement


class SigningOver(Refused):
    """After the last day, or once the list is closed, nobody signs by a link."""

    code = "signing_over"
    message = _("The time for signing is over. Please write or telephone to whoever asked you.")


class ListClosed(Refused):
    """What was published or sent is not unsigned."""

    code = "list_closed"
    message = _("The list is closed: the statement was published or sent with this signature.")


class TextChanged(Refused):
    """One signs the text one has read."""

    code = "text_changed"
    message = _("The text has changed since you opened this page. Please read the new version.")


class AnsweredMeanwhile(Refused):
    """Two people of one organisation do not overwrite each other unseen."""

    code = "answered_meanwhile"
    message = _(
        "Somebody has answered for your organisation meanwhile. Look at that answer first; you can"
        " change it."
    )


class NameMissing(Refused):
    """Somebody signs for an organisation, in a function."""

    code = "name_missing"
    message = _("Write who signs for the organisation, and in which function.")


class ReservationMissing(Refused):
    """A reservation is said in words."""

    code = "reservation_missing"
    message = _("Write the reservation in words: it is printed under the list.")


class NoSuchParagraph(Refused):
    """A reservation refers to a paragraph that the text has."""

    code = "no_such_paragraph"
    message = _("The text has no paragraph with this number.")


class SourceMissing(Refused):
    """What staff type in says where it comes from."""

    code = "source_missing"
    message = _("Say where this comes from: who called, which letter, which day.")


class TimeUnfit(Refused):
    """Nobody signs before the text was open, or in the future."""

    code = "time_unfit"
    message = _("The time lies before the text was open for signature, or in the future.")


class NotSigned(Refused):
    """Only what stands is withdrawn."""

    code = "not_signed"
    message = _("There is no signature that stands.")


class SignedAlready(Refused):
    """Who has signed withdraws; who has not signed declines."""

    code = "signed_already"
    message = _("This organisation has signed. Its signature can be withdrawn.")


@dataclass(frozen=True, slots=True)
class Terms:
    """What somebody puts under a text: who, in which function, and on what terms.

    ``seen`` is the key of the signature they saw standing, empty for none.
    """

    signer: str
    function: str
    is_reserved: bool = False
    reservation: str = ""
    language: str = ""
    paragraph: int | None = None
    seen: str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """How and when a signature came, and who typed it in from which source."""

    way: str
    signed_at: datetime
    source: str = ""
    typed_by: User | None = None


@transaction.atomic
def sign_by_link(
    *, letter: SigningLetter, text: JointText, terms: Terms, now: datetime
) -> Signature:
    """Sign by a private link; signing again changes the signature and keeps what it said before.

    Raises ``LinkClosed``, ``SigningOver``, ``TextChanged``, ``AnsweredMeanwhile`` and what the
    terms lack.
    """
    locked, request = _by_link(letter, text, now)
    return _sign(locked, request, terms, Origin(Signature.Way.LINK, signed_at=now), now)


@transaction.atomic
def type_signature(
    *,
    actor: User,
    request: SigningRequest,
    text: JointText,
    terms: Terms,
    way: str,
    source: str,
    signed_at: datetime,
    now: datetime,
) -> Signature:
    """Type in a signature that came by mail, telephone or on paper, with its source and its time.

    Raises ``SourceMissing``, ``TimeUnfit``, ``NotOpen`` and what the terms lack.
    """
    locked = lock_text(text)
    need_editor(actor, locked.statement)
    if locked.state != JointText.State.OPEN:
        raise NotOpen
    if not source.strip():
        raise SourceMissing
    opened = locked.opened_at or now
    if not opened.replace(second=0, microsecond=0) <= signed_at <= now:
        raise TimeUnfit
    origin = Origin(way, signed_at, source.strip(), actor)
    return _sign(locked, request, terms, origin, now)


@transaction.atomic
def decline(
    *,
    text: JointText,
    who: str,
    why: str,
    now: datetime,
    letter: SigningLetter | None = None,
    request: SigningRequest | None = None,
    actor: User | None = None,
) -> SigningRequest:
    """Keep that an organisation does not sign a version: by its link, or typed in by staff.

    Nobody outside learns of it. Raises ``SignedAlready`` where a signature stands.
    """
    if letter is not None:
        locked, asked = _by_link(letter, text, now)
    else:
        locked = lock_text(text)
        need_editor(actor, locked.statement)
        if request is None or locked.state != JointText.State.OPEN:
            raise NotOpen
        asked = request
    if standing_of(locked, asked) is not None:
        raise SignedAlready
    asked.declined_text, asked.declined_at = locked, now
    asked.declined_by, asked.declined_why = who.strip()[:120], why.strip()[:500]
    asked.save(update_fields=["declined_text", "declined_at", "declined_by", "declined_why"])
    audit(actor, "dossiers.jointstatement.decline", locked.statement, at=now)
    return asked


@transaction.atomic
def withdraw_signature(
    *,
    text: JointText,
    why: str,
    now: datetime,
    letter: SigningLetter | None = None,
    request: SigningRequest | None = None,
    actor: User | None = None,
) -> Signature:
    """Withdraw the signature of an organisation before the text is published or sent.

    By its link as long as that opens, also after the last day of signing; or by staff, who say
    why. Nothing is deleted. Raises ``LinkClosed``, ``ListClosed``, ``NotSigned``.
    """
    locked = lock_text(text)
    if letter is not None:
        request = _request_of(letter, now)
    else:
        need_editor(actor, locked.statement)
        if not why.strip():
            raise SourceMissing
    if locked.state != JointText.State.OPEN:
        raise ListClosed
    signature = standing_of(locked, request) if request is not None else None
    if signature is None:
        raise NotSigned
    signature.withdrawn_at, signature.withdrawn_why, signature.withdrawn_by = (
        now,
        why.strip()[:500],
        actor,
    )
    signature.save(update_fields=["withdrawn_at", "withdrawn_why", "withdrawn_by"])
    changed = {"signature": signature.pk}
    audit(actor, "dossiers.signature.withdraw", locked.statement, at=now, changed=changed)
    return signature


def _sign(
    text: JointText, request: SigningRequest, terms: Terms, origin: Origin, now: datetime
) -> Signature:
    """Write a signature under a version that is locked."""
    reservation = terms.reservation.strip() if terms.is_reserved else ""
    if terms.is_reserved and not reservation:
        raise ReservationMissing
    if not terms.signer.strip() or not terms.function.strip():
        raise NameMissing
    if terms.paragraph is not None and not 1 <= terms.paragraph <= most_paragraphs(text):
        raise NoSuchParagraph
    before = standing_of(text, request)
    if terms.seen != (str(before.pk) if before else ""):
        raise AnsweredMeanwhile
    if before is not None:
        before.replaced_at = now
        before.save(update_fields=["replaced_at"])
    signature = Signature(
        text=text,
        organisation=request.organisation,
        organisation_name=request.organisation.name,
        signer=terms.signer.strip(),
        function=terms.function.strip(),
        is_reserved=bool(reservation),
        reservation=reservation,
        reservation_language=terms.language if reservation else "",
        paragraph=terms.paragraph if reservation else None,
        way=origin.way,
        source=origin.source,
        signed_at=before.signed_at if before else origin.signed_at,
        position=text.signatures.count() + 1,
        made_at=now,
        typed_by=origin.typed_by,
    )
    signature.full_clean()
    signature.save()
    if request.declined_text_id is not None:
        request.declined_text = request.declined_at = None
        request.save(update_fields=["declined_text", "declined_at"])
    verb = "dossiers.signature.change" if before else "dossiers.signature.give"
    changed = {"signature": signature.pk, "way": origin.way, "reserved": signature.is_reserved}
    audit(origin.typed_by, verb, text.statement, at=now, changed=changed)
    return signature


def _by_link(
    letter: SigningLetter, text: JointText, now: datetime
) -> tuple[JointText, SigningRequest]:
    """Lock the version and return it with the request, if a link still signs it."""
    locked = lock_text(text)
    request = _request_of(letter, now)
    if locked.statement_id != request.statement_id:
        raise LinkClosed
    if locked.state == JointText.State.REPLACED:
        raise TextChanged
    today, last = dates.local_day(now), locked.statement.sign_by
    if locked.state != JointText.State.OPEN or (last is not None and today > last):
        raise SigningOver
    return locked, request


def _request_of(letter: SigningLetter, now: datetime) -> SigningRequest:
    """Return who holds a link, read anew: it may have been withdrawn a moment ago."""
    signing_letters = SigningLetter.objects.select_related(
        "request__statement", "request__organisation", "private_link"
    )
    kept = signing_letters.get(pk=letter.pk)
    lock_open_link(kept.private_link, now)
    if kept.request.removed_at is not None:
        raise LinkClosed
    if kept.request.statement.withdrawn_at is not None:
        raise LinkClosed
    return kept.request


def need_editor(actor: User | None, statement: JointStatement) -> None:
    """Refuse whoever may not collect signatures, and all of it once a statement was withdrawn."""
    if actor is None or not rules.can_edit_statement(actor, statement):
        raise NotAllowed
    refuse_withdrawn(statement)
