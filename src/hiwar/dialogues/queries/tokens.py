"""Who a request speaks for: a token that needs no session row and no look-up."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from functools import lru_cache
from typing import NamedTuple

from django.conf import settings

MARK = 16
BITS = 63


class Bearer(NamedTuple):
    """Who carries a token.

    Attributes
    ----------
    participant : int
        Key of the participant, 63 random bits.
    is_stored : bool
        False until the first act, when the participant is written together with it.
    may_see : bool
        False for a ticket, which adds votes and opens no page.
    """

    participant: int
    is_stored: bool
    may_see: bool = True


def cookie_name(code: str) -> str:
    """Return the name of the cookie of a dialogue."""
    prefix = "__Host-" if settings.SESSION_COOKIE_SECURE else ""
    return f"{prefix}d-{code}"


def make_token(code: str, bearer: Bearer) -> str:
    """Return the token of a participant of the dialogue `code`."""
    kind = "p" if bearer.is_stored else "n"
    body = f"{kind}{bearer.participant:016x}"
    return f"{body}.{_mark(_secrets()[0], code, body)}"


def read_token(code: str, token: str) -> Bearer | None:
    """Return who carries a token, or None when it was not made here for this dialogue."""
    body, _, mark = token.partition(".")
    if len(body) != 17 or body[0] not in "pn" or not mark.isascii():
        return None
    for secret in _secrets():
        if hmac.compare_digest(mark, _mark(secret, code, body)):
            return Bearer(int(body[1:], 16), body[0] == "p")
    return None


def make_ticket(code: str, bearer: Bearer) -> str:
    """Return what lets a phone send the votes it keeps after its cookie is gone.

    The page hands it out with the cookie, so both stand for the same participant; a phone that
    came back with a key of its own would be counted as somebody else. It opens no page.
    """
    body = f"w{bearer.participant:016x}"
    return f"{body}.{_mark(_secrets()[0], code, body)}"


def bearer_of_ticket(code: str, ticket: str) -> Bearer | None:
    """Return whose votes a ticket may add, or None when it was not made here for this dialogue."""
    body, _, mark = ticket.partition(".")
    if len(body) != 17 or body[0] != "w" or not mark.isascii():
        return None
    for secret in _secrets():
        if hmac.compare_digest(mark, _mark(secret, code, body)):
            return Bearer(int(body[1:], 16), is_stored=False, may_see=False)
    return None


def bearer_of_key(code: str, key: str) -> Bearer | None:
    """Return the newcomer whose phone made the random `key`; the same key, the same newcomer.

    So the first act can be sent again when its answer was lost, and still counts once.
    """
    try:
        raw = base64.urlsafe_b64decode(key + "=" * (-len(key) % 4))
    except (binascii.Error, ValueError):
        return None
    if not 16 <= len(raw) <= 32:
        return None
    digest = hmac.digest(settings.SECRET_KEY.encode(), b"key\0" + code.encode() + raw, "sha256")
    return Bearer(int.from_bytes(digest[:8], "big") >> (64 - BITS), is_stored=False)


def _secrets() -> tuple[bytes, ...]:
    return _derived(settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)


@lru_cache(maxsize=8)
def _derived(*keys: str) -> tuple[bytes, ...]:
    return tuple(hashlib.blake2b(key.encode(), digest_size=32).digest() for key in keys)


def _mark(secret: bytes, code: str, body: str) -> str:
    # Keyed BLAKE2b is a message authentication code by design, and fifty times as fast here as
    # HMAC through the cryptographic library, which looks its algorithm up at every call.
    text = f"{code}\0{body}".encode()
    mark = hashlib.blake2b(text, key=secret, digest_size=MARK, person=b"hiwar.token").digest()
    return base64.urlsafe_b64encode(mark).decode().rstrip("=")
