"""Everything of the house leaves: asked for by one person, let go by another, there for a day."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hiwar.accounts import rules
from hiwar.accounts.actions.people import NotAllowed
from hiwar.common import crypto, jobs
from hiwar.common.actions import SYSTEM, audit
from hiwar.common.models import HouseExport
from hiwar.common.moving import keeping
from hiwar.common.refusals import Refused

if TYPE_CHECKING:
    import io
    from datetime import datetime
    from uuid import UUID

    from hiwar.accounts.models import User

State = HouseExport.State
KEPT, ASKED_AT_MOST = timedelta(hours=24), timedelta(days=7)
SHORTEST = 16


class PassphraseTooShort(Refused):
    """The passphrase could be guessed."""

    code = "passphrase_too_short"
    message = _("Choose at least four words, 16 letters in all.")


class OtherPersonNeeded(Refused):
    """Whoever asked cannot let it go."""

    code = "other_person_needed"
    message = _("Somebody else than who asked lets everything of the house go.")


class ExportSettled(Refused):
    """It was let go or ended already."""

    code = "export_settled"
    message = _("This export was let go or ended already.")


class ExportGone(Refused):
    """The file is not there, not yet or no more."""

    code = "export_gone"
    message = _("The file is not there: it is still being written, or its day is over.")


@transaction.atomic
def ask_for_export(*, actor: User, passphrase: str, now: datetime) -> HouseExport:
    """Ask for everything; nothing is written until a second person agrees.

    ``passphrase`` opens what lies sealed in it. Raises ``NotAllowed`` and ``PassphraseTooShort``.
    """
    if not rules.can_move_house(actor):
        raise NotAllowed
    passphrase = passphrase.strip()
    if len(passphrase) < SHORTEST:
        raise PassphraseTooShort
    export = HouseExport(asked_by=actor.reference, asked_at=now)
    export.sealed = crypto.seal(passphrase.encode(), export.reference)
    export.save()
    audit(actor, "common.houseexport.ask", export, at=now)
    return export


@transaction.atomic
def agree_to_export(*, actor: User, export: HouseExport, now: datetime) -> HouseExport:
    """Let it be written, as the second person.

    Raises ``NotAllowed``, ``ExportSettled`` and ``OtherPersonNeeded``.
    """
    if not rules.can_let_house_go(actor):
        raise NotAllowed
    locked = _locked(export, State.ASKED)
    if locked.asked_by == actor.reference:
        raise OtherPersonNeeded
    locked.state, locked.agreed_by = State.WRITING, actor.reference
    locked.save(update_fields=["state", "agreed_by"])
    audit(actor, "common.houseexport.agree", locked, at=now)
    jobs.enqueue("accounts.write_house_export", locked.pk, key=f"export {locked.pk}", now=now)
    return locked


@transaction.atomic
def end_export(*, actor: User | None, export: HouseExport, now: datetime) -> HouseExport:
    """Take an export back, or destroy its file; ``actor`` None when its time is over.

    Raises ``NotAllowed`` and ``ExportSettled``.
    """
    if actor is not None and not rules.can_see_house_exports(actor):
        raise NotAllowed
    locked = _locked(export, State.ASKED, State.WRITING, State.READY, State.FAILED)
    _end(locked)
    audit(actor, "common.houseexport.end", locked, at=now)
    return locked


def write_export(*, key: UUID, now: datetime) -> None:
    """Write the file of an export that two people let go; for the queue."""
    export = HouseExport.objects.filter(pk=key, state=State.WRITING).first()
    if export is None:
        return
    passphrase = crypto.unseal(bytes(export.sealed), export.reference).decode()
    private, rows, size = keeping.write_file(
        key, recipients=settings.BACKUP_RECIPIENTS, passphrase=passphrase, now=now
    )
    written = HouseExport.objects.filter(pk=key, state=State.WRITING).update(
        state=State.READY, rows=rows, size=size, ready_at=now, ends_at=now + KEPT,
        sealed=crypto.seal(private.encode(), export.reference),
    )  # fmt: skip
    if not written:
        keeping.destroy_file(key)


def give_up_export(*, key: str, error: str) -> None:
    """Say that an export could not be written; its passphrase is forgotten."""
    HouseExport.objects.filter(pk=key, state=State.WRITING).update(state=State.FAILED, sealed=b"")


@transaction.atomic
def take_export(*, actor: User, export: HouseExport, now: datetime) -> io.BufferedReader:
    """Return the file as a stream and keep who took it; raises ``NotAllowed``, ``ExportGone``."""
    if not rules.can_move_house(actor):
        raise NotAllowed
    locked = HouseExport.objects.select_for_update().get(pk=export.pk)
    if locked.state != State.READY or locked.ends_at is None or locked.ends_at <= now:
        raise ExportGone
    private = crypto.unseal(bytes(locked.sealed), locked.reference).decode()
    try:
        stream = keeping.opened_file(locked.pk, private)
    except FileNotFoundError as error:
        raise ExportGone from error
    locked.taken_at = now
    locked.save(update_fields=["taken_at"])
    audit(actor, "common.houseexport.export", locked, at=now, changed={"rows": locked.rows})
    return stream


@transaction.atomic
def note_export(*, rows: int, size: int, now: datetime) -> HouseExport:
    """Keep in the log that an operator wrote everything out by the command."""
    export = HouseExport.objects.create(
        state=State.ENDED, asked_by=SYSTEM, agreed_by=SYSTEM, asked_at=now, ready_at=now,
        taken_at=now, rows=rows, size=size,
    )  # fmt: skip
    audit(None, "common.houseexport.export", export, at=now, changed={"rows": rows})
    return export


def end_old_exports(*, now: datetime) -> int:
    """Destroy what nobody took within its day, and what nobody agreed to; return how many."""
    over = HouseExport.objects.filter(state=State.READY, ends_at__lte=now) | (
        HouseExport.objects.filter(state=State.ASKED, asked_at__lte=now - ASKED_AT_MOST)
    )
    exports = list(over.order_by("pk"))
    for export in exports:
        end_export(actor=None, export=export, now=now)
    return len(exports)


def _locked(export: HouseExport, *states: str) -> HouseExport:
    locked = HouseExport.objects.select_for_update().get(pk=export.pk)
    if locked.state not in states:
        raise ExportSettled
    return locked


def _end(export: HouseExport) -> None:
    key: UUID = export.pk
    export.state, export.sealed = State.ENDED, b""
    export.save(update_fields=["state", "sealed"])
    transaction.on_commit(lambda: keeping.destroy_file(key))
