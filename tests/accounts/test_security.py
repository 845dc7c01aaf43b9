"""The page Security: what it answers, what it leaves out for whom, and what it closes."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from factories.accounts import UserFactory, sign_in_fully
from factories.dialogues import DialogueFactory
from hiwar.accounts.actions import doors, people
from hiwar.accounts.actions.people import NotAllowed
from hiwar.accounts.actions.sign_in import record_sign_in
from hiwar.accounts.desk.security import MANY_PAUSES, look_at_sign_ins
from hiwar.accounts.models import Role, SignedInSession
from hiwar.common.actions import audit
from hiwar.common.dates import local_day
from hiwar.common.health import keys
from hiwar.common.health.findings import State
from hiwar.common.links.actions import make_link, mark_used
from hiwar.common.links.queries import open_kinds
from hiwar.common.models import AuditEntry, PrivateLink

pytestmark = pytest.mark.django_db
PAGE = "accounts:security"


@pytest.fixture
def admin(roles):
    return UserFactory.create(roles=["admin"], name={"ar": "أنس", "en": "Anas of the machines"})


def words(client, **query) -> str:
    """Return the words of the page, without marks."""
    html = client.get(reverse(PAGE), {"language": "en", **query}).content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html.partition('id="main"')[2]))


def test_page_answers_what_is_asked_of_it(client, admin, director):
    """Backups, updates, people, links, exports, sign-ins, keys: each with a word of its state."""
    now = timezone.now()
    UserFactory.create(name={"en": "Nour without an app"}, app=False)
    audit(director, "contacts.person.export", director, at=now, changed={"rows": 12})
    people.invite(
        actor=director, email="canary@house.example", name={"en": "Canary invitee"},
        role=Role.objects.get(code="researcher"), language="en", at=now,
    )  # fmt: skip
    sign_in_fully(client, admin)
    html = client.get(reverse(PAGE), {"language": "en"}).content.decode()
    for code in ("backups", "updates", "people", "links", "exports", "sign_ins", "keys"):
        assert f'href="#{code}"' in html
        assert f'id="{code}"' in html
    text = words(client)
    assert "Invitations to an account" in text
    assert str(director) in text.partition("Exports of the last seven days")[2]
    assert "Nour without an app" in text
    # Whom a link was made for is a question for the room that made it.
    assert "Canary invitee" not in text
    assert "canary@house.example" not in text


def test_who_may_not_read_the_log_sees_counts_and_no_names(client, roles, director):
    now = timezone.now()
    role = Role.objects.create(
        code="guard", name={"en": "Guard"}, permissions=["accounts.see_second_factors"]
    )
    guard = UserFactory.create(roles=[])
    guard.roles.add(role)
    now = timezone.now()
    UserFactory.create(name={"en": "Nour without an app"}, app=False)
    audit(director, "contacts.person.export", director, at=now)
    audit(director, "accounts.user.pause_sign_in", director, at=now)
    sign_in_fully(client, guard)
    text = words(client)
    assert str(director) not in text
    assert "Nour" not in text
    assert "1 list left the house" in text
    assert "1 time within seven days" in text


def test_links_that_nobody_uses_are_withdrawn_by_kind(client, admin):
    now = timezone.now()
    old = now - timedelta(days=200)
    unused, _token = make_link(purpose="accounts.invitation", now=old)
    used, _token = make_link(purpose="accounts.invitation", now=old)
    mark_used(link=used, now=now - timedelta(days=3))
    ends, _token = make_link(purpose="accounts.invitation", now=old, ends_on=local_day(now))
    other, _token = make_link(purpose="events.invitation", now=old)
    kinds = {kind.code: kind for kind in open_kinds(now)}
    assert (kinds["accounts.invitation"].count, kinds["accounts.invitation"].forgotten) == (3, 1)
    sign_in_fully(client, admin)
    assert "Withdraw those that nobody uses" in words(client)
    address = reverse("accounts:withdraw_forgotten")
    answer = client.post(address, {"kind": "accounts.invitation"}, follow=True)
    assert answer.status_code == 200
    closed = set(PrivateLink.objects.exclude(withdrawn_at=None).values_list("pk", flat=True))
    assert closed == {unused.pk}
    entry = AuditEntry.objects.get(verb="accounts.user.withdraw_links")
    assert entry.changed == {"kind": "accounts.invitation", "links": 1}
    # A second press, or a kind that does not exist, closes nothing and says so.
    for kind in ("accounts.invitation", "no.such"):
        client.post(address, {"kind": kind})
    assert AuditEntry.objects.filter(verb="accounts.user.withdraw_links").count() == 1
    assert {ends.pk, other.pk} <= {
        link.pk for link in PrivateLink.objects.filter(withdrawn_at=None)
    }
    with pytest.raises(NotAllowed):
        doors.withdraw_forgotten(actor=UserFactory.create(), purpose="events.invitation", now=now)


@pytest.mark.parametrize("purpose", ["events.calendar", "legislation.comment"])
def test_links_that_are_read_later_are_never_unused(purpose, admin):
    """An author comes back for the answer after a year; a telephone reads its calendar hourly."""
    now = timezone.now()
    link, _token = make_link(purpose=purpose, now=now - timedelta(days=400))
    assert [(kind.count, kind.forgotten) for kind in open_kinds(now)] == [(1, 0)]
    with pytest.raises(doors.NothingForgotten):
        doors.withdraw_forgotten(actor=admin, purpose=purpose, now=now)
    link.refresh_from_db()
    assert link.withdrawn_at is None


def test_dialogues_open_to_everybody_are_counted(now):
    DialogueFactory.create(state="open", accepts_open_link=True)
    DialogueFactory.create(state="open", accepts_open_link=False)
    DialogueFactory.create(state="draft", accepts_open_link=True)
    counts = {kind.code: kind.count for kind in open_kinds(now)}
    assert counts["dialogues"] == 1


def test_everybody_else_is_signed_out_at_once(client, admin, director, now):
    elsewhere = Client()
    for browser, person in ((elsewhere, director), (client, admin)):
        sign_in_fully(browser, person)
        key = str(browser.session.session_key)
        record_sign_in(user=person, session_key=key, device="", method="app", at=timezone.now())
    assert "2 people are signed in" in words(client)
    assert elsewhere.get(reverse("accounts:morning")).status_code == 200
    assert client.post(reverse("accounts:end_all_sessions")).status_code == 302
    assert elsewhere.get(reverse("accounts:morning")).status_code == 302
    assert client.get(reverse(PAGE)).status_code == 200
    assert SignedInSession.objects.filter(user=director).count() == 0
    assert Session.objects.count() >= 1
    with pytest.raises(NotAllowed):
        doors.end_all_sessions(actor=UserFactory.create(roles=["editor"]), keep="", at=now)


def test_a_rush_of_failed_sign_ins_is_told(director, now):
    for _each in range(MANY_PAUSES):
        audit(director, "accounts.user.pause_sign_in", director, at=now - timedelta(days=1))
    (finding,) = look_at_sign_ins(now)
    assert finding.state == State.AMBER
    (later,) = look_at_sign_ins(now + timedelta(days=8))
    assert later.state == State.GREEN


def test_keys_have_an_age_that_outlives_their_files(now, settings):
    """A key is noted once, by a mark; it is due by its calendar, and a new one begins anew."""
    settings.BACKUP_RECIPIENTS = ["one", "two"]
    assert keys.note_keys(now) >= 3
    assert keys.note_keys(now + timedelta(days=1)) == 0
    later = now + timedelta(days=731)
    lines = {line.key.code: line for line in keys.key_dates(later)}
    assert lines["secret"].is_due
    assert lines["secret"].since == now
    (finding,) = keys.look(later)
    assert finding.state == State.AMBER
    settings.SECRET_KEY = "another key of the house, long enough to be one, and longer still"
    assert not {line.key.code: line for line in keys.key_dates(later)}["secret"].is_due
    assert settings.SECRET_KEY not in str(list(AuditEntry.objects.values()))
    named = keys.names_of_keys([lines["secret"].key.reference.partition(":")[2], "backup-none"])
    assert len(named) == 2
