"""People found by rows of keys, on both databases, and never through rows one may not see."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from urllib.parse import urlsplit, urlunsplit

import pytest

from factories.contacts import PersonFactory
from hiwar.common.search.names import owners
from hiwar.contacts.models import NameKey
from hiwar.engine.names import keys, search_keys

pytestmark = pytest.mark.django_db
NAMES = [
    "منى أحمد القواسمي",
    "محمد أحمد خليل القواسمي",
    "Mohammed Kawasmeh",
    "نور الدين عبد الرحمن جرار",
    "Noureddine Jarrar",
    "سمير جرار",
]


@pytest.fixture
def people():
    made = {name: PersonFactory.create(shown_name={"ar": name}) for name in NAMES}
    for name, person in made.items():
        NameKey.objects.bulk_create(NameKey(person=person, key=key) for key in keys(name))
    return made


def found(text: str, rows=None, among=None) -> set[str]:
    rows = NameKey.objects.all() if rows is None else rows
    pks = owners(rows, search_keys(text), owner="person_id", among=among)
    shown = dict(NameKey.objects.values_list("person_id", "person__shown_name"))
    return {next(iter(shown[pk].values())) for pk in pks}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("qawasmi ", {NAMES[0], NAMES[1], NAMES[2]}),
        ("محمد خليل القوا", {NAMES[1]}),
        ("القواسمي محمد أحمد ", {NAMES[1]}),
        ("nur", {NAMES[3], NAMES[4]}),
        ("rahman jarrar ", {NAMES[3]}),
        ("القواشمي منى ", {NAMES[0]}),
        ("", set()),
        ("؟!", set()),
    ],
)
def test_people_are_found_by_every_word_in_any_script(people, text, expected):
    assert found(text) == expected
    assert found(text, among=NameKey.objects.all()) == expected


def test_rows_that_may_not_be_seen_find_nobody(people):
    seen = NameKey.objects.exclude(person=people[NAMES[0]])
    for text in ("منى ", "منى القواسمي ", "qawasmi muna ", "القواشمي منى "):
        assert NAMES[0] not in found(text, rows=seen)
        assert NAMES[0] not in found(text, rows=seen, among=NameKey.objects.all())


def test_no_more_than_asked_for(people):
    assert len(owners(NameKey.objects.all(), search_keys("a"), owner="person_id", limit=2)) <= 2


BOTH = """
import json, sys
import django; django.setup()
from django.db import connection
from hiwar.common.search.names import owners
from hiwar.contacts.models import NameKey
from hiwar.engine.names import keys, search_keys
names, texts = json.load(sys.stdin)
made = {}
from datetime import UTC, datetime
from hiwar.contacts.models import Person
for name in names:
    person = Person.objects.create(
        shown_name={"ar": name}, sort_name=name, created_at=datetime(2026, 1, 1, tzinfo=UTC)
    )
    made[person.pk] = name
    NameKey.objects.bulk_create(NameKey(person=person, key=key) for key in keys(name))
rows = NameKey.objects.all()
print(json.dumps([
    sorted(made[pk] for pk in owners(rows, search_keys(text), owner="person_id"))
    for text in texts
]))
"""
TEXTS = [
    "م", "من", "qaw", "qawasmi", "القوا", "نور ال", "abd", "عبد الرحمن", "jarar", "جرر ",
    "samir", "mohamad kaw", "العاصمي", "x", "é", "ahmad khalil",
]  # fmt: skip


@pytest.mark.exhaustive("search")
def test_both_databases_find_the_same_people(request, tmp_path):
    import psycopg

    server = request.getfixturevalue("postgres_url")
    name = f"names_{secrets.token_hex(4)}"
    with psycopg.connect(server, autocommit=True) as link:
        link.execute(f"CREATE DATABASE {name}")
    answers = []
    for url in (
        f"sqlite:///{tmp_path}/hiwar.sqlite3",
        urlunsplit(urlsplit(server)._replace(path=f"/{name}")),
    ):
        environment = os.environ | {"HIWAR_DATABASE_URL": url, "PYTHONWARNINGS": "ignore"}
        migrate = [sys.executable, "-m", "django", "migrate", "contacts", "-v0"]
        subprocess.run(migrate, env=environment, check=True)
        done = subprocess.run(
            [sys.executable, "-c", BOTH],
            env=environment,
            check=True,
            capture_output=True,
            text=True,
            input=json.dumps([NAMES, TEXTS]),
        )
        answers.append(json.loads(done.stdout))
    with psycopg.connect(server, autocommit=True) as link:
        link.execute(f"DROP DATABASE {name} WITH (FORCE)")
    assert answers[0] == answers[1]
    assert sum(map(bool, answers[0])) > 10
