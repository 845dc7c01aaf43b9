"""A post disputes that it promised something: at the desk, by its link, and what that changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from django.utils import timezone

from asks.test_disputes import SAID, promise, unkept
from factories.accounts import UserFactory, sign_in_fully
from factories.asks import AddresseeFactory, AskFactory, AskPointFactory
from hiwar.accounts.actions.people import NotAllowed
from hiwar.asks.actions import commitments as promises
from hiwar.asks.actions import disputes as act
from hiwar.asks.actions.answer_links import make_answer_link
from hiwar.asks.actions.publishing import show_commitment
from hiwar.asks.exports import public_tables
from hiwar.asks.models import Commitment, Dispute
from hiwar.asks.queries.scores import public_scores
from hiwar.asks.queries.standing import standing_of
from hiwar.asks.queries.waiting import waiting_for
from hiwar.common.models import AuditEntry

if TYPE_CHECKING:
    from datetime import datetime

    from django.test import Client

    from hiwar.accounts.models import User
    from hiwar.asks.models import Addressee

pytestmark = pytest.mark.django_db


@pytest.fixture
def now() -> datetime:
    return timezone.now()


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


def disputed(officer: User, commitment: Commitment, now: datetime) -> Dispute:
    return act.dispute_for_post(
        actor=officer, verdict=commitment, objection=SAID, made_on=timezone.localdate(now), now=now
    )


def test_nothing_is_held_against_a_post_that_disputes_having_promised_it(
    officer: User, director: User, third: User, put: Addressee, now: datetime
) -> None:
    commitment = promise(officer, put, now)
    change = unkept(officer, commitment, now)
    promises.record_reply(
        actor=officer, change=change, reply="لم نعد", replied_on=timezone.localdate(now), now=now
    )
    dispute = disputed(officer, commitment, now)
    assert (dispute.post, dispute.commitment, dispute.change) == (put.post, commitment, None)
    with pytest.raises(promises.PromiseDisputed):
        promises.verify_change(actor=director, change=change, now=now)
    with pytest.raises(act.DisputedAlready):
        disputed(officer, commitment, now)

    def decide(actor: User) -> None:
        act.decide_dispute(
            actor=actor, dispute=dispute, state="stands", reason="في محضر الجلسة", now=now
        )

    with pytest.raises(act.Involved):
        decide(officer)
    with pytest.raises(NotAllowed):
        decide(UserFactory.create(roles=["media"]))
    decide(third)
    promises.verify_change(actor=director, change=change, now=now)
    assert Commitment.objects.get().state == "unkept"
    verbs = list(AuditEntry.objects.filter(verb__startswith="asks.dispute").values_list("verb"))
    assert verbs == [("asks.dispute.make",), ("asks.dispute.decide",)]


def test_a_promise_that_was_disputed_rightly_counts_nowhere(
    officer: User, director: User, third: User, put: Addressee, now: datetime
) -> None:
    commitment = promise(officer, put, now)
    show_commitment(actor=director, commitment=commitment, is_public=True, now=now)
    today = timezone.localdate(now)
    assert standing_of(None, put.ask, today).state == "promised"
    dispute = disputed(officer, commitment, now)
    [score] = public_scores(today)
    assert (score.disputed, sum(score.counts.values())) == (1, 1)
    waiting = [row for row in waiting_for(third, today) if row.kind == "decision"]
    assert [(row.ask, row.is_for_me) for row in waiting] == [(put.ask, True)]
    assert str(commitment) in waiting[0].title
    act.decide_dispute(actor=third, dispute=dispute, state="upheld", reason="صحيح", now=now)
    assert public_scores(today) == []
    assert standing_of(None, put.ask, today).state != "promised"
    assert list(public_tables.commitments(now)) == []


def test_everybody_reads_which_post_disputes_a_promise_and_no_private_word(
    client: Client, officer: User, director: User, third: User, put: Addressee
) -> None:
    now = timezone.now()
    commitment = promise(officer, put, now)
    show_commitment(actor=director, commitment=commitment, is_public=True, now=now)
    names = (str(officer), str(director), str(third), SAID.by_whom, SAID.source)

    def read() -> dict[str, str]:
        """Return the page in each language; no private word stands on it."""
        pages = {}
        for language in ("ar", "en"):
            address = reverse("public_asks:ask", args=[language, put.ask.pk.hex])
            pages[language] = client.get(address).content.decode()
            for hidden in names:
                assert hidden not in pages[language]
        return pages

    dispute = disputed(officer, commitment, now)
    for shown in read().values():
        assert "tone-notice" in shown
        assert SAID.words not in shown
    act.decide_dispute(actor=third, dispute=dispute, state="upheld", reason="لا محضر بذلك", now=now)
    pages = read()
    for shown in pages.values():
        assert SAID.words in shown
        assert "لا محضر بذلك" in shown
    assert "counts no longer" in pages["en"]
    assert "counts no longer" not in pages["ar"]
    show_commitment(actor=director, commitment=commitment, is_public=False, now=now)
    for shown in read().values():
        assert SAID.words not in shown


def test_a_post_disputes_a_promise_by_its_link_before_its_state_is_public(
    client: Client, officer: User, director: User, put: Addressee, now: datetime
) -> None:
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    commitment = promise(officer, put, now)
    other = promise(officer, AddresseeFactory.create(ask=put.ask, state="answered"), now)
    link, token = make_answer_link(actor=director, addressee=put, now=now)
    page = reverse("public_asks:noted", args=[token])
    # What was only recorded at the desk is not told to whoever holds the link.
    assert str(commitment) not in client.get(page).content.decode()
    with pytest.raises(NotAllowed):
        act.dispute_by_link(link=link, verdict=commitment, objection=SAID, now=now)
    unkept(officer, commitment, now)
    assert "We did not promise this" in client.get(page).content.decode()
    filled = {"verdict": str(commitment.pk), "words": "لم نعد بهذا", "by_whom": "رُلى العلي"}
    foreign = client.post(page, {**filled, "verdict": str(other.pk)})
    assert foreign.context["form"] is None
    assert client.post(page, {**filled, "words": ""}).context["form"].errors["words"]
    assert client.post(page, filled).context["confirming"]
    assert Dispute.objects.count() == 0
    client.post(page, {**filled, "confirm": "yes"})
    dispute = Dispute.objects.get()
    assert (dispute.commitment, dispute.link, dispute.recorded_by) == (commitment, link, None)
    shown = client.get(page).content.decode()
    assert "You disputed it" in shown
    assert "We did not promise this" not in shown
    with pytest.raises(NotAllowed):
        act.reply_by_link(link=link, verdict=commitment, reply="لا", now=now)


def test_the_page_of_a_promise_takes_the_dispute_and_leads_to_the_decision(
    client: Client, officer: User, put: Addressee, now: datetime
) -> None:
    commitment = promise(officer, put, now)
    sign_in_fully(client, officer)
    page = reverse("asks:commitment", args=[commitment.pk])
    form = reverse("asks:dispute_commitment", args=[commitment.pk])
    assert form in client.get(page).content.decode()
    today = timezone.localdate(now).isoformat()
    sourceless = client.post(form, {"words": "لم نعد", "made_on": today})
    assert list(sourceless.context["form"].errors) == ["source"]
    assert Dispute.objects.count() == 0
    client.post(form, {"words": "لم نعد", "made_on": today, "source": "كتاب 12"})
    dispute = Dispute.objects.get()
    shown = client.get(page).content.decode()
    assert form not in shown
    assert reverse("asks:dispute", args=[dispute.pk]) in shown
    decision = client.get(reverse("asks:dispute", args=[dispute.pk]))
    assert decision.status_code == 200
    assert str(commitment) in decision.content.decode()
    sign_in_fully(client, UserFactory.create(roles=["media"]))
    assert client.get(form).status_code == 403
