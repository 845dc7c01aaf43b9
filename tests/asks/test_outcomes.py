"""Outcomes: recorded at a post, shown by something, put to it, verified; what everybody reads."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse
from django.utils import timezone

from factories.accounts import UserFactory, sign_in_fully
from factories.asks import AddresseeFactory, AskFactory, AskPointFactory
from factories.evidence import make_item, make_source
from hiwar.accounts.actions.people import NotAllowed
from hiwar.asks.actions import commitments as promises
from hiwar.asks.actions import outcomes as act
from hiwar.asks.models import AskPoint, Outcome
from hiwar.asks.queries.standing import standing_of

if TYPE_CHECKING:
    from django.test import Client

    from hiwar.accounts.models import User
    from hiwar.asks.models import Addressee

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
TODAY = NOW.date()
GAZETTE = "https://gazette.example/2027/12"


@pytest.fixture
def officer(roles: object) -> User:
    user: User = UserFactory.create(roles=["programme_manager"], name="نديم الخطيب")
    return user


@pytest.fixture
def director(roles: object) -> User:
    user: User = UserFactory.create(roles=["director"], name="سلمى الحاج")
    return user


@pytest.fixture
def put() -> tuple[AskPoint, Addressee]:
    ask = AskFactory.create(visibility="public")
    return AskPointFactory.create(ask=ask), AddresseeFactory.create(ask=ask, state="answered")


def became(result: str, days_ago: int = 0, note: str = "نُشر في الوقائع", **more: str) -> act.Became:
    return act.Became(result, TODAY - timedelta(days_ago), note, **more)


def record(
    actor: User,
    put: tuple[AskPoint, Addressee],
    result: str,
    days_ago: int = 0,
    shown: act.Shown | None = None,
    **more: str,
) -> Outcome:
    point, addressee = put
    return act.record_outcome(
        actor=actor, point=point, addressee=addressee, became=became(result, days_ago, **more),
        shown=shown or act.Shown(link=GAZETTE), now=NOW,
    )  # fmt: skip


def state(user: User, put: tuple[AskPoint, Addressee]) -> str:
    return standing_of(user, put[0].ask, TODAY).rows[0][1][0].state


def test_an_outcome_counts_once_a_second_person_verified_it(
    officer: User, director: User, put: tuple[AskPoint, Addressee]
) -> None:
    outcome = record(officer, put, "weaker")
    assert state(officer, put) == "waiting"
    with pytest.raises(promises.SamePerson):
        act.verify_outcome(actor=officer, outcome=outcome, now=NOW)
    with pytest.raises(NotAllowed):
        act.verify_outcome(actor=UserFactory.create(roles=["media"]), outcome=outcome, now=NOW)
    act.verify_outcome(actor=director, outcome=outcome, now=NOW)
    assert state(officer, put) == "part"
    assert standing_of(officer, put[0].ask, TODAY).state == "part"  # met in part is derived
    with pytest.raises(act.OutcomeStands):
        act.verify_outcome(actor=director, outcome=outcome, now=NOW)


def test_the_latest_verified_day_counts_and_unclear_takes_nothing_back(
    officer: User, director: User, put: tuple[AskPoint, Addressee]
) -> None:
    recorded = [record(officer, put, *at) for at in (("same", 3), ("weaker", 9), ("unclear", 0))]
    for outcome in recorded:  # the older day is verified later
        act.verify_outcome(actor=director, outcome=outcome, now=NOW)
    assert state(officer, put) == "met"
    late = record(officer, put, "weaker", 1)
    assert state(officer, put) == "met"
    act.verify_outcome(actor=director, outcome=late, now=NOW)
    assert state(officer, put) == "part"


def test_a_promise_that_was_settled_is_not_made_unclear(officer: User, director: User) -> None:
    addressee = AddresseeFactory.create(state="answered")
    commitment = promises.record_commitment(
        actor=officer, point=AskPointFactory.create(ask=addressee.ask), post=addressee.post,
        promised=promises.Promised({"ar": "نظام"}, TODAY), now=NOW,
        origin=make_item(make_source(officer)),
    )  # fmt: skip
    promises.add_proof(
        actor=officer, commitment=commitment, shown_by=make_item(make_source(officer)),
        says="part", brought_on=TODAY, now=NOW,
    )  # fmt: skip
    for result, days_ago, whole in (("unclear", 5, "unclear"), ("part", 3, "part"),
                                    ("unclear", 1, "part")):  # fmt: skip
        change = promises.settle_commitment(
            actor=officer, commitment=commitment, state=result, reason="سبب", source="مصدر",
            day=TODAY - timedelta(days_ago), now=NOW,
        )  # fmt: skip
        promises.verify_change(actor=director, change=change, now=NOW)
        commitment.refresh_from_db()
        assert commitment.state == whole


def test_what_was_not_adopted_is_put_to_the_post_before_anybody_reads_it(
    officer: User, director: User, put: tuple[AskPoint, Addressee]
) -> None:
    outcome = record(officer, put, "absent")
    assert (outcome.put_on, outcome.reply_due) == (TODAY, TODAY + timedelta(10))
    with pytest.raises(promises.ReplyOpen):
        act.verify_outcome(actor=director, outcome=outcome, now=NOW)
    act.record_outcome_reply(
        actor=officer, outcome=outcome, reply="أُجّل إلى الدورة القادمة", replied_on=TODAY, now=NOW
    )
    act.verify_outcome(actor=director, outcome=outcome, now=NOW)
    assert state(officer, put) == "unmet"
    silent = record(officer, put, "absent")
    act.verify_outcome(actor=director, outcome=silent, now=NOW + timedelta(11))
    with pytest.raises(promises.NothingToReply):
        act.record_outcome_reply(
            actor=officer, outcome=record(officer, put, "same"), reply="رد", replied_on=TODAY,
            now=NOW,
        )  # fmt: skip


def test_what_cannot_be_looked_up_or_was_not_put_is_refused(
    officer: User, put: tuple[AskPoint, Addressee]
) -> None:
    point = put[0]
    for refusal, more in (
        (act.ShownByNothing, {"shown": act.Shown(link=" ")}),
        (act.BecameLater, {"days_ago": -1}),
        (act.StrengthNeeded, {"contribution": "اقترحنا النص"}),
    ):
        with pytest.raises(refusal):
            record(officer, put, "same", **more)  # type: ignore[arg-type]
    with pytest.raises(NotAllowed):  # a post of another ask
        record(officer, (point, AddresseeFactory.create()), "same")
    with pytest.raises(act.NotYetPut):
        record(officer, (point, AddresseeFactory.create(ask=point.ask, state="approved")), "same")
    point.amendment_id = point.pk  # on an amendment: read from its own room
    with pytest.raises(act.OutcomeOfAmendment):
        record(officer, put, "same")


def test_the_form_says_what_is_public_and_keeps_numbers_out_of_it(
    client: Client, officer: User, director: User, put: tuple[AskPoint, Addressee]
) -> None:
    point, addressee = put
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    sign_in_fully(client, officer)
    page = reverse("asks:record_outcome", args=[addressee.pk, point.pk])
    assert page in client.get(reverse("asks:ask", args=[point.ask_id])).content.decode()
    shown = client.get(page).content.decode()
    assert "Public once another person verified it" in shown
    assert "Read at the desk alone." in shown
    today = timezone.localdate()
    filled: dict[str, Any] = {
        "result": "weaker", "on": today, "note": "اتصل بنا المدير من 0599123456", "link": "",
        "contribution": "اقترحنا النص",
    }  # fmt: skip
    refused = client.post(page, filled)
    assert set(refused.context["form"].errors) == {"note", "strength"}
    assert client.post(page, {**filled, "on": today + timedelta(1)}).context["form"].errors["on"]
    whole = {**filled, "note": "نُشر في الوقائع", "strength": "likely"}
    assert client.post(page, whole).context["form"].errors["link"]
    saved = client.post(page, {**whole, "link": "gazette.example/2027/12"}, follow=True)
    outcome = Outcome.objects.get()
    assert outcome.link == GAZETTE
    assert "not yet verified by a second person" in saved.content.decode()
    verify = reverse("asks:verify_outcome", args=[outcome.pk])
    assert verify not in saved.content.decode()  # not for who recorded it
    sign_in_fully(client, director)
    assert verify in client.get(reverse("asks:outcome", args=[outcome.pk])).content.decode()
    client.post(verify)
    outcome.refresh_from_db()
    assert outcome.confirmed_by == director
    assert verify not in client.get(reverse("asks:outcome", args=[outcome.pk])).content.decode()
    point.ask.visibility = "personal"
    point.ask.save()
    assert client.get(reverse("asks:outcome", args=[outcome.pk])).status_code == 404


def test_everybody_reads_the_note_and_address_once_verified_and_nothing_else(
    client: Client, officer: User, director: User, put: tuple[AskPoint, Addressee]
) -> None:
    point = put[0]
    item = make_item(make_source(officer))
    outcome = record(
        officer, put, "absent", shown=act.Shown(item=item, link=GAZETTE), note="لم يرد في النص"
    )
    dossier = point.ask.dossier
    dossier.visibility = "public"
    dossier.save()
    walks = [
        reverse("public_trace:walk", args=["ar", "outcome", outcome.pk.hex]),
        reverse("public_trace:walk", args=["ar", "point", point.pk.hex]),
    ]
    files = reverse("public_trace:dossier_files", args=["ar", dossier.code])

    def read() -> str:
        pages = [client.get(page).content.decode() for page in walks]
        archive = zipfile.ZipFile(io.BytesIO(client.get(files).content))
        return "".join([*pages, *(archive.read(name).decode() for name in archive.namelist())])

    hidden = ("لم يرد في النص", outcome.pk.hex, "absent")
    assert not [words for words in hidden if words in read()]
    act.record_outcome_reply(
        actor=officer, outcome=outcome, reply="رد الوزارة", replied_on=TODAY, now=NOW
    )
    assert not [words for words in hidden if words in read()]
    act.verify_outcome(actor=director, outcome=outcome, now=NOW)
    shown = read()
    assert "لم يرد في النص" in shown
    for words in (str(officer), str(director), str(item), item.pk.hex):
        assert words not in shown
    point.ask.visibility = "institution"
    point.ask.save()
    assert "لم يرد في النص" not in read()
