"""Each unsafe setting is refused; the safe ones beside it pass."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.db.backends.postgresql.base import DatabaseWrapper as Postgres
from django.db.backends.sqlite3.base import DatabaseWrapper as SQLite

from databases import databases
from hiwar.common import checks

SAFE = {
    "SECRET_KEY": "u8Jq2Zx7Lm4Vt9Ws1Bn6Hc3Rf5Gy0Kd8Pe2Ai7To4Mu9Xl1Sb6",
    "DEBUG": False,
    "DEMO": False,
    "ALLOWED_HOSTS": ["house.example.org"],
    "PUBLIC_HOSTS": ["house.example.org"],
    "DESK_HOSTS": [],
    "SESSION_COOKIE_SECURE": True,
    "CSRF_COOKIE_SECURE": True,
    "TRUSTED_PROXY": True,
}


def refused(settings, **unsafe) -> list[str]:
    for name, value in {**SAFE, **unsafe}.items():
        setattr(settings, name, value)
    return [message.id for message in checks.unsafe_settings()]


def test_safe_settings_pass(settings):
    assert refused(settings) == []


@pytest.mark.parametrize(
    ("unsafe", "code"),
    [
        ({"SECRET_KEY": "short"}, "hiwar.E101"),
        ({"SECRET_KEY": "ab" * 40}, "hiwar.E101"),
        ({"ALLOWED_HOSTS": ["*"]}, "hiwar.E102"),
        ({"ALLOWED_HOSTS": [".example.org"]}, "hiwar.E102"),
        ({"DEBUG": True}, "hiwar.E103"),
        ({"SECRET_KEY": "local-only-" + SAFE["SECRET_KEY"]}, "hiwar.E104"),
        ({"SESSION_COOKIE_SECURE": False}, "hiwar.E105"),
        ({"CSRF_COOKIE_SECURE": False}, "hiwar.E105"),
        ({"DEMO": True}, "hiwar.E106"),
        ({"TRUSTED_PROXY": False}, "hiwar.E112"),
        ({"DESK_HOSTS": ["house.example.org"]}, "hiwar.E108"),
    ],
)
def test_unsafe_setting_is_refused(settings, unsafe, code):
    assert refused(settings, **unsafe) == [code]


def test_eatmydata_is_refused(settings, monkeypatch):
    monkeypatch.setenv("LD_PRELOAD", "/usr/lib/libeatmydata.so")
    assert refused(settings) == ["hiwar.E109"]


@pytest.mark.parametrize("unsafe", [{"DEBUG": True}, {"SESSION_COOKIE_SECURE": False}])
def test_what_a_public_host_must_not_have_is_fine_on_ones_own_machine(settings, unsafe):
    assert refused(settings, ALLOWED_HOSTS=["localhost", "127.0.0.1"], **unsafe) == []


def sqlite_problems(tmp_path, command: str) -> list[str]:
    connection = SQLite(
        {
            **databases({"default": {"ENGINE": "django.db.backends.sqlite3"}}).settings["default"],
            "NAME": str(tmp_path / "trial.sqlite3"),
            "OPTIONS": {"init_command": command},
        },
        "trial",
    )
    try:
        return [message.id for message in checks._forgetful_sqlite(connection)]
    finally:
        connection.close()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("command", "codes"),
    [
        ("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL", []),
        ("PRAGMA journal_mode=WAL; PRAGMA synchronous=EXTRA", []),
        ("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL", ["hiwar.E201"]),
        ("PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF", ["hiwar.E201"]),
        ("PRAGMA journal_mode=DELETE; PRAGMA synchronous=FULL", ["hiwar.E202"]),
        ("PRAGMA journal_mode=WAL; PRAGMA foreign_keys=OFF", ["hiwar.E203"]),
    ],
)
def test_forgetful_sqlite_is_refused(tmp_path, command, codes):
    assert sqlite_problems(tmp_path, command) == codes


@pytest.mark.postgres
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("options", "codes"),
    [
        ("", []),
        ("-c synchronous_commit=local", []),
        ("-c synchronous_commit=off", ["hiwar.E211"]),
    ],
)
def test_forgetful_postgres_is_refused(postgres_url, options, codes):
    import environ

    known = environ.Env.db_url_config(postgres_url)
    defaults = databases({"default": known}).settings["default"]
    connection = Postgres({**defaults, "OPTIONS": {"options": options}}, "trial")
    try:
        assert [message.id for message in checks._forgetful_postgres(connection)] == codes
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("unsafe", "said"),
    [
        ({"HIWAR_HOSTS": "house.example.org", "HIWAR_DEBUG": "on"}, "hiwar.E103"),
        ({"HIWAR_SECRET_KEY": "short"}, "hiwar.E101"),
        ({}, ""),
    ],
)
def test_server_does_not_come_up_on_unsafe_settings(unsafe, said, tmp_path):
    """The entry point that a server imports refuses, not only the check command."""
    came_up = subprocess.run(
        [sys.executable, "-c", "import hiwar.config.wsgi"],
        env={
            **os.environ,
            "HIWAR_DATABASE_URL": f"sqlite:///{tmp_path / 'trial.sqlite3'}",
            "DJANGO_SETTINGS_MODULE": "hiwar.config.settings",
            **unsafe,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert (came_up.returncode == 0) == (said == "")
    assert said in came_up.stderr


def test_settings_without_a_secret_key_do_not_load(tmp_path):
    environment = {k: v for k, v in os.environ.items() if k != "HIWAR_SECRET_KEY"}
    loaded = subprocess.run(
        [sys.executable, "-c", "import hiwar.config.settings"],
        env=environment | {"HIWAR_ENV_FILE": os.devnull},
        capture_output=True,
        text=True,
        check=False,
    )
    assert loaded.returncode != 0
    assert "HIWAR_SECRET_KEY" in loaded.stderr
