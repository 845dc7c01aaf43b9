"""The bridge to the engine: a conversation and the choices of the command in, an analysis out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hiwar.analysis.language import gettext_noop

if TYPE_CHECKING:
    from hiwar.analysis.conversation import Conversation
    from hiwar.analysis.progress import Progress
    from hiwar.engine.opinion.results import Analysis, Parameters

_STAGES = {
    "map": gettext_noop("Finding opinion groups"),
    "stability": gettext_noop("Drawing people again"),
    "accuracy": gettext_noop("Foretelling withheld votes"),
    "privacy": gettext_noop("Looking for recognisable people"),
    "manipulation": gettext_noop("Looking for manipulation"),
    "statements": gettext_noop("Weighing statements"),
    "done": gettext_noop("Weighing statements"),
}


def analyse(
    conversation: Conversation, parameters: Parameters, *, quality: bool, progress: Progress
) -> Analysis:
    """Analyse a conversation; without `quality` leave out how sure the result is."""
    from hiwar.engine.opinion import analysis

    events = conversation.events
    return analysis.analyse(
        conversation.votes,
        conversation.moderation,
        parameters,
        event_participant=None if events is None else events.participant,
        event_statement=None if events is None else events.statement,
        event_time=None if events is None else events.time,
        quality=quality,
        progress=lambda stage, share: progress.show(_STAGES.get(stage, stage), share),
    )
