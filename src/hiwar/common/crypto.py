"""Secrets at rest, one-time codes, digests and random keys: the small cryptography of all rooms.

Nothing here knows a room. Sealing is AES-256-GCM under a key derived from the installation's
secret key; what is sealed names its place (table, column, owner), so that a sealed value
copied to another row does not open.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import struct
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import models

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

STEP_SECONDS = 30
# Without 0, O, 1, I, L and U: none is taken for another when read from paper.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")


def seal(secret: bytes, place: str, *, key: str = "") -> bytes:
    """Return ``secret`` encrypted for one place, under the secret key or another long one."""
    nonce = secrets.token_bytes(12)
    return nonce + AESGCM(_key(key or settings.SECRET_KEY)).encrypt(nonce, secret, place.encode())


def unseal(sealed: bytes, place: str, *, key: str = "") -> bytes:
    """Return what was sealed for this place, also under a former secret key.

    With ``key`` that one alone is tried. Raises ``InvalidTag`` when no key opens it or the place
    is another one.
    """
    nonce, body = sealed[:12], sealed[12:]
    for known in [key] if key else [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]:
        try:
            return AESGCM(_key(known)).decrypt(nonce, body, place.encode())
        except InvalidTag:
            continue
    raise InvalidTag


def unsealed_text(sealed: bytes | memoryview, place: str) -> str:
    """Return a text that was sealed for this place; empty where none is kept or no key opens it."""
    try:
        return unseal(bytes(sealed), place).decode() if sealed else ""
    except InvalidTag:
        return ""


def _key(secret_key: str) -> bytes:
    derive = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"hiwar.common.crypto")
    return derive.derive(secret_key.encode())


def digest(purpose: str, text: str, *, key: str = "") -> str:
    """Return a keyed digest; one purpose's digests say nothing about another's.

    It is made under the secret key, or under a former one that is given.
    """
    derived = hashlib.sha256(f"hiwar.{purpose}:{key or settings.SECRET_KEY}".encode()).digest()
    return hmac.new(derived, text.encode(), hashlib.sha256).hexdigest()


def outer_digest(purpose: str, text: str) -> str:
    """Return a digest under the key that no copy of the data folder and the database holds.

    Who has such a copy alone cannot try numbers: each guess is right or wrong only with the key.
    """
    key = hashlib.sha256(f"hiwar.outer.{purpose}:{settings.OUTER_KEY}".encode()).digest()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def plain_digest(text: str) -> str:
    """Return a digest for what is already long and random, so that changing keys keeps it."""
    return hashlib.sha256(text.encode()).hexdigest()


def new_recovery_code() -> str:
    """Return a recovery code of twelve characters in three groups: about 58 random bits."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(12))
    return "-".join(letters[i : i + 4] for i in (0, 4, 8))


def tidy_code(typed: str) -> str:
    """Return a code as it was made: capitals, Latin digits, no spaces or dashes."""
    return "".join(typed.translate(DIGITS).upper().replace("-", "").split())


def new_app_secret() -> bytes:
    """Return a secret for an authenticator app: 160 random bits."""
    return secrets.token_bytes(20)


def app_secret_text(secret: bytes) -> str:
    """Return a secret as people type it into an authenticator app: base32."""
    return base64.b32encode(secret).decode()


def app_code(secret: bytes, step: int) -> str:
    """Return the six digits of one step.

    Notes
    -----
    RFC 6238 over RFC 4226: HMAC-SHA-1 of the step number, dynamic truncation, six digits.
    """
    mac = hmac.new(secret, struct.pack(">Q", step), hashlib.sha1).digest()
    start = mac[-1] & 0x0F
    number = struct.unpack(">I", mac[start : start + 4])[0] & 0x7FFF_FFFF
    return f"{number % 1_000_000:06d}"


def matching_step(secret: bytes, code: str, at: float, after: int) -> int | None:
    """Return the step a code belongs to, one step either side of ``at``; None when it is wrong.

    Steps up to ``after`` were used already and no longer count, so a code that somebody looked
    at over a shoulder is worth nothing.
    """
    now = int(at // STEP_SECONDS)
    for step in (now, now - 1, now + 1):
        if step > after and hmac.compare_digest(app_code(secret, step), code):
            return step
    return None


def make_number() -> int:
    """Return a random key that tells neither order nor time."""
    return secrets.randbits(63)


class RandomKeyField(models.BigIntegerField):  # type: ignore[type-arg]
    """A random number as the key of a row.

    On SQLite the row then stands where its key says. Beside any other key there is a hidden number
    of the row, which counts and so tells in which order people came.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        options |= {"primary_key": True, "default": make_number, "editable": False}
        super().__init__(*args, **options)

    def db_type(self, connection: BaseDatabaseWrapper) -> str | None:
        """Return the type of the column: SQLite knows the key of a row by the word ``integer``."""
        return "integer" if connection.vendor == "sqlite" else super().db_type(connection)

    def rel_db_type(self, connection: BaseDatabaseWrapper) -> str | None:
        """Return the type of a column that points here."""
        return models.BigIntegerField().db_type(connection)

    def deconstruct(self) -> Any:
        """Return what a migration writes down."""
        name, path, arguments, options = super().deconstruct()
        for option in ("primary_key", "default", "editable", "serialize"):
            options.pop(option, None)
        return name, path, arguments, options
