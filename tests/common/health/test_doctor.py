"""Planted faults: each is named by the list of how the house is, in both languages."""

from __future__ import annotations

import json
import os
import re
import resource
import shutil
from dataclasses import dataclass
from datetime import timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django.utils import translation

from databases import databases
from factories.accounts import UserFactory, sign_in_fully
from hiwar.accounts.models import AuthenticatorApp, Role, User
from hiwar.channels.models import Channel
from hiwar.channels.queries.ways import installation_key
from hiwar.common import checks, jobs
from hiwar.common.backup import offsite, proving
from hiwar.common.backup.copying import DUTY, keep_day
from hiwar.common.backup.sealing import new_pair
from hiwar.common.health import findings, machine, service
from hiwar.common.health.findings import State, examine, in_one_sentence
from hiwar.common.health.keys import note_keys
from hiwar.common.jobs import queue
from hiwar.common.jobs.worker import node_name
from hiwar.common.links.actions import make_link
from hiwar.common.models import AuditEntry, Duty, Erasure, Worker
from hiwar.common.personal import ledger
from hiwar.common.serving import readiness
from hiwar.config import command, schema

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from django.test import Client

pytestmark = pytest.mark.django_db
KEY = "u8Jq2Zx7Lm4Vt9Ws1Bn6Hc3Rf5Gy0Kd8Pe2Ai7To4Mu9Xl1Sb6"
MEBIBYTE = 1 << 20


@dataclass
class House:
    """A house that is well, and what a test may break in it."""

    settings: Any
    patch: pytest.MonkeyPatch
    folder: Path
    now: datetime

    @property
    def system(self) -> Path:
        return self.folder / "system"

    def write(self, path: str, text: str) -> None:
        target = self.system / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")

    def database(self, **options: str) -> None:
        """Let the start-up checks look at another file of SQLite, opened otherwise."""
        config = {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(self.folder / "trial.sqlite3"),
            "OPTIONS": {
                "init_command": "; ".join(
                    f"PRAGMA {name}={value}"
                    for name, value in {
                        "journal_mode": "wal", "synchronous": "full", "foreign_keys": "on",
                        **options,
                    }.items()
                )
            },
        }  # fmt: skip
        self.patch.setattr(checks, "connections", databases({"default": config}))


@pytest.fixture
def house(
    settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, now: datetime, director: User
) -> House:
    """Return a house of which nothing is red or amber but that its backups share its disk."""
    home = House(settings, monkeypatch, tmp_path, now)
    settings.DATA = tmp_path / "data"
    settings.DATA.mkdir(mode=0o700)
    settings.BACKUP_TO = tmp_path / "backups"
    settings.BACKUP_TO.mkdir()
    (settings.BACKUP_TO / "hiwar-20260101-000000.hiwar").write_bytes(b"")
    settings.BACKUP_RECIPIENTS = [new_pair()[0], new_pair()[0]]
    keep_day(now=now)
    settings.BACKUP_COPY_TO, settings.BACKUP_COPY_COMMAND = None, "/bin/copy"
    days = [proving.PROOF, f"{offsite.COPIED}:command"]
    for name in days + [proving.day_of_key(key) for key in settings.BACKUP_RECIPIENTS]:
        keep_day(now=now, name=name)
    ledger.keep_beside(settings.BACKUP_TO)
    for name, value in {
        "SECRET_KEY": KEY, "DEBUG": False, "DEMO": False, "PRACTICE": False,
        "ALLOWED_HOSTS": ["house.example.org"], "PUBLIC_HOSTS": ["house.example.org"],
        "DESK_HOSTS": [], "PUBLIC_ORIGIN": "https://house.example.org",
        "DESK_ORIGIN": "https://house.example.org", "HTTPS": True, "KEY_FILES": [],
        "SESSION_COOKIE_SECURE": True, "CSRF_COOKIE_SECURE": True, "TRUSTED_PROXY": True,
        "WORKERS": 1, "MAIL_OUT": {"host": "mail.example.org"},
        "DEFAULT_FROM_EMAIL": "house@example.org",
    }.items():  # fmt: skip
        setattr(settings, name, value)
    home.database()
    Worker.objects.create(
        name="w", node=node_name(), process=os.getpid(), started_at=now, beat_at=now
    )
    second = UserFactory.create()
    second.roles.set(director.roles.all())
    Channel.objects.create(code="mail", installation=installation_key())
    monkeypatch.setattr(machine, "ROOT", home.system)
    monkeypatch.setattr(machine, "clock_state", lambda: 0)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(resource, "getrlimit", lambda _which: (0, 0))
    usage = SimpleNamespace(total=100 << 30, free=60 << 30, used=40 << 30)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage)
    device = settings.DATA.stat().st_dev
    block = f"sys/dev/block/{os.major(device)}:{os.minor(device)}"
    home.write(f"{block}/slaves/dm-0/dm/uuid", "CRYPT-LUKS2-0")
    home.write("proc/swaps", "Filename Type Size Used Priority\n")
    home.write("proc/meminfo", "MemTotal: 4000000 kB\nMemAvailable: 2000000 kB\n")
    home.write("usr/share/zoneinfo/tzdata.zi", f"# version {now.year}a\n")
    home.write("var/lib/apt/periodic/update-success-stamp", "")
    stamp = home.system / "var/lib/apt/periodic/update-success-stamp"
    os.utime(stamp, (now.timestamp(), now.timestamp()))
    return home


def set_to(**values: Any) -> Callable[[House], None]:
    def plant(house: House) -> None:
        for name, value in values.items():
            setattr(house.settings, name, value)

    return plant


def file(path: str, text: str) -> Callable[[House], None]:
    return lambda house: house.write(path, text)


def opened_with(**options: str) -> Callable[[House], None]:
    return lambda house: house.database(**options)


def disk(**usage: int) -> Callable[[House], None]:
    return lambda house: house.patch.setattr(
        shutil, "disk_usage", lambda _path: SimpleNamespace(**usage)
    )


def no_database(house: House) -> None:
    away = {"default": {**schema.database("postgres://a:b@127.0.0.1:1/c"), "OPTIONS": {}}}
    house.patch.setattr(checks, "connections", databases(away))


def other_key(house: House) -> None:
    checks.keep_mark("another key")


def key_in_the_data(house: House) -> None:
    path = house.settings.DATA / "hiwar.key"
    path.write_text(KEY)
    path.chmod(0o600)
    house.settings.KEY_FILES = [str(path)]


def open_key_file(house: House) -> None:
    path = house.folder / "hiwar.key"
    path.write_text(KEY)
    path.chmod(0o644)
    house.settings.KEY_FILES = [str(path)]


def missing_migration(house: House) -> None:
    house.patch.setattr(readiness, "_current_tables", set())
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'asks'")


def failed_job(house: House) -> None:
    asked = jobs.enqueue("common.forget_jobs", now=house.now)
    assert queue.claim(worker="w", now=house.now)
    queue.fail(key=asked, worker="w", error=jobs.Unfit("No printer."), now=house.now)


def late_duty(house: House) -> None:
    Duty.objects.create(
        name="common.forget_jobs", next_at=house.now,
        last_success_at=house.now - timedelta(hours=5),
    )  # fmt: skip


def late_backup(house: House) -> None:
    Duty.objects.filter(name=DUTY).update(last_success_at=house.now - timedelta(days=3))


def empty_folder(house: House) -> None:
    shutil.rmtree(house.settings.BACKUP_TO)


def old(name: str, **age: int) -> Callable[[House], None]:
    def plant(house: House) -> None:
        keep_day(now=house.now - timedelta(**age), name=name)

    return plant


def other_disk_missing(house: House) -> None:
    house.settings.BACKUP_COPY_COMMAND = ""
    house.settings.BACKUP_COPY_TO = house.settings.BACKUP_TO
    keep_day(now=house.now, name=f"{offsite.COPIED}:folder")


def erasure_not_listed(house: House) -> None:
    Erasure.objects.create(
        kind="contacts.person", people=1, state=Erasure.State.DONE, asked_at=house.now
    )


def list_of_nobody(house: House) -> None:
    (house.settings.DATA / ledger.NAME).mkdir()


def list_not_beside(house: House) -> None:
    ledger.note(erasure="1", kind="contacts.person", keys=["2"])
    (house.settings.BACKUP_TO / ledger.NAME).unlink()


def channel(**values: Any) -> Callable[[House], None]:
    def plant(house: House) -> None:
        Channel.objects.update_or_create(code="mail", defaults=values)

    return plant


def bare_account(house: House) -> None:
    AuthenticatorApp.objects.all().delete()


def one_administrator(house: House) -> None:
    User.objects.filter(pk=User.objects.latest("joined_at", "pk").pk).update(is_active=False)


def no_administrator(house: House) -> None:
    Role.objects.update(permissions=[])


def forgotten_link(house: House) -> None:
    make_link(purpose="accounts.invitation", now=house.now - timedelta(days=200))


def failed_sign_ins(house: House) -> None:
    for _each in range(5):
        AuditEntry.objects.create(
            at=house.now, actor="a", verb="accounts.user.pause_sign_in", object="a"
        )


def old_key(house: House) -> None:
    note_keys(house.now - timedelta(days=800))


def few_entries(house: House) -> None:
    counts = SimpleNamespace(f_files=1000, f_favail=10)
    house.patch.setattr(os, "statvfs", lambda _path: counts)


def old_stamp(house: House) -> None:
    stamp = house.system / "var/lib/apt/periodic/update-success-stamp"
    old = (house.now - timedelta(days=20)).timestamp()
    os.utime(stamp, (old, old))


def clock_went_back(house: House) -> None:
    AuditEntry.objects.create(at=house.now + timedelta(days=1), actor="house", verb="x", object="x")


def unencrypted(house: House) -> None:
    shutil.rmtree(house.system / "sys")


FAULTS: list[tuple[str, State, Callable[[House], object]]] = [
    ("hiwar.E101", State.RED, set_to(SECRET_KEY="short")),
    ("hiwar.E102", State.RED, set_to(ALLOWED_HOSTS=["*"])),
    ("hiwar.E103", State.RED, set_to(DEBUG=True)),
    ("hiwar.E104", State.RED, set_to(SECRET_KEY="local-only-" + KEY)),
    ("hiwar.E105", State.RED, set_to(SESSION_COOKIE_SECURE=False)),
    ("hiwar.E106", State.RED, set_to(DEMO=True)),
    ("hiwar.E108", State.RED, set_to(DESK_HOSTS=["house.example.org"])),
    ("hiwar.E109", State.RED, lambda h: h.patch.setenv("LD_PRELOAD", "/lib/libeatmydata.so")),
    ("hiwar.E112", State.RED, set_to(TRUSTED_PROXY=False)),
    ("hiwar.E113", State.RED, other_key),
    ("hiwar.E114", State.RED, key_in_the_data),
    ("hiwar.E200", State.RED, no_database),
    ("hiwar.E201", State.RED, opened_with(synchronous="normal")),
    ("hiwar.E202", State.RED, opened_with(journal_mode="delete")),
    ("hiwar.E203", State.RED, opened_with(foreign_keys="off")),
    ("HIWAR_ORIGIN", State.RED, set_to(PUBLIC_ORIGIN="https://other.example.org")),
    ("HIWAR_ORIGIN", State.RED, set_to(PUBLIC_ORIGIN="http://house.example.org")),
    ("HIWAR_DESK_ORIGIN", State.RED, set_to(DESK_ORIGIN="https://desk.example.org")),
    ("HIWAR_DEMO", State.AMBER, set_to(DEMO=True)),
    ("HIWAR_PRACTICE", State.AMBER, set_to(PRACTICE=True)),
    ("HIWAR_DEBUG", State.AMBER, set_to(DEBUG=True)),
    ("tables", State.RED, missing_migration),
    ("workers", State.RED, lambda h: Worker.objects.all().delete()),
    ("workers", State.RED, set_to(WORKERS=2)),
    ("jobs", State.AMBER, failed_job),
    ("duties", State.AMBER, late_duty),
    ("backups", State.RED, set_to(BACKUP_RECIPIENTS=[])),
    ("backups", State.RED, late_backup),
    ("backups", State.RED, empty_folder),
    ("backup_recipients", State.AMBER,
     lambda h: h.settings.BACKUP_RECIPIENTS.pop()),
    ("backup_proof", State.RED, old(proving.PROOF, days=40)),
    ("backup_proof", State.AMBER, lambda h: Duty.objects.filter(name=proving.PROOF).delete()),
    ("backup_keys", State.AMBER,
     lambda h: Duty.objects.filter(name__startswith=f"{proving.PROOF}:").delete()),
    ("backup_copy", State.RED, old(f"{offsite.COPIED}:command", days=4)),
    ("backup_copy", State.AMBER, set_to(BACKUP_COPY_COMMAND="")),
    ("backup_copy", State.AMBER, other_disk_missing),
    ("erased_list", State.RED, erasure_not_listed),
    ("erased_list", State.RED, list_of_nobody),
    ("erased_list", State.RED, list_not_beside),
    ("mail", State.AMBER, set_to(MAIL_OUT={})),
    ("mail", State.AMBER, channel(state="paused")),
    ("mail", State.AMBER, channel(installation="another")),
    ("mail_sender", State.AMBER, set_to(DEFAULT_FROM_EMAIL="hiwar@localhost")),
    ("mail_spf", State.AMBER, lambda h: Channel.objects.update(dns=[["spf", "missing"]])),
    ("mail_dmarc", State.AMBER, lambda h: Channel.objects.update(dns=[["dmarc", "weak"]])),
    ("second_factors", State.AMBER, bare_account),
    ("administrators", State.AMBER, one_administrator),
    ("administrators", State.RED, no_administrator),
    ("private_links", State.AMBER, forgotten_link),
    ("sign_ins", State.AMBER, failed_sign_ins),
    ("keys", State.AMBER, old_key),
    ("version", State.AMBER, lambda h: h.patch.setattr(
        service, "laid_down", lambda: h.now - timedelta(days=400)
    )),
    ("disk", State.RED, disk(total=100 << 30, free=4 << 30)),
    ("disk", State.AMBER, disk(total=100 << 30, free=12 << 30)),
    ("disk_entries", State.RED, few_entries),
    ("memory", State.AMBER, file("proc/meminfo", "MemTotal: 500000 kB\nMemAvailable: 1 kB\n")),
    ("swap", State.AMBER, file("proc/swaps", "Filename\n/dev/sda2 partition 1 0 -2\n")),
    ("encryption", State.AMBER, unencrypted),
    ("core_dumps", State.AMBER,
     lambda h: h.patch.setattr(resource, "getrlimit", lambda _which: (-1, -1))),
    ("clock", State.RED, clock_went_back),
    ("clock", State.AMBER, lambda h: h.patch.setattr(machine, "clock_state", lambda: 5)),
    ("zone_data", State.AMBER, file("usr/share/zoneinfo/tzdata.zi", "# version 2019c\n")),
    ("updates", State.AMBER, old_stamp),
    ("updates", State.AMBER, lambda h: shutil.rmtree(h.system / "var")),
    ("restart", State.AMBER, file("run/reboot-required", "")),
    ("key_files", State.RED, open_key_file),
    ("data_folder", State.AMBER, lambda h: h.settings.DATA.chmod(0o755)),
    ("user", State.AMBER, lambda h: h.patch.setattr(os, "geteuid", lambda: 0)),
]  # fmt: skip


def unwell(now: datetime) -> dict[str, findings.Finding]:
    with translation.override("en"):
        return {f.code: f for f in examine(now) if f.state != State.GREEN}


def test_a_house_that_is_well_names_nothing(house: House) -> None:
    """Nothing but that the backups of the test lie on the disk of its data."""
    assert set(unwell(house.now)) == {"backup_disk"}
    with translation.override("en"):
        assert in_one_sentence([]) == "All is well."


@pytest.mark.parametrize(
    ("code", "state", "plant"), FAULTS, ids=[f"{n}-{f[0]}" for n, f in enumerate(FAULTS)]
)
def test_planted_fault_is_named(
    house: House, code: str, state: State, plant: Callable[[House], object]
) -> None:
    plant(house)
    english = unwell(house.now)
    assert english[code].state == state
    # What was broken is named, and little that was not: one fault is not a page of complaints.
    assert len(set(english) - {"backup_disk"}) <= 2
    with translation.override("ar"):
        arabic = {f.code: f for f in examine(house.now)}[code]
    for words in (arabic.label, arabic.text, arabic.action):
        assert re.search(r"[\u0621-\u064a]", words), words
    assert english[code].action


def test_a_look_that_fails_is_told(house: House) -> None:
    def broken(_now: datetime) -> list[findings.Finding]:
        raise ValueError("secret words")

    findings.register_look("broken", broken)
    try:
        told = unwell(house.now)["look.broken"]
    finally:
        findings._looks.pop("broken")
    assert told.state == State.RED
    assert "secret" not in told.text


def test_command_counts_what_is_urgent(
    house: House, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: house.now)
    house.settings.BACKUP_RECIPIENTS = []
    with translation.override("en"), pytest.raises(SystemExit) as ended:
        call_command("doctor", "--json")
    lines = json.loads(capsys.readouterr().out)
    assert ended.value.code == 1
    assert lines[0]["code"] == "backups"
    assert {line["state"] for line in lines} == {"red", "green"}
    with translation.override("en"), pytest.raises(SystemExit):
        call_command("doctor")
    first, *rest = capsys.readouterr().out.splitlines()
    assert first == "1 thing needs you now."
    assert rest[0].startswith("[now] Backups: ")
    assert rest[1].strip()


def test_unfit_settings_are_told_by_the_doctor_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """They keep Django from starting, so the command tells them before it."""
    finding = schema.Finding("HIWAR_DEMO", "expected on or off.", {}, "maybe")
    monkeypatch.setattr(command, "all_findings", lambda _error, _lang: [finding.text("en")])
    monkeypatch.setattr("django.setup", _unfit)
    with pytest.raises(SystemExit) as ended:
        command.manage(["doctor"], "en")
    assert ended.value.code == 1
    assert "HIWAR_DEMO" in capsys.readouterr().err


def _unfit() -> None:
    raise schema.SettingsError([])


def test_page_says_it_in_one_sentence(
    house: House, director: User, client: Client, outsider: User
) -> None:
    house.settings.BACKUP_RECIPIENTS = []
    sign_in_fully(client, director)
    asked: Any = {"headers": {"host": "house.example.org", "accept-language": "en"}, "secure": True}
    page = client.get(reverse("accounts:house"), **asked).content.decode()
    assert "thing needs you now." in page or "things need you now." in page
    assert "No backup is made by itself." in page
    sign_in_fully(client, outsider)
    assert client.get(reverse("accounts:house"), **asked).status_code == 403
