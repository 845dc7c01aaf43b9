"""What is hidden is nowhere: not in a page, a list, a form, a count of words or a file.

Of every guarded kind records of the demonstration are closed. They and their parts then carry
words that stand nowhere else, and every address of the house is read by who may not read them.
"""

from __future__ import annotations

import html
import io
import re
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models
from django.test import Client

from addresses import LINK, Walk, examples_of_rooms
from factories.accounts import UserFactory, sign_in_fully
from hiwar.accounts.models import Guarded, Role, User
from hiwar.common.multilingual import MultilingualField
from hiwar.common.search.indexing import reindex
from hiwar.events.models import Event
from hiwar.visits.models import VisitItem
from security.places import all_paths

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.walk,
    pytest.mark.costly("reads every address as several readers"),
]
# Who hosts a stop and who was asked to sign is read with the visit and with the signing.
WITHIN = {("visits", "Organisation"), ("signatures", "Organisation")}
SIGN, SHORTEST = "Zxcanary", 150


def free_rows(model: type[Guarded], named: str) -> list[Any]:
    """Return the keys of the records that no example of an address is about."""
    rows = model._base_manager.order_by("pk")
    if model is Event:
        # A stop of a visit is read by whoever reads the visit.
        rows = rows.exclude(pk__in=VisitItem.objects.values("event"))
    free = [
        row.pk
        for row in rows
        if str(row.pk) not in named and str(getattr(row, "code", "") or row.pk) not in named
    ]
    # One stays, so that the pages of its kind are read.
    return free[1:] if len(free) > 1 else free


def mark(rows: models.QuerySet[Any], word: str) -> None:
    """Write a word into every field in which people write words."""
    for field in rows.model._meta.concrete_fields:
        if field.unique or field.choices or field.is_relation or not field.editable:
            continue
        if isinstance(field, MultilingualField):
            rows.update(**{field.name: {"ar": word, "en": word}})
        elif type(field) is models.TextField or (
            type(field) is models.CharField and (field.max_length or 0) >= SHORTEST
        ):
            rows.exclude(**{field.name: ""}).update(**{field.name: word})


def close(model: type[Guarded], owner: User, named: str) -> int:
    """Close records of a kind, mark them and what is a part of them; return how many."""
    keys = free_rows(model, named)
    rows = model._base_manager.filter(pk__in=keys)
    word = SIGN + model.__name__
    mark(rows, word)
    for relation in model._meta.related_objects:
        part = relation.related_model
        if relation.on_delete is models.CASCADE and not issubclass(part, Guarded):
            within = {f"{relation.field.name}__in": keys}
            mark(part._base_manager.filter(**within), word + part.__name__)
    rows.update(visibility="personal", owner=owner)
    return len(keys)


def text_of(answer: Any) -> str:
    """Return what is read in an answer; of a file of parts, all of them."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            body = b"\n".join(archive.read(name) for name in archive.namelist())
    return str(body.decode("utf-8", "replace"))


class Reading(Walk):
    """A walk of one reader that notes where words of closed records stand."""

    def visit(self, name: str, path: str) -> list[str]:
        """Read one address, a list also with a search; return the paths that its page names."""
        if "{token}" in all_paths()[name]:
            # Who holds a private link reads what it was made for, whoever of the staff may.
            return []
        links: list[str] = []
        plain = "{" not in all_paths()[name].replace("{language}", "")
        for asked in (path, f"{path}?q={SIGN}") if plain else (path,):
            text = text_of(self.staff.get(asked))
            found = sorted(set(re.findall(rf"{SIGN}[A-Z]\w+", text)))
            self.faults += [
                f"{name} {asked}: {word}"
                for word in found
                if (name.partition(":")[0], word.removeprefix(SIGN)) not in WITHIN
            ]
            links += [html.unescape(link) for link in LINK.findall(text)]
        return links


@pytest.mark.exhaustive("access")
@pytest.mark.parametrize("reader", ["admin", "programme_manager", "me_officer", "visitor"])
def test_what_is_hidden_is_nowhere(
    reader: str, settings: SettingsWrapper, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DEMO = True
    call_command("load_demo", verbosity=0)
    settings.DEMO = False
    # Examples are made by a director who may everything, and read by who may not.
    user = User.objects.filter(roles__code="director").earliest("pk")
    roles = list(user.roles.all())
    user.roles.set(Role.objects.all())
    examples = examples_of_rooms()
    user.roles.set(roles)
    monkeypatch.setattr("addresses.examples_of_rooms", lambda: examples)
    owner = UserFactory.create(roles=["director"])
    kinds = [model for model in apps.get_models() if issubclass(model, Guarded)]
    named = " ".join(examples.values())
    closed = {model.__name__: close(model, owner, named) for model in kinds}
    assert sum(count > 0 for count in closed.values()) >= 12, closed
    reindex()
    client = Client(raise_request_exception=False)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    if reader != "visitor":
        sign_in_fully(client, UserFactory.create(roles=[reader]))
    reading = Reading("en", client, client, presses=False)
    reading.follow()
    assert not reading.faults, "\n".join(reading.faults)
