"""The rule of attribution: set before, never loosened after without every speaker's consent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.actions.people import NotAllowed
from hiwar.common.actions import audit
from hiwar.common.models import Visibility
from hiwar.common.refusals import Refused
from hiwar.common.search.indexing import index_record
from hiwar.events import rules
from hiwar.events.actions.events import OVER
from hiwar.events.models import Event, SpeakerConsent
from hiwar.events.queries import search_documents
from hiwar.events.queries.attribution import STRICTNESS, has_unnamed_speech, speakers_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from hiwar.accounts.models import User
    from hiwar.events.models import AgendaItem, Attendance


class AttributionBinding(Refused):
    """People spoke under a rule; it binds until every one of them agrees to a looser one."""

    code = "attribution_binding"
    message = _(
        "People spoke under this rule. It can be loosened only when every speaker has agreed and"
        " the agreement is recorded."
    )


class RuleMissing(Refused):
    """No event is published before people know what may be passed on."""

    code = "rule_missing"
    message = _("Before publishing, set the rule of attribution.")


class SafetyNoteMissing(Refused):
    """No event is published before it is written what is done for safety."""

    code = "safety_note_missing"
    message = _("Before publishing, write the safety note.")


class NotYetHeld(Refused):
    """What follows an event is done after it."""

    code = "not_yet_held"
    message = _("This is possible once the event has begun.")


def is_looser(new: str, old: str) -> bool:
    """Return whether one rule gives more away than another; nothing is looser than none."""
    return bool(old) and STRICTNESS.get(new, 0) < STRICTNESS[old]


def refuse_loosening(
    event: Event, attribution: str, *, now: datetime, item: AgendaItem | None = None
) -> None:
    """Refuse to loosen a rule after people spoke unless every speaker agreed.

    Raises ``AttributionBinding``, also when somebody spoke whom nobody can ask any more.
    """
    if event.starts_at > now and event.state not in OVER:
        return
    if has_unnamed_speech(event, item):
        raise AttributionBinding
    needed = set(speakers_of(event, item).values_list("pk", flat=True))
    enough = [code for code, rank in STRICTNESS.items() if rank <= STRICTNESS.get(attribution, 0)]
    speaker_consents = SpeakerConsent.objects.filter(event=event, attribution__in=enough)
    if needed - set(speaker_consents.values_list("speaker_id", flat=True)):
        raise AttributionBinding


@transaction.atomic
def set_attribution(*, actor: User, event: Event, attribution: str, now: datetime) -> Event:
    """Set the rule of an event; raises ``NotAllowed`` and ``AttributionBinding``."""
    if not rules.can_run_event(actor, event):
        raise NotAllowed
    old = event.attribution
    if old == attribution:
        return event
    if is_looser(attribution, old):
        refuse_loosening(event, attribution, now=now)
    event.attribution = attribution
    event.modified_at = now
    event.save(update_fields=["attribution", "modified_at"])
    changed = {"attribution": [old, attribution]}
    audit(actor, "events.event.set_attribution", event, at=now, changed=changed)
    return event


@transaction.atomic
def record_consent(
    *, actor: User, speaker: Attendance, attribution: str, how: str, now: datetime
) -> SpeakerConsent:
    """Write down that a speaker agrees to a looser rule, and how they said so.

    Raises ``NotAllowed``.
    """
    event = speaker.event
    if not (rules.can_run_event(actor, event) and rules.can_see_speakers(actor, event)):
        raise NotAllowed
    consent, _made = SpeakerConsent.objects.update_or_create(
        speaker=speaker,
        attribution=attribution,
        defaults={"event": event, "how": how, "recorded_by": actor, "recorded_at": now},
    )
    audit(actor, "events.consent.record", event, at=now, changed={"attribution": attribution})
    return consent


@transaction.atomic
def publish_event(
    *, actor: User, event: Event, now: datetime, is_for_everybody: bool = False
) -> Event:
    """Open an event for inviting; for everybody it also gets a public page.

    Raises ``NotAllowed``, ``SafetyNoteMissing`` and ``RuleMissing``.
    """
    may = rules.can_publish_event if is_for_everybody else rules.can_run_event
    if not may(actor, event):
        raise NotAllowed
    if not event.safety_note:
        raise SafetyNoteMissing
    if not event.attribution:
        raise RuleMissing
    changed: Mapping[str, object] = {"state": [event.state, Event.State.READY]}
    event.published_at = event.published_at or now
    if event.state == Event.State.PLANNED:
        event.state = Event.State.READY
    if is_for_everybody:
        event.visibility = Visibility.PUBLIC
    event.sequence += 1
    event.modified_at = now
    event.save()
    index_record(search_documents.KIND, search_documents.document_of(event))
    audit(actor, "events.event.publish", event, at=now, changed=changed)
    return event


@transaction.atomic
def hold_event(*, actor: User, event: Event, now: datetime) -> Event:
    """Close an event as held; raises ``NotAllowed`` and ``NotYetHeld``."""
    if not rules.can_run_event(actor, event):
        raise NotAllowed
    if event.starts_at > now:
        raise NotYetHeld
    if event.state in OVER:
        return event
    before, event.state, event.held_at = event.state, Event.State.HELD, now
    event.modified_at = now
    event.save(update_fields=["state", "held_at", "modified_at"])
    changed = {"state": [before, event.state]}
    audit(actor, "events.event.hold", event, at=now, changed=changed)
    return event
