"""A faithful model of what a phone keeps and sends, and of a network that does its worst.

The model follows `static/dialogues/vote.js` step by step: a vote is written to the outbox with a
sequence of its own, sent with everything that waits, and forgotten only when its answer was read.
Whatever runs in between can be interrupted here.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import random
    from collections.abc import Awaitable, Callable

    Answer = tuple[int, dict[str, str], bytes]
    Ask = Callable[[bytes, str, bool], Awaitable[Answer]]
    Load = Callable[[str], Awaitable[tuple[dict[str, Any] | None, str]]]

BATCH = 50


class Lost(Exception):  # noqa: N818 - named by what happened
    """The phone saw no answer."""


class Killed(Exception):  # noqa: N818 - named by what happened
    """The app was ended here."""


@dataclass(frozen=True)
class Kept:
    """A vote that a phone confirmed to somebody, because it was on its disk."""

    person: int
    phone: int
    sequence: int
    statement: int
    choice: int


@dataclass
class Network:
    """Carries requests to the server, badly.

    Attributes
    ----------
    late : list of bytes and cookie
        Requests that are still on their way, to arrive when nobody waits for them.
    """

    ask: Ask
    draw: random.Random
    is_well: bool = False
    late: list[tuple[bytes, str]] = field(default_factory=list)

    async def carry(self, body: bytes, cookie: str) -> Answer:
        how = "well" if self.is_well else self.draw.choice(
            ("well", "well", "no request", "no answer", "twice", "late", "late and twice",
             "short request", "short answer", "gateway")
        )  # fmt: skip
        if how == "no request":
            raise Lost
        if how in {"late", "late and twice"}:
            self.late.append((body, cookie))
            if how == "late":
                raise Lost
        if how == "short request":
            cut = body[: self.draw.randrange(len(body))]
            return await self.ask(cut, cookie, self.draw.random() < 0.5)
        answer = await self.ask(body, cookie, True)
        if how == "twice":
            again = await self.ask(body, cookie, True)
            answer = self.draw.choice((answer, again))
        if how == "no answer":
            raise Lost
        if how == "short answer":
            return answer[0], {}, answer[2][: self.draw.randrange(len(answer[2]))]
        if how == "gateway":
            return 502, {}, b"<html>Bad gateway</html>"
        return answer

    async def deliver_late(self, all_of_it: bool = False) -> None:
        """Let what was held up arrive, in another order; nobody reads the answers."""
        self.draw.shuffle(self.late)
        for _ in range(len(self.late) if all_of_it else 1):
            if self.late:
                body, cookie = self.late.pop()
                await self.ask(body, cookie, True)


class Phone:
    """One phone: what is on its disk, what is in its memory, and who holds it."""

    def __init__(self, number: int, load: Load, network: Network, people: list[int]) -> None:
        self.number = number
        self.clock = 0
        self.cookie = ""
        self.acts: dict[int, dict[str, Any]] = {}
        self.kept: dict[str, Any] = {}
        self.journal: list[Kept] = []
        self.page: dict[str, Any] | None = None
        self.cached: dict[str, Any] | None = None
        self.key = ""
        self._load = load
        self._network = network
        # Persons are numbered in the order in which the server first meets them.
        self._people = people
        self.person = -1

    def meet(self) -> None:
        """Somebody whom the server does not know holds the phone."""
        self._people.append(len(self._people))
        self.person = self._people[-1]

    async def open(self, *, is_online: bool) -> None:
        """Open the page of votes: from the server, or as the worker kept it."""
        if is_online:
            is_known = bool(self.cookie)
            page, cookie = await self._load(self.cookie)
            self.cookie = cookie or self.cookie
            if page is None:
                return
            if not is_known:
                self.meet()
            self.page = self.cached = page
        else:
            self.page = self.cached
        if self.page is not None:
            self._begin(self.page)

    def _begin(self, page: dict[str, Any]) -> None:
        fresh = page["fresh"]
        if fresh and self.kept.get("fresh") != fresh:
            self.kept.clear()
        if fresh:
            self.kept["fresh"] = fresh
        self.key = self.key_of(page)

    def key_of(self, page: dict[str, Any]) -> str:
        """Return what stands for the person where no cookie does."""
        ticket: str = page["ticket"]
        return ticket

    def next_sequence(self, page: dict[str, Any], now: int) -> int:
        return max(self.kept.get(self.key, 0) + 1, page["sequence"])

    def cast(self, statement: int, choice: int, now: int, how: str = "well") -> None:
        """Tap a vote; `how` says whether the disk is full or the app ends, and when."""
        if self.page is None:
            return
        if how in {"full", "killed before"}:
            # The transaction did not complete: nothing is kept, and the phone says so or is dead.
            if how == "killed before":
                self.die()
            return
        sequence = self.next_sequence(self.page, now)
        self.kept[self.key] = sequence
        self.acts[sequence] = {
            "sequence": sequence, "statement": statement, "choice": choice, "key": self.key,
        }  # fmt: skip
        self.journal.append(Kept(self.person, self.number, sequence, statement, choice))
        if how == "killed after":
            self.die()

    async def flush(self, killed: str = "") -> bool:
        """Send what waits; `killed` ends the app before or after the answer is written down."""
        try:
            return await self._send(killed)
        except (Lost, ValueError):
            return False
        except Killed:
            self.die()
            return False

    async def _send(self, killed: str) -> bool:
        while self.acts:
            waiting = [self.acts[at] for at in sorted(self.acts)]
            holder = waiting[0]["key"]
            votes = [one for one in waiting if one["key"] == holder][:BATCH]
            is_own = not self.key or holder == self.key
            body = json.dumps({"votes": votes, "key": holder, "language": "ar"}).encode()
            _status, headers, raw = await self._network.carry(body, self.cookie if is_own else "")
            if killed == "before the answer":
                raise Killed
            if is_own and "set-cookie" in headers:
                self.cookie = headers["set-cookie"].partition(";")[0]
            answer = json.loads(raw)
            results = answer.get("results")
            if not results:
                return False
            if killed == "after the answer":
                raise Killed
            over = [one for one in results if one["status"] != "unknown"]
            self.forget(over)
            if len(over) < len(votes):
                return False
        return True

    def forget(self, over: list[dict[str, Any]]) -> None:
        """Take out of the outbox what was answered."""
        for one in over:
            self.acts.pop(one["sequence"], None)

    def die(self) -> None:
        """Lose what was in memory; disk and cookies stay."""
        self.page, self.key = None, ""

    def close_browser(self) -> None:
        """Lose the cookie of the session as well."""
        self.die()
        self.cookie = ""

    def take_link(self, cookie: str, person: int) -> None:
        """Open somebody's own link, which brings her cookie."""
        self.cookie, self.person = cookie, person
