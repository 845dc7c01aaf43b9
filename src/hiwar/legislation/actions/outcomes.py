"""What became of amendments, confirmed by a person; what authorities answered, recorded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.actions.people import NotAllowed
from hiwar.accounts.queries import is_readable_by
from hiwar.common.actions import audit
from hiwar.common.dates import local_day
from hiwar.common.refusals import Refused
from hiwar.legislation import rules
from hiwar.legislation.models import Amendment, AmendmentOutcome, Law, OfficialAnswer

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from hiwar.accounts.models import User
    from hiwar.engine.law import Outcome
    from hiwar.legislation.models import LawVersion


class NotLater(Refused):
    """Outcomes are read in a later version."""

    code = "not_later"
    message = _("What became of a proposal is read in a later version of the same law.")


class AnswerToCome(Refused):
    """An answer of a day that is still to come."""

    code = "answer_to_come"
    message = _("An answer is recorded when it was given: this day is still to come.")


@dataclass(frozen=True, slots=True)
class AnswerFacts:
    """What an authority answered; ``eid`` is empty for the law as a whole."""

    body: str
    text: Mapping[str, str]
    source: str
    answered_on: date
    eid: str = ""
    is_published: bool = False


@transaction.atomic
def confirm_outcome(
    *, actor: User, amendment: Amendment, version: LawVersion, suggested: Outcome, result: str,
    note: str, now: datetime,
) -> AmendmentOutcome:  # fmt: skip
    """Say what became of an adopted amendment in a later version, whatever was suggested.

    Said again, it replaces what was said; the log keeps both. Raises ``NotAllowed``, ``NotLater``
    and ``ValidationError``.
    """
    law = Law.objects.select_for_update().get(pk=amendment.law_id)
    if not (rules.can_edit_law(actor, law) and is_readable_by(actor, version)):
        raise NotAllowed
    later = version.law_id == law.pk and version.number > amendment.version.number
    if not later or amendment.state != Amendment.State.ADOPTED:
        raise NotLater
    outcome = AmendmentOutcome.objects.filter(amendment=amendment, version=version).first()
    before = outcome.result if outcome else ""
    outcome = outcome or AmendmentOutcome(amendment=amendment, version=version)
    outcome.result, outcome.note = result, note.strip()
    outcome.suggested, outcome.words = suggested.result, suggested.words[:500]
    outcome.eid, outcome.confirmed_by, outcome.confirmed_at = suggested.eid[:120], actor, now
    outcome.full_clean(exclude=["amendment", "version", "confirmed_by"], validate_unique=False)
    outcome.save()
    audit(actor, "legislation.amendment.outcome", law, at=now, changed={
        f"amendment {amendment.number}": [before, result],
    })  # fmt: skip
    return outcome


@transaction.atomic
def record_answer(*, actor: User, law: Law, facts: AnswerFacts, now: datetime) -> OfficialAnswer:
    """Record what an authority answered, with source and day.

    Raises ``NotAllowed``, ``AnswerToCome`` and ``ValidationError``.
    """
    locked = Law.objects.select_for_update().get(pk=law.pk)
    allowed = rules.can_edit_law(actor, locked)
    if not allowed or (facts.is_published and not rules.can_publish_law(actor, locked)):
        raise NotAllowed
    if facts.answered_on > local_day(now):
        raise AnswerToCome
    answer = OfficialAnswer(
        law=locked, eid=facts.eid, body=facts.body.strip(), text=facts.text,
        source=facts.source.strip(), answered_on=facts.answered_on,
        is_published=facts.is_published, recorded_by=actor, recorded_at=now,
    )  # fmt: skip
    answer.full_clean(exclude=["law", "recorded_by"])
    answer.save()
    audit(actor, "legislation.law.answer", locked, at=now, changed={"answer": ["", str(answer.pk)]})
    return answer
