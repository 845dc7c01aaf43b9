"""Random numbers as keys of rows that must not tell in which order people came."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"


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


def make_code() -> str:
    """Return a short code that can be read aloud: eight characters, about 40 bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(8))


def make_secret() -> str:
    """Return 32 random bytes in hexadecimal."""
    return secrets.token_hex(32)
