"""Start-up checks that refuse settings which would lose votes or expose people."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register, run_checks
from django.core.management.base import SystemCheckError
from django.db import connections

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django.db.backends.base.base import BaseDatabaseWrapper

LOCAL_HOSTS = ("localhost", "127.0.0.1", "[::1]", "::1", "testserver")
KNOWN_KEY = "local-only"


def is_public(host: str) -> bool:
    """Return whether a host name can be reached from another machine."""
    return host not in LOCAL_HOSTS and not host.endswith(".localhost")


@register(Tags.security)
def unsafe_settings(app_configs: object = None, **_kwargs: Any) -> list[CheckMessage]:
    """Refuse settings that are only good enough for one's own machine, on a public host."""
    return list(_unsafe_settings())


def _unsafe_settings() -> Iterator[CheckMessage]:
    public = [host for host in settings.ALLOWED_HOSTS if is_public(host)]
    key = settings.SECRET_KEY
    if len(key) < 50 or len(set(key)) < 10:
        yield Error(
            "HIWAR_SECRET_KEY is too short or too regular.",
            hint="Use at least 50 random characters: see docs/operations/settings.md.",
            id="hiwar.E101",
        )
    if "*" in settings.ALLOWED_HOSTS or any(h.startswith(".") for h in settings.ALLOWED_HOSTS):
        yield Error("HIWAR_HOSTS must name exact hosts, no pattern.", id="hiwar.E102")
    if public and settings.DEBUG:
        yield Error(
            f"HIWAR_DEBUG is on and {public[0]} is a public host.",
            hint="Debug pages show settings and data to whoever causes an error.",
            id="hiwar.E103",
        )
    if public and key.startswith(KNOWN_KEY):
        yield Error(
            "HIWAR_SECRET_KEY is the one from .env.example, which everybody knows.",
            id="hiwar.E104",
        )
    if public and not (settings.SESSION_COOKIE_SECURE and settings.CSRF_COOKIE_SECURE):
        yield Error(
            f"Cookies are not bound to HTTPS and {public[0]} is a public host.",
            hint="Set HIWAR_HTTPS=on and put the server behind TLS.",
            id="hiwar.E105",
        )
    if public and settings.DEMO:
        yield Error(
            f"HIWAR_DEMO is on and {public[0]} is a public host.",
            hint="The demonstration's passwords are printed in its documentation.",
            id="hiwar.E106",
        )
    if not set(settings.DOORS) or set(settings.DOORS) - {"public", "desk"}:
        yield Error("HIWAR_DOORS must be public, desk or both.", id="hiwar.E107")
    if set(settings.DESK_HOSTS) & set(settings.PUBLIC_HOSTS):
        yield Error("HIWAR_DESK_HOSTS and HIWAR_HOSTS must not share a host.", id="hiwar.E108")
    if "eatmydata" in os.environ.get("LD_PRELOAD", ""):
        yield Error("eatmydata is preloaded: nothing would reach the disk.", id="hiwar.E109")
    if settings.MONTH_NAMES not in {"levantine", "gregorian"}:
        yield Error("HIWAR_MONTH_NAMES must be levantine or gregorian.", id="hiwar.E110")
    if settings.DIGITS not in {"latin", "arabic"}:
        yield Error("HIWAR_DIGITS must be latin or arabic.", id="hiwar.E111")


@register(Tags.database)
def forgetful_database(
    app_configs: object = None, databases: Iterable[str] | None = None, **_kwargs: Any
) -> list[CheckMessage]:
    """Refuse a database that would acknowledge what a power cut can take away."""
    refused: list[CheckMessage] = []
    for alias in databases or ():
        connection = connections[alias]
        if connection.vendor == "sqlite":
            refused += _forgetful_sqlite(connection)
        elif connection.vendor == "postgresql":
            refused += _forgetful_postgres(connection)
    return refused


def _ask(connection: BaseDatabaseWrapper, question: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return str(cursor.fetchone()[0])


def _forgetful_sqlite(connection: BaseDatabaseWrapper) -> Iterator[CheckMessage]:
    """SQLite's own numbers: 0 off, 1 normal, 2 full, 3 extra."""
    if int(_ask(connection, "PRAGMA synchronous")) < 2:
        yield Error(
            "SQLite synchronous is below FULL: a power cut would take acknowledged votes.",
            hint="In our measurements NORMAL lost 994 of 11,310 acknowledged commits.",
            id="hiwar.E201",
        )
    journal = _ask(connection, "PRAGMA journal_mode")
    if journal != "wal":
        yield Error(f"SQLite journal_mode is {journal}, not wal.", id="hiwar.E202")
    if _ask(connection, "PRAGMA foreign_keys") != "1":
        yield Error("SQLite does not enforce foreign keys.", id="hiwar.E203")


def _forgetful_postgres(connection: BaseDatabaseWrapper) -> Iterator[CheckMessage]:
    for number, name in ((211, "synchronous_commit"), (212, "fsync"), (213, "full_page_writes")):
        if _ask(connection, f"SHOW {name}") == "off":
            yield Error(
                f"PostgreSQL {name} is off: a crash would take acknowledged votes.",
                hint="In our measurements synchronous_commit=off lost 115 of 156,578.",
                id=f"hiwar.E{number}",
            )


def refuse_unsafe_settings() -> None:
    """Raise ``SystemCheckError`` when this installation must not be served.

    The entry points call this, because a server never runs ``manage.py check``.
    """
    check_messages = run_checks(tags=[Tags.security, Tags.database], databases=list(connections))
    connections.close_all()
    refused = [message for message in check_messages if message.is_serious()]
    if refused:
        raise SystemCheckError("\n".join(f"{m.id}: {m.msg} {m.hint or ''}" for m in refused))
