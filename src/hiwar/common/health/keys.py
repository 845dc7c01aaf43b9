"""The keys of the house and their calendar: which there are, since when, when each is due.

A key is known by a mark that gives nothing of it away. That it came into use stands in the log of
activity, once, so that its age outlives the file it came from.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hiwar.common.actions import audit
from hiwar.common.crypto import plain_digest
from hiwar.common.health.findings import amber, green
from hiwar.common.models import AuditEntry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from hiwar.common.health.findings import Finding

TWO_YEARS, YEAR = timedelta(days=730), timedelta(days=365)
CAME = "common.key.see"


@dataclass(frozen=True, slots=True)
class Key:
    """One key: a stable code, what it is for, a mark, how long it may live, how it is changed.

    ``life`` None means: never by the calendar, only when somebody else may have it.
    """

    code: str
    label: str
    mark: str
    life: timedelta | None
    change: str

    @property
    def reference(self) -> str:
        """The text key by which the log of activity names it."""
        return f"common.key:{self.code}-{self.mark}"


@dataclass(frozen=True, slots=True)
class KeyDate:
    """A key with the instant since when it is known, and when it is due; None: never."""

    key: Key
    since: datetime
    due: datetime | None
    is_due: bool


_lists: dict[str, Callable[[], Iterable[Key]]] = {}


def register_keys(name: str, list_keys: Callable[[], Iterable[Key]]) -> None:
    """Let a room say which keys it has; the same name registered twice counts once."""
    _lists[name] = list_keys


def mark_of(secret: str) -> str:
    """Return sixteen digits that tell keys apart and give nothing of them away."""
    return plain_digest(f"hiwar.key:{secret}")[:16]


def own_keys() -> Iterator[Key]:
    """Yield the keys that the settings name."""
    yield Key(
        "secret", _("Secret key"), mark_of(settings.SECRET_KEY), TWO_YEARS,
        _("Set a new HIWAR_SECRET_KEY and put the former one into HIWAR_SECRET_KEY_FALLBACKS."),
    )  # fmt: skip
    if settings.OUTER_KEY != settings.SECRET_KEY:
        yield Key(
            "outer", _("Key of telephone numbers"), mark_of(settings.OUTER_KEY), None,
            _("Change HIWAR_KEY only while no dialogue is open, or when others may have it."),
        )  # fmt: skip
    for recipient in settings.BACKUP_RECIPIENTS:
        yield Key(
            "backup", _("Key of backups"), mark_of(recipient), TWO_YEARS,
            _("Make a new pair: hiwar backup --new-key. Keep the former: it opens older backups."),
        )  # fmt: skip


def all_keys() -> list[Key]:
    """Return every key of the house, those of the settings first."""
    return [*own_keys(), *(key for list_keys in _lists.values() for key in list_keys())]


def names_of_keys(keys: Iterable[str]) -> dict[str, str]:
    """Return what keys are for, by code and mark; one that is no longer used has its mark."""
    known = {key.reference.partition(":")[2]: key.label for key in all_keys()}
    former = _("Former key")
    return {key: f"{known.get(key, former)} {key[-4:]}" for key in keys}


def note_keys(now: datetime) -> int:
    """Write into the log which keys came into use since the last time; return how many."""
    new = [key for key in all_keys() if not _seen(key)]
    for key in new:
        audit(None, CAME, key, at=now)
    return len(new)


def key_dates(now: datetime) -> list[KeyDate]:
    """Return every key with its dates; one that was not noted yet counts from now."""
    dated = []
    for key in all_keys():
        since = _seen(key) or now
        due = since + key.life if key.life is not None else None
        dated.append(KeyDate(key, since, due, due is not None and due <= now))
    return dated


def look(now: datetime) -> Iterator[Finding]:
    """Yield whether any key is older than it should be."""
    label = _("Keys")
    due = [line.key for line in key_dates(now) if line.is_due]
    if not due:
        yield green("keys", label, _("None is older than it should be."))
        return
    text = ngettext(
        "%(n)d key is older than it should be.", "%(n)d keys are older than they should be.",
        len(due),
    ) % {"n": len(due)}  # fmt: skip
    yield amber("keys", label, text, f"{due[0].label}: {due[0].change}")


def _seen(key: Key) -> datetime | None:
    came = AuditEntry.objects.filter(object=key.reference, verb=CAME)
    return came.order_by("at").values_list("at", flat=True).first()
