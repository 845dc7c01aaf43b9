"""What was said, promised and thought: notes, undertakings, people met, themes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.actions.people import NotAllowed
from hiwar.common.actions import audit
from hiwar.common.refusals import Refused
from hiwar.visits import rules
from hiwar.visits.models import MeetingNote, ThemeTag, Undertaking

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from hiwar.accounts.models import User
    from hiwar.visits.models import Visit, VisitItem


class SaidLater(Refused):
    """A note tells of a time that is yet to come."""

    code = "said_later"
    message = _("This time is still to come.")


@transaction.atomic
def add_note(
    *,
    actor: User,
    item: VisitItem,
    kind: str,
    text: str,
    said_by: str = "",
    at: datetime | None = None,
    now: datetime,
) -> MeetingNote:
    """Write down what was said at an item, or an answer that came later with its own time."""
    if not rules.can_note_visit(actor, item.visit):
        raise NotAllowed
    if at is not None and at > now:
        raise SaidLater
    note = MeetingNote(
        item=item,
        kind=kind,
        text=text,
        said_by=said_by,
        at=at or now,
        recorded_at=now,
        recorded_by=actor,
    )
    note.full_clean()
    note.save()
    audit(actor, "visits.note.add", item.visit, at=now, changed={"item": item.event.code})
    return note


@transaction.atomic
def add_undertaking(
    *,
    actor: User,
    visit: Visit,
    text: Mapping[str, str],
    owner: User,
    due_on: date,
    item: VisitItem | None = None,
    now: datetime,
) -> Undertaking:
    """Write down what somebody will do, who sees to it and by when."""
    if not rules.can_run_visit(actor, visit):
        raise NotAllowed
    undertaking = Undertaking(visit=visit, item=item, text=text, owner=owner, due_on=due_on)
    undertaking.full_clean()
    undertaking.save()
    audit(actor, "visits.undertaking.add", visit, at=now, changed={"due_on": due_on})
    return undertaking


@transaction.atomic
def settle_undertaking(
    *, actor: User, undertaking: Undertaking, done_on: date | None, now: datetime
) -> None:
    """Say that an undertaking was kept, or take that back."""
    if undertaking.owner_id != actor.pk and not rules.can_run_visit(actor, undertaking.visit):
        raise NotAllowed
    undertaking.done_on = done_on
    undertaking.save(update_fields=["done_on"])
    changed = {"undertaking": undertaking.pk, "done_on": done_on}
    audit(actor, "visits.undertaking.settle", undertaking.visit, at=now, changed=changed)


@transaction.atomic
def count_people(
    *, actor: User, item: VisitItem, counts: Mapping[str, int | None], now: datetime
) -> None:
    """Keep how many women, men and others were met; nobody is named."""
    if not rules.can_note_visit(actor, item.visit):
        raise NotAllowed
    for name in ("female", "male", "other"):
        setattr(item, f"met_{name}", counts.get(name))
    item.full_clean()
    item.save(update_fields=["met_female", "met_male", "met_other"])
    audit(actor, "visits.item.count", item.visit, at=now, changed={"item": item.event.code})


@transaction.atomic
def tag_item(*, actor: User, item: VisitItem, themes: Sequence[ThemeTag], now: datetime) -> None:
    """Put an item under themes."""
    if not rules.can_run_visit(actor, item.visit):
        raise NotAllowed
    item.themes.set(themes)
    changed = {"item": item.event.code, "themes": [theme_tag.code for theme_tag in themes]}
    audit(actor, "visits.item.tag", item.visit, at=now, changed=changed)
