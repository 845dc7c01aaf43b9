"""Start-up checks that refuse settings which would lose votes or expose people."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register, run_checks
from django.core.management.base import SystemCheckError
from django.db import OperationalError, connections
from django.utils.translation import gettext as _

from hiwar.common.crypto import plain_digest
from hiwar.common.personal import ledger

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django.db.backends.base.base import BaseDatabaseWrapper

LOCAL_HOSTS = ("localhost", "127.0.0.1", "[::1]", "::1", "testserver")
KNOWN_KEY = "local-only"


def is_public(host: str) -> bool:
    """Return whether a host name can be reached from another machine."""
    return host not in LOCAL_HOSTS and not host.endswith(".localhost")


def keep_mark(secret_key: str) -> None:
    """Keep by which secret key this data folder is sealed; the mark gives nothing of it away."""
    path = settings.DATA / "secret.mark"
    path.write_text(_mark(secret_key), "ascii")
    path.chmod(0o600)


def is_key_of_this_house() -> bool:
    """Tell whether the secret key, or a former one beside it, is that of the data folder."""
    try:
        mark = (settings.DATA / "secret.mark").read_text("ascii").strip()
    except OSError:
        return True
    return mark in map(_mark, (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


def _mark(secret_key: str) -> str:
    return plain_digest(f"hiwar.secret:{secret_key}")[:16]


@register(Tags.security)
def unsafe_settings(app_configs: object = None, **_kwargs: Any) -> list[CheckMessage]:
    """Refuse settings that are only good enough for one's own machine, on a public host."""
    return list(_unsafe_settings())


def _unsafe_settings() -> Iterator[CheckMessage]:
    public = [host for host in settings.ALLOWED_HOSTS if is_public(host)]
    key = settings.SECRET_KEY
    if len(key) < 50 or len(set(key)) < 10:
        yield Error(
            _("HIWAR_SECRET_KEY is too short or too regular."),
            hint=_("Use at least 50 random characters: see docs/operations/settings.md."),
            id="hiwar.E101",
        )
    elif not is_key_of_this_house():
        yield Error(
            _("HIWAR_SECRET_KEY is not the key of this house: nobody could sign in."),
            hint=_(
                "Put the former key back; after a restore it lies in restored.env in HIWAR_DATA."
                " A new key stands beside the former one in HIWAR_SECRET_KEY_FALLBACKS."
            ),
            id="hiwar.E113",
        )
    if ledger.is_pending():
        yield Error(
            _("People who were erased are back in this restored house."),
            hint=_("Erase them again before anybody reads it: hiwar erase_again"),
            id="hiwar.E115",
        )
    if "*" in settings.ALLOWED_HOSTS or any(h.startswith(".") for h in settings.ALLOWED_HOSTS):
        yield Error(_("HIWAR_HOSTS must name exact hosts, no pattern."), id="hiwar.E102")
    if public and settings.DEBUG:
        yield Error(
            _("HIWAR_DEBUG is on and %(host)s is a public host.") % {"host": public[0]},
            hint=_("Debug pages show settings and data to whoever causes an error."),
            id="hiwar.E103",
        )
    if public and key.startswith(KNOWN_KEY):
        yield Error(
            _("HIWAR_SECRET_KEY is the one from .env.example, which everybody knows."),
            id="hiwar.E104",
        )
    if public and not (settings.SESSION_COOKIE_SECURE and settings.CSRF_COOKIE_SECURE):
        yield Error(
            _("Cookies are not bound to HTTPS and %(host)s is a public host.")
            % {"host": public[0]},
            hint=_("Set HIWAR_HTTPS=on and put the server behind a proxy with TLS."),
            id="hiwar.E105",
        )
    elif public and not settings.TRUSTED_PROXY:
        # Nothing but a proxy speaks TLS here, so without its word each page redirects to itself,
        # and all people seem to come from one network: one who errs would lock out everybody.
        yield Error(
            _("HIWAR_HTTPS is on and the proxy in front is not believed."),
            hint=_(
                "Every page would redirect to itself. Set HIWAR_TRUSTED_PROXY=on, and let the proxy"
                " replace X-Forwarded-Proto and X-Forwarded-For."
            ),
            id="hiwar.E112",
        )
    if public and settings.DEMO:
        yield Error(
            _("HIWAR_DEMO is on and %(host)s is a public host.") % {"host": public[0]},
            hint=_("The demonstration's passwords are printed in its documentation."),
            id="hiwar.E106",
        )
    if set(settings.DESK_HOSTS) & set(settings.PUBLIC_HOSTS):
        yield Error(_("HIWAR_DESK_HOSTS and HIWAR_HOSTS must not share a host."), id="hiwar.E108")
    if "eatmydata" in os.environ.get("LD_PRELOAD", ""):
        yield Error(_("eatmydata is preloaded: nothing would reach the disk."), id="hiwar.E109")


@register(Tags.security)
def keys_beside_their_locks(app_configs: object = None, **_kwargs: Any) -> list[CheckMessage]:
    """Refuse a key in the data folder: who copies the folder would hold what opens it."""
    folders = {settings.DATA.resolve()}
    for config in settings.DATABASES.values():
        if config["ENGINE"].endswith("sqlite3") and ":memory:" not in str(config["NAME"]):
            folders.add(Path(config["NAME"]).resolve().parent)
    return [
        Error(
            _("The file of keys %(path)s lies in the folder of the data, %(folder)s.")
            % {"path": path, "folder": folder},
            hint=_(
                "Whoever copies the folder would hold the key with the lock. Put it elsewhere, for"
                " example with LoadCredential= of the service."
            ),
            id="hiwar.E114",
        )
        for path in settings.KEY_FILES
        for folder in sorted(folders)
        if Path(path).exists() and Path(path).resolve().is_relative_to(folder)
    ]


@register(Tags.database)
def forgetful_database(
    app_configs: object = None, databases: Iterable[str] | None = None, **_kwargs: Any
) -> list[CheckMessage]:
    """Refuse a database that would acknowledge what a power cut can take away."""
    refused: list[CheckMessage] = []
    for alias in databases or ():
        connection = connections[alias]
        try:
            connection.ensure_connection()
        except OperationalError as error:
            refused.append(_unreachable(error))
            continue
        if connection.vendor == "sqlite":
            refused += _forgetful_sqlite(connection)
        elif connection.vendor == "postgresql":
            refused += _forgetful_postgres(connection)
    return refused


def _unreachable(error: OperationalError) -> Error:
    reason = str(error).strip().partition("\n")[0]
    return Error(
        _("The database does not answer: %(reason)s.") % {"reason": reason.rstrip(".")},
        hint=_("Is HIWAR_DATABASE_URL right, and the server there?"),
        id="hiwar.E200",
    )


def _ask(connection: BaseDatabaseWrapper, question: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return str(cursor.fetchone()[0])


def _forgetful_sqlite(connection: BaseDatabaseWrapper) -> Iterator[CheckMessage]:
    """SQLite's own numbers: 0 off, 1 normal, 2 full, 3 extra."""
    if int(_ask(connection, "PRAGMA synchronous")) < 2:
        yield Error(
            _("SQLite synchronous is below FULL: a power cut would take acknowledged votes."),
            hint=_("In our measurements NORMAL lost 994 of 11,310 acknowledged commits."),
            id="hiwar.E201",
        )
    journal = _ask(connection, "PRAGMA journal_mode")
    if journal != "wal":
        yield Error(
            _("SQLite journal_mode is %(mode)s, not wal.") % {"mode": journal},
            hint=_("The disk of the database must be a local one, no network folder."),
            id="hiwar.E202",
        )
    if _ask(connection, "PRAGMA foreign_keys") != "1":
        yield Error(_("SQLite does not enforce foreign keys."), id="hiwar.E203")


def _forgetful_postgres(connection: BaseDatabaseWrapper) -> Iterator[CheckMessage]:
    for number, name in ((211, "synchronous_commit"), (212, "fsync"), (213, "full_page_writes")):
        if _ask(connection, f"SHOW {name}") == "off":
            yield Error(
                _("PostgreSQL %(name)s is off: a crash would take acknowledged votes.")
                % {"name": name},
                hint=_("In our measurements synchronous_commit=off lost 115 of 156,578."),
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
        raise SystemCheckError(
            "\n".join(f"{m.id}: {m.msg} {m.hint or ''}".rstrip() for m in refused)
        )
