"""Segments: who is in one, why, and that a selection never tells more than the records do."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from factories.accounts import UserFactory, sign_in_fully
from factories.contacts import (
    InteractionFactory,
    OrganisationFactory,
    PersonFactory,
    PostFactory,
    PostHoldingFactory,
    SegmentFactory,
)
from factories.places import PlaceFactory
from hiwar.accounts.actions.people import NotAllowed
from hiwar.common.models import AuditEntry
from hiwar.contacts.actions import merges, people, segments
from hiwar.contacts.actions.contact_points import UnknownWord
from hiwar.contacts.models import Consent, Membership, Person, Segment, SegmentPick
from hiwar.contacts.queries import may_reach
from hiwar.contacts.queries.condition_kinds import agreed
from hiwar.contacts.queries.segments import (
    organisations_in,
    people_in,
    picked_together,
    reasons,
    segments_of,
)
from roles import PERMITS, roles_that_differ

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 20)
SECRET = "Zephyrine Quillfeather"
NAMES = ("Ben", "Ada", "Cid")


def person(name, **kwargs):
    return PersonFactory.create(shown_name={"en": name}, sort_name=name.casefold(), **kwargs)


def term(kind, /, *, denied=False, **values):
    return {"kind": kind, "values": {name: [str(one) for one in listed]
            for name, listed in values.items()}, "is_denied": denied}  # fmt: skip


def names(found):
    return [str(one) for one in found]


@pytest.fixture
def reader(roles):
    return UserFactory.create(roles=["director"])


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def inside(reader, *terms, join="all"):
    made = SegmentFactory.create(terms=list(terms), join=join)
    return names(people_in(reader, made, DAY)), names(organisations_in(reader, made, DAY))


def test_conditions_of_the_register(reader):
    region = PlaceFactory.create(code="R")
    town = PlaceFactory.create(code="T", parent=PlaceFactory.create(code="D", parent=region))
    ada = person("Ada", sector="women", place=town, language="en")
    person("Ben", sector="youth", language="ar")
    league = OrganisationFactory.create(name={"en": "League"}, kind="coalition", languages=["en"])
    ministry = OrganisationFactory.create(
        name={"en": "Ministry"}, kind="public_body", place=region, languages=["ar", "fr"]
    )
    post = PostFactory.create(organisation=ministry, style="minister")
    PostHoldingFactory.create(post=post, person=ada, ends_on=DAY)
    Membership.objects.create(organisation=league, member=ministry, starts_on=DAY)
    OrganisationFactory.create(name={"en": "Unit"}, parent=ministry, kind="")
    expected = {
        ("sector", "sector", "women"): (["Ada"], []),
        ("kind", "kind", "public_body"): (["Ada"], ["Ministry"]),
        ("place", "place", region.pk): (["Ada"], ["Ministry"]),
        ("post", "post", post.pk): (["Ada"], []),
        ("style", "style", "minister"): (["Ada"], []),
        ("body", "body", league.pk): ([], ["Ministry"]),
        ("body", "body", ministry.pk): (["Ada"], ["Unit"]),
        ("language", "language", "ar"): (["Ben"], ["Ministry"]),
        ("language", "language", "en"): (["Ada"], ["League"]),
    }
    for (kind, name, value), members in expected.items():
        assert inside(reader, term(kind, **{name: [value]})) == members, (kind, value)
    made = SegmentFactory.create(terms=[term("post", post=[post.pk])])
    assert names(people_in(reader, made, DAY + timedelta(days=1))) == []


def test_joins_and_opposites(reader):
    person("Ada", sector="women", language="en")
    person("Ben", sector="youth", language="en")
    person("Cem", sector="women", language="ar")
    women, english = term("sector", sector=["women"]), term("language", language=["en"])
    assert inside(reader, women, english)[0] == ["Ada"]
    assert inside(reader, women, english, join="any")[0] == ["Ada", "Ben", "Cem"]
    assert inside(reader, women, term("language", language=["en"], denied=True))[0] == ["Cem"]
    assert inside(reader, term("sector", sector=["women", "youth"], denied=True))[0] == []
    assert inside(reader) == ([], [])
    assert inside(reader, term("shoe size", size=["42"]))[0] == []
    assert inside(reader, term("shoe size", size=["42"], denied=True))[0] == []


def test_not_contacted_since_counts_what_the_reader_may_know(reader):
    ada, ben = person("Ada"), person("Ben")
    open_talk = InteractionFactory.create(happened_on=date(2026, 10, 1))
    open_talk.people.add(ada)
    closed = InteractionFactory.create(happened_on=date(2026, 10, 1), visibility="personal")
    closed.people.add(ben)
    since = term("contact", since=["2026-10-01"])
    assert inside(reader, since)[0] == ["Ben"]
    assert inside(reader, term("contact", since=["2026-10-02"]))[0] == ["Ada", "Ben"]
    assert inside(reader, {**since, "is_denied": True})[0] == ["Ada"]
    assert inside(reader, term("contact", since=["someday"]))[0] == []


class Consents(TestCase):
    """The condition in the database says of everybody what the rule says of one."""

    @settings(max_examples=40, deadline=None)
    @given(
        st.lists(
            st.tuples(
                st.sampled_from(["any", "email", "phone"]),
                st.booleans(),
                st.integers(0, 3),
                st.none() | st.integers(0, 4),
                st.none() | st.integers(0, 4),
            ),
            max_size=5,
        )
    )
    def test_as_the_rule_for_one_person(self, words):
        one = person("Ada")
        for channel, is_given, on, expires, withdrawn in words:
            Consent.objects.create(
                person=one,
                purpose="invitation",
                channel=channel,
                is_given=is_given,
                source="x",
                given_on=DAY + timedelta(days=on - 2),
                expires_on=None if expires is None else DAY + timedelta(days=expires - 2),
                withdrawn_on=None if withdrawn is None else DAY + timedelta(days=withdrawn - 2),
            )
        for channel in ("email", "phone"):
            found = Person.objects.filter(agreed("invitation", channel, DAY)).exists()
            assert found == may_reach(one, "invitation", channel, DAY)


def test_hands_decide_before_conditions_and_say_why(reader, now):
    ada, ben = person("Ada", sector="women"), person("Ben")
    made = SegmentFactory.create(terms=[term("sector", sector=["women"])])
    pick = {"actor": reader, "segment": made, "now": now}
    segments.pick_member(member=ben, is_in=True, reason="asked for it", **pick)
    assert names(people_in(reader, made, DAY)) == ["Ada", "Ben"]
    why = reasons(reader, made, [ada, ben], DAY)
    assert [[one.text for one in why[key]] for key in (ada.pk, ben.pk)] == [
        ["is in the sector: women"], ["put in by hand: asked for it"],
    ]  # fmt: skip
    segments.pick_member(member=ada, is_in=False, reason="away until spring", **pick)
    assert names(people_in(reader, made, DAY)) == ["Ben"]
    assert segments_of(reader, ada, DAY) == []
    assert [one.name["en"] for one, _why in segments_of(reader, ben, DAY)] == ["Partners"]
    with pytest.raises(segments.ReasonMissing):
        segments.pick_member(member=ada, is_in=True, reason="  ", **pick)
    for one in SegmentPick.objects.all():
        segments.forget_pick(actor=reader, pick=one, now=now)
    assert names(people_in(reader, made, DAY)) == ["Ada"]
    told = AuditEntry.objects.filter(verb__startswith="contacts.segment").order_by("pk")
    verbs = told.values_list("verb", flat=True)
    assert list(verbs) == [
        "contacts.segment.put_in", "contacts.segment.leave_out",
        "contacts.segment.forget_pick", "contacts.segment.forget_pick",
    ]  # fmt: skip


def test_conditions_are_checked_before_they_are_kept(reader, outsider, now):
    made = SegmentFactory.create()
    ask = {"segment": made, "now": now}
    for kind, values in (
        ("sector", {"sector": []}),
        ("sector", {"sector": ["no such sector"]}),
        ("needs", {"needs": ["step-free"]}),
        ("contact", {"since": ["yesterday"]}),
        ("consent", {"purpose": ["invitation", "photo"], "channel": ["email"]}),
    ):
        with pytest.raises(UnknownWord):
            segments.add_term(actor=reader, kind=kind, values=values, **ask)
    good = {"kind": "sector", "values": {"sector": ["women"]}}
    with pytest.raises(NotAllowed):
        segments.add_term(actor=outsider, **good, **ask)
    segments.add_term(actor=reader, **good, **ask)
    with pytest.raises(segments.TermThere):
        segments.add_term(actor=reader, **good, **ask)
    made.refresh_from_db()
    gone = made.terms[0]
    segments.remove_term(actor=reader, segment=made, term=gone, now=now)
    with pytest.raises(segments.TermGone):
        segments.remove_term(actor=reader, segment=made, term=gone, now=now)
    made.terms = [term("sector", sector=[f"s{at}"]) for at in range(segments.MOST_TERMS)]
    made.save()
    with pytest.raises(segments.TooManyTerms):
        segments.add_term(actor=reader, **good, **ask)
    segments.archive_segment(actor=reader, segment=made, now=now)
    made.refresh_from_db()
    with pytest.raises(segments.SegmentArchived):
        segments.update_segment(actor=reader, segment=made, changes={"join": "any"}, now=now)
    segments.restore_segment(actor=reader, segment=made, now=now)
    assert segments.update_segment(actor=reader, segment=made, changes={"join": "any"}, now=now)


def test_a_merge_moves_what_hands_decided_and_undoing_it_brings_it_back(reader, now):
    kept, other = person("Ada"), person("Ada B")
    first, second = SegmentFactory.create(), SegmentFactory.create()
    for made, one, is_in in ((first, other, True), (second, other, False), (second, kept, True)):
        segments.pick_member(
            actor=reader, segment=made, member=one, is_in=is_in, reason="so", now=now
        )
    merge = merges.merge_people(actor=reader, kept=kept, other=other, now=now)
    assert names(people_in(reader, first, DAY)) == ["Ada"]
    assert names(people_in(reader, second, DAY)) == []
    merges.undo_merge(actor=reader, merge=merge, now=now)
    assert names(people_in(reader, first, DAY)) == ["Ada B"]
    assert names(people_in(reader, second, DAY)) == ["Ada"]


@pytest.mark.parametrize("role", roles_that_differ("contacts"))
def test_a_selection_tells_no_more_than_the_records(roles, role, now):
    user = UserFactory.create(roles=[role])
    sees = "contacts.see" in PERMITS[role]
    hidden = person(SECRET, sector="women", visibility="team")
    shown = person("Open Person", sector="women")
    cloaked = OrganisationFactory.create(
        name={"en": SECRET}, kind="coalition", sector="women", visibility="personal"
    )
    Membership.objects.create(organisation=cloaked, person=shown)
    post = PostFactory.create(organisation=cloaked, title={"en": SECRET})
    PostHoldingFactory.create(post=post, person=shown)
    body = term("body", body=[cloaked.pk])
    cases = {
        "sector": [term("sector", sector=["women"])],
        "body": [body],
        "not body": [{**body, "is_denied": True}],
        "post": [term("post", post=[post.pk])],
        "kind": [term("kind", kind=["coalition"])],
    }
    client = Client()
    sign_in_fully(client, user)
    client.cookies["hiwar_language"] = "en"
    for name, terms in cases.items():
        made = SegmentFactory.create(name={"en": name}, terms=terms)
        for member in (hidden, cloaked):
            segments.pick_member(
                actor=None, segment=made, member=member, is_in=name == "kind", reason="whispered",
                now=now,
            )  # fmt: skip
        found = names(people_in(user, made, DAY))
        assert found == (["Open Person"] if sees and name == "sector" else []), name
        assert names(organisations_in(user, made, DAY)) == []
        address = reverse("contacts:segment", args=[made.pk])
        for path in (address, f"{address}?of=organisations", f"{address}?q=Zephyrine"):
            answer = client.get(path)
            assert answer.status_code == (200 if sees else 403)
            assert SECRET not in answer.content.decode()
            assert "whispered" not in answer.content.decode()
        answer = client.post(
            reverse("contacts:export_segment", args=[made.pk]), {"kind": "csv", "reason": "x"}
        )
        assert answer.status_code == (200 if "contacts.export" in PERMITS[role] else 403)
        assert SECRET not in answer.content.decode(errors="replace")
    closed = SegmentFactory.create(name={"en": SECRET}, visibility="team")
    for name in ("segment", "edit_segment", "export_segment", "pick"):
        assert client.get(reverse(f"contacts:{name}", args=[closed.pk])).status_code in {403, 404}
    for path in (reverse("contacts:segments"), reverse("contacts:person", args=[shown.pk])):
        assert SECRET not in client.get(path).content.decode()


def test_the_number_of_queries_does_not_grow(at_desk, reader):
    client = at_desk(reader)
    made = SegmentFactory.create(terms=[term("sector", sector=["women"])])
    first = person("Ada", sector="women")

    def asked(path):
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        return len(queries)

    page, card = (
        reverse("contacts:segment", args=[made.pk]),
        reverse("contacts:person", args=[first.pk]),
    )
    before = [asked(page), asked(card)]
    for at in range(8):
        person(f"Ada {at}", sector="women")
        SegmentFactory.create(terms=[term("sector", sector=["women"])])
    assert [asked(page), asked(card)] == before


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_segment_is_made_on_its_screens(at_desk, reader, language):
    client = at_desk(reader)
    client.cookies["hiwar_language"] = language
    person("Ada", sector="women")
    ben = person("Ben")
    people.index_person(person=ben)
    empty = client.get(reverse("contacts:segments"))
    assert empty.status_code == 200
    assert b'class="empty"' in empty.content
    wrong = client.post(reverse("contacts:new_segment"), {"name_ar": "", "join": "sometimes"})
    assert wrong.status_code == 200
    assert wrong.context["form"].errors
    answer = client.post(
        reverse("contacts:new_segment"),
        {"name_ar": "شركاء", "name_en": "Partners", "purpose_ar": "للدعوات", "join": "all"},
    )
    address = answer["Location"]
    key = address.rstrip("/").rpartition("/")[2]
    for kind in ("sector", "kind", "place", "post", "style", "body", "language", "consent",
                 "contact", "attended", "attended_series"):  # fmt: skip
        assert client.get(reverse("contacts:condition", args=[key, kind])).status_code == 200
    assert client.get(reverse("contacts:condition", args=[key, "needs"])).status_code == 404
    sector = reverse("contacts:condition", args=[key, "sector"])
    assert client.post(sector, {"sector": ["nonsense"]}).context["form"].errors
    assert client.post(sector, {"sector": ["women"]}).status_code == 302
    shown = client.get(address)
    assert [str(one) for one, _why in shown.context["rows"]] == ["Ada"]
    pick = reverse("contacts:pick", args=[key])
    assert client.post(pick, {"is_in": "yes", "reason": "x"}).context["form"].errors
    client.post(pick, {"person": f"Ben #{ben.pk.hex[:8]}", "is_in": "yes", "reason": "asked"})
    assert client.get(address).context["counts"] == {"people": 2, "organisations": 0}
    found = client.get(address, {"q": "Ben"}).context["rows"]
    assert [str(one) for one, _why in found] == ["Ben"]
    ((mark, _text),) = shown.context["terms"]
    away = reverse("contacts:remove_condition", args=[key, mark])
    assert client.post(away, follow=True).context["terms"] == []
    assert client.post(away).status_code == 302
    client.post(reverse("contacts:archive_segment", args=[key]))
    assert client.get(reverse("contacts:segments")).context["page"].paginator.count == 0
    client.post(reverse("contacts:restore_segment", args=[key]))
    assert client.get(reverse("contacts:segments")).context["page"].paginator.count == 1
    for kind in ("xlsx", "csv", "vcf4"):
        done = client.post(
            reverse("contacts:export_segment", args=[key]), {"kind": kind, "reason": "a letter"}
        )
        assert done["Content-Disposition"].startswith("attachment")
    told = AuditEntry.objects.filter(verb="contacts.segment.export")
    assert [one.changed["count"] for one in told] == [[0, 1]] * 3


def test_those_chosen_in_the_list_are_put_in_at_once_and_taken_out_again(at_desk, reader):
    desk = at_desk(reader)
    desk.cookies[django_settings.LANGUAGE_COOKIE_NAME] = "en"
    ada, ben, cid = person("Ada"), person("Ben"), person("Cid", sector="youth")
    segments_at = reverse("contacts:put_into_segment")
    assert "Choose somebody" in desk.get(segments_at, follow=True).content.decode()

    chosen = f"{segments_at}?selected={ada.pk}&selected={ben.pk}&selected=nobody"
    page = desk.get(chosen).content.decode()
    assert "2 people: Ada, Ben" in page
    refused = desk.post(chosen, {"reason": "Spoke in June"}).content.decode()
    assert "Choose a segment, or name a new one." in refused
    desk.post(chosen, {"name_en": "Speakers", "reason": "Spoke in June"})
    segment = Segment.objects.get()
    assert segment.name["en"] == "Speakers"
    assert names(people_in(reader, segment, DAY)) == ["Ada", "Ben"]
    assert reasons(reader, segment, [ada], DAY)[ada.pk][0].text.endswith("Spoke in June")

    # Whoever is in already stays as they were; everybody of a narrowed list is put in.
    everybody = f"{segments_at}?sector=youth"
    desk.post(everybody, {"segment": segment.pk, "reason": "Youth"})
    desk.post(chosen, {"segment": segment.pk, "reason": "Once more"})
    assert segment.picks.get(person=cid).reason == "Youth"
    assert set(segment.picks.values_list("reason", flat=True)) == {"Spoke in June", "Youth"}

    (pick, count), = picked_together(segment)  # fmt: skip
    assert count == 2
    page = desk.get(reverse("contacts:segment", args=[segment.pk])).content.decode()
    assert "2 people put in on" in page
    desk.post(reverse("contacts:forget_several", args=[segment.pk, pick.pk]))
    assert names(people_in(reader, segment, DAY)) == ["Cid"]
    assert AuditEntry.objects.filter(verb="contacts.segment.take_out_several").count() == 1


def test_nobody_is_put_in_whom_the_reader_may_not_know(at_desk, reader):
    owner = UserFactory.create(roles=["director"])
    hidden = person(SECRET, visibility="personal", owner=owner)
    chosen = f"{reverse('contacts:put_into_segment')}?selected={hidden.pk}"
    assert SECRET not in at_desk(reader).get(chosen, follow=True).content.decode()
    segment = SegmentFactory.create()
    with pytest.raises(NotAllowed):
        segments.pick_people(
            actor=reader, segment=segment, people=[hidden], reason="x", now=timezone.now()
        )
    assert not segment.picks.exists()


def test_the_list_of_people_is_sorted_by_its_headings(at_desk, reader):
    desk = at_desk(reader)
    for hours, name in enumerate(NAMES):
        person(name, created_at=datetime(2026, 11, 2, hours, tzinfo=UTC))
    address = reverse("contacts:people")

    def listed(query: str) -> list[str]:
        rows = desk.get(address + query).context["rows"]
        return [next(name for name in NAMES if name in row[0]["value"]) for row in rows]

    assert listed("") == ["Ada", "Ben", "Cid"]
    assert listed("?sort=-name") == ["Cid", "Ben", "Ada"]
    assert listed("?sort=added") == ["Ben", "Ada", "Cid"]
    assert listed("?sort=rubbish") == ["Ada", "Ben", "Cid"]
    assert 'aria-sort="descending"' in desk.get(f"{address}?sort=-name").content.decode()
