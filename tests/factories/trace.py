"""A chain of what is traced: statements with results, a session with minutes, a paper on both."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from factories.dialogues import DialogueFactory, StatementFactory
from factories.dossiers import DossierFactory
from factories.events import EventFactory
from factories.papers import make_paper
from hiwar.dialogues.models import Dialogue, Publication
from hiwar.events.models import Conclusion, Minutes
from hiwar.papers.actions.evidence import cite
from hiwar.papers.models import Block

if TYPE_CHECKING:
    from hiwar.accounts.models import User
    from hiwar.dossiers.models import Dossier

NOW = datetime(2027, 7, 4, 9, tzinfo=UTC)


def publish_results(dialogue: Dialogue, numbers: range) -> None:
    rows = [
        {"number": number, "texts": {"en": f"Said {number}"},
         "counts": {"agree": 9, "disagree": 2, "pass": 1, "seen": 12}}
        for number in numbers
    ]  # fmt: skip
    sexes = [
        {"name": {"en": name}, "cells": [{"agree": agree, "seen": agree + 1} for _row in rows]}
        for name, agree in (("women", 5), ("men", 4))
    ]
    tables = [{"attribute": "sex", "columns": list(numbers), "rows": sexes}]
    Publication.objects.create(
        dialogue=dialogue, version=1, state="published", made_at=NOW, published_at=NOW,
        document={"statements": rows, "tables": tables, "tier": "A"},
    )  # fmt: skip


def make_chain(writer: User, statements: int = 4) -> Dossier:
    """Make a dialogue with results, a session with minutes, and a paper that rests on both.

    The last statement is in no recommendation.
    """
    dossier = DossierFactory.create(owner=writer)
    dialogue = DialogueFactory.create(dossier=dossier, code="SOC")
    rows = [StatementFactory.create(dialogue=dialogue, number=at + 1) for at in range(statements)]
    publish_results(dialogue, range(1, statements + 1))
    event = EventFactory.create(dossier=dossier, code="S2", visibility="public", published_at=NOW)
    Conclusion.objects.create(event=event, kind="agreed", text={"en": "Pay within thirty days"})
    Minutes.objects.create(
        event=event, audience="public", drafted_by=writer, drafted_at=NOW, published_at=NOW
    )
    paper = make_paper(writer, dossier=dossier)
    recommendation = Block.objects.get(paper=paper, kind="recommendation").recommendation
    for row in rows[:-1]:
        cite(actor=writer, paper=paper, target="statement", record=row, now=NOW,
             recommendation=recommendation)  # fmt: skip
    cite(actor=writer, paper=paper, target="event", record=event, now=NOW,
         recommendation=recommendation)  # fmt: skip
    return dossier
