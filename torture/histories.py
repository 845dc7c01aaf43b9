"""R-8: random histories of phones that vote without a network, against the real core and store.

In each history four phones and the people who hold them vote, lose the network, lose power, fill
their disks, go to sleep for thirty days, hand on a personal link or the phone itself. In the end
everything that is still on its way arrives, everybody comes back to the network, and `judge`
compares what was confirmed on the phones with what is stored. `python -m torture.histories` runs
in the environment of an installation; `sync_histories` is the trial that starts it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from torture.checker import Verdict
from torture.client_model import Kept, Network, Phone

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dialogues.served import Served

CODE = "youth2"
DAY = 86_400_000
STEPS = 50
PHONES = 4
KNOWN, UNKNOWN_STATEMENT = 6, 999
STEPS_OF = (
    ("cast", 10), ("flush", 6), ("late", 3), ("reload", 2), ("reopen offline", 2), ("die", 1),
    ("close the browser", 1), ("take a link", 1), ("sleep", 1), ("wrong clock", 1),
)  # fmt: skip
ROWS = (
    "SELECT v.participant_id, s.number, v.sequence, v.choice FROM dialogues_vote v"
    " JOIN dialogues_statement s ON s.id = v.statement_id"
)
Row = tuple[int, int, int, int]


@dataclass
class Ended:
    """What is left when a history has ended.

    Attributes
    ----------
    kept : list of Kept
        Every vote that a phone confirmed.
    people : mapping of int to int
        The participant as whom the server knows each person.
    left : int
        Votes that are still in an outbox.
    shown : list of pair
        For each phone with a person: the person and the statements its page marks as done.
    """

    kept: list[Kept] = field(default_factory=list)
    people: dict[int, int] = field(default_factory=dict)
    left: int = 0
    shown: list[tuple[int, list[int]]] = field(default_factory=list)


def winners(kept: Sequence[Kept]) -> dict[tuple[int, int], list[Kept]]:
    """Return the vote that must stand for each person and statement: the greatest sequence.

    Two phones of one person count on from the same number: of votes that share the greatest, each
    on a phone of its own, either may stand.
    """
    standing: dict[tuple[int, int], list[Kept]] = {}
    for vote in kept:
        slot = (vote.person, vote.statement)
        if vote.statement == UNKNOWN_STATEMENT:
            continue
        greatest = standing[slot][0].sequence if slot in standing else -1
        if vote.sequence > greatest:
            standing[slot] = [vote]
        elif vote.sequence == greatest:
            standing[slot].append(vote)
    return standing


def judge(ended: Ended, rows: Sequence[Row]) -> Verdict:
    """Compare one history with the rows of its participants, and its phones with each other."""
    verdict = Verdict(acknowledged=len(ended.kept))
    standing = winners(ended.kept)
    person_of = {participant: person for person, participant in ended.people.items()}
    if len(person_of) < len(ended.people):
        verdict.faults.append("two people are one participant")
    found: dict[tuple[int, int], tuple[int, int]] = {}
    for participant, statement, sequence, choice in rows:
        slot = (person_of.get(participant, -1), statement)
        if slot in found:
            verdict.duplicate.append(slot)
        found[slot] = (sequence, choice)
        if slot not in standing:
            verdict.phantom.append((participant, statement, sequence, choice))
    for slot, votes in standing.items():
        if found.get(slot) not in [(vote.sequence, vote.choice) for vote in votes]:
            verdict.faults.append(f"{votes} should stand, found {found.get(slot)}")
    if ended.left:
        verdict.faults.append(f"{ended.left} votes never left their phone")
    verdict.faults += _disorder(ended.kept)
    stored: dict[int, list[int]] = {}
    for person, statement in sorted(found):
        stored.setdefault(person, []).append(statement)
    for person, shown in ended.shown:
        if sorted(shown) != stored.get(person, []):
            verdict.faults.append(f"a phone shows {shown}, stored is {stored.get(person, [])}")
    return verdict


def _disorder(kept: Sequence[Kept]) -> list[str]:
    """Return the votes of one person on one phone whose order the sequence does not tell."""
    last: dict[tuple[int, int], int] = {}
    found = []
    for one in kept:
        here = (one.person, one.phone)
        if one.sequence <= last.get(here, -1):
            found.append(f"{one} is not later than the vote before it")
        last[here] = one.sequence
    return found


class Core:
    """The real handlers, writer and store of this process, reached without a socket."""

    def __init__(self) -> None:
        from django.test import Client

        from hiwar.common.serving.bridge import WsgiBridge
        from hiwar.common.serving.router import Router
        from hiwar.config.wsgi import application
        from hiwar.dialogues.live import Live

        self.client = Client
        self.live = Live()
        self.router = Router(WsgiBridge(application))
        self.live.mount(self.router)

    async def ask(
        self, body: bytes, cookie: str, is_whole: bool
    ) -> tuple[int, dict[str, str], bytes]:
        """Post votes; a request that is not whole ends with the connection."""
        messages: list[dict[str, Any]] = [
            {"type": "http.request", "body": body, "more_body": not is_whole},
            {"type": "http.disconnect"},
        ]
        given: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return messages.pop(0)

        async def send(message: dict[str, Any]) -> None:
            given.append(message)

        headers = [(b"host", b"localhost"), (b"content-type", b"application/json")]
        scope = {
            "type": "http", "method": "POST", "path": f"/api/d/{CODE}/votes", "query_string": b"",
            "headers": [*headers, (b"cookie", cookie.encode())],
        }  # fmt: skip
        await self.router(scope, receive, send)
        told = {name.decode(): value.decode() for name, value in given[0]["headers"]}
        return given[0]["status"], told, given[1]["body"]

    async def load(self, cookie: str) -> tuple[dict[str, Any] | None, str]:
        """Load the page of votes; return its data and the cookie it set."""
        return await asyncio.get_running_loop().run_in_executor(None, self._load, cookie)

    def _load(self, cookie: str) -> tuple[dict[str, Any] | None, str]:
        client = self.client(headers={"host": "localhost"})
        if cookie:
            name, _, value = cookie.partition("=")
            client.cookies[name] = value
        response = client.get(f"/ar/d/{CODE}/vote/")
        text = response.content.decode()
        start = text.index(">", text.index('id="ballot-data"')) + 1
        page: dict[str, Any] = json.loads(text[start : text.index("</script>", start)])
        mine = response.cookies.get(f"d-{CODE}")
        return page, f"d-{CODE}={mine.value}" if mine else ""


class History:
    """One history: phones, people, a network, and a draw that a seed decides."""

    kind: type[Phone] = Phone

    def __init__(self, core: Core, seed: int) -> None:
        self.draw = random.Random(seed)
        self.network = Network(core.ask, self.draw)
        self._people: list[int] = []
        self._core = core
        self.phones = [
            self.kind(number, core.load, self.network, self._people) for number in range(PHONES)
        ]
        self.now = int(time.time() * 1000) + self.draw.randrange(1000)
        self.participants: dict[int, int] = {}

    async def run(self) -> Ended:
        """Let it happen, then let everything heal."""
        names, weights = zip(*STEPS_OF, strict=True)
        for phone in self.phones[:2]:
            await self._open(phone, is_online=True)
        for _ in range(self.draw.randint(5, STEPS)):
            self.now += self.draw.choice((1, 400, 60_000))
            phone = self.draw.choice(self.phones)
            await self._step(self.draw.choices(names, weights)[0], phone)
        return await self._heal()

    async def _step(self, name: str, phone: Phone) -> None:
        if name in {"cast", "flush"} and phone.page is None:
            await self._open(phone, is_online=phone.cached is None or self.draw.random() < 0.3)
        if name == "cast":
            statement = self.draw.choice([*range(1, KNOWN + 1), UNKNOWN_STATEMENT])
            hows = ("well",) * 9 + ("full", "killed before", "killed after")
            phone.cast(statement, self.draw.choice((-1, 0, 1)), self.now, self.draw.choice(hows))
        elif name == "flush":
            ends = ("", "", "", "", "before the answer", "after the answer")
            await phone.flush(self.draw.choice(ends))
        elif name == "late":
            await self.network.deliver_late()
        elif name in {"reload", "reopen offline"}:
            phone.die()
            await self._open(phone, is_online=name == "reload")
        elif name == "take a link":
            await self._hand_on_link(phone)
        elif name == "sleep":
            self.now += 30 * DAY
        elif name == "wrong clock":
            phone.clock = self.draw.choice((-3 * DAY, -7_200_000, 0, 7_200_000, 3 * DAY))
        else:
            phone.die() if name == "die" else phone.close_browser()

    async def _open(self, phone: Phone, *, is_online: bool) -> None:
        await phone.open(is_online=is_online)
        if is_online and phone.cookie:
            self.participants.setdefault(phone.person, participant_of(phone.cookie))

    async def _hand_on_link(self, giver: Phone) -> None:
        """Open the personal link of somebody who has voted on a phone that nobody has used."""
        unused = [one for one in self.phones if one.person < 0]
        if unused and giver.person >= 0 and "=p" in giver.cookie:
            unused[0].take_link(giver.cookie, giver.person)
            await self._open(unused[0], is_online=True)

    async def _heal(self) -> Ended:
        await self.network.deliver_late(all_of_it=True)
        self.network.is_well = True
        ended = Ended(people=self.participants)
        for phone in self.phones:
            if phone.page is None:
                await self._open(phone, is_online=bool(phone.cookie))
            await phone.flush()
            ended.left += len(phone.acts)
            ended.kept += phone.journal
        for phone in self.phones:
            if phone.cookie:
                page, _ = await self._core.load(phone.cookie)
                if page is not None:
                    ended.shown.append((phone.person, page["done"]))
        return ended


def participant_of(cookie: str) -> int:
    return int(cookie.partition("=")[2][1:17], 16)


async def run_all(core: Core, count: int, seed: int, kind: type[Phone] = Phone) -> list[Ended]:
    """Run histories a hundred at a time, so that they meet in the writer's transactions."""
    History.kind = kind
    ended: list[Ended] = []
    for first in range(0, count, 100):
        some = range(first, min(first + 100, count))
        ended += await asyncio.gather(*(History(core, seed + n).run() for n in some))
    return ended


def verdict_of(ended: Sequence[Ended], rows: Sequence[Row]) -> Verdict:
    """Judge every history by the rows of its participants; rows of nobody are phantoms."""
    history_of = {p: number for number, one in enumerate(ended) for p in one.people.values()}
    by_history: dict[int, list[Row]] = {}
    whole = Verdict()
    for row in rows:
        if row[0] in history_of:
            by_history.setdefault(history_of[row[0]], []).append(row)
        else:
            whole.phantom.append(row)
    for number, one in enumerate(ended):
        verdict = judge(one, by_history.get(number, []))
        whole.acknowledged += verdict.acknowledged
        whole.phantom += verdict.phantom
        whole.duplicate += verdict.duplicate
        whole.faults += [f"history {number}: {fault}" for fault in verdict.faults]
    return whole


def sync_histories(served: Served, times: int, *, seed: int = 8, kind: str = "Phone") -> Verdict:
    """R-8: run histories in the environment of an installation that is not served."""
    call = [sys.executable, "-m", "torture.histories", str(times), str(seed), kind]
    environment = served.environment | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(
        call, env=environment, cwd=Path(__file__).parents[1], check=True, capture_output=True
    )
    told: Mapping[str, Any] = json.loads(done.stdout)
    verdict = Verdict(acknowledged=told["acknowledged"], remark=told["remark"])
    verdict.faults = told["faults"]
    verdict.phantom = [tuple(row) for row in told["phantom"]]
    verdict.duplicate = [tuple(slot) for slot in told["duplicate"]]
    return verdict


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m torture.histories", description=__doc__)
    parser.add_argument("count", type=int)
    parser.add_argument("seed", type=int)
    parser.add_argument("kind", nargs="?", default="Phone")
    options = parser.parse_args()
    import django

    django.setup()
    from django.db import connection

    from torture import mutants

    kind = getattr(mutants, options.kind, Phone)
    with connection.cursor() as cursor:
        cursor.execute(ROWS)
        before = set(cursor.fetchall())
    core = Core()
    core.live.start()
    ended = asyncio.run(run_all(core, options.count, options.seed, kind))
    core.live.stop()
    with connection.cursor() as cursor:
        cursor.execute(ROWS)
        rows = [row for row in cursor.fetchall() if row not in before]
    verdict = verdict_of(ended, rows)
    people = sum(len(one.people) for one in ended)
    verdict.remark = f"{len(ended)} histories, {people} people, {len(rows)} votes stand"
    verdict.faults = verdict.faults[:200]
    print(json.dumps(asdict(verdict)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
