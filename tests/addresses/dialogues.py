"""Examples of addresses of dialogues."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from dialogues.test_publications import make_closed
from factories.dialogues import (
    DialogueFactory,
    ParticipantFactory,
    StatementFactory,
    VotingRoomFactory,
)
from hiwar.accounts.models import User
from hiwar.dialogues.actions import publications
from hiwar.dialogues.models import Participant, VotingRoom


def demo_participant() -> Participant:
    """Return the participant of the demonstration whom the walk goes as."""
    people = Participant.objects.exclude(dialogue__slug__startswith="dialogue-")
    return people.order_by("dialogue__slug", "pk")[0]


def code() -> dict[str, Any]:
    return {"code": demo_participant().dialogue.code}


def draft() -> dict[str, Any]:
    return {"code": DialogueFactory.create(state="draft").code}


def draft_round() -> dict[str, Any]:
    dialogue = DialogueFactory.create(voting=False)
    dialogue.rounds.create(number=1, kind="vote", state="draft")
    return {"code": dialogue.code, "number": 1}


def closed() -> dict[str, Any]:
    return {"code": DialogueFactory.create(state="closed", closed_at=timezone.now()).code}


def room() -> dict[str, Any]:
    room = VotingRoom.objects.earliest("pk")
    return {"code": room.dialogue.code, "key": room.pk, "room": room.pk}


def published_results() -> dict[str, Any]:
    now = timezone.now()
    dialogue = make_closed(now)
    actor = User.objects.filter(roles__code="director").earliest("pk")
    publication = publications.prepare_publication(actor=actor, dialogue=dialogue, now=now)
    publications.publish(actor=actor, publication=publication, now=now)
    return {"code": dialogue.code, "number": 1, "version": 1, "name": "results.json"}


def embargoed_results() -> dict[str, Any]:
    now = timezone.now()
    dialogue = make_closed(now)
    actor = User.objects.filter(roles__code="director").earliest("pk")
    publication = publications.prepare_publication(actor=actor, dialogue=dialogue, now=now)
    publications.publish_at(
        actor=actor, publication=publication, until=now + timedelta(days=1), now=now
    )
    return {"code": dialogue.code, "number": 1}


def prepared_results() -> dict[str, Any]:
    now = timezone.now()
    dialogue = make_closed(now)
    actor = User.objects.filter(roles__code="director").earliest("pk")
    publications.prepare_publication(actor=actor, dialogue=dialogue, now=now)
    return {"code": dialogue.code, "number": 1}


def statement_of_a_participant() -> dict[str, Any]:
    dialogue = DialogueFactory.create()
    author = ParticipantFactory.create(dialogue=dialogue)
    statement = StatementFactory.create(dialogue=dialogue, author=author, source="participant")
    return {"code": dialogue.code, "number": statement.number}


def round_of_recommendations() -> dict[str, Any]:
    dialogue = DialogueFactory.create(voting=False)
    dialogue.rounds.create(number=1, kind="recommend", state="open")
    return {"code": dialogue.code, "number": 1}


def room_to_enter() -> dict[str, Any]:
    seating = VotingRoomFactory.create()
    return {"code": seating.dialogue.code, "room": seating.code}


def rooms_told() -> dict[str, Any]:
    dialogue = make_closed(timezone.now())
    seating = VotingRoomFactory.create(dialogue=dialogue)
    dialogue.participants.update(room=seating)
    return {"code": dialogue.code, "name": "rooms.csv"}


EXAMPLES = {
    "dialogues:block_author": statement_of_a_participant,
    "dialogues:compare_forms": code,
    "dialogues:messages_to_read": code,
    "dialogues:recommendations": round_of_recommendations,
    "dialogues:rooms_file": rooms_told,
    "dialogues:open": draft,
    "dialogues:open_round": draft_round,
    "dialogues:paper": room,
    "dialogues:plan": draft,
    "dialogues:prepare": closed,
    "dialogues:room": room,
    "dialogues:telling": closed,
    "dialogues:send_telling": closed,
    "dialogues:told_in_person": closed,
    "public_dialogues:tell_me": code,
    "dialogues:lift_embargo": embargoed_results,
    "dialogues:publication": published_results,
    "dialogues:publish": prepared_results,
    "dialogues:withdraw_results": published_results,
    "public_dialogues:data": published_results,
    "public_dialogues:results": published_results,
    "public_dialogues:results_statements": published_results,
    "public_dialogues:results_sheet": published_results,
    "public_dialogues:results_version": published_results,
    "public_dialogues:poster": code,
    "public_dialogues:receipt": code,
    "public_dialogues:room": room_to_enter,
    "public_dialogues:recommendations": code,
    "public_dialogues:detail": code,
    "public_dialogues:forget": code,
    "public_dialogues:kept": code,
    "public_dialogues:short": code,
    "wall:page": code,
}
