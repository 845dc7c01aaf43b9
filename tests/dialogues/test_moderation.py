from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from datetime import timedelta
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.utils import translation

from factories.accounts import UserFactory
from factories.dialogues import (
    DialogueFactory,
    ParticipantFactory,
    StatementFactory,
    VoteFactory,
)
from hiwar.accounts.actions.people import NotAllowed
from hiwar.common.models import AuditEntry
from hiwar.dialogues.actions import moderation as actions
from hiwar.dialogues.actions import statement_merges
from hiwar.dialogues.actions.statements import (
    NotTheAuthor,
    StatementSettled,
    reword_statement,
)
from hiwar.dialogues.actions.votes import cast_votes
from hiwar.dialogues.models import ModerationDecision, Statement, Vote
from hiwar.dialogues.queries.matrix import vote_matrix
from hiwar.dialogues.queries.moderation import (
    moderation_log,
    open_appeals,
    removals,
    review_queue,
)
from migrated import migrated


@pytest.fixture
def dialogue(db):
    return DialogueFactory.create()


@pytest.fixture
def author(dialogue):
    return ParticipantFactory.create(dialogue=dialogue)


@pytest.fixture
def colleague(roles):
    return UserFactory.create(roles=["facilitator"])


@pytest.fixture
def held(dialogue, author):
    return StatementFactory.create(
        dialogue=dialogue, author=author, state="held", source="participant"
    )


def test_item_is_served_to_one_moderator(dialogue, held, facilitator, colleague, now):
    assert actions.take_for_review(actor=facilitator, dialogue=dialogue, now=now) == held
    assert actions.take_for_review(actor=colleague, dialogue=dialogue, now=now) is None
    assert actions.take_for_review(actor=facilitator, dialogue=dialogue, now=now) == held
    with pytest.raises(actions.TakenByAnother):
        actions.accept_statement(actor=colleague, statement=held, now=now)


def test_lease_ends_by_itself_or_by_hand(dialogue, held, facilitator, colleague, now):
    actions.take_for_review(actor=facilitator, dialogue=dialogue, now=now)
    later = now + timedelta(minutes=11)
    assert actions.take_for_review(actor=colleague, dialogue=dialogue, now=later) == held
    actions.release(actor=facilitator, statement=held)  # not hers any more
    assert actions.take_for_review(actor=facilitator, dialogue=dialogue, now=later) is None
    actions.release(actor=colleague, statement=held)
    assert actions.take_for_review(actor=facilitator, dialogue=dialogue, now=later) == held


RACE = """
import json, sys, threading
import django; django.setup()
from datetime import UTC, datetime
from django.db import connection
from hiwar.accounts.actions.people import load_roles
from hiwar.accounts.models import Role, User
from hiwar.dialogues.actions.moderation import take_for_review
from hiwar.dialogues.models import Dialogue, Statement
now = datetime(2026, 11, 23, 9, tzinfo=UTC)
load_roles(at=now)
dialogue = Dialogue.objects.create(
    code="race", slug="race", title={"ar": "x"}, question={"ar": "x"}, state="open",
    created_at=now, contact_secret="a" * 64, log_secret="b" * 64)
for n in range(1, 41):
    Statement.objects.create(dialogue=dialogue, number=n, text={"ar": f"x {n}"}, language="ar",
                             state="held", added_at=now)
people = []
for n in range(8):
    user = User.objects.create(email=f"m{n}@x.example", name={"ar": "x"}, joined_at=now)
    user.roles.set(Role.objects.filter(code="facilitator"))
    people.append(user)
from hiwar.dialogues.actions.moderation import accept_statement
served, barrier = [], threading.Barrier(len(people))
def work(user):
    barrier.wait()
    try:
        for _ in range(5):
            one = take_for_review(actor=user, dialogue=dialogue, now=now)
            served.append((one.pk, str(user.pk)))
            accept_statement(actor=user, statement=one, now=now)
    except Exception as error:
        served.append((repr(error), str(user.pk)))
    finally:
        connection.close()
threads = [threading.Thread(target=work, args=(user,)) for user in people]
[t.start() for t in threads]; [t.join() for t in threads]
print(json.dumps(served))
"""


@pytest.mark.costly("many threads, in a process of its own")
@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_moderators_at_work_together_are_never_served_the_same(database, request, tmp_path):
    url = f"sqlite:///{tmp_path}/hiwar.sqlite3"
    server = name = ""
    if database == "postgres":
        import psycopg

        server = request.getfixturevalue("postgres_url")
        name = f"race_{secrets.token_hex(4)}"
        with psycopg.connect(server, autocommit=True) as link:
            link.execute(f"CREATE DATABASE {name}")
        url = urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    environment = os.environ | {"HIWAR_DATABASE_URL": url, "PYTHONWARNINGS": "ignore"}
    migrated(url, environment)
    done = subprocess.run(
        [sys.executable, "-c", RACE], env=environment, check=True, capture_output=True, text=True
    )
    if database == "postgres":
        with psycopg.connect(server, autocommit=True) as link:
            link.execute(f"DROP DATABASE {name} WITH (FORCE)")
    served = json.loads(done.stdout)
    assert len(served) == 40
    assert len({key for key, _user in served}) == 40, served[:3]


def test_accepted_is_open_and_logged(dialogue, held, facilitator, now):
    actions.take_for_review(actor=facilitator, dialogue=dialogue, now=now)
    actions.accept_statement(actor=facilitator, statement=held, now=now)
    held.refresh_from_db()
    assert held.state == Statement.State.OPEN
    assert not hasattr(held, "lease")
    entry = AuditEntry.objects.order_by("-pk")[0]
    assert (entry.actor, entry.verb, entry.object) == (
        facilitator.reference,
        "dialogues.statement.accept",
        held.reference,
    )
    assert [one.outcome for one in moderation_log(dialogue)] == ["accepted"]
    assert vote_matrix(dialogue).moderation.status.tolist() == [1]


@pytest.mark.parametrize("language", ["ar", "en"])
def test_refusal_is_answered_in_the_language_of_the_author(
    dialogue, author, facilitator, language, now
):
    statement = StatementFactory.create(
        dialogue=dialogue, author=author, state="held", language=language, text={language: "x"}
    )
    actions.reject_statement(actor=facilitator, statement=statement, reason="insult", now=now)
    decision = ModerationDecision.objects.get()
    assert (decision.reason, decision.language) == ("insult", language)
    with translation.override(language):
        assert decision.reply == str(actions.REPLIES["insult"])


def test_own_reply_is_kept(held, facilitator, now):
    actions.reject_statement(
        actor=facilitator, statement=held, reason="private", reply="دون أسماء", now=now
    )
    assert ModerationDecision.objects.get().reply == "دون أسماء"


def test_no_refusal_without_reason(held, facilitator, now):
    for reason in ("", "dislike"):
        with pytest.raises(actions.ReasonNeeded):
            actions.reject_statement(actor=facilitator, statement=held, reason=reason, now=now)
    held.refresh_from_db()
    assert held.state == Statement.State.HELD


def test_asked_author_has_the_turn_until_it_is_reworded(dialogue, held, author, facilitator, now):
    actions.ask_to_reword(actor=facilitator, statement=held, reason="unclear", now=now)
    assert list(review_queue(dialogue)) == []
    later = now + timedelta(minutes=5)
    reword_statement(statement=held, text="صياغة أوضح", participant=author, now=later)
    assert list(review_queue(dialogue)) == [held]
    actions.accept_statement(actor=facilitator, statement=held, now=later)
    held.refresh_from_db()
    assert (held.state, held.was_reworded) == ("open", True)


def test_queue_has_what_nobody_has_looked_at(dialogue, author, facilitator, now):
    shown = StatementFactory.create(dialogue=dialogue, author=author, source="participant")
    StatementFactory.create(dialogue=dialogue)  # a seed
    StatementFactory.create(state="held")  # of another dialogue
    assert list(review_queue(dialogue)) == [shown]
    assert vote_matrix(dialogue).moderation.status.tolist() == [0, 1]
    actions.accept_statement(actor=facilitator, statement=shown, now=now)
    assert list(review_queue(dialogue)) == []


def votes_of(statement):
    found = Vote.objects.filter(statement=statement).order_by("sequence")
    return list(found.values_list("participant", "choice", "is_important", "channel", "sequence"))


def all_votes():
    return list(Vote.objects.order_by("pk").values())


@pytest.fixture
def copies_(dialogue):
    kept, merged = (StatementFactory.create(dialogue=dialogue) for _ in range(2))
    one, two, three = (ParticipantFactory.create(dialogue=dialogue) for _ in range(3))
    for person, statement, choice, sequence in (
        (one, kept, 1, 10), (one, merged, -1, 20), (two, kept, 1, 40), (two, merged, 0, 30),
        (three, merged, -1, 50),
    ):  # fmt: skip
        VoteFactory.create(
            participant=person, statement=statement, choice=choice, sequence=sequence
        )
    return kept, merged, (one, two, three)


def test_votes_of_a_near_copy_move_and_the_later_stands(copies_, facilitator, now):
    kept, merged, (one, two, three) = copies_
    statement_merges.merge_statements(actor=facilitator, kept=kept, merged=merged, now=now)
    assert [row[:2] for row in votes_of(kept)] == [(one.pk, -1), (two.pk, 1), (three.pk, -1)]
    assert votes_of(merged) == []
    merged.refresh_from_db()
    assert (merged.state, merged.derived_from) == ("merged", kept)


def test_merge_of_copies_is_undone_byte_for_byte(copies_, facilitator, now):
    kept, merged, _people = copies_
    before = all_votes()
    statement_merges.merge_statements(actor=facilitator, kept=kept, merged=merged, now=now)
    statement_merges.unmerge_statements(actor=facilitator, merged=merged, now=now)
    assert all_votes() == before
    merged.refresh_from_db()
    assert (merged.state, merged.derived_from) == ("open", None)
    with pytest.raises(StatementSettled):
        statement_merges.unmerge_statements(actor=facilitator, merged=merged, now=now)


def test_undone_merge_keeps_votes_given_since(dialogue, copies_, facilitator, now):
    kept, merged, (one, two, three) = copies_
    statement_merges.merge_statements(actor=facilitator, kept=kept, merged=merged, now=now)
    four = ParticipantFactory.create(dialogue=dialogue)
    for person, choice in ((one, 0), (four, 1)):
        choices = [(kept.number, choice, False, 100)]
        assert cast_votes(dialogue=dialogue, participant=person.pk, choices=choices) == [""]
    statement_merges.unmerge_statements(actor=facilitator, merged=merged, now=now)
    assert {row[0]: row[1] for row in votes_of(kept)} == {one.pk: 0, two.pk: 1, four.pk: 1}
    assert {row[0]: row[1] for row in votes_of(merged)} == {one.pk: -1, two.pk: 0, three.pk: -1}


def test_late_vote_on_a_merged_copy_counts(dialogue, copies_, facilitator, now):
    kept, merged, (one, two, three) = copies_
    statement_merges.merge_statements(actor=facilitator, kept=kept, merged=merged, now=now)
    VoteFactory.create(participant=two, statement=merged, choice=-1, sequence=99)
    matrix = vote_matrix(dialogue)
    order = sorted([one.pk, two.pk, three.pk])
    assert matrix.numbers.tolist() == [kept.number]
    assert dict(zip(order, matrix.votes.vote.tolist(), strict=True)) == dict.fromkeys(order, -1)


def test_later_merge_is_undone_first(dialogue, copies_, facilitator, now):
    kept, merged, _people = copies_
    third = StatementFactory.create(dialogue=dialogue)
    statement_merges.merge_statements(actor=facilitator, kept=kept, merged=merged, now=now)
    later = now + timedelta(minutes=1)
    statement_merges.merge_statements(actor=facilitator, kept=kept, merged=third, now=later)
    with pytest.raises(StatementSettled):
        statement_merges.unmerge_statements(actor=facilitator, merged=merged, now=later)
    statement_merges.unmerge_statements(actor=facilitator, merged=third, now=later)
    statement_merges.unmerge_statements(actor=facilitator, merged=merged, now=later)


def test_only_two_statements_of_one_dialogue_are_merged(copies_, facilitator, now):
    kept, merged, _people = copies_
    for other in (kept, StatementFactory.create()):
        with pytest.raises(statement_merges.NotTwoStatements):
            statement_merges.merge_statements(actor=facilitator, kept=kept, merged=other, now=now)
    Statement.objects.filter(pk=kept.pk).update(state="rejected")
    with pytest.raises(StatementSettled):
        statement_merges.merge_statements(actor=facilitator, kept=kept, merged=merged, now=now)


def test_split_makes_statements_of_their_own(dialogue, held, author, facilitator, now):
    VoteFactory.create(statement=held, participant=author)
    made = statement_merges.split_statement(
        actor=facilitator, statement=held, texts=["ارفعوا الأجور", " ", "خفضوا الضرائب"], now=now
    )
    assert [one.text["ar"] for one in made] == ["ارفعوا الأجور", "خفضوا الضرائب"]
    assert {(one.state, one.author, one.derived_from) for one in made} == {("open", author, held)}
    assert [votes_of(one)[0][:2] for one in made] == [(author.pk, 1)] * 2
    held.refresh_from_db()
    assert held.state == Statement.State.SPLIT
    assert list(review_queue(dialogue)) == []
    with pytest.raises(statement_merges.TooFewParts):
        statement_merges.split_statement(
            actor=facilitator, statement=made[0], texts=["x", " "], now=now
        )


def test_appeal_is_answered_by_somebody_else(held, author, facilitator, colleague, now):
    actions.reject_statement(actor=facilitator, statement=held, reason="off_topic", now=now)
    made = actions.appeal(statement=held, participant=author, text="بل هو في الصميم", now=now)
    with pytest.raises(actions.AppealStands):
        actions.appeal(statement=held, participant=author, text="مرة أخرى", now=now)
    assert list(open_appeals(held.dialogue)) == [made]
    more = {"appeal": made, "is_upheld": True, "answer": "معك حق", "now": now}
    with pytest.raises(actions.SecondPersonNeeded):
        actions.answer_appeal(actor=facilitator, **more)
    actions.answer_appeal(actor=colleague, **more)
    held.refresh_from_db()
    made.refresh_from_db()
    assert (held.state, made.state, made.answered_by) == ("open", "upheld", colleague)
    with pytest.raises(actions.AppealStands):
        actions.answer_appeal(actor=colleague, **more)


def test_dismissed_appeal_closes_the_matter(held, author, facilitator, colleague, now):
    actions.reject_statement(actor=facilitator, statement=held, reason="off_topic", now=now)
    made = actions.appeal(statement=held, participant=author, text="لا أوافق", now=now)
    actions.answer_appeal(actor=colleague, appeal=made, is_upheld=False, answer="لا", now=now)
    held.refresh_from_db()
    assert held.state == Statement.State.REJECTED
    with pytest.raises(actions.AppealStands):
        actions.appeal(statement=held, participant=author, text="مرة أخرى", now=now)


def test_appeal_is_for_the_author_of_what_was_refused(held, author, dialogue, now):
    with pytest.raises(actions.AppealStands):
        actions.appeal(statement=held, participant=author, text="x", now=now)
    other = ParticipantFactory.create(dialogue=dialogue)
    with pytest.raises(NotTheAuthor):
        actions.appeal(statement=held, participant=other, text="x", now=now)


def test_public_account_of_removals(dialogue, author, facilitator, colleague, now):
    made = [
        StatementFactory.create(
            dialogue=dialogue, author=author, state="held", source="participant"
        )
        for _ in range(6)
    ]
    StatementFactory.create(dialogue=dialogue)  # a seed is not part of the account
    actions.accept_statement(actor=facilitator, statement=made[0], now=now)
    for one, reason in zip(made[1:4], ("insult", "private", "insult"), strict=True):
        actions.reject_statement(actor=facilitator, statement=one, reason=reason, now=now)
    objection = actions.appeal(statement=made[3], participant=author, text="x", now=now)
    actions.answer_appeal(
        actor=colleague, appeal=objection, is_upheld=True, answer="", now=now + timedelta(1)
    )
    parts = ["واحد", "اثنان"]
    statement_merges.split_statement(actor=facilitator, statement=made[4], texts=parts, now=now)
    account = removals(dialogue)
    assert (account.received, account.accepted, account.waiting, account.split) == (6, 2, 1, 1)
    assert account.by_reason == (("insult", 1), ("private", 1))
    assert (account.rejected, account.appeals, account.upheld) == (2, 1, 1)
    assert account.received == sum(
        (account.accepted, account.waiting, account.merged, account.split, account.withdrawn,
         account.rejected)
    )  # fmt: skip


def test_others_are_refused(held, copies_, outsider, now):
    kept, merged, _people = copies_
    more = {"actor": outsider, "now": now}
    calls = [
        lambda: actions.take_for_review(dialogue=held.dialogue, **more),
        lambda: actions.release(actor=outsider, statement=held),
        lambda: actions.accept_statement(statement=held, **more),
        lambda: actions.reject_statement(statement=held, reason="insult", **more),
        lambda: actions.ask_to_reword(statement=held, reason="insult", **more),
        lambda: statement_merges.merge_statements(kept=kept, merged=merged, **more),
        lambda: statement_merges.unmerge_statements(merged=merged, **more),
        lambda: statement_merges.split_statement(statement=held, texts=["a", "b"], **more),
    ]
    for call in calls:
        with pytest.raises(NotAllowed):
            call()
