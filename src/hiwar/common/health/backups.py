"""Backups as somebody looks after them: made, proved, elsewhere, openable; the list beside them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hiwar.common.backup import offsite, proving
from hiwar.common.backup.copying import DUTY, day_of, is_backup_late, kept_in
from hiwar.common.health.findings import amber, green, red
from hiwar.common.models import Erasure
from hiwar.common.personal import ledger

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from hiwar.common.health.findings import Finding


def look(now: datetime) -> Iterator[Finding]:
    """Yield what there is to tell of copies of the house, and of the list of who was erased."""
    yield _erased_list()
    label = _("Backups")
    if not settings.BACKUP_RECIPIENTS:
        action = _("hiwar backup --new-key prints two keys and says where each belongs.")
        text = _("No backup is made by itself.")
        # A demonstration has nothing to lose.
        yield (amber if settings.DEMO else red)("backups", label, text, action)
        return
    last, kept = day_of(DUTY), kept_in(settings.BACKUP_TO)
    if is_backup_late(now):
        text = _("No backup for two nights.")
        yield red(
            "backups", label, text, _("The page of jobs says why; write one now: hiwar backup")
        )
    elif last is not None and not kept:
        text = _("The folder of the backups, %(path)s, holds none.") % {"path": settings.BACKUP_TO}
        yield red("backups", label, text, _("Is the disk connected? Write one now: hiwar backup"))
    elif last is None:
        yield green("backups", label, _("The first one is made in the night."))
    else:
        hours = max(int((now - last) / timedelta(hours=1)), 0)
        text = ngettext(
            "The last one is %(n)d hour old.", "The last one is %(n)d hours old.", hours
        ) % {"n": hours}
        yield green(
            "backups", label, text if hours else _("The last one is less than an hour old.")
        )
    if len(settings.BACKUP_RECIPIENTS) < 2:
        yield amber(
            "backup_recipients", label, _("One key alone opens the backups."),
            _("Make a second pair, for the safe: hiwar backup --new-key"),
        )  # fmt: skip
    folder = settings.BACKUP_TO if settings.BACKUP_TO.exists() else settings.DATA
    if folder.stat().st_dev == settings.DATA.stat().st_dev:
        yield amber(
            "backup_disk", label, _("Backups lie on the disk of the data."),
            _("Name another disk in HIWAR_BACKUP_TO, and carry a copy to another building."),
        )  # fmt: skip
    yield _proof(now)
    yield _keys(now)
    yield _copies(now)


def _proof(now: datetime) -> Finding:
    code, label = "backup_proof", _("Proof of the backups")
    last = day_of(proving.PROOF)
    action = _("The page of jobs says why; prove one now: hiwar prove")
    if last is None:
        text = _("None was restored and compared yet.")
        if proving.is_proof_late(now):
            return red(code, label, text, action)
        return amber(code, label, text, _("It is done in the night; at once: hiwar prove"))
    days = max((now - last).days, 0)
    text = ngettext(
        "One was restored and compared %(n)d day ago.",
        "One was restored and compared %(n)d days ago.",
        days,
    ) % {"n": days}
    if proving.is_proof_late(now):
        return red(code, label, text, action)
    return green(code, label, text)


def _keys(now: datetime) -> Finding:
    code, label = "backup_keys", _("Private keys of the backups")
    untried = len(proving.untried_keys(now))
    if not untried:
        return green(code, label, _("Each opened a backup within the last year."))
    text = ngettext(
        "%(n)d key was not tried within the last year: is the paper right?",
        "%(n)d keys were not tried within the last year: are the papers right?",
        untried,
    ) % {"n": untried}
    return amber(code, label, text, _("With the paper from the safe: hiwar prove"))


def _copies(now: datetime) -> Finding:
    code, label = "backup_copy", _("Second place of the backups")
    folder = settings.BACKUP_COPY_TO
    if not offsite.places():
        action = _("Name a folder in HIWAR_BACKUP_COPY_TO, or a HIWAR_BACKUP_COPY_COMMAND.")
        return amber(code, label, _("No backup is carried to another place by itself."), action)
    age = offsite.age_of_copies(now)
    text = _("None has arrived there yet.")
    if age is not None:
        hours = max(int(age / timedelta(hours=1)), 0)
        text = ngettext(
            "The backup there is %(n)d hour old.", "The backup there is %(n)d hours old.", hours
        ) % {"n": hours}
        text = text if hours else _("The backup there is less than an hour old.")
    if offsite.is_copy_late(now):
        action = _("The page of jobs says why: is the disk connected, the other machine on?")
        return red(code, label, text, action)
    if folder is not None and folder.is_dir() and folder.stat().st_dev == _device():
        return amber(
            code, label, _("The second place lies on the disk of the data."),
            _("Name a folder of another disk in HIWAR_BACKUP_COPY_TO, or connect it."),
        )  # fmt: skip
    return green(code, label, text)


def _device() -> int:
    device: int = settings.DATA.stat().st_dev
    return device


def _erased_list() -> Finding:
    """Tell whether those who were erased stay so after a restore: the list is there and whole."""
    code, label = "erased_list", _("List of who was erased")
    done = Erasure.objects.filter(state=Erasure.State.DONE).count()
    try:
        noted = ledger.count_in(settings.DATA)
        ledger.try_writing()
    except (OSError, ledger.OtherHouse):
        text = _("erased.list cannot be read or written: a restore would bring people back.")
        return red(code, label, text, _("See who owns it, and whether the disk is full."))
    if noted < done:
        text = ngettext(
            "%(n)d erasure is not in erased.list: a restore would bring it back.",
            "%(n)d erasures are not in erased.list: a restore would bring them back.",
            done - noted,
        ) % {"n": done - noted}
        action = _("Put the newest erased.list from beside the backups into HIWAR_DATA.")
        return red(code, label, text, action)
    if settings.BACKUP_TO.is_dir() and ledger.count_in(settings.BACKUP_TO) < noted:
        text = _("The list beside the backups lacks erasures.")
        return red(code, label, text, _("Write it anew with a backup: hiwar backup"))
    return green(code, label, _("It is there and whole, beside the backups too."))
