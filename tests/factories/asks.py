"""Asks and what was said to them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import factory
from factory.django import DjangoModelFactory

from factories.accounts import UserFactory
from factories.contacts import OrganisationFactory
from factories.dossiers import DossierFactory
from hiwar.asks.models import Ask, Position

MADE = datetime(2026, 11, 1, 9, tzinfo=UTC)


class PartyFactory(OrganisationFactory):
    code = factory.Sequence(lambda n: f"PAR-{n:02}")
    name = factory.Sequence(lambda n: {"ar": f"قائمة {n}", "en": f"List {n}"})
    kind = "political_party"


class AskFactory(DjangoModelFactory[Ask]):
    class Meta:
        model = Ask
        skip_postgeneration_save = True

    dossier = factory.SubFactory(DossierFactory)
    number = factory.Sequence(lambda n: n + 1)
    text = factory.LazyFunction(lambda: {"ar": "ثلاثون في المئة للنساء", "en": "Thirty per cent"})
    short = factory.LazyFunction(lambda: {"ar": "كوتا 30%", "en": "30% quota"})
    state = Ask.State.APPROVED
    created_at = MADE


class PositionFactory(DjangoModelFactory[Position]):
    class Meta:
        model = Position

    ask = factory.SubFactory(AskFactory)
    organisation = factory.SubFactory(PartyFactory)
    stance = "for"
    said_on = date(2026, 10, 1)
    source_kind = "meeting"
    source = "جلسة"
    recorded_by = factory.SubFactory(UserFactory)
    recorded_at = MADE
