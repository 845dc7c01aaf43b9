"""Every private link of the house: a scanner that opens it changes nothing, and no log tells it.

A purpose that a room registers without a maker below makes these tests fail.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.apps import apps
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from factories.accounts import InstitutionFactory
from factories.asks import AddresseeFactory, AskFactory, PartyFactory
from factories.events import EventFactory, InvitationFactory
from hiwar.common.links import actions, purposes, queries
from hiwar.common.links.logs import MaskingFormatter
from hiwar.common.models import PrivateLink

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hiwar.accounts.models import User

pytestmark = pytest.mark.django_db


def an_invitation(_user: User) -> str:
    event = EventFactory.create(published_at=timezone.now())
    return queries.token_of(InvitationFactory.create(event=event).private_link)


def a_calendar(user: User) -> str:
    from hiwar.events.actions.feeds import make_feed

    return make_feed(actor=user, now=timezone.now())[1]


def positions(user: User) -> str:
    from hiwar.asks.actions.positions import make_position_link

    dossier = AskFactory.create().dossier
    party = PartyFactory.create()
    return make_position_link(actor=user, dossier=dossier, organisation=party, now=timezone.now())[
        1
    ]


def an_answer(user: User) -> str:
    from hiwar.asks.actions.answer_links import make_answer_link

    addressee = AddresseeFactory.create()
    return make_answer_link(actor=user, addressee=addressee, now=timezone.now())[1]


def signing(user: User) -> str:
    from factories.contacts import OrganisationFactory
    from factories.dossiers import DossierFactory
    from hiwar.dossiers.actions import joint
    from hiwar.signatures.actions import letters
    from hiwar.signatures.exports.letters import compose

    now = timezone.now()
    statement = joint.create_statement(
        actor=user, dossier=DossierFactory.create(), title={"ar": "بيان"}, text={"ar": "نص"},
        now=now, settings=joint.Settings(timezone.localdate() + timedelta(days=9)),
    )  # fmt: skip
    letters.ask_organisations(
        actor=user, signing=statement.signing, organisations=[OrganisationFactory.create()],
        compose=compose, now=now,
    )  # fmt: skip
    text = joint.open_text(actor=user, text=statement.texts.get(), now=now)
    (letter,) = letters.write_letters(actor=user, version=text.version, now=now)
    return queries.token_of(letter.private_link)


def of_a_visit(kind: str) -> Callable[[User], str]:
    def make(user: User) -> str:
        from factories.visits import make_visit
        from hiwar.visits.actions.sharing import make_link

        now, today = timezone.now(), timezone.localdate()
        visit = make_visit(user, starts_on=today, ends_on=today + timedelta(days=3))
        return make_link(actor=user, visit=visit, kind=kind, colleague=user, now=now)[1]

    return make


def into_the_house(user: User) -> str:
    from hiwar.accounts.actions.people import invite
    from hiwar.accounts.models import Role

    return invite(
        actor=user, email="new@house.example", name={"ar": "باسل"}, language="ar",
        role=Role.objects.get(code="researcher"), at=timezone.now(),
    )[1]  # fmt: skip


def a_comment(user: User) -> str:
    from datetime import timedelta
    from uuid import uuid4

    from factories.legislation import make_consultation, make_law, make_version
    from hiwar.legislation.actions.consultations import Said, take_comment

    consultation = make_consultation(make_version(make_law(user)))
    now = consultation.opens_at + timedelta(hours=1)
    said = Said("نص", "ar", "citizen")
    return take_comment(consultation=consultation, said=said, key=uuid4(), now=now)[1]


def a_press_link(user: User) -> str:
    from factories.papers import make_embargoed
    from hiwar.papers.actions.embargo import lend_to_press

    return lend_to_press(
        actor=user, paper=make_embargoed(user), name="A reader", outlet="", email="",
        language="ar", now=timezone.now(),
    )[1]  # fmt: skip


def an_outside_review(user: User) -> str:
    from datetime import date

    from factories.papers import make_paper
    from hiwar.papers.actions.outside import send_for_review

    return send_for_review(
        actor=user, paper=make_paper(user), outsider="A reader", email="", language="ar",
        due_on=date(2099, 1, 1), now=timezone.now(),
    )[1]  # fmt: skip


def a_subscription(_user: User) -> str:
    from factories.newsletter import ask

    return ask("reader@elsewhere.example", "ar")


MAKERS: dict[str, Callable[[User], str]] = {
    "accounts.invitation": into_the_house,
    "asks.answer": an_answer,
    "asks.positions": positions,
    "channels.subscription": a_subscription,
    "papers.press": a_press_link,
    "papers.review": an_outside_review,
    "signatures.signing": signing,
    "events.calendar": a_calendar,
    "events.invitation": an_invitation,
    "legislation.comment": a_comment,
    "visits.feedback": of_a_visit("feedback"),
    "visits.programme": of_a_visit("programme"),
}


def routes() -> Iterator[tuple[str, str]]:
    """Yield the purpose and the name of every address behind a private link."""

    def walk(patterns: list[URLPattern | URLResolver], space: str) -> Iterator[tuple[str, str]]:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns, pattern.namespace or space)
            elif "token" in pattern.pattern.converters:
                purpose = getattr(pattern.callback, "purpose", "")
                yield purpose, f"{space}:{pattern.name}"

    return walk(get_resolver().url_patterns, "")


# A new password and the way out of letters: their tokens are signed and kept nowhere.
SIGNED = {"accounts:reset", "public_channels:way_out"}


def stored() -> dict[str, list[dict[str, object]]]:
    return {
        model._meta.label: sorted(model._base_manager.values(), key=str)
        for model in apps.get_models()
        if model._meta.managed
    }


def test_every_address_with_a_token_is_behind_a_private_link() -> None:
    open_ones = {name for purpose, name in routes() if not purpose}
    assert open_ones == SIGNED
    assert {purpose for purpose, _name in routes() if purpose} == set(MAKERS)
    assert {purpose.code for purpose in purposes.all_purposes()} == set(MAKERS)
    for purpose in purposes.all_purposes():
        path = reverse(purpose.route, args=["T" * 43])
        assert path.startswith(f"{purpose.prefix}T")


@pytest.mark.parametrize("purpose", sorted(MAKERS))
def test_a_scanner_changes_nothing_and_reads_no_other_page(
    purpose: str, director: User, caplog: pytest.LogCaptureFixture
) -> None:
    InstitutionFactory.create()
    token = MAKERS[purpose](director)
    kept = stored()
    scanner = Client(headers={"user-agent": "SafeLinks/1.0"})
    pages = [reverse(name, args=[token]) for code, name in routes() if code == purpose]
    for page in pages:
        for method in (scanner.get, scanner.head):
            answer = method(page, follow=True)
            assert answer.status_code == 200, page
            assert "no-store" in answer["Cache-Control"]
            assert "noindex" in answer["X-Robots-Tag"]
    assert stored() == kept
    assert token not in str(kept)
    other = next(code for code in MAKERS if code != purpose)
    for code, name in routes():
        if code == other:
            assert scanner.get(reverse(name, args=[token])).status_code == 404
    link = PrivateLink.objects.filter(digest=queries.plain_digest(token))
    actions.withdraw_links(links=link, now=timezone.now())
    with caplog.at_level(logging.INFO):
        bodies = {scanner.get(page).content for page in pages if scanner.get(page)}
        statuses = {scanner.get(page).status_code for page in pages}
    assert statuses == {410}
    assert all("هذا الرابط مغلق".encode() in body for body in bodies)
    formatter = MaskingFormatter("%(message)s")
    assert caplog.records
    assert not [one for one in caplog.records if token in formatter.format(one)]


@pytest.mark.parametrize("path", ["/desk/invitation/T0KEN/", "/desk/sign-in/new-password/k/T0KEN/"])
def test_links_of_staff_are_in_no_log(path: str) -> None:
    assert "T0KEN" not in purposes.masked(f"Not Found: {path}")
