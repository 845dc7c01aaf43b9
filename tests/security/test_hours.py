"""Strangers who are promised that nobody learns who they are leave no hour in any table or file.

A camera at a door, a proxy's log or a telephone's history would tell whose hour it is.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from datetime import timedelta
from importlib import import_module
from types import SimpleNamespace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from clocks import readings, rows_of, tells_hour
from factories.accounts import InstitutionFactory
from factories.dialogues import DialogueFactory, StatementFactory
from factories.legislation import make_consultation, make_law, make_version
from factories.visits import make_visit
from hiwar.common.actions import audit
from hiwar.common.files.storage import storage
from hiwar.common.links.purposes import address
from hiwar.common.models import PrivateLink, StoredFile
from hiwar.legislation.models import Comment, CommentFile, Consultation
from hiwar.visits.actions.sharing import make_link
from hiwar.visits.models import Feedback

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytest_django.fixtures import SettingsWrapper

    from hiwar.accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _folder(settings: SettingsWrapper, tmp_path: Path) -> None:
    settings.DATA, settings.FILES = tmp_path, tmp_path / "files"
    InstitutionFactory.create()


def hours() -> Counter[str]:
    """Return how many values of columns and how many files tell a time within hours of now."""
    now = timezone.now().timestamp()
    # The index of words has shadow tables of its own.
    tables = {name for name in connection.introspection.table_names() if "_searchindex" not in name}
    found: Counter[str] = Counter()
    for table in sorted(tables):
        names, rows = rows_of(table)
        found.update(
            f"{table}.{names[place]}"
            for row in rows
            for place, value in enumerate(row)
            if any(tells_hour(at, now) for at in readings(value))
        )
    kept = list(storage().keys())
    found["file"] = sum(tells_hour(put_at, now) for _key, put_at in kept)
    return found


def takes_part(_user: User) -> Callable[[], object]:
    dialogue = DialogueFactory.create(moderation="hold_first")
    StatementFactory.create(dialogue=dialogue, number=1)

    def act() -> object:
        client, way = Client(), f"/en/d/{dialogue.code}"
        page = client.get(f"{way}/vote/").content.decode()
        fields = dict(re.findall(r'name="(statement|sequence)" value="(\d+)"', page))
        client.post(f"{way}/vote/", fields | {"choice": "1"})
        client.post(f"{way}/statements/add/", {"text": "Open the library", "language": "en"})
        return dialogue.statements.filter(source="participant").exists()

    return act


def comments_on_a_draft(user: User) -> Callable[[], object]:
    consultation = make_consultation(make_version(make_law(user)))
    today = timezone.localdate()
    Consultation.objects.filter(pk=consultation.pk).update(
        opens_on=today - timedelta(days=2), closes_on=today + timedelta(days=9)
    )
    page = reverse("public_laws:consultation", args=["en", consultation.law.pk, consultation.pk])

    def act() -> object:
        said = {"text": "It says too little.", "submitter": "worker", "key": str(uuid4())}
        answer = Client().post(page, said).content.decode()
        link = re.search(r'value="(http[^"]*/comment/[^"]*)"', answer)
        assert link
        own = urlsplit(link[1]).path
        for name in ("study.txt", "other.txt"):
            file = SimpleUploadedFile(name, f"figures of {name}\n".encode())
            assert Client().post(own, {"file": file}).status_code == 200
        Client().post(own, {"take_back": str(CommentFile.objects.all()[0].pk)})
        return Comment.objects.count() == CommentFile.objects.count() == 1

    return act


def says_how_a_visit_was(user: User) -> Callable[[], object]:
    today = timezone.localdate()
    visit = make_visit(user, starts_on=today, ends_on=today + timedelta(days=3))
    before = timezone.now() - timedelta(days=2)
    _link, token = make_link(actor=user, visit=visit, kind="feedback", colleague=user, now=before)
    page = urlsplit(address("visits.feedback", token)).path

    def act() -> object:
        Client().post(page, {"score": "2", "best": "the hall", "better": "the heat"})
        assert Client().post(page, {"score": "5"}).status_code != 500
        return Feedback.objects.get().score == 2

    return act


@pytest.mark.parametrize("stranger", [takes_part, comments_on_a_draft, says_how_a_visit_was])
def test_what_a_stranger_does_tells_no_hour(
    stranger: Callable[[User], Callable[[], object]], director: User
) -> None:
    act = stranger(director)
    before = hours()
    assert act()
    assert hours() - before == Counter()


def test_an_hour_in_the_log_would_be_found(director: User) -> None:
    before = hours()
    audit(director, "common.trial", director, at=timezone.now())
    assert hours() - before == Counter({"common_auditentry.at": 1})


def test_what_was_stored_with_an_hour_is_coarsened(director: User) -> None:
    act = comments_on_a_draft(director), says_how_a_visit_was(director)
    before = hours()
    assert act[0]()
    assert act[1]()
    now = timezone.now()
    PrivateLink.objects.filter(purpose="legislation.comment").update(made_at=now)
    PrivateLink.objects.filter(purpose="visits.feedback").update(used_at=now)
    CommentFile.objects.update(added_at=now)
    StoredFile.objects.update(made_at=now)
    file, consultation = StoredFile.objects.get(), Consultation.objects.get()
    os.utime(storage().place(file.pk))
    audit(None, "legislation.comment.send", consultation.law, at=now)
    changed = {"kind": ["", file.kind], "size": [0, file.size]}
    audit(None, "common.storedfile.store", file, at=now, changed=changed)
    assert (hours() - before).total() == 7
    editor = SimpleNamespace(connection=connection)
    import_module("hiwar.legislation.migrations.0012_day_only").coarsen(apps, editor)
    import_module("hiwar.visits.migrations.0005_no_hour_of_feedback").forget_hours(apps, editor)
    assert hours() - before == Counter()
    assert PrivateLink.objects.get(purpose="visits.feedback").used_at is not None
