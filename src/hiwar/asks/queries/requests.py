"""Information requests: how far each has come, until when an answer is due, and why that day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hiwar.accounts.queries import WIDE, readable_by
from hiwar.asks import rules
from hiwar.asks.models import InformationRequest, RequestStep
from hiwar.common.models import Visibility
from hiwar.contacts.queries import organisations_for
from hiwar.dossiers.queries.dossiers import all_readable
from hiwar.places.queries.calendars import the_calendar
from hiwar.places.queries.deadlines import (
    DaysOff,
    Extension,
    Interruption,
    days_off,
    reckon,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from django.db.models import QuerySet

    from hiwar.accounts.models import User
    from hiwar.places.queries.deadlines import Deadline, Roll, StartRule, Unit

Kind = RequestStep.Kind


@dataclass(frozen=True, slots=True)
class Course:
    """How far a request has come.

    Attributes
    ----------
    request, steps
        The steps by their days.
    due : Deadline or None
        None while it is paused because they asked what is meant.
    appeal : Deadline or None
        Until when one can appeal, where the clock says so.
    answer : RequestStep or None
        The first answer.
    is_unanswered : bool
        The day has passed and no answer came by then; one that came later leaves the gap.
    """

    request: InformationRequest
    steps: tuple[RequestStep, ...]
    due: Deadline | None
    appeal: Deadline | None
    answer: RequestStep | None
    is_unanswered: bool

    @property
    def label(self) -> str:
        """How far it has come, in words."""
        last = self.steps[-1] if self.steps else None
        if self.is_unanswered and self.answer is None:
            return _("no answer, and the day has passed")
        if last is None:
            return pgettext("request", "filed")
        if last.result:
            return f"{last.get_kind_display()}: {last.get_result_display()}"
        return str(last.get_kind_display())

    @property
    def tone(self) -> str:
        """The tone of the label."""
        if self.answer is None:
            return "danger" if self.is_unanswered else ""
        return "success" if self.answer.result == RequestStep.Result.FULL else "info"


def requests_for(user: User) -> QuerySet[InformationRequest]:
    """Return the requests a user may read, in dossiers and to bodies that they may read."""
    if not rules.can_see_asks(user):
        return InformationRequest.objects.none()
    requests = InformationRequest.objects.filter(
        readable_by(user, InformationRequest),
        dossier__in=all_readable(user).order_by().values("pk"),
        organisation__in=organisations_for(user).order_by().values("pk"),
    )
    return _whole(requests)


def public_requests() -> QuerySet[InformationRequest]:
    """Return the requests that everybody may read: to bodies that the whole house may know."""
    return _whole(
        InformationRequest.objects.filter(
            visibility=Visibility.PUBLIC, organisation__visibility__in=WIDE
        )
    )


def _whole(requests: QuerySet[InformationRequest]) -> QuerySet[InformationRequest]:
    whole = requests.select_related("dossier", "organisation", "clock", "owner")
    return whole.prefetch_related("steps").order_by("-filed_on", "-created_at", "pk")


def courses_of(requests: Iterable[InformationRequest], today: date) -> list[Course]:
    """Return how far requests have come, in their order; the calendar is asked once."""
    rows = list(requests)
    calendar = the_calendar()
    first = min((row.filed_on for row in rows), default=today)
    off = DaysOff(frozenset(), ()) if calendar is None else days_off(calendar, first)
    return [_course(row, off, today) for row in rows]


def course_of(request: InformationRequest, today: date) -> Course:
    """Return how far one request has come."""
    return courses_of([request], today)[0]


def _course(request: InformationRequest, off: DaysOff, today: date) -> Course:
    steps = sorted(request.steps.all(), key=lambda step: (step.day, step.recorded_at))
    due = _due(request, steps, off)
    answer = next((step for step in steps if step.kind == Kind.ANSWERED), None)
    came = answer.day if answer is not None else today
    is_unanswered = due is not None and due.day < came
    appeal = None
    clock = request.clock
    if clock is not None and clock.appeal and (answer is not None or is_unanswered):
        begins = answer.day if answer is not None else due.day if due is not None else today
        unit = cast("Unit", clock.unit)
        appeal = reckon(off, begins, clock.appeal, unit, roll=cast("Roll", clock.roll))
    return Course(request, tuple(steps), due, appeal, answer, is_unanswered)


def _due(
    request: InformationRequest, steps: Sequence[RequestStep], off: DaysOff
) -> Deadline | None:
    """Return the last day for an answer; None while they wait for us to say what is meant."""
    received = next((step.day for step in steps if step.kind == Kind.RECEIVED), request.filed_on)
    pauses, paused_since = [], None
    extensions = []
    clock = request.clock
    for step in steps:
        if step.kind == Kind.CLARIFICATION:
            paused_since = step.day
        elif step.kind == Kind.CLARIFIED and paused_since is not None:
            word = str(RequestStep.Kind.CLARIFICATION.label)
            pauses.append(Interruption(paused_since, step.day, word))
            paused_since = None
        elif step.kind == Kind.EXTENDED and clock is not None and clock.extension:
            word = str(step.get_kind_display())
            extensions.append(Extension(clock.extension, cast("Unit", clock.unit), word))
    if paused_since is not None:
        return None
    if clock is None:
        return reckon(
            off, received, request.days or 1, "working_days", start_rule="receipt",
            interruptions=pauses,
        )  # fmt: skip
    return reckon(
        off, received, clock.length, cast("Unit", clock.unit),
        start_rule=cast("StartRule", clock.start_rule), roll=cast("Roll", clock.roll),
        interruptions=pauses, extensions=extensions,
    )  # fmt: skip
