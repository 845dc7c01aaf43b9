"""Asks and what was said to them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import factory
from factory.django import DjangoModelFactory

from factories.accounts import UserFactory
from factories.contacts import InteractionFactory, OrganisationFactory, PostFactory
from factories.dossiers import DossierFactory
from hiwar.asks.models import (
    Addressee,
    Answer,
    AnswerLink,
    Ask,
    AskPoint,
    Clock,
    InformationRequest,
    MeetingEntry,
    Position,
    PowerEntry,
    RegisterKind,
    TalkingLine,
)
from hiwar.common.models import PrivateLink

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


class AskPointFactory(DjangoModelFactory[AskPoint]):
    class Meta:
        model = AskPoint

    ask = factory.SubFactory(AskFactory)
    number = factory.Sequence(lambda n: n + 1)
    act = factory.LazyFunction(
        lambda: {"ar": "نظام للتدريب المدفوع", "en": "Rules on paid training"}
    )


class AddresseeFactory(DjangoModelFactory[Addressee]):
    class Meta:
        model = Addressee

    ask = factory.SubFactory(AskFactory)
    post = factory.SubFactory(PostFactory)
    state = Addressee.State.SENT


class AnswerFactory(DjangoModelFactory[Answer]):
    class Meta:
        model = Answer

    addressee = factory.SubFactory(AddresseeFactory)
    way = Answer.Way.LETTER
    answered_on = date(2026, 11, 20)
    recorded_at = MADE
    recorded_by = factory.SubFactory(UserFactory)


class PrivateLinkFactory(DjangoModelFactory[PrivateLink]):
    class Meta:
        model = PrivateLink

    purpose = "asks.answer"
    digest = factory.Sequence(lambda n: f"{n:064}")
    made_at = MADE


class AnswerLinkFactory(DjangoModelFactory[AnswerLink]):
    class Meta:
        model = AnswerLink

    addressee = factory.SubFactory(AddresseeFactory)
    private_link = factory.SubFactory(PrivateLinkFactory)
    made_by = factory.SubFactory(UserFactory)


class TalkingLineFactory(DjangoModelFactory[TalkingLine]):
    class Meta:
        model = TalkingLine
        skip_postgeneration_save = True

    dossier = factory.SubFactory(DossierFactory)
    audience = "الصحافة"
    words = factory.LazyFunction(lambda: {"ar": "البدل يفتح الباب", "en": "Pay opens the door"})
    written_by = factory.SubFactory(UserFactory)
    written_at = MADE


class PowerEntryFactory(DjangoModelFactory[PowerEntry]):
    class Meta:
        model = PowerEntry

    dossier = factory.SubFactory(DossierFactory)
    post = factory.SubFactory(PostFactory)
    power = 3
    interest = 3
    stance = 0
    seen_on = date(2026, 11, 1)
    recorded_by = factory.SubFactory(UserFactory)
    recorded_at = MADE


class ClockFactory(DjangoModelFactory[Clock]):
    class Meta:
        model = Clock

    name = factory.LazyFunction(lambda: {"ar": "ردود الجهات", "en": "Answers of bodies"})
    checked_on = date(2026, 11, 1)
    length = 15


class InformationRequestFactory(DjangoModelFactory[InformationRequest]):
    class Meta:
        model = InformationRequest
        skip_postgeneration_save = True

    dossier = factory.SubFactory(DossierFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    subject = factory.Sequence(lambda n: {"ar": f"كلفة الصندوق {n}", "en": f"Cost of fund {n}"})
    text = "نرجو تزويدنا بالحسابات"
    days = 15
    filed_on = date(2026, 11, 1)
    created_at = MADE


class RegisterKindFactory(DjangoModelFactory[RegisterKind]):
    class Meta:
        model = RegisterKind
        django_get_or_create = ("code",)

    code = "public_body"


class PostContactFactory(InteractionFactory):
    """A contact with a post of a public body, in the words of the log."""

    post = factory.SubFactory(PostFactory, organisation__kind="public_body")
    organisation = factory.SelfAttribute("post.organisation")


class MeetingEntryFactory(DjangoModelFactory[MeetingEntry]):
    """A published entry of a register that is open."""

    class Meta:
        model = MeetingEntry
        skip_postgeneration_save = True

    interaction = factory.SubFactory(PostContactFactory)
    category = factory.LazyAttribute(lambda row: RegisterKindFactory.create().code)
    on = factory.SelfAttribute("interaction.happened_on")
    post = factory.SelfAttribute("interaction.post")
    post_name = factory.LazyAttribute(lambda row: row.post.title)
    body_name = factory.LazyAttribute(lambda row: row.post.organisation.name)
    manner = "meeting"
    theme = factory.Sequence(lambda n: {"ar": f"صندوق التدريب {n}", "en": f"Training fund {n}"})
    prepared_by = factory.SubFactory(UserFactory)
    prepared_at = MADE
    published_by = factory.SelfAttribute("prepared_by")
    published_at = MADE
