"""Private links: what opens, what does not, and what is kept of it anywhere."""

from __future__ import annotations

import logging
import re
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import path
from django.utils import timezone
from django.utils.translation import get_language

from factories.asks import PartyFactory
from factories.dossiers import DossierFactory
from hiwar.asks.models import PositionLink
from hiwar.common.links import actions, purposes, queries
from hiwar.common.links.logs import MaskingFormatter
from hiwar.common.links.pages import behind_link
from hiwar.common.models import PrivateLink

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest

PURPOSE = "test.note"
NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@behind_link(PURPOSE, takes_answers=True)
def note(request: HttpRequest, row: PrivateLink, token: str) -> HttpResponse:
    if request.method == "POST":
        actions.mark_used(link=actions.lock_open_link(row, timezone.now()), now=timezone.now())
    return HttpResponse(f"{get_language()} {token}")


@behind_link(PURPOSE)
def read_only(request: HttpRequest, row: PrivateLink, token: str) -> HttpResponse:
    return HttpResponse("read")


urlpatterns = [path("t/<str:token>/", note, name="note"), path("t/<str:token>/r", read_only)]


@pytest.fixture(autouse=True)
def _purpose(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(purposes, "_purposes", {})
    monkeypatch.setattr(purposes, "_hidden", {})
    purposes.register(
        purposes.Purpose(PURPOSE, "note", "/t/", find=lambda link: link, language=lambda _row: "en")
    )
    yield
    purposes._pattern.cache_clear()


def make(**more: object) -> tuple[PrivateLink, str]:
    return actions.make_link(purpose=PURPOSE, now=timezone.now(), **more)


def test_the_database_holds_no_token_in_any_form_that_opens() -> None:
    link, token = make(is_sealed=True)
    row = str(PrivateLink.objects.values().get())
    assert token not in row
    assert len(token) == 43
    assert queries.token_of(link) == token
    other, _token = make()
    other.sealed = link.sealed
    assert queries.token_of(other) == "", "a sealed token opens at another row"
    actions.forget_tokens(links=PrivateLink.objects.filter(pk=link.pk))
    link.refresh_from_db()
    assert queries.token_of(link) == ""
    assert Client().get(f"/t/{token}/").status_code == 200


def test_another_key_opens_no_sealed_token_and_breaks_nothing(settings: object) -> None:
    link, token = make(is_sealed=True)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another" * 9, []  # type: ignore[attr-defined]
    assert queries.token_of(link) == ""
    assert Client().get(f"/t/{token}/").status_code == 200


def test_a_text_gets_its_address_at_the_hand_over(settings: object) -> None:
    settings.PUBLIC_ORIGIN = "https://house.example"  # type: ignore[attr-defined]
    link, token = make(is_sealed=True)
    text = "Answer: {link}\r\n"
    assert queries.fill_in(text, link) == f"Answer: https://house.example/t/{token}/\r\n"
    actions.forget_tokens(links=PrivateLink.objects.all())
    link.refresh_from_db()
    assert queries.fill_in(text, link, "(gone)") == "Answer: (gone)\r\n"


def test_many_links_at_once() -> None:
    links = actions.make_links(purpose=PURPOSE, count=1200, now=NOW, ends_on=date(2026, 12, 1))
    assert len({queries.token_of(link) for link in links}) == 1200
    assert PrivateLink.objects.filter(ends_on=date(2026, 12, 1)).count() == 1200


def test_the_last_day_is_a_day_of_the_place(settings: object) -> None:
    settings.TIME_ZONE = "Asia/Hebron"  # type: ignore[attr-defined]
    link, _token = make(ends_on=date(2026, 11, 28))
    with timezone.override("Asia/Hebron"):
        assert queries.is_open(link, datetime(2026, 11, 28, 21, 59, tzinfo=UTC))
        assert not queries.is_open(link, datetime(2026, 11, 28, 22, 30, tzinfo=UTC))


def closings() -> dict[str, tuple[str, int]]:
    """Return a path to every link that does not open, with its status."""
    ended, ended_token = make(ends_on=timezone.localdate() - timedelta(days=1))
    withdrawn, withdrawn_token = make(is_sealed=True)
    actions.withdraw_links(links=PrivateLink.objects.filter(pk=withdrawn.pk), now=timezone.now())
    other = PrivateLink.objects.filter(pk=make()[0].pk)
    token = actions.new_token()
    other.update(purpose="test.other", digest=queries.plain_digest(token))
    assert ended.pk
    return {
        "ended": (f"/t/{ended_token}/", 410),
        "withdrawn": (f"/t/{withdrawn_token}/", 410),
        "of another purpose": (f"/t/{token}/", 404),
        "unknown": ("/t/invented/", 404),
        "long": (f"/t/{'x' * 5000}/", 404),
        "nul": ("/t/%00/", 404),
    }


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_closed_link_says_the_same_for_every_reason(language: str) -> None:
    pages = set()
    for reason, (address, status) in closings().items():
        answer = Client().get(address, {"language": language})
        assert answer.status_code == status, reason
        said = {"ar": "هذا الرابط مغلق", "en": "This link is closed"}[language]
        text = answer.content.decode()
        assert said in text, reason
        # The address of the page itself stands in the switch of languages, and nowhere else.
        pages.add(re.sub(r'href="/t/[^"]*"', "", text))
        assert address.split("/")[2] not in re.sub(r'href="/t/[^"]*"', "", text), reason
    assert len(pages) == 1


@pytest.mark.parametrize("address", ["open", "ended", "unknown"])
def test_no_answer_is_cached_listed_or_told_on(address: str) -> None:
    _link, token = make()
    where = closings()[address][0] if address in closings() else f"/t/{token}/"
    answer = Client().get(where)
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Robots-Tag"].startswith("noindex")
    assert answer["Referrer-Policy"] == "strict-origin"
    assert Client().get(f"/t/{token}/r")["Referrer-Policy"] == "no-referrer"


def test_the_language_asked_for_comes_before_the_holders() -> None:
    _link, token = make()
    assert Client().get(f"/t/{token}/").content.decode() == f"en {token}"
    assert Client().get(f"/t/{token}/?language=ar").content.decode() == f"ar {token}"
    assert Client().get(f"/t/{token}/?language=xx").content.decode() == f"en {token}"


def test_opening_writes_nothing_at_all(django_assert_num_queries: object) -> None:
    _link, token = make()
    for method in ("get", "head"):
        with django_assert_num_queries(1) as caught:  # type: ignore[operator]
            getattr(Client(), method)(f"/t/{token}/")
        assert caught.captured_queries[0]["sql"].startswith("SELECT")


def test_an_action_reads_a_link_anew() -> None:
    link, token = make()
    Client().post(f"/t/{token}/")
    link.refresh_from_db()
    assert link.used_at is not None
    PrivateLink.objects.update(withdrawn_at=NOW)
    with pytest.raises(actions.LinkClosed):
        actions.lock_open_link(link, NOW)


def test_withdrawing_forgets_and_counts() -> None:
    for _each in range(3):
        make(is_sealed=True)
    assert actions.withdraw_links(links=PrivateLink.objects.all(), now=NOW) == 3
    assert actions.withdraw_links(links=PrivateLink.objects.all(), now=NOW) == 0
    assert not PrivateLink.objects.exclude(sealed=b"").exists()


def test_no_line_of_a_log_tells_a_token(caplog: pytest.LogCaptureFixture) -> None:
    _link, token = make()
    formatter = MaskingFormatter("{message}", style="{")
    with caplog.at_level(logging.INFO):
        Client().get("/t/invented-token/")
        Client(enforce_csrf_checks=True).post(f"/t/{token}/", headers={"referer": f"/t/{token}/"})
        try:
            raise RuntimeError(f"planted in a traceback: https://house.example/t/{token}/?x=1")
        except RuntimeError:
            logging.getLogger("hiwar").exception("at %s", f"/t/{token}/r")
    lines = [formatter.format(record) for record in caplog.records]
    assert len(lines) >= 3
    assert "Not Found: /t/[private]/" in lines
    assert not [line for line in lines if token in line or "invented" in line]


def test_the_installations_own_handler_masks() -> None:
    handlers = {
        id(handler): handler
        for logger in (logging.root, *map(logging.getLogger, ("django", "django.server")))
        for handler in logger.handlers
    }
    ours = [one for one in handlers.values() if type(one) is logging.StreamHandler]
    assert ours
    for handler in ours:
        assert isinstance(handler.formatter, MaskingFormatter)


def test_two_purposes_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match=PURPOSE):
        purposes.register(purposes.Purpose(PURPOSE, "other", "/o/", find=lambda link: link))
    with pytest.raises(KeyError):
        actions.make_link(purpose="test.nobody", now=NOW)


def test_links_of_which_no_row_speaks_are_forgotten() -> None:
    make()
    kept = PositionLink.objects.create(
        dossier=DossierFactory.create(), organisation=PartyFactory.create(),
        private_link=make()[0],
    )  # fmt: skip
    assert actions.forget_orphaned_links() == 1
    assert PrivateLink.objects.get() == kept.private_link
