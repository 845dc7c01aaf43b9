"""People of the cast."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import factory
from factory.django import DjangoModelFactory

from hiwar.accounts.actions.factors import keep_app
from hiwar.accounts.models import Institution, Role, User

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.test import Client

PASSWORD = "a quiet olive terrace"
SECRET = b"twenty bytes of test"
PILLAR = {
    "code": "P1",
    "name": {"ar": "الحكم الصالح", "en": "Good governance"},
    "programmes": [{"code": "P1.1", "name": {"ar": "المنتديات", "en": "Forums"}}],
}
JOINED = datetime(2026, 1, 5, 9, tzinfo=UTC)


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@house.example")
    name = factory.LazyAttribute(
        lambda user: {"ar": "سلمى خليل", "en": user.email.partition("@")[0].title()}
    )
    language = "ar"
    joined_at = JOINED

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        user = model_class(*args, **kwargs)
        user.set_password(PASSWORD)
        user.save()
        return user

    @factory.post_generation
    def roles(self: User, create: bool, extracted: Sequence[str] | None, **kwargs: Any) -> None:
        self.roles.set(Role.objects.filter(code__in=extracted or []))

    @factory.post_generation
    def app(self: User, create: bool, extracted: bool | None, **kwargs: Any) -> None:
        if extracted is not False:
            keep_app(user=self, secret=SECRET, step=0, at=JOINED)


class InstitutionFactory(DjangoModelFactory[Institution]):
    class Meta:
        model = Institution

    name = factory.LazyFunction(lambda: {"ar": "بيت الحوار", "en": "House of Dialogue"})
    short_name = factory.LazyFunction(lambda: {"ar": "البيت", "en": "The House"})
    vision = factory.LazyFunction(lambda: {"ar": "مجتمع يصغي", "en": "A society that listens"})
    values = factory.LazyFunction(lambda: [{"ar": "الشمول", "en": "Inclusion"}])
    pillars = factory.LazyFunction(lambda: [PILLAR])
    modified_at = JOINED


def sign_in_fully(client: Client, user: User, factor: str = "app") -> None:
    """Put a client where a full sign-in has just happened."""
    client.force_login(user)
    session = client.session
    session["factor"] = factor
    session["seen"] = session["confirmed"] = time.time()
    session.save()
