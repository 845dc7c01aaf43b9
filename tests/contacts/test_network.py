"""Who is connected with whom: what is found, as of which day, and what is never inferable."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from factories.accounts import UserFactory, sign_in_fully
from factories.contacts import (
    OrganisationFactory,
    PersonFactory,
    PostFactory,
    PostHoldingFactory,
)
from hiwar.contacts.models import Membership, Relationship
from hiwar.contacts.queries.network import Question, network_of, tie_kinds
from roles import PERMITS, roles_that_differ

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 1)
SECRET = "Zephyrine Quillfeather"


def person(name, **kwargs):
    return PersonFactory.create(shown_name={"en": name}, sort_name=name.casefold(), **kwargs)


def body(name, **kwargs):
    return OrganisationFactory.create(name={"en": name}, **kwargs)


def relate(one, other, kind="colleague", since=None, until=None):
    return Relationship.objects.create(
        person=one, other=other, kind=kind, starts_on=since, ends_on=until, source="a note"
    )


def join(group, *, member=None, someone=None, since=None, until=None, role=""):
    return Membership.objects.create(
        organisation=group, member=member, person=someone, starts_on=since, ends_on=until, role=role
    )


@pytest.fixture
def world(roles):
    """Make Muna, who holds a post in a ministry; a coalition; and a chain of people."""
    muna, basim, far = person("Muna"), person("Basim"), person("Far Away")
    ministry, league = body("Ministry"), body("League", kind="coalition")
    post = PostFactory.create(organisation=ministry, title={"en": "Minister of tests"})
    PostHoldingFactory.create(post=post, person=muna, starts_on=date(2025, 1, 1))
    join(league, someone=muna, since=date(2024, 1, 1), until=date(2025, 12, 31), role="chair")
    join(league, member=ministry, since=date(2026, 1, 1))
    relate(muna, basim, "reports_to")
    relate(basim, far, since=date(2026, 6, 1))
    return {"muna": muna, "basim": basim, "far": far, "ministry": ministry, "league": league,
            "post": post}  # fmt: skip


@pytest.fixture
def reader(roles):
    return UserFactory.create(roles=["director"])


def found(reader, root, **asked):
    with translation.override("en"):
        made = network_of(reader, [root], Question(**{"day": DAY, **asked}))
        return (
            {node.name: node.step for node in made.nodes},
            {(str(tie.label), tie.is_over) for tie in made.ties},
        )


def test_direct_connections_stand_one_step_away(reader, world):
    names, ties = found(reader, world["muna"])
    assert names == {"Muna": 0, "Ministry": 1, "Basim": 1}
    assert ties == {("Minister of tests", False), ("reports to", False)}


def test_two_steps_reach_further_and_ties_among_those_found_are_there(reader, world):
    names, ties = found(reader, world["muna"], steps=2)
    assert names == {"Muna": 0, "Ministry": 1, "Basim": 1, "League": 2, "Far Away": 2}
    assert ("member", False) in ties
    assert len(ties) == 4


def test_a_day_shows_what_stood_on_it_and_dashes_what_was_over(reader, world):
    assert "Far Away" not in found(reader, world["basim"], day=date(2026, 5, 31))[0]
    assert "Far Away" in found(reader, world["basim"], day=date(2026, 6, 1))[0]
    assert "League" in found(reader, world["muna"], day=date(2025, 12, 31))[0]
    assert "League" not in found(reader, world["muna"])[0]
    names, ties = found(reader, world["muna"], with_ended=True)
    assert names["League"] == 1
    assert ("chair", True) in ties
    early = found(reader, world["muna"], day=date(2023, 1, 1), with_ended=True)
    assert early[0] == {"Muna": 0, "Basim": 1}


def test_kinds_are_filtered_and_both_sides_of_a_relationship_are_one_kind(reader, world):
    relate(world["far"], world["muna"], "leads")
    codes = {code for code, _text in tie_kinds()}
    assert {"post", "membership", "part", "reports_to"} < codes
    assert "leads" not in codes
    only = found(reader, world["muna"], kinds=frozenset(["reports_to"]))
    assert only[0] == {"Muna": 0, "Basim": 1, "Far Away": 1}
    assert found(reader, world["muna"], kinds=frozenset(["post"]))[0] == {"Muna": 0, "Ministry": 1}


def test_parts_of_bodies_are_connected(reader, world):
    body("Unit", parent=world["ministry"])
    assert found(reader, world["ministry"], kinds=frozenset(["part"]))[0] == {
        "Ministry": 0, "Unit": 1,
    }  # fmt: skip


def test_several_can_be_asked_about_at_once(reader, world):
    made = network_of(reader, [world["muna"], world["far"]], Question(DAY))
    assert sorted(node.step for node in made.nodes) == [0, 0, 1, 1]


def test_the_number_of_queries_does_not_grow(reader, world):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            network_of(reader, [world["muna"]], Question(DAY, steps=2))
        return len(queries)

    before = asked()
    for at in range(12):
        relate(world["muna"], person(f"Colleague {at}"))
        join(world["league"], someone=world["basim"])
    assert asked() == before


@pytest.mark.parametrize("role", roles_that_differ("contacts"))
@pytest.mark.parametrize("hide", ["person", "body", "post", "group"])
def test_what_may_not_be_read_is_neither_drawn_nor_counted_nor_a_bridge(world, role, hide):
    hidden = person(SECRET, visibility="team")
    if hide == "person":
        relate(world["muna"], hidden)
        relate(hidden, person("Behind"))
    elif hide == "body":
        cloaked = body(SECRET, visibility="team")
        PostHoldingFactory.create(
            post=PostFactory.create(organisation=cloaked, title={"en": SECRET}),
            person=world["muna"],
        )
        PostHoldingFactory.create(
            post=PostFactory.create(organisation=cloaked), person=person("Behind")
        )
        body("Behind", parent=cloaked)
    elif hide == "post":
        open_body = body("Behind")
        post = PostFactory.create(
            organisation=open_body, title={"en": SECRET}, visibility="personal"
        )
        PostHoldingFactory.create(post=post, person=world["muna"])
    else:
        cloaked = body(SECRET, kind="coalition", visibility="personal")
        join(cloaked, someone=world["muna"])
        join(cloaked, member=body("Behind"))
    user = UserFactory.create(roles=[role])
    client = Client()
    sign_in_fully(client, user)
    sees = "contacts.see" in PERMITS[role]
    network = network_of(user, [world["muna"]], Question(DAY, steps=2))
    assert network.others == (4 if sees else 0)
    addresses = [
        reverse("contacts:network", args=["person", world["muna"].pk]) + "?steps=2&ended=on",
        reverse("contacts:person", args=[world["muna"].pk]),
        f"{reverse('contacts:networks')}?of={world['muna'].pk}&of={hidden.pk}&steps=2",
        reverse("contacts:network", args=["person", hidden.pk]),
    ]
    for address in addresses:
        answer = client.get(address, {"language": "en"} if "?" not in address else None)
        text = answer.content.decode()
        assert "Behind" not in text, address
        assert SECRET not in text, address
        if not sees:
            assert answer.status_code == 403
    if sees:
        assert client.get(addresses[3]).status_code == 404


def test_removed_people_are_connected_with_nobody(reader, world, now):
    world["basim"].removed_at = now
    world["basim"].save()
    assert found(reader, world["muna"], steps=2)[0] == {"Muna": 0, "Ministry": 1, "League": 2}


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_page_draws_links_and_says_the_same_in_a_table(at_desk, reader, world, language):
    client = at_desk(reader)
    client.cookies["hiwar_language"] = language
    address = reverse("contacts:network", args=["person", world["muna"].pk])
    answer = client.get(address, {"on": "2026-11-01", "steps": "2", "ended": "on"})
    text = answer.content.decode()
    assert answer.status_code == 200
    drawn = re.findall(r'<a class="node node-(\w+)[^"]*" href="([^"]+)"', text)
    assert sorted(kind for kind, _url in drawn) == [
        "group", "organisation", "person", "person", "person",
    ]  # fmt: skip
    assert all("on=2026-11-01" in url for _kind, url in drawn)
    assert text.count('<path class="tie ') == 5 == text.count('<tr role="row"><td')
    assert text.count('is-over" d=') == 1
    for _kind, url in drawn:
        assert client.get(url.replace("&amp;", "&")).status_code == 200


def test_bad_questions_are_said_and_answered_for_today(at_desk, reader, world):
    client = at_desk(reader)
    client.cookies["hiwar_language"] = "en"
    address = reverse("contacts:network", args=["person", world["muna"].pk])
    for asked in ({"on": "yesterday"}, {"steps": "99"}, {"kind": "enemy"}, {"on": "0000-00-00"}):
        answer = client.get(address, asked)
        assert answer.status_code == 200
        assert b"could not be read" in answer.content
    for wrong in ("abc", str(world["post"].pk)):
        assert client.get(reverse("contacts:network", args=["person", wrong])).status_code == 404
    assert (
        client.get(reverse("contacts:network", args=["post", world["post"].pk])).status_code == 404
    )
    empty = client.get(reverse("contacts:networks"), {"of": ["nonsense", "", "1"]})
    assert b"Nobody is named here" in empty.content


def test_a_large_network_is_cut_in_the_drawing_and_whole_in_the_table(at_desk, reader, world):
    for at in range(75):
        relate(world["muna"], person(f"Colleague {at:02}"))
    client = at_desk(reader)
    client.cookies["hiwar_language"] = "en"
    address = reverse("contacts:network", args=["person", world["muna"].pk])
    first = client.get(address).content.decode()
    assert first.count('<a class="node') == 60
    assert "The drawing shows the nearest 60 of 78." in first
    assert "77 connections" in first
    second = client.get(address, {"page": "2"}).content.decode()
    rows = [text.count('<tr role="row"><td') for text in (first, second)]
    assert rows == [40, 37]


def test_nothing_known_is_said(at_desk, reader):
    client = at_desk(reader)
    client.cookies["hiwar_language"] = "en"
    alone = person("Alone")
    answer = client.get(reverse("contacts:network", args=["person", alone.pk]))
    assert b"No connection is known for this day" in answer.content
    assert b'<svg class="network"' not in answer.content
