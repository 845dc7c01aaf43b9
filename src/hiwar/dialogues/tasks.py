"""Work beside the requests: ids in, one action, safe to run twice."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hiwar.common import jobs
from hiwar.common.models import Held
from hiwar.dialogues.actions import dialogues, maps, publications
from hiwar.dialogues.models import Dialogue
from hiwar.dialogues.queries.dialogues import rounds_that_are_over, rounds_that_begin
from hiwar.dialogues.queries.results import map_key, mark_of_votes, stale_dialogues

if TYPE_CHECKING:
    from datetime import datetime


@jobs.task(label=_("Make an opinion map"), slow=True, tries=None, budget=timedelta(minutes=10))
def make_map(key: str) -> None:
    """Make the map of one dialogue's votes as they are."""
    dialogue = Dialogue.objects.filter(pk=key).first()
    if dialogue is None:
        return
    began, clock = timezone.now(), time.monotonic()
    # Read before the votes: a vote between the two makes the map stale again, and is not lost.
    mark = mark_of_votes(dialogue)
    maps.refresh_opinion_map(
        dialogue=dialogue, now=began, progress=lambda _stage, share: jobs.progress(share)
    )
    took = timedelta(seconds=time.monotonic() - clock)
    maps.finish_map(dialogue=dialogue, mark=mark, began=began, now=timezone.now(), took=took)


@jobs.watch(every=timedelta(seconds=0.5))
def maps_that_are_stale(now: datetime) -> list[jobs.Wish]:
    """Ask for maps of dialogues whose votes changed: voting itself writes nothing for the map."""
    return [
        jobs.Wish("dialogues.make_map", (stale.dialogue.pk,), map_key(stale.dialogue))
        for stale in stale_dialogues(now)
    ]


@jobs.task(label=_("Open and close rounds on their days"), held=Held.SCHEDULES)
def keep_days() -> None:
    """Close the rounds whose last moment is over, and open those whose first day has come."""
    dialogues.keep_days(now=timezone.now())


@jobs.watch(every=timedelta(seconds=5))
def rounds_whose_time_has_come(now: datetime) -> list[jobs.Wish]:
    """Ask for what the days of rounds say; a closing is late by seconds at most."""
    if rounds_that_are_over(now) or rounds_that_begin(now):
        return [jobs.Wish("dialogues.keep_days", (), "dialogues.keep_days")]
    return []


@jobs.duty(every=timedelta(hours=1))
@jobs.task(label=_("Destroy what receipts are made of where their time is over"), held="")
def forget_secrets() -> None:
    """Destroy the secrets behind receipts whose time is over."""
    publications.destroy_secrets(now=timezone.now())
