"""A flood of statements: grouped, counted, flagged, decided about at once and taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from factories.accounts import InstitutionFactory, UserFactory, sign_in_fully
from factories.dialogues import DialogueFactory, ParticipantFactory, StatementFactory, VoteFactory
from hiwar.common.dates import start_of_day
from hiwar.common.models import VocabularyEntry
from hiwar.common.vocabularies import entries
from hiwar.dialogues.actions import moderation
from hiwar.dialogues.actions import review_batches as act
from hiwar.dialogues.actions.statements import add_statement
from hiwar.dialogues.models import Alert, ModerationDecision, Statement
from hiwar.dialogues.queries.flags import LIST, flags
from hiwar.dialogues.queries.inbox import inbox
from hiwar.dialogues.queries.moderation import review_queue
from hiwar.dialogues.queries.rate_monitor import ARRIVALS, Arrivals
from hiwar.dialogues.queries.statements import next_number

pytestmark = pytest.mark.django_db

State = Statement.State
CURB = "نطالب بإنارة الشارع الرئيسي أمام المدرسة"
NEAR = "نطالب بإنارة الشارع الرئيسي أمام المدرسة القديمة"
CONTRARY = "لا نطالب بإنارة الشارع الرئيسي أمام المدرسة"
OTHER = "نحتاج إلى قروض صغيرة للمزارعين"


@pytest.fixture
def dialogue(roles):
    InstitutionFactory.create()
    return DialogueFactory.create(moderation="hold_first")


@pytest.fixture
def moderator(dialogue):
    return UserFactory.create(roles=["facilitator"])


def held(dialogue, words, author=None, **more):
    author = author or ParticipantFactory.create(dialogue=dialogue)
    return StatementFactory.create(
        dialogue=dialogue, state=State.HELD, source="participant", author=author,
        text={"ar": words}, number=next_number(dialogue),
        added_at=start_of_day(timezone.now()), **more,
    )  # fmt: skip


def write(dialogue, words, author=None):
    author = author or ParticipantFactory.create(dialogue=dialogue)
    return add_statement(
        dialogue=dialogue, text=words, language="ar", author=author, now=timezone.now()
    )


def desk(user):
    client = Client()
    sign_in_fully(client, user)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def states(*statements):
    for statement in statements:
        statement.refresh_from_db()
    return [statement.state for statement in statements]


def test_what_says_nearly_the_same_is_one_item_with_a_count_and_the_contrary_is_not(
    dialogue, moderator
):
    author = ParticipantFactory.create(dialogue=dialogue)
    first = write(dialogue, CURB, author)
    other, contrary = held(dialogue, OTHER), held(dialogue, CONTRARY)
    near = held(dialogue, NEAR, author)
    for _each in range(4):
        assert write(dialogue, f"{CURB}!!") == first
    groups = inbox(moderator.pk, timezone.now()).groups
    together = [[member.statement for member in group.members] for group in groups]
    assert together == [[first, near], [other], [contrary]]
    assert (groups[0].people, groups[0].authors) == (6, 1)
    assert [word for word, differs in groups[0].others[0].difference.second if differs] == [
        "القديمة"
    ]


def test_one_inbox_over_all_dialogues_leaves_out_what_somebody_else_has_open(dialogue, moderator):
    there = held(DialogueFactory.create(title={"en": "Buses"}), OTHER)
    here = held(dialogue, CURB)
    now = timezone.now()
    assert len(inbox(moderator.pk, now).groups) == 2
    assert [g.first.statement for g in inbox(moderator.pk, now, dialogue.code).groups] == [here]
    colleague = UserFactory.create(roles=["facilitator"])
    moderation.take_for_review(actor=colleague, dialogue=there.dialogue, now=now)
    waits = inbox(moderator.pk, now)
    assert ([g.first.statement for g in waits.groups], waits.n_elsewhere) == ([here], 1)
    together = act.accept_together(actor=moderator, statements=[here, there], now=now)
    assert [statement for statement, _why in together.refused] == [there]
    assert states(here, there) == [State.OPEN, State.HELD]


def test_words_that_were_turned_away_come_in_again_as_one_item_that_says_how_often(moderator):
    dialogue = DialogueFactory.create(moderation="open")
    now = timezone.now()
    statement = write(dialogue, CURB)
    assert statement.state == State.OPEN
    for wave in (1, 2):
        moderation.reject_statement(
            actor=moderator, statement=statement, reason="off_topic", now=now + timedelta(wave)
        )
        # Whatever the mode, what was turned away is not shown again before somebody looked.
        statement = write(dialogue, CURB)
        assert statement.state == State.HELD
        assert write(dialogue, CURB) == statement
        [group] = inbox(moderator.pk, now).groups
        assert (group.before.times, group.before.is_same, group.people) == (wave, True, 2)
        assert group.before.reason == "off_topic"
    held(dialogue, NEAR)
    client = desk(moderator)
    page = client.get(reverse("dialogues:inbox"), {"show": "again"}).content.decode()
    assert "not accepted 2 times before: not about the question" in page
    response = client.post(
        reverse("dialogues:decide_together"), {"decision": "reject", "group": [statement.pk]}
    )
    assert response.context["form"]["reason"].value() == "off_topic"


def test_decision_about_several_goes_back_as_one(dialogue, moderator):
    now = timezone.now()
    statements = [held(dialogue, words) for words in (CURB, OTHER)]
    with pytest.raises(moderation.ReasonNeeded):
        act.reject_together(actor=moderator, statements=statements, reason="x", now=now)
    together = act.reject_together(actor=moderator, statements=statements, reason="insult", now=now)
    assert states(*statements) == [State.REJECTED] * 2
    assert not review_queue(dialogue).exists()
    # One of them is decided about again: that stays, the other goes back.
    moderation.accept_statement(
        actor=moderator, statement=statements[0], now=now + timedelta(hours=1)
    )
    later = now + timedelta(hours=2)
    assert act.undo_together(actor=moderator, batch=together.batch, now=later) == (1, 1)
    assert states(*statements) == [State.OPEN, State.HELD]
    assert list(review_queue(dialogue)) == [statements[1]]
    with pytest.raises(act.BatchUndone):
        act.undo_together(actor=moderator, batch=together.batch, now=later)


def test_open_statement_that_was_put_back_waits_again(moderator):
    dialogue = DialogueFactory.create(moderation="open")
    statement, now = write(dialogue, CURB), timezone.now()
    together = act.accept_together(actor=moderator, statements=[statement], now=now)
    assert not review_queue(dialogue).exists()
    act.undo_together(actor=moderator, batch=together.batch, now=now + timedelta(hours=1))
    assert states(statement) == [State.OPEN]
    assert list(review_queue(dialogue)) == [statement]


def test_copies_are_merged_into_the_first_and_apart_again_with_all_votes(dialogue, moderator):
    now = timezone.now()
    kept, *copies = [held(dialogue, words) for words in (CURB, f"{CURB} .", NEAR)]
    for statement in (kept, *copies):
        VoteFactory.create(statement=statement, participant=statement.author, choice=1)
    votes = sorted(dialogue.statements.values_list("votes__participant", "pk"))
    together = act.merge_together(actor=moderator, groups=[(kept, copies)], now=now)
    assert states(kept, *copies) == [State.OPEN, State.MERGED, State.MERGED]
    assert kept.votes.count() == 3
    later = now + timedelta(hours=1)
    assert act.undo_together(actor=moderator, batch=together.batch, now=later) == (3, 0)
    assert states(kept, *copies) == [State.HELD] * 3
    assert sorted(dialogue.statements.values_list("votes__participant", "pk")) == votes


def test_high_risk_needs_two_people_for_several_as_well(moderator):
    dialogue = DialogueFactory.create(risk="high")
    statement, now = held(dialogue, CURB), timezone.now()
    act.accept_together(actor=moderator, statements=[statement], now=now)
    assert states(statement) == [State.HELD]
    assert inbox(moderator.pk, now).groups == ()
    again = act.accept_together(actor=moderator, statements=[statement], now=now)
    assert isinstance(again.refused[0][1], moderation.AnotherModeratorNeeded)
    assert again.batch is None
    colleague = UserFactory.create(roles=["facilitator"])
    assert len(inbox(colleague.pk, now).groups) == 1
    act.accept_together(actor=colleague, statements=[statement], now=now)
    assert states(statement) == [State.OPEN]


def test_words_of_the_list_are_found_loosely_flag_and_remove_nothing(moderator):
    found = {
        "أنتم أَغْبِيَاء": "insult", "غبيييي جدا": "insult", "يا غـــبي": "insult",
        "You IDIOTS": "insult", "i.d.i.o.t": "insult", "1diot": "insult", "ces crétins": "insult",
        "والخونة بينكم": "contempt", "death to them": "threat",
    }  # fmt: skip
    assert {text: [flag.code for flag in flags(text)] for text in found} == {
        text: [code] for text, code in found.items()
    }
    for text in ("نريد مكافحة الكلاب الضالة", "skilled workers", "غبار الطريق", "12345", ""):
        assert flags(text) == ()
    dialogue = DialogueFactory.create(moderation="open")
    statement = write(dialogue, "أنتم أغبياء")
    assert statement.state == State.HELD
    alone = reverse("dialogues:review_statement", args=[dialogue.code, statement.number])
    assert "insult: أغبياء" in desk(moderator).get(alone).content.decode()
    VocabularyEntry.objects.create(
        vocabulary=LIST, code="insult", values={"words": ["حديقة"]}, changed_at=timezone.now()
    )
    entries.refresh(at_once=True)
    try:
        assert flags("أنتم أغبياء") == ()
        assert [flag.words for flag in flags("نريد الحديقة")] == [("الحديقة",)]
    finally:
        entries.forget()


def test_page_shows_each_statement_before_anything_is_decided_and_can_be_taken_back(
    dialogue, moderator
):
    kept, near, other = held(dialogue, CURB), held(dialogue, NEAR), held(dialogue, OTHER)
    client = desk(moderator)
    address = reverse("dialogues:decide_together")
    page = client.get(reverse("dialogues:inbox")).content.decode()
    assert "came in 2 times" in page
    chosen = {"decision": "accept", "group": [kept.pk]}
    shown = client.post(address, chosen).content.decode()
    assert "Accept 2 statements?" in shown
    assert "<mark>القديمة</mark>" in shown
    assert states(kept, near, other) == [State.HELD] * 3
    merge = {"decision": "merge", "seen": "1", "statement": [near.pk], f"kept-{near.pk}": kept.pk}
    done = client.post(address, merge, follow=True).content.decode()
    assert states(kept, near, other) == [State.OPEN, State.MERGED, State.HELD]
    assert "2 decisions: copies are merged" in done
    batch = ModerationDecision.objects.filter(statement=near).earliest("pk").batch
    client.post(reverse("dialogues:undo_batch", args=[batch.pk]))
    assert states(kept, near, other) == [State.HELD] * 3
    refused = client.post(address, {"decision": "reject", "seen": "1", "statement": [other.pk]})
    assert refused.status_code == 422
    assert states(other) == [State.HELD]
    nothing = client.post(address, {"decision": "accept"}, follow=True).content.decode()
    assert "Choose at least one statement" in nothing


def test_what_waits_takes_few_queries_however_much_it_is(
    dialogue, moderator, django_assert_max_num_queries
):
    words = [f"اقتراح رقم {n} عن موضوع {n * 7919 % 1000} في حي {n % 40}" for n in range(150)]
    author = ParticipantFactory.create(dialogue=dialogue)
    Statement.objects.bulk_create(
        Statement(
            dialogue=dialogue, number=n + 1, text={"ar": text}, language="ar", state=State.HELD,
            source="participant", author=author, added_at=timezone.now(),
        )
        for n, text in enumerate(words)
    )  # fmt: skip
    with django_assert_max_num_queries(8):
        waits = inbox(moderator.pk, timezone.now())
    assert sum(len(group.members) for group in waits.groups) == 150


def test_a_rush_of_statements_and_of_copies_is_told_once_in_an_hour():
    arrivals = Arrivals()
    calm = [arrivals.statement("d", n, f"words {n}", n * 600.0) for n in range(140)]
    assert not any(calm)
    start = 140 * 600.0
    rush = [arrivals.statement("d", n, f"more {n}", start + n * 10) for n in range(60)]
    [told] = [found for found in rush if found]
    assert (told.kind, told.count) == ("statements", 20)
    copies = [arrivals.statement("e", 7, "the same", n * 10.0) for n in range(40)]
    assert [(found.kind, found.statement) for found in copies if found] == [
        ("copies", 7), ("statements", 0),
    ]  # fmt: skip


def test_rush_through_the_page_is_an_alert_of_the_dialogue(dialogue, moderator):
    ARRIVALS.forget()
    address = reverse("public_dialogues:add", args=["en", dialogue.code])
    for _each in range(10):
        Client().post(address, {"text": CURB, "confirm": "1"})
    alert = Alert.objects.get()
    assert (alert.kind, alert.count, alert.statement.shown["ar"]) == ("copies", 10, CURB)
    page = desk(moderator).get(reverse("dialogues:dialogue", args=[dialogue.code]))
    assert "The same words came in 10 times" in page.content.decode()
