"""What the public pages answer, whoever asks and in whatever state a dialogue is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from factories.dialogues import DialogueFactory, ParticipantFactory, StatementFactory
from forms import faults_of_buttons, forms_of
from hiwar.dialogues.actions.people import make_codes
from hiwar.dialogues.models import (
    Dialogue,
    ModerationDecision,
    Participant,
    Round,
    Statement,
    Vote,
)
from hiwar.dialogues.queries.tokens import Bearer, cookie_name, make_token, read_token

if TYPE_CHECKING:
    from datetime import datetime

    from django.test import Client

    from hiwar.accounts.models import User

pytestmark = pytest.mark.django_db

PAGES = ("", "join/", "poster/", "vote/", "statements/add/", "mine/", "about-me/")


@pytest.fixture
def dialogue() -> Dialogue:
    made = DialogueFactory.create(title={"ar": "حوار سري", "en": "Delicate matter"})
    for number in (1, 2, 3):
        StatementFactory.create(
            dialogue=made, number=number, text={"ar": f"رأي {number}", "en": f"Idea {number}"}
        )
    return made


def ballot(client: Client, dialogue: Dialogue, **fields: object) -> int:
    answer = client.post(f"/ar/d/{dialogue.code}/vote/", fields)
    return answer.status_code


def carry(client: Client, person: Participant) -> None:
    code = person.dialogue.code
    client.cookies[cookie_name(code)] = make_token(code, Bearer(person.pk, is_stored=True))


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("state", ["draft", "open", "closed"])
def test_page_by_state(
    client: Client, dialogue: Dialogue, language: str, page: str, state: str
) -> None:
    Dialogue.objects.filter(pk=dialogue.pk).update(state=state)
    answer = client.get(f"/{language}/d/{dialogue.code}/{page}")
    assert answer.status_code == (404 if state == "draft" else 200)
    if state != "draft":
        assert "no-store" in answer["Cache-Control"]
        title = answer.content.decode().partition("<title>")[2].partition("</title>")[0]
        assert "Delicate" not in title
        assert "سري" not in title


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_page_that_a_phone_keeps_is_nobodys(
    client: Client, dialogue: Dialogue, language: str
) -> None:
    person = ParticipantFactory.create(dialogue=dialogue, name="Thistle")
    bare = client.get(f"/{language}/d/{dialogue.code}/vote/kept/").content.decode()
    carry(client, person)
    client.get(f"/{language}/d/{dialogue.code}/")  # Whoever is known has a token for forms.
    page = client.get(f"/{language}/d/{dialogue.code}/vote/kept/")
    text = page.content.decode()
    assert text == bare
    assert page.cookies == {}
    for told in ("Thistle", f"{person.pk:016x}", "csrfmiddlewaretoken", "Idea", "رأي"):
        assert told not in text
    assert ("No network. Who is here?" in text) == (language == "en")


def test_the_kept_page_says_what_a_dialogue_by_code_lets_another_person_do(
    client: Client, dialogue: Dialogue
) -> None:
    address = f"/en/d/{dialogue.code}/vote/kept/"
    assert " data-open " in client.get(address).content.decode()
    Dialogue.objects.filter(pk=dialogue.pk).update(accepts_open_link=False)
    text = client.get(address).content.decode()
    assert " data-open " not in text
    assert "ask for a form on paper" in text
    Dialogue.objects.filter(pk=dialogue.pk).update(state="draft")
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("page", ["", "vote/", "statements/add/", "mine/", "about-me/"])
def test_a_page_says_whose_it_is_and_hands_the_phone_over(
    client: Client, dialogue: Dialogue, page: str
) -> None:
    person = ParticipantFactory.create(dialogue=dialogue, name="Thistle")
    carry(client, person)
    address = f"/en/d/{dialogue.code}/{page}"
    assert "Here you are <bdi>Thistle</bdi>." in client.get(address).content.decode()
    handed = client.post(f"/en/d/{dialogue.code}/forget/", {"act": "another"})
    assert (handed.status_code, handed["Location"]) == (302, f"/en/d/{dialogue.code}/vote/")
    # What waits on the phone for the network stays.
    assert "Clear-Site-Data" not in handed
    assert client.cookies[cookie_name(dialogue.code)].value == ""
    client.cookies.clear()
    assert "Thistle" not in client.get(address).content.decode()
    assert Participant.objects.filter(pk=person.pk).exists()


def test_a_look_writes_nobody_down(client: Client, dialogue: Dialogue) -> None:
    client.get(f"/ar/d/{dialogue.code}/vote/")
    assert Participant.objects.count() == 0
    token = client.cookies[cookie_name(dialogue.code)]
    assert (token["httponly"], token["samesite"], token["max-age"]) == (True, "Lax", "")


def test_a_first_vote_sent_twice_counts_once(client: Client, dialogue: Dialogue) -> None:
    client.get(f"/ar/d/{dialogue.code}/vote/")
    before = client.cookies[cookie_name(dialogue.code)].value
    fields = {"statement": 2, "choice": "1", "sequence": 1_800_000_000_000}
    assert ballot(client, dialogue, **fields) == 302
    client.cookies[cookie_name(dialogue.code)] = before
    assert ballot(client, dialogue, **fields) == 302
    assert (Participant.objects.count(), Vote.objects.count()) == (1, 1)
    bearer = read_token(dialogue.code, client.cookies[cookie_name(dialogue.code)].value)
    assert bearer == Bearer(Participant.objects.get().pk, is_stored=True)


def test_the_same_page_answered_otherwise_is_a_later_vote(
    client: Client, dialogue: Dialogue
) -> None:
    client.get(f"/ar/d/{dialogue.code}/vote/")
    for choice in ("1", "-1"):
        ballot(client, dialogue, statement=2, choice=choice, sequence=1_800_000_000_000)
    assert list(Vote.objects.values_list("choice", flat=True)) == [-1]


@pytest.mark.parametrize(
    "fields",
    [
        {"statement": 99, "choice": "1", "sequence": 5},
        {"statement": 1, "choice": "7", "sequence": 5},
        {"statement": "٣", "choice": "1", "sequence": 5},
        {},
    ],
)
def test_what_is_no_vote_is_refused_in_words(
    client: Client, dialogue: Dialogue, fields: dict[str, object]
) -> None:
    client.get(f"/en/d/{dialogue.code}/vote/")
    answer = client.post(f"/en/d/{dialogue.code}/vote/", fields)
    assert answer.status_code == 422
    assert b"is-error" in answer.content
    assert Vote.objects.count() == 0


def test_a_vote_without_a_cookie_is_asked_again(client: Client, dialogue: Dialogue) -> None:
    assert ballot(client, dialogue, statement=1, choice="1", sequence=5) == 422
    assert Vote.objects.count() == 0


def test_after_the_last_statement_come_thanks(client: Client, dialogue: Dialogue) -> None:
    client.get(f"/en/d/{dialogue.code}/vote/")
    for number in (1, 2, 3):
        ballot(client, dialogue, statement=number, choice="0", sequence=number)
    page = client.get(f"/en/d/{dialogue.code}/vote/")
    assert b"Thank you" in page.content
    assert b"You have voted on 3 statements." in page.content


@pytest.mark.usefixtures("roles")
def test_codes_let_in_once(
    client: Client, dialogue: Dialogue, facilitator: User, now: datetime
) -> None:
    Dialogue.objects.filter(pk=dialogue.pk).update(accepts_open_link=False)
    assert client.get(f"/ar/d/{dialogue.code}/vote/").status_code == 302
    _batch, [code] = make_codes(actor=facilitator, dialogue=dialogue, label="A", size=1, now=now)
    eastern = code.lower().translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    assert client.post("/ar/d/", {"code": eastern}).status_code == 302
    assert Participant.objects.get().trust == Participant.Trust.PRINTED_CODE
    assert client.get(f"/ar/d/{dialogue.code}/vote/").status_code == 200
    client.cookies.clear()
    again = client.post(f"/ar/d/{dialogue.code}/join/", {"code": code})
    assert again.status_code == 422
    assert Participant.objects.count() == 1


def test_short_address_and_public_code(client: Client, dialogue: Dialogue) -> None:
    eastern = dialogue.code.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")).upper()
    assert client.get(f"/j/{eastern}")["Location"].endswith(f"/d/{dialogue.code}/")
    assert client.get("/j/nothing")["Location"].endswith("/d/")
    Dialogue.objects.filter(pk=dialogue.pk).update(state="draft")
    assert client.get(f"/j/{dialogue.code}")["Location"].endswith("/d/")


def test_a_name_is_warned_of_and_sent_when_confirmed(client: Client, dialogue: Dialogue) -> None:
    address = f"/en/d/{dialogue.code}/statements/add/"
    text = {"text": "Write to sami@example.org about the buses"}
    assert client.post(address, text).status_code == 422
    assert Statement.objects.count() == 3
    assert client.post(address, text | {"confirm": "on"}).status_code == 302
    added = Statement.objects.get(number=4)
    assert (added.state, added.language) == (Statement.State.HELD, "en")
    assert Vote.objects.get().choice == 1


def test_an_opposite_view_and_a_held_copy_go_in(client: Client, dialogue: Dialogue) -> None:
    StatementFactory.create(dialogue=dialogue, text={"ar": "يجب رفع سعر المياه"}, number=9)
    page = f"/ar/d/{dialogue.code}/statements/"
    view = {"text": "يجب خفض سعر المياه"}
    told = client.post(page + "similar/", view).json()["similar"]
    assert [(near["opposite"], near["words"][1]) for near in told] == [(True, ["رفع", True])]
    assert client.post(page + "add/", view).status_code == 302
    added = Statement.objects.get(number=10)
    client.cookies.clear()
    answer = client.post(page + "add/", view, follow=True)
    assert "موافقتك" in answer.content.decode()
    assert added.votes.count() == 2
    said = client.post(page + "add/", {"text": "يجب رفع سعر المياه", "confirm": "on"})
    assert f"vote/?statement={9}" in said.content.decode(), "the way to vote on it"


def test_the_composer_is_told_without_keeping_anything(client: Client, dialogue: Dialogue) -> None:
    answer = client.post(
        f"/ar/d/{dialogue.code}/statements/similar/", {"text": "اتصلوا على 0599123456 من أجل رأي 1"}
    )
    assert len(answer.json()["warnings"]) == 1
    assert Statement.objects.count() == 3


def test_own_statements_and_nobody_elses(client: Client, dialogue: Dialogue, now: datetime) -> None:
    author = ParticipantFactory.create(dialogue=dialogue)
    held = StatementFactory.create(
        dialogue=dialogue, number=8, author=author, state="rejected", text={"ar": "رأيي أنا"}
    )
    ModerationDecision.objects.create(
        statement=held, outcome="rejected", reason="several", reply="فكرتان معاً", decided_at=now
    )
    address = f"/ar/d/{dialogue.code}/statements/8/"
    other = ParticipantFactory.create(dialogue=dialogue)
    carry(client, other)
    assert client.post(address, {"act": "withdraw"}).status_code == 404
    assert "رأيي أنا" not in client.get(f"/ar/d/{dialogue.code}/mine/").content.decode()
    carry(client, author)
    page = client.get(f"/ar/d/{dialogue.code}/mine/").content.decode()
    assert "فكرتان معاً" in page
    assert client.post(address, {"act": "appeal", "text": "فكرة واحدة"}).status_code == 302
    assert held.appeals.get().text == "فكرة واحدة"
    client.post(address, {"act": "withdraw"})
    held.refresh_from_db()
    assert held.state == Statement.State.WITHDRAWN


def test_each_button_of_the_composer_does_its_own(client: Client, dialogue: Dialogue) -> None:
    carry(client, ParticipantFactory.create(dialogue=dialogue))
    for page in ("statements/add/", "about-me/"):
        path = f"/ar/d/{dialogue.code}/{page}"
        text = client.get(path).content.decode()
        assert any("formnovalidate" in b for form in forms_of(text) for b in form.buttons), page
        assert list(faults_of_buttons(client, path, text)) == []
    # A switch of language that sent the statement would be found.
    sends = client.get(f"/ar/d/{dialogue.code}/statements/add/").content.decode()
    wrong = sends.replace('name="draft"', 'name="another"')
    assert list(faults_of_buttons(client, f"/ar/d/{dialogue.code}/statements/add/", wrong)) != []


def test_voluntary_answers_are_kept_and_taken_back(client: Client, dialogue: Dialogue) -> None:
    address = f"/ar/d/{dialogue.code}/about-me/"
    client.get(address)
    assert Participant.objects.count() == 0
    client.post(address, {"draft": "1", "sex": "female"})
    assert Participant.objects.count() == 0
    client.post(address, {"sex": "female", "sector": ["media"]})
    person = Participant.objects.get()
    assert (person.sex, person.sectors) == ("female", ["media"])
    client.post(address, {"sex": ""})
    person.refresh_from_db()
    assert (person.sex, person.sectors) == ("", [])


def test_remembering_and_forgetting_are_choices(client: Client, dialogue: Dialogue) -> None:
    carry(client, ParticipantFactory.create(dialogue=dialogue))
    client.post(f"/ar/d/{dialogue.code}/mine/", {"act": "remember"})
    assert client.cookies[cookie_name(dialogue.code)]["max-age"] > 0
    answer = client.post(f"/ar/d/{dialogue.code}/forget/")
    assert "storage" in answer["Clear-Site-Data"]
    assert client.cookies[cookie_name(dialogue.code)].value == ""


def test_what_decides_is_said_on_the_first_page(client: Client, dialogue: Dialogue) -> None:
    Round.objects.update(who_decides={"en": "The board"}, on_the_table={"en": "A policy paper"})
    page = client.get(f"/en/d/{dialogue.code}/").content.decode()
    assert "The board" in page
    assert "A policy paper" in page


def test_nobody_is_let_write_what_is_not_taken(client: Client, dialogue: Dialogue) -> None:
    client.get(f"/en/d/{dialogue.code}/statements/add/")
    page = f"/en/d/{dialogue.code}/statements/add/"
    assert "<textarea" in client.get(page).content.decode()
    Round.objects.filter(dialogue=dialogue).update(state="closed")
    answer = client.get(page).content.decode()
    assert "<textarea" not in answer
    assert "Voting is not open at the moment." in answer
