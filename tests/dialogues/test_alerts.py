"""Rushes are told and nobody is shut out; who guesses codes is slowed down."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.core import signing
from django.test import Client
from django.urls import reverse

from factories.accounts import InstitutionFactory, UserFactory, sign_in_fully
from factories.dialogues import DialogueFactory, ParticipantFactory, StatementFactory
from hiwar.accounts.actions.people import NotAllowed
from hiwar.common import patience as waits
from hiwar.common.patience import prefix_of, stopwatch
from hiwar.dialogues.actions import alerts as act
from hiwar.dialogues.actions.people import CodeUsed, join_dialogue, make_codes
from hiwar.dialogues.actions.statements import ClosingSoon, add_statement
from hiwar.dialogues.models import Alert, JoinCode, Participant
from hiwar.dialogues.queries.people import new_code
from hiwar.dialogues.queries.rate_monitor import (
    ARRIVALS,
    GUESSES,
    Arrivals,
    Unusual,
)
from hiwar.dialogues.views import code_throttle

HOUR = 3600.0


def day_of(arrivals, people, at=0.0, hours=12):
    """Let people come one by one over the day; return what was told."""
    step = hours * HOUR / people
    return [found for n in range(people) if (found := arrivals.newcomer("d", at + n * step))]


class TestCounters:
    def test_a_thousand_bots_are_told_within_ten_minutes(self):
        arrivals = Arrivals()
        assert day_of(arrivals, 500) == []
        start, told = 12 * HOUR, []
        for n in range(1000):
            found = arrivals.newcomer("d", start + n * 0.6)
            told += [(n * 0.6, found)] if found else []
        [(after, found)] = told
        assert after < 600
        assert found.kind == "newcomers"
        assert found.count >= 5 * found.usual
        assert 6 <= found.usual <= 8

    def test_a_busy_day_is_the_usual(self):
        arrivals = Arrivals()
        assert day_of(arrivals, 5000, hours=10)[1:] == []
        assert arrivals.newcomer("d", 10 * HOUR + 1) is None

    def test_the_same_is_told_once_in_an_hour_and_by_dialogue(self):
        arrivals = Arrivals()
        told = [arrivals.newcomer("a", n) for n in range(300)]
        assert sum(one is not None for one in told) == 1
        assert [arrivals.newcomer("b", n) for n in range(49)] == [None] * 49
        later = [arrivals.newcomer("a", 61 * 60 + n) for n in range(300)]
        assert sum(one is not None for one in later) == 1

    def test_a_rush_at_one_statement_is_told_and_a_crowd_that_answers_all_is_not(self):
        draw, arrivals = random.Random(1), Arrivals()
        for n in range(2000):
            assert arrivals.vote("d", draw.randrange(1, 21), 20, n * 0.2) is None
        found = [arrivals.vote("d", 7, 20, 700 + n) for n in range(500)]
        [told] = [one for one in found if one]
        assert (told.kind, told.statement, told.count) == ("statement", 7, 50)

    def test_memory_is_bounded(self):
        arrivals = Arrivals()
        for n in range(2000):
            arrivals.newcomer(f"d{n}", 1.0)
        for n in range(20_000):
            arrivals.newcomer("long", n * 60.0)
        assert len(arrivals._kept) <= 512
        assert len(arrivals._kept["long"].minutes) <= 24 * 60 + 1

    @pytest.mark.parametrize(
        ("address", "prefix"),
        [("192.0.2.77", "192.0.2.0/24"), ("2001:db8:1:2::5", "2001:db8:1::/48"),
         ("", "unknown"), ("<script>", "unknown")],
    )  # fmt: skip
    def test_a_network_is_a_prefix(self, address, prefix):
        assert prefix_of(address) == prefix


@pytest.fixture
def dialogue(db):
    return DialogueFactory.create()


@pytest.fixture
def runner(roles):
    InstitutionFactory.create()
    return UserFactory.create(roles=["facilitator"])


@pytest.fixture
def codes(dialogue, runner, now):
    return make_codes(actor=runner, dialogue=dialogue, label="قاعة", size=30, now=now)[1]


def enter(code, address="198.51.100.7", client=None, **more):
    return (client or Client(REMOTE_ADDR=address)).post(
        f"/en/d/{more.pop('dialogue').code}/join/", {"code": code, **more}
    )


class TestCodes:
    def test_no_code_lets_two_people_in(self, dialogue, codes, now):
        for code in codes:
            join_dialogue(dialogue=dialogue, now=now, code=code)
            for _ in range(3):
                with pytest.raises(CodeUsed):
                    join_dialogue(dialogue=dialogue, now=now, code=code)
        assert Participant.objects.filter(trust=2).count() == len(codes)

    def test_guesses_hit_nothing(self, dialogue, codes):
        hashes = set(JoinCode.objects.values_list("code_hash", flat=True))
        from hiwar.dialogues.queries.people import code_hash

        guessed = {new_code() for _ in range(20_000)}
        assert len(guessed) == 20_000
        assert not hashes & {code_hash(one) for one in guessed}

    def test_twenty_wrong_codes_ask_the_network_for_patience_and_ban_nobody(
        self, dialogue, codes, monkeypatch
    ):
        for _ in range(20):
            assert enter(new_code(), dialogue=dialogue).status_code == 422
        # The right code must wait as well, or waiting would say which one is right.
        first = enter(codes[0], dialogue=dialogue)
        assert first.status_code == 429
        assert code_throttle.patience_sentence() in first.content.decode()
        assert enter(codes[1], address="203.0.113.9", dialogue=dialogue).status_code == 302
        ticket = first.context["patience"]
        early = enter(codes[0], dialogue=dialogue, patience=ticket)
        assert early.status_code == 429
        assert early.context["patience"] == ticket
        monkeypatch.setattr(waits, "WAIT", -1)
        assert enter(codes[0], dialogue=dialogue, patience=ticket).status_code == 302
        again = enter(codes[2], dialogue=dialogue, patience=ticket)
        assert again.status_code == 429
        assert again.context["patience"] != ticket
        forged = signing.dumps("x", salt="another")
        assert enter(codes[2], dialogue=dialogue, patience=forged).status_code == 429

    def test_a_hall_behind_one_address_gets_in(self, dialogue, codes, monkeypatch):
        """Thirty people, each with a code mistyped once: all are in after a moment."""
        monkeypatch.setattr(waits, "WAIT", -1)
        inside = 0
        for code in codes:
            client = Client(REMOTE_ADDR="198.51.100.7")
            answer = enter(code[:-1] + "?", client=client, dialogue=dialogue)
            for _ in range(2):
                if answer.status_code != 302:
                    patience = answer.context.get("patience", "")
                    answer = enter(code, client=client, dialogue=dialogue, patience=patience)
            inside += answer.status_code == 302
        assert inside == len(codes)

    def test_many_wrong_codes_are_told(self, dialogue, monkeypatch):
        for n in range(100):
            enter(new_code(), address=f"198.51.{n}.7", dialogue=dialogue)
        alert = Alert.objects.get()
        assert (alert.kind, alert.count, alert.dialogue) == ("codes", 100, dialogue)

    def test_the_page_for_any_code_is_slowed_down_too(self, dialogue, codes):
        client = Client(REMOTE_ADDR="198.51.100.7")
        statuses = [client.post("/en/join/", {"code": new_code()}).status_code for _ in range(21)]
        assert statuses in ([422] * 20 + [429], [404] * 21)

    def test_no_address_is_kept(self, dialogue):
        enter(new_code(), dialogue=dialogue)
        assert "198.51" not in repr(vars(GUESSES))


class TestAlerts:
    def test_a_rush_by_the_form_is_shown_and_looked_at(self, dialogue, runner, now):
        StatementFactory.create(dialogue=dialogue, number=1)
        for _ in range(49):
            ARRIVALS.newcomer(dialogue.code, stopwatch())
        client = Client()
        page = client.get(f"/en/d/{dialogue.code}/vote/")
        fields = {"statement": 1, "choice": 1, "sequence": page.context["sequence"]}
        assert client.post(f"/en/d/{dialogue.code}/vote/", fields).status_code == 302
        alert = Alert.objects.get()
        assert (alert.kind, alert.count) == ("newcomers", 50)
        assert (alert.made_at.minute % 10, alert.made_at.second) == (0, 0)
        desk = Client()
        sign_in_fully(desk, runner)
        desk.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        address = reverse("dialogues:dialogue", args=[dialogue.code])
        assert b"Many came by the open link" in desk.get(address).content
        assert b"1 rush to look at" in desk.get("/desk/").content
        seen = reverse("dialogues:see_alert", args=[dialogue.code, alert.pk])
        assert desk.post(seen, follow=True).status_code == 200
        assert b"Many came by the open link" not in desk.get(address).content
        alert.refresh_from_db()
        assert alert.seen_by == runner
        assert Participant.objects.filter(dialogue=dialogue, is_blocked=False).count() == 1

    def test_only_who_runs_the_dialogue_puts_an_alert_away(self, dialogue, roles, now):
        found = Unusual("statement", 50, 2, StatementFactory.create(dialogue=dialogue).number)
        alert = act.raise_alert(code=dialogue.code, unusual=found, now=now)
        assert alert.statement is not None
        with pytest.raises(NotAllowed):
            act.see_alert(actor=UserFactory.create(roles=["researcher"]), alert=alert, now=now)
        assert act.raise_alert(code="nowhere", unusual=found, now=now) is None


@pytest.mark.parametrize(("began", "is_frozen"), [(10, True), (2, False)])
def test_statements_freeze_on_the_last_day_of_a_long_round(dialogue, now, began, is_frozen):
    today = date(2026, 11, 23)
    dialogue.rounds.update(starts_on=today - timedelta(days=began), ends_on=today)
    author = ParticipantFactory.create(dialogue=dialogue)
    said = {"dialogue": dialogue, "text": "رأي أخير", "language": "ar", "author": author}
    add_statement(**said, now=now - timedelta(days=1))
    said["text"] = "رأي آخر"
    if is_frozen:
        with pytest.raises(ClosingSoon):
            add_statement(**said, now=now)
    else:
        assert add_statement(**said, now=now).number
    ARRIVALS.forget()
