"""Pages that must stay quick: `python -m bench.pages [--shape PEOPLExSTATEMENTSxVOTES ...]`.

The results of dialogues of several sizes and an agenda of sixty items are asked for again and again
through everything that answers a request, without a network. Shown are the processor's milliseconds
(the middle of the runs, since a busy machine changes the clock on the wall), queries and kilobytes.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bench.large import VOTES
from bench.served import CODE, Installation

if TYPE_CHECKING:
    from django.test import Client

SHAPES = ("250x25x5000", "2000x100x60000", "10000x300x400000")
ITEMS, RUNS, WARM = 60, 40, 5
LIMITS = {"results": (10, 20.0, 150_000), "agenda": (30, 40.0, 100_000)}


def ask(client: Client, name: str, title: str, address: str) -> bool:
    """Ask for an address many times and print what it took."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for _ in range(WARM):
        answer = client.get(address)
    assert answer.status_code == 200, answer.status_code  # noqa: S101 - nothing else is measured
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
        count = len(asked)
    took = []
    for _ in range(RUNS):
        began = time.process_time()
        client.get(address)
        took.append(1000 * (time.process_time() - began))
    queries, limit, size = LIMITS[name]
    middle, weight = statistics.median(took), len(answer.content)
    good = count <= queries and middle <= limit and weight <= size
    print(
        f"{title:44} {middle:6.1f} ms of {limit:.0f}  {count:3} queries of {queries}"
        f"  {weight / 1000:6.1f} kB of {size // 1000}  {'yes' if good else 'NO'}",
        flush=True,
    )
    return good


def results() -> bool:
    """Publish the dialogue of this installation and ask for its results."""
    from django.test import Client
    from django.utils import timezone

    from hiwar.accounts.actions.people import load_roles
    from hiwar.accounts.models import Role, User
    from hiwar.dialogues.actions import maps, publications
    from hiwar.dialogues.models import Dialogue, MapRequest
    from hiwar.dialogues.queries.results import mark_of_votes

    now = timezone.now()
    load_roles(at=now)
    actor = User.objects.create(email="bench@house.example", language="ar", joined_at=now)
    actor.roles.set(Role.objects.filter(code="director"))
    Dialogue.objects.update(state="closed", closed_at=now, publication_tier="A")
    dialogue = Dialogue.objects.get(code=CODE)
    maps.refresh_opinion_map(dialogue=dialogue, now=now)
    mark = mark_of_votes(dialogue)
    MapRequest.objects.update_or_create(dialogue=dialogue, defaults={"asked_at": now, "mark": mark})
    made = publications.prepare_publication(actor=actor, dialogue=dialogue, now=now)
    publications.publish(actor=actor, publication=made, now=now)
    title = f"results, {os.environ['BENCH_SHAPE']}"
    client = Client(SERVER_NAME="localhost")
    return all(
        ask(client, "results", f"{title} {language}", f"/{language}/d/{CODE}/results/")
        for language in ("ar", "en")
    )


def agenda() -> bool:
    """Make an event of sixty items and ask for its public page."""
    from django.test import Client

    from factories.accounts import UserFactory, sign_in_fully
    from factories.events import AgendaItemFactory, EventFactory
    from hiwar.accounts.actions.people import load_roles

    title = {
        "ar": "عرض أولي لمشروع القانون ونقاش عام في أثره على النساء والشباب",
        "en": "First reading of the draft law, and what it means for women and for youth",
    }
    made = datetime(2026, 11, 2, tzinfo=UTC)
    event = EventFactory.create(visibility="public", published_at=made, attribution="public")
    for position in range(ITEMS):
        AgendaItemFactory.create(event=event, position=position, minutes=5, title=title)
    client, desk = Client(SERVER_NAME="localhost"), Client(SERVER_NAME="localhost")
    load_roles(at=made)
    sign_in_fully(desk, UserFactory.create(roles=["facilitator"]))
    good = []
    for language in ("ar", "en"):
        name = f"agenda of {ITEMS} items {language}"
        good.append(ask(client, "agenda", name, f"/{language}/events/{event.code}/"))
        desk.cookies["hiwar_language"] = language
        good.append(ask(desk, "agenda", f"{name}, desk", f"/desk/events/{event.code}/agenda/"))
    return all(good)


def main() -> int:
    """Measure each in an installation and a process of its own."""
    parser = argparse.ArgumentParser(prog="python -m bench.pages", description=__doc__)
    parser.add_argument("--shape", action="append")
    parser.add_argument("--inside", choices=["results", "agenda"], help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        import django

        django.setup()
        return 0 if {"results": results, "agenda": agenda}[options.inside]() else 1
    codes = []
    with tempfile.TemporaryDirectory() as name:
        for number, text in enumerate(options.shape or SHAPES):
            people, statements, votes = (int(part) for part in text.split("x"))
            folder = Path(name) / str(number)
            home = Installation(folder, f"sqlite:///{folder}/hiwar.db", people, statements)
            home.run("-c", VOTES.format(shape=(people, statements, votes)))
            codes.append(inside(home, "results", text))
        codes.append(inside(home, "agenda", ""))
    return max(codes)


def inside(home: Installation, what: str, shape: str) -> int:
    """Measure in a process that knows the installation."""
    tests = str(Path(__file__).resolve().parents[1] / "tests")
    path = os.pathsep.join([home.environment["PYTHONPATH"], tests])
    environment = home.environment | {"BENCH_SHAPE": shape, "PYTHONPATH": path}
    call = [sys.executable, "-m", "bench.pages", "--inside", what]
    return subprocess.run(call, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
