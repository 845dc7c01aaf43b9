"""Signatures: who signs, declines or withdraws, by a link or typed in, and on what terms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hiwar.common import dates
from hiwar.common.actions import audit
from hiwar.common.links.actions import LinkClosed, lock_open_link
from hiwar.common.numbering import next_number
from hiwar.common.refusals import Refused
from hiwar.signatures.actions.signings import NotOpen, lock_version, need_collector
from hiwar.signatures.models import Signature, SigningLetter, SigningRequest
from hiwar.signatures.queries.requests import standing_of
from hiwar.signatures.queries.versions import most_paragraphs

if TYPE_CHECKING:
    from datetime import datetime

    from hiwar.accounts.models import User
    from hiwar.signatures.models import SigningVersion


class SigningOver(Refused):
    """After the last day, or once the list is closed, nobody signs by a link."""

    code = "signing_over"
    message = _("The time for signing is over. Please write or telephone to whoever asked you.")


class ListClosed(Refused):
    """What was published or sent is not unsigned."""

    code = "list_closed"
    message = _("The list is closed: the text was published or sent with this signature.")


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
    *, letter: SigningLetter, version: SigningVersion, terms: Terms, now: datetime
) -> Signature:
    """Sign by a private link; signing again changes the signature and keeps what it said before.

    Raises ``LinkClosed``, ``SigningOver``, ``TextChanged``, ``AnsweredMeanwhile`` and what the
    terms lack.
    """
    locked, request = _by_link(letter, version, now)
    return _sign(locked, request, terms, Origin(Signature.Way.LINK, signed_at=now), now)


@transaction.atomic
def type_signature(
    *,
    actor: User,
    request: SigningRequest,
    version: SigningVersion,
    terms: Terms,
    way: str,
    source: str,
    signed_at: datetime,
    now: datetime,
) -> Signature:
    """Type in a signature that came by mail, telephone or on paper, with its source and its time.

    Raises ``SourceMissing``, ``TimeUnfit``, ``NotOpen`` and what the terms lack.
    """
    locked = lock_version(version)
    need_collector(actor, locked.signing)
    if not locked.is_open:
        raise NotOpen
    if not source.strip():
        raise SourceMissing
    if not locked.opened_at.replace(second=0, microsecond=0) <= signed_at <= now:
        raise TimeUnfit
    origin = Origin(way, signed_at, source.strip(), actor)
    return _sign(locked, request, terms, origin, now)


@transaction.atomic
def decline(
    *,
    version: SigningVersion,
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
        locked, asked = _by_link(letter, version, now)
    else:
        locked = lock_version(version)
        need_collector(actor, locked.signing)
        if request is None or not locked.is_open:
            raise NotOpen
        asked = request
    if standing_of(locked, asked) is not None:
        raise SignedAlready
    asked.declined_version, asked.declined_at = locked, now
    asked.declined_by, asked.declined_why = who.strip()[:120], why.strip()[:500]
    asked.save(update_fields=["declined_version", "declined_at", "declined_by", "declined_why"])
    audit(actor, "signatures.signing.decline", locked.signing, at=now)
    return asked


@transaction.atomic
def withdraw_signature(
    *,
    version: SigningVersion,
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
    locked = lock_version(version)
    if letter is not None:
        request = _request_of(letter, now)
    else:
        need_collector(actor, locked.signing)
        if not why.strip():
            raise SourceMissing
    if not locked.is_open:
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
    audit(actor, "signatures.signature.withdraw", locked.signing, at=now, changed=changed)
    return signature


def _sign(
    version: SigningVersion, request: SigningRequest, terms: Terms, origin: Origin, now: datetime
) -> Signature:
    """Write a signature under a version that is locked."""
    reservation = terms.reservation.strip() if terms.is_reserved else ""
    if terms.is_reserved and not reservation:
        raise ReservationMissing
    if not terms.signer.strip() or not terms.function.strip():
        raise NameMissing
    if terms.paragraph is not None and not 1 <= terms.paragraph <= most_paragraphs(version.text):
        raise NoSuchParagraph
    before = standing_of(version, request)
    if terms.seen != (str(before.pk) if before else ""):
        raise AnsweredMeanwhile
    if before is not None:
        before.replaced_at = now
        before.save(update_fields=["replaced_at"])
    signature = Signature(
        version=version,
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
        position=next_number(version.signatures, "position"),
        made_at=now,
        typed_by=origin.typed_by,
    )
    signature.full_clean()
    signature.save()
    if request.declined_version_id is not None:
        request.declined_version = request.declined_at = None
        request.save(update_fields=["declined_version", "declined_at"])
    verb = "signatures.signature.change" if before else "signatures.signature.give"
    changed = {"signature": signature.pk, "way": origin.way, "reserved": signature.is_reserved}
    audit(origin.typed_by, verb, version.signing, at=now, changed=changed)
    return signature


def _by_link(
    letter: SigningLetter, version: SigningVersion, now: datetime
) -> tuple[SigningVersion, SigningRequest]:
    """Lock the version and return it with the request, if a link still signs it."""
    locked = lock_version(version)
    request = _request_of(letter, now)
    if locked.signing_id != request.signing_id:
        raise LinkClosed
    if locked.replaced_at is not None:
        raise TextChanged
    today, last = dates.local_day(now), locked.signing.sign_by
    if not locked.is_open or (last is not None and today > last):
        raise SigningOver
    return locked, request


def _request_of(letter: SigningLetter, now: datetime) -> SigningRequest:
    """Return who holds a link, read anew: it may have been withdrawn a moment ago."""
    signing_letters = SigningLetter.objects.select_related(
        "request__signing", "request__organisation", "private_link"
    )
    kept = signing_letters.get(pk=letter.pk)
    lock_open_link(kept.private_link, now)
    if kept.request.removed_at is not None:
        raise LinkClosed
    if kept.request.signing.ended_at is not None:
        raise LinkClosed
    return kept.request
