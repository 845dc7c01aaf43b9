"""A letter to a post and its page by private link: numbered at issue, answered, handed on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from factories.accounts import UserFactory, sign_in_fully
from factories.asks import AddresseeFactory, AskFactory, AskPointFactory
from factories.contacts import PostHoldingFactory
from hiwar.accounts.actions.people import NotAllowed
from hiwar.asks.actions import answer_links, post_letters
from hiwar.asks.actions.answers import confirm_answer
from hiwar.asks.exports.ask_letters import letter_text, proposed_words
from hiwar.asks.models import Addressee, Answer, AnswerFile, AnswerLink, Delivery, Letter
from hiwar.asks.queries.files import ANSWER_FILE
from hiwar.asks.queries.letters import ANSWER
from hiwar.asks.queries.standing import standing_of
from hiwar.channels.models import Message
from hiwar.channels.queries.contents import content_of, text_with_secrets
from hiwar.common.links.actions import LinkClosed
from hiwar.common.links.purposes import address
from hiwar.common.post import Asked
from hiwar.common.serving.bridge import LARGEST_FORM, largest_body

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.test import Client

    from hiwar.accounts.models import User

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
TODAY = NOW.date()


@pytest.fixture
def director(roles: object) -> User:
    user: User = UserFactory.create(roles=["director"])
    return user


@pytest.fixture
def addressee() -> Addressee:
    point = AskPointFactory.create(ask=AskFactory.create())
    put: Addressee = AddresseeFactory.create(
        ask=point.ask, state="approved", answer_due=timezone.localdate() + timedelta(9)
    )
    return put


def drafted(director: User, addressee: Addressee) -> Letter:
    subject, body = proposed_words(addressee)
    return post_letters.draft_letter(
        actor=director, addressee=addressee, subject=subject, body=body, now=NOW
    )


def issue(director: User, letter: Letter, way: str = "mail") -> tuple[Letter, str]:
    return post_letters.issue_letter(
        actor=director, letter=letter, way=way, language="ar", compose=letter_text, now=NOW,
        recipient="minister@ministry.example" if way == "mail" else "",
    )  # fmt: skip


def test_a_letter_has_a_number_only_when_it_is_issued(director: User, addressee: Addressee) -> None:
    holding = PostHoldingFactory.create(post=addressee.post, starts_on=None, ends_on=None)
    letter = drafted(director, addressee)
    assert letter.number is None
    officer = UserFactory.create(roles=["programme_manager"])
    with pytest.raises(NotAllowed):
        issue(officer, letter)
    holding.ends_on = TODAY - timedelta(1)
    holding.save()
    with pytest.raises(post_letters.HolderChanged):
        issue(director, letter)
    issued, _address = issue(director, drafted(director, addressee))
    assert issued.number is not None
    assert issued.number.number == 1  # the draft that was not issued took none
    assert set(issued.salutation) == set(issued.closing) == {"ar", "en"}
    with pytest.raises(post_letters.LetterIssued):
        issue(director, issued)
    addressee.refresh_from_db()
    assert addressee.state == "sent"
    content = content_of(Message.objects.get())
    assert content is not None
    assert "/answer/" in text_with_secrets(content)
    assert "/answer/" not in content.text
    delivery = Delivery.objects.get()
    asked = Asked(delivery.pk, post_letters.ASK, "minister@ministry.example", None, NOW)
    assert post_letters.refuses([asked]) == {}
    PostHoldingFactory.create(post=addressee.post, starts_on=None, ends_on=None)
    assert list(post_letters.refuses([asked])) == [delivery.pk]  # nobody else reads it
    post_letters.hear_message_state(delivery.pk, "failed", "", NOW)
    addressee.refresh_from_db()
    assert addressee.state == "returned"


def test_delivered_means_that_somebody_received_it(director: User, addressee: Addressee) -> None:
    issue(director, drafted(director, addressee), "hand")
    delivery = Delivery.objects.get()
    assert not Message.objects.exists()
    receive = {"actor": director, "delivery": delivery, "received_on": TODAY, "now": NOW}
    with pytest.raises(post_letters.ReceiptMissing):
        post_letters.record_receipt(received_by=" ", their_stamp="", **receive)  # type: ignore[arg-type]
    post_letters.record_receipt(received_by="الديوان", their_stamp="و/77", **receive)  # type: ignore[arg-type]
    addressee.refresh_from_db()
    assert addressee.state == "delivered"


def test_a_letter_to_a_post_that_is_closed_to_the_reader_is_not_there(
    client: Client, director: User, addressee: Addressee
) -> None:
    letter = drafted(director, addressee)
    sign_in_fully(client, UserFactory.create(roles=["me_officer"]))
    pages = (
        reverse("asks:letter", args=[letter.pk]),
        reverse("asks:letter_file", args=[letter.pk, letter.languages[0]]),
    )
    assert str(addressee.post.title) in client.get(pages[0]).content.decode()
    type(addressee.post).objects.filter(pk=addressee.post_id).update(visibility="personal")
    assert [client.get(page).status_code for page in pages] == [404, 404]


def path_of(director: User, addressee: Addressee) -> str:
    _link, token = answer_links.make_answer_link(
        actor=director, addressee=addressee, now=timezone.now()
    )
    return reverse("public_asks:answer", args=[token])


def send(client: Client, path: str, addressee: Addressee, **more: object) -> HttpResponse:
    point = addressee.ask.points.get()
    values = {
        f"verdict-{point.pk}": "part", "giver_name": "م. رولا", "giver_function": "مدير عام",
        "capacity": "holder", "words": "نوافق على الأول", **more,
    }  # fmt: skip
    return client.post(path, values)  # type: ignore[return-value]


def test_the_page_says_what_is_asked_and_takes_an_answer_without_an_account(
    client: Client, director: User, addressee: Addressee
) -> None:
    path = path_of(director, addressee)
    for _scanner in range(3):
        page = client.get(f"{path}?all=accepted")
        assert page.status_code == 200
    assert (page["Cache-Control"], page["X-Robots-Tag"]) == ("no-store", "noindex")
    assert len(page.content) < 60_000
    shown = page.content.decode()
    for words in (str(addressee.ask.text), str(addressee.post), str(addressee.ask.points.get())):
        assert words in shown
    assert not Answer.objects.exists()
    send(client, path, addressee)
    assert not Answer.objects.exists()  # it is shown back first
    file = SimpleUploadedFile("نظام.pdf", b"%PDF-1.7 text")
    sent = send(client, path, addressee, confirm="yes", **{"file-1": file})
    assert sent.status_code == 302
    answer = Answer.objects.get()
    assert (answer.way, answer.confirmed_as, answer.words) == ("link", "", "نوافق على الأول")
    assert AnswerFile.objects.get().is_public is False
    standing = standing_of(director, addressee.ask, timezone.localdate())
    assert standing.state == "accepted_part"
    send(client, path, addressee, confirm="yes", words="تصحيح")
    assert Answer.objects.get(words="تصحيح").corrects == answer
    confirm_answer(actor=director, answer=answer, confirmed_as="call", now=timezone.now())


def test_files_are_kept_as_far_as_they_have_room_and_the_words_stay_in_the_form(
    client: Client, director: User, addressee: Addressee, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever holds a link, or was handed one, may correct as often as they like."""
    path = path_of(director, addressee)
    monkeypatch.setattr(answer_links, "MOST_BYTES", 30)
    for number, words in enumerate(("أول", "ثان", "ثالث")):
        file = SimpleUploadedFile(f"{number}.pdf", b"%PDF-1.7 text")
        page = send(client, path, addressee, confirm="yes", words=words, **{"file-1": file})
    assert (AnswerFile.objects.count(), Answer.objects.count()) == (2, 2)
    assert "ثالث" in page.content.decode()
    assert send(client, path, addressee, confirm="yes", words="بلا ملف").status_code == 302


def test_files_with_answers_fit_through_their_door() -> None:
    path = address(ANSWER, "token").removeprefix(settings.PUBLIC_ORIGIN)
    assert answer_links.MOST_FILES * ANSWER_FILE.size + LARGEST_FORM < largest_body(path)


def test_handing_on_closes_nothing_and_a_closed_link_takes_nothing(
    client: Client, director: User, addressee: Addressee
) -> None:
    path = path_of(director, addressee)
    client.post(path, {"hand_on": "yes", "handed_to": "مدير الموازنة"})
    assert AnswerLink.objects.get(parent__isnull=False).handed_to == "مدير الموازنة"
    client.post(path, {"elsewhere": "yes", "whose": "وزارة المال"})
    addressee.refresh_from_db()
    assert (Answer.objects.get().kind, addressee.state) == ("elsewhere", "approved")
    parent = AnswerLink.objects.get(parent=None)
    newer = path_of(director, addressee)  # a new link ends the old one and what hangs on it
    assert client.get(path).status_code == 410
    assert client.get(newer).status_code == 200
    parent.private_link.refresh_from_db()
    with pytest.raises(LinkClosed):
        answer_links.hand_on(link=parent, handed_to="س", now=timezone.now())
