"""Work beside the requests: ids in, one action, safe to run twice."""

from __future__ import annotations

import os
import time
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from hiwar.dialogues.actions import maps, publications
from hiwar.dialogues.models import Dialogue

if TYPE_CHECKING:
    from uuid import UUID


class ClaimLost(Exception):  # noqa: N818 - named by what happened
    """Another worker has taken the dialogue over."""


def make_map(key: UUID, worker: str, mark: str, parent: int = 0) -> None:
    """Make the map of one dialogue under a claim; a failure is counted and never raised.

    With `parent` the work ends when that process is gone, so that nothing runs unwatched.
    """
    dialogue = Dialogue.objects.get(pk=key)
    began, told = time.monotonic(), 0.0

    def progress(_stage: str, share: float) -> None:
        nonlocal told
        if parent and os.getppid() != parent:
            raise ClaimLost
        if share - told >= 0.1:
            told = share
            maps.tell_progress(dialogue=dialogue, worker=worker, share=share)

    try:
        maps.refresh_opinion_map(dialogue=dialogue, now=timezone.now(), progress=progress)
    except ClaimLost:
        return
    except Exception as error:  # noqa: BLE001 -- whatever breaks one map must not break the others
        maps.fail_map(
            dialogue=dialogue, worker=worker, error=type(error).__name__, now=timezone.now()
        )
        return
    took = timedelta(seconds=time.monotonic() - began)
    maps.finish_map(dialogue=dialogue, worker=worker, mark=mark, now=timezone.now(), took=took)


def forget_secrets() -> list[str]:
    """Destroy what receipts are made of where their time is over; return codes of dialogues."""
    return [one.code for one in publications.destroy_secrets(now=timezone.now())]
