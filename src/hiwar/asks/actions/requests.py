"""Information requests: filed, followed step by step, shown; and the clocks that run for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.actions.people import NotAllowed
from hiwar.accounts.queries import is_readable_by
from hiwar.asks import rules
from hiwar.asks.models import Clock, InformationRequest, RequestStep
from hiwar.common import dates
from hiwar.common.actions import audit
from hiwar.common.models import Visibility
from hiwar.common.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from hiwar.accounts.models import User
    from hiwar.contacts.models import Organisation
    from hiwar.dossiers.models import Dossier

Kind = RequestStep.Kind
ONCE = frozenset([Kind.RECEIVED, Kind.ACKNOWLEDGED, Kind.EXTENDED, Kind.APPEALED, Kind.DECIDED])
WITH_RESULT = frozenset([Kind.ANSWERED, Kind.DECIDED])


class StepAtWrongDay(Refused):
    """What happened with a request happened since it was filed, and by today."""

    code = "step_at_wrong_day"
    message = _("Enter a day between the day on which it was filed and today.")


class StepDoesNotFollow(Refused):
    """Steps of a request follow one another."""

    code = "step_does_not_follow"
    message = _("This does not follow from what happened so far.")


class ResultNeeded(Refused):
    """An answer has a result, and a refusal its ground."""

    code = "result_needed"
    message = _("Say with what result; of a refusal also the ground that they name, or “none”.")


class OneClock(Refused):
    """A request runs by a clock, or by days that we name."""

    code = "one_clock"
    message = _("Choose a clock, or name working days of our own, one of the two.")


@dataclass(frozen=True, slots=True)
class Happened:
    """What happened with a request: kind and day, result and ground of an answer, source."""

    kind: str
    day: date
    result: str = ""
    ground: str = ""
    source: str = ""


@transaction.atomic
def file_request(
    *,
    actor: User,
    dossier: Dossier,
    organisation: Organisation,
    subject: Mapping[str, str],
    text: str,
    filed_on: date,
    now: datetime,
    by: Clock | int | None,
) -> InformationRequest:
    """File a request with a body, by a clock or by working days of our own.

    Raises ``NotAllowed``, ``StepAtWrongDay`` and ``OneClock``.
    """
    if not rules.can_edit_asks_of(actor, dossier) or not is_readable_by(actor, organisation):
        raise NotAllowed
    if filed_on > dates.local_day(now):
        raise StepAtWrongDay
    if by is None:
        raise OneClock
    request = InformationRequest(
        dossier=dossier, organisation=organisation, subject=subject, text=text,
        clock=by if isinstance(by, Clock) else None, days=by if isinstance(by, int) else None,
        filed_on=filed_on, owner=actor, created_at=now,
    )  # fmt: skip
    request.full_clean()
    request.save()
    audit(actor, "asks.request.file", request, at=now)
    return request


@transaction.atomic
def record_step(
    *, actor: User, request: InformationRequest, happened: Happened, now: datetime
) -> RequestStep:
    """Record what happened with a request.

    Raises ``NotAllowed``, ``StepAtWrongDay``, ``StepDoesNotFollow`` and ``ResultNeeded``.
    """
    locked = _locked(actor, request)
    if not locked.filed_on <= happened.day <= dates.local_day(now):
        raise StepAtWrongDay
    kinds = list(locked.steps.order_by("day", "recorded_at", "pk").values_list("kind", flat=True))
    if not _follows(locked, happened.kind, kinds):
        raise StepDoesNotFollow
    has_result = happened.kind in WITH_RESULT
    is_refusal = happened.result == RequestStep.Result.REFUSED
    if has_result and (not happened.result or (is_refusal and not happened.ground.strip())):
        raise ResultNeeded
    step = RequestStep(
        request=locked, kind=happened.kind, day=happened.day,
        result=happened.result if has_result else "",
        ground=happened.ground.strip() if has_result else "", source=happened.source.strip(),
        recorded_by=actor, recorded_at=now,
    )  # fmt: skip
    step.full_clean()
    step.save()
    audit(actor, "asks.request.step", locked, at=now, changed={"step": ["", happened.kind]})
    return step


@transaction.atomic
def show_request(
    *, actor: User, request: InformationRequest, is_public: bool, now: datetime
) -> InformationRequest:
    """Let everybody read a request and how far it has come, or the institution alone.

    Raises ``NotAllowed``.
    """
    locked = _locked(actor, request)
    if not rules.can_approve_asks(actor):
        raise NotAllowed
    before = locked.visibility
    locked.visibility = Visibility.PUBLIC if is_public else Visibility.INSTITUTION
    locked.save(update_fields=["visibility"])
    audit(actor, "asks.request.show", locked, at=now, changed={
        "visibility": [before, locked.visibility],
    })  # fmt: skip
    return locked


@transaction.atomic
def keep_clock(
    *, actor: User, clock: Clock | None, values: Mapping[str, object], now: datetime
) -> Clock:
    """Enter a clock, or correct one; raises ``NotAllowed`` and ``ValidationError``."""
    if not rules.can_approve_asks(actor):
        raise NotAllowed
    locked = Clock() if clock is None else Clock.objects.select_for_update().get(pk=clock.pk)
    before = {} if clock is None else {name: str(getattr(locked, name)) for name in values}
    for name, value in values.items():
        setattr(locked, name, value)
    locked.full_clean()
    locked.save()
    changed = {
        name: [old, str(getattr(locked, name))]
        for name, old in before.items()
        if old != str(getattr(locked, name))
    }
    audit(actor, "asks.clock.keep", locked, at=now, changed=changed)
    return locked


def _follows(request: InformationRequest, kind: str, kinds: list[str]) -> bool:
    is_answered = Kind.ANSWERED in kinds
    is_paused = kinds.count(Kind.CLARIFICATION) > kinds.count(Kind.CLARIFIED)
    if kind in ONCE and kind in kinds:
        return False
    if kind == Kind.DECIDED:
        return Kind.APPEALED in kinds
    if kind == Kind.CLARIFIED:
        return is_paused
    if kind == Kind.CLARIFICATION:
        return not is_paused and not is_answered
    if kind == Kind.EXTENDED:
        return not is_answered and request.clock is not None and bool(request.clock.extension)
    return kind in {Kind.ANSWERED, Kind.APPEALED} or not is_answered


def _locked(actor: User, request: InformationRequest) -> InformationRequest:
    rows = InformationRequest.objects.select_for_update(of=("self",))
    locked = rows.select_related("dossier", "clock").get(pk=request.pk)
    if not rules.can_edit_asks_of(actor, locked.dossier) or not is_readable_by(actor, locked):
        raise NotAllowed
    return locked
