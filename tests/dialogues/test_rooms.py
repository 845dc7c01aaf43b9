"""Voting in rooms: ways in, the first room stays, paper, files, and who is never told alone."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import translation

from factories.accounts import UserFactory, sign_in_fully
from factories.dialogues import (
    DialogueFactory,
    ParticipantFactory,
    StatementFactory,
    VoteFactory,
    VotingRoomFactory,
)
from factories.events import EventFactory, RoomFactory
from hiwar.accounts.actions.people import NotAllowed
from hiwar.common.imports import actions
from hiwar.common.imports.content import report_of
from hiwar.common.tables import own_upload
from hiwar.dialogues.actions import maps, people, rooms
from hiwar.dialogues.actions.dialogues import PromisedBeforeOpening, close_dialogue, update_dialogue
from hiwar.dialogues.actions.imports.undoing import LaterStepFirst
from hiwar.dialogues.actions.votes import DialogueClosed, StatementNotOpen
from hiwar.dialogues.exports.rooms import told_by_room, words_of
from hiwar.dialogues.models import Dialogue, Participant, Round, Vote, VotingRoom
from hiwar.dialogues.queries.imports import FILE, KIND
from hiwar.dialogues.queries.matrix import vote_matrix
from hiwar.dialogues.queries.results import document_of, latest_map
from hiwar.dialogues.queries.rooms import (
    by_room,
    events_with_rooms,
    find_room,
    seating_of,
    smallest_room,
)
from hiwar.events.actions.programme import RoomInUse, remove_room
from hiwar.events.models import Room

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from typing import Any

    from hiwar.accounts.models import User
    from hiwar.common.models import ImportRun

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


def desk_of(user: User) -> Client:
    client = Client()
    sign_in_fully(client, user)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


@pytest.fixture
def dialogue() -> Dialogue:
    return DialogueFactory.create()


@pytest.fixture
def room(dialogue: Dialogue) -> VotingRoom:
    return VotingRoomFactory.create(dialogue=dialogue)


def test_the_rooms_of_an_event_are_tied_once(
    facilitator: User, dialogue: Dialogue, now: datetime
) -> None:
    event = EventFactory.create()
    with pytest.raises(rooms.EventHasNoRooms):
        rooms.open_rooms(actor=facilitator, dialogue=dialogue, event=event, now=now)
    first, second = (RoomFactory.create(event=event, position=n) for n in (1, 2))
    assert list(events_with_rooms(facilitator)) == [event]
    made = rooms.open_rooms(actor=facilitator, dialogue=dialogue, event=event, now=now)
    assert [(one.room, one.position, str(one.label)) for one in made] == [
        (first, 1, str(first.label)),
        (second, 2, str(second.label)),
    ]
    assert rooms.open_rooms(actor=facilitator, dialogue=dialogue, event=event, now=now) == []
    with pytest.raises(RoomInUse):
        remove_room(actor=facilitator, room=first, now=now)
    assert Room.objects.filter(pk=first.pk).exists()


def test_only_who_runs_dialogues_and_reads_the_event_ties_rooms(
    facilitator: User, outsider: User, dialogue: Dialogue, now: datetime
) -> None:
    room = RoomFactory.create()
    closed = RoomFactory.create(event__visibility="restricted")
    for actor, event in ((outsider, room.event), (facilitator, closed.event)):
        with pytest.raises(NotAllowed):
            rooms.open_rooms(actor=actor, dialogue=dialogue, event=event, now=now)
    over = DialogueFactory.create(state="closed")
    with pytest.raises(DialogueClosed):
        rooms.open_rooms(actor=facilitator, dialogue=over, event=room.event, now=now)


def test_a_room_is_renamed_here_alone_and_its_way_in_closed(
    facilitator: User, outsider: User, room: VotingRoom, now: datetime
) -> None:
    changes = {"label": {"ar": "القاعة الأولى"}, "is_open": False}
    with pytest.raises(NotAllowed):
        rooms.change_room(actor=outsider, room=room, changes=changes, now=now)
    assert rooms.change_room(actor=facilitator, room=room, changes=changes, now=now)
    room.refresh_from_db()
    assert room.label.in_language("ar") == "القاعة الأولى"
    assert "القاعة الأولى" not in room.room.label.values()
    with pytest.raises(people.RoomClosed):
        people.join_room(room=room, now=now)
    room.dialogue.state = Dialogue.State.CLOSED
    with pytest.raises(DialogueClosed):
        rooms.change_room(actor=facilitator, room=room, changes={"is_open": True}, now=now)


def test_the_first_room_stays(dialogue: Dialogue, room: VotingRoom, now: datetime) -> None:
    other = VotingRoomFactory.create(dialogue=dialogue)
    person = people.join_room(room=room, now=now)
    assert person.room == room
    again = people.join_room(room=other, now=now, key=person.pk)
    assert (again.pk, again.room) == (person.pk, room)
    late = ParticipantFactory.create(dialogue=dialogue)
    stale = Participant.objects.get(pk=late.pk)
    people.seat_participant(participant=late, room=room)
    assert people.seat_participant(participant=stale, room=other).room == room


def test_a_code_carries_its_room(
    facilitator: User, dialogue: Dialogue, room: VotingRoom, now: datetime
) -> None:
    make = {"actor": facilitator, "label": "A", "size": 1, "now": now}
    _batch, [code] = people.make_codes(dialogue=dialogue, room=room, **make)
    other = VotingRoomFactory.create(dialogue=dialogue)
    person = people.join_room(room=other, now=now, code=code)
    assert (person.room, person.trust) == (room, 2)
    with pytest.raises(people.RoomClosed):
        people.make_codes(dialogue=dialogue, room=VotingRoomFactory.create(), **make)


def test_thresholds_are_promised(facilitator: User, dialogue: Dialogue, now: datetime) -> None:
    for name in ("room_threshold", "bridging_share"):
        with pytest.raises(PromisedBeforeOpening):
            update_dialogue(actor=facilitator, dialogue=dialogue, changes={name: 77}, now=now)
    draft = DialogueFactory.create(
        state="draft", ground_rules=[{"en": "Listen."}], created_by=facilitator
    )
    changes = {"room_threshold": 12, "bridging_share": 70}
    assert update_dialogue(actor=facilitator, dialogue=draft, changes=changes, now=now)
    for wrong in ({"room_threshold": 4}, {"bridging_share": 49}, {"bridging_share": 101}):
        with pytest.raises(ValidationError):
            update_dialogue(actor=facilitator, dialogue=draft, changes=wrong, now=now)


def test_a_form_is_one_person_however_often_it_is_sent(
    facilitator: User, outsider: User, room: VotingRoom, now: datetime
) -> None:
    for number in (1, 2):
        StatementFactory.create(dialogue=room.dialogue, number=number)
    given: dict[str, Any] = {"actor": facilitator, "room": room, "key": 77, "now": now}
    with pytest.raises(NotAllowed):
        rooms.enter_form(**given | {"actor": outsider}, answers={1: 1})
    with pytest.raises(rooms.NothingAnswered):
        rooms.enter_form(**given, answers={})
    with pytest.raises(StatementNotOpen):
        rooms.enter_form(**given, answers={1: 1, 9: 1})
    assert not Participant.objects.filter(pk=77).exists()
    for _each in range(2):
        person = rooms.enter_form(**given, answers={1: 1, 2: -1})
    assert (person.room, person.channel, person.trust) == (room, "paper", 2)
    assert sorted(Vote.objects.values_list("statement__number", "choice")) == [(1, 1), (2, -1)]
    with pytest.raises(rooms.FormSettled):
        rooms.enter_form(**given | {"room": VotingRoomFactory.create(dialogue=room.dialogue)},
                         answers={1: 1})  # fmt: skip


def test_a_form_can_be_taken_back_until_the_dialogue_is_closed(
    facilitator: User, outsider: User, room: VotingRoom, now: datetime
) -> None:
    StatementFactory.create(dialogue=room.dialogue, number=1)
    for key in (5, 6):
        rooms.enter_form(actor=facilitator, room=room, key=key, answers={1: 1}, now=now)
    with pytest.raises(NotAllowed):
        rooms.take_back_form(actor=outsider, room=room, key=5, now=now)
    rooms.take_back_form(actor=facilitator, room=room, key=5, now=now)
    assert list(Vote.objects.values_list("participant", flat=True)) == [6]
    with pytest.raises(rooms.FormSettled):
        rooms.take_back_form(actor=facilitator, room=room, key=5, now=now)
    close_dialogue(actor=facilitator, dialogue=room.dialogue, now=now)
    with pytest.raises(rooms.FormSettled):
        rooms.take_back_form(actor=facilitator, room=room, key=6, now=now)
    with pytest.raises(DialogueClosed):
        rooms.enter_form(actor=facilitator, room=room, key=7, answers={1: 1}, now=now)
    draft = VotingRoomFactory.create(dialogue__state="draft")
    with pytest.raises(DialogueClosed):
        rooms.enter_form(actor=facilitator, room=draft, key=7, answers={1: 1}, now=now)


def test_papers_of_a_protected_room_are_for_who_leads_it(
    facilitator: User, director: User, dialogue: Dialogue, now: datetime
) -> None:
    other = UserFactory.create(roles=["facilitator"])
    room = VotingRoomFactory.create(
        dialogue=dialogue, room__kind="women_only", room__facilitator=facilitator
    )
    StatementFactory.create(dialogue=dialogue, number=1)
    with pytest.raises(NotAllowed):
        rooms.enter_form(actor=other, room=room, key=8, answers={1: 1}, now=now)
    rooms.enter_form(actor=facilitator, room=room, key=8, answers={1: 1}, now=now)


def load(actor: User, dialogue: Dialogue, text: str, kind: str, now: datetime) -> ImportRun:
    run = actions.prepare_run(
        actor=actor, kind=KIND, subject=dialogue.pk, options={"kind": kind}, now=now,
        files={FILE: own_upload(text.encode(), "x.csv")},
    )  # fmt: skip
    return actions.confirm_run(actor=actor, run=run, now=now)


def test_files_may_say_the_room_and_are_undone(
    facilitator: User, dialogue: Dialogue, now: datetime
) -> None:
    StatementFactory.create(dialogue=dialogue, number=1)
    room = VotingRoomFactory.create(dialogue=dialogue, label={"ar": "غزّة", "en": "Gaza"})
    other = VotingRoomFactory.create(dialogue=dialogue)
    seated = ParticipantFactory.create(dialogue=dialogue, registration="R1", room=other)
    waiting = ParticipantFactory.create(dialogue=dialogue, registration="R2")
    text = f"registration,room\nR3,gaza\nR4,{room.code.upper()}\nR5,\nR6,Atlantis\n"
    batch = load(facilitator, dialogue, text, "participants", now)
    assert batch.counts["seats"] == 2
    assert [one.code for one in report_of(batch).problems] == ["room_unknown"]
    registered = dict(dialogue.participants.values_list("registration", "room"))
    assert registered == {"R1": other.pk, "R2": None, "R3": room.pk, "R4": room.pk, "R5": None}
    votes = "participant,statement,vote,القاعة\nR1,1,agree,Gaza\nR2,1,agree,غزة\nN7,1,agree,Gaza\n"
    later = load(facilitator, dialogue, votes + "R5,1,agree,Atlantis\n", "votes", now)
    assert [one.code for one in report_of(later).problems] == ["room_unknown"]
    seated.refresh_from_db()
    waiting.refresh_from_db()
    assert (seated.room, waiting.room) == (other, room)
    assert dialogue.participants.get(registration="N7").room == room
    actions.undo_run(actor=facilitator, run=later, now=now)
    waiting.refresh_from_db()
    assert waiting.room is None
    assert dialogue.participants.filter(registration="N7").count() == 0


def test_a_later_file_that_seats_people_of_an_earlier_one_goes_first(
    facilitator: User, dialogue: Dialogue, now: datetime
) -> None:
    StatementFactory.create(dialogue=dialogue, number=1)
    VotingRoomFactory.create(dialogue=dialogue, label={"en": "Gaza"})
    first = load(facilitator, dialogue, "registration\nR1\n", "participants", now)
    text = "registration,statement,vote,room\nR1,1,agree,Gaza\n"
    second = load(facilitator, dialogue, text, "votes", now + timedelta(minutes=1))
    with pytest.raises(LaterStepFirst):
        actions.undo_run(actor=facilitator, run=first, now=now)
    actions.undo_run(actor=facilitator, run=second, now=now)
    actions.undo_run(actor=facilitator, run=first, now=now)
    assert not dialogue.participants.exists()


def hold(sizes: Sequence[int], elsewhere: int, now: datetime, **more: Any) -> Dialogue:
    """Return a dialogue with rooms in which two camps vote; all agree on each third statement."""
    dialogue = DialogueFactory.create(**more)
    columns = [StatementFactory.create(dialogue=dialogue, number=n + 1) for n in range(9)]
    seats: list[VotingRoom | None] = []
    for at, size in enumerate(sizes):
        room = VotingRoomFactory.create(dialogue=dialogue, position=at, label={"en": f"Room {at}"})
        seats += [room] * size
    for row, seat in enumerate([*seats, *([None] * elsewhere)]):
        person = ParticipantFactory.create(dialogue=dialogue, room=seat, trust=2)
        Vote.objects.bulk_create(
            Vote(
                participant=person,
                statement=column,
                choice=(1 if (row + at) % 5 else 0)
                if at % 3 == 0
                else 1
                if row % 2 == at % 2
                else -1,
                sequence=row * 100 + at,
            )
            for at, column in enumerate(columns)
        )
    maps.refresh_opinion_map(dialogue=dialogue, now=now)
    return dialogue


def told(dialogue: Dialogue) -> dict[str, Any] | None:
    found = latest_map(dialogue)
    assert found
    matrix = vote_matrix(dialogue)
    return by_room(dialogue, document_of(found), matrix, seating_of(dialogue, matrix))


def test_a_dialogue_without_rooms_tells_none(now: datetime) -> None:
    dialogue = hold([], 24, now)
    assert told(dialogue) is None
    assert told_by_room(None) is None


def test_too_few_rooms_are_not_compared(now: datetime) -> None:
    found = told(hold([24, 3], 0, now))
    assert found
    assert (found["rows"], found["statements"]) == ([], [])


def test_people_in_no_room_are_told_and_do_not_decide(now: datetime) -> None:
    found = told(hold([20, 24], 12, now))
    assert found
    assert [(row["kind"], row["people"]) for row in found["rows"]] == [
        ("room", 20), ("room", 24), ("elsewhere", 12),
    ]  # fmt: skip
    page = told_by_room(found)
    assert page
    assert page["rows"][2]["label"] == "In no room"
    assert [one["number"] for one in page["bridging"]] == [1, 4, 7]
    assert {cell["reached"] for one in page["missed"] for cell in one["rows"]} <= {0, 1}


def test_few_people_in_no_room_join_the_other_rooms(now: datetime) -> None:
    found = told(hold([20, 24, 7], 4, now))
    assert found
    assert [(row["kind"], row["people"]) for row in found["rows"]] == [
        ("room", 20), ("room", 24), ("others", 11),
    ]  # fmt: skip
    page = told_by_room(found)
    assert page
    assert page["rows"][2]["label"] == "Other rooms together (Room 2) and in no room"


def test_where_taking_part_is_dangerous_rooms_begin_at_twenty(now: datetime) -> None:
    dialogue = hold([24, 22, 19], 0, now, risk="high")
    assert smallest_room(dialogue) == 20
    found = told(dialogue)
    assert found
    assert [(row["kind"], row["people"]) for row in found["rows"]] == [("room", 24), ("others", 41)]


def test_a_statement_with_few_votes_in_a_room_cannot_be_told(now: datetime) -> None:
    dialogue = hold([24, 22, 20], 0, now)
    room = dialogue.voting_rooms.get(position=2)
    votes = Vote.objects.filter(participant__room=room, statement__number=1).order_by("pk")
    Vote.objects.filter(pk__in=votes.values_list("pk", flat=True)[6:]).delete()
    maps.refresh_opinion_map(dialogue=dialogue, now=now)
    page = told_by_room(told(dialogue))
    assert page
    [first] = page["untold"]
    assert first["number"] == 1
    # The room of six votes is hidden, and another with it.
    assert [cell["step"] for cell in first["rows"]].count("hidden") == 2
    assert {cell["label"] for cell in first["untold_rooms"]} >= {"Room 2"}


def test_joined_registrations_vote_in_the_room_that_one_of_them_has(now: datetime) -> None:
    dialogue = hold([20, 24], 12, now)
    one, other, third = Participant.objects.filter(dialogue=dialogue, room=None).order_by("pk")[:3]
    room = dialogue.voting_rooms.get(position=0)
    Vote.objects.filter(participant__in=[other.pk, third.pk]).delete()
    Participant.objects.filter(pk=other.pk).update(merged_into=one, room=room)
    Participant.objects.filter(pk=third.pk).update(merged_into=other)
    seating = seating_of(dialogue, vote_matrix(dialogue))
    assert seating
    assert seating.people.tolist() == [21, 24, 9]
    assert not seating.exposes(vote_matrix(dialogue).participants * 0)


def test_every_way_of_telling_has_words() -> None:
    found = {"share": 60}
    steps_told = ("hidden", "nearly_all_agree", "at_least", "below", "nearly_all_disagree",
                  "nearly_all_pass")  # fmt: skip
    words = [words_of({"step": one}, found) for one in steps_told]
    assert len({*words}) == 6
    assert words_of({"step": "exact", "seen": 3}, found) == ""
    assert words_of({"step": "exact", "seen": 0}, found) == "nobody voted on this here"


def test_a_room_of_a_draft_or_of_another_dialogue_is_not_there(room: VotingRoom) -> None:
    client = Client()
    other = DialogueFactory.create()
    assert client.get(f"/en/d/{other.code}/rooms/{room.code}/").status_code == 404
    assert find_room(f" {room.code.upper()} ") == room
    draft = VotingRoomFactory.create(dialogue__state="draft")
    assert find_room(draft.code) is None
    assert client.get(f"/j/{draft.code}").headers["Location"].endswith("/d/")


def test_the_way_in_says_what_is_kept_and_writes_nothing_before_the_button(
    room: VotingRoom, now: datetime
) -> None:
    client = Client()
    typed = client.post("/en/d/", {"code": room.code})
    assert typed.headers["Location"] == f"/en/d/{room.dialogue.code}/rooms/{room.code}/"
    path = typed.headers["Location"]
    assert "Only the room is kept beside your votes" in client.get(path).content.decode()
    assert not Participant.objects.exists()
    assert client.post(path).headers["Location"] == f"/en/d/{room.dialogue.code}/vote/"
    assert "The first room stays" in client.get(path).content.decode()
    client.post(path)
    assert Participant.objects.count() == 1
    VotingRoom.objects.update(is_open=False)
    refused = Client().post(path)
    assert refused.status_code == 422
    assert "Nobody can come in by this room" in refused.content.decode()


def test_a_room_of_a_dialogue_with_codes_asks_for_one(facilitator: User, now: datetime) -> None:
    room = VotingRoomFactory.create(dialogue__accepts_open_link=False)
    path = f"/en/d/{room.dialogue.code}/rooms/{room.code}/"
    client = Client()
    assert 'name="code"' in client.get(path).content.decode()
    wrong = client.post(path, {"code": "0000"})
    assert wrong.status_code == 422
    assert "not known" in wrong.content.decode()
    _batch, [code] = people.make_codes(
        actor=facilitator, dialogue=room.dialogue, label="A", size=1, now=now
    )
    assert client.post(path, {"code": code}).status_code == 302
    assert Participant.objects.get().room == room


def test_the_desk_shows_rooms_and_closed_events_only_to_their_readers(
    facilitator: User, dialogue: Dialogue, now: datetime
) -> None:
    client = desk_of(facilitator)
    hidden = VotingRoomFactory.create(
        dialogue=dialogue, room__event__visibility="restricted", room__event__title={"en": "Secret"}
    )
    page = client.get(f"/desk/dialogues/{dialogue.code}/rooms/list/").content.decode()
    assert hidden.code in page
    assert "Secret" not in page
    shown = client.get(f"/desk/dialogues/{dialogue.code}/rooms/{hidden.pk}/")
    assert f"/j/{hidden.code}" in shown.content.decode()
    fields = {"label_en": "Hall", "label_ar": "قاعة"}
    client.post(f"/desk/dialogues/{dialogue.code}/rooms/{hidden.pk}/", fields)
    hidden.refresh_from_db()
    assert (hidden.label["en"], hidden.is_open) == ("Hall", False)
    few = client.get(f"/desk/dialogues/{dialogue.code}/rooms/").content.decode()
    assert "Nothing to compare yet" in few
    assert client.get(f"/desk/dialogues/{dialogue.code}/rooms/files/rooms.csv").status_code == 404


def test_a_form_is_refused_in_words_while_no_round_is_open(
    facilitator: User, room: VotingRoom
) -> None:
    StatementFactory.create(dialogue=room.dialogue, number=1)
    Round.objects.update(state="closed")
    client = desk_of(facilitator)
    path = f"/desk/dialogues/{room.dialogue.code}/rooms/{room.pk}/paper/"
    answer = client.post(path, {"key": "A" * 22, "s1": "1"}).content.decode()
    assert "Voting is not open" in answer
    assert client.post(path, {"key": "short", "s1": "1"}).status_code == 404
    gone = client.post(f"{path}take-back/", follow=True).content.decode()
    assert "can no longer be taken back" in gone


def test_votes_of_a_room_are_never_on_its_wall(room: VotingRoom) -> None:
    statement = StatementFactory.create(dialogue=room.dialogue, number=1)
    for _each in range(25):
        person = ParticipantFactory.create(dialogue=room.dialogue, room=room)
        VoteFactory.create(participant=person, statement=statement)
    query = {"room": room.code, "statement": "1"}
    page = Client().get(f"/en/d/{room.dialogue.code}/wall/", query).content.decode()
    assert room.label["en"] in page
    whole = Client().get(f"/en/d/{room.dialogue.code}/wall/now", query).json()
    assert whole == Client().get(f"/en/d/{room.dialogue.code}/wall/now", {"statement": "1"}).json()
    foreign = Client().get(f"/en/d/{room.dialogue.code}/wall/", {"room": "nowhere"})
    assert f"/j/{room.dialogue.code}" in foreign.content.decode()
