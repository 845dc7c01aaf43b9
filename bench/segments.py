"""Segments of a register of many people: counting, a page with reasons, and a person's page."""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

DAY = date(2026, 11, 1)
NOW = datetime(2026, 11, 1, tzinfo=UTC)
SECTORS = ("women", "youth", "disability", "labour", "research", "law")
BATCH = 5000


def main(people: int, asked: int) -> int:
    """Fill a database with people and what is known of them, and print how long segments take."""
    folder = tempfile.mkdtemp(prefix="hiwar-segments-")
    os.environ["HIWAR_ENV_FILE"] = ".env.example"
    os.environ["HIWAR_DATABASE_URL"] = f"sqlite:///{Path(folder) / 'segments.sqlite3'}"
    os.environ["DJANGO_SETTINGS_MODULE"] = "hiwar.config.settings"
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from bench.register import _fill

    user = _fill(people)
    segments = _furnish(random.Random(11))
    return measure(user, segments, asked)


def measure(user: object, segments: dict[str, object], asked: int) -> int:
    """Print how long each segment takes: on the clock, and of the processor."""
    from hiwar.contacts.models import Person
    from hiwar.contacts.queries.segments import people_in, reasons, segments_of

    slowest = 0.0
    for name, segment in segments.items():
        found = people_in(user, segment, DAY)
        members = list(found[:30])
        count, at_count = _timed(found.count, asked)
        _page, at_page = _timed(lambda found=found: list(found[:30]), asked)
        _why, at_why = _timed(lambda s=segment, m=members: reasons(user, s, m, DAY), asked)
        slowest = max(slowest, at_count[1] + at_page[1] + at_why[1])
        print(f"{name}: {count} people; count {_shown(at_count)}, page {_shown(at_page)}, "
              f"reasons {_shown(at_why)}")  # fmt: skip
    one = Person.objects.order_by("sort_name").first()
    _found, took = _timed(lambda: segments_of(user, one, DAY), asked)
    print(f"one person among {len(segments)} segments: {_shown(took)}")
    return 0 if slowest < 1000 else 1


def _timed(ask: Callable[[], object], asked: int) -> tuple[object, tuple[float, float]]:
    took, spent, answer = [], [], None
    for _time in range(asked):
        start, cpu = time.perf_counter(), time.process_time()
        answer = ask()
        took.append(1000 * (time.perf_counter() - start))
        spent.append(1000 * (time.process_time() - cpu))
    return answer, (statistics.median(took), statistics.median(spent))


def _shown(took: tuple[float, float]) -> str:
    return f"{took[0]:.0f} ms (processor {took[1]:.0f} ms)"


def _furnish(chance: random.Random) -> dict[str, object]:
    from hiwar.contacts.models import (
        Consent,
        Interaction,
        Membership,
        Organisation,
        Person,
        Segment,
    )

    people = list(Person.objects.order_by("sort_name", "pk"))
    for one in people:
        one.sector = chance.choice(SECTORS)
        one.language = chance.choice(["ar"] * 8 + ["en", "fr"])
    Person.objects.bulk_update(people, ["sector", "language"], batch_size=2000)
    bodies = [
        Organisation(name={"ar": f"جهة {at}"}, kind="coalition", created_at=NOW)
        for at in range(200)
    ]
    Organisation.objects.bulk_create(bodies)
    Membership.objects.bulk_create(
        [Membership(organisation=chance.choice(bodies), person=one)
         for one in people if chance.random() < 0.3], batch_size=BATCH,
    )  # fmt: skip
    Consent.objects.bulk_create(
        [Consent(person=one, purpose="invitation", channel=chance.choice(["any", "email", "phone"]),
                 is_given=chance.random() < 0.85, source="bench",
                 given_on=DAY - timedelta(days=chance.randrange(900)))
         for one in people for _word in range(chance.choice([0, 1, 1, 2]))], batch_size=BATCH,
    )  # fmt: skip
    talks = [
        Interaction(kind="meeting", happened_on=DAY - timedelta(days=chance.randrange(700)),
                    subject="bench", made_at=NOW) for _talk in range(len(people) // 5)
    ]  # fmt: skip
    Interaction.objects.bulk_create(talks, batch_size=BATCH)
    through = Interaction.people.through
    through._default_manager.bulk_create(
        [through(interaction_id=talk.pk, person_id=chance.choice(people).pk) for talk in talks],
        batch_size=BATCH,
    )
    terms = {
        "sector": _term("sector", sector=["women", "youth"]),
        "consent": _term("consent", purpose=["invitation"], channel=["email"]),
        "coalition": _term("body", body=[str(one.pk) for one in bodies[:20]]),
        "contact": _term("contact", since=[(DAY - timedelta(days=180)).isoformat()]),
    }
    made = {name: [term] for name, term in terms.items()}
    made["all four"] = list(terms.values())
    return {
        name: Segment.objects.create(
            name={"en": name}, purpose={"en": "bench"}, terms=listed, created_at=NOW
        )
        for name, listed in made.items()
    }


def _term(kind: str, **values: list[str]) -> dict[str, object]:
    return {"kind": kind, "values": values, "is_denied": False}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--asked", type=int, default=9)
    chosen = parser.parse_args()
    sys.exit(main(chosen.people, chosen.asked))
