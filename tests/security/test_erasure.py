"""Whoever is erased leaves nothing: canaries are planted in every room and searched for after."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from django.apps import apps
from django.conf import settings
from django.db import models
from django.test import Client
from django.urls import reverse

import factories.visits as trips
from factories.accounts import InstitutionFactory, UserFactory, sign_in_fully
from factories.asks import PartyFactory, PositionFactory
from factories.contacts import ContactPointFactory, PersonFactory, PostFactory
from factories.dialogues import (
    DialogueFactory,
    ParticipantFactory,
    StatementFactory,
    VoteFactory,
)
from factories.dossiers import DossierFactory
from factories.events import EventFactory, InvitationFactory, RoomFactory
from factories.evidence import make_testimony
from hiwar.accounts.rules import can_erase_people
from hiwar.channels.models import Address, Suppression
from hiwar.channels.queries.ways import digest_of
from hiwar.common.actions import audit
from hiwar.common.crypto import seal
from hiwar.common.dates import local_day
from hiwar.common.jobs.registry import duties
from hiwar.common.models import AuditEntry, Erasure, PrivateLink, StoredFile
from hiwar.common.personal import actions, proof
from hiwar.common.personal.holdings import holdings_of, subject_of, subjects
from hiwar.common.personal.retention import end_keeping, keeping_classes
from hiwar.common.tasks import prove_erasure
from hiwar.contacts.actions.merges import merge_people
from hiwar.contacts.actions.people import add_name, create_person, index_person
from hiwar.contacts.models import (
    FileRow,
    Interaction,
    Membership,
    Note,
    Person,
    PersonName,
    PostHolding,
    Relationship,
)
from hiwar.dialogues.actions.people import CodeUnknown, CodeUsed, join_dialogue, make_codes
from hiwar.dialogues.actions.statements import add_statement
from hiwar.dialogues.models import (
    Dialogue,
    JoinCode,
    MergeProposal,
    ModerationDecision,
    Participant,
    Publication,
    Statement,
    Vote,
)
from hiwar.dialogues.queries.erasure import participants_known_by
from hiwar.dialogues.queries.people import contact_key
from hiwar.dialogues.queries.results import outdated_publications
from hiwar.dialogues.queries.tokens import Bearer, cookie_name, make_token
from hiwar.dossiers.actions.prints import keep_print
from hiwar.dossiers.models import JointPrint, JointStatement, JointText
from hiwar.events.models import (
    Attendance,
    Event,
    EventRole,
    FollowUp,
    Invitation,
    InvitationMessage,
    Speech,
)
from hiwar.evidence import models as evidence
from hiwar.evidence.queries.testimony import Witness, place_of
from hiwar.signatures.models import Signature, Signing, SigningVersion
from hiwar.visits.actions.packs import keep_file
from hiwar.visits.models import PackBuild, Traveller

pytestmark = pytest.mark.django_db

NAME, OTHER_NAME = "زرقاء الكناري المفقودة", "Zarqa Canary Lost"
WITHIN = datetime(2027, 5, 1, 9, tzinfo=UTC)
PHONE, MAIL = "0599777123", "zarqa.canary@example.org"
CANARIES = (NAME, OTHER_NAME, PHONE, MAIL, "Canary note", "599777123")


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    """Search no files that other tests left in the data folder which all of them share."""
    settings.DATA = tmp_path / "data"
    settings.DATA.mkdir()


@pytest.fixture
def eraser(roles):
    InstitutionFactory.create()
    return UserFactory.create(roles=["director"])


def left() -> dict[str, int]:
    """Return the tables in which a canary is still there."""
    return dict(proof.search(CANARIES)["found"])


@pytest.fixture
def person(eraser, now):
    """Somebody with a row in every table that holds people, merged of two records."""
    texts = {"ar": NAME, "en": OTHER_NAME}
    person = create_person(actor=eraser, shown_name=texts, now=now)
    add_name(actor=eraser, person=person, language="fr", text=OTHER_NAME, now=now)
    ContactPointFactory.create(person=person, value=PHONE, key="599777123")
    ContactPointFactory.create(person=person, kind="email", value=MAIL, key=MAIL)
    double = PersonFactory.create(shown_name={"ar": NAME})
    index_person(person=double)
    merge_people(actor=eraser, kept=person, other=double, now=now, reason=OTHER_NAME)
    other = PersonFactory.create()
    Note.objects.create(person=person, text="Canary note", written_at=now, owner=eraser)
    Relationship.objects.create(person=person, other=other, kind="kin", source=OTHER_NAME)
    post = PostFactory.create()
    PostHolding.objects.create(person=person, post=post)
    Membership.objects.create(person=person, organisation=post.organisation)
    alone = Interaction.objects.create(
        kind="call", happened_on=local_day(now), subject="Canary note", made_at=now
    )
    alone.people.add(person)
    event = EventFactory.create()
    invitation = InvitationFactory.create(event=event, person=person, name=NAME, email=MAIL)
    message = InvitationMessage.objects.create(
        invitation=invitation, kind="invitation", subject=OTHER_NAME, body=NAME, address=MAIL,
        made_at=now,
    )  # fmt: skip
    room = RoomFactory.create(event=event)
    there = Attendance.objects.create(
        event=event, room=room, invitation=invitation, person=person, name=NAME, arrived_at=now,
        sex="female",
    )  # fmt: skip
    Speech.objects.create(event=event, room=room, attendance=there, label=NAME, queued_at=now)
    EventRole.objects.create(event=event, code="chair", person=person, name=NAME)
    Address.objects.create(digest=digest_of(MAIL), sealed=b"", person=person)
    Suppression.objects.create(digest=digest_of(MAIL), why="word", since=now)
    assert message.pk
    return person


def test_person_of_the_register_leaves_nothing(person, eraser, now):
    assert {"contacts.Person", "common.SearchDocument", "common.AuditEntry"} <= left().keys()
    entries = AuditEntry.objects.count()
    erasure = actions.erase(actor=eraser, kind="contacts.person", keys=[person.pk], now=now)
    assert left() == {}
    assert not Person.objects.filter(merged_into=None, shown_name__ar=NAME).exists()
    assert not FileRow.objects.exists()
    assert not Invitation.objects.exists()
    assert not PrivateLink.objects.exists()
    assert not Address.objects.exists()
    ended = set(Suppression.objects.values_list("digest", "why"))
    assert ended == {(digest_of(MAIL), "word"), (digest_of(PHONE, "phone"), "erasure")}, (
        "that somebody wants no letters outlives them, and no list brings them back"
    )
    there = Attendance.objects.get()
    assert (there.person, there.name, there.sex, there.arrived_at.hour) != (None, "", "", 12)
    assert Speech.objects.get().label == ""
    # What was done is still told, and no longer to whom.
    assert AuditEntry.objects.count() == entries + 1
    told = AuditEntry.objects.get(verb="contacts.person.create")
    assert (told.object, told.actor) == ("contacts.person:erased", eraser.reference)
    assert told.changed == {}
    last = AuditEntry.objects.latest("pk")
    assert (last.verb, last.changed) == (
        "common.erasure.carry_out", {"people": 1, "kind": "contacts.person"},
    )  # fmt: skip
    assert erasure.counts["contacts.Person"] == 2


def test_proof_searches_and_forgets_what_it_searched_for(person, eraser, now):
    note = Note.objects.create(
        organisation=PostFactory.create().organisation, text=f"said by {NAME}", written_at=now
    )
    erasure = actions.erase(actor=eraser, kind="contacts.person", keys=[person.pk], now=now)
    assert NAME in actions.words_of(erasure)
    prove_erasure.func(str(erasure.pk))
    erasure.refresh_from_db()
    assert erasure.proof["found"] == {"contacts.Note": 1}, "what others wrote is shown to a person"
    assert erasure.proof["tables"] > 50
    assert (bytes(erasure.sealed), actions.words_of(erasure)) == (b"", [])
    assert note.pk


def test_several_people_need_a_second_person(eraser, now):
    people = [PersonFactory.create(), PersonFactory.create()]
    keys = [str(one.pk) for one in people]
    asked = actions.erase(actor=eraser, kind="contacts.person", keys=keys, now=now)
    assert (asked.state, Person.objects.count()) == ("asked", 2)
    with pytest.raises(actions.SecondPersonNeeded):
        actions.agree_to_erasure(actor=eraser, erasure=asked, now=now)
    second = UserFactory.create(roles=["programme_manager"])
    done = actions.agree_to_erasure(actor=second, erasure=asked, now=now)
    assert (done.state, done.keys, Person.objects.count()) == ("done", [], 0)
    with pytest.raises(actions.ErasureSettled):
        actions.take_back_erasure(actor=eraser, erasure=asked, now=now)


def test_nobody_else_erases(now):
    visitor = UserFactory.create(roles=["researcher"])
    assert not can_erase_people(visitor)
    with pytest.raises(actions.MayNotErase):
        actions.erase(
            actor=visitor, kind="contacts.person", keys=[PersonFactory.create().pk], now=now
        )
    assert not Erasure.objects.exists()


def test_hidden_person_is_not_erased_by_whoever_cannot_read_it(eraser, now):
    hidden = PersonFactory.create(visibility="personal", owner=UserFactory.create())
    with pytest.raises(actions.MayNotErase):
        actions.erase(actor=eraser, kind="contacts.person", keys=[hidden.pk], now=now)


def test_invitee_outside_the_register_leaves_nothing(eraser, now):
    one = InvitationFactory.create(name=NAME, email=MAIL)
    InvitationFactory.create(name=NAME, email=MAIL.upper())
    InvitationMessage.objects.create(
        invitation=one, kind="invitation", subject="x", body=NAME, address=MAIL, made_at=now
    )
    Address.objects.create(digest=digest_of(MAIL), sealed=b"")
    actions.erase(actor=eraser, kind="events.invitation", keys=[one.pk], now=now)
    assert (left(), Invitation.objects.count(), Address.objects.count()) == ({}, 0, 0)


def test_traveller_leaves_nothing(eraser, now):
    trips.make_staff()
    visit = trips.make_visit(UserFactory.create(roles=["international_relations"]))
    traveller = Traveller.objects.create(
        visit=visit, number=1, name=OTHER_NAME, other_name=NAME, phone=PHONE, variant="member"
    )
    build = PackBuild.objects.create(
        visit=visit, version=1, wanted=[["member", "ar"]], asked_by=eraser, asked_at=now
    )
    keep_file(
        build=build, variant="member", language="ar", pages=1, now=now,
        content=b"%PDF-1.7 " + NAME.encode(),
    )  # fmt: skip
    kept = build.files.get().file
    visit.versions.create(
        number=1, made_at=now, made_by=eraser, changes=[{"what": f"{NAME}"}, {"what": "hall"}]
    )
    actions.erase(actor=eraser, kind="visits.traveller", keys=[traveller.pk], now=now)
    assert (left(), PackBuild.objects.count()) == ({}, 0)
    assert not StoredFile.objects.filter(pk=kept.pk).exists()
    assert visit.versions.get().changes == [{"what": "hall"}]


@pytest.fixture
def voter(facilitator, now):
    """Somebody who came by a code, wrote, voted, and was joined with another registration."""
    dialogue = DialogueFactory.create()
    _batch, codes = make_codes(actor=facilitator, dialogue=dialogue, label="hall", size=1, now=now)
    person = join_dialogue(dialogue=dialogue, now=now, code=codes[0], name=OTHER_NAME)
    person.contact_key = contact_key(dialogue.contact_secret, PHONE)
    person.save()
    double = ParticipantFactory.create(
        dialogue=dialogue, merged_into=person, registration="FORM-CANARY-7"
    )
    other = ParticipantFactory.create(dialogue=dialogue)
    MergeProposal.objects.create(
        dialogue=dialogue, kept=person, other=double, state="accepted", before={"name": NAME}
    )
    own = StatementFactory.create(
        dialogue=dialogue, author=person, source="participant", text={"ar": NAME}
    )
    own.wordings.create(text={"ar": NAME}, replaced_at=now)
    seed = StatementFactory.create(dialogue=dialogue)
    for voting, statement in ((person, own), (other, own), (person, seed), (other, seed)):
        VoteFactory.create(participant=voting, statement=statement)
    ModerationDecision.objects.create(
        statement=seed, outcome="merged", decided_at=now,
        before={"kept": seed.pk, "votes": [[1, person.pk, seed.pk], [2, other.pk, seed.pk]]},
    )  # fmt: skip
    return person, codes[0]


def test_participant_leaves_nothing_and_the_code_stays_shut(voter, eraser, now):
    person, code = voter
    dialogue = person.dialogue
    number = str(person.pk)
    actions.erase(actor=eraser, kind="dialogues.participant", keys=[number], now=now)
    assert proof.search([NAME, OTHER_NAME, number, "FORM-CANARY-7"])["found"] == {}
    assert Participant.objects.count() == 1
    assert [vote.statement.state for vote in Vote.objects.all()] == ["open"]
    assert Statement.objects.filter(state="withdrawn").count() == 1
    assert len(ModerationDecision.objects.get().before["votes"]) == 1
    assert not JoinCode.objects.exists()
    with pytest.raises((CodeUnknown, CodeUsed)):
        join_dialogue(dialogue=dialogue, now=now, code=code)


def test_a_stranger_rubs_no_word_out_of_the_log(voter, eraser, now):
    """Whoever takes part chooses a name and words: the log of the house holds the same ones."""
    person, _code = voter
    person.name = "draft"
    person.save()
    own = Statement.objects.get(source="participant")
    own.text = {"ar": "the aim"}
    own.save()
    changed = {"state": ["draft", "open"], "title": ["", "the aim of the draft"]}
    audit(eraser, "dialogues.dialogue.change", DialogueFactory.create(), at=now, changed=changed)
    audit(eraser, "dialogues.statement.set_theme", own, at=now, changed={"theme": ["", "draft"]})
    invitation = InvitationFactory.create(delegated_to="draft")
    Attendance.objects.create(
        event=invitation.event, room=RoomFactory.create(event=invitation.event),
        invitation=invitation, name="draft", arrived_at=now,
    )  # fmt: skip
    actions.erase(
        actor=None, kind="dialogues.participant", keys=[person.pk], now=now, is_own_wish=True
    )
    erasure = actions.erase(actor=eraser, kind="events.invitation", keys=[invitation.pk], now=now)
    assert AuditEntry.objects.get(verb="dialogues.dialogue.change").changed == changed
    told = AuditEntry.objects.get(verb="dialogues.statement.set_theme")
    assert told.changed == {"theme": ["", ""]}, "what is said of her own words goes"
    assert "draft" in actions.words_of(erasure), "and is searched for"


def test_after_the_close_words_stay_that_others_voted_on(voter, eraser, now):
    person, _code = voter
    person.dialogue.state = "closed"
    person.dialogue.save()
    actions.erase(actor=eraser, kind="dialogues.participant", keys=[person.pk], now=now)
    statement = Statement.objects.get(source="participant")
    assert (statement.state, statement.author, statement.text["ar"]) == ("open", None, NAME)


def test_participant_is_known_by_code_number_and_registration(voter):
    person, code = voter
    assert participants_known_by(code.lower()) == [person]
    assert participants_known_by("+970 59 977 7123") == [person]
    assert participants_known_by("FORM-CANARY-7") == list(person.merged.all())
    assert participants_known_by("index 3\nrubbish\n\nnote") == []
    assert participants_known_by("") == []


def test_names_that_are_typed_go_where_the_person_stood_and_stay_where_a_namesake_did(
    person, eraser, now
):
    own = PostHolding.objects.get(person=person).post.organisation
    signing = Signing.objects.create(kind="dossiers.jointstatement", made_at=now)
    version = SigningVersion.objects.create(
        signing=signing, number=1, title={"ar": "ن"}, text={"ar": "ن"}, opened_at=now
    )
    joint = JointStatement.objects.create(
        dossier=DossierFactory.create(), code="J-1", owner=eraser, created_at=now, signing=signing
    )
    text = JointText.objects.create(
        statement=joint, number=1, title={"ar": "ن"}, text={"ar": "ن"}, made_by=eraser,
        made_at=now, version=version,
    )  # fmt: skip
    printed = JointPrint.objects.create(text=text, language="ar", asked_at=now)
    keep_print(print_=printed, content=b"%PDF-1.7 " + NAME.encode(), pages=1, now=now)
    pairs = []
    for at, body in enumerate((own, PartyFactory.create())):
        position = PositionFactory.create(organisation=body, said_by=OTHER_NAME)
        signature = Signature.objects.create(
            version=version, organisation=body, signer=NAME, function="head", way="mail",
            source="x", signed_at=now, position=at, made_at=now,
        )  # fmt: skip
        event = EventFactory.create() if at else Invitation.objects.get(person=person).event
        task = FollowUp.objects.create(
            event=event, text="x", owner_name=NAME, due_on=local_day(now), written_at=now
        )
        pairs.append((position, signature, task))
    witnesses = []
    PersonName.objects.create(person=person, language="en", text="zarqa")
    for contact in ("0599 777 123", "zarqaa@example.org"):
        item = make_testimony(eraser)
        sealed = seal(msgspec.json.encode(Witness(NAME, contact)), place_of(item))
        evidence.Testimony.objects.filter(item=item).update(sealed_person=sealed, chosen_name=NAME)
        witnesses.append(item.testimony)
    actions.erase(actor=eraser, kind="contacts.person", keys=[person.pk], now=now)
    for at, (position, signature, task) in enumerate(pairs):
        for row in (position, signature, task):
            row.refresh_from_db()
        names = (position.said_by, signature.signer, signature.function, task.owner_name)
        assert names == (("", "", "", ""), (OTHER_NAME, NAME, "head", NAME))[at]
    printed.refresh_from_db()
    assert (printed.state, printed.file) == ("waiting", None)
    assert not StoredFile.objects.filter(kind="dossiers.print").exists()
    hers, another = witnesses
    hers.refresh_from_db()
    another.refresh_from_db()
    assert (bytes(hers.sealed_person), hers.chosen_name) == (b"", "")
    assert hers.withdrawn_on is not None
    assert (bool(another.sealed_person), another.withdrawn_on) == (True, None)


def test_the_log_of_a_namesake_stays(person, eraser, now):
    other = create_person(actor=eraser, shown_name={"ar": NAME}, now=now)
    audit(eraser, "contacts.person.change", other, at=now, changed={"name": ["", NAME]})
    there = Attendance.objects.get()
    audit(eraser, "events.attendance.add", there, at=now, changed={"name": ["", NAME], "n": [0, 1]})
    actions.erase(actor=eraser, kind="contacts.person", keys=[person.pk], now=now)
    kept = AuditEntry.objects.get(verb="contacts.person.change")
    assert (kept.object, kept.changed) == (other.reference, {"name": ["", NAME]})
    assert AuditEntry.objects.get(verb="events.attendance.add").changed == {
        "name": ["", ""], "n": [0, 1],
    }  # fmt: skip


def test_results_that_count_somebody_who_was_erased_are_owed_anew(voter, eraser, now):
    person, _code = voter
    dialogue = person.dialogue
    Dialogue.objects.filter(pk=dialogue.pk).update(state="closed", closed_at=now)
    for version, state in enumerate(("published", "published", "draft"), 1):
        Publication.objects.create(dialogue=dialogue, version=version, state=state, made_at=now)
    client = Client()
    sign_in_fully(client, eraser)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    pages = [reverse("accounts:morning"), reverse("dialogues:publications", args=[dialogue.code])]
    pages.append(reverse("dialogues:dialogue", args=[dialogue.code]))
    said = ("Publish results again", "Publish the results again", "Publish the results again")
    pairs = list(zip(pages, said, strict=True))
    assert not any(words in client.get(url).content.decode() for url, words in pairs)
    actions.erase(actor=eraser, kind="dialogues.participant", keys=[person.pk], now=now)
    assert all(words in client.get(url).content.decode() for url, words in pairs)
    assert not Publication.objects.filter(state="draft").exists(), "it counted the person"
    Publication.objects.create(dialogue=dialogue, version=3, state="published", made_at=now)
    assert not outdated_publications().exists()


def test_what_two_wrote_outlives_the_erasure_of_one(eraser, now):
    dialogue = DialogueFactory.create()
    first, second = (ParticipantFactory.create(dialogue=dialogue) for _each in range(2))
    for author in (first, second):
        statement = add_statement(
            dialogue=dialogue, text="نريد مكتبة", language="ar", author=author, now=now
        )
    actions.erase(actor=eraser, kind="dialogues.participant", keys=[first.pk], now=now)
    statement.refresh_from_db()
    assert (statement.author_id, statement.text["ar"]) == (second.pk, "نريد مكتبة")
    assert [vote.participant_id for vote in statement.votes.all()] == [second.pk]


# Models that hold no data on a person of these kinds although they look like it, and why.
NOT_HELD = {
    "contacts.Organisation": "a body, not a person",
    "contacts.Post": "a function, whoever holds it",
    "contacts.Precedence": "the order of posts",
    "contacts.Segment": "conditions on people, no person",
}
PEOPLE = ("contacts.Person", "dialogues.Participant", "visits.Traveller", "events.Invitation",
          "events.Attendance")  # fmt: skip


def held_tables() -> set[str]:
    """Return the labels of all models in which somebody's data is declared to lie."""
    holdings = [holding for subject in subjects() for holding in holdings_of(subject.code)]
    return {table for holding in holdings for table in holding.tables}


def test_every_model_that_points_to_a_person_declares_what_is_held():
    held = held_tables()
    wrong = [
        model._meta.label
        for model in apps.get_models(include_auto_created=False)
        for field in (*model._meta.concrete_fields, *model._meta.many_to_many)
        if field.is_relation
        and field.related_model is not None
        and field.related_model._meta.label in PEOPLE
        and model._meta.label not in held
    ]
    assert sorted(set(wrong)) == []
    assert set(PEOPLE) <= held


def test_every_declared_table_exists_and_every_subject_has_effects():
    for label in held_tables():
        assert issubclass(apps.get_model(label), models.Model)
    codes = {
        "channels.subscriber", "contacts.person", "dialogues.participant", "events.invitation",
        "legislation.comment", "visits.traveller",
    }  # fmt: skip
    assert {subject.code for subject in subjects()} == codes
    for code in sorted(codes):
        subject = subject_of(code)
        assert subject is not None
        assert subject.effects
        assert subject.get("no such key") is None


def test_desk_looks_up_says_what_goes_erases_and_proves(voter, eraser):
    person, code = voter
    client = Client()
    sign_in_fully(client, eraser)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    home = reverse("accounts:erasures")
    found = client.post(home, {"kind": "dialogues.participant", "text": code})
    address = reverse("accounts:erase", args=["dialogues.participant", person.pk])
    assert address in found.content.decode()
    assert (
        "Nobody is known"
        in client.post(home, {"kind": "contacts.person", "text": "nobody at all"}).content.decode()
    )
    assert "This cannot be undone" in client.get(address).content.decode()
    proof_page = client.post(address, follow=True).content.decode()
    assert "Every table and every file is being searched" in proof_page
    assert client.get(address).status_code == 404
    prove_erasure.func(str(Erasure.objects.get().pk))
    page = client.get(reverse("accounts:erasure", args=[Erasure.objects.get().pk]))
    assert "Nothing is left" in page.content.decode()


def test_second_person_agrees_at_the_desk(eraser, now):
    keys = [str(PersonFactory.create().pk) for _each in range(2)]
    client = Client()
    sign_in_fully(client, eraser)
    several = reverse("accounts:erase_several", args=["contacts.person"])
    asked = client.post(several, {"key": keys}).url
    client.post(asked, {"decision": "agree"})
    assert Person.objects.count() == 2
    sign_in_fully(client, UserFactory.create(roles=["programme_manager"]))
    client.post(asked, {"decision": "agree"})
    assert not Person.objects.exists()


def test_somebody_takes_out_everything_she_said_on_her_own_page(voter):
    person, _code = voter
    code = person.dialogue.code
    client = Client()
    client.cookies[cookie_name(code)] = make_token(code, Bearer(person.pk, is_stored=True))
    mine = reverse("public_dialogues:mine", args=["en", code])
    assert "Take out everything I said" in client.get(mine).content.decode()
    forget = reverse("public_dialogues:forget", args=["en", code])
    client.post(forget, {"act": "erase"})
    assert Participant.objects.filter(pk=person.pk).exists(), "asked for, and not confirmed"
    response = client.post(forget, {"act": "erase", "confirm": "on"})
    assert response.cookies[cookie_name(code)]["max-age"] == 0
    assert not Participant.objects.filter(pk=person.pk).exists()
    assert Erasure.objects.get().is_own_wish


def test_nightly_duty_ends_what_is_over_and_nothing_else(eraser, now):
    gone = create_person(actor=eraser, shown_name={"ar": NAME}, now=now)
    fresh = create_person(actor=eraser, shown_name={"en": OTHER_NAME}, now=now)
    for person, days in ((gone, 400), (fresh, 1)):
        person.removed_at = now - timedelta(days=days)
        person.save()
    voters = []
    for days in (91, 89):
        dialogue = DialogueFactory.create(state="closed", closed_at=now - timedelta(days=days))
        Publication.objects.create(dialogue=dialogue, version=1, state="published", made_at=now)
        voters.append(ParticipantFactory.create(dialogue=dialogue, sex="female", name=OTHER_NAME))
    letters = []
    for days in (91, 10):
        invitation = InvitationFactory.create()
        Event.objects.filter(pk=invitation.event_id).update(ends_at=now - timedelta(days=days))
        letters.append(
            InvitationMessage.objects.create(
                invitation=invitation, kind="thanks", subject="x", body=NAME, made_at=now
            )
        )
    ended = end_keeping(now=now)
    assert {code: n for code, n in ended.items() if n} == {
        "contacts.removed": 1, "dialogues.answers": 1, "events.letters": 1,
    }  # fmt: skip
    assert list(Person.objects.all()) == [fresh]
    assert Erasure.objects.get().asked_by == "system"
    assert [Participant.objects.get(pk=voter.pk).sex for voter in voters] == ["", "female"]
    assert [InvitationMessage.objects.get(pk=each.pk).body for each in letters] == ["", NAME]
    assert not any(end_keeping(now=now).values()), "a second night finds nothing"


def test_every_class_that_is_kept_is_ended_by_a_duty():
    for kept in keeping_classes():
        assert kept.days() >= 0
        assert kept.duty in duties() or kept.duty == "common.back_up", kept.code
        assert (kept.end is None) == (kept.duty != "common.end_keeping"), kept.code
