"""Recommendations: the later answer stands, sent once or ten times, by web and by file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from factories.accounts import UserFactory, sign_in_fully
from factories.dialogues import DialogueFactory, ParticipantFactory
from hiwar.dialogues.actions.merges import accept_merges, propose_merges
from hiwar.dialogues.actions.recommendations import (
    ReasonTooLong,
    answer_recommendation,
    set_recommendations,
)
from hiwar.dialogues.actions.votes import (
    DialogueClosed,
    InvalidVote,
    NoRoundOpen,
    ParticipantBlocked,
)
from hiwar.dialogues.models import Dialogue, Participant, Recommendation, Round, Support
from hiwar.dialogues.queries.recommendations import answered_recommendations, people_answering
from hiwar.dialogues.queries.tokens import Bearer, cookie_name, make_ticket, make_token

if TYPE_CHECKING:
    from datetime import datetime

    from django.test import Client

    from hiwar.accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def dialogue(director: User, now: datetime) -> Dialogue:
    made = DialogueFactory.create(state="open", threshold=1)
    Round.objects.filter(dialogue=made).update(state="closed")
    stage = Round.objects.create(dialogue=made, number=3, kind="recommend", state="open")
    texts = {f"R{n}": {"ar": f"توصية {n}", "en": f"Recommendation {n}"} for n in (1, 2)}
    set_recommendations(actor=director, round=stage, texts=texts, now=now)
    return made


@pytest.fixture
def first(dialogue: Dialogue) -> Recommendation:
    return Recommendation.objects.get(round__dialogue=dialogue, code="R1")


def say(subject: Recommendation, person: Participant, choice: str, at: int, why: str = "") -> str:
    answer = answer_recommendation(
        recommendation=subject, participant=person, choice=choice, sequence=at, reason=why
    )
    return answer.choice


def counts(dialogue: Dialogue) -> tuple[int, int, int]:
    one = answered_recommendations(dialogue)[0]
    return one.support, one.abstain, one.object


def test_an_answer_that_waited_in_a_tab_is_of_whoever_gave_it(
    client: Client, dialogue: Dialogue, first: Recommendation
) -> None:
    before, holder = ParticipantFactory.create_batch(2, dialogue=dialogue)
    cookie = cookie_name(dialogue.code)
    client.cookies[cookie] = make_token(dialogue.code, Bearer(holder.pk, is_stored=True))
    ticket = make_ticket(dialogue.code, Bearer(before.pk, is_stored=True))
    fields = {"code": first.code, "choice": "object", "reason": "too dear", "sequence": "5",
              "made": "here", "ticket": ticket}  # fmt: skip
    address = f"/en/d/{dialogue.code}/recommendations/"
    answer = client.post(address, fields, headers={"accept": "application/json"})
    assert answer.json() == {"status": "ok"}
    assert cookie not in answer.cookies
    assert [support.participant_id for support in Support.objects.all()] == [before.pk]
    refused = client.post(address, fields | {"code": "R9"})
    assert refused.status_code == 422
    assert "too dear" not in refused.content.decode()
    forged = fields | {"ticket": ticket[:-1] + "~", "sequence": "6"}
    client.post(address, forged, headers={"accept": "application/json"})
    assert {support.participant_id for support in Support.objects.all()} == {before.pk, holder.pk}


def test_the_later_answer_stands_in_whatever_order(
    dialogue: Dialogue, first: Recommendation
) -> None:
    person = ParticipantFactory.create(dialogue=dialogue)
    assert say(first, person, "object", 20, "too dear") == "object"
    assert say(first, person, "support", 10) == "object"
    assert say(first, person, "object", 20, "too dear") == "object"
    assert counts(dialogue) == (0, 0, 1)
    assert answered_recommendations(dialogue)[0].reasons == ("too dear",)
    assert say(first, person, "support", 30, "not kept") == "support"
    assert counts(dialogue) == (1, 0, 0)
    assert Support.objects.get().reason == ""


def test_a_file_gives_way_to_what_somebody_said_herself(
    dialogue: Dialogue, first: Recommendation
) -> None:
    person = ParticipantFactory.create(dialogue=dialogue)
    Support.objects.create(recommendation=first, participant=person, choice="abstain")
    assert say(first, person, "object", 1) == "object"


def test_answers_are_refused_as_votes_are(dialogue: Dialogue, first: Recommendation) -> None:
    person = ParticipantFactory.create(dialogue=dialogue)
    for choice, at in (("maybe", 1), ("support", 0), ("support", 2**62)):
        with pytest.raises(InvalidVote):
            say(first, person, choice, at)
    with pytest.raises(InvalidVote):
        say(first, ParticipantFactory.create(), "support", 1)
    with pytest.raises(ReasonTooLong):
        say(first, person, "object", 1, "x" * 301)
    blocked = ParticipantFactory.create(dialogue=dialogue, is_blocked=True)
    with pytest.raises(ParticipantBlocked):
        say(first, blocked, "support", 1)
    Round.objects.update(state="closed")
    with pytest.raises(NoRoundOpen):
        say(first, person, "support", 1)
    Dialogue.objects.update(state="closed")
    with pytest.raises(DialogueClosed):
        say(first, person, "support", 1)
    assert not Support.objects.exists()


def test_one_person_of_two_registrations_counts_once(
    dialogue: Dialogue, first: Recommendation, director: User, now: datetime
) -> None:
    pair = [ParticipantFactory.create(dialogue=dialogue, contact_key="k") for _ in range(2)]
    say(first, pair[0], "support", 5)
    say(first, pair[1], "object", 6)
    assert people_answering(dialogue) == 2
    proposals = propose_merges(actor=director, dialogue=dialogue, now=now)
    accept_merges(actor=director, proposals=proposals, now=now)
    assert counts(dialogue) == (0, 0, 1)
    assert people_answering(dialogue) == 1


def test_somebody_new_answers_without_script(client: Client, dialogue: Dialogue) -> None:
    address = f"/en/d/{dialogue.code}/recommendations/"
    detail = client.get(f"/en/d/{dialogue.code}/").content.decode()
    assert address in detail
    page = client.get(address)
    assert page.content.decode().count('name="choice"') == 6
    form = {"code": "R2", "choice": "object", "reason": "because", "sequence": "5"}
    for _again in range(3):
        assert client.post(address, form).headers["Location"].endswith(f"{address}#R2")
    answer = Support.objects.get()
    assert (answer.choice, answer.reason, answer.recommendation.code) == ("object", "because", "R2")
    # The same page again, answered otherwise: a later act, whatever number the page holds.
    client.post(address, form | {"choice": "support"})
    assert Support.objects.get().choice == "support"
    shown = client.get(address).content.decode()
    assert shown.count('aria-pressed="true"') == 1
    assert "1 of 2 answered" in shown
    refused = client.post(address, form | {"code": "R9"})
    assert refused.status_code == 422


def test_the_script_is_answered_in_words(client: Client, dialogue: Dialogue) -> None:
    address = f"/en/d/{dialogue.code}/recommendations/"
    form = {"code": "R1", "choice": "support", "sequence": "7", "made": "here"}
    nobody = client.post(address, form, headers={"accept": "application/json"})
    assert (nobody.status_code, Support.objects.count()) == (422, 0)
    person = ParticipantFactory.create(dialogue=dialogue)
    token = make_token(dialogue.code, Bearer(person.pk, is_stored=True))
    client.cookies[cookie_name(dialogue.code)] = token
    for at, choice in ((7, "support"), (7, "support"), (6, "object")):
        sent = form | {"choice": choice, "sequence": str(at)}
        answer = client.post(address, sent, headers={"accept": "application/json"})
        assert answer.json() == {"status": "ok"}
    assert Support.objects.get().choice == "support"
    Round.objects.update(state="closed")
    answer = client.post(address, form, headers={"accept": "application/json"})
    assert answer.status_code == 422
    assert answer.json()["say"]


def test_the_desk_writes_drafts_and_reads_objections(
    client: Client, dialogue: Dialogue, first: Recommendation
) -> None:
    say(first, ParticipantFactory.create(dialogue=dialogue), "object", 3, "nobody can pay it")
    sign_in_fully(client, UserFactory.create(roles=["facilitator"]))
    address = f"/desk/dialogues/{dialogue.code}/rounds/3/recommendations/"
    page = client.get(address).content.decode()
    assert "nobody can pay it" in page
    assert 'value="R3"' in page
    client.post(address, {"code": "r3", "text_ar": "ثالثة", "text_en": "Third"})
    third = Recommendation.objects.get(code="R3")
    assert third.text == {"ar": "ثالثة", "en": "Third"}
    reworded = client.post(address, {"code": "R1", "text_ar": "أخرى", "text_en": "Other"})
    assert reworded.status_code == 200
    first.refresh_from_db()
    assert first.text == {"ar": "توصية 1", "en": "Recommendation 1"}
