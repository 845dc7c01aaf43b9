"""SPF, DKIM, DMARC and MX of the own domain: read as they stand, and never guessed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import translation

from channels.resolver import Resolver
from factories.accounts import sign_in_fully
from hiwar.channels.adapters.names import NameResolver
from hiwar.channels.models import Channel
from hiwar.channels.queries.mail_domain import GOOD, MISSING, UNKNOWN, WEAK, judge_domain
from hiwar.channels.tasks import ask_domain
from hiwar.common.jobs.worker import work_off

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.test import Client

    from channels.relay import Relay
    from hiwar.accounts.models import User

RECORDS = {
    ("house.example.", "TXT"): ['"other"', '"v=spf1 mx " "-all"'],
    ("s1._domainkey.house.example.", "TXT"): ['"v=DKIM1; k=rsa; p=MIIB"'],
    ("_dmarc.house.example.", "TXT"): ['"v=DMARC1; p=none; rua=mailto:x@house.example"'],
    ("house.example.", "MX"): ["10 mail.house.example."],
}


@pytest.fixture
def resolver(settings: object) -> Iterator[Resolver]:
    resolver = Resolver(dict(RECORDS))
    settings.DNS_SERVER = f"127.0.0.1:{resolver.port}"  # type: ignore[attr-defined]
    settings.DEFAULT_FROM_EMAIL = "house@house.example"  # type: ignore[attr-defined]
    settings.MAIL_DKIM_SELECTOR = "s1"  # type: ignore[attr-defined]
    settings.PRACTICE = settings.DEMO = False  # type: ignore[attr-defined]
    yield resolver
    resolver.stop()


def states() -> list[tuple[str, str]]:
    return [(line.check, line.state) for line in ask_domain()]


def test_names_are_asked_and_read_as_they_stand(resolver: Resolver) -> None:
    assert states() == [("spf", GOOD), ("dkim", GOOD), ("dmarc", WEAK), ("mx", GOOD)]
    resolver.records = {("house.example.", "MX"): ["0 ."], ("house.example.", "TXT"): []}
    assert states() == [("spf", MISSING), ("dkim", MISSING), ("dmarc", MISSING), ("mx", MISSING)]


def test_what_nobody_answers_is_not_checked_and_practice_asks_nobody(
    resolver: Resolver, settings: object
) -> None:
    resolver.is_silent = True
    assert NameResolver(lifetime=0.2).texts("house.example") is None
    settings.PRACTICE = True  # type: ignore[attr-defined]
    count = len(resolver.asked)
    assert {state for _check, state in states()} == {UNKNOWN}
    assert len(resolver.asked) == count


@pytest.mark.parametrize(
    ("check", "records", "state"),
    [
        ("spf", ["v=spf1 +all"], WEAK),
        ("spf", ["v=spf1 all"], WEAK),
        ("spf", ["v=spf1 -all", "v=spf1 mx ~all"], WEAK),
        ("spf", ["v=spf1 include:a.example ~all"], GOOD),
        ("spf", ["v=spf10 -all"], MISSING),
        ("dkim", ["v=DKIM1; p="], WEAK),
        ("dkim", ["p=abc"], GOOD),
        ("dmarc", ["v=DMARC1; p=reject"], GOOD),
        ("dmarc", ["v=DMARC1;sp=reject; p=quarantine"], GOOD),
        ("dmarc", ["v=DMARC1; p=reject", "v=DMARC1; p=none"], MISSING),
        ("dmarc", ["v=DMARC1"], WEAK),
    ],
)
def test_a_record_is_judged(check: str, records: list[str], state: str) -> None:
    lines = judge_domain("x.example", "s", lambda _name: records, None)
    assert next(line.state for line in lines if line.check == check) == state


@pytest.mark.django_db
def test_the_operator_reads_it_in_words(
    relay: Relay, resolver: Resolver, client: Client, director: User,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    with translation.override("en"):
        call_command("check_mail", "reader@elsewhere.example")
    printed = capsys.readouterr().out
    assert "SPF: in order." in printed
    assert "DMARC: weak. Receivers are asked to report forged letters" in printed
    sign_in_fully(client, director)
    page = reverse("channels:ways")
    assert "Not checked yet." in client.get(page, HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert client.post(page, {"names": "check"}).status_code == 302
    assert work_off() == ["hiwar.channels.tasks.check_names"]
    assert Channel.objects.get().dns[0] == ["spf", "good"]
    shown = client.get(page, HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "The key that signs our letters is published." in shown
