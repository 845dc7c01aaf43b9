"""Frozen texts signed by organisations: a round opened, narrowed, closed, made public."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.actions.people import NotAllowed
from hiwar.common.actions import audit
from hiwar.common.refusals import Refused
from hiwar.papers import rules
from hiwar.papers.models import Paper
from hiwar.papers.queries.content import content_in
from hiwar.papers.queries.signing import CODE, latest_version
from hiwar.signatures.actions import signings
from hiwar.signatures.queries.signatories import signatories

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from hiwar.accounts.models import User
    from hiwar.papers.models import PaperVersion
    from hiwar.signatures.models import SigningVersion


class NotFrozen(Refused):
    """Organisations sign a text that was frozen and has not left the house."""

    code = "not_frozen"
    message = _("Freeze the text first: what organisations sign no longer changes.")


class RoundOpened(Refused):
    """One version is put to organisations once."""

    code = "round_opened"
    message = _("This version was put to organisations already.")


@transaction.atomic
def open_round(
    *, actor: User, paper: Paper, sign_by: date | None, named: str, text: Mapping[str, str],
    contact_line: str, now: datetime,
) -> SigningVersion:  # fmt: skip
    """Put the frozen text of a paper to organisations, under its own checksum.

    ``text`` is the frozen text in words, by language; ``named`` a `SigningVersion.Named`. A newer
    version asks everybody anew. Raises ``NotAllowed``, ``NotFrozen``, ``RoundOpened`` and
    ``SignByMissing``.
    """
    locked, version = _frozen(actor, paper)
    if locked.state != Paper.State.FROZEN:
        raise NotFrozen
    if version.signed_version_id is not None:
        raise RoundOpened
    if locked.signing is None:
        locked.signing = signings.create_signing(kind=CODE, now=now)
        locked.save(update_fields=["signing"])
    signing = locked.signing
    signing.sign_by, signing.contact_line = sign_by, contact_line.strip()
    signing.full_clean(validate_constraints=False)
    signing.save(update_fields=["sign_by", "contact_line"])
    content = content_in(version)
    version.signed_version = signings.open_version(
        signing=signing, number=version.number, title=content["title"], text=text, now=now,
        change=content["correction"], checksum=version.sha256, named=named,
    )  # fmt: skip
    version.save(update_fields=["signed_version"])
    audit(actor, "papers.paper.open_round", locked, at=now, changed={
        "version": version.number, "named": named,
    })  # fmt: skip
    return version.signed_version


@transaction.atomic
def narrow_round(*, actor: User, paper: Paper, named: str, now: datetime) -> None:
    """Name fewer in public than was said.

    Raises ``NotAllowed``, ``NotFrozen``, ``NotOpen`` and ``NamesWidened``.
    """
    locked, version = _frozen(actor, paper)
    signed = _signed(version)
    signings.narrow_names(version=signed, named=named)
    audit(actor, "papers.paper.narrow_round", locked, at=now, changed={
        "named": [signed.named, named],
    })  # fmt: skip


@transaction.atomic
def close_round(*, actor: User, paper: Paper, why: str, now: datetime) -> None:
    """Close the list of a round for a time.

    Raises ``NotAllowed``, ``NotFrozen``, ``NotOpen`` and ``ReasonNeeded``.
    """
    locked, version = _frozen(actor, paper)
    signings.close_version(version=_signed(version), why=why, now=now)
    audit(actor, "papers.paper.close_round", locked, at=now)


@transaction.atomic
def reopen_round(*, actor: User, paper: Paper, now: datetime) -> None:
    """Open a list again that was closed. Raises ``NotAllowed``, ``NotFrozen``, ``NotClosed``."""
    locked, version = _frozen(actor, paper)
    signings.reopen_version(version=_signed(version))
    audit(actor, "papers.paper.reopen_round", locked, at=now)


def end_round(version: PaperVersion, why: str, now: datetime) -> None:
    """Close the list of a version whose text is not the paper's any more, within an action."""
    signed = version.signed_version
    if signed is not None and signed.is_open:
        signings.close_version(version=signed, why=why, now=now)


def check_seen(version: PaperVersion, seen: str | None) -> None:
    """Refuse with ``ListChanged`` where the list is another one than was looked at."""
    if version.signed_version is None or seen is None:
        return
    if seen != signatories(signings.lock_version(version.signed_version)).mark:
        raise signings.ListChanged


def finish_round(version: PaperVersion, seen: str | None, now: datetime) -> None:
    """Let the list of a version leave with it, within an action.

    ``seen`` is the mark of the list that was looked at, None for the list as it stands. A version
    that nobody signed is published without a list. Raises ``ListChanged``.
    """
    signed = version.signed_version
    if signed is None:
        return
    check_seen(version, seen)
    standing = signatories(signings.lock_version(signed))
    if standing.count:
        signings.finish_version(version=signed, seen=standing.mark, now=now)
    elif signed.is_open:
        why = gettext("published, and nobody signed")
        signings.close_version(version=signed, why=why, now=now)
    signed.refresh_from_db()


def _signed(version: PaperVersion) -> SigningVersion:
    if version.signed_version is None:
        raise signings.NotOpen
    return version.signed_version


def _frozen(actor: User, paper: Paper) -> tuple[Paper, PaperVersion]:
    """Hold a paper whose newest text is frozen and did not leave the house."""
    locked = (
        Paper.objects.select_for_update(of=("self",))
        .select_related("dossier", "signing").get(pk=paper.pk)
    )  # fmt: skip
    if not rules.can_publish_paper(actor, locked):
        raise NotAllowed
    version = latest_version(locked)
    if locked.state not in {Paper.State.FROZEN, Paper.State.EMBARGOED} or version is None:
        raise NotFrozen
    return locked, version
