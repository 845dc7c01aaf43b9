"""Every setting is in the example and in the documentation, and nothing else is."""

from __future__ import annotations

import os
import re
import secrets
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.checks import registry

from hiwar.config.schema import SCHEMA

ROOT = Path(__file__).resolve().parents[2]
NAME = re.compile(r"\bHIWAR_[A-Z_]+[A-Z]\b")
# Read before the settings are, or by tests alone.
BESIDE = {"HIWAR_ENV_FILE", "HIWAR_REQUIRE_ALL", "HIWAR_SECRET_KEY_FILE", "HIWAR_KEY_FILE"}


def names(path: str) -> set[str]:
    return set(NAME.findall((ROOT / path).read_text("utf-8"))) - BESIDE


def test_every_setting_is_in_the_example_and_documented():
    read = names("src/hiwar/config/settings.py")
    assert set(SCHEMA) == read
    assert names(".env.example") == read
    assert names("docs/operations/settings.md") - {"HIWAR_TIMEZONE"} == read


def test_every_refusal_is_documented():
    from hiwar.common import checks

    assert checks.unsafe_settings in registry.registry.registered_checks
    assert checks.forgetful_database in registry.registry.registered_checks
    known = set(re.findall(r"hiwar\.E\d{3}", Path(checks.__file__).read_text("utf-8")))
    told = (ROOT / "docs/operations/settings.md").read_text("utf-8")
    assert {code for code in known if code not in told} == set()


def ask(question: str, **given: str) -> str:
    """Read the settings anew in an environment of their own, and print one thing."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("HIWAR_")}
    environment |= {
        "HIWAR_ENV_FILE": os.devnull,
        "HIWAR_SECRET_KEY": "x" * 50,
        "DJANGO_SETTINGS_MODULE": "hiwar.config.settings",
        **given,
    }
    done = subprocess.run(
        [sys.executable, "-c", question],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


S = "from django.conf import settings as s; "
# Only what asks for rooms reads them all: a second and a half.
ROOMS = "import django; django.setup(); "


def test_defaults_are_closed():
    told = ask(
        S
        + "print(s.DEBUG, s.DEMO, s.ALLOWED_HOSTS, s.SESSION_COOKIE_NAME, s.SESSION_COOKIE_SECURE,"
        " s.SECURE_SSL_REDIRECT, s.SECURE_HSTS_SECONDS, s.PASSWORD_HASHERS[0].rpartition('.')[2],"
        " s.SECURE_PROXY_SSL_HEADER, s.USE_X_FORWARDED_HOST)"
    )
    assert told == (
        "False False ['localhost', '127.0.0.1'] __Host-hiwar_session True True 31536000"
        " ScryptPasswordHasher None False"
    )


def test_secret_key_is_read_from_a_file(tmp_path):
    secret = tmp_path / "key"
    secret.write_text("from-a-file")
    assert ask(S + "print(s.SECRET_KEY)", HIWAR_SECRET_KEY_FILE=str(secret)) == "from-a-file"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("ar,en", "ar ['ar', 'en']"),
        ("fr,en", "fr ['fr', 'en']"),
        ("en,ar,fr", "en ['en', 'ar', 'fr']"),
    ],
)
def test_languages_are_any_set_with_the_first_as_default(given, told):
    question = S + "print(s.LANGUAGE_CODE, [code for code, _ in s.LANGUAGES])"
    assert ask(question, HIWAR_LANGUAGES=given) == told


@pytest.mark.costly("starts Django in a process of its own")
@pytest.mark.parametrize(
    ("doors", "told"),
    [("public,desk", "1 1"), ("public", "1 0"), ("desk", "0 1")],
)
def test_door_that_is_switched_off_has_no_address(doors, told):
    question = (
        ROOMS + "from django.urls import get_resolver; r = get_resolver();"
        " print('site' in r.namespace_dict and 1 or 0, 'accounts' in r.namespace_dict and 1 or 0)"
    )
    assert ask(question, HIWAR_DOORS=doors) == told


def test_demonstration_sends_nothing_whatever_the_mail_address_says():
    told = ask(
        ROOMS
        + S
        + "from hiwar.channels.queries.ways import is_practising as p;"
        + "print(s.EMAIL_BACKEND, p(None))",
        HIWAR_DEMO="on",
        HIWAR_MAIL_URL="smtp+tls://a:b@mail.example:587",
    )
    assert told == "django.core.mail.backends.dummy.EmailBackend True"


def test_sqlite_is_opened_durably(tmp_path):
    question = (
        ROOMS + "from django.db import connection as c; k = c.cursor();"
        "print(*[k.execute(f'PRAGMA {p}').fetchone()[0] for p in"
        " ('journal_mode', 'synchronous', 'foreign_keys', 'secure_delete')])"
    )
    url = f"sqlite:///{tmp_path / 'trial.sqlite3'}"
    assert ask(question, HIWAR_DATABASE_URL=url) == "wal 2 1 1"


def test_a_server_of_another_kind_finds_the_entry_point(tmp_path):
    """`hiwar serve` has read the rooms before; any other server begins with this module."""
    question = "from hiwar.config.asgi import application as a; print(callable(a))"
    url = f"sqlite:///{tmp_path / 'trial.sqlite3'}"
    key = secrets.token_hex(40)
    assert ask(question, HIWAR_SECRET_KEY=key, HIWAR_DATABASE_URL=url) == "True"
