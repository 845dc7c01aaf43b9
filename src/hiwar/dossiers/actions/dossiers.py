"""Dossiers: made, edited, moved from state to state, put away and brought back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.actions.people import NotAllowed
from hiwar.accounts.queries import is_readable_by
from hiwar.common.actions import audit, update_record
from hiwar.common.models import Visibility
from hiwar.common.numbering import next_number
from hiwar.common.refusals import Refused
from hiwar.common.search.indexing import index_record, remove_record
from hiwar.dossiers import rules
from hiwar.dossiers.models import NEXT_STATES, Dossier, StateChange
from hiwar.dossiers.queries.search_documents import PUBLIC_DOSSIER, document_of_dossier

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

    from hiwar.accounts.models import User
    from hiwar.dossiers.models import Programme, Project

GUARDS = frozenset(["visibility", "owner"])
CHANGEABLE = GUARDS | {"title", "aim", "where_it_stands", "opened_on", "code"}
WORDS_OF_ADDRESS = 80


class CodeTaken(Refused):
    """Another dossier has this code."""

    code = "code_taken"
    message = _("Another dossier has this code.")


class ProjectElsewhere(Refused):
    """A project belongs to one programme."""

    code = "project_elsewhere"
    message = _("This project belongs to another programme.")


class ReasonMissing(Refused):
    """A step out of the usual order needs a reason."""

    code = "reason_missing"
    message = _("This step is out of the usual order: say why.")


class SameState(Refused):
    """The dossier is in this state already."""

    code = "same_state"
    message = _("The dossier is in this state already.")


class DayOutOfOrder(Refused):
    """A state begins on or after the day the one before it began, and not in the future."""

    code = "day_out_of_order"
    message = _("The day lies before the last change of state, or in the future.")


class NothingToTakeBack(Refused):
    """No change of state can be taken back."""

    code = "nothing_to_take_back"
    message = _("There is no change of state that could be taken back.")


class WouldLoseSight(Refused):
    """Whoever changes the readers must still be one of them."""

    code = "would_lose_sight"
    message = _("You would no longer be able to read this yourself. Only its owner can do this.")


class Archived(Refused):
    """A dossier that was put away is not edited."""

    code = "archived"
    message = _("This dossier was put away. Bring it back first.")


@dataclass(frozen=True, slots=True)
class Why:
    """On what a change of state rests: the source, its address, the reason in words."""

    source: str = ""
    source_url: str = ""
    reason: Mapping[str, str] = field(default_factory=dict)


@transaction.atomic
def create_dossier(
    *,
    actor: User,
    title: Mapping[str, str],
    now: datetime,
    programme: Programme | None = None,
    aim: Mapping[str, str] | None = None,
    code: str = "",
    slug: str = "",
    visibility: str = Visibility.INSTITUTION,
) -> Dossier:
    """Make a dossier, observed until somebody decides otherwise, owned by whoever makes it."""
    if not rules.can_edit_dossiers(actor):
        raise NotAllowed
    if visibility == Visibility.PUBLIC and not rules.can_decide_state(actor):
        raise NotAllowed
    wanted = code.strip() or _free_code()
    if Dossier.objects.filter(code__iexact=wanted).exists():
        raise CodeTaken
    dossier = Dossier(
        code=wanted,
        slug=slug or _free_address(title, wanted),
        title=title,
        aim=aim or {},
        programme=programme,
        visibility=visibility,
        owner=actor,
        created_at=now,
        is_demo=actor.is_demo,
    )
    dossier.full_clean()
    dossier.save()
    _index(dossier)
    audit(actor, "dossiers.dossier.create", dossier, at=now, changed={"code": [None, wanted]})
    return dossier


@transaction.atomic
def update_dossier(
    *, actor: User, dossier: Dossier, changes: Mapping[str, object], now: datetime
) -> bool:
    """Change what is written about a dossier, or who reads it; return whether anything did."""
    _may_edit(actor, dossier)
    allowed = {name: value for name, value in changes.items() if name in CHANGEABLE}
    guards = {name for name in GUARDS & set(allowed) if allowed[name] != getattr(dossier, name)}
    if guards and not rules.can_change_readers(actor, dossier):
        raise NotAllowed
    opens = "visibility" in guards and allowed["visibility"] == Visibility.PUBLIC
    if opens and not rules.can_publish_dossier(actor, dossier):
        raise NotAllowed
    code = allowed.get("code", dossier.code)
    if Dossier.objects.filter(code__iexact=code).exclude(pk=dossier.pk).exists():
        raise CodeTaken
    changed = update_record(actor=actor, record=dossier, changes=allowed, at=now)
    if guards and not is_readable_by(actor, dossier):
        raise WouldLoseSight
    if changed:
        _index(dossier)
    return changed


@transaction.atomic
def set_readers(*, actor: User, dossier: Dossier, readers: Iterable[User], now: datetime) -> None:
    """Name the colleagues who read a dossier that is open to named colleagues only."""
    if not rules.can_change_readers(actor, dossier):
        raise NotAllowed
    before = sorted(user.reference for user in dossier.readers.all())
    dossier.readers.set(readers)
    after = sorted(user.reference for user in dossier.readers.all())
    if not is_readable_by(actor, dossier):
        raise WouldLoseSight
    if before != after:
        changed = {"readers": [before, after]}
        audit(actor, "dossiers.dossier.set_readers", dossier, at=now, changed=changed)


@transaction.atomic
def place_dossier(
    *,
    actor: User,
    dossier: Dossier,
    programme: Programme,
    now: datetime,
    project: Project | None = None,
) -> None:
    """Hang a dossier on a programme, and on a project of it if one is named."""
    _may_edit(actor, dossier)
    if dossier.programme_id is not None and not rules.can_decide_state(actor):
        raise NotAllowed
    if project is not None and project.programme_id != programme.pk:
        raise ProjectElsewhere
    changed = {
        "programme": [dossier.programme, programme],
        "project": [dossier.project, project],
    }
    if (dossier.programme_id, dossier.project_id) == (programme.pk, project and project.pk):
        return
    dossier.programme, dossier.project = programme, project
    dossier.save(update_fields=["programme", "project"])
    audit(actor, "dossiers.dossier.place", dossier, at=now, changed=changed)


@transaction.atomic
def change_state(
    *,
    actor: User,
    dossier: Dossier,
    state: str,
    on: date,
    today: date,
    now: datetime,
    why: Why | None = None,
) -> StateChange:
    """Move a dossier to another state on a day; out of the usual order only with a reason.

    ``today`` is the day at the place of the installation; a state never begins after it.
    """
    locked = Dossier.objects.select_for_update().get(pk=dossier.pk)
    if not rules.can_change_state(actor, locked):
        raise NotAllowed
    if locked.archived_at is not None:
        raise Archived
    if state == locked.state:
        raise SameState
    last = locked.changes.filter(taken_back_at=None).order_by("-number", "pk").first()
    if on > today or (last is not None and on < last.on):
        raise DayOutOfOrder
    why = why or Why()
    reasons = {language: text for language, text in why.reason.items() if text.strip()}
    is_unusual = state not in NEXT_STATES[locked.state]
    if is_unusual and not reasons:
        raise ReasonMissing
    change = StateChange(
        dossier=locked,
        number=next_number(locked.changes),
        before=locked.state,
        after=state,
        on=on,
        source=why.source,
        source_url=why.source_url,
        reason=reasons,
        is_unusual=is_unusual,
        by=actor,
        at=now,
    )
    change.full_clean()
    change.save()
    if locked.opened_on is None and state != Dossier.State.OBSERVED:
        locked.opened_on = dossier.opened_on = on
    _set_state(locked, dossier, state)
    changed = {"state": [change.before, state], "on": on}
    audit(actor, "dossiers.dossier.change_state", dossier, at=now, changed=changed)
    return change


@transaction.atomic
def take_back_state(*, actor: User, dossier: Dossier, now: datetime) -> StateChange:
    """Take back the last change of state: it leaves the history, and stays in the record."""
    locked = Dossier.objects.select_for_update().get(pk=dossier.pk)
    if not rules.can_change_state(actor, locked):
        raise NotAllowed
    last = locked.changes.filter(taken_back_at=None).order_by("-number", "pk").first()
    if last is None:
        raise NothingToTakeBack
    last.taken_back_at = now
    last.save(update_fields=["taken_back_at"])
    _set_state(locked, dossier, last.before)
    changed = {"state": [last.after, last.before]}
    audit(actor, "dossiers.dossier.take_back_state", dossier, at=now, changed=changed)
    return last


@transaction.atomic
def archive_dossier(*, actor: User, dossier: Dossier, now: datetime) -> None:
    """Put a dossier away: it leaves the lists, and nothing of it is lost."""
    _may_edit(actor, dossier)
    dossier.archived_at = now
    dossier.save(update_fields=["archived_at"])
    audit(actor, "dossiers.dossier.archive", dossier, at=now)


@transaction.atomic
def restore_dossier(*, actor: User, dossier: Dossier, now: datetime) -> None:
    """Bring a dossier back that was put away."""
    if not rules.can_edit_dossier(actor, dossier):
        raise NotAllowed
    if dossier.archived_at is None:
        return
    dossier.archived_at = None
    dossier.save(update_fields=["archived_at"])
    audit(actor, "dossiers.dossier.restore", dossier, at=now)


def check_editable(actor: User, dossier: Dossier) -> None:
    """Refuse whoever may not edit a dossier, and any edit of one that was put away."""
    _may_edit(actor, dossier)


def _index(dossier: Dossier) -> None:
    index_record("dossiers.dossier", document_of_dossier(dossier))
    if dossier.visibility == Visibility.PUBLIC and dossier.archived_at is None:
        index_record(PUBLIC_DOSSIER, document_of_dossier(dossier))
    else:
        remove_record(PUBLIC_DOSSIER, dossier.pk)


def _may_edit(actor: User, dossier: Dossier) -> None:
    if not rules.can_edit_dossier(actor, dossier):
        raise NotAllowed
    if dossier.archived_at is not None:
        raise Archived


def _set_state(locked: Dossier, dossier: Dossier, state: str) -> None:
    locked.state = dossier.state = state
    locked.save(update_fields=["state", "opened_on"])


def _free_code() -> str:
    number = Dossier.objects.count() + 1
    while Dossier.objects.filter(code=f"D-{number}").exists():
        number += 1
    return f"D-{number}"


def _free_address(title: Mapping[str, str], code: str) -> str:
    words = next((text for text in title.values() if text), "")
    wanted = slugify(words, allow_unicode=True)[:WORDS_OF_ADDRESS].strip("-")
    if wanted and not Dossier.objects.filter(slug=wanted).exists():
        return wanted
    return slugify(f"{wanted[:40]}-{code}", allow_unicode=True).strip("-") or code.lower()
