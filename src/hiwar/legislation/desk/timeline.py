"""What laws add to the history of their dossier, and what lies ahead of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hiwar.accounts.queries import readable_by
from hiwar.common.dates import local_day
from hiwar.dossiers.queries.extension_points import TimelineEntry
from hiwar.legislation.models import (
    Consultation,
    LawVersion,
    LegislativeStep,
    Memorandum,
    OfficialAnswer,
)
from hiwar.legislation.queries.deadlines import deadlines_of
from hiwar.legislation.queries.laws import laws_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime
    from uuid import UUID

    from hiwar.accounts.models import User
    from hiwar.dossiers.models import Dossier
    from hiwar.legislation.models import Law


def timeline(user: User, dossier: Dossier) -> Iterator[TimelineEntry]:
    """Yield what happened to the laws of a dossier, and their clocks, as a user may read them."""
    laws = {law.pk: law for law in laws_for(user).filter(dossier=dossier)}
    if not laws:
        return
    now = timezone.now()
    steps = LegislativeStep.objects.filter(law__in=list(laws), happened_on__isnull=False)
    for step in steps.select_related("stage").order_by("happened_on", "recorded_at", "pk"):
        assert step.happened_on is not None  # noqa: S101 - the filter says so
        yield _entry(laws[step.law_id], step.happened_on, str(step), text=step.note)
    versions = LawVersion.objects.filter(readable_by(user, LawVersion), law__in=list(laws))
    for version in versions.defer("text").order_by("dated_on", "number", "language"):
        state = _("Version %(number)s (%(language)s)") % {
            "number": version.number, "language": version.language,
        }  # fmt: skip
        url = reverse("legislation:version", args=[version.law_id, version.pk])
        yield _entry(laws[version.law_id], version.dated_on, state, url=url)
    yield from _of_consultations(user, laws, now)
    readable = readable_by(user, LawVersion, path="version__")
    letters = Memorandum.objects.filter(readable, law__in=list(laws), sent_at__isnull=False)
    for letter in letters.order_by("sent_at", "pk"):
        assert letter.sent_at is not None  # noqa: S101 - the filter says so
        url = reverse("legislation:memorandum", args=[letter.law_id, letter.pk])
        yield _entry(
            laws[letter.law_id], local_day(letter.sent_at), _("A memorandum was sent"), url=url,
            text=str(letter),
        )  # fmt: skip
    answers = OfficialAnswer.objects.filter(law__in=list(laws))
    for answer in answers.order_by("answered_on", "pk"):
        state = _("Official answer: %(body)s") % {"body": answer.body}
        yield _entry(laws[answer.law_id], answer.answered_on, state, text=str(answer.text))
    for deadline in deadlines_of(user, laws.values(), now):
        if deadline.clock is not None and deadline.day >= local_day(now):
            yield _entry(laws[deadline.law], deadline.day, deadline.text, is_expected=True)


def _of_consultations(user: User, laws: dict[UUID, Law], now: datetime) -> Iterator[TimelineEntry]:
    consultations = Consultation.objects.filter(
        readable_by(user, LawVersion, path="version__"), law__in=list(laws)
    )
    for consultation in consultations.order_by("opens_on", "pk"):
        law = laws[consultation.law_id]
        url = reverse("legislation:consultation", args=[consultation.pk])
        state = consultation.state(now)
        yield _entry(
            law, consultation.opens_on, _("The consultation opens"), url=url,
            is_expected=state == "coming",
        )  # fmt: skip
        yield _entry(
            law, consultation.closes_on, _("The consultation closes"), url=url,
            is_expected=state in {"coming", "open"},
        )  # fmt: skip


def _entry(
    law: Law, on: date, state: str, *, url: str = "", text: str = "", is_expected: bool = False
) -> TimelineEntry:
    return TimelineEntry(
        on=on, kind="law", label=pgettext("timeline", "Law"), icon="law", title=str(law),
        url=url or reverse("legislation:law", args=[law.pk]), text=text, state=state,
        is_expected=is_expected,
    )  # fmt: skip
