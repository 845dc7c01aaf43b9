"""Dossiers, facts, steps and barriers, written straight to the tables."""

from __future__ import annotations

from datetime import UTC, date, datetime

import factory
from factory.django import DjangoModelFactory

from factories.accounts import UserFactory
from hiwar.dossiers.models import (
    AffectedGroup,
    Barrier,
    Document,
    Dossier,
    Fact,
    NextStep,
    Pillar,
    Programme,
    Project,
    StateChange,
)

MADE = datetime(2026, 1, 11, 9, tzinfo=UTC)


class PillarFactory(DjangoModelFactory[Pillar]):
    class Meta:
        model = Pillar

    code = factory.Sequence(lambda n: f"P{n}")
    name = factory.LazyAttribute(lambda one: {"ar": f"محور {one.code}", "en": f"Pillar {one.code}"})


class ProgrammeFactory(DjangoModelFactory[Programme]):
    class Meta:
        model = Programme

    pillar = factory.SubFactory(PillarFactory)
    code = factory.Sequence(lambda n: f"G{n}")
    name = factory.LazyAttribute(lambda one: {"ar": "برنامج", "en": f"Programme {one.code}"})


class ProjectFactory(DjangoModelFactory[Project]):
    class Meta:
        model = Project

    programme = factory.SubFactory(ProgrammeFactory)
    code = factory.Sequence(lambda n: f"J{n}")
    name = factory.LazyAttribute(lambda one: {"ar": "مشروع", "en": f"Project {one.code}"})


class DossierFactory(DjangoModelFactory[Dossier]):
    class Meta:
        model = Dossier
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"D-{n}")
    slug = factory.Sequence(lambda n: f"dossier-{n}")
    title = factory.LazyAttribute(lambda one: {"ar": "ملف", "en": f"Dossier {one.code}"})
    created_at = MADE


class StateChangeFactory(DjangoModelFactory[StateChange]):
    class Meta:
        model = StateChange

    dossier = factory.SubFactory(DossierFactory)
    number = factory.Sequence(lambda n: n + 1)
    before = Dossier.State.OBSERVED
    after = Dossier.State.OPENED
    on = date(2026, 2, 1)
    at = MADE


class FactFactory(DjangoModelFactory[Fact]):
    class Meta:
        model = Fact

    dossier = factory.SubFactory(DossierFactory)
    text = factory.Sequence(lambda n: {"ar": f"حقيقة {n}", "en": f"Fact number {n}"})
    source = "Statistical yearbook"
    added_at = MADE


class DocumentFactory(DjangoModelFactory[Document]):
    class Meta:
        model = Document

    dossier = factory.SubFactory(DossierFactory)
    title = {"ar": "مذكرة", "en": "Memorandum"}
    kept_at = "binder 9"
    added_at = MADE


class NextStepFactory(DjangoModelFactory[NextStep]):
    class Meta:
        model = NextStep

    dossier = factory.SubFactory(DossierFactory)
    what = factory.Sequence(lambda n: {"ar": f"خطوة {n}", "en": f"Step number {n}"})
    owner = factory.SubFactory(UserFactory)
    due_on = date(2026, 11, 23)
    created_at = MADE


class BarrierFactory(DjangoModelFactory[Barrier]):
    class Meta:
        model = Barrier
        skip_postgeneration_save = True

    title = factory.Sequence(lambda n: {"ar": f"معيق {n}", "en": f"Barrier number {n}"})
    kind = "legal"
    evidence = {"en": "Said at a hearing."}
    evidence_source = "minutes"
    identified_on = state_on = date(2026, 3, 1)
    created_at = MADE

    @factory.post_generation
    def groups(self: Barrier, create: bool, extracted: object, **kwargs: object) -> None:
        for group in extracted or ["women"]:  # type: ignore[attr-defined]
            AffectedGroup.objects.create(barrier=self, group=group)
