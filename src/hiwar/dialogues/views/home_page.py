"""The sections of dialogues on the first page of the site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from hiwar.common import dates
from hiwar.common.home_page import HomeItem, HomeSection
from hiwar.common.templatetags.components import number
from hiwar.dialogues.exports.pages import answer_sentence
from hiwar.dialogues.queries.dialogues import public_counts
from hiwar.dialogues.queries.home_page import (
    dialogues_open_to_everybody,
    is_any_open,
    latest_results,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from hiwar.dialogues.models import Dialogue, Round


def open_dialogues(language: str, now: datetime) -> Iterator[HomeItem]:
    """Yield the dialogues that anybody may join, the one that closes next first."""
    for dialogue, stage in dialogues_open_to_everybody(dates.local_day(now)):
        yield HomeItem(
            title=dialogue.question.marked,
            url=reverse("public_dialogues:detail", args=[language, dialogue.code]),
            text=dialogue.title.marked,
            facts=tuple(_facts(dialogue, stage)),
        )


def _facts(dialogue: Dialogue, stage: Round) -> Iterator[str]:
    people = public_counts(dialogue)["participants"]
    if people:
        sentence = ngettext("at least %(n)s person so far", "at least %(n)s people so far", people)
        yield sentence % {"n": number(people)}
    if stage.ends_on and stage.closing_time is None:
        yield _("open until the end of %(day)s") % {"day": dates.day(stage.ends_on)}
    elif stage.ends_on:
        yield _("open until %(day)s") % {"day": stage.until}


def results(language: str, now: datetime) -> Iterator[HomeItem]:
    """Yield the results published last, each with the sentence that its page begins with."""
    for publication in latest_results(now):
        day = dates.day(publication.published_at) if publication.published_at else ""
        yield HomeItem(
            title=publication.dialogue.title.marked,
            url=reverse("public_dialogues:results", args=[language, publication.dialogue.code]),
            text=answer_sentence(publication, language),
            facts=(day,),
        )


QUESTIONS = HomeSection(
    "questions",
    10,
    gettext_lazy("Take part now"),
    open_dialogues,
    "public_dialogues:enter",
    gettext_lazy("I have a code"),
    is_any_open,
)
RESULTS = HomeSection("results", 20, gettext_lazy("Latest results"), results)
