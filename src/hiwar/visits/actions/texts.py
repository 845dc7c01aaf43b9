"""The contents of a pack: its texts, talking points, and what it says of each host."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Model

from hiwar.accounts.actions.people import NotAllowed
from hiwar.common.actions import audit
from hiwar.evidence.actions.grounds import note_look, source_of
from hiwar.evidence.queries.grounds import Naming, in_house_order
from hiwar.evidence.queries.library import may_read_source
from hiwar.visits import rules
from hiwar.visits.models import PackHost, PackText, TalkingPoint, Visit

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from hiwar.accounts.models import User
    from hiwar.contacts.models import Interaction, Organisation
    from hiwar.evidence.models import Source


@transaction.atomic
def add_content(
    *,
    actor: User,
    visit: Visit,
    kind: type[PackText] | type[TalkingPoint],
    facts: Mapping[str, object],
    now: datetime,
) -> PackText | TalkingPoint:
    """Add a text or a talking point to the pack of a visit."""
    if not rules.can_run_visit(actor, visit):
        raise NotAllowed
    content = kind(visit=visit, **facts)
    if isinstance(content, TalkingPoint):
        content.full_clean()
        ground_point(actor=actor, point=content, now=now, is_looked_up=True)
    content.full_clean()
    content.save()
    _audit(actor, content, "add", now, {})
    return content


@transaction.atomic
def update_content(
    *, actor: User, content: PackText | TalkingPoint, facts: Mapping[str, object], now: datetime
) -> bool:
    """Change a text or a talking point; return whether anything was other than before.

    What it was and what it became is on record with who changed it.
    """
    if not rules.can_run_visit(actor, content.visit):
        raise NotAllowed
    changed = {}
    for name, value in facts.items():
        old = getattr(content, name)
        setattr(content, name, value)
        if getattr(content, name) != old:
            changed[name] = [_plain(old), _plain(getattr(content, name))]
    if not changed:
        return False
    content.full_clean()
    if isinstance(content, TalkingPoint):
        if "source" not in changed and not changed.keys().isdisjoint(("reference", "address")):
            content.source = None
        is_looked_up = "checked_on" in changed
        ground_point(actor=actor, point=content, now=now, is_looked_up=is_looked_up)
    content.save()
    _audit(actor, content, "update", now, changed)
    return True


@transaction.atomic
def remove_content(*, actor: User, content: PackText | TalkingPoint, now: datetime) -> None:
    """Take a text or a talking point out of the pack; its last words stay on record."""
    if not rules.can_run_visit(actor, content.visit):
        raise NotAllowed
    last = content.body if isinstance(content, PackText) else content.reference
    _audit(actor, content, "remove", now, {"last": dict(last)})
    content.delete()


@transaction.atomic
def check_reference(*, actor: User, point: TalkingPoint, on: date, now: datetime) -> None:
    """Say that what a point rests on was looked up and still says so."""
    if not rules.can_run_visit(actor, point.visit):
        raise NotAllowed
    before, point.checked_on = point.checked_on, on
    point.save(update_fields=["checked_on"])
    _audit(actor, point, "check", now, {"checked_on": [before, on]})
    if point.source is not None:
        note_look(actor=actor, source=point.source, on=on, now=now)


def ground_point(
    *, actor: User, point: TalkingPoint, now: datetime, is_looked_up: bool = False
) -> None:
    """Set the source of the library that a point rests on; note its day if it was looked up.

    One that was chosen stays; otherwise it is the one that the words of the point name. Raises
    ``NotAllowed`` where the chosen one is closed to whoever chooses.
    """
    visit = point.visit
    if point.source is None:
        standing = visit.points.exclude(source=None).values_list("source", flat=True)
        naming = Naming(
            in_house_order(point.reference), visit, point.address, is_demo=visit.is_demo,
            own=set(standing),
        )  # fmt: skip
        point.source = source_of(actor=actor, naming=naming, now=now)
    elif not may_read_source(actor, point.source) and not _rests_on(visit, point.source):
        raise NotAllowed
    if is_looked_up and point.checked_on is not None:
        note_look(actor=actor, source=point.source, on=point.checked_on, now=now)


def look_up_points(actor: User, source: Source, on: date, now: datetime) -> None:
    """Let the points that rest on a source count as looked up, where the person runs the visit."""
    points = TalkingPoint.objects.filter(source=source).select_related("visit", "source")
    for point in points.order_by("visit", "position", "pk"):
        is_older = point.checked_on is None or point.checked_on < on
        if is_older and rules.can_run_visit(actor, point.visit):
            check_reference(actor=actor, point=point, on=on, now=now)


def _rests_on(visit: Visit, source: Source) -> bool:
    return visit.points.filter(source=source).exists()


@transaction.atomic
def write_about_host(
    *,
    actor: User,
    visit: Visit,
    organisation: Organisation,
    about: Mapping[str, str],
    is_for_press: bool,
    risk: str,
    contacts: Iterable[Interaction],
    now: datetime,
) -> PackHost:
    """Say of a host what the pack of this visit says, and which contacts it names.

    That a risk note changed is on record; what it says is in the pack for staff alone.
    """
    if not rules.can_run_visit(actor, visit):
        raise NotAllowed
    host = PackHost.objects.filter(visit=visit, organisation=organisation).first()
    host = host or PackHost(visit=visit, organisation=organisation)
    before = (dict(host.about or {}), host.risk)
    host.about, host.is_for_press, host.risk = about, is_for_press, risk
    host.full_clean()
    host.save()
    host.contacts.set(contacts)
    changed: dict[str, object] = {"what": str(organisation.name)}
    if before[0] != dict(host.about):
        changed["about"] = [before[0], dict(host.about)]
    if before[1] != risk:
        changed["risk"] = True
    audit(actor, "visits.host.write", visit, at=now, changed=changed)
    return host


def _audit(
    actor: User,
    content: PackText | TalkingPoint,
    verb: str,
    now: datetime,
    changed: Mapping[str, object],
) -> None:
    name = content._meta.model_name
    what = {"what": str(content)[:120], **changed}
    audit(actor, f"visits.{name}.{verb}", content.visit, at=now, changed=what)


def _plain(value: object) -> object:
    if isinstance(value, Model):
        return str(value.pk)
    return dict(value) if isinstance(value, Mapping) else value
