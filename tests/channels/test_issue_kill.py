"""A dozen items to some hundreds of readers: the worker killed twice while people leave."""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import sys
import threading
from collections import Counter
from email import message_from_bytes, policy
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from channels.conftest import free_port
from channels.relay import Relay, RelayServer, Taken
from migrated import migrated

if TYPE_CHECKING:
    from pathlib import Path

READERS, LEAVERS, SILENT = 300, 20, 10
BEGIN = f"""
import django; django.setup()
from datetime import timedelta
from uuid import uuid4
from django.utils import timezone
from hiwar.common.dates import local_day
from hiwar.accounts.models import User
from hiwar.channels.actions.issues import send_issue
from hiwar.channels.actions.ways import the_channel
from hiwar.channels.models import Channel, Subscriber
from hiwar.channels.queries.subscribers import sealed_address
from hiwar.channels.queries.ways import digest_of
now = timezone.now()
the_channel(code="mail")
Channel.objects.update(quiet_from=None, quiet_until=None)
for n in range({READERS}):
    key, address = uuid4(), f"r{{n}}@x.example"
    Subscriber.objects.create(
        pk=key, digest=digest_of(address), sealed=sealed_address(address, key),
        state="confirmed", language=("ar", "en")[n % 2], confirmed_on=local_day(now),
    )
actor = User.objects.create(email="ed@house.example", name={{"en": "Ed"}}, joined_at=now)
body = "".join(f"<p>Item {{n}}</p>" for n in range(12))
words = {{
    code: {{"subject": code, "text": f"{{code}} {{{{way_out}}}}",
           "html": f'<html lang="{{code}}" dir="{{side}}">{{body}}{{{{way_out}}}}</html>'}}
    for code, side in (("ar", "rtl"), ("en", "ltr"))
}}
send_issue(actor=actor, key=uuid4(), title="News", words=words, now=now)
"""
LET_GO = """
import django; django.setup()
from django.utils import timezone
from hiwar.channels.models import Batch, Message
batch = Batch.objects.get()
Batch.objects.update(state="approved", approved_by=batch.made_by, approved_at=timezone.now())
Message.objects.filter(batch=batch, state="held").update(state="waiting", why="")
"""
COUNT = """
import django, json; django.setup()
from datetime import timedelta
from django.db.models import Count
from django.utils import timezone
from hiwar.channels.actions.delivery import LEASE, doubt_lost_claims
from hiwar.channels.models import IssueCopy, Message, Subscriber
doubt_lost_claims(now=timezone.now() + LEASE + timedelta(seconds=1))
def by_state(rows):
    return dict(rows.order_by().values_list("state").annotate(n=Count("pk")))
print(json.dumps([by_state(IssueCopy.objects), by_state(Message.objects),
                  by_state(Subscriber.objects), IssueCopy.objects.filter(has_left=True).count()]))
"""
LEAVE = """
import django, sys; django.setup()
from django.test import Client
browser = Client(enforce_csrf_checks=True, HTTP_HOST="localhost")
answers = [browser.post(path, {"List-Unsubscribe": "One-Click"}) for path in sys.argv[1:]]
sys.exit(any(answer.status_code != 200 for answer in answers))
"""
STOP = """
import django, sys; django.setup()
from django.utils import timezone
from hiwar.common import opt_outs
for address in sys.argv[1:]:
    said = opt_outs.OptOut(opt_outs.MAIL, address, opt_outs.WORD)
    opt_outs.opt_out(said, at=timezone.now())
"""


class Watcher(Relay):
    """Takes letters; at some of them it waits until the worker it talks to was killed."""

    def __init__(self, stops: dict[int, bool]) -> None:
        super().__init__(to_content=self._answer)
        self.stops, self.seen = stops, 0
        self.is_waiting, self.may_go_on = threading.Event(), threading.Event()
        self.outs: list[str] = []
        self.in_hand = ""

    def _answer(self, taken: Taken) -> str:
        self.seen += 1
        self.in_hand = taken.recipient
        mail = message_from_bytes(taken.content, policy=policy.default)
        self.outs.append(urlsplit(mail["List-Unsubscribe"].strip().strip("<").split(">")[0]).path)
        if self.seen not in self.stops:
            return "250 2.0.0 taken"
        if self.stops[self.seen]:
            self.taken.append(taken)
        self.is_waiting.set()
        self.may_go_on.wait(120)
        self.may_go_on.clear()
        return "hang up"


def run(source: str, environment: dict[str, str], *arguments: str) -> str:
    printed = subprocess.run(
        [sys.executable, "-c", source, *arguments], env=environment, check=True,
        capture_output=True, text=True,
    )  # fmt: skip
    return printed.stdout


@pytest.mark.waiting
@pytest.mark.exhaustive("kills")
@pytest.mark.costly("workers are processes of their own, and are killed while hundreds are sent")
def test_an_issue_whose_worker_is_killed_twice_reaches_each_once_and_sums_agree(
    tmp_path: Path,
) -> None:
    relay = Watcher({60: True, 150: False})
    server = RelayServer(relay, hostname="127.0.0.1", port=free_port())
    server.start()
    environment = os.environ | {
        "HIWAR_ENV_FILE": os.devnull, "HIWAR_SECRET_KEY": secrets.token_hex(40),
        "HIWAR_DATA": str(tmp_path),
        "HIWAR_DATABASE_URL": f"sqlite:///{tmp_path}/house.sqlite3", "HIWAR_HTTPS": "off",
        "HIWAR_DEMO": "off", "HIWAR_PRACTICE": "off",
        "HIWAR_MAIL_URL": f"smtp://127.0.0.1:{server.port}", "HIWAR_LOG_LEVEL": "ERROR",
        "HIWAR_MAIL_PER_HOUR": "1000000", "DJANGO_SETTINGS_MODULE": "hiwar.config.settings",
    }  # fmt: skip
    migrated(environment["HIWAR_DATABASE_URL"], environment)
    run(BEGIN, environment)
    work = [sys.executable, "-m", "django", "work"]
    worker = subprocess.Popen(work, env=environment, start_new_session=True)
    silent: list[str] = []
    try:
        # The portions that the action left to a job are written by this worker.
        written = (
            "import django; django.setup(); from hiwar.channels.models import Message; "
            "print(Message.objects.count())"
        )
        while int(run(written, environment)) < READERS:
            assert worker.poll() is None
        run(LET_GO, environment)
        for _kill in range(2):
            assert relay.is_waiting.wait(180), "the relay was never asked to wait"
            relay.is_waiting.clear()
            os.killpg(worker.pid, signal.SIGKILL)
            worker.wait(30)
            run(LEAVE, environment, *relay.outs[-LEAVERS // 2 - 1 : -1])
            if not silent:  # they said STOP before it was their turn
                got = {taken.recipient for taken in relay.taken} | {relay.in_hand}
                waiting = [f"r{n}@x.example" for n in range(READERS)]
                silent = [each for each in waiting if each not in got][:SILENT]
                run(STOP, environment, *silent)
            relay.may_go_on.set()
            worker = subprocess.Popen(work, env=environment, start_new_session=True)
        last = threading.Event()
        relay.to_content = lambda taken: _until(relay, taken, last)
        assert last.wait(240), "the rest never left"
        worker.terminate()
        worker.wait(60)
    finally:
        if worker.poll() is None:
            os.killpg(worker.pid, signal.SIGKILL)
            worker.wait(30)
        server.stop()
    copies, letters, people, left = json.loads(run(COUNT, environment).splitlines()[-1])
    received = Counter(taken.recipient for taken in relay.taken)
    assert set(received.values()) == {1}, "nobody gets it twice"
    assert sum(copies.values()) == READERS, "nobody is skipped"
    sent = READERS - SILENT - 2
    assert copies == {"sent": sent, "unknown": 2, "left_out": SILENT}
    assert letters == {"handed_over": sent, "unknown": 2, "stopped": SILENT}
    assert len(received) == sent + 1  # all but the letter that was cut off untaken
    assert not set(received) & set(silent)
    assert (people["left"], left) == (LEAVERS + SILENT, LEAVERS)


def _until(relay: Watcher, taken: Taken, last: threading.Event) -> str:
    answer = relay._answer(taken)
    if len(relay.taken) >= READERS - SILENT - 2:  # this one is added after the answer
        last.set()
    return answer
