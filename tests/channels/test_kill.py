"""A mail run that is killed in the middle: nobody gets two, nothing is lost, doubt is said."""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import sys
import threading
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from channels.conftest import free_port
from channels.relay import Relay, RelayServer, Taken
from migrated import migrated

if TYPE_CHECKING:
    from pathlib import Path

LETTERS = 40
POST = f"""
import django; django.setup()
from uuid import uuid4
from django.db import transaction
from django.utils import timezone
from hiwar.channels.actions.ways import the_channel
from hiwar.channels.models import Channel
from hiwar.common.post import Draft, Purpose, post, register_purpose
register_purpose(Purpose("tests.news", "news"))
now = timezone.now()
the_channel(code="mail")
Channel.objects.update(quiet_from=None, quiet_until=None)
with transaction.atomic():
    for n in range({LETTERS}):
        post(Draft(uuid4(), "tests.news", "en", f"r{{n}}@x.example", "News", "Good day."), at=now)
"""
STATES = """
import django, json; django.setup()
from datetime import timedelta
from django.db.models import Count
from django.utils import timezone
from hiwar.channels.actions.delivery import LEASE, doubt_lost_claims
from hiwar.channels.models import Message
from hiwar.channels.queries.outbox import counts, reasons
doubt_lost_claims(now=timezone.now() + LEASE + timedelta(seconds=1))
states = Message.objects.order_by().values_list("state").annotate(n=Count("pk"))
print(json.dumps([dict(states), counts(), len(reasons("failed"))]))
"""


class KillingRelay(Relay):
    """Stops at the end of some letters, taken or not, until the worker it talks to was killed."""

    def __init__(self, stops: dict[int, bool]) -> None:
        super().__init__(to_content=self._answer)
        self.stops = stops
        self.seen = 0
        self.is_waiting, self.may_go_on = threading.Event(), threading.Event()

    def _answer(self, taken: Taken) -> str:
        self.seen += 1
        if self.seen not in self.stops:
            return "250 2.0.0 taken"
        if self.stops[self.seen]:
            self.taken.append(taken)
        self.is_waiting.set()
        self.may_go_on.wait(60)
        self.may_go_on.clear()
        return "hang up"


@pytest.mark.waiting
@pytest.mark.exhaustive("kills")
@pytest.mark.costly("two workers are processes of their own, and are killed")
def test_a_mail_run_killed_twice_gives_nobody_two_letters_and_says_what_is_not_known(
    tmp_path: Path,
) -> None:
    # The one killed first had its letter taken, the second not: the worker cannot know either.
    relay = KillingRelay({13: True, 27: False})
    server = RelayServer(relay, hostname="127.0.0.1", port=free_port())
    server.start()
    environment = os.environ | {
        "HIWAR_ENV_FILE": os.devnull, "HIWAR_SECRET_KEY": secrets.token_hex(40),
        "HIWAR_DATA": str(tmp_path),
        "HIWAR_DATABASE_URL": f"sqlite:///{tmp_path}/house.sqlite3", "HIWAR_HTTPS": "off",
        "HIWAR_DEMO": "off", "HIWAR_PRACTICE": "off",
        "HIWAR_MAIL_URL": f"smtp://127.0.0.1:{server.port}", "HIWAR_LOG_LEVEL": "ERROR",
        "HIWAR_MAIL_PER_HOUR": "36000", "DJANGO_SETTINGS_MODULE": "hiwar.config.settings",
    }  # fmt: skip
    migrated(environment["HIWAR_DATABASE_URL"], environment)
    subprocess.run([sys.executable, "-c", POST], env=environment, check=True)
    work = [sys.executable, "-m", "django", "work"]
    worker = subprocess.Popen(work, env=environment, start_new_session=True)
    try:
        for _kill in range(2):
            assert relay.is_waiting.wait(120), "the relay was never asked to wait"
            relay.is_waiting.clear()
            os.killpg(worker.pid, signal.SIGKILL)
            worker.wait(30)
            relay.may_go_on.set()
            worker = subprocess.Popen(work, env=environment, start_new_session=True)
        last = threading.Event()
        relay.to_content = lambda taken: _count(relay, taken, last)
        assert last.wait(120), "the rest never left"
        worker.terminate()
        worker.wait(60)
    finally:
        if worker.poll() is None:
            os.killpg(worker.pid, signal.SIGKILL)
            worker.wait(30)
        server.stop()
    asked = [sys.executable, "-c", STATES]
    printed = subprocess.run(asked, env=environment, check=True, capture_output=True, text=True)
    states, shown, reasons = json.loads(printed.stdout.splitlines()[-1])
    assert states == {"handed_over": LETTERS - 2, "unknown": 2}
    assert (shown["sent"], shown["failed"], shown["waiting"]) == (LETTERS - 2, 2, 0)
    assert reasons == 1  # the desk says in words why
    received = Counter(taken.recipient for taken in relay.taken)
    assert set(received.values()) == {1}
    assert len(received) == LETTERS - 1  # all but the letter that was cut off untaken


def _count(relay: KillingRelay, taken: Taken, last: threading.Event) -> str:
    answer = relay._answer(taken)
    if len(relay.taken) >= LETTERS - 2:
        last.set()
    return answer


TEXTS = f"""
import django; django.setup()
from uuid import uuid4
from django.db import transaction
from django.utils import timezone
from hiwar.channels.actions.ways import the_channel
from hiwar.channels.models import Channel
from hiwar.common.post import Draft, Purpose, post, register_purpose
register_purpose(Purpose("tests.news", "news"))
now = timezone.now()
the_channel(code="text")
Channel.objects.update(quiet_from=None, quiet_until=None, per_hour=36000)
with transaction.atomic():
    for n in range({LETTERS}):
        number = f"05990000{{n:02}}"
        post(Draft(uuid4(), "tests.news", "ar", number, text="News", kind="phone"), at=now)
"""


def _emptied(folder: Path) -> list[str]:
    """Take every file away as a gateway does, and return the numbers they were to."""
    files = list(folder.glob("*.json"))
    numbers = [json.loads(path.read_text("utf-8"))["to"] for path in files]
    for path in files:
        path.unlink()
    return numbers


@pytest.mark.waiting
@pytest.mark.exhaustive("kills")
@pytest.mark.costly("workers are processes of their own, and are killed")
def test_a_run_of_text_messages_killed_three_times_tells_nobody_twice(tmp_path: Path) -> None:
    folder, data = tmp_path / "texts", tmp_path / "var"
    folder.mkdir()
    data.mkdir()
    environment = os.environ | {
        "HIWAR_ENV_FILE": os.devnull, "HIWAR_SECRET_KEY": secrets.token_hex(40),
        "HIWAR_DATA": str(data), "HIWAR_TEXT_FOLDER": str(folder),
        "HIWAR_DATABASE_URL": f"sqlite:///{data}/house.sqlite3", "HIWAR_HTTPS": "off",
        "HIWAR_DEMO": "off", "HIWAR_PRACTICE": "off", "HIWAR_LOG_LEVEL": "ERROR",
        "DJANGO_SETTINGS_MODULE": "hiwar.config.settings",
    }  # fmt: skip
    migrated(environment["HIWAR_DATABASE_URL"], environment)
    subprocess.run([sys.executable, "-c", TEXTS], env=environment, check=True)
    run = [sys.executable, "-m", "django", "carry_messages"]
    taken: list[str] = []
    for stop in (6, 14, 25, LETTERS):
        worker = subprocess.Popen(run, env=environment, start_new_session=True)
        # The gateway takes each file away at once: only the house's own word tells that it left.
        while worker.poll() is None and len(taken) < stop:
            taken += _emptied(folder)
        if worker.poll() is None and stop < LETTERS:
            os.killpg(worker.pid, signal.SIGKILL)
        worker.wait(60)
        taken += _emptied(folder)
    asked = [sys.executable, "-c", STATES]
    printed = subprocess.run(asked, env=environment, check=True, capture_output=True, text=True)
    states = json.loads(printed.stdout.splitlines()[-1])[0]
    assert max(Counter(taken).values()) == 1, "nobody is told twice"
    unknown = states.get("unknown", 0)
    assert unknown <= 3
    assert states["handed_over"] + unknown == LETTERS
    assert LETTERS - unknown <= len(taken) <= LETTERS
