"""Statements and their review at the desk, through the pages that moderators use."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

import hiwar.dialogues
from factories.accounts import InstitutionFactory, UserFactory, sign_in_fully
from factories.dialogues import (
    DialogueFactory,
    ParticipantFactory,
    StatementFactory,
    VoteFactory,
)
from hiwar.common.models import AuditEntry
from hiwar.dialogues.actions import moderation as act
from hiwar.dialogues.actions.statements import VotedOnAlready, add_statement, reword_statement
from hiwar.dialogues.models import ModerationDecision, ModerationLease, Statement

pytestmark = pytest.mark.django_db

State = Statement.State


@pytest.fixture
def dialogue(roles):
    InstitutionFactory.create()
    return DialogueFactory.create()


@pytest.fixture
def moderator(dialogue):
    """Return a function that gives a moderator's client."""

    def enter(language="en", user=None):
        client = Client()
        sign_in_fully(client, user or UserFactory.create(roles=["facilitator"]))
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        return client

    return enter


def held(dialogue, words="نحتاج إلى قروض صغيرة", **more):
    author = ParticipantFactory.create(dialogue=dialogue)
    return StatementFactory.create(
        dialogue=dialogue, state=State.HELD, source="participant", author=author,
        text={"ar": words}, **more,
    )  # fmt: skip


def served(client, dialogue):
    address = reverse("dialogues:review", args=[dialogue.code])
    return client.post(address, follow=True).context.get("statement")


def decide(client, statement, decision, **said):
    address = reverse("dialogues:decide", args=[statement.dialogue.code, statement.number])
    response = client.post(address, {"decision": decision, **said}, follow=True)
    statement.refresh_from_db()
    return response


def test_no_statement_is_served_to_two_moderators(dialogue, moderator):
    statements = [held(dialogue, f"رأي {n}") for n in range(3)]
    clients = [moderator() for _ in range(4)]
    first = [served(client, dialogue) for client in clients]
    assert {one.pk for one in first if one} == {one.pk for one in statements}
    assert first[3] is None
    assert [served(client, dialogue) for client in clients] == first
    page = clients[3].get(reverse("dialogues:review", args=[dialogue.code])).content.decode()
    assert "Others are at it" in page


def test_other_moderator_cannot_decide_about_what_somebody_has_open(dialogue, moderator):
    statement = held(dialogue)
    one, other = moderator(), moderator()
    assert served(one, dialogue) == statement
    response = decide(other, statement, "accept")
    assert str(act.TakenByAnother.message) in response.content.decode()
    assert statement.state == State.HELD
    decide(one, statement, "accept")
    assert statement.state == State.OPEN


def test_skipped_statement_comes_back_after_the_others(dialogue, moderator):
    first, second = held(dialogue, "أول"), held(dialogue, "ثان")
    client, other = moderator(), moderator()
    decide(client, first, "skip")
    assert served(client, dialogue) == second
    assert served(other, dialogue) == first
    decide(other, first, "accept")
    decide(client, second, "skip")
    assert served(client, dialogue) == second


def test_rejection_needs_a_reason_and_answers_in_the_authors_language(dialogue, moderator):
    statement = held(dialogue)
    client = moderator("en")
    response = decide(client, statement, "reject")
    assert "reason" in response.context["form"].errors
    assert statement.state == State.HELD
    decide(client, statement, "reject", reason="off_topic")
    decision = ModerationDecision.objects.get()
    assert (statement.state, decision.language) == (State.REJECTED, "ar")
    with translation.override("ar"):
        assert decision.reply == str(act.REPLIES["off_topic"])


def test_own_words_go_to_the_author(dialogue, moderator):
    statement = held(dialogue)
    decide(moderator(), statement, "ask", reason="several", reply="فكرة واحدة من فضلك")
    assert ModerationDecision.objects.get().reply == "فكرة واحدة من فضلك"
    assert statement.state == State.HELD
    assert served(moderator(), dialogue) is None


def test_reply_is_kept_when_the_reason_was_forgotten(dialogue, moderator):
    statement = held(dialogue)
    response = decide(moderator(), statement, "reject", reply="كلمات لا تضيع")
    assert "كلمات لا تضيع" in response.content.decode()


def test_near_copy_is_offered_merged_and_taken_apart_again(dialogue, moderator):
    kept = StatementFactory.create(
        dialogue=dialogue, text={"ar": "يجب أن يكون التدريب المهني مجانياً"}
    )
    statement = held(dialogue, "يجب ان يكون التدريب المهني مجانيا للجميع")
    VoteFactory.create(participant=statement.author, statement=statement)
    client = moderator()
    page = client.post(reverse("dialogues:review", args=[dialogue.code]), follow=True)
    [(number, compared)] = page.context["alike"]
    assert (number, compared.is_opposite) == (kept.number, False)
    both = decide(client, statement, "merge", kept=str(kept.number)).content.decode()
    assert "<mark>للجميع</mark>" in both
    statement.refresh_from_db()
    assert statement.state == State.HELD, "merged by one press"
    decide(client, statement, "merge", kept=str(kept.number), seen="1")
    assert (statement.state, kept.votes.count()) == (State.MERGED, 1)
    client.post(reverse("dialogues:unmerge", args=[dialogue.code, statement.number]))
    statement.refresh_from_db()
    assert (statement.state, kept.votes.count()) == (State.HELD, 0)


def test_an_opposite_is_never_offered_as_the_same(dialogue, moderator):
    kept = StatementFactory.create(dialogue=dialogue, text={"ar": "يجب رفع سعر المياه"})
    statement = held(dialogue, "يجب خفض سعر المياه")
    client = moderator()
    page = client.post(reverse("dialogues:review", args=[dialogue.code]), follow=True)
    assert "opposite?" in page.content.decode()
    both = decide(client, statement, "merge", kept=str(kept.number)).content.decode()
    assert 'type="checkbox" name="seen"' in both
    statement.refresh_from_db()
    assert statement.state == State.HELD


def test_two_ideas_become_two_statements(dialogue, moderator):
    statement = held(dialogue, "تدريب وقروض")
    client = moderator()
    refused = decide(client, statement, "split", parts="تدريب")
    assert refused.context["split"].errors
    decide(client, statement, "split", parts="نحتاج إلى تدريب\nنحتاج إلى قروض\n")
    made = Statement.objects.filter(derived_from=statement).order_by("number")
    assert [one.text["ar"] for one in made] == ["نحتاج إلى تدريب", "نحتاج إلى قروض"]
    assert {one.votes.get().participant_id for one in made} == {statement.author_id}


def test_private_details_are_pointed_at(dialogue, moderator):
    held(dialogue, "اتصلوا بي على 0599123456")
    page = moderator().post(reverse("dialogues:review", args=[dialogue.code]), follow=True)
    assert page.context["kinds"] == ["a telephone number"]


def test_open_statement_can_be_looked_at_again_out_of_turn(dialogue, moderator):
    statement = StatementFactory.create(dialogue=dialogue)
    client = moderator()
    address = reverse("dialogues:review_statement", args=[dialogue.code, statement.number])
    assert not client.get(address).context["is_mine"]
    decide(client, statement, "reject", reason="private")
    assert statement.state == State.REJECTED


def test_unknown_decision_is_not_found(dialogue, moderator):
    statement = held(dialogue)
    assert decide(moderator(), statement, "burn").status_code == 404


def test_objection_is_answered_by_a_second_person(dialogue, moderator, now):
    statement = held(dialogue)
    first = UserFactory.create(roles=["facilitator"])
    act.reject_statement(actor=first, statement=statement, reason="unclear", now=now)
    objection = act.appeal(
        statement=statement, participant=statement.author, text="المقصود واضح", now=now
    )
    address = reverse("dialogues:answer", args=[dialogue.code, objection.pk])
    said = {f"{objection.pk}-answer": "معك حق", "outcome": "upheld"}
    own = moderator(user=first)
    assert b"You decided here" in own.get(
        reverse("dialogues:objections", args=[dialogue.code])
    ).content  # fmt: skip
    assert str(act.SecondPersonNeeded.message) in own.post(
        address, said, follow=True
    ).content.decode()  # fmt: skip
    second = moderator()
    second.post(address, {"outcome": "upheld"})
    objection.refresh_from_db()
    assert objection.state == "open"
    second.post(address, said)
    objection.refresh_from_db()
    statement.refresh_from_db()
    assert (objection.state, objection.answer, statement.state) == ("upheld", "معك حق", State.OPEN)


def test_log_has_every_decision_and_the_public_account(dialogue, moderator):
    client = moderator()
    decide(client, held(dialogue, "أ"), "accept")
    decide(client, held(dialogue, "ب"), "reject", reason="insult")
    page = client.get(reverse("dialogues:log", args=[dialogue.code]))
    assert len(page.context["page"].object_list) == 2
    assert page.context["reasons"] == [("insult or threat", 1)]


def test_seed_is_added_in_both_languages_and_translated_later(dialogue, moderator):
    client = moderator("ar")
    add = reverse("dialogues:add_statement", args=[dialogue.code])
    both = {"text_ar": "التدريب حق", "text_en": "Training is a right", "theme": "تدريب"}
    assert client.post(add, {**both, "add": "1"}).url == add
    client.post(add, {"text_ar": "نحتاج إلى قروض"})
    first, second = Statement.objects.order_by("number")
    assert (dict(first.text), first.language, first.theme, first.state) == (
        {"ar": "التدريب حق", "en": "Training is a right"}, "ar", "تدريب", State.OPEN,
    )  # fmt: skip
    owed = reverse("dialogues:statements", args=[dialogue.code]) + "?state=untranslated"
    assert [row.statement for row in client.get(owed).context["rows"]] == [second]
    address = reverse("dialogues:statement", args=[dialogue.code, second.number])
    client.post(address, {"text_ar": "نحتاج إلى قروض", "text_en": "We need loans", "theme": "مال"})
    second.refresh_from_db()
    assert (second.text["en"], second.theme) == ("We need loans", "مال")


def test_voted_seed_keeps_its_words_and_says_why(dialogue, moderator):
    seed = StatementFactory.create(dialogue=dialogue, text={"ar": "أول"})
    client = moderator()
    address = reverse("dialogues:statement", args=[dialogue.code, seed.number])
    client.post(address, {"text_ar": "ثان"})
    seed.refresh_from_db()
    assert seed.text["ar"] == "ثان"
    VoteFactory.create(participant__dialogue=dialogue, statement=seed)
    response = client.post(address, {"text_ar": "ثالث", "theme": "جديد"})
    seed.refresh_from_db()
    assert (seed.text["ar"], seed.theme) == ("ثان", "")
    assert str(VotedOnAlready.message) in response.content.decode()


def test_statements_are_found_whatever_the_spelling(dialogue, moderator):
    StatementFactory.create(dialogue=dialogue, text={"ar": "المدرسة أولاً"})
    StatementFactory.create(dialogue=dialogue, text={"ar": "القروض"}, theme="مدرسة")
    StatementFactory.create(dialogue=dialogue, text={"ar": "الطريق"})
    address = reverse("dialogues:statements", args=[dialogue.code])
    rows = moderator().get(address, {"q": "مدرسه"}).context["rows"]
    assert [str(row.statement.text) for row in rows] == ["المدرسة أولاً", "القروض"]


def test_looking_takes_nothing(dialogue, moderator):
    statement = held(dialogue)
    address = reverse("dialogues:review", args=[dialogue.code])
    client, other = moderator(), moderator()
    page = client.get(address)
    assert page.context["left"] == 1
    assert "Begin review" in page.content.decode()
    assert not ModerationLease.objects.exists()
    assert served(other, dialogue) == statement
    assert "Others are at it" in client.get(address).content.decode()


def test_after_a_decision_the_next_one_is_there(dialogue, moderator):
    first, second = held(dialogue, "أول"), held(dialogue, "ثان")
    client = moderator()
    assert served(client, dialogue) == first
    assert decide(client, first, "accept").context["statement"] == second
    assert ModerationLease.objects.get().statement == second


class TestHighRisk:
    @pytest.fixture
    def dialogue(self, roles):
        InstitutionFactory.create()
        return DialogueFactory.create(risk="high", moderation="open")

    def test_two_different_moderators_release(self, dialogue, moderator):
        statement = held(dialogue)
        one, other = moderator(), moderator()
        assert served(one, dialogue) == statement
        decide(one, statement, "accept")
        assert statement.state == State.HELD
        assert served(one, dialogue) is None
        response = decide(one, statement, "accept")
        assert str(act.AnotherModeratorNeeded.message) in response.content.decode()
        assert statement.state == State.HELD
        assert served(other, dialogue) == statement
        decide(other, statement, "accept")
        assert statement.state == State.OPEN
        outcomes = statement.decisions.order_by("decided_at").values_list("outcome", flat=True)
        assert list(outcomes) == ["proposed", "accepted"]

    def test_new_words_are_read_by_two_again(self, dialogue, moderator):
        statement = held(dialogue)
        one, other = moderator(), moderator()
        decide(one, statement, "accept")
        reword_statement(
            statement=statement, participant=statement.author, text="كلمات أخرى", now=timezone.now()
        )
        decide(other, statement, "accept")
        assert statement.state == State.HELD
        decide(one, statement, "accept")
        assert statement.state == State.OPEN

    def test_nothing_is_shown_at_once(self, dialogue, now):
        author = ParticipantFactory.create(dialogue=dialogue)
        written = add_statement(
            dialogue=dialogue, text="رأي عام", language="ar", now=now, author=author
        )
        assert written.state == State.HELD

    def test_parts_and_objections_need_two_as_well(self, dialogue, moderator, now):
        whole = held(dialogue, "تدريب وقروض")
        decide(moderator(), whole, "split", parts="نحتاج إلى تدريب\nنحتاج إلى قروض\n")
        made = Statement.objects.filter(derived_from=whole)
        assert {one.state for one in made} == {State.HELD}
        refused = held(dialogue, "آخر", number=900)
        first, second = (UserFactory.create(roles=["facilitator"]) for _ in range(2))
        act.reject_statement(actor=first, statement=refused, reason="unclear", now=now)
        objection = act.appeal(statement=refused, participant=refused.author, text="واضح", now=now)
        later = now + timedelta(hours=1)
        act.answer_appeal(actor=second, appeal=objection, is_upheld=True, answer="نعم", now=later)
        refused.refresh_from_db()
        assert refused.state == State.HELD
        act.accept_statement(actor=first, statement=refused, now=later)
        refused.refresh_from_db()
        assert refused.state == State.OPEN


PHONE = "0599123456"


def test_private_details_are_masked_until_a_moderator_asks_on_record(dialogue, moderator):
    statement = held(dialogue, f"اتصلوا على {PHONE} لتروا")
    client = moderator()
    review = reverse("dialogues:review", args=[dialogue.code])
    client.post(review)
    pages = [
        review,
        reverse("dialogues:statements", args=[dialogue.code]),
        reverse("dialogues:statement", args=[dialogue.code, statement.number]),
    ]
    for address in pages:
        page = client.get(address).content.decode()
        assert PHONE not in page, address
        assert "[رقم هاتف]" in page, address
    assert "لتروا" not in client.get(pages[1], {"q": PHONE}).content.decode()
    verbs = AuditEntry.objects.filter(verb="dialogues.statement.unmask")
    assert not verbs.exists()
    assert PHONE in decide(client, statement, "unmask").content.decode()
    entry = verbs.get()
    assert (entry.object, PHONE in str(entry.changed)) == (statement.reference, False)
    assert PHONE not in client.get(review).content.decode()


@pytest.mark.parametrize(
    ("decision", "is_kept"), [("accept", False), ("accept_details", True), ("reject", False)]
)
def test_private_details_are_dropped_unless_let_stand(dialogue, moderator, decision, is_kept):
    statement = held(dialogue, f"اتصلوا على {PHONE} لتروا")
    statement.wordings.create(text={"ar": f"قبل ذلك {PHONE}"}, replaced_at=timezone.now())
    client = moderator()
    decide(client, statement, decision, reason="private")
    assert (PHONE in str(dict(statement.text))) is is_kept
    assert (PHONE in str(dict(statement.wordings.get().text))) is is_kept
    kept = AuditEntry.objects.filter(verb="dialogues.statement.keep_details")
    assert kept.exists() is is_kept
    if not is_kept:
        log = client.get(reverse("dialogues:log_file", args=[dialogue.code]))
        assert PHONE not in log.content.decode()


def test_masked_words_that_come_back_from_a_form_change_nothing(dialogue, moderator):
    statement = held(dialogue, f"اتصلوا على {PHONE} لتروا")
    address = reverse("dialogues:statement", args=[dialogue.code, statement.number])
    moderator().post(address, {"text_ar": statement.shown["ar"], "theme": "صحة"})
    statement.refresh_from_db()
    assert (statement.text["ar"], statement.theme) == (f"اتصلوا على {PHONE} لتروا", "صحة")


def test_no_page_of_the_desk_prints_words_of_strangers_unmasked():
    folder = Path(hiwar.dialogues.__file__).parent / "templates/dialogues/desk"
    bare = re.compile(r"\b(?:statement|appeal|message|wording)\.text\b(?!\.missing)")
    printed = {page.name for page in folder.glob("*.html") if bare.search(page.read_text("utf-8"))}
    assert printed == set()
