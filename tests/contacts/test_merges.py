"""Records that may be one person: proposed, merged, and brought back byte for byte."""

from __future__ import annotations

from datetime import date

import pytest
from django.apps import apps
from django.core import serializers

from factories.accounts import UserFactory
from factories.contacts import InteractionFactory, NoteFactory, PersonFactory, PostHoldingFactory
from hiwar.accounts.actions.people import NotAllowed
from hiwar.common.dates import local_day
from hiwar.common.jobs.worker import work_off
from hiwar.contacts import queries
from hiwar.contacts.actions import contact_points, merges, people
from hiwar.contacts.models import DuplicatePair
from hiwar.contacts.queries.people import person_by_key
from hiwar.contacts.queries.register import open_pairs

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 20)


@pytest.fixture
def lina(roles):
    return UserFactory.create(roles=["international_relations"])


def two(lina, now):
    given = {"actor": lina, "now": now}
    first = people.create_person(shown_name={"ar": "منى القواسمي"}, birth_year=1990, **given)
    other = people.create_person(shown_name={"ar": "مني قواسمى", "en": "Muna Qawasmi"}, **given)
    for person, number in ((first, "0599123456"), (other, "+972599123456"), (other, "0599000111")):
        contact_points.add_point(subject=person, kind="phone", value=number, **given)
    for person, said in ((first, True), (other, False)):
        contact_points.record_consent(
            person=person, purpose="newsletter", channel="email", source="form", given_on=DAY,
            is_given=said, **given,
        )  # fmt: skip
    PostHoldingFactory.create(person=other)
    NoteFactory.create(person=other)
    talk = InteractionFactory.create()
    talk.people.add(other)
    shared = InteractionFactory.create()
    shared.people.add(first, other)
    third = PersonFactory.create(shown_name={"en": "Wael Amin"}, sort_name="wael")
    contact_points.relate_people(person=third, other=other, kind="ally", source="told", **given)
    contact_points.relate_people(person=first, other=other, kind="ally", source="told", **given)
    return first, other


def everything(*left_out: str) -> set[str]:
    """Return every row of the room as text, except decisions about merging."""
    names = {"Merge", *left_out}
    models = [m for m in apps.get_app_config("contacts").get_models() if m.__name__ not in names]
    # Links to many have no order of their own; they are compared as rows below.
    rows = {
        serializers.serialize(
            "json", [row], fields=[field.name for field in model._meta.concrete_fields]
        )
        for model in models
        for row in model._default_manager.order_by("pk")
    }
    links = apps.get_model("contacts", "Interaction").people.through.objects
    return rows | {f"{one.interaction_id} {one.person_id}" for one in links.all()}


def test_a_pair_is_proposed_with_reasons_and_merged_by_somebody(lina, now):
    first, other = two(lina, now)
    assert merges.find_duplicates(actor=lina, now=now) == 1
    pair = open_pairs(lina).get()
    assert "same-phone" in {one["code"] for one in pair.reasons}
    assert queries.people_for(lina).count() == 3
    merges.merge_people(actor=lina, kept=first, other=other, now=now)
    first.refresh_from_db()
    assert dict(first.shown_name) == {"ar": "منى القواسمي", "en": "Muna Qawasmi"}
    assert set(first.names.values_list("text", flat=True)) == {
        "منى القواسمي", "مني قواسمى", "Muna Qawasmi",
    }  # fmt: skip
    assert first.points.count() == 2
    assert first.interactions.count() == 2
    assert first.notes.count() == 1
    assert first.holdings.count() == 1
    assert not queries.may_reach(first, "newsletter", "email", local_day(now))
    assert person_by_key(lina, str(other.pk)) == first
    assert queries.search_people(lina, "Qawasmi")[0] == first
    assert queries.current_people([other.pk, first.pk]) == {other.pk: first.pk, first.pk: first.pk}
    pair.refresh_from_db()
    assert pair.state == DuplicatePair.State.MERGED
    assert merges.find_duplicates(actor=lina, now=now) == 0


def test_everybody_is_compared_beside_the_requests(at_desk, lina, now):
    two(lina, now)
    client = at_desk(lina)
    page = client.post("/desk/contacts/duplicates/", follow=True).content.decode()
    assert 'hx-trigger="every 2s"' in page
    client.post("/desk/contacts/duplicates/")
    assert not open_pairs(lina).exists()
    assert work_off() == ["hiwar.contacts.tasks.compare_everybody"]
    pair = open_pairs(lina).get()
    watched = client.get("/desk/contacts/duplicates/?watched=comparison").content.decode()
    assert 'hx-trigger="load" hx-select="#main"' in watched
    page = client.get("/desk/contacts/duplicates/").content.decode()
    assert str(pair.pk) in page
    assert "hx-trigger" not in page[page.index('id="comparison"') :].split(">")[0]


def test_who_may_no_longer_decide_compares_nobody(lina, now):
    two(lina, now)
    merges.ask_to_compare(actor=lina, now=now)
    lina.roles.clear()
    work_off()
    assert not DuplicatePair.objects.exists()
    with pytest.raises(NotAllowed):
        merges.ask_to_compare(actor=type(lina).objects.get(pk=lina.pk), now=now)


def test_undo_brings_everything_back_byte_for_byte(lina, now):
    first, other = two(lina, now)
    merges.find_duplicates(actor=lina, now=now)
    before = everything()
    merge = merges.merge_people(
        actor=lina, kept=first, other=other, now=now, choices={"birth_year": "other"}
    )
    assert everything() != before
    merges.undo_merge(actor=lina, merge=merge, now=now)
    assert everything() == before
    with pytest.raises(merges.UndoneAlready):
        merges.undo_merge(actor=lina, merge=merge, now=now)
    assert queries.search_people(lina, "Muna Qawasmi")[:1] == [other]


def test_a_later_merge_is_undone_first(lina, now):
    first, other = two(lina, now)
    third = people.create_person(actor=lina, shown_name={"ar": "منى"}, now=now)
    start = everything()
    inner = merges.merge_people(actor=lina, kept=first, other=other, now=now)
    later = now.replace(hour=9)
    middle = everything()
    outer = merges.merge_people(actor=lina, kept=third, other=first, now=later)
    other.refresh_from_db()
    assert other.merged_into == third
    with pytest.raises(merges.LaterMerge):
        merges.undo_merge(actor=lina, merge=inner, now=later)
    merges.undo_merge(actor=lina, merge=outer, now=later)
    assert everything() == middle
    merges.undo_merge(actor=lina, merge=inner, now=later)
    assert everything() == start


def test_two_people_are_not_asked_about_again(lina, now):
    two(lina, now)
    merges.find_duplicates(actor=lina, now=now)
    merges.keep_apart(actor=lina, pair=open_pairs(lina).get(), now=now)
    assert merges.find_duplicates(actor=lina, now=now) == 0
    assert not open_pairs(lina).exists()


def test_the_closer_visibility_counts(lina, now):
    first, other = two(lina, now)
    people.change_visibility(actor=lina, record=other, visibility="team", now=now)
    merges.merge_people(actor=lina, kept=first, other=other, now=now)
    first.refresh_from_db()
    assert first.visibility == "team"
    assert list(first.readers.all()) == [lina]


def test_who_may_not_merge_or_read_one_of_them_is_refused(roles, lina, now):
    first, other = two(lina, now)
    media = UserFactory.create(roles=["media"])
    with pytest.raises(NotAllowed):
        merges.merge_people(actor=media, kept=first, other=other, now=now)
    people.change_visibility(actor=lina, record=other, visibility="personal", now=now)
    other.owner = media
    other.save()
    with pytest.raises(NotAllowed):
        merges.merge_people(actor=lina, kept=first, other=other, now=now)
    with pytest.raises(merges.SamePerson):
        merges.merge_people(actor=lina, kept=first, other=first, now=now)
