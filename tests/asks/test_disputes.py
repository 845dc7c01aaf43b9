"""Replies and disputes of posts: at the desk and by link, decided by a third; what is public."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from django.utils import timezone

from factories.accounts import UserFactory, sign_in_fully
from factories.asks import AddresseeFactory, AnswerFactory, AskFactory, AskPointFactory
from factories.contacts import PersonFactory, PostHoldingFactory
from hiwar.accounts.actions.people import NotAllowed
from hiwar.asks.actions import commitments as promises
from hiwar.asks.actions import disputes as act
from hiwar.asks.actions import outcomes
from hiwar.asks.actions.answer_links import make_answer_link
from hiwar.asks.actions.points import record_addressee_state
from hiwar.asks.actions.publishing import AskNotShown, show_ask, show_commitment
from hiwar.asks.desk import due
from hiwar.asks.models import Addressee, AnswerPoint, Dispute, Outcome, StateChange
from hiwar.asks.queries.record import record_of
from hiwar.asks.queries.standing import standing_of
from hiwar.asks.queries.waiting import waiting_for
from hiwar.common.dates import local_day
from hiwar.common.personal.actions import erase

if TYPE_CHECKING:
    from django.test import Client

    from hiwar.accounts.models import User
    from hiwar.asks.models import Commitment

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
TODAY = NOW.date()
SAID = act.Objection("صدر النظام في الجريدة الرسمية", "رُلى العلي", "كتاب الوزارة 12")


@pytest.fixture
def officer(roles: object) -> User:
    user: User = UserFactory.create(roles=["programme_manager"], name="نديم الخطيب")
    return user


@pytest.fixture
def director(roles: object) -> User:
    user: User = UserFactory.create(roles=["director"], name="سلمى الحاج")
    return user


@pytest.fixture
def third(roles: object) -> User:
    user: User = UserFactory.create(roles=["researcher"], name="باسل عمر")
    return user


@pytest.fixture
def put(officer: User) -> Addressee:
    ask = AskFactory.create(visibility="public", owner=officer)
    AskPointFactory.create(ask=ask)
    addressee: Addressee = AddresseeFactory.create(ask=ask, state="answered")
    return addressee


def promise(officer: User, put: Addressee, now: datetime = NOW) -> Commitment:
    return promises.record_commitment(
        actor=officer, point=put.ask.points.get(), post=put.post, now=now,
        promised=promises.Promised({"ar": "نظام بحلول حزيران"}, local_day(now)),
        origin=AnswerFactory.create(addressee=put),
    )  # fmt: skip


def unkept(officer: User, commitment: Commitment, now: datetime = NOW) -> StateChange:
    return promises.settle_commitment(
        actor=officer, commitment=commitment, state="unkept", day=local_day(now),
        reason="لم يُنشر شيء", source="الوقائع", now=now,
    )  # fmt: skip


def verified(officer: User, director: User, put: Addressee, now: datetime = NOW) -> StateChange:
    change = unkept(officer, promise(officer, put, now), now)
    promises.record_reply(
        actor=officer, change=change, reply="تأخر النشر", replied_on=local_day(now), now=now
    )
    return promises.verify_change(actor=director, change=change, now=now)


def disputed(
    officer: User, verdict: StateChange | Outcome, said: act.Objection = SAID, days: int = 0
) -> Dispute:
    return act.dispute_for_post(
        actor=officer, verdict=verdict, objection=said, made_on=TODAY + timedelta(days), now=NOW
    )


def test_somebody_decides_who_neither_recorded_nor_verified(
    officer: User, director: User, third: User, put: Addressee
) -> None:
    change = verified(officer, director, put)
    dispute = disputed(officer, change)
    assert (dispute.post, dispute.state) == (put.post, "open")
    assert dispute.reply_due == TODAY + timedelta(15)
    decision = {"dispute": dispute, "state": "upheld", "reason": "صدر النظام", "now": NOW}
    for involved in (officer, director):
        with pytest.raises(act.Involved):
            act.decide_dispute(actor=involved, **decision)  # type: ignore[arg-type]
    with pytest.raises(NotAllowed):
        act.decide_dispute(actor=UserFactory.create(roles=["media"]), **decision)  # type: ignore[arg-type]
    with pytest.raises(act.DecisionNeeded):
        act.decide_dispute(actor=third, **{**decision, "reason": " "})  # type: ignore[arg-type]
    commitment = change.commitment
    assert commitment is not None
    commitment.refresh_from_db()
    assert commitment.state == "unkept"  # until somebody decided
    act.decide_dispute(actor=third, **decision)  # type: ignore[arg-type]
    commitment.refresh_from_db()
    assert commitment.state == "made"  # they are right: it counts no longer, and stays readable
    with pytest.raises(act.Decided):
        act.decide_dispute(actor=third, **decision)  # type: ignore[arg-type]
    promises.settle_commitment(
        actor=officer, commitment=commitment, state="unclear", day=TODAY, reason="س", source="م",
        now=NOW,
    )  # fmt: skip
    assert commitment.changes.count() == 2


def test_an_outcome_that_was_disputed_rightly_counts_no_longer(
    officer: User, director: User, third: User, put: Addressee
) -> None:
    outcome = outcomes.record_outcome(
        actor=officer, point=put.ask.points.get(), addressee=put, now=NOW,
        became=outcomes.Became("weaker", TODAY, "نُشر"),
        shown=outcomes.Shown(link="https://gazette.example/12"),
    )  # fmt: skip
    with pytest.raises(act.NotYetVerified):
        disputed(officer, outcome)
    outcomes.verify_outcome(actor=director, outcome=outcome, now=NOW)
    for refusal, said, days in (
        (act.SourceNeeded, act.Objection("كلام"), 0),
        (act.NothingSaid, act.Objection(" ", "", "كتاب"), 0),
        (act.DisputedEarlier, SAID, -1),
        (promises.PromisedLater, SAID, 1),
    ):
        with pytest.raises(refusal):
            disputed(officer, outcome, said, days)
    with pytest.raises(NotAllowed):
        disputed(UserFactory.create(roles=["media"]), outcome)
    dispute = disputed(officer, outcome)
    with pytest.raises(act.DisputedAlready):
        disputed(officer, outcome)
    assert standing_of(officer, put.ask, TODAY).state == "part"
    act.decide_dispute(actor=third, dispute=dispute, state="stands", reason="لا نص", now=NOW)
    assert standing_of(officer, put.ask, TODAY).state == "part"
    again = disputed(officer, outcome)
    act.decide_dispute(actor=third, dispute=again, state="upheld", reason="نص", now=NOW)
    assert standing_of(officer, put.ask, TODAY).state == "waiting"


def test_what_happened_with_an_ask_names_every_dispute(
    officer: User, director: User, put: Addressee
) -> None:
    record_addressee_state(
        actor=officer, addressee=put, state="closed", day=TODAY, closed_as="overtaken", now=NOW
    )
    closing = StateChange.objects.get(addressee=put, after="closed")
    rows = [
        Dispute.objects.create(
            change=closing, post=put.post, words="لم يُغلق", source="كتاب", made_on=TODAY,
            reply_due=TODAY, recorded_by=officer, recorded_at=NOW,
        ),
        disputed(officer, verified(officer, director, put)),
    ]  # fmt: skip
    told = {entry.record for entry in record_of(officer, put.ask) if entry.kind == "dispute"}
    assert told == set(rows)


def test_a_post_replies_and_disputes_by_its_link_in_two_steps(
    client: Client, officer: User, director: User, third: User, put: Addressee
) -> None:
    now = timezone.now()
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    change = unkept(officer, promise(officer, put, now), now)
    foreign = verified(officer, director, AddresseeFactory.create(ask=put.ask, state="sent"), now)
    _link, token = make_answer_link(actor=director, addressee=put, now=now)
    page = reverse("public_asks:noted", args=[token])
    assert "noted/" in client.get(reverse("public_asks:answer", args=[token])).content.decode()
    shown = client.get(page).content.decode()
    assert "Reply to it" in shown
    assert "Dispute it" not in shown
    assert str(officer) not in shown.replace(f"<bdi>{put.ask.owner}</bdi>", "")
    wrong = client.post(page, {"verdict": str(foreign.pk), "words": "كلام", "by_whom": "رُلى"})
    assert wrong.context["form"] is None  # of another post
    filled = {"verdict": str(change.pk), "words": "تأخر النشر", "by_whom": "رُلى العلي"}
    assert client.post(page, {"verdict": str(change.pk)}).context["form"] is not None
    numbers = client.post(page, {**filled, "words": "اتصلوا على 0599123456"})
    assert numbers.context["form"].errors["words"]
    assert client.post(page, filled).context["confirming"]
    change.refresh_from_db()
    assert change.reply == ""
    client.post(page, {**filled, "confirm": "yes"})
    change.refresh_from_db()
    assert (change.reply, change.replied_on) == ("تأخر النشر", timezone.localdate(now))
    assert change.reply_link is not None
    promises.verify_change(actor=director, change=change, now=now)
    assert "Dispute it" in client.get(page).content.decode()
    client.post(page, {**filled, "words": "صدر النظام", "confirm": "yes"})
    dispute = Dispute.objects.get()
    assert (dispute.post, dispute.change, dispute.recorded_by) == (put.post, change, None)
    shown = client.get(page).content.decode()
    assert "You disputed it" in shown
    assert "Dispute it" not in shown
    act.decide_dispute(actor=third, dispute=dispute, state="stands", reason="لا نص بعد", now=now)
    assert "لا نص بعد" in client.get(page).content.decode()


def test_everybody_reads_that_it_is_disputed_and_by_which_post_and_no_private_name(
    client: Client, officer: User, director: User, third: User, put: Addressee
) -> None:
    now = timezone.now()
    commitment = promise(officer, put, now)
    change = unkept(officer, commitment, now)
    page = reverse("public_asks:ask", args=["ar", put.ask.pk.hex])
    words, private = str(commitment), (str(officer), str(director), str(third), SAID.by_whom)

    def read() -> str:
        return client.get(page).content.decode()

    assert words not in read()
    with pytest.raises(NotAllowed):
        show_commitment(actor=officer, commitment=commitment, is_public=True, now=now)
    show_commitment(actor=director, commitment=commitment, is_public=True, now=now)
    assert words in read()
    assert "لم يُنشر شيء" not in read()  # nobody verified it yet
    promises.record_reply(
        actor=officer, change=change, reply="تأخر النشر", replied_on=timezone.localdate(now),
        now=now,
    )  # fmt: skip
    assert "تأخر النشر" not in read()
    promises.verify_change(actor=director, change=change, now=now)
    shown = read()
    assert shown.index("تأخر النشر") < shown.index("لم يُنشر شيء")  # the reply stands above
    dispute = act.dispute_for_post(
        actor=officer, verdict=change, objection=SAID, made_on=timezone.localdate(now), now=now
    )
    shown = read()
    assert shown.count(str(put.post.title)) >= 2  # named as who disputes it
    assert "tone-notice" in shown
    for hidden in (SAID.words, SAID.source, *private):
        assert hidden not in shown
    act.decide_dispute(
        actor=third, dispute=dispute, state="upheld", reason="صدر في العدد 12", now=now
    )
    shown = read()
    assert "is-back" in shown
    assert SAID.words in shown
    assert "صدر في العدد 12" in shown
    for hidden in (SAID.source, *private):
        assert hidden not in shown
    show_commitment(actor=director, commitment=commitment, is_public=False, now=now)
    assert words not in read()
    show_ask(actor=director, ask=put.ask, is_public=False, now=now)
    assert client.get(page).status_code == 404
    with pytest.raises(AskNotShown):
        show_commitment(actor=director, commitment=commitment, is_public=True, now=now)


def test_of_an_answer_that_may_not_be_published_everybody_reads_that_there_is_one(
    client: Client, officer: User, put: Addressee
) -> None:
    put.answer_due = timezone.localdate() - timedelta(3)
    put.save()
    answer = AnswerFactory.create(
        addressee=put, words="لا نستطيع الآن", giver_name="رُلى العلي", recorded_by=officer
    )
    AnswerPoint.objects.create(answer=answer, point=put.ask.points.get(), verdict="declined")
    page = reverse("public_asks:ask", args=["ar", put.ask.pk.hex])
    today = timezone.localdate()
    assert standing_of(officer, put.ask, today).state == "declined"
    planned = AddresseeFactory.create(ask=put.ask, state="approved")
    planned.post.title = {"ar": "منصب لم يُخاطب بعد"}
    planned.post.save()
    shown = client.get(page).content.decode()
    assert "منصب لم يُخاطب بعد" not in shown
    assert standing_of(None, put.ask, today).state == "answered"
    for hidden in ("لا نستطيع الآن", "رُلى العلي"):
        assert hidden not in shown
    answer.may_publish = True
    answer.save()
    shown = client.get(page).content.decode()
    assert "لا نستطيع الآن" in shown
    assert "رُلى العلي" not in shown
    assert page in client.get(reverse("public_asks:asks", args=["ar"])).content.decode()


def test_what_waits_stands_on_the_morning_page_of_who_owns_it_and_who_can_do_it(
    client: Client, officer: User, director: User, third: User, put: Addressee
) -> None:
    now = timezone.now()
    change = unkept(officer, promise(officer, put, now), now)
    today = timezone.localdate(now)

    def waits(user: User) -> list[tuple[str, bool]]:
        return [(row.kind, row.is_for_me) for row in waiting_for(user, today)]

    def told(user: User) -> list[str]:
        request = type("Request", (), {"user": user})()
        return [line.url for line in due(request)]

    at = reverse("asks:commitment", args=[change.commitment_id])
    assert waits(officer) == waits(third) == [("reply", False)]
    assert (at in told(officer), at in told(third)) == (True, False)
    promises.record_reply(actor=officer, change=change, reply="رد", replied_on=today, now=now)
    assert (waits(officer), waits(third)) == ([("second", False)], [("second", True)])
    assert at in told(third)
    promises.verify_change(actor=director, change=change, now=now)
    assert waits(third) == []
    dispute = act.dispute_for_post(
        actor=officer, verdict=change, objection=SAID, made_on=today, now=now
    )
    assert waits(director) == [("decision", False)]
    assert waits(third) == [("decision", True)]
    page = reverse("asks:dispute", args=[dispute.pk])
    assert page in told(officer)  # who owns the ask
    assert page in told(third)
    assert page not in told(director)
    assert waits(UserFactory.create(roles=["finance"])) == []
    sign_in_fully(client, director)
    assert client.get(page).context["form"] is None
    sign_in_fully(client, third)
    assert page in client.get(reverse("asks:waiting")).content.decode()
    client.post(page, {"state": "stands", "reason": "لا نص بعد"})
    dispute.refresh_from_db()
    assert (dispute.state, dispute.replied_by) == ("stands", third)
    put.ask.visibility = "personal"
    put.ask.save()
    assert client.get(page).status_code == 404
    assert waits(third) == []


def test_a_post_that_is_closed_to_the_reader_is_named_nowhere(
    client: Client, officer: User, director: User, third: User, put: Addressee
) -> None:
    dispute = disputed(officer, verified(officer, director, put))
    put.post.organisation.visibility = "personal"
    put.post.organisation.save()
    put.post.title = {"ar": "منصب محجوب"}
    put.post.save()
    change = dispute.change
    assert change is not None
    sign_in_fully(client, third)
    for page in (
        reverse("asks:dispute", args=[dispute.pk]), reverse("asks:waiting"),
        reverse("asks:commitment", args=[change.commitment_id]),
        reverse("asks:dispute_change", args=[change.pk]),
        reverse("asks:dispute_commitment", args=[change.commitment_id]),
        reverse("asks:settle", args=[change.commitment_id]),
        reverse("public_asks:ask", args=["ar", put.ask.pk.hex]), reverse("accounts:morning"),
    ):  # fmt: skip
        shown = client.get(page)
        assert shown.status_code == 200
        assert "منصب محجوب" not in shown.content.decode()


def test_a_verified_state_has_no_empty_row_of_buttons(
    client: Client, officer: User, director: User, put: Addressee
) -> None:
    change = verified(officer, director, put, timezone.now())
    viewer = UserFactory.create(roles=["media"])
    for user, has_row in ((viewer, False), (officer, True)):
        sign_in_fully(client, user)
        page = client.get(reverse("asks:commitment", args=[change.commitment_id]))
        states = page.content.decode().partition("said-list")[2]
        assert ("row no-print" in states) is has_row


def test_who_is_erased_leaves_no_name_in_what_the_post_said(
    officer: User, director: User, put: Addressee
) -> None:
    person = PersonFactory.create(shown_name={"ar": "رُلى العلي", "en": "Rula Alali"})
    PostHoldingFactory.create(post=put.post, person=person)
    change = verified(officer, director, put)
    words = "قالت رُلى العلي إن النظام صدر"
    dispute = disputed(officer, change, act.Objection(words, "رُلى العلي", "كتاب"))
    StateChange.objects.filter(pk=change.pk).update(reply="رُلى العلي: تأخر النشر")
    erase(actor=director, kind="contacts.person", keys=[person.pk], now=NOW)
    for row in (dispute, change):
        row.refresh_from_db()
    assert (dispute.by_whom, "رُلى" in dispute.words) == ("", False)
    assert "إن النظام صدر" in dispute.words
    assert "رُلى" not in change.reply
