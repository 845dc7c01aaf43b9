"""While the house is paused: every address refuses what would change anything, and tells why."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import resolve, reverse
from django.utils import timezone, translation

from factories.accounts import InstitutionFactory, UserFactory, sign_in_fully
from factories.dialogues import DialogueFactory, StatementFactory
from factories.events import EventFactory, InvitationFactory
from factories.publishing import make_item
from hiwar.accounts.access import ACTS_IN_PAUSE
from hiwar.accounts.actions import danger
from hiwar.common import jobs, pauses
from hiwar.common.jobs import queue
from hiwar.common.jobs.worker import work_off
from hiwar.common.links import queries as links
from hiwar.common.models import AuditEntry, Held, Job
from hiwar.publishing.models import Item
from security.places import ACCESS, NOBODY, address_of, all_paths

if TYPE_CHECKING:
    from hiwar.accounts.models import User

pytestmark = pytest.mark.django_db
WRITES = re.compile(r"^(INSERT|UPDATE|DELETE)", re.IGNORECASE)
FORM = re.compile(r"""<form\b[^>]*method=["']?post""", re.IGNORECASE)


@pytest.fixture
def code(roles: None) -> str:
    InstitutionFactory.create()
    dialogue = DialogueFactory.create()
    StatementFactory.create(dialogue=dialogue)
    return str(dialogue.code)


# What stands in the gaps of addresses that name a file or a kind of their own.
GAPS = {
    "public_asks:ask": {"key": "0" * 32},
    "public_asks:meeting": {"key": "0" * 32},
    "public_publishing:card": {"rest": "/news"},
    "public_publishing:issue": {"code": "abcdefgh"},
    "public_publishing:feed": {"of": "news", "kind": "atom"},
    "public_publishing:dossier_feed": {"kind": "atom"},
    "public_publishing:catalogue": {"kind": "ttl"},
    "public_publishing:table_file": {"code": "events", "kind": "csv"},
    "public_publishing:table_metadata": {"code": "events"},
    "public_publishing:item": {"kind": "news", "slug": "nowhere"},
    "public_laws:text": {"name": "first"},
    "public_laws:file": {"name": "first", "kind": "text"},
}


def path_of(name: str, code: str) -> str:
    """Return an address that leads to its view; what stands in it may name nothing."""
    if name not in GAPS:
        return address_of(name, code)
    nobody = {"language": "en", "key": NOBODY, "code": code}
    return all_paths()[name].format_map(nobody | GAPS[name])


def pause(director: User) -> None:
    danger.pause_house(actor=director, at=timezone.now())


def test_every_address_refuses_a_post_and_writes_nothing(
    director: User, code: str, client: Client
) -> None:
    desk = Client()
    sign_in_fully(desk, director)
    pause(director)
    faults = []
    for name in ACCESS:
        if name in ACTS_IN_PAUSE:
            continue
        path = path_of(name, code)
        for who in (client, desk) if path.startswith("/desk/") else (client,):
            with CaptureQueriesContext(connection) as asked:
                answer = who.post(path, {"text": "two words"})
            wrote = [query["sql"] for query in asked if WRITES.match(query["sql"])]
            if answer.status_code != 503 or "Retry-After" not in answer or wrote:
                faults.append(f"{name}: {answer.status_code} {wrote}")
    assert "\n".join(faults) == ""


def test_no_public_page_takes_anything_in_and_no_private_link_opens(
    director: User, code: str, client: Client
) -> None:
    pause(director)
    faults = []
    for name in ACCESS:
        path = path_of(name, code)
        answer = client.get(path)
        is_private = bool(getattr(resolve(path).func, "purpose", ""))
        if is_private != (answer.status_code == 503) and name != "readyz":
            faults.append(f"{name}: {answer.status_code}")
        is_page = not answer.streaming and answer["Content-Type"].startswith("text/html")
        if not path.startswith("/desk/") and is_page and FORM.search(answer.content.decode()):
            faults.append(f"{name}: a form")
    assert "\n".join(faults) == ""


def test_what_is_public_is_read_and_forms_give_way_to_the_reason(
    director: User, code: str, client: Client
) -> None:
    ballot = f"/en/d/{code}/vote/"
    assert FORM.search(client.get(ballot, follow=True).content.decode())
    pause(director)
    assert client.get("/en/").status_code == 200
    page = client.get(ballot, follow=True)
    assert page.status_code == 200
    assert not FORM.search(page.content.decode())
    assert "nothing is taken in here since" in page.content.decode()
    assert page["Cache-Control"] == "no-store"


def test_a_refused_form_gives_the_words_back(director: User, code: str) -> None:
    pause(director)
    strict = Client(enforce_csrf_checks=True)
    sent = {
        "text": "Pipes <b>leak</b> at night", "name": "رنا", "phone": "0599000001",
        "csrfmiddlewaretoken": "not two words", "password": "two words",
    }  # fmt: skip
    answer = strict.post(f"/ar/d/{code}/statements/add/", sent)
    text = answer.content.decode()
    assert answer.status_code == 503
    assert answer["Retry-After"] == "300"
    assert "Pipes &lt;b&gt;leak&lt;/b&gt; at night" in text
    assert "رنا" in text
    assert "0599000001" in text
    assert "not two words" not in text
    assert ">two words<" not in text
    assert "it is not lost" in text
    assert 'dir="rtl"' in text
    told = strict.post(
        f"/ar/d/{code}/statements/add/", sent, headers={"accept": "application/json"}
    )
    assert told.json()["code"] == "paused"


def test_a_private_link_is_closed_for_a_while_and_opens_again(
    director: User, administrator: User, client: Client
) -> None:
    event = EventFactory.create(published_at=timezone.now())
    invitation = InvitationFactory.create(event=event)
    address = reverse("public_events:invitation", args=[links.token_of(invitation.private_link)])
    assert client.get(address).status_code == 200
    pause(director)
    closed = client.get(address)
    assert (closed.status_code, closed["Retry-After"]) == (503, "300")
    assert "open again after the pause" in closed.content.decode()
    assert str(event.title) not in closed.content.decode()
    now = timezone.now()
    wish = danger.ask_to_resume(actor=director, kinds=[], at=now)
    danger.resume(actor=administrator, asked_at=wish.asked_at, at=now)
    assert client.get(address).status_code == 200


def test_no_list_leaves_the_desk_and_none_is_noted(director: User) -> None:
    client = Client()
    sign_in_fully(client, director)
    address = reverse("accounts:vocabularies_file")
    assert client.get(address).status_code == 200
    pause(director)
    before = AuditEntry.objects.count()
    answer = client.get(address)
    assert answer.status_code == 503
    assert "Content-Disposition" not in answer
    assert AuditEntry.objects.count() == before
    assert client.get(reverse("accounts:staff")).status_code == 200


def test_what_came_due_in_a_pause_opens_only_when_it_is_released(
    director: User, administrator: User
) -> None:
    now = timezone.now()
    item = make_item(UserFactory.create(roles=["editor"]))
    yesterday = (timezone.localtime(now) - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    Item.objects.filter(pk=item.pk).update(
        state="scheduled", opens_wall=yesterday, opens_zone="UTC"
    )

    def run() -> list[str]:
        jobs.enqueue("publishing.open_due_items", key="due", now=now)
        jobs.enqueue("common.forget_jobs", key="kept", now=now)
        return work_off()

    pause(director)
    assert run() == ["hiwar.common.tasks.forget_jobs"]
    with translation.override("en"):
        counted = {str(line.label): line.count for line in pauses.waiting(now)}
    assert counted["items of the site whose hour came"] == 1
    wish = danger.ask_to_resume(actor=director, kinds=["letters", "jobs"], at=now)
    danger.resume(actor=administrator, asked_at=wish.asked_at, at=now)
    assert "hiwar.publishing.tasks.open_due_items" not in run()
    item.refresh_from_db()
    assert item.state == "scheduled"
    wish = danger.ask_to_resume(actor=director, kinds=["schedules"], at=now)
    danger.resume(actor=administrator, asked_at=wish.asked_at, at=now)
    assert "hiwar.publishing.tasks.open_due_items" in run()


def test_every_task_says_what_a_pause_does_with_it(director: User) -> None:
    pause(director)
    now = timezone.now()
    allowed = {path for path, kind in queue.paths_by_hold().items() if not kind}
    # Whatever lets out, sends or prints is held; only keeping and deleting goes on.
    assert {path.rpartition(".")[2] for path in allowed if path.startswith("hiwar.")} == {
        "back_up", "prove_backup", "copy_backup_away", "clear_sessions", "forget_jobs",
        "destroy_undecided_imports", "purge_files", "prove_erasure", "end_keeping", "note_keys",
        "forget_deleted", "end_house_exports", "forget_secrets", "delete_documents",
        "settle_stopped",
    }  # fmt: skip
    assert set(queue.paths_by_hold().values()) <= {"", *Held.values}
    jobs.enqueue("channels.send_messages", key="send", now=now)
    assert queue.claim(worker="w", now=now) is None
    assert Job.objects.get(key="send").state == "waiting"
