"""People, organisations and posts of a small register."""

from __future__ import annotations

from datetime import UTC, date, datetime

import factory
from factory.django import DjangoModelFactory

from hiwar.contacts.models import (
    ContactPoint,
    Interaction,
    Note,
    Organisation,
    Person,
    Post,
    PostHolding,
    Segment,
)

MADE = datetime(2026, 11, 1, 9, tzinfo=UTC)


class OrganisationFactory(DjangoModelFactory[Organisation]):
    class Meta:
        model = Organisation
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"ORG-{n}")
    name = factory.LazyFunction(lambda: {"ar": "ملتقى أفق", "en": "Ufuq Forum"})
    search_text = "ملتقي افق ufuq forum"
    kind = "civil_society"
    created_at = MADE


class MissionFactory(OrganisationFactory):
    code = factory.Sequence(lambda n: f"MIS-{n}")
    name = factory.LazyFunction(lambda: {"ar": "قنصلية أوردون", "en": "Consulate of Ordune"})
    kind = "mission"
    languages = factory.LazyFunction(lambda: ["fr", "en"])


class PostFactory(DjangoModelFactory[Post]):
    class Meta:
        model = Post
        skip_postgeneration_save = True

    organisation = factory.SubFactory(OrganisationFactory)
    title = factory.LazyFunction(lambda: {"ar": "المدير العام", "en": "Director general"})
    created_at = MADE


class PersonFactory(DjangoModelFactory[Person]):
    class Meta:
        model = Person
        skip_postgeneration_save = True

    shown_name = factory.LazyFunction(lambda: {"ar": "منى القواسمي", "en": "Muna Qawasmi"})
    sort_name = "مني القواسمي"
    created_at = MADE


class PostHoldingFactory(DjangoModelFactory[PostHolding]):
    class Meta:
        model = PostHolding

    post = factory.SubFactory(PostFactory)
    person = factory.SubFactory(PersonFactory)
    starts_on = date(2025, 1, 1)


class ContactPointFactory(DjangoModelFactory[ContactPoint]):
    class Meta:
        model = ContactPoint

    person = factory.SubFactory(PersonFactory)
    kind = ContactPoint.Kind.PHONE
    value = "0599123456"
    key = "599123456"


class InteractionFactory(DjangoModelFactory[Interaction]):
    class Meta:
        model = Interaction
        skip_postgeneration_save = True

    kind = Interaction.Kind.MEETING
    happened_on = date(2026, 10, 1)
    subject = "Talk about the draft law"
    made_at = MADE


class NoteFactory(DjangoModelFactory[Note]):
    class Meta:
        model = Note
        skip_postgeneration_save = True

    person = factory.SubFactory(PersonFactory)
    text = "Prefers to be called in the morning"
    written_at = MADE


class SegmentFactory(DjangoModelFactory[Segment]):
    class Meta:
        model = Segment
        skip_postgeneration_save = True

    name = factory.LazyFunction(lambda: {"ar": "شركاء", "en": "Partners"})
    purpose = factory.LazyFunction(lambda: {"ar": "للدعوات", "en": "For invitations"})
    created_at = MADE
