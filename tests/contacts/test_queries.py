"""Who holds a post on a day, how they are addressed, and who may read of whom."""

from __future__ import annotations

from datetime import date

import pytest

from factories.accounts import UserFactory
from factories.contacts import (
    ContactPointFactory,
    MissionFactory,
    OrganisationFactory,
    PersonFactory,
    PostFactory,
    PostHoldingFactory,
)
from hiwar.contacts import queries
from hiwar.contacts.models import Person
from hiwar.contacts.queries.holders import is_leaving
from hiwar.contacts.queries.vocabularies import styles, without_honorific

pytestmark = pytest.mark.django_db
DAY = date(2027, 3, 10)


def test_holder_changes_and_history_stays():
    post = PostFactory.create()
    before = PostHoldingFactory.create(post=post, ends_on=date(2027, 3, 9)).person
    after = PostHoldingFactory.create(post=post, starts_on=date(2027, 3, 10)).person
    assert queries.holder_of(post, date(2027, 3, 9)) == before
    assert queries.holder_of(post, DAY) == after
    assert queries.holder_of(post, date(2020, 1, 1)) is None
    assert [one.person for one in queries.history_of(post)] == [after, before]


def test_somebody_acting_stands_behind_the_holder():
    post = PostFactory.create()
    acting = PostHoldingFactory.create(post=post, is_interim=True, starts_on=date(2027, 3, 1))
    holder = PostHoldingFactory.create(post=post)
    assert queries.holders_on(post, DAY) == [holder.person, acting.person]


def test_somebody_who_was_removed_holds_nothing(now):
    holding = PostHoldingFactory.create(person=PersonFactory.create(removed_at=now))
    assert queries.holder_of(holding.post, DAY) is None


def test_leaving_is_told_thirty_days_before():
    holding = PostHoldingFactory.create(ends_on=date(2027, 3, 31))
    assert is_leaving(holding, date(2027, 3, 1))
    assert not is_leaving(holding, date(2027, 2, 28))
    assert not is_leaving(holding, date(2027, 4, 1))
    assert list(queries.leaving(DAY)) == [holding]


@pytest.mark.parametrize(
    ("written", "plain", "code", "sex"),
    [
        ("H.E. Claire Monval", "Claire Monval", "excellency", ""),
        ("سعادة كلير مونفال", "كلير مونفال", "excellency", ""),
        ("م. رولا هاني صبري", "رولا هاني صبري", "engineer", ""),
        ("السيدة منال غازي لؤي", "منال غازي لؤي", "ordinary", "female"),
        ("معالي الدكتورة أمل جابر", "أمل جابر", "minister", "female"),
        ("M. Pascal Dorigny", "Pascal Dorigny", "ordinary", "male"),
        ("محمد أمين", "محمد أمين", "", ""),
        ("Dralia Mansour", "Dralia Mansour", "", ""),
        ("دينا مراد", "دينا مراد", "", ""),
    ],
)
def test_honorifics_are_read_off_names(written, plain, code, sex):
    assert without_honorific(written) == (plain, code, sex)


def consul_general(**person: object) -> object:
    mission = MissionFactory.create()
    post = PostFactory.create(
        organisation=mission,
        style="consul_general",
        title={"ar": "القنصل العام", "en": "Consul General"},
    )
    holder = PersonFactory.create(
        shown_name={"ar": "كلير مونفال", "en": "Claire Monval"}, honorific="excellency", **person
    )
    PostHoldingFactory.create(post=post, person=holder)
    return post


def test_a_french_consul_general_is_written_to_in_french():
    post = consul_general(sex="female", language="fr")
    assert queries.letter_language(post, DAY) == "fr"
    address = queries.address_of(post, "fr", DAY)
    assert address.salutation == "Madame la Consule générale,"
    assert address.envelope[:2] == ("Madame Claire Monval", "Consule générale")
    assert address.close.startswith("Je vous prie d'agréer, Madame la Consule générale,")
    arabic = queries.address_of(post, "ar", DAY)
    assert arabic.salutation == "سعادة القنصل العام السيدة كلير مونفال المحترمة،"
    assert queries.address_of(post, "en", DAY).salutation == "Excellency,"


def test_the_form_follows_the_sex_and_the_vacancy():
    assert queries.address_of(consul_general(sex="male"), "fr", DAY).salutation == (
        "Monsieur le Consul général,"
    )
    assert "المحترم/ة" in queries.address_of(consul_general(), "ar", DAY).salutation
    vacant = PostFactory.create(style="minister")
    assert queries.address_of(vacant, "ar", DAY).person is None
    assert "المدير العام" in queries.address_of(vacant, "ar", DAY).salutation


def test_every_form_of_address_is_complete():
    for style, one in styles().items():
        for language, forms in one["forms"].items():
            assert set(forms) == {"female", "male", "", "vacant"}, (style, language)
            for sex, form in forms.items():
                assert {"envelope", "salutation", "close", "spoken"} <= set(form), (style, sex)
                given = dict.fromkeys(("name", "title", "family", "spoken", "honorific"), "x")
                assert all(form[part].format(**given) for part in form)


def test_people_are_for_those_who_may_read_them(roles):
    reader = UserFactory.create(roles=["researcher"])
    named = UserFactory.create(roles=["researcher"])
    finance = UserFactory.create(roles=["finance_viewer"])
    wide = PersonFactory.create()
    close = PersonFactory.create(visibility=Person._meta.get_field("visibility").choices[1][0])
    close.readers.add(named)
    OrganisationFactory.create()
    assert list(queries.people_for(reader)) == [wide]
    assert set(queries.people_for(named)) == {wide, close}
    assert not queries.people_for(finance).exists()
    assert not queries.organisations_for(finance).exists()


def test_private_points_need_their_permission(roles):
    ContactPointFactory.create()
    open_point = ContactPointFactory.create(is_private=False)
    researcher = UserFactory.create(roles=["researcher"])
    director = UserFactory.create(roles=["director"])
    assert list(queries.points_for(researcher)) == [open_point]
    assert queries.points_for(director).count() == 2
