"""Signing a joint statement: one answer per organisation, history, terms, links, races."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone, translation

from factories.accounts import UserFactory
from factories.contacts import OrganisationFactory
from factories.dossiers import DossierFactory
from hiwar.accounts.actions.people import NotAllowed
from hiwar.common.links.queries import find_link, token_of
from hiwar.common.models import AuditEntry, PrivateLink
from hiwar.common.numbering import written
from hiwar.contacts.models import ContactPoint, Membership
from hiwar.dossiers.actions import joint
from hiwar.dossiers.models import JointText
from hiwar.dossiers.queries import joint as ask
from hiwar.signatures.actions import letters as outbox
from hiwar.signatures.actions import signing, signings
from hiwar.signatures.actions.signing import Terms
from hiwar.signatures.exports.letters import body_with_link, compose
from hiwar.signatures.models import Signature, SigningLetter, SigningRequest
from hiwar.signatures.queries import open_version
from hiwar.signatures.queries import requests as questions

pytestmark = pytest.mark.django_db
TEXT = {"ar": "الفقرة الأولى.\n\nالفقرة الثانية.", "en": "The first.\n\nThe second."}
RESERVED = {"is_reserved": True, "reservation": "We object to the second.", "language": "en"}


@pytest.fixture
def manager(roles):
    return UserFactory.create(roles=["programme_manager"])


@pytest.fixture
def statement(manager, now):
    return joint.create_statement(
        actor=manager, dossier=DossierFactory.create(), title={"ar": "بيان", "en": "A statement"},
        text=TEXT, now=now,
        settings=joint.Settings(date(2026, 12, 1), contact_line="+970 2 000 0000"),
    )  # fmt: skip


def organisations(count):
    return [
        OrganisationFactory.create(name={"ar": f"منظمة {n}", "en": f"Organisation {n}"})
        for n in range(1, count + 1)
    ]


def opened(manager, statement, now, count=3):
    """Ask some organisations and open the text; return it with the letters by organisation."""
    outbox.ask_organisations(
        actor=manager, signing=statement.signing, organisations=organisations(count),
        compose=compose, now=now,
    )  # fmt: skip
    text = joint.open_text(actor=manager, text=ask.latest_text(statement), now=now)
    letters = outbox.write_letters(actor=manager, version=text.version, now=now)
    # In the order of their numbers: codes of organisations sort as text.
    letters.sort(key=lambda one: int(one.request.organisation.name["en"].split()[1]))
    return text, letters


def sign(letter, text, at, **terms):
    given = {"signer": "Hala Samir", "function": "Director"} | terms
    return signing.sign_by_link(letter=letter, version=text.version, terms=Terms(**given), now=at)


def test_seventeen_two_and_one_who_withdraws(manager, statement, now):
    text, letters = opened(manager, statement, now, count=22)
    for number, letter in enumerate(letters[:20]):
        terms = RESERVED | {"paragraph": 2} if number in {4, 9} else {}
        sign(letter, text, now + timedelta(minutes=number), **terms)
    signing.withdraw_signature(
        version=text.version, letter=letters[7], why="", now=now + timedelta(hours=1)
    )
    signing.decline(version=text.version, letter=letters[20], who="", why="", now=now)
    found = ask.signatories(text)
    assert (found.count, len(found.reserved)) == (19, 2)
    with translation.override("en"):
        assert found.sentence == "19 organisations signed, 2 of them with reservation."
    with translation.override("ar"):
        assert found.sentence == "وقّعت 19 جهة، اثنتان منها مع تحفظ."
    assert "Organisation 8" not in [row.name["en"] for row in found.rows]
    assert [row.number for row in found.reserved] == [5, 9]
    rows = questions.asked(manager, statement.signing, text.version)
    assert questions.answer_counts(rows) == {
        "signed": 17, "reserved": 2, "withdrawn": 1, "declined": 1, "silent": 1,
    }  # fmt: skip
    assert [str(one.organisation) for one in questions.silent_requests(text.version)] == [
        str(letters[21].request.organisation)
    ]


def test_order_is_that_of_signing_also_for_what_was_typed_in_later(manager, statement, now):
    text, letters = opened(manager, statement, now)
    sign(letters[0], text, now + timedelta(hours=2))
    signing.type_signature(
        actor=manager, request=letters[1].request, version=text.version,
        terms=Terms("Rana", "Chair"), way="phone", source="Call of the morning",
        signed_at=now + timedelta(hours=1), now=now + timedelta(hours=3),
    )  # fmt: skip
    names = [row.name["en"] for row in ask.signatories(text).rows]
    assert names == ["Organisation 2", "Organisation 1"]


def test_signing_twice_is_one_signature_that_keeps_its_place(manager, statement, now):
    text, letters = opened(manager, statement, now)
    first = sign(letters[0], text, now)
    sign(letters[1], text, now + timedelta(minutes=1))
    sign(letters[0], text, now + timedelta(minutes=2), seen=str(first.pk), **RESERVED)
    found = ask.signatories(text)
    assert (found.count, len(found.reserved)) == (2, 1)
    assert found.rows[0].reservation == "We object to the second."
    assert Signature.objects.count() == 3
    history = questions.history_of(text.version, letters[0].request)
    assert [one.is_reserved for one in history] == [True, False]


def test_two_people_of_one_organisation_do_not_overwrite_each_other_unseen(manager, statement, now):
    text, letters = opened(manager, statement, now)
    sign(letters[0], text, now, signer="The first")
    with pytest.raises(signing.AnsweredMeanwhile):
        sign(letters[0], text, now, signer="The second", **RESERVED)
    assert [one.signer for one in Signature.objects.all()] == ["The first"]


@pytest.mark.parametrize(
    ("terms", "refusal"),
    [
        ({"signer": " "}, signing.NameMissing),
        ({"function": ""}, signing.NameMissing),
        ({"is_reserved": True, "reservation": "  "}, signing.ReservationMissing),
        (RESERVED | {"paragraph": 3}, signing.NoSuchParagraph),
        (RESERVED | {"paragraph": 0}, signing.NoSuchParagraph),
        ({"seen": "something"}, signing.AnsweredMeanwhile),
    ],
)
def test_terms_that_lack_something_are_refused(manager, statement, now, terms, refusal):
    text, letters = opened(manager, statement, now)
    with pytest.raises(refusal):
        sign(letters[0], text, now, **terms)
    assert not Signature.objects.exists()


def test_a_link_signs_until_the_last_day_and_withdraws_until_publication(manager, statement, now):
    text, letters = opened(manager, statement, now)
    last = datetime.combine(date(2026, 12, 1), now.time(), now.tzinfo)
    sign(letters[0], text, last)
    sign(letters[1], text, last)
    with pytest.raises(signing.SigningOver):
        sign(letters[2], text, last + timedelta(days=1))
    later = last + timedelta(days=3)
    signing.withdraw_signature(version=text.version, letter=letters[0], why="", now=later)
    mark = ask.signatories(text).mark
    joint.publish_text(actor=manager, text=text, seen=mark, now=later)
    with pytest.raises(signing.ListClosed):
        signing.withdraw_signature(version=text.version, letter=letters[1], why="", now=later)
    assert ask.signatories(text).count == 1


def test_who_publishes_has_seen_the_list_that_becomes_public(manager, statement, now):
    text, letters = opened(manager, statement, now)
    for letter in letters:
        sign(letter, text, now)
    seen = ask.signatories(text).mark
    signing.withdraw_signature(
        version=text.version, letter=letters[1], why="We were too quick", now=now
    )
    with pytest.raises(signings.ListChanged):
        joint.publish_text(actor=manager, text=text, seen=seen, now=now)
    text.refresh_from_db()
    assert text.state == JointText.State.OPEN
    joint.publish_text(actor=manager, text=text, seen=ask.signatories(text).mark, now=now)
    entry = AuditEntry.objects.filter(verb="dossiers.jointstatement.publish").get()
    assert (entry.changed["signatures"], entry.changed["reservations"]) == (2, 0)


@pytest.mark.parametrize("how", ["withdrawn", "renewed", "taken back", "ended", "whole"])
def test_a_closed_link_changes_nothing(manager, statement, now, how):
    text, letters = opened(manager, statement, now)
    at = now
    if how == "withdrawn":
        PrivateLink.objects.filter(pk=letters[0].private_link_id).update(withdrawn_at=now)
    elif how == "renewed":
        outbox.renew_link(actor=manager, request=letters[0].request, compose=compose, now=now)
    elif how == "taken back":
        outbox.take_back_request(actor=manager, request=letters[0].request, now=now)
    elif how == "ended":
        at = now + timedelta(days=90)
    else:
        joint.withdraw_statement(actor=manager, statement=statement, reason={"en": "x"}, now=now)
    with pytest.raises(signing.LinkClosed):
        sign(letters[0], text, at)
    with pytest.raises(signing.LinkClosed):
        signing.decline(version=text.version, letter=letters[0], who="", why="", now=at)
    with pytest.raises(signing.LinkClosed):
        signing.withdraw_signature(version=text.version, letter=letters[0], why="", now=at)


def test_a_link_is_kept_as_a_digest_and_forgotten_when_sent(manager, statement, now):
    _text, letters = opened(manager, statement, now)
    letter = SigningLetter.objects.get(pk=letters[0].pk)
    token = outbox.token_of(letter)
    link = find_link("signatures.signing", token)
    assert link is not None
    assert questions.letter_behind(link) == letter
    assert token in body_with_link(letter)
    assert token not in letter.body + str(vars(link))
    outbox.mark_sent(actor=manager, letter=letter, now=now)
    link = find_link("signatures.signing", token)
    assert link is not None
    assert (bytes(link.sealed), token_of(link)) == (b"", "")
    assert questions.letter_behind(link) == letter
    assert find_link("signatures.signing", "nonsense") is None


def test_a_changed_text_is_a_new_version_and_asks_again(manager, statement, now):
    text, letters = opened(manager, statement, now)
    sign(letters[0], text, now)
    with pytest.raises(joint.TextFixed):
        joint.edit_text(actor=manager, text=text, title={"en": "Other"}, body=TEXT, now=now)
    second = joint.begin_version(actor=manager, statement=statement, now=now)
    with pytest.raises(joint.DraftWaiting):
        joint.begin_version(actor=manager, statement=statement, now=now)
    joint.edit_text(
        actor=manager, text=second, title={"en": "Other"}, body=TEXT | {"en": "One"}, now=now,
        change={"en": "Paragraph two fell away"},
    )  # fmt: skip
    sign(letters[1], text, now)
    second = joint.open_text(actor=manager, text=second, now=now)
    with pytest.raises(signing.TextChanged):
        sign(letters[2], text, now)
    assert ask.signatories(second).count == 0
    again = outbox.write_letters(actor=manager, version=second.version, now=now)
    assert [one.kind for one in again] == ["changed"] * 3
    assert "Paragraph two fell away" in again[0].body
    sign(letters[0], second, now)
    assert (ask.signatories(text).count, ask.signatories(second).count) == (2, 1)
    assert open_version(statement.signing) == second.version


def test_declining_and_signing_after_all(manager, statement, now):
    text, letters = opened(manager, statement, now)
    signing.decline(version=text.version, letter=letters[0], who="Hala", why="Not ours", now=now)
    assert questions.silent_requests(text.version).count() == 2
    signature = sign(letters[0], text, now)
    with pytest.raises(signing.SignedAlready):
        signing.decline(version=text.version, letter=letters[0], who="", why="", now=now)
    rows = {
        row.signature: row.answer
        for row in questions.asked(manager, statement.signing, text.version)
    }
    assert rows[signature] == "signed"


def test_typing_in_needs_a_source_and_a_time_that_can_be(manager, statement, now):
    text, letters = opened(manager, statement, now)

    def type_in(source="A call", signed_at=now, actor=manager):
        return signing.type_signature(
            actor=actor, request=letters[0].request, version=text.version,
            terms=Terms("Rana", "Chair"),
            way="paper", source=source, signed_at=signed_at, now=now,
        )  # fmt: skip

    for given, refusal in (
        ({"source": " "}, signing.SourceMissing),
        ({"signed_at": now + timedelta(days=1)}, signing.TimeUnfit),
        ({"signed_at": now - timedelta(days=1)}, signing.TimeUnfit),
        ({"actor": UserFactory.create(roles=["media"])}, NotAllowed),
    ):
        with pytest.raises(refusal):
            type_in(**given)
    assert type_in().typed_by == manager


def test_a_coalition_is_asked_in_one_action_with_the_members_of_the_day(manager, statement, now):
    group = OrganisationFactory.create(kind="coalition")
    members = organisations(4)
    for number, member in enumerate(members):
        ended = date(2026, 1, 1) if number == 3 else None
        Membership.objects.create(organisation=group, member=member, ends_on=ended)
    closed = OrganisationFactory.create(visibility="personal", owner=UserFactory.create())
    Membership.objects.create(organisation=group, member=closed)
    ContactPoint.objects.create(
        organisation=members[0], kind="email", value="a@one.example", key="a@one.example",
        is_private=False,
    )  # fmt: skip
    found = questions.members_on(manager, group, timezone.localdate(now))
    assert set(found) == set(members[:3])
    for _time in range(2):
        outbox.ask_organisations(
            actor=manager, signing=statement.signing, organisations=found, compose=compose, now=now
        )
    assert SigningRequest.objects.count() == 3
    assert SigningRequest.objects.get(organisation=members[0]).email == "a@one.example"
    with pytest.raises(NotAllowed):
        outbox.ask_organisations(
            actor=manager,
            signing=statement.signing,
            organisations=[closed],
            compose=compose,
            now=now,
        )


def test_reminders_go_to_the_silent_and_wait_until_the_last_letter_left(manager, statement, now):
    text, letters = opened(manager, statement, now)
    sign(letters[0], text, now)
    assert outbox.remind(actor=manager, version=text.version, now=now) == 0
    for letter in SigningLetter.objects.all():
        outbox.mark_sent(actor=manager, letter=letter, now=now)
    assert outbox.remind(actor=manager, version=text.version, now=now) == 2
    assert outbox.remind(actor=manager, version=text.version, now=now) == 0


def test_a_memorandum_that_was_sent_takes_no_more_signatures_and_loses_none(
    manager, statement, now
):
    text, letters = opened(manager, statement, now)
    sign(letters[0], text, now)
    with pytest.raises(signings.ReasonNeeded):
        joint.close_list(actor=manager, text=text, why=" ", now=now)
    joint.close_list(actor=manager, text=text, why="Sent to the bureau", now=now)
    with pytest.raises(signing.SigningOver):
        sign(letters[1], text, now)
    with pytest.raises(signing.ListClosed):
        signing.withdraw_signature(version=text.version, letter=letters[0], why="", now=now)
    joint.reopen_list(actor=manager, text=text, now=now)
    signing.withdraw_signature(version=text.version, letter=letters[0], why="Too early", now=now)
    found = Signature.objects.get()
    assert (found.withdrawn_why, found.withdrawn_by) == ("Too early", None)


def test_opening_needs_a_last_day_and_publishing_a_signature_and_the_right(manager, statement, now):
    text = ask.latest_text(statement)
    joint.change_settings(
        actor=manager, statement=statement, changes={"sign_by": date(2026, 11, 1)}, now=now
    )
    with pytest.raises(signings.SignByMissing):
        joint.open_text(actor=manager, text=text, now=now)
    with pytest.raises(signings.NotOpen):
        joint.publish_text(actor=manager, text=text, seen="", now=now)
    statement.signing.sign_by = date(2026, 12, 1)
    statement.signing.save()
    text, letters = opened(manager, statement, now)
    with pytest.raises(signings.NobodySigned):
        joint.publish_text(actor=manager, text=text, seen="", now=now)
    sign(letters[0], text, now)
    researcher = UserFactory.create(roles=["researcher"])
    with pytest.raises(NotAllowed):
        joint.publish_text(actor=researcher, text=text, seen=ask.signatories(text).mark, now=now)


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"code": "no spaces"}, joint.AddressUnfit),
        ({"code": "-x"}, joint.AddressUnfit),
        ({"code": "s-1"}, joint.AddressTaken),
        ({"kind": "nonsense"}, joint.UnknownWord),
    ],
)
def test_an_address_is_fit_and_free(manager, statement, now, given, refusal):
    with pytest.raises(refusal):
        joint.create_statement(
            actor=manager, dossier=statement.dossier, title={"en": "x"}, text={"en": "x"},
            now=now, **given,
        )  # fmt: skip


def test_letters_are_numbered_in_one_series_and_what_never_left_is_struck_out(
    manager, statement, now
):
    _text, letters = opened(manager, statement, now)
    numbers = [letter.number for letter in letters]
    assert sorted(one.number for one in numbers) == [1, 2, 3]
    assert written(letters[0].number) in letters[0].body
    outbox.hear_message_state(letters[0].pk, "handed_over", "", now)
    joint.withdraw_statement(actor=manager, statement=statement, reason={"en": "Over"}, now=now)
    for number in numbers:
        number.refresh_from_db()
    assert [number.voided_at for number in numbers] == [None, now, now]
