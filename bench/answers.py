"""Answers that must not tell: `python -m bench.answers [--pairs N]`.

Somebody who knocks with an address learns nothing from the words or the time of the answer. Pairs
of requests, one with an address that has an account and one with an address that has none, go
through everything that answers a request, without a network, which would only hide a difference.
Shown are the middle times and how often a guess by time alone would be right (the area under the
curve; 0.50 is a coin), with the width that a coin itself would have in as many pairs.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from bench.served import ROOT, Installation

if TYPE_CHECKING:
    from django.test import Client

PAIRS = 150
WARM = 5
# Of three widths that a coin has, so that one honest run in some four hundred is refused.
WIDTHS = 3.0
WRONG = {"password": "not the password at all"}


def seconds(client: Client, address: str, fields: dict[str, str]) -> tuple[float, str]:
    """Return how long an answer took, and its words without what it repeats of the question."""
    began = time.perf_counter()
    answer = client.post(address, fields)
    took = time.perf_counter() - began
    text = answer.content.decode() + str(answer.status_code) + answer.get("Location", "")
    for value in fields.values():
        text = text.replace(value, "")
    return took, text


def area(left: list[float], right: list[float]) -> float:
    """Return how often the first takes longer than the second, over all pairs of both."""
    wins = sum((a > b) + (a == b) / 2 for a in left for b in right)
    return wins / (len(left) * len(right))


def knock(client: Client, title: str, address: str, kind: str, pairs: int) -> bool:
    """Ask by turns, in an order by lot, for one of a kind and for nobody; print what they took.

    Each address is asked for once in a run: who asks twice may be answered otherwise, known or
    not, which a second run shows.
    """
    took: dict[bool, list[float]] = {True: [], False: []}
    words: dict[bool, str] = {}
    for number in range(pairs + WARM):
        for is_known in random.sample([True, False], 2):
            mail = address_of(kind if is_known else f"no-{kind}", f"{title}-{number}")
            duration, words[is_known] = seconds(client, address, {"email": mail} | WRONG)
            if number >= WARM:
                took[is_known].append(duration)
    guess = area(took[True], took[False])
    # The spread of this statistic where there is no difference (Mann and Whitney, 1947).
    width = ((2 * pairs + 1) / (12 * pairs * pairs)) ** 0.5
    alike = _without_lot(words[True]) == _without_lot(words[False])
    good = alike and abs(guess - 0.5) <= WIDTHS * width
    middles = [1000 * statistics.median(took[is_known]) for is_known in (True, False)]
    print(
        f"{title:12} {kind:6} {middles[0]:7.2f} ms, nobody {middles[1]:7.2f} ms; right by time "
        f"{guess:.3f} (a coin: 0.5 ± {WIDTHS * width:.3f}); words "
        f"{'alike' if alike else 'DIFFER'}: {'yes' if good else 'NO'}",
        flush=True,
    )
    return good


def address_of(kind: str, lot: str) -> str:
    """Return an address that is as long for everybody, from what it is asked for."""
    return f"{hashlib.sha256(f'{kind}|{lot}'.encode()).hexdigest()[:24]}@house.example"


def _without_lot(page: str) -> str:
    """Leave out what is drawn by lot for each page: tokens, challenges, nonces."""
    return re.sub(r"[A-Za-z0-9_\-+/=]{24,}", "", page)


def measure(pairs: int) -> bool:
    """Make people with an account and with one that was closed, and knock at each door."""
    from django.conf import settings
    from django.test import Client
    from django.urls import reverse
    from django.utils import timezone

    from factories.accounts import UserFactory
    from hiwar.accounts.actions.people import load_roles
    from hiwar.accounts.models import User

    settings.SIGN_IN_FAILURES = 10**9
    load_roles(at=timezone.now())
    pattern = UserFactory.create(roles=["director"])
    doors = {"sign in": reverse("accounts:sign_in"), "new password": reverse("accounts:forgot")}
    kinds = {"known": True, "closed": False}
    User.objects.bulk_create(
        User(
            email=address_of(kind, f"{door}-{number}"), name=pattern.name, language="ar",
            password=pattern.password, is_active=is_active, joined_at=pattern.joined_at,
        )
        for kind, is_active in kinds.items() for door in doors for number in range(pairs + WARM)
    )  # fmt: skip
    client = Client(SERVER_NAME="localhost")
    told = [
        knock(client, door, address, kind, pairs)
        for door, address in doors.items() for kind in kinds
    ]  # fmt: skip
    # All were asked for before by now, and are known to whatever counts letters.
    told += [knock(client, "new password", doors["new password"], kind, pairs) for kind in kinds]
    return all(told)


def main() -> int:
    """Measure in an installation of its own; return 1 where an answer tells."""
    parser = argparse.ArgumentParser(prog="python -m bench.answers", description=__doc__)
    parser.add_argument("--pairs", type=int, default=PAIRS)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        import django

        django.setup()
        return 0 if measure(options.pairs) else 1
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "house"
        home = Installation(folder, f"sqlite:///{folder}/hiwar.db", people=1, statements=1)
        return inside(home, options.pairs)


def inside(home: Installation, pairs: int) -> int:
    """Run the measurement in a process that reads the settings of the installation."""
    path = os.pathsep.join([home.environment["PYTHONPATH"], str(ROOT / "tests")])
    call = [sys.executable, "-m", "bench.answers", "--inside", "--pairs", str(pairs)]
    environment = home.environment | {"PYTHONPATH": path}
    return subprocess.run(call, env=environment, check=False).returncode


if __name__ == "__main__":
    raise SystemExit(main())
