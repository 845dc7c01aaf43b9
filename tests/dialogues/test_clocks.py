"""What is stored of those who take part tells the day, and nobody's hour or place in a queue."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from clocks import readings, rows_of, tells_hour
from factories.dialogues import DialogueFactory, ParticipantFactory, StatementFactory
from hiwar.dialogues.actions.moderation import appeal, reject_statement
from hiwar.dialogues.actions.statements import add_statement
from hiwar.dialogues.actions.votes import Newcomer, Offer, cast_votes, write_offers
from hiwar.dialogues.models import Dialogue, Participant, Statement, Vote
from hiwar.dialogues.models.keys import make_number
from hiwar.dialogues.models.sequences import (
    COUNTERS,
    at_the_door,
    day_of,
    first_sequence,
    next_sequence,
    of_clock,
)
from hiwar.dialogues.queries.dialogues import public_counts
from hiwar.dialogues.queries.tokens import Bearer, cookie_name, make_token

if TYPE_CHECKING:
    from django.db.models import Model
    from django.test import Client

    from hiwar.accounts.models import User

TODAY = date(2027, 2, 14)
# What belongs to the institution or to the machine, not to somebody who takes part.
STAFF = {
    "dialogues_appeal.made_at",  # the instant of the decision it is about, or its day
    "dialogues_alert.made_at",  # rounded to ten minutes
    "dialogues_dialogue.created_at",
    "dialogues_dialogue.opened_at",
    "dialogues_moderationdecision.decided_at",
    "dialogues_round.opened_at",
    "dialogues_wording.replaced_at",  # a microsecond after the decision that asked for it
}
# Numbers that the public reads, and keys that stand for them.
PUBLIC = {"dialogues_statement.number", "dialogues_statement.id", "dialogues_round.number"}


def times_and_ranks(now: datetime, order: list[int]) -> list[str]:
    """Return the columns with a time near now, or that grow in the order in which people came."""
    faults = []
    for model in apps.get_app_config("dialogues").get_models():
        names, rows = rows_of(model._meta.db_table)
        for place, name in enumerate(names):
            column = f"{model._meta.db_table}.{name}"
            if column in STAFF:
                continue
            near = [
                row[place]
                for row in rows
                for at in readings(row[place])
                if tells_hour(at, now.timestamp())
            ]
            if near:
                faults.append(f"{column}: {near[0]} is near the time of an act")
            person = names.index("participant_id") if "participant_id" in names else None
            if model is Participant:
                person = names.index("id")
            if person is None or column in PUBLIC:
                continue
            of = {row[person]: row[place] for row in rows}
            seen = [of[key] for key in order if isinstance(of.get(key), int)]
            if len(set(seen)) == len(order) and seen in (sorted(seen), sorted(seen, reverse=True)):
                faults.append(f"{column}: grows in the order in which people came")
    return faults


@pytest.fixture
def dialogue(db: None) -> Dialogue:
    made = DialogueFactory.create(moderation="hold_first")
    for number in range(1, 4):
        StatementFactory.create(dialogue=made, number=number)
    return made


def test_no_column_tells_when_somebody_acted(
    client: Client, dialogue: Dialogue, director: User, now: datetime
) -> None:
    order = []
    keys = list(Statement.objects.filter(dialogue=dialogue).values_list("pk", flat=True))
    for _ in range(8):
        key = make_number()
        order.append(key)
        client.cookies[cookie_name(dialogue.code)] = make_token(
            dialogue.code, Bearer(key, is_stored=False)
        )
        for _ in range(2):
            page = client.get(f"/ar/d/{dialogue.code}/vote/").content.decode()
            fields = dict(re.findall(r'name="(statement|sequence)" value="(\d+)"', page))
            client.post(f"/ar/d/{dialogue.code}/vote/", fields | {"choice": "1"})
        with connection.cursor() as cursor:
            raw = getattr(cursor, "cursor", cursor)
            write_offers(raw, connection.vendor, [Offer(key, keys[2], 0.5)])
    assert Vote.objects.filter(participant__in=order).count() == 16
    author = Participant.objects.get(pk=order[0])
    statement = add_statement(
        dialogue=dialogue, text="رأي جديد عن العمل", language="ar", author=author, now=now
    )
    reject_statement(
        actor=director, statement=statement, reason="unclear", reply="لم نفهم.", now=now
    )
    appeal(
        statement=statement, participant=author, text="أرى غير ذلك", now=now + timedelta(hours=1)
    )
    for instant in (now, timezone.now()):
        assert times_and_ranks(instant, order) == []


def test_a_clock_in_a_vote_would_be_found(dialogue: Dialogue, now: datetime) -> None:
    order = [ParticipantFactory.create(dialogue=dialogue).pk for _ in range(6)]
    clock = int(now.timestamp() * 1000)
    key = Statement.objects.filter(dialogue=dialogue).earliest("number").pk
    for place, person in enumerate(order):
        Vote.objects.create(
            participant_id=person, statement_id=key, choice=1, sequence=clock + place, pk=place + 1
        )
    faults = times_and_ranks(now, order)
    assert any(
        fault.startswith("dialogues_vote.sequence: ") and "near" in fault for fault in faults
    )
    assert any(fault.startswith("dialogues_vote.id: grows") for fault in faults)


def test_the_later_day_stands_then_the_counter() -> None:
    person = make_number()
    first = first_sequence(person, TODAY)
    second = next_sequence(person, first, TODAY)
    tomorrow = next_sequence(person, second, TODAY + timedelta(days=1))
    assert second == first + 1
    assert (day_of(tomorrow), tomorrow % COUNTERS) == (TODAY.toordinal() + 1, second % COUNTERS + 1)
    assert tomorrow < 2**53, "a browser counts no further"
    # A phone whose clock ran ahead, and the script of before, which sent a clock.
    ahead = first_sequence(person, date(2040, 1, 1))
    clock = int(datetime(2027, 2, 13, 10, tzinfo=UTC).timestamp() * 1000)
    assert at_the_door([ahead], TODAY) == [first]
    stored = at_the_door([clock + 5, clock], TODAY)
    assert stored[0] == stored[1] + 1
    assert {day_of(one) for one in stored} == {date(2027, 2, 13).toordinal()}
    assert at_the_door([7], TODAY) == [7]
    assert of_clock(12, 3, UTC) == 3


def test_public_counts_move_in_steps(dialogue: Dialogue) -> None:
    assert public_counts(dialogue) == {"participants": None, "votes": None}
    other = DialogueFactory.create()
    StatementFactory.create(dialogue=other, number=1)
    for _ in range(27):
        person = make_number()
        newcomer = Newcomer(other.pk, "ar")
        cast_votes(
            dialogue=other, participant=person, choices=[(1, 1, False, 9)], newcomer=newcomer
        )
    assert public_counts(other) == {"participants": 20, "votes": 20}


def make_table(model: type[Model]) -> None:
    """Make a table that a later migration removed, for one that still reads it."""
    editor = connection.schema_editor()
    editor.deferred_sql = []
    statement, values = editor.table_sql(model)
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)


@pytest.mark.django_db
def test_what_was_stored_with_a_clock_is_coarsened(now: datetime) -> None:
    tables = set(connection.introspection.table_names())
    dialogue = DialogueFactory.create()
    people = [ParticipantFactory.create(dialogue=dialogue) for _ in range(3)]
    statements = [StatementFactory.create(dialogue=dialogue, number=n) for n in (1, 2)]
    clock = int(now.timestamp() * 1000)
    for place, person in enumerate(people):
        for step, statement in enumerate(statements):
            Vote.objects.create(
                pk=10 * place + step + 1, participant=person, statement=statement, choice=1,
                sequence=clock + 60_000 * place + 1000 * step,
            )  # fmt: skip
    of_then = MigrationLoader(connection).project_state(("dialogues", "0003_day_only")).apps
    for gone in {model._meta.db_table: model for model in of_then.get_models()}.values():
        if gone._meta.app_label == "dialogues" and gone._meta.db_table not in tables:
            make_table(gone)
    import_module("hiwar.dialogues.migrations.0003_day_only").coarsen(
        of_then, SimpleNamespace(connection=connection)
    )
    _names, rows = rows_of("dialogues_vote")
    near = [at for row in rows for value in row for at in readings(value)]
    assert [at for at in near if abs(at - now.timestamp()) < 3 * 3600] == []
    for person in people:
        votes = list(Vote.objects.filter(participant=person).order_by("statement__number"))
        assert votes[0].sequence + 1 == votes[1].sequence, "the order of one person stands"
        assert day_of(votes[0].sequence) == now.toordinal()
    assert min(Vote.objects.values_list("pk", flat=True)) > 100
