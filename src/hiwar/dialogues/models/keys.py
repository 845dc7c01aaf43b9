from __future__ import annotations

import secrets

from hiwar.common.crypto import RandomKeyField, make_number

__all__ = ["RandomKeyField", "make_code", "make_number", "make_secret"]

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"


def make_code() -> str:
    """Return a short code that can be read aloud: eight characters, about 40 bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(8))


def make_secret() -> str:
    """Return 32 random bytes in hexadecimal."""
    return secrets.token_hex(32)
