"""What stands in a dossier: people, documents, next steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.actions.people import NotAllowed
from hiwar.accounts.queries import is_readable_by
from hiwar.common.actions import audit
from hiwar.common.refusals import Refused
from hiwar.dossiers.actions.dossiers import check_editable
from hiwar.dossiers.models import Document, Dossier, DossierPerson, NextStep
from hiwar.dossiers.queries.vocabularies import words

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from hiwar.accounts.models import User
    from hiwar.contacts.models import Person


class UnknownWord(Refused):
    """A role, kind or group that the lists of words do not have."""

    code = "unknown_word"
    message = _("This word is not in the list.")


class CannotRead(Refused):
    """Nobody is given work on a dossier they may not read."""

    code = "cannot_read"
    message = _("This colleague may not read the dossier. Name them as a reader first.")


class NowhereToBeFound(Refused):
    """A document says where it is: an address, or a place where it is kept."""

    code = "nowhere_to_be_found"
    message = _("Say where the document is: an address, or where it is kept.")


@transaction.atomic
def add_person(
    *,
    actor: User,
    dossier: Dossier,
    role: str,
    now: datetime,
    user: User | None = None,
    person: Person | None = None,
) -> DossierPerson:
    """Give a colleague, or a person of the register, a role in a dossier."""
    check_editable(actor, dossier)
    if role not in words("role"):
        raise UnknownWord
    if user is not None and not is_readable_by(user, dossier):
        raise CannotRead
    if person is not None and not is_readable_by(actor, person):
        raise NotAllowed
    added, is_new = DossierPerson.objects.get_or_create(
        dossier=dossier, role=role, user=user, person=person, defaults={"added_at": now}
    )
    if is_new:
        changed = {"role": role, "person": (user or person)}
        audit(actor, "dossiers.dossier.add_person", dossier, at=now, changed=changed)
    return added


@transaction.atomic
def remove_person(*, actor: User, part: DossierPerson, now: datetime) -> None:
    """Take somebody's role in a dossier away."""
    check_editable(actor, part.dossier)
    changed = {"role": part.role, "person": (part.user or part.person)}
    audit(actor, "dossiers.dossier.remove_person", part.dossier, at=now, changed=changed)
    part.delete()


@transaction.atomic
def add_document(
    *,
    actor: User,
    dossier: Dossier,
    title: Mapping[str, str],
    now: datetime,
    url: str = "",
    kept_at: str = "",
    publisher: str = "",
    published_on: date | None = None,
) -> Document:
    """Add a document or a link to a dossier."""
    check_editable(actor, dossier)
    if not url and not kept_at:
        raise NowhereToBeFound
    document = Document(
        dossier=dossier,
        title=title,
        url=url,
        kept_at=kept_at,
        publisher=publisher,
        published_on=published_on,
        added_at=now,
    )
    document.full_clean()
    document.save()
    audit(actor, "dossiers.document.add", document, at=now)
    return document


@transaction.atomic
def remove_document(*, actor: User, document: Document, now: datetime) -> None:
    """Take a document out of a dossier; it can be put back."""
    check_editable(actor, document.dossier)
    document.removed_at = now
    document.save(update_fields=["removed_at"])
    audit(actor, "dossiers.document.remove", document, at=now)


@transaction.atomic
def restore_document(*, actor: User, document: Document, now: datetime) -> None:
    """Put a document back that was taken out."""
    check_editable(actor, document.dossier)
    document.removed_at = None
    document.save(update_fields=["removed_at"])
    audit(actor, "dossiers.document.restore", document, at=now)


@transaction.atomic
def add_step(
    *,
    actor: User,
    dossier: Dossier,
    what: Mapping[str, str],
    owner: User,
    due_on: date,
    now: datetime,
) -> NextStep:
    """Write down who does what for a dossier by when."""
    check_editable(actor, dossier)
    if not is_readable_by(owner, dossier):
        raise CannotRead
    step = NextStep(dossier=dossier, what=what, owner=owner, due_on=due_on, created_at=now)
    step.full_clean()
    step.save()
    audit(actor, "dossiers.nextstep.add", step, at=now, changed={"due_on": [None, due_on]})
    return step


@transaction.atomic
def finish_step(*, actor: User, step: NextStep, now: datetime) -> None:
    """Say that a next step is done."""
    _may_act_on(actor, step)
    if step.done_at is not None:
        return
    step.done_at, step.done_by = now, actor
    step.save(update_fields=["done_at", "done_by"])
    audit(actor, "dossiers.nextstep.finish", step, at=now)


@transaction.atomic
def reopen_step(*, actor: User, step: NextStep, now: datetime) -> None:
    """Say that a next step is not done after all."""
    _may_act_on(actor, step)
    if step.done_at is None:
        return
    step.done_at = step.done_by = None
    step.save(update_fields=["done_at", "done_by"])
    audit(actor, "dossiers.nextstep.reopen", step, at=now)


def _may_act_on(actor: User, step: NextStep) -> None:
    """Let who answers for a step act on it, even without the permission to edit."""
    if step.owner_id == actor.pk and is_readable_by(actor, step.dossier):
        return
    check_editable(actor, step.dossier)
