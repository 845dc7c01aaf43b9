"""The schema of all settings: the type, range and default of each, and what is wrong with a value.

Knows no framework: wrong settings are told before Django reads any, all of them at once and in the
language of whoever started the command.
"""

from __future__ import annotations

import os
import re
import tempfile
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import environ
from django.conf.locale import LANG_INFO
from django.core.exceptions import ImproperlyConfigured

from hiwar.analysis.language import gettext_noop as _
from hiwar.analysis.language import language_of, translator
from hiwar.common.backup.sealing import PUBLIC, key_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# Read by the command, by tests and by the tools that start servers.
BESIDE = frozenset(
    ["HIWAR_ENV_FILE", "HIWAR_REQUIRE_ALL", "HIWAR_SERVED_BY", "HIWAR_TORTURE_SERVER"]
)
MAIL_PORTS = {
    "smtp": (587, ""), "smtp+tls": (587, "tls"), "smtps": (465, "ssl"), "smtp+ssl": (465, "ssl"),
    "imap": (143, ""), "imap+tls": (143, "tls"), "imaps": (993, "ssl"),
}  # fmt: skip
YES, NO = frozenset(["on", "true", "yes", "1"]), frozenset(["off", "false", "no", "0"])
HOST = re.compile(r"(?:[A-Za-z0-9_*.-]+|\[[0-9A-Fa-f:]+\]|[0-9A-Fa-f:]+:[0-9A-Fa-f:]*)\Z")
MAILBOX = re.compile(r"[^\s@<>]+@[^\s@<>]+\Z")


class UnfitError(ValueError):
    """A value that a setting cannot have: a message of the catalogue and what stands in it."""

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message)
        self.message, self.values = message, values


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with one setting."""

    name: str
    message: str
    values: Mapping[str, object]
    shown: str | None = None  # the value, where it is no secret

    def text(self, lang: str) -> str:
        """Return one line in ``ar`` or ``en``."""
        words = translator(lang)
        message = words.gettext(self.message).format(**self.values)
        if self.shown is None:
            return f"{self.name}: {message}"
        return words.gettext("{name} is “{value}”: {told}").format(
            name=self.name, value=self.shown, told=message
        )


class SettingsError(ImproperlyConfigured):
    """Settings that cannot be used; ``findings`` holds all that is wrong with them."""

    def __init__(self, findings: list[Finding]) -> None:
        lang = language_of(os.environ)
        super().__init__("\n".join(finding.text(lang) for finding in findings))
        self.findings = findings


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: ``read`` makes a value of its text or raises ``UnfitError``.

    ``values`` says for people which texts it takes. An empty text is the default, unless there is
    none (``default`` is None).
    """

    name: str
    default: str | None
    read: Callable[[str], Any]
    values: str
    is_secret: bool = False


def flag(text: str) -> bool:
    """Return whether a switch is on."""
    if text.lower() in YES | NO:
        return text.lower() in YES
    raise UnfitError(_("expected on or off."))


def whole(lowest: int, highest: int) -> Callable[[str], int]:
    """Return a reader of whole numbers in a range."""

    def read(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            number = lowest - 1
        if not lowest <= number <= highest:
            raise UnfitError(
                _("expected a whole number, {lowest} to {highest}."),
                lowest=lowest, highest=highest,
            )  # fmt: skip
        return number

    return read


def choice(*options: str) -> Callable[[str], str]:
    """Return a reader of one word of a list."""

    def read(text: str) -> str:
        if text not in options:
            raise UnfitError(_("expected one of: {options}."), options=", ".join(options))
        return text

    return read


def words_of(text: str) -> list[str]:
    """Return what stands between commas."""
    return [part.strip() for part in text.split(",") if part.strip()]


def doors(text: str) -> list[str]:
    """Return the doors that are served."""
    named = words_of(text)
    if not named or set(named) - {"public", "desk"}:
        raise UnfitError(_("expected public, desk or both, with a comma between."))
    return named


def hosts(text: str) -> list[str]:
    """Return host names, without scheme and port."""
    for name in words_of(text):
        if not HOST.match(name):
            raise UnfitError(_("“{host}” is no host name: no scheme, port or path."), host=name)
    return words_of(text)


def origin(text: str) -> str:
    """Return an address of the form ``https://host`` or ``https://host:port``."""
    try:
        parts = urlsplit(text)
        is_whole = bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_whole = False
    if (
        not is_whole
        or parts.scheme not in {"http", "https"}
        or parts.path.strip("/")
        or parts.query
    ):
        raise UnfitError(_("expected a whole address, such as https://hiwar.example.org."))
    return text.rstrip("/")


def bind(text: str) -> str:
    """Return an address and port to listen on."""
    _address, _colon, port = text.rpartition(":")
    if not _colon or not port.isdigit() or not 0 < int(port) < 65536:
        raise UnfitError(_("expected address:port, such as 127.0.0.1:8000."))
    return text


def languages(text: str) -> list[str]:
    """Return codes of languages that the framework knows."""
    codes = words_of(text)
    for code in codes:
        if "name_local" not in LANG_INFO.get(code, {}):
            raise UnfitError(
                _("“{code}” is no code of a language: expected such as ar,en."), code=code
            )
    return list(dict.fromkeys(codes))


def zone(text: str) -> str:
    """Return the name of a time zone of the zone data."""
    try:
        ZoneInfo(text)
    except (OSError, ValueError, ZoneInfoNotFoundError) as error:
        raise UnfitError(
            _("there is no such time zone: expected such as Africa/Nairobi or UTC.")
        ) from error
    return text


def place(text: str) -> dict[str, str]:
    """Return the name of a place in each language: ``fr=La Ville,en=The Town``."""
    pairs = [part.partition("=") for part in words_of(text)]
    if not all(code.strip() and name.strip() for code, _sign, name in pairs):
        raise UnfitError(_("expected a name in each language, such as fr=La Ville,en=The Town."))
    return {code.strip(): name.strip() for code, _sign, name in pairs}


def country(text: str) -> str:
    """Return the code of a country (ISO 3166), in capitals; empty for the one of the time zone."""
    if text and not re.fullmatch(r"[A-Za-z]{2}", text):
        raise UnfitError(_("expected the two letters of a country, such as FR."))
    return text.upper()


def log_level(text: str) -> str:
    """Return a level of the log."""
    return choice("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")(text.upper())


def mailbox(text: str) -> str:
    """Return an e-mail address, with or without the name of the sender before it."""
    address = text[text.rfind("<") + 1 : -1] if text.endswith(">") else text
    if not MAILBOX.match(address):
        raise UnfitError(_("expected an e-mail address, such as hiwar@example.org."))
    return text


def long_token(text: str) -> str:
    """Return a word that opens something, long enough that nobody guesses it."""
    if text and len(text) < LEAST_TOKEN:
        raise UnfitError(_("expected at least 32 characters, such as openssl rand -hex 32 prints."))
    return text


def mailboxes(text: str) -> list[str]:
    """Return e-mail addresses, comma-separated."""
    return [mailbox(address) for address in words_of(text)]


def mail_server(*schemes: str) -> Callable[[str], dict[str, Any]]:
    """Return a reader of addresses of mail servers: ``smtp+tls://user:password@host:port``."""

    def read(text: str) -> dict[str, Any]:
        # Former versions named the console as a server, which means: none.
        if not text or text.startswith("consolemail:"):
            return {}
        try:
            parts = urlsplit(text)
            port = parts.port
        except ValueError:
            parts, port = urlsplit(""), None
        if parts.scheme not in schemes or not parts.hostname:
            raise UnfitError(
                _("expected an address that begins with one of: {schemes}, such as {example}."),
                schemes=", ".join(f"{scheme}://" for scheme in schemes),
                example=f"{schemes[0]}://user:password@mail.example.org",
            )
        standard, security = MAIL_PORTS[parts.scheme]
        return {
            "host": parts.hostname,
            "port": port or standard,
            "user": unquote(parts.username or ""),
            "password": unquote(parts.password or ""),
            "security": security,
            "folder": unquote(parts.path.strip("/")) or "INBOX",
        }

    return read


def database(text: str) -> dict[str, Any]:
    """Return what Django needs of an address of a database; only the two kinds there are."""
    scheme = text.partition(":")[0]
    if scheme not in {"sqlite", "postgres", "postgresql"}:
        raise UnfitError(_("expected sqlite:///FILE or postgres://user:password@host:port/name."))
    try:
        config: dict[str, Any] = environ.Env.db_url_config(text)
    except (ValueError, ImproperlyConfigured) as error:
        raise UnfitError(
            _("expected sqlite:///FILE or postgres://user:password@host:port/name.")
        ) from error
    if not config.get("NAME"):
        raise UnfitError(_("the address names no database."))
    return config


def folder(text: str) -> Path:
    """Return a folder that this user can write, or could make."""
    path = Path(text)
    standing = next((above for above in (path, *path.parents) if above.exists()), Path("/"))
    if path.is_dir() and os.access(path, os.W_OK | os.X_OK):
        return path
    try:
        # Only an attempt tells: rights, read-only volumes and what is no real disk all differ.
        with tempfile.TemporaryDirectory(prefix=".hiwar-", dir=standing):
            return path
    except OSError as error:
        raise UnfitError(
            _("{folder} cannot be written ({reason}): name a folder of this user."),
            folder=standing, reason=error.strerror,
        ) from error  # fmt: skip


def recipients(text: str) -> list[str]:
    """Return the public keys that backups are encrypted to."""
    for public in words_of(text):
        try:
            key_bytes(public, PUBLIC)
        except ValueError as error:
            message = _("expected public keys as hiwar backup --new-key prints them.")
            raise UnfitError(message) from error
    return words_of(text)


def key(text: str) -> str:
    """Return a secret key; how good it must be is asked where it is known who reaches it."""
    return text


YEARS, LEAST_TOKEN = 3650, 32
SCHEMA = {
    setting.name: setting
    for setting in (
        Setting("HIWAR_SECRET_KEY", None, key, "text", is_secret=True),
        Setting("HIWAR_SECRET_KEY_FALLBACKS", "", words_of, "texts", is_secret=True),
        Setting("HIWAR_KEY", "", key, "text", is_secret=True),
        Setting("HIWAR_DEMO", "off", flag, "on, off"),
        Setting("HIWAR_DEBUG", "off", flag, "on, off"),
        Setting("HIWAR_DATA", "var", folder, "folder"),
        Setting("HIWAR_LOG_LEVEL", "INFO", log_level, "DEBUG to CRITICAL"),
        Setting("HIWAR_DOORS", "public,desk", doors, "public, desk"),
        Setting("HIWAR_HOSTS", "localhost,127.0.0.1", hosts, "host names"),
        Setting("HIWAR_DESK_HOSTS", "", hosts, "host names"),
        Setting("HIWAR_ORIGIN", "", origin, "address"),
        Setting("HIWAR_LOG_NAME", "", str, "text"),
        Setting("HIWAR_RECEIPT_DAYS", "60", whole(0, YEARS), "0 to 3650"),
        Setting("HIWAR_DESK_ORIGIN", "", origin, "address"),
        Setting("HIWAR_BIND", "127.0.0.1:8000", bind, "address:port"),
        Setting("HIWAR_HTTPS", "on", flag, "on, off"),
        Setting("HIWAR_HSTS_SECONDS", "31536000", whole(0, 63_072_000), "0 to 63072000"),
        Setting("HIWAR_TRUSTED_PROXY", "off", flag, "on, off"),
        Setting("HIWAR_STATIC_HASHED", "on", flag, "on, off"),
        Setting("HIWAR_DATABASE_URL", "", database, "sqlite, postgres", is_secret=True),
        Setting("HIWAR_WORKERS", "1", whole(0, 64), "0 to 64"),
        Setting("HIWAR_WORKER_PLACES", "3", whole(1, 64), "1 to 64"),
        Setting("HIWAR_LANGUAGES", "ar,en", languages, "codes"),
        Setting("HIWAR_TIME_ZONE", "UTC", zone, "name"),
        Setting("HIWAR_PLACE", "", place, "names"),
        Setting("HIWAR_COUNTRY", "", country, "two letters"),
        Setting("HIWAR_MONTH_NAMES", "gregorian", choice("gregorian", "levantine"),
                "gregorian, levantine"),
        Setting("HIWAR_DIGITS", "latin", choice("latin", "arabic"), "latin, arabic"),
        Setting("HIWAR_SESSION_IDLE_MINUTES", "15", whole(1, 1440), "1 to 1440"),
        Setting("HIWAR_SESSION_HOURS", "8", whole(1, 24), "1 to 24"),
        Setting("HIWAR_CONFIRMATION_MINUTES", "5", whole(1, 60), "1 to 60"),
        Setting("HIWAR_SIGN_IN_FAILURES", "5", whole(1, 100), "1 to 100"),
        Setting("HIWAR_SIGN_IN_PAUSE_MINUTES", "15", whole(1, 1440), "1 to 1440"),
        Setting("HIWAR_INVITATION_DAYS", "7", whole(1, 90), "1 to 90"),
        Setting("HIWAR_MAIL_URL", "", mail_server("smtp+tls", "smtps", "smtp", "smtp+ssl"),
                "address", is_secret=True),
        Setting("HIWAR_MAIL_FROM", "hiwar@localhost", mailbox, "e-mail address"),
        Setting("HIWAR_MAIL_IN_URL", "", mail_server("imaps", "imap+tls", "imap"), "address",
                is_secret=True),
        Setting("HIWAR_MAIL_AUTHSERV", "", str, "text"),
        Setting("HIWAR_MAIL_DKIM_SELECTOR", "", str, "text"),
        Setting("HIWAR_TEXT_FOLDER", "", str, "folder"),
        Setting("HIWAR_DNS_SERVER", "", str, "text"),
        Setting("HIWAR_MAIL_PER_HOUR", "3600", whole(1, 1_000_000), "1 to 1000000"),
        Setting("HIWAR_MESSAGE_DAYS", "30", whole(1, YEARS), "1 to 3650"),
        Setting("HIWAR_PRACTICE", "off", flag, "on, off"),
        Setting("HIWAR_BACKUP_TO", "", str, "folder"),
        Setting("HIWAR_BACKUP_RECIPIENTS", "", recipients, "public keys"),
        Setting("HIWAR_BACKUP_COPY_TO", "", str, "folder"),
        Setting("HIWAR_BACKUP_COPY_COMMAND", "", str, "file"),
        Setting("HIWAR_BACKUP_DAYS", "35", whole(1, YEARS), "1 to 3650"),
        Setting("HIWAR_METRICS", "off", choice("off", "loopback", "token"), "off, loopback, token"),
        Setting("HIWAR_METRICS_TOKEN", "", long_token, "text", is_secret=True),
        Setting("HIWAR_ALARM_TO", "", mailboxes, "e-mail addresses"),
        Setting("HIWAR_TEST_POSTGRES_URL", "", str, "address", is_secret=True),
    )
}  # fmt: skip
EMPTY: dict[Callable[[str], Any], Any] = {origin: "", database: None}


@dataclass(slots=True)
class Reading:
    """Values by name, and what is wrong; a setting with a finding has its default."""

    values: dict[str, Any] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def __getitem__(self, name: str) -> Any:
        return self.values[name]


def read(environment: Mapping[str, str], home: Path) -> Reading:
    """Read every setting of an environment; relative folders lie in ``home``.

    ``NAME_FILE`` names a file that holds the value. Nothing is raised: see ``Reading.findings``.
    """
    reading = Reading()
    for setting in SCHEMA.values():
        _read_one(setting, environment, home, reading)
    _ask_for_folder(reading, home)
    if (path := environment.get("HIWAR_ENV_FILE")) and not Path(path).exists():
        message = _("there is no file {path}.")
        reading.findings.append(Finding("HIWAR_ENV_FILE", message, {"path": path}))
    known = {*SCHEMA, *(f"{name}_FILE" for name in SCHEMA), *BESIDE}
    for name in sorted(environment):
        if name.startswith("HIWAR_") and name not in known:
            nearest = get_close_matches(name, [*SCHEMA, "HIWAR_ENV_FILE"], n=1, cutoff=0.0)[0]
            message = _("there is no such setting; the nearest name is {nearest}.")
            reading.findings.append(Finding(name, message, {"nearest": nearest}))
    return reading


def _read_one(
    setting: Setting, environment: Mapping[str, str], home: Path, reading: Reading
) -> None:
    text, shown = environment.get(setting.name, ""), None
    try:
        if path := environment.get(f"{setting.name}_FILE", ""):
            text = _content(path)
        if not text.strip() and setting.default is None:
            raise UnfitError(_("nothing starts without it: see docs/operations/settings.md."))
        text = (text.strip() if setting.read is not key else text) or (setting.default or "")
        shown = None if setting.is_secret else text
        reading.values[setting.name] = _value(setting, text, home)
    except UnfitError as unfit:
        finding = Finding(setting.name, unfit.message, unfit.values, shown)
        reading.findings.append(finding)
        default = setting.default
        usable = "" if default is None or setting.read is folder else default
        reading.values[setting.name] = (
            home / "var" if setting.read is folder else _value(setting, usable, home)
        )


def _value(setting: Setting, text: str, home: Path) -> Any:
    if not text and setting.read in EMPTY:
        return EMPTY[setting.read]
    return setting.read(str(home / text) if setting.read is folder else text)


def _content(path: str) -> str:
    try:
        return Path(path).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise UnfitError(
            _("the file {path} cannot be read ({reason})."), path=path, reason=reason
        ) from error


def _ask_for_folder(reading: Reading, home: Path) -> None:
    """Give SQLite its file: in the data folder, or in one that stands already."""
    data, config = reading["HIWAR_DATA"], reading["HIWAR_DATABASE_URL"]
    if config is None:
        config = reading.values["HIWAR_DATABASE_URL"] = {
            "ENGINE": "django.db.backends.sqlite3", "NAME": str(data / "hiwar.sqlite3"),
        }  # fmt: skip
    if not config["ENGINE"].endswith("sqlite3"):
        return
    path = home / config["NAME"]
    config["NAME"] = str(path)
    if not path.parent.is_dir() and path.parent != data:
        message = _("there is no folder {folder}: make it, or name another file.")
        reading.findings.append(
            Finding("HIWAR_DATABASE_URL", message, {"folder": str(path.parent)})
        )
