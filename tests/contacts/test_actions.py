"""People, bodies, posts, consents and the log: what is done with them and what is refused."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from factories.accounts import UserFactory
from factories.contacts import MissionFactory, OrganisationFactory, PersonFactory, PostFactory
from hiwar.accounts.actions.people import NotAllowed
from hiwar.common.models import AuditEntry
from hiwar.contacts import queries
from hiwar.contacts.actions import contact_points, log, organisations, people
from hiwar.contacts.actions.demo import load_demo_contacts, remove_demo_contacts
from hiwar.contacts.models import Interaction, Note, Organisation, Person, PersonName
from hiwar.contacts.queries.holders import is_leaving
from hiwar.places.actions import load_demo_pack

pytestmark = pytest.mark.django_db
DEMO = Path(__file__).parents[2] / "demo"
DAY = date(2026, 11, 20)


@pytest.fixture
def lina(roles):
    return UserFactory.create(roles=["international_relations"])


@pytest.mark.exhaustive("demo")
def test_demonstration_loads_once_and_goes_whole(now):
    load_demo_pack(DEMO, now)
    assert load_demo_contacts(DEMO, now) == (96, 0, [])
    assert load_demo_contacts(DEMO, now) == (0, 96, [])
    brek = Person.objects.get(code="CT-002")
    assert str(brek.shown_name["en"]) == "Tomas Brek"
    assert (brek.honorific, brek.sex) == ("ordinary", "male")
    assert is_leaving(brek.holdings.get(), date(2027, 3, 24))
    monval = Person.objects.get(code="CT-003")
    assert (monval.honorific, monval.sex, monval.language) == ("excellency", "female", "fr")
    post = monval.holdings.get().post
    assert post.style == "consul_general"
    assert queries.address_of(post, "fr", date(2027, 3, 24)).salutation == (
        "Madame la Consule générale,"
    )
    assert Note.objects.count() > 10
    assert remove_demo_contacts(DEMO) == 63
    assert not Person.objects.exists()
    assert not Organisation.objects.exists()
    assert load_demo_contacts(DEMO, now)[0] == 96


def test_every_demonstrated_post_can_be_addressed_in_every_language(now):
    load_demo_contacts(DEMO, now)
    for person in Person.objects.all():
        for language in queries.languages_of_address():
            address = queries.address_of(person.holdings.get().post, language, DAY)
            assert address.salutation
            assert "{" not in "".join((*address.envelope, address.salutation, address.close))


def test_person_is_found_in_another_script(lina, now):
    made = people.create_person(
        actor=lina, shown_name={"ar": "الدكتورة هبة عبد الله القواسمي"}, now=now
    )
    assert made.shown_name["ar"] == "هبة عبد الله القواسمي"
    assert (made.honorific, made.sex) == ("doctor", "female")
    PersonFactory.create()
    for asked in ("هبه عبدالله", "Hiba Qawasmeh", "القواسمى هبه", "heba abdullah"):
        assert queries.search_people(lina, asked)[:1] == [made], asked
    assert queries.search_people(lina, "زيد") == []


def test_a_changed_name_stays_findable_by_the_former_one(lina, now):
    made = people.create_person(actor=lina, shown_name={"en": "Rana Haddad"}, now=now)
    people.update_person(
        actor=lina, person=made, changes={"shown_name": {"en": "Rana Masri"}}, now=now
    )
    assert made.names.get(text="Rana Haddad").kind == PersonName.Kind.FORMER
    assert queries.search_people(lina, "Haddad") == [made]
    assert queries.search_people(lina, "Masri") == [made]
    people.remove_name(actor=lina, name=made.names.get(text="Rana Haddad"), now=now)
    assert queries.search_people(lina, "Haddad") == []


def test_a_name_is_needed(lina, now):
    for empty in ({}, {"ar": "  "}):
        with pytest.raises(people.NameMissing):
            people.create_person(actor=lina, shown_name=empty, now=now)


def test_removed_people_come_back_for_thirty_days(lina, now):
    made = people.create_person(actor=lina, shown_name={"en": "Rana Haddad"}, now=now)
    people.remove_person(actor=lina, person=made, now=now)
    assert queries.search_people(lina, "Haddad") == []
    assert not queries.people_for(lina).exists()
    people.restore_person(actor=lina, person=made, now=now + timedelta(days=29))
    assert queries.search_people(lina, "Haddad") == [made]
    people.remove_person(actor=lina, person=made, now=now)
    with pytest.raises(people.TooLate):
        people.restore_person(actor=lina, person=made, now=now + timedelta(days=31))


def test_who_may_not_edit_or_read_changes_nothing(roles, lina, now):
    researcher = UserFactory.create(roles=["researcher"])
    with pytest.raises(NotAllowed):
        people.create_person(actor=researcher, shown_name={"en": "A B"}, now=now)
    hidden = PersonFactory.create(visibility="team")
    with pytest.raises(NotAllowed):
        people.update_person(actor=lina, person=hidden, changes={"sector": "x"}, now=now)
    assert not AuditEntry.objects.exclude(verb__startswith="accounts").exists()


def test_change_of_holder_is_one_step(lina, now):
    post = PostFactory.create()
    first = organisations.hold_post(
        actor=lina, post=post, person=PersonFactory.create(), starts_on=date(2025, 1, 1), now=now
    )
    after = PersonFactory.create()
    organisations.hold_post(actor=lina, post=post, person=after, starts_on=DAY, now=now)
    first.refresh_from_db()
    assert first.ends_on == DAY - timedelta(days=1)
    assert queries.holder_of(post, DAY) == after
    with pytest.raises(organisations.AlreadyHeld):
        organisations.hold_post(actor=lina, post=post, person=after, starts_on=DAY, now=now)
    with pytest.raises(organisations.DaysInDisorder):
        organisations.hold_post(
            actor=lina, post=post, person=first.person, starts_on=DAY, now=now,
            ends_on=DAY - timedelta(days=1),
        )  # fmt: skip


def test_only_groups_have_members(lina, now):
    coalition = OrganisationFactory.create(kind="coalition")
    member = OrganisationFactory.create()
    made = organisations.join_group(actor=lina, organisation=coalition, member=member, now=now)
    organisations.leave_group(actor=lina, membership=made, ends_on=DAY, now=now)
    assert made.ends_on == DAY
    with pytest.raises(organisations.NotAGroup):
        organisations.join_group(actor=lina, organisation=member, member=coalition, now=now)
    with pytest.raises(organisations.BelongsToItself):
        organisations.join_group(actor=lina, organisation=coalition, member=coalition, now=now)


def test_codes_are_unique_and_nobody_stands_above_themselves(lina, now):
    one = organisations.create_organisation(actor=lina, name={"en": "One"}, code="X-1", now=now)
    with pytest.raises(organisations.CodeTaken):
        organisations.create_organisation(actor=lina, name={"en": "Two"}, code="X-1", now=now)
    two = organisations.create_organisation(actor=lina, name={"en": "Two"}, parent=one, now=now)
    with pytest.raises(organisations.BelongsToItself):
        organisations.update_organisation(
            actor=lina, organisation=one, changes={"parent": two}, now=now
        )


def test_telephones_are_one_whatever_they_are_written_like(lina, now):
    person = PersonFactory.create()
    first = contact_points.add_point(
        actor=lina, subject=person, kind="phone", value="٠٥٩-٩١٢٣٤٥٦", now=now
    )
    again = contact_points.add_point(
        actor=lina, subject=person, kind="phone", value="+972 59 912 3456", now=now
    )
    assert first == again
    assert first.is_private
    assert queries.search_people(lina, "0599123456") == [person]
    for kind, value, refusal in (
        ("phone", "12", contact_points.NotAPhone),
        ("email", "nobody", contact_points.NotAnEmail),
        ("site", "javascript:alert(1)", contact_points.NotASite),
    ):
        with pytest.raises(refusal):
            contact_points.add_point(actor=lina, subject=person, kind=kind, value=value, now=now)


def test_the_stricter_word_of_a_day_counts(lina, now):
    person = PersonFactory.create()
    given = {"actor": lina, "person": person, "purpose": "invitation", "now": now, "source": "form"}
    assert not queries.may_reach(person, "invitation", "email", DAY)
    first = contact_points.record_consent(
        **given, channel="email", given_on=DAY - timedelta(days=9)
    )
    assert queries.may_reach(person, "invitation", "email", DAY)
    assert not queries.may_reach(person, "newsletter", "email", DAY)
    contact_points.record_consent(**given, channel="any", given_on=DAY, is_given=False)
    contact_points.record_consent(**given, channel="email", given_on=DAY)
    assert not queries.may_reach(person, "invitation", "email", DAY)
    contact_points.withdraw_consent(actor=lina, consent=first, on=DAY, now=now)
    with pytest.raises(contact_points.DaysInDisorder):
        contact_points.withdraw_consent(actor=lina, consent=first, on=date(2020, 1, 1), now=now)
    with pytest.raises(contact_points.UnknownWord):
        contact_points.record_consent(**given, channel="pigeon", given_on=DAY)


def test_an_expired_consent_counts_no_more(lina, now):
    person = PersonFactory.create()
    contact_points.record_consent(
        actor=lina, person=person, purpose="photo", channel="any", source="form",
        given_on=date(2026, 1, 1), expires_on=date(2026, 6, 1), now=now,
    )  # fmt: skip
    assert queries.may_reach(person, "photo", "any", date(2026, 6, 1))
    assert not queries.may_reach(person, "photo", "any", date(2026, 6, 2))


def test_a_contact_belongs_to_the_post(lina, now):
    post = PostFactory.create(organisation=MissionFactory.create())
    made = log.record_interaction(
        actor=lina, kind="meeting", happened_on=DAY, subject="First talk", post=post, now=now
    )
    assert made.organisation == post.organisation
    promise = log.add_promise(actor=lina, interaction=made, text="Send the text", now=now)
    log.settle_promise(actor=lina, promise=promise, state="kept", on=DAY, now=now)
    assert promise.settled_on == DAY
    log.remove_interaction(actor=lina, interaction=made, now=now)
    log.restore_interaction(actor=lina, interaction=made, now=now)
    assert Interaction.objects.get().removed_at is None


def test_contacts_that_cannot_be(roles, lina, now):
    post = PostFactory.create(organisation=MissionFactory.create())
    about = {"kind": "call", "subject": "x", "now": now}
    with pytest.raises(log.NobodyThere):
        log.record_interaction(actor=lina, happened_on=DAY, **about)
    with pytest.raises(log.NotYet):
        log.record_interaction(actor=lina, happened_on=date(2026, 12, 1), post=post, **about)
    facilitator = UserFactory.create(roles=["facilitator"])
    with pytest.raises(NotAllowed):
        log.record_interaction(actor=facilitator, happened_on=DAY, post=post, **about)


def test_a_contact_of_today_is_of_today_after_midnight(lina, settings):
    settings.TIME_ZONE = "Asia/Hebron"
    night, day = datetime(2026, 11, 28, 22, 30, tzinfo=UTC), date(2026, 11, 29)
    about = {"actor": lina, "kind": "call", "subject": "x", "post": PostFactory.create()}
    assert log.record_interaction(happened_on=day, now=night, **about).happened_on == day
    with pytest.raises(log.NotYet):
        log.record_interaction(happened_on=day + timedelta(days=1), now=night, **about)


def test_nobody_is_related_to_themselves(lina, now):
    one, other = PersonFactory.create(), PersonFactory.create()
    made = contact_points.relate_people(
        actor=lina, person=one, other=other, kind="adviser", source="told", now=now
    )
    assert made.kind == "adviser"
    with pytest.raises(contact_points.SamePerson):
        contact_points.relate_people(
            actor=lina, person=one, other=one, kind="ally", source="told", now=now
        )
