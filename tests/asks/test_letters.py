"""Letters with a link to one's own positions: one outbox, one series of numbers, no token kept."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from factories.accounts import UserFactory, sign_in_fully
from factories.asks import AskFactory, PartyFactory
from hiwar.asks.actions.letters import (
    POSITION,
    hear_message_state,
    refuses,
    write_position_letter,
)
from hiwar.asks.actions.positions import withdraw_position_link
from hiwar.asks.exports.letters import position_letter
from hiwar.asks.models import Ask, PositionLink
from hiwar.channels.models import Message
from hiwar.channels.queries.contents import content_of, text_with_secrets
from hiwar.common.numbering import missing_numbers, written
from hiwar.common.post import Asked

if TYPE_CHECKING:
    from django.test import Client

    from hiwar.accounts.models import User

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
Letter = PositionLink.Letter


@pytest.fixture
def officer(roles: object) -> User:
    return UserFactory.create(roles=["programme_manager"])


def sent(officer: User, ask: Ask, address: str = "party@party.example") -> PositionLink:
    return write_position_letter(
        actor=officer, dossier=ask.dossier, organisation=PartyFactory.create(),
        recipient=address, language="en", compose=position_letter, now=NOW,
    )  # fmt: skip


def test_a_letter_is_numbered_and_its_link_is_known_to_its_reader_alone(officer: User) -> None:
    link = sent(officer, AskFactory.create())
    content = content_of(Message.objects.get(pk=link.pk))
    assert content is not None
    text = text_with_secrets(content)
    assert "/p/" in text
    assert "Our number: 1/2026" in text
    assert "/p/" not in content.text
    assert bytes(link.private_link.sealed) == b""
    assert link.letter == Letter.WAITING


def test_what_never_left_leaves_a_void_number_and_what_came_back_does_not(officer: User) -> None:
    ask = AskFactory.create()
    never, back, there = (sent(officer, ask) for _each in range(3))
    for link, states in (
        (never, ["expired"]),
        (back, ["handed_over", "failed"]),
        (there, ["handed_over", "delivered"]),
    ):
        for state in states:
            hear_message_state(link.pk, state, "quiet", NOW)
            hear_message_state(link.pk, state, "quiet", NOW)  # the same news may come twice
        link.refresh_from_db()
    assert [link.letter for link in (never, back, there)] == ["failed", "failed", "sent"]
    voided = [link.number is not None and link.number.voided_at for link in (never, back, there)]
    assert voided == [NOW, None, None]
    assert missing_numbers("letters", 2026) == []
    assert [written(link.number) for link in (never, back, there)] == ["1/2026", "2/2026", "3/2026"]


def test_a_letter_whose_link_was_withdrawn_does_not_leave(officer: User) -> None:
    link = sent(officer, AskFactory.create())
    asked = Asked(link.pk, POSITION, "party@party.example", None, NOW)
    assert refuses([asked]) == {}
    withdraw_position_link(actor=officer, link=link, now=NOW)
    assert list(refuses([asked])) == [link.pk]


def test_the_page_puts_a_letter_into_the_outbox(client: Client, officer: User) -> None:
    ask = AskFactory.create(owner=officer)
    party = PartyFactory.create()
    sign_in_fully(client, officer)
    page = reverse("asks:links", args=[ask.dossier.code])
    values = {"organisation": str(party.pk), "language": "en", "send": "1"}
    client.post(page, {**values, "email": "no address"})
    assert not Message.objects.exists()
    assert client.post(page, {**values, "email": "party@party.example"}).status_code == 302
    message = Message.objects.get()
    assert (message.purpose, message.language) == ("asks.position", "en")
    shown = client.get(page, HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "in the outbox" in shown
    assert "party@party.example" in shown
