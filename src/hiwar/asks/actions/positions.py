"""Positions: recorded, taken back, corrected by the organisation itself through a private link."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.actions.people import NotAllowed
from hiwar.asks import rules
from hiwar.asks.models import Ask, Position, PositionLink
from hiwar.asks.queries.positions import OWN, link_days, own_positions
from hiwar.common import dates
from hiwar.common.actions import audit
from hiwar.common.links import actions as links
from hiwar.common.models import PrivateLink
from hiwar.common.refusals import Refused
from hiwar.contacts.queries import organisations_for

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from hiwar.accounts.models import User
    from hiwar.contacts.models import Organisation
    from hiwar.dossiers.models import Dossier


@dataclass(frozen=True, slots=True)
class Saying:
    """What was said: the stance, the words, who said it, and how that is known."""

    stance: str
    words: Mapping[str, str] = field(default_factory=dict)
    said_by: str = ""
    source_kind: str = Position.Source.MEETING
    source: str = ""
    confirmed_by: str = ""
    confirmed_on: date | None = None


class SaidLater(Refused):
    """What is said on a day cannot lie ahead."""

    code = "said_later"
    message = _("A position cannot have been said on a day that is still to come.")


class SourceMissing(Refused):
    """A position needs to be traceable."""

    code = "source_missing"
    message = _("Say where this is known from: the meeting, the letter, the page or the paper.")


class ReasonMissing(Refused):
    """What is taken back needs a reason."""

    code = "retraction_without_reason"
    message = _("Say why the position is taken back.")


@transaction.atomic
def record_position(
    *,
    actor: User,
    ask: Ask,
    organisation: Organisation,
    said_on: date,
    saying: Saying,
    now: datetime,
    is_demo: bool = False,
) -> Position:
    """Write down what an organisation said to an ask; earlier positions stay as they are.

    Raises ``NotAllowed``, ``SaidLater``, ``SourceMissing`` and ``ValidationError``.
    """
    readable = organisations_for(actor).filter(pk=organisation.pk).exists()
    if not rules.can_record_position(actor, ask) or not readable:
        raise NotAllowed
    if said_on > dates.local_day(now):
        raise SaidLater
    if not saying.source.strip():
        raise SourceMissing
    position = _position(ask, organisation, said_on, saying, now)
    position.recorded_by = position.seen_by = actor
    position.is_demo = is_demo
    position.full_clean()
    position.save()
    changed = {"organisation": ["", str(organisation)], "stance": ["", saying.stance]}
    audit(actor, "asks.position.record", ask, at=now, changed=changed)
    return position


@transaction.atomic
def retract_position(*, actor: User, position: Position, reason: str, now: datetime) -> Position:
    """Take back what was recorded wrongly: it stays in the history and counts no more.

    Raises ``NotAllowed`` and ``ReasonMissing``.
    """
    locked = Position.objects.select_for_update(of=("self",)).select_related("ask__dossier").get(
        pk=position.pk
    )  # fmt: skip
    if not rules.can_record_position(actor, locked.ask):
        raise NotAllowed
    if not reason.strip():
        raise ReasonMissing
    if locked.retracted_at is None:
        locked.retracted_at, locked.retracted_by, locked.retraction = (
            now,
            actor,
            reason.strip()[:300],
        )
        locked.save(update_fields=["retracted_at", "retracted_by", "retraction"])
        audit(actor, "asks.position.retract", locked.ask, at=now,
              changed={"position": locked.pk, "reason": ["", locked.retraction]})  # fmt: skip
    return locked


@transaction.atomic
def restore_position(*, actor: User, position: Position, now: datetime) -> Position:
    """Let a position that was taken back count again; raises ``NotAllowed``."""
    locked = Position.objects.select_for_update(of=("self",)).select_related("ask__dossier").get(
        pk=position.pk
    )  # fmt: skip
    if not rules.can_record_position(actor, locked.ask):
        raise NotAllowed
    if locked.retracted_at is not None:
        locked.retracted_at, locked.retracted_by, locked.retraction = None, None, ""
        locked.save(update_fields=["retracted_at", "retracted_by", "retraction"])
        audit(actor, "asks.position.restore", locked.ask, at=now, changed={"position": locked.pk})
    return locked


@transaction.atomic
def see_position(*, actor: User, position: Position, now: datetime) -> None:
    """Say that somebody looked at what came in by a link; raises ``NotAllowed``."""
    if not rules.can_record_position(actor, position.ask):
        raise NotAllowed
    seen = Position.objects.filter(pk=position.pk, seen_by=None).update(seen_by=actor)
    if seen:
        audit(actor, "asks.position.see", position.ask, at=now, changed={"position": position.pk})


@transaction.atomic
def make_position_link(
    *, actor: User, dossier: Dossier, organisation: Organisation, now: datetime
) -> tuple[PositionLink, str]:
    """Make the address by which an organisation corrects its own positions; an older one ends.

    The token is returned once and kept nowhere. Raises ``NotAllowed``.
    """
    readable = organisations_for(actor).filter(pk=organisation.pk).exists()
    if not rules.can_edit_asks_of(actor, dossier) or not readable:
        raise NotAllowed
    former = PositionLink.objects.filter(dossier=dossier, organisation=organisation)
    links.withdraw_links(
        links=PrivateLink.objects.filter(pk__in=former.values("private_link")), now=now
    )
    last_day = dates.local_day(now) + timedelta(days=link_days())
    private_link, token = links.make_link(purpose=OWN, now=now, ends_on=last_day)
    link = PositionLink.objects.create(
        dossier=dossier, organisation=organisation, private_link=private_link, made_by=actor
    )
    changed = {"organisation": ["", str(organisation)], "link": link.pk}
    audit(actor, "asks.link.make", dossier, at=now, changed=changed)
    return link, token


@transaction.atomic
def withdraw_position_link(*, actor: User, link: PositionLink, now: datetime) -> None:
    """Close a link at once; raises ``NotAllowed``."""
    if not rules.can_edit_asks_of(actor, link.dossier):
        raise NotAllowed
    pages = PrivateLink.objects.filter(pk=link.private_link_id)
    if links.withdraw_links(links=pages, now=now):
        audit(actor, "asks.link.withdraw", link.dossier, at=now, changed={"link": link.pk})


@transaction.atomic
def correct_own_positions(
    *,
    link: PositionLink,
    sayings: Mapping[str, Saying],
    now: datetime,
) -> list[Position]:
    """Take what an organisation says of itself, by key of the ask; what is unchanged stays.

    Each is a new position of today, and the earlier one stays in the history with its day and
    source. Raises ``LinkClosed`` and ``ValidationError``.
    """
    private_link = links.lock_open_link(link.private_link, now)
    today = dates.local_day(now)
    corrected = []
    for cell in own_positions(link, today):
        saying = sayings.get(str(cell.ask.pk))
        if saying is None or not saying.stance or _is_same(cell.position, saying):
            continue
        position = _position(cell.ask, link.organisation, today, saying, now)
        position.source_kind = Position.Source.LINK
        position.source = ""
        position.confirmed_by, position.confirmed_on = saying.said_by, today
        position.full_clean()
        position.save()
        corrected.append(position)
        changed = {"organisation": ["", str(link.organisation)], "stance": ["", position.stance]}
        audit(None, "asks.position.correct", cell.ask, at=now, changed=changed)
    if corrected:
        links.mark_used(link=private_link, now=now)
    return corrected


def _position(
    ask: Ask, organisation: Organisation, said_on: date, saying: Saying, now: datetime
) -> Position:
    words = {code: text.strip() for code, text in saying.words.items() if text.strip()}
    return Position(
        ask=ask, organisation=organisation, stance=saying.stance, words=words, said_on=said_on,
        said_by=saying.said_by.strip()[:200], source_kind=saying.source_kind,
        source=saying.source.strip()[:300], confirmed_by=saying.confirmed_by.strip()[:200],
        confirmed_on=saying.confirmed_on, recorded_at=now,
    )  # fmt: skip


def _is_same(position: Position | None, saying: Saying) -> bool:
    if position is None:
        return False
    words = {code: text.strip() for code, text in saying.words.items() if text.strip()}
    return position.stance == saying.stance and dict(position.words) == words
