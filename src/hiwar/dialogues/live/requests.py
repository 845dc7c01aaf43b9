"""What comes in by the native door: read, and refused where it is not what it should be."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import msgspec
from django.conf import settings

from hiwar.dialogues.queries.tokens import (
    Bearer,
    bearer_of_key,
    bearer_of_ticket,
    cookie_name,
    make_token,
    read_token,
)

if TYPE_CHECKING:
    from hiwar.common.serving.protocol import Receive, Scope
    from hiwar.dialogues.queries.snapshots import Snapshot

BODY = 64 * 1024
LONGEST_TOKEN = 64


class VoteIn(msgspec.Struct):
    """One vote as a phone sends it."""

    statement: int
    choice: int
    sequence: int
    important: bool = False


class ActsIn(msgspec.Struct):
    """A queue of votes, whose they are, and whether the browser speaks for her from now on.

    `key` is a ticket, or the random key that a phone made for somebody who began on it without a
    network; with `claim` she gets the cookie and a ticket, whoever had the phone before.
    """

    votes: list[VoteIn]
    key: str = ""
    language: str = ""
    claim: bool = False


_decode = msgspec.json.Decoder(ActsIn).decode


class Refusal(Exception):  # noqa: N818 - named by what happened
    """A request that is answered with a status and a code."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code


def held(scope: Scope) -> list[int]:
    """Return the numbers a phone has already, so that it can fetch the next one ahead of time."""
    query = scope["query_string"]
    if not query:
        return []
    text = parse_qs(query.decode("latin1")).get("not", [""])[0][:2000]
    return [
        int(part)
        for part in text.split(",")
        if len(part) < 10 and part.isascii() and part.isdigit()
    ]


async def read_acts(receive: Receive) -> ActsIn:
    """Return the votes of a body, or refuse it."""
    body = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Refusal(400, "incomplete")
        body += message.get("body", b"")
        if len(body) > BODY:
            raise Refusal(413, "too_large")
        if not message.get("more_body", False):
            break
    try:
        acts = _decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Refusal(400, "invalid") from error
    if not 1 <= len(acts.votes) <= 200:
        raise Refusal(400, "invalid")
    return acts


def bearer_of(scope: Scope, snapshot: Snapshot, acts: ActsIn) -> Bearer:
    """Return for whom votes are sent: a ticket says so before a cookie, and a key that claims.

    A phone goes from hand to hand; votes stay with who cast them.
    """
    holder = bearer_of_cookie(scope, snapshot.code)
    named = bearer_of_ticket(snapshot.code, acts.key)
    if named is not None:
        return holder if holder and holder.participant == named.participant else named
    if holder is not None and not acts.claim:
        return holder
    if not snapshot.accepts_open_link:
        raise Refusal(403, "code_needed")
    bearer = bearer_of_key(snapshot.code, acts.key)
    if bearer is None:
        raise Refusal(400, "key_needed")
    return bearer


def bearer_of_cookie(scope: Scope, code: str) -> Bearer | None:
    """Return who carries the cookie of a dialogue."""
    start = _cookie_start(code)
    for header, value in scope["headers"]:
        if header != b"cookie":
            continue
        for pair in value.split(b";"):
            cookie = pair.strip()
            if cookie.startswith(start) and len(cookie) - len(start) <= LONGEST_TOKEN:
                return _bearer_of_token(code, cookie[len(start) :])
    return None


@lru_cache(maxsize=32_768)
def _bearer_of_token(code: str, token: bytes) -> Bearer | None:
    # Keys do not change while a process runs, so a token that was good once stays good.
    return read_token(code, token.decode("latin1"))


@lru_cache(maxsize=512)
def _cookie_start(code: str) -> bytes:
    return f"{cookie_name(code)}=".encode()


def set_cookie(code: str, participant: int) -> tuple[bytes, bytes]:
    """Return the header that makes a participant known again."""
    secure = "; Secure" if settings.SESSION_COOKIE_SECURE else ""
    token = make_token(code, Bearer(participant, is_stored=True))
    text = f"{cookie_name(code)}={token}; Path=/; HttpOnly; SameSite=Lax{secure}"
    return b"set-cookie", text.encode()


def refuse_other_sites(scope: Scope) -> None:
    """Refuse a request that another site made the browser send."""
    headers = dict(scope["headers"])
    site = headers.get(b"sec-fetch-site", b"same-origin")
    if site not in (b"same-origin", b"none"):
        raise Refusal(403, "other_site")
    origin = headers.get(b"origin")
    if origin is not None and urlsplit(origin).netloc != headers.get(b"host", b""):
        raise Refusal(403, "other_site")
