"""The bridge to the engine: a conversation and the choices of the command in, an analysis out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hiwar.engine.opinion.results import Analysis, Mode, Parameters

if TYPE_CHECKING:
    from hiwar.analysis.conversation import Conversation
    from hiwar.analysis.progress import Progress


def analyse(
    conversation: Conversation, *, mode: Mode, bootstrap: int, seed: int, progress: Progress
) -> Analysis:
    """Analyse a conversation in full."""
    from hiwar.engine.opinion import analysis

    events = conversation.events
    return analysis.analyse(
        conversation.votes,
        conversation.moderation,
        Parameters(mode=mode, bootstrap=bootstrap, seed=seed),
        event_participant=None if events is None else events.participant,
        event_statement=None if events is None else events.statement,
        event_time=None if events is None else events.time,
        progress=progress,
    )
