"""Promises: recorded from a source, proven, settled by two people, with a right of reply."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from factories.accounts import UserFactory, sign_in_fully
from factories.asks import AddresseeFactory, AnswerFactory, AnswerLinkFactory, AskPointFactory
from factories.contacts import PostFactory
from factories.events import EventFactory
from factories.evidence import make_item, make_source
from hiwar.accounts.actions.people import NotAllowed
from hiwar.asks.actions import commitments as act
from hiwar.asks.queries.commitments import origins_for, scorecard
from hiwar.asks.queries.standing import standing_of
from hiwar.contacts.models import Post
from hiwar.events.models import Conclusion

if TYPE_CHECKING:
    from django.test import Client

    from hiwar.accounts.models import User
    from hiwar.asks.models import Commitment

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
TODAY = NOW.date()


@pytest.fixture
def officer(roles: object) -> User:
    user: User = UserFactory.create(roles=["programme_manager"])
    return user


@pytest.fixture
def director(roles: object) -> User:
    user: User = UserFactory.create(roles=["director"])
    return user


def promise(officer: User, days: int = 10) -> Commitment:
    addressee = AddresseeFactory.create(state="answered")
    point = AskPointFactory.create(ask=addressee.ask)
    return act.record_commitment(
        actor=officer, point=point, post=addressee.post, now=NOW,
        promised=act.Promised({"ar": "نظام"}, TODAY, TODAY + timedelta(days)),
        origin=AnswerFactory.create(addressee=addressee),
    )  # fmt: skip


def settle(user: User, commitment: Commitment, state: str, **more: str) -> act.StateChange:
    values = {"reason": "سبب", "source": "مصدر", **more}
    return act.settle_commitment(
        actor=user, commitment=commitment, state=state, day=TODAY, now=NOW, **values
    )


def test_a_promise_has_a_source_and_is_late_by_the_clock(officer: User) -> None:
    commitment = promise(officer)
    ask = commitment.point.ask
    assert (commitment.origin, commitment.state) == ("answer", "made")
    assert standing_of(officer, ask, TODAY + timedelta(10)).state == "promised"
    assert standing_of(officer, ask, TODAY + timedelta(11)).state == "promise_late"
    told = {"actor": officer, "point": commitment.point, "now": NOW, "origin": commitment.answer}
    for post, made, due, refusal in (
        (PostFactory.create(), 0, 1, act.NotAnAddressee),
        (commitment.post, 1, 2, act.PromisedLater),
        (commitment.post, 0, -1, act.DueBeforePromise),
    ):
        with pytest.raises(refusal):
            act.record_commitment(
                post=post,
                promised=act.Promised({"ar": "س"}, TODAY + timedelta(made), TODAY + timedelta(due)),
                **told,
            )  # type: ignore[arg-type]
    with pytest.raises(NotAllowed):
        act.record_commitment(
            post=commitment.post, promised=act.Promised({"ar": "س"}, TODAY),
            **{**told, "actor": UserFactory.create(roles=["media"])},
        )  # fmt: skip  # type: ignore[arg-type]


def test_kept_needs_proof_and_a_second_person(officer: User, director: User) -> None:
    commitment = promise(officer)
    with pytest.raises(act.ProofNeeded):
        settle(officer, commitment, "kept")
    act.add_proof(
        actor=officer, commitment=commitment, shown_by=make_item(make_source(officer)), says="part",
        brought_on=TODAY, now=NOW,
    )  # fmt: skip
    with pytest.raises(act.ReasonNeeded):
        settle(officer, commitment, "part", source=" ")
    change = settle(officer, commitment, "part")
    commitment.refresh_from_db()
    assert commitment.state == "made"  # until somebody else verified it
    with pytest.raises(act.SamePerson):
        act.verify_change(actor=officer, change=change, now=NOW)
    act.verify_change(actor=director, change=change, now=NOW)
    commitment.refresh_from_db()
    assert commitment.state == "part"
    assert standing_of(officer, commitment.point.ask, TODAY).state == "part"
    with pytest.raises(NotAllowed):  # verified once
        act.verify_change(actor=director, change=change, now=NOW)


def test_a_verdict_against_a_post_waits_for_its_reply(officer: User, director: User) -> None:
    commitment = promise(officer)
    change = settle(officer, commitment, "unkept")
    assert (change.put_on, change.reply_due) == (TODAY, TODAY + timedelta(10))
    with pytest.raises(act.ReplyOpen):
        act.verify_change(actor=director, change=change, now=NOW)
    act.record_reply(
        actor=officer, change=change, reply="تأخر النشر فقط", replied_on=TODAY, now=NOW
    )
    act.verify_change(actor=director, change=change, now=NOW)
    silent = settle(officer, promise(officer), "dropped")
    act.verify_change(actor=director, change=silent, now=NOW + timedelta(11))


def test_a_reply_answers_what_was_put_and_is_never_replaced(officer: User) -> None:
    commitment = promise(officer)
    verdict = settle(officer, commitment, "unkept")

    def reply(change: act.StateChange, words: str, days: int = 0) -> None:
        act.record_reply(
            actor=officer, change=change, reply=words, replied_on=TODAY + timedelta(days), now=NOW
        )

    with pytest.raises(act.ReplyTooEarly):
        reply(verdict, "قبل العرض", -1)
    reply(verdict, "تأخر النشر فقط")
    with pytest.raises(act.ReplyStands):
        reply(verdict, "كلام آخر")
    verdict.refresh_from_db()
    assert verdict.reply == "تأخر النشر فقط"
    with pytest.raises(act.NothingToReply):  # nothing that speaks against the post
        reply(settle(officer, commitment, "unclear"), "رد")


def test_the_latest_day_that_was_verified_is_the_state(officer: User, director: User) -> None:
    commitment = promise(officer)
    act.add_proof(
        actor=officer, commitment=commitment, shown_by=make_item(make_source(officer)),
        says="kept", brought_on=TODAY, now=NOW,
    )  # fmt: skip
    before, after = (
        act.settle_commitment(
            actor=officer, commitment=commitment, state=state, day=TODAY - timedelta(days),
            reason="سبب", source="مصدر", now=NOW,
        )
        for state, days in (("progress", 5), ("kept", 1))
    )  # fmt: skip
    for change in (after, before):  # the older one is verified last
        act.verify_change(actor=director, change=change, now=NOW)
    commitment.refresh_from_db()
    assert commitment.state == "kept"


def test_counts_are_by_name_and_shares_need_five_that_are_due(officer: User) -> None:
    rows = [promise(officer, days=1)]
    later = TODAY + timedelta(2)
    assert [(score.late, score.due, score.share) for score in scorecard(rows, later)] == [
        (1, 1, None)
    ]
    rows *= 5
    assert scorecard(rows, later)[0].share == 0
    assert scorecard(rows, TODAY)[0].due == 0


def test_conclusions_of_closed_sessions_are_not_offered(
    client: Client, officer: User, director: User
) -> None:
    """Nor is a closed post named where something is put to it, or a closed paper it rests on."""
    addressee = AddresseeFactory.create()
    ask = addressee.ask
    for owner, visibility in ((officer, "institution"), (director, "personal")):
        event = EventFactory.create(dossier=ask.dossier, owner=owner, visibility=visibility)
        Conclusion.objects.create(event=event, kind="decision", text={"ar": visibility}, position=1)
    offered = [words for words, _record in origins_for(officer, ask).values()]
    assert [("institution" in words, "personal" in words) for words in offered] == [(True, False)]
    title = str(addressee.post.title)
    sign_in_fully(client, officer)
    pages = [reverse("asks:list"), reverse("asks:ask", args=[ask.pk]), reverse("asks:commitments")]
    commitment = promise(officer)
    before = [client.get(page).content.decode() for page in pages]
    assert [title in page for page in before[:2]] == [True, True]
    Post.objects.update(visibility="personal", owner=director)
    after = [client.get(page).content.decode() for page in pages]
    assert not any(title in page or str(commitment.post.title) in page for page in after)


def test_a_closed_proof_is_announced_and_not_named(client: Client, officer: User) -> None:
    commitment, owner = promise(officer), UserFactory.create(roles=["director"])
    item = make_item(make_source(officer))
    act.add_proof(
        actor=officer, commitment=commitment, shown_by=item, says="part", brought_on=TODAY, now=NOW
    )
    page = reverse("asks:commitment", args=[commitment.pk])
    sign_in_fully(client, officer)
    assert str(item) in client.get(page).content.decode()
    type(item).objects.filter(pk=item.pk).update(visibility="personal", owner=owner)
    assert str(item) not in client.get(page).content.decode()


def test_the_page_of_a_promise_is_shut_to_who_may_not(client: Client, officer: User) -> None:
    commitment = promise(officer)
    page = reverse("asks:commitment", args=[commitment.pk])
    sign_in_fully(client, officer)
    assert client.get(page).status_code == 200
    assert str(commitment) in client.get(reverse("asks:commitments")).content.decode()
    commitment.point.ask.visibility = "personal"
    commitment.point.ask.save()
    assert client.get(page).status_code == 404
    assert str(commitment) not in client.get(reverse("asks:commitments")).content.decode()


def test_nothing_is_done_to_a_post_that_is_closed_to_whoever_may_edit(
    client: Client, officer: User, director: User
) -> None:
    addressee = AddresseeFactory.create(state="answered")
    point = AskPointFactory.create(ask=addressee.ask)
    link = AnswerLinkFactory.create(addressee=addressee)
    answer = AnswerFactory.create(addressee=addressee, way="link", link=link, recorded_by=None)
    title = str(addressee.post.title)
    sign_in_fully(client, officer)
    of_post = [
        reverse("asks:record_outcome", args=[addressee.pk, point.pk]),
        *(
            reverse(f"asks:{name}", args=[addressee.pk])
            for name in ("take_addressee_state", "record_answer", "draft_letter")
        ),
        reverse("asks:confirm_answer", args=[answer.pk]),
    ]
    promised = reverse("asks:record_commitment", args=[addressee.ask_id])
    assert [client.get(page).status_code for page in of_post] == [200] * len(of_post)
    assert title in client.get(promised).content.decode()
    Post.objects.update(visibility="personal", owner=director)
    assert [client.get(page).status_code for page in of_post] == [404] * len(of_post)
    assert title not in client.get(promised).content.decode()
    assert f"answer:{answer.pk}" not in origins_for(officer, addressee.ask)
