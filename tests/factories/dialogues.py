"""Dialogues as tests need them: written straight to the tables, one open round of voting."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import factory
from factory.django import DjangoModelFactory

from factories.events import RoomFactory
from hiwar.dialogues.models import Dialogue, Participant, Round, Statement, Vote, VotingRoom
from hiwar.dialogues.models.keys import make_code, make_number, make_secret

MADE = datetime(2026, 11, 1, 9, tzinfo=UTC)


class DialogueFactory(DjangoModelFactory[Dialogue]):
    class Meta:
        model = Dialogue
        skip_postgeneration_save = True

    code = factory.LazyFunction(make_code)
    slug = factory.Sequence(lambda n: f"dialogue-{n}")
    title = {"ar": "حوار", "en": "Dialogue"}
    question = {"ar": "ماذا أولاً؟", "en": "What first?"}
    state = Dialogue.State.OPEN
    asks_about = ["sex", "age_band", "place", "disability", "sector"]
    created_at = opened_at = MADE
    contact_secret = factory.LazyFunction(make_secret)
    log_secret = factory.LazyFunction(make_secret)

    @factory.post_generation
    def voting(self: Dialogue, create: bool, extracted: bool | None, **kwargs: Any) -> None:
        if extracted is not False:
            Round.objects.create(dialogue=self, number=1, kind="vote", state="open")


class ParticipantFactory(DjangoModelFactory[Participant]):
    class Meta:
        model = Participant

    id = factory.LazyFunction(make_number)
    dialogue = factory.SubFactory(DialogueFactory)


class StatementFactory(DjangoModelFactory[Statement]):
    class Meta:
        model = Statement

    dialogue = factory.SubFactory(DialogueFactory)
    number = factory.Sequence(lambda n: n + 1)
    text = factory.LazyAttribute(lambda s: {"ar": f"رأي رقم {s.number}"})
    language = "ar"
    source = "seed"
    state = Statement.State.OPEN
    added_at = MADE


class VoteFactory(DjangoModelFactory[Vote]):
    class Meta:
        model = Vote

    participant = factory.SubFactory(ParticipantFactory)
    statement = factory.SubFactory(StatementFactory)
    choice = 1
    sequence = factory.Sequence(lambda n: n + 1)


class VotingRoomFactory(DjangoModelFactory[VotingRoom]):
    class Meta:
        model = VotingRoom

    dialogue = factory.SubFactory(DialogueFactory)
    room = factory.SubFactory(RoomFactory)
    position = factory.Sequence(lambda n: n + 1)
    label = factory.LazyAttribute(lambda one: one.room.label)
    code = factory.LazyFunction(make_code)
    added_at = MADE
