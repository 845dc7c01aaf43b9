"""The delegation of Velmark and the colleagues around it."""

from __future__ import annotations

import pytest
from django.utils import translation

from factories.accounts import InstitutionFactory
from factories.places import furnished_calendar
from factories.visits import make_hosts, make_staff, make_velmark


@pytest.fixture
def staff(roles):
    InstitutionFactory.create()
    make_hosts()
    furnished_calendar()
    return make_staff()


@pytest.fixture
def visit(staff):
    return make_velmark(staff["IR"])


@pytest.fixture
def in_english():
    with translation.override("en"):
        yield
