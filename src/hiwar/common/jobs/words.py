"""Why a job failed, as the queue keeps it and as people read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

WORKER_ENDED, LOST, TOO_LONG, KILLED = "worker ended", "was lost", "took too long", "ended with"
WORDS = {
    WORKER_ENDED: _("The worker ended in the middle of it."),
    LOST: _("The worker lost sight of it."),
    TOO_LONG: _("It took too long and was ended."),
    KILLED: _("Its process died, perhaps for want of memory."),
}


def words_of(error: str) -> str | _StrPromise:
    """Return why a job failed, in the reader's language where the queue itself wrote it."""
    if error.startswith(KILLED):
        return WORDS[KILLED]
    return WORDS.get(error, error)
