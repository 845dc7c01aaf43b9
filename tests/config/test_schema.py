"""Each wrong setting is told in one line that says what to do; all of them at once."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from databases import databases
from hiwar.analysis.language import translator
from hiwar.common import checks
from hiwar.config import command, schema

ROOT = Path(__file__).resolve().parents[2]
GOOD = {"HIWAR_SECRET_KEY": "u8Jq2Zx7Lm4Vt9Ws1Bn6Hc3Rf5Gy0Kd8Pe2Ai7To4Mu9Xl1Sb6"}


def lines(tmp_path, lang="en", **changed: str) -> list[str]:
    reading = schema.read({**GOOD, "HIWAR_DATA": str(tmp_path), **changed}, tmp_path)
    return [finding.text(lang) for finding in reading.findings]


def test_defaults_are_right(tmp_path):
    assert lines(tmp_path) == []
    reading = schema.read(GOOD, tmp_path)
    assert reading["HIWAR_HOSTS"] == ["localhost", "127.0.0.1"]
    assert reading["HIWAR_DATABASE_URL"]["NAME"] == str(tmp_path / "var/hiwar.sqlite3")


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"HIWAR_DEMO": "maybe"}, "HIWAR_DEMO is “maybe”: expected on or off."),
        ({"HIWAR_RECEIPT_DAYS": "-5"},
         "HIWAR_RECEIPT_DAYS is “-5”: expected a whole number, 0 to 3650."),
        ({"HIWAR_DATA": "/proc/nothing"}, "/proc cannot be written"),
        ({"HIWAR_TIMEZONE": "Asia/Hebron"},
         "HIWAR_TIMEZONE: there is no such setting; the nearest name is HIWAR_TIME_ZONE."),
        ({"HIWAR_ORIGIN": "hiwar.example.org"}, "such as https://hiwar.example.org."),
        ({"HIWAR_TIME_ZONE": "Asia/Nowhere"}, "there is no such time zone"),
        ({"HIWAR_LANGUAGES": "ar,xx"}, "“xx” is no code of a language"),
        ({"HIWAR_SECRET_KEY": ""}, "HIWAR_SECRET_KEY: nothing starts without it"),
        ({"HIWAR_SESSION_HOURS": "eight"},
         "HIWAR_SESSION_HOURS is “eight”: expected a whole number, 1 to 24."),
        ({"HIWAR_MAIL_URL": "mail.example.org:587"}, "HIWAR_MAIL_URL: expected an address that"),
        ({"HIWAR_DATABASE_URL": "mysql://a:b@c/d"}, "HIWAR_DATABASE_URL: expected sqlite:///FILE"),
        ({"HIWAR_DATABASE_URL": "sqlite:////nowhere/at/all.sqlite3"}, "no folder /nowhere/at"),
        ({"HIWAR_LOG_LEVEL": "LOUD"}, "HIWAR_LOG_LEVEL is “LOUD”: expected one of: DEBUG"),
        ({"HIWAR_SECRET_KEY_FILE": "/nowhere"}, "HIWAR_SECRET_KEY: the file /nowhere cannot be"),
        ({"HIWAR_DOORS": "window"}, "HIWAR_DOORS is “window”: expected public, desk or both"),
        ({"HIWAR_MONTH_NAMES": "roman"}, "expected one of: gregorian, levantine."),
        ({"HIWAR_DIGITS": "roman"}, "expected one of: latin, arabic."),
        ({"HIWAR_BIND": "8000"}, "expected address:port"),
        ({"HIWAR_PLACE": "Ramallah"}, "expected a name in each language"),
        ({"HIWAR_MAIL_FROM": "nobody"}, "expected an e-mail address"),
        ({"HIWAR_HOSTS": "https://hiwar.example.org"}, "is no host name"),
        ({"HIWAR_ENV_FILE": "/nowhere/.env"}, "there is no file /nowhere/.env."),
    ],
)  # fmt: skip
def test_wrong_value_is_one_line_with_what_is_expected(tmp_path, changed, told):
    (line,) = lines(tmp_path, **changed)
    assert told in line
    (arabic,) = lines(tmp_path, "ar", **changed)
    assert arabic != line
    assert re.search(r"[\u0621-\u064a]", arabic)


def test_values_of_secrets_are_not_shown(tmp_path):
    told = lines(
        tmp_path,
        HIWAR_DATABASE_URL="mysql://user:canary@host/name",
        HIWAR_MAIL_URL="canary@example.org",
    )
    assert len(told) == 2
    assert "canary" not in "".join(told)


@pytest.mark.django_db
def test_database_that_is_not_there_is_one_line(monkeypatch):
    away = {"default": {**schema.database("postgres://a:b@127.0.0.1:1/c"), "OPTIONS": {}}}
    monkeypatch.setattr(checks, "connections", databases(away))
    (refusal,) = checks.forgetful_database(databases=["default"])
    assert refusal.id == "hiwar.E200"
    assert "127.0.0.1" in refusal.msg
    assert "\n" not in refusal.msg


@pytest.mark.costly("starts the command, which reads its settings")
def test_command_tells_all_at_once_in_the_language_of_the_terminal(tmp_path):
    """What is of the wrong kind, what is misspelt and what is unsafe, and no traceback."""
    environment = {name: text for name, text in os.environ.items() if "HIWAR_" not in name}
    refused = subprocess.run(
        [sys.executable, "-c", "from hiwar.config.command import main; main()", "serve"],
        env=environment
        | {
            "HIWAR_ENV_FILE": os.devnull,
            "HIWAR_SECRET_KEY": "short",
            "HIWAR_HOSTS": "house.example.org",
            "HIWAR_SESSION_HOURS": "eight",
            "HIWAR_TIMEZONE": "UTC",
            "LC_ALL": "en_GB.UTF-8",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert refused.returncode == 2
    assert [line.partition(":")[0].partition(" ")[0] for line in refused.stderr.splitlines()] == [
        "HIWAR_SESSION_HOURS",
        "HIWAR_TIMEZONE",
        "hiwar.E101",
        "hiwar.E112",
    ]


def test_documentation_says_what_the_schema_says():
    """Each setting has a row with its default and the values it may have."""
    told = (ROOT / "docs/operations/settings.md").read_text("utf-8")
    rows = dict(re.findall(r"^\| `(HIWAR_\w+)` \| (.*?) \|", told, re.MULTILINE))
    values = dict(re.findall(r"^\| `(HIWAR_\w+)` \| .*? \| (.*?) \|", told, re.MULTILINE))
    for name, setting in schema.SCHEMA.items():
        assert values[name] == setting.values, name
        if setting.default and setting.default != "var":
            assert rows[name] == f"`{setting.default}`", name


def test_overview_names_every_command_of_ours_and_those_alone():
    ours = {
        path.stem
        for path in (ROOT / "src/hiwar").glob("*/management/commands/*.py")
        if path.stem != "__init__"
    }
    listed = {name for group in command.COMMANDS.values() for name in group}
    assert listed == ours | {"analyse", "verify", "check"}
    for lang in ("ar", "en"):
        text = command.overview(translator(lang))
        assert all(f"\n  {name}" in text for name in listed)
        assert text.index("analyse") < text.index("verify") < text.index("prepare")


def framework_commands() -> set[str]:
    from django.core.management import get_commands

    return {name for name, app in get_commands().items() if not str(app).startswith("hiwar")}


# What may be typed: it reads, or does what the house itself does with it.
HARMLESS = {
    "check", "clearsessions", "collectstatic", "compilemessages", "createcachetable", "dbshell",
    "diffsettings", "findstatic", "inspectdb", "makemessages", "makemigrations", "migrate",
    "sendtestemail", "shell", "showmigrations", "sqlmigrate", "sqlsequencereset",
}  # fmt: skip


def test_each_command_of_the_framework_is_judged():
    """A new one of a new version is refused or found harmless, by a person."""
    assert framework_commands() == HARMLESS | set(command.REFUSED)


@pytest.mark.parametrize("name", sorted(command.REFUSED))
def test_harmful_command_is_refused_with_what_to_do(name, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["hiwar", name, "--noinput"])
    with pytest.raises(SystemExit) as ended:
        command.main()
    assert ended.value.code == 2
    refusal = capsys.readouterr().err
    assert refusal.startswith(f"hiwar {name}: ")
    assert len(refusal) > 40


def test_unknown_command_names_the_nearest(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["hiwar", "prepar"])
    monkeypatch.setenv("LC_ALL", "en")
    with pytest.raises(SystemExit) as ended:
        command.main()
    assert ended.value.code == 2
    assert "hiwar prepare" in capsys.readouterr().err
