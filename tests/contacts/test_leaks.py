"""What is closed is nowhere: searched for on every page and in every file as every role."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from factories.accounts import UserFactory, sign_in_fully
from factories.contacts import (
    ContactPointFactory,
    InteractionFactory,
    MissionFactory,
    NoteFactory,
    PersonFactory,
    PostFactory,
    PostHoldingFactory,
)
from hiwar.common.models import AuditEntry
from hiwar.contacts.actions import people
from hiwar.contacts.models import Membership
from hiwar.contacts.queries.log import interactions_for, notes_for, promises_for
from hiwar.contacts.queries.missions import missions
from hiwar.contacts.queries.people import names_of_people, people_for, search_people
from roles import PERMITS, roles_that_differ

pytestmark = pytest.mark.django_db
SECRET, WHISPER, PHONE = "Zephyrine Quillfeather", "whispered-kumquat", "0599777333"
MISSION, TALK = "Hidden Legation of Xanth", "mission-talk-quokka"


@pytest.fixture
def world(roles):
    """Make people and missions, some closed, and open ones with closed things about them."""
    hidden = PersonFactory.create(shown_name={"en": SECRET}, sort_name="z", visibility="team")
    people.index_person(person=hidden)
    shown = PersonFactory.create(shown_name={"en": "Open Person"}, sort_name="o")
    people.index_person(person=shown)
    ContactPointFactory.create(person=shown, value=PHONE, key="599777333")
    NoteFactory.create(person=shown, text=WHISPER, visibility="personal")
    closed = InteractionFactory.create(subject=WHISPER, text=WHISPER, visibility="team")
    closed.people.add(shown)
    closed.promises.create(text=WHISPER, due_on=date(2026, 1, 1))
    with_hidden = InteractionFactory.create(subject="Tea with Zephyrine Quillfeather")
    with_hidden.people.add(hidden, shown)
    legation = MissionFactory.create(name={"en": MISSION}, search_text="hidden", visibility="team")
    hidden_post = PostFactory.create(organisation=legation, visibility="team")
    PostHoldingFactory.create(person=shown, post=hidden_post)
    Membership.objects.create(organisation=legation, person=shown, role=MISSION)
    InteractionFactory.create(organisation=legation, post=hidden_post, subject=MISSION)
    mission = MissionFactory.create(name={"en": "Open Mission"}, search_text="open mission")
    post = PostFactory.create(organisation=mission)
    officer = PersonFactory.create(shown_name={"en": "Officer Known"}, sort_name="officer")
    PostHoldingFactory.create(post=post, person=officer)
    for subject in (officer, mission, post):
        field = subject._meta.model_name
        NoteFactory.create(**{"person": None, field: subject}, text=TALK)
    with_officer = InteractionFactory.create(subject=TALK)
    with_officer.people.add(officer)
    InteractionFactory.create(organisation=mission, post=post, subject=TALK)
    return {"hidden": hidden, "shown": shown, "legation": legation, "hidden_post": hidden_post,
            "mission": mission, "post": post, "officer": officer}  # fmt: skip


def pages(world) -> list[str]:
    plain = ("people", "organisations", "missions", "interactions", "new_interaction",
             "duplicates", "export")  # fmt: skip
    found = [reverse(f"contacts:{name}") for name in plain]
    found.append(reverse("accounts:import_files", args=["contacts.people"]))
    for query in ("Zephyrine", "Xanth", "Hidden", PHONE, WHISPER, "Open", "Officer"):
        found += [
            f"{reverse(f'contacts:{name}')}?q={query}" for name in ("people", "organisations")
        ]
    for name, key in world.items():
        kind = {"legation": "organisation", "mission": "organisation",
                "post": "post", "hidden_post": "post"}.get(name, "person")  # fmt: skip
        found.append(reverse(f"contacts:{kind}", args=[key.pk]))
    return [*found, "/desk/", "/desk/activity/"]


@pytest.mark.parametrize("role", roles_that_differ("contacts"))
def test_what_is_closed_is_on_no_page_and_in_no_file(world, role):
    client = Client()
    sign_in_fully(client, UserFactory.create(roles=[role]))
    permits = PERMITS[role]
    closed = {SECRET, "Zephyrine", WHISPER, MISSION, "Xanth"}
    if "contacts.see_private" not in permits:
        closed.add(PHONE)
    if "contacts.see_missions" not in permits:
        closed.add(TALK)
    faults = []
    for path in pages(world):
        text = client.get(path).content.decode()
        asked = path.partition("?q=")[2]
        faults += [(path, one) for one in closed if one in text and one not in asked]
    for kind in ("xlsx", "csv", "vcf3", "vcf4"):
        given = {"kind": kind, "reason": "x", "with_private": "on"}
        answer = client.post(reverse("contacts:export"), given)
        if "contacts.export" not in permits:
            assert answer.status_code == 403
        text = answer.content.decode(errors="replace")
        faults += [(kind, one) for one in {*closed, TALK} if one in text]
    assert faults == []


@pytest.mark.parametrize("role", roles_that_differ("contacts"))
def test_what_is_closed_is_in_no_count_and_no_answer(world, role):
    user = UserFactory.create(roles=[role])
    permits = PERMITS[role]
    sees = "contacts.see" in permits
    sees_missions = "contacts.see_missions" in permits
    assert people_for(user).count() == (2 if sees else 0)
    assert search_people(user, SECRET) == []
    assert interactions_for(user).count() == (2 if sees_missions else 0)
    assert notes_for(user).count() == (3 if sees_missions else 0)
    assert promises_for(user).count() == 0
    listed = missions(user, timezone.localdate())
    assert [str(one.organisation.name["en"]) for one in listed] == (
        ["Open Mission"] if sees else []
    )
    assert names_of_people([str(world["hidden"].pk)]) == {}


def test_named_colleagues_read_what_is_for_them(world):
    named = UserFactory.create(roles=["director"])
    world["hidden"].readers.add(named)
    assert search_people(named, "Zephyrine") == [world["hidden"]]
    assert people_for(named).count() == 3


def test_reading_what_is_private_stands_in_the_log_once_an_hour(world):
    may = UserFactory.create(roles=["director"])
    other = UserFactory.create(roles=["media"])
    for user in (may, may, other):
        client = Client()
        sign_in_fully(client, user)
        address = reverse("contacts:person", args=[world["shown"].pk])
        assert client.get(address).status_code == 200
    told = AuditEntry.objects.filter(verb="contacts.person.read_private")
    assert [one.actor for one in told] == [may.reference]
    assert told.get().object == world["shown"].reference
