"""The power map of an issue: entries, who reaches whom, who reads it; each opening is logged.

The log says that the map of a dossier was touched, and never what stands on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.actions.people import NotAllowed
from hiwar.accounts.queries import is_readable_by
from hiwar.asks.actions.plan import OfAnotherDossier
from hiwar.asks.models import Influence, MapReader, PowerEntry
from hiwar.asks.queries.power import may_read_map
from hiwar.common import dates
from hiwar.common.actions import audit
from hiwar.common.models import AuditEntry
from hiwar.common.refusals import Refused
from hiwar.contacts.models import Organisation, Post

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from hiwar.accounts.models import User
    from hiwar.dossiers.models import Dossier

OPENED = "asks.map.open"
ONCE_IN = timedelta(hours=1)


class OnTheMap(Refused):
    """A post or body stands on a map once."""

    code = "on_the_map"
    message = _("This post or body stands on the map already. Change its entry instead.")


class ReachesItself(Refused):
    """Influence is on somebody else."""

    code = "reaches_itself"
    message = _("Choose two different entries of the map, and say how one reaches the other.")


class SeenLater(Refused):
    """What is known is known by today."""

    code = "seen_later"
    message = _("This day is still to come.")


class NotAReader(Refused):
    """Nobody is named to read what they may not open."""

    code = "not_a_reader"
    message = _("A colleague who is named must be able to read the dossier, and maps at all.")


@dataclass(frozen=True, slots=True)
class Assessment:
    """What is thought of a post or body: power and interest 1 to 5, stance, how sure, how known."""

    power: int
    interest: int
    stance: int | None
    confidence: str
    evidence: str
    seen_on: date


@transaction.atomic
def open_map(*, actor: User, dossier: Dossier, now: datetime) -> None:
    """Log that a map was opened, once an hour; raises ``NotAllowed``."""
    _check(actor, dossier)
    entries = AuditEntry.objects.filter(
        verb=OPENED, actor=actor.reference, object=dossier.reference, at__gt=now - ONCE_IN
    )
    if not entries.exists():
        audit(actor, OPENED, dossier, at=now)


@transaction.atomic
def place_on_map(
    *,
    actor: User,
    dossier: Dossier,
    subject: Post | Organisation,
    assessment: Assessment,
    now: datetime,
) -> PowerEntry:
    """Put a post or body on a map; raises ``NotAllowed``, ``OnTheMap``, ``SeenLater``."""
    _check(actor, dossier)
    if not is_readable_by(actor, subject):
        raise NotAllowed
    post = subject if isinstance(subject, Post) else None
    organisation = subject if isinstance(subject, Organisation) else None
    if PowerEntry.objects.filter(dossier=dossier, post=post, organisation=organisation).exists():
        raise OnTheMap
    entry = PowerEntry(dossier=dossier, post=post, organisation=organisation)
    return _assess(actor, entry, assessment, now)


@transaction.atomic
def assess_again(
    *, actor: User, entry: PowerEntry, assessment: Assessment, now: datetime
) -> PowerEntry:
    """Say anew what is thought of a post or body; raises ``NotAllowed`` and ``SeenLater``."""
    locked = _locked(actor, entry)
    return _assess(actor, locked, assessment, now)


@transaction.atomic
def take_off_map(*, actor: User, entry: PowerEntry, now: datetime) -> None:
    """Take a post or body off a map, with whom it reaches; raises ``NotAllowed``."""
    locked = _locked(actor, entry)
    audit(actor, "asks.map.change", locked.dossier, at=now)
    locked.delete()


@transaction.atomic
def draw_influence(
    *, actor: User, source: PowerEntry, target: PowerEntry, how: str, now: datetime
) -> Influence:
    """Say that one on a map reaches another, and how.

    Raises ``NotAllowed``, ``OfAnotherDossier`` and ``ReachesItself``.
    """
    locked = _locked(actor, source)
    if target.dossier_id != locked.dossier_id:
        raise OfAnotherDossier
    if target.pk == locked.pk or not how.strip():
        raise ReachesItself
    influence, _is_new = Influence.objects.update_or_create(
        source=locked, target=target,
        defaults={"how": how.strip()[:200], "recorded_by": actor, "recorded_at": now},
    )  # fmt: skip
    audit(actor, "asks.map.change", locked.dossier, at=now)
    return influence


@transaction.atomic
def erase_influence(*, actor: User, influence: Influence, now: datetime) -> None:
    """Take a line of influence off a map; raises ``NotAllowed``."""
    entry = _locked(actor, influence.source)
    audit(actor, "asks.map.change", entry.dossier, at=now)
    influence.delete()


@transaction.atomic
def name_map_readers(
    *, actor: User, dossier: Dossier, users: Iterable[User], now: datetime
) -> None:
    """Name who alone reads a map beside the owner of its dossier; nobody named is all who may.

    Nobody shuts themselves out: whoever names others stays named. Raises ``NotAllowed`` and
    ``NotAReader``.
    """
    _check(actor, dossier)
    chosen = {user.pk: user for user in users}
    if chosen:
        chosen[actor.pk] = actor
    MapReader.objects.filter(dossier=dossier).delete()
    if not all(may_read_map(user, dossier) for user in chosen.values()):
        raise NotAReader
    MapReader.objects.bulk_create(
        MapReader(dossier=dossier, user=user, named_at=now) for user in chosen.values()
    )
    audit(actor, "asks.map.name_readers", dossier, at=now)


def _check(actor: User, dossier: Dossier) -> None:
    if not may_read_map(actor, dossier):
        raise NotAllowed


def _locked(actor: User, entry: PowerEntry) -> PowerEntry:
    rows = PowerEntry.objects.select_for_update(of=("self",)).select_related("dossier")
    locked = rows.get(pk=entry.pk)
    _check(actor, locked.dossier)
    return locked


def _assess(actor: User, entry: PowerEntry, assessment: Assessment, now: datetime) -> PowerEntry:
    if assessment.seen_on > dates.local_day(now):
        raise SeenLater
    for name in ("power", "interest", "stance", "confidence", "seen_on"):
        setattr(entry, name, getattr(assessment, name))
    entry.evidence = assessment.evidence.strip()
    entry.recorded_by, entry.recorded_at = actor, now
    entry.full_clean()
    entry.save()
    audit(actor, "asks.map.change", entry.dossier, at=now)
    return entry
