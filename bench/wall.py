"""`python -m bench.wall ADDRESS`: a room of phones and a wall that all ask a running installation.

ADDRESS is that of a dialogue's wall, such as http://localhost:8000/ar/d/CODE/wall/now. Each of the
clients keeps its connection, starts at a moment of its own and asks every three seconds.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

PAUSE = 3.0
LIMIT = 30.0


@dataclass
class Seen:
    """What the clients saw: milliseconds of each answer, and what failed."""

    took: list[float] = field(default_factory=list)
    failed: int = 0
    sizes: set[int] = field(default_factory=set)

    def share(self, part: float) -> float:
        """Return the milliseconds within which this share of the answers came."""
        ranked = sorted(self.took)
        return ranked[min(int(part * len(ranked)), len(ranked) - 1)] if ranked else float("nan")


async def _ask(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str, path: str
) -> int:
    writer.write(f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
    await writer.drain()
    head = await reader.readuntil(b"\r\n\r\n")
    if b" 200 " not in head.split(b"\r\n", 1)[0]:
        raise OSError(head[:40])
    lines = head.lower().split(b"\r\n")
    length = next(int(one[15:]) for one in lines if one.startswith(b"content-length:"))
    await reader.readexactly(length)
    return length


async def _phone(target: str, until: float, seen: Seen) -> None:
    parts = urlsplit(target)
    host, path = parts.netloc, parts.path + (f"?{parts.query}" if parts.query else "")
    await asyncio.sleep(random.random() * PAUSE)
    link: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
    while time.monotonic() < until:
        began = time.monotonic()
        try:
            if link is None:
                link = await asyncio.open_connection(parts.hostname, parts.port or 80)
            size = await asyncio.wait_for(_ask(*link, host, path), LIMIT)
            seen.took.append(1000 * (time.monotonic() - began))
            seen.sizes.add(size)
        except (OSError, asyncio.IncompleteReadError, TimeoutError):
            seen.failed += 1
            link = None
        await asyncio.sleep(max(0.0, PAUSE - (time.monotonic() - began)))
    if link is not None:
        link[1].close()


async def room(target: str, clients: int, seconds: float) -> Seen:
    """Let clients ask for some seconds and return what they saw."""
    seen, until = Seen(), time.monotonic() + seconds
    await asyncio.gather(*(_phone(target, until, seen) for _ in range(clients)))
    return seen


def main() -> int:
    """Print the figures; fail when an answer failed or was not there in time."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address")
    parser.add_argument("--clients", type=int, default=500)
    parser.add_argument("--seconds", type=float, default=30.0)
    given = parser.parse_args()
    seen = asyncio.run(room(given.address, given.clients, given.seconds))
    sys.stdout.write(
        f"{given.clients} clients, {given.seconds:.0f} s: {len(seen.took)} answers, "
        f"{seen.failed} failed, p50 {seen.share(0.5):.0f} ms, p95 {seen.share(0.95):.0f} ms, "
        f"p99 {seen.share(0.99):.0f} ms, at most {max(seen.took, default=0):.0f} ms, "
        f"bytes {sorted(seen.sizes)}\n"
    )
    return int(seen.failed > 0 or not seen.took)


if __name__ == "__main__":
    sys.exit(main())
