"""What the room of a document does with its signing: made, opened, closed, ended.

These are steps within an action of that room, which has asked its own rule and writes the log.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.actions.people import NotAllowed
from hiwar.common import dates
from hiwar.common.links.actions import withdraw_links
from hiwar.common.refusals import Refused
from hiwar.signatures import rules
from hiwar.signatures.actions.numbers import void_letters
from hiwar.signatures.models import Signing, SigningLetter, SigningVersion, checksum_of
from hiwar.signatures.queries.requests import private_links_of
from hiwar.signatures.queries.signatories import signatories

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from hiwar.accounts.models import User
    from hiwar.contacts.models import Post


class SignByMissing(Refused):
    """Who is asked to sign is told until when."""

    code = "sign_by_missing"
    message = _("Set the last day for signing first: today or later.")


class NotOpen(Refused):
    """Only a version that is open for signature can be closed."""

    code = "not_open"
    message = _("This version is not open for signature.")


class NotClosed(Refused):
    """Only a list that was closed can be opened again."""

    code = "not_closed"
    message = _("This list is not closed, or a newer version has taken its place.")


class ReasonNeeded(Refused):
    """What was public or asked for is taken back only with a reason."""

    code = "reason_needed"
    message = _("Say why: readers and signatories are told.")


class NobodySigned(Refused):
    """A list without a signature is nobody's."""

    code = "nobody_signed"
    message = _("Nobody has signed this version yet.")


class ListChanged(Refused):
    """Who publishes or sends has seen exactly the list that leaves."""

    code = "list_changed"
    message = _("The list has changed since you looked at it. Look again, then publish.")


class NamesWidened(Refused):
    """Who signed was told who is named; that is not widened afterwards."""

    code = "names_widened"
    message = _(
        "Those who are asked were told that fewer are named in public. A new version asks them"
        " anew."
    )


class SigningEnded(Refused):
    """Of what was withdrawn nothing is signed any more."""

    code = "signing_ended"
    message = _("The document was withdrawn. It is not signed any more.")


@transaction.atomic
def create_signing(
    *,
    kind: str,
    now: datetime,
    sign_by: date | None = None,
    contact_post: Post | None = None,
    contact_line: str = "",
) -> Signing:
    """Make the signing of a new document; the room keeps the key to it.

    ``kind`` is the code of a registered `DocumentKind`. Nobody is asked and nothing is open yet.
    """
    signing = Signing(
        kind=kind, sign_by=sign_by, contact_post=contact_post, contact_line=contact_line,
        made_at=now,
    )  # fmt: skip
    signing.full_clean()
    signing.save()
    return signing


@transaction.atomic
def open_version(
    *,
    signing: Signing,
    number: int,
    title: Mapping[str, str],
    text: Mapping[str, str],
    now: datetime,
    change: Mapping[str, str] | None = None,
    checksum: str = "",
    named: str = SigningVersion.Named.ALL,
) -> SigningVersion:
    """Keep the words of a version for good and open it for signature; it replaces an open one.

    A list that was published or sent stays as it is. ``text`` is plain text whose empty lines part
    paragraphs; ``checksum`` is the document's own where it has one (SHA-256, 64 hexadecimal
    digits), and that of title and text otherwise. ``named`` is a `SigningVersion.Named`: whoever is
    asked reads before signing who is named in public. Raises ``SignByMissing`` and
    ``SigningEnded``.
    """
    locked = _lock_signing(signing)
    if locked.sign_by is None or locked.sign_by < dates.local_day(now):
        raise SignByMissing
    locked.versions.filter(replaced_at=None, is_final=False).update(replaced_at=now)
    version = SigningVersion(
        signing=locked, number=number, title=title, text=text, change=change or {},
        checksum=checksum or checksum_of(dict(title), dict(text)), opened_at=now, named=named,
    )  # fmt: skip
    version.full_clean()
    version.save()
    return version


@transaction.atomic
def narrow_names(*, version: SigningVersion, named: str) -> SigningVersion:
    """Name fewer of those who sign in public than was said when the version was opened.

    Raises ``NamesWidened`` where more would be named, and ``NotOpen`` once the list left the house.
    """
    locked = lock_version(version)
    order = SigningVersion.Named.values
    if locked.is_final or locked.replaced_at is not None:
        raise NotOpen
    if named not in order or order.index(named) < order.index(locked.named):
        raise NamesWidened
    locked.named = named
    locked.save(update_fields=["named"])
    return locked


@transaction.atomic
def close_version(*, version: SigningVersion, why: str, now: datetime) -> SigningVersion:
    """Close the list of an open version: from then on nothing is signed and nothing withdrawn.

    It can be opened again. Raises ``NotOpen`` and ``ReasonNeeded``.
    """
    locked = lock_version(version)
    if not locked.is_open:
        raise NotOpen
    if not why.strip():
        raise ReasonNeeded
    locked.closed_at, locked.closed_why = now, why.strip()[:300]
    locked.save(update_fields=["closed_at", "closed_why"])
    return locked


@transaction.atomic
def reopen_version(*, version: SigningVersion) -> SigningVersion:
    """Open a list again that was closed by mistake. Raises ``NotClosed``."""
    locked = lock_version(version)
    if locked.closed_at is None or locked.is_final or locked.replaced_at is not None:
        raise NotClosed
    locked.closed_at, locked.closed_why = None, ""
    locked.save(update_fields=["closed_at", "closed_why"])
    return locked


@transaction.atomic
def finish_version(*, version: SigningVersion, seen: str, now: datetime) -> SigningVersion:
    """Close a list for good because the document is published or sent with it.

    ``seen`` is the mark of the list that whoever does it has looked at. Raises ``NotOpen``,
    ``NobodySigned`` and ``ListChanged``.
    """
    locked = lock_version(version)
    if locked.is_final or locked.replaced_at is not None:
        raise NotOpen
    signed = signatories(locked)
    if not signed.count:
        raise NobodySigned
    if seen != signed.mark:
        raise ListChanged
    locked.closed_at, locked.is_final = locked.closed_at or now, True
    locked.save(update_fields=["closed_at", "is_final"])
    return locked


@transaction.atomic
def end_signing(*, signing: Signing, reason: str, now: datetime) -> Signing:
    """End a signing because its document was withdrawn: every link ends, unsent letters are void.

    ``reason`` is what the register of letters says of their numbers.
    """
    locked = _lock_signing(signing)
    # Whoever signs holds the version: they are done, or read afterwards that it is over.
    list(locked.versions.select_for_update().order_by("number", "pk"))
    locked.ended_at = now
    locked.save(update_fields=["ended_at"])
    letters = SigningLetter.objects.filter(request__signing=locked)
    withdraw_links(links=private_links_of(letters), now=now)
    void_letters(letters=letters, reason=reason or gettext("the document was withdrawn"), now=now)
    return locked


def lock_version(version: SigningVersion) -> SigningVersion:
    """Return a version as it stands now, held until the transaction ends: one door for all."""
    locked = SigningVersion.objects.select_for_update().get(pk=version.pk)
    # Read after the lock is held: the document may have been withdrawn while this waited.
    locked.signing = Signing.objects.select_related("contact_post").get(pk=locked.signing_id)
    return locked


def need_collector(actor: User | None, signing: Signing) -> None:
    """Refuse whoever may not collect signatures, and all of it once the document was withdrawn."""
    if actor is None or not rules.can_collect(actor, signing):
        raise NotAllowed
    if Signing.objects.filter(pk=signing.pk, ended_at__isnull=False).exists():
        raise SigningEnded


def _lock_signing(signing: Signing) -> Signing:
    locked = Signing.objects.select_for_update().get(pk=signing.pk)
    if locked.ended_at is not None:
        raise SigningEnded
    return locked
