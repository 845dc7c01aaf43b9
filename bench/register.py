"""Search in a register of many people, through the filters of who may read what."""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

GIVEN = [
    "محمد", "أحمد", "منى", "ليلى", "خالد", "رنا", "عمر", "هبة", "سامي", "نور", "يوسف",
    "فاطمة", "علي", "دينا", "كريم", "سلمى", "إبراهيم", "آمال", "بشار", "جمانة",
]  # fmt: skip
FAMILY = [
    "القواسمي", "حداد", "عودة", "طه", "المصري", "نصار", "الخطيب", "صبري", "زيدان",
    "شاهين", "بركات", "عيسى", "حمدان", "الجعبري", "دراغمة", "سلامة",
]  # fmt: skip
ASKED = [
    "mohammad qaw", "منى حداد", "Khaled Nassar", "هبه عوده", "layla", "الخطيب",
    "yousef jabari", "ibrahim tah", "سلمي", "amal zid",
]  # fmt: skip


def main(people: int, asked: int) -> int:
    """Fill a database with people and print how long searches take."""
    folder = tempfile.mkdtemp(prefix="hiwar-register-")
    os.environ["HIWAR_ENV_FILE"] = ".env.example"
    os.environ["HIWAR_DATABASE_URL"] = f"sqlite:///{Path(folder) / 'register.sqlite3'}"
    os.environ["DJANGO_SETTINGS_MODULE"] = "hiwar.config.settings"
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    user = _fill(people)
    from hiwar.contacts.queries.people import search_people

    took, spent = [], []
    for at in range(asked):
        start, cpu = time.perf_counter(), time.process_time()
        search_people(user, ASKED[at % len(ASKED)])
        took.append(1000 * (time.perf_counter() - start))
        spent.append(1000 * (time.process_time() - cpu))
    at_95, cpu_95 = (sorted(one)[int(0.95 * len(one))] for one in (took, spent))
    print(f"{people} people, {asked} searches: median {statistics.median(took):.1f} ms, "
          f"p95 {at_95:.1f} ms; of the processor p95 {cpu_95:.1f} ms")  # fmt: skip
    return 0 if at_95 < 50 else 1


def _fill(people: int) -> object:
    from hiwar.accounts.actions.people import load_roles
    from hiwar.accounts.models import Role, User
    from hiwar.contacts.actions.people import sort_name
    from hiwar.contacts.models import NameKey, Person, PersonName
    from hiwar.engine.names import keys

    now, chance = datetime(2026, 11, 1, tzinfo=UTC), random.Random(7)
    load_roles(at=now)
    user = User.objects.create(email="bench@house.example", language="ar", joined_at=now)
    user.roles.set(Role.objects.filter(code="director"))
    for start in range(0, people, 2000):
        made = []
        for _one in range(min(2000, people - start)):
            name = " ".join([*chance.choices(GIVEN, k=3), chance.choice(FAMILY)])
            made.append(Person(shown_name={"ar": name}, sort_name=sort_name({"ar": name}),
                               visibility=chance.choice(["institution"] * 9 + ["team"]),
                               created_at=now))  # fmt: skip
        Person.objects.bulk_create(made)
        PersonName.objects.bulk_create(
            PersonName(person=one, language="ar", text=one.shown_name["ar"]) for one in made
        )
        NameKey.objects.bulk_create(
            NameKey(person=one, key=key[:60])
            for one in made
            for key in sorted(keys(one.shown_name["ar"]))
        )
    return user


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--asked", type=int, default=200)
    chosen = parser.parse_args()
    sys.exit(main(chosen.people, chosen.asked))
