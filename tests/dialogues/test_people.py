from __future__ import annotations

import csv
import json
from datetime import timedelta
from pathlib import Path

import pytest

from factories.dialogues import (
    DialogueFactory,
    ParticipantFactory,
    StatementFactory,
    VoteFactory,
)
from factories.places import PlaceFactory
from hiwar.accounts.actions.people import NotAllowed
from hiwar.dialogues.actions import merges, people
from hiwar.dialogues.actions.votes import cast_votes
from hiwar.dialogues.models import Exposure, JoinCode, MergeProposal, Participant, Vote
from hiwar.dialogues.queries.matrix import vote_matrix
from hiwar.dialogues.queries.people import (
    code_hash,
    contact_key,
    name_of,
    new_code,
    pseudonym,
)

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
EASTERN = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


@pytest.fixture
def dialogue():
    return DialogueFactory.create()


def test_join_by_the_open_link(dialogue, now):
    one = people.join_dialogue(dialogue=dialogue, now=now, name="  قمر   الليل ", language="ar")
    assert (one.trust, one.name, one.channel, one.language) == (0, "قمر الليل", "web", "ar")
    again = people.join_dialogue(dialogue=dialogue, now=now, key=one.pk)
    assert again == one
    assert Participant.objects.count() == 1


def test_code_lets_one_person_in_once(dialogue, facilitator, now):
    _batch, codes = people.make_codes(
        actor=facilitator, dialogue=dialogue, label="Camp", size=3, now=now
    )
    typed = codes[0].lower().replace("-", " ").translate(EASTERN)
    one = people.join_dialogue(dialogue=dialogue, now=now, code=typed)
    assert one.trust == 2
    with pytest.raises(people.CodeUsed):
        people.join_dialogue(dialogue=dialogue, now=now, code=codes[0])
    assert Participant.objects.count() == 1, "who was refused is not kept"
    assert people.join_dialogue(dialogue=dialogue, now=now, code=codes[0], key=one.pk) == one


def test_code_raises_the_trust_of_who_came_by_the_link(dialogue, facilitator, now):
    one = people.join_dialogue(dialogue=dialogue, now=now)
    _batch, [code] = people.make_codes(
        actor=facilitator, dialogue=dialogue, label="SMS", size=1, now=now, trust=1
    )
    same = people.join_dialogue(dialogue=dialogue, now=now, code=code, key=one.pk)
    assert (same.pk, same.trust) == (one.pk, 1)


def test_codes_are_kept_as_hashes_only(dialogue, facilitator, now):
    _batch, codes = people.make_codes(
        actor=facilitator, dialogue=dialogue, label="Camp", size=50, now=now
    )
    assert len(set(codes)) == 50
    stored = set(JoinCode.objects.values_list("code_hash", flat=True))
    assert stored == {code_hash(code) for code in codes}
    assert not any(code.replace("-", "") in text for code in codes for text in stored)


def test_code_has_eighty_bits_and_is_read_however_written():
    code = new_code()
    assert len(code.replace("-", "")) == 16
    assert 32**16 == 2**80
    assert code_hash(" O0oI1l-l ") == code_hash("0001111")
    assert code_hash("۱۲٣") == code_hash("123")


def test_revoked_unknown_and_foreign_codes_are_refused(dialogue, facilitator, now):
    batch, codes = people.make_codes(
        actor=facilitator, dialogue=dialogue, label="Camp", size=2, now=now
    )
    people.join_dialogue(dialogue=dialogue, now=now, code=codes[0])
    assert people.revoke_codes(actor=facilitator, batch=batch, now=now) == 1
    other = DialogueFactory.create()
    _batch, [foreign] = people.make_codes(
        actor=facilitator, dialogue=other, label="B", size=1, now=now
    )
    for code in (codes[1], foreign, new_code(), "---"):
        with pytest.raises(people.CodeUnknown):
            people.join_dialogue(dialogue=dialogue, now=now, code=code)


def test_join_where_a_code_is_needed(now):
    dialogue = DialogueFactory.create(accepts_open_link=False)
    with pytest.raises(people.CodeNeeded):
        people.join_dialogue(dialogue=dialogue, now=now)


@pytest.mark.parametrize("state", ["draft", "closed"])
def test_join_only_while_open(state, now):
    with pytest.raises(people.DialogueNotOpen):
        people.join_dialogue(dialogue=DialogueFactory.create(state=state), now=now)


@pytest.mark.parametrize("size", [0, -1, 5001])
def test_size_of_a_batch(dialogue, facilitator, now, size):
    with pytest.raises(people.BatchSize):
        people.make_codes(actor=facilitator, dialogue=dialogue, label="x", size=size, now=now)


def test_generated_name_is_two_words_in_the_language(dialogue):
    one = ParticipantFactory.create(dialogue=dialogue)
    assert name_of(one, "ar") == pseudonym(one.pk, "ar")
    assert len(name_of(one, "ar").split()) == len(name_of(one, "en").split()) == 2
    assert name_of(one, "en").isascii()
    assert len({pseudonym(key, "ar") for key in range(2000)}) > 650
    people.name_participant(participant=one, name="نسمة")
    assert name_of(one, "en") == "نسمة"


def test_describe_and_take_back(dialogue):
    place = PlaceFactory.create(code="PS-X")
    one = ParticipantFactory.create(dialogue=dialogue)
    answers = {
        "sex": "female",
        "age_band": "18-19",
        "disability": "no",
        "place": "PS-X",
        "locality_kind": "camp",
        "sector": ["student", "media"],
    }
    one = people.describe_participant(participant=one, answers=answers)
    one.refresh_from_db()
    assert (one.sex, one.age_band, one.place, one.sectors) == (
        "female",
        "18-19",
        place,
        ["media", "student"],
    )
    one = people.describe_participant(participant=one, answers={"sex": "", "place": None})
    assert (one.sex, one.place, one.age_band) == ("", None, "18-19")


@pytest.mark.parametrize(
    "answers",
    [{"sex": "x"}, {"age_band": "18-29"}, {"sector": ["x"]}, {"place": "X"}, {"trust": 2}],
)
def test_answer_that_was_not_offered(dialogue, answers):
    one = ParticipantFactory.create(dialogue=dialogue)
    with pytest.raises(people.UnknownAnswer):
        people.describe_participant(participant=one, answers=answers)


def test_question_that_was_not_asked():
    one = ParticipantFactory.create(dialogue=DialogueFactory.create(asks_about=["sex"]))
    with pytest.raises(people.UnknownAnswer):
        people.describe_participant(participant=one, answers={"disability": "yes"})


def test_frozen_with_the_close(dialogue):
    one = ParticipantFactory.create(dialogue=dialogue, is_frozen=True)
    with pytest.raises(people.Frozen):
        people.describe_participant(participant=one, answers={"sex": "male"})
    other = ParticipantFactory.create(dialogue=DialogueFactory.create(state="closed"))
    with pytest.raises(people.Frozen):
        people.describe_participant(participant=other, answers={"sex": "male"})


def test_blocked_votes_are_refused_and_left_out(dialogue, facilitator, now):
    statement = StatementFactory.create(dialogue=dialogue)
    one, two = (ParticipantFactory.create(dialogue=dialogue) for _ in range(2))
    for person in (one, two):
        assert cast_votes(
            dialogue=dialogue, participant=person.pk, choices=[(statement.number, 1, False, 1)]
        ) == [""]
    people.block_participant(actor=facilitator, participant=one, now=now)
    assert cast_votes(
        dialogue=dialogue, participant=one.pk, choices=[(statement.number, -1, False, 2)]
    ) == ["blocked"]
    assert vote_matrix(dialogue).participants.tolist() == [two.pk]
    people.block_participant(actor=facilitator, participant=one, now=now, is_blocked=False)
    assert vote_matrix(dialogue).participants.tolist() == sorted([one.pk, two.pk])


@pytest.mark.parametrize(
    "written",
    [
        "+970590000176",
        "00970590000176",
        "0590-000176",
        "٠٥٩٠٠٠٠١٧٦",
        " 059 000 0176 ",
        "970590000176",
    ],
)
def test_telephone_has_one_key_however_written(written):
    assert contact_key("ab" * 32, written) == contact_key("ab" * 32, "0590000176")


def test_contact_key_says_nothing():
    key = contact_key("ab" * 32, "0590000176")
    assert "590000176" not in key
    assert key != contact_key("cd" * 32, "0590000176"), "another dialogue has other keys"
    assert contact_key("ab" * 32, " Rana@Example.org ") == contact_key(
        "ab" * 32, "rana@example.org"
    )
    assert contact_key("ab" * 32, "12345") == contact_key("", "0590000176") == ""


def table():
    """Return all that a merge may touch, byte for byte."""
    rows = [
        list(Participant.objects.order_by("pk").values()),
        list(Vote.objects.order_by("pk").values()),
        list(Exposure.objects.order_by("pk").values()),
    ]
    return json.dumps(rows, default=str)


@pytest.fixture
def pair(dialogue):
    statements = [StatementFactory.create(dialogue=dialogue) for _ in range(4)]
    old = ParticipantFactory.create(dialogue=dialogue, contact_key="k", channel="sms", sex="female")
    new = ParticipantFactory.create(dialogue=dialogue, contact_key="k", age_band="18-19", trust=2)
    for number, (person, at, choice, sequence) in enumerate(
        [(old, 0, 1, 10), (old, 1, 1, 20), (old, 2, 1, 30), (new, 1, -1, 25), (new, 2, -1, 15),
         (new, 3, 0, 40)]
    ):  # fmt: skip
        channel = "sms" if person is old else "web"
        VoteFactory.create(
            participant=person, statement=statements[at], choice=choice, sequence=sequence,
            channel=channel, is_important=number % 2 == 0,
        )  # fmt: skip
        Exposure.objects.create(participant=person, statement=statements[at], probability=0.5)
    return old, new, statements


def test_merge_is_proposed_and_never_silent(dialogue, pair, facilitator, now):
    before = table()
    proposals = merges.propose_merges(actor=facilitator, dialogue=dialogue, now=now)
    assert [(one.kept, one.other) for one in proposals] == [(pair[0], pair[1])]
    assert table() == before
    assert merges.propose_merges(actor=facilitator, dialogue=dialogue, now=now) == proposals


def test_merge_later_vote_wins(dialogue, pair, facilitator, now):
    old, new, statements = pair
    proposals = merges.propose_merges(actor=facilitator, dialogue=dialogue, now=now)
    assert merges.accept_merges(actor=facilitator, proposals=proposals, now=now) == 1
    old.refresh_from_db()
    assert (old.sex, old.age_band, old.trust) == ("female", "18-19", 2)
    assert (old.channel, old.last_channel) == ("sms", "web")
    votes = {v.statement_id: v.choice for v in Vote.objects.filter(participant=old)}
    assert votes == dict(zip([s.pk for s in statements], [1, -1, 1, 0], strict=True))
    assert not Vote.objects.filter(participant=new).exists()
    with pytest.raises(merges.MergeSettled):
        merges.accept_merges(actor=facilitator, proposals=proposals, now=now)


def test_undo_restores_byte_for_byte(dialogue, pair, facilitator, now):
    before = table()
    proposals = merges.propose_merges(actor=facilitator, dialogue=dialogue, now=now)
    merges.accept_merges(actor=facilitator, proposals=proposals, now=now)
    assert table() != before
    merges.undo_merge(actor=facilitator, proposal=proposals[0], now=now)
    assert table() == before
    with pytest.raises(merges.MergeSettled):
        merges.undo_merge(actor=facilitator, proposal=proposals[0], now=now)
    assert len(merges.propose_merges(actor=facilitator, dialogue=dialogue, now=now)) == 1


def test_undo_keeps_votes_given_since(dialogue, pair, facilitator, now):
    old, new, statements = pair
    proposals = merges.propose_merges(actor=facilitator, dialogue=dialogue, now=now)
    merges.accept_merges(actor=facilitator, proposals=proposals, now=now)
    choices = [(statements[0].number, -1, False, 100), (statements[3].number, 1, False, 101)]
    assert cast_votes(dialogue=dialogue, participant=old.pk, choices=choices) == ["", ""]
    merges.undo_merge(actor=facilitator, proposal=proposals[0], now=now)
    votes = Vote.objects.order_by("statement").values_list("participant", "statement", "choice")
    keys = [one.pk for one in statements]
    assert sorted(votes) == sorted(
        [(old.pk, keys[0], -1), (old.pk, keys[1], 1), (old.pk, keys[2], 1), (old.pk, keys[3], 1),
         (new.pk, keys[1], -1), (new.pk, keys[2], -1), (new.pk, keys[3], 0)]
    )  # fmt: skip


def test_late_vote_under_the_old_key_counts(dialogue, pair, facilitator, now):
    old, new, statements = pair
    proposals = merges.propose_merges(actor=facilitator, dialogue=dialogue, now=now)
    merges.accept_merges(actor=facilitator, proposals=proposals, now=now)
    cast_votes(
        dialogue=dialogue, participant=new.pk, choices=[(statements[0].number, -1, False, 99)]
    )
    matrix = vote_matrix(dialogue)
    assert matrix.participants.tolist() == [old.pk]
    assert matrix.votes.vote.tolist() == [-1, -1, 1, 0]


def test_three_registrations_are_undone_in_reverse(dialogue, pair, facilitator, now):
    third = ParticipantFactory.create(dialogue=dialogue, contact_key="k")
    before = table()
    proposals = merges.propose_merges(actor=facilitator, dialogue=dialogue, now=now)
    assert {one.kept for one in proposals} == {pair[0]}
    assert third in {one.other for one in proposals}
    assert merges.accept_merges(actor=facilitator, proposals=proposals, now=now) == 2
    with pytest.raises(merges.LaterMergeFirst):
        merges.undo_merge(actor=facilitator, proposal=proposals[0], now=now)
    for proposal in reversed(proposals):
        merges.undo_merge(actor=facilitator, proposal=proposal, now=now + timedelta(hours=1))
    assert table() == before


def test_refused_merge_is_not_proposed_again(dialogue, pair, facilitator, now):
    [proposal] = merges.propose_merges(actor=facilitator, dialogue=dialogue, now=now)
    merges.refuse_merges(actor=facilitator, proposals=[proposal], now=now)
    assert merges.propose_merges(actor=facilitator, dialogue=dialogue, now=now) == []
    assert MergeProposal.objects.count() == 1


def test_registrations_of_the_demonstration_have_six_pairs(dialogue, facilitator, now):
    path = ROOT / "demo/scenario/s1-participants.csv"
    with path.open(encoding="utf-8-sig", newline="") as stream:
        for row in csv.DictReader(stream):
            ParticipantFactory.create(
                dialogue=dialogue,
                registration=row["registration_id"],
                contact_key=contact_key(dialogue.contact_secret, row["phone"]),
            )
    proposals = merges.propose_merges(actor=facilitator, dialogue=dialogue, now=now)
    assert len(proposals) == 6
    assert merges.accept_merges(actor=facilitator, proposals=proposals, now=now) == 6
    assert Participant.objects.filter(merged_into=None).count() == 240


def test_others_are_refused(dialogue, outsider, now):
    one = ParticipantFactory.create(dialogue=dialogue)
    more = {"actor": outsider, "now": now}
    calls = [
        lambda: people.make_codes(dialogue=dialogue, label="x", size=1, **more),
        lambda: people.block_participant(participant=one, **more),
        lambda: merges.propose_merges(dialogue=dialogue, **more),
        lambda: merges.accept_merges(proposals=[], **more),
    ]
    for call in calls:
        with pytest.raises(NotAllowed):
            call()
