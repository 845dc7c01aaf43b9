"""A dialogue of the demonstration that ran its course: voted on, recommended, closed, published."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from hiwar.dialogues.actions.dialogues import close_dialogue, close_round, open_round
from hiwar.dialogues.actions.imports.scenario import bring_in
from hiwar.dialogues.actions.maps import finish_map, refresh_opinion_map
from hiwar.dialogues.actions.publications import prepare_publication, publish
from hiwar.dialogues.actions.recommendations import set_recommendations
from hiwar.dialogues.actions.statements import set_session
from hiwar.dialogues.queries.dialogues import rounds_of
from hiwar.dialogues.queries.results import mark_of_votes
from hiwar.events.queries.events import events_for

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    from hiwar.accounts.models import User
    from hiwar.dialogues.models import Dialogue

FOLDER = "dialogues/courses"
NO_TIME = timedelta(0)


def course_of(folder: Path, slug: str) -> Mapping[str, Any] | None:
    """Return how a dialogue went, in days before today; None where it is still open."""
    file = folder / FOLDER / f"{slug}.json"
    if not file.is_file():
        return None
    course: Mapping[str, Any] = json.loads(file.read_text("utf-8"))
    return course


def run_course(
    *, dialogue: Dialogue, course: Mapping[str, Any], folder: Path, runner: User, at: datetime
) -> None:
    """Let people register, vote and answer recommendations; close, and publish the results.

    The round of voting is open. Raises what imports, maps and publishing raise.
    """
    files = folder / FOLDER / dialogue.slug

    def ago(step: str) -> datetime:
        return at - timedelta(days=course[step])

    def brought_in(name: str, step: str) -> None:
        bring_in(
            actor=runner, dialogue=dialogue, file=files / f"{name}.csv",
            kind={"support": "recommendations"}.get(name, name), now=ago(step),
        )  # fmt: skip

    brought_in("participants", "votes")
    brought_in("votes", "votes")
    _first, voting, last = rounds_of(dialogue)
    close_round(actor=runner, round=voting, now=ago("recommended"))
    last.refresh_from_db()
    set_recommendations(
        actor=runner, round=last, texts=course["recommendations"], now=ago("recommended")
    )
    open_round(actor=runner, round=last, now=ago("recommended"))
    brought_in("support", "recommended")
    events = {event.code: event for event in events_for(runner)}
    for number, code in course["sessions"].items():
        statement = dialogue.statements.get(number=number)
        if code in events:
            set_session(actor=runner, statement=statement, event=events[code], now=ago("votes"))
    close_dialogue(actor=runner, dialogue=dialogue, now=ago("closed"))
    dialogue.refresh_from_db()
    closed = ago("closed")
    refresh_opinion_map(dialogue=dialogue, now=closed)
    finish_map(
        dialogue=dialogue, mark=mark_of_votes(dialogue), began=closed, now=closed, took=NO_TIME
    )
    publication = prepare_publication(actor=runner, dialogue=dialogue, now=ago("published"))
    publish(actor=runner, publication=publication, now=ago("published"))
