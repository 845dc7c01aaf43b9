"""Who is at events: a second facilitator, a note taker of the field, everybody of the house."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from factories.accounts import UserFactory

if TYPE_CHECKING:
    from hiwar.accounts.models import User


@pytest.fixture
def dima(roles: None) -> User:
    return UserFactory.create(email="dima@house.example", roles=["facilitator"])


@pytest.fixture
def field(roles: None) -> User:
    return UserFactory.create(email="field@house.example", roles=["field_coordinator"])


@pytest.fixture
def everybody(roles: None) -> list[User]:
    """Return one member of staff of each role, and somebody without one."""
    from hiwar.accounts.models import Role

    codes = list(Role.objects.order_by("position").values_list("code", flat=True))
    made = [UserFactory.create(email=f"{code}@roles.example", roles=[code]) for code in codes]
    return [*made, UserFactory.create(email="none@roles.example", roles=[])]
