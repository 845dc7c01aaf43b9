"""Databases that a test opens beside its own; all are closed when it ends.

From Python 3.13 on, one that is left open is charged to whichever test runs when it is collected.
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

from django.db.utils import ConnectionHandler

if TYPE_CHECKING:
    from collections.abc import Mapping

_opened: list[ConnectionHandler] = []


def databases(config: Mapping[str, Mapping[str, Any]]) -> ConnectionHandler:
    """Return databases by name, as Django's settings describe them."""
    handler = ConnectionHandler(dict(config))
    _opened.append(handler)
    return handler


def close_databases() -> None:
    """Close what the test opened."""
    while _opened:
        for connection in _opened.pop().all(initialized_only=True):
            connection.close()


def asked(path: object, question: str) -> list[tuple[Any, ...]]:
    """Return what a SQLite file answers, and close it."""
    import sqlite3

    with closing(sqlite3.connect(str(path))) as link, link:
        return link.execute(question).fetchall()
