from __future__ import annotations

import json
import re
import shlex
from io import StringIO
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from hiwar.accounts.actions import demo, factors, people
from hiwar.accounts.models import Institution, Role, User
from hiwar.accounts.queries import staff_without_second_factor, the_institution
from hiwar.common.models import AuditEntry, PrivateLink, SearchDocument

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def document():
    return json.loads((ROOT / "demo/institution.json").read_text("utf-8"))


def run(command: str, *arguments: str) -> str:
    out = StringIO()
    call_command(command, *arguments, stdout=out, stderr=out)
    return out.getvalue()


@pytest.mark.exhaustive("demo")
def test_demo_loads_once(document, now):
    first = demo.load_demo(document=document, at=now)
    second = demo.load_demo(document=document, at=now)
    assert (first.added, first.there, first.wrong) == (27, 0, [])
    assert (second.added, second.there, second.wrong) == (0, 27, [])
    assert User.objects.count() == 15
    house = the_institution()
    assert house is not None
    assert len(house.pillar_names) == 2


def test_entry_that_makes_no_sense_is_told_and_the_rest_is_loaded(document, now):
    document["staff"][0]["system_role"] = "king"
    document["staff"][1]["person"] = {}
    loaded = demo.load_demo(document=document, at=now)
    assert [line.partition(":")[0] for line in loaded.wrong] == ["staff ED", "staff PM1"]
    assert User.objects.count() == 13


def test_staff_of_the_demo_sign_in_with_what_is_printed(document, now):
    from hiwar.accounts.actions.sign_in import check_password

    demo.load_demo(document=document, at=now)
    user = check_password(
        email=demo.demo_email("IT"), password=demo.PASSWORD, address="127.0.0.1", at=now
    )
    assert factors.use_app_code(user=user, code=demo.code_now("IT", now)[0], at=now)
    assert [one.email for one in staff_without_second_factor()] == ["yv@shurfa.example"]


@pytest.mark.exhaustive("demo")
def test_commands_load_print_and_remove(settings, monkeypatch):
    settings.DEMO = True
    assert ", 0 there already, 0 wrong" in run("load_demo")
    assert "demo: 0 made, " in run("load_demo")
    assert User.objects.count() == 15
    table = run("demo_codes")
    assert table.count("@shurfa.example") == 15
    assert run("demo_codes", "ed").strip().isdigit()
    with pytest.raises(CommandError, match="HIWAR_DEMO"):
        run("remove_demo", "--yes")
    settings.DEMO = False
    monkeypatch.setattr("builtins.input", lambda _sign: "another house")
    with pytest.raises(CommandError):
        run("remove_demo")
    assert User.objects.count() == 15
    SearchDocument.objects.create(
        kind="events.event", record=uuid4(), version=1, title={"en": "left over"}, body={}
    )
    told = run("remove_demo", "--yes")
    assert str(AuditEntry.objects.count()) in told
    assert not SearchDocument.objects.exists()
    assert not PrivateLink.objects.exists()
    assert not User.objects.exists()
    assert not Institution.objects.exists()
    assert Role.objects.count() == 11
    assert AuditEntry.objects.exists()


def test_demo_is_refused_where_it_is_not_allowed(settings):
    settings.DEMO = False
    for command in ("load_demo", "demo_codes"):
        with pytest.raises(CommandError, match="HIWAR_DEMO"):
            run(command)


def test_removing_the_demo_leaves_real_people(document, now, director):
    demo.load_demo(document=document, at=now)
    demo.remove_demo()
    assert list(User.objects.all()) == [director]


def test_house_opens_by_command(settings):
    link = run("open_house", "--name", "House", "--email", "a@house.example", "--language", "en")
    token = link.split()[-1].rstrip("/").rpartition("/")[2]
    assert people.find_invitation(token=token, at=timezone.now()).role.code == "director"
    people.accept_invitation(token=token, password="seven small brown goats", at=timezone.now())
    with pytest.raises(CommandError):
        run("open_house", "--name", "House", "--email", "b@house.example")


def commands_of(page: str) -> list[list[str]]:
    """Return the arguments of each `hiwar` command that a page of instructions gives, in order."""
    fences = re.findall(r"```console\n(.*?)```", (ROOT / page).read_text("utf-8"), re.DOTALL)
    lines = [line for fence in fences for line in fence.splitlines()]
    return [shlex.split(line.partition("hiwar ")[2], comments=True)
            for line in lines if line.startswith("$ .venv/bin/hiwar ")]  # fmt: skip


def test_commands_from_the_demo_to_a_house_of_ones_own(document, now, settings, tmp_path, client):
    demo.load_demo(document=document, at=now)
    settings.DATA, settings.STATIC_ROOT = tmp_path / "var", tmp_path / "var/static"
    settings.DEMO = settings.STATIC_HASHED = False
    ways = commands_of("docs/tutorial/your-house.md")
    assert [way[0] for way in ways] == [
        "remove_demo", "prepare", "open_house", "load_places", "doctor", "serve"
    ]  # fmt: skip
    said = {way[0]: run(*way) for way in ways if way[0] in {"remove_demo", "prepare", "open_house"}}
    assert not User.objects.exists()
    link = said["open_house"].split()[-1]
    assert client.get(urlsplit(link).path).status_code == 200
    assert "director@institute.example" in said["open_house"]
    with pytest.raises(CommandError, match="--again"):
        run("open_house", "--name", "House", "--email", "b@house.example")
    assert run("open_house", "--name", "House", "--email", "b@house.example", "--again")
    assert client.get(urlsplit(link).path).status_code == 410


def test_prepare_is_safe_to_run_twice(settings, tmp_path):
    settings.DATA, settings.STATIC_ROOT = tmp_path / "var", tmp_path / "var/static"
    settings.DEMO = settings.STATIC_HASHED = False
    assert "11 roles loaded" in run("prepare")
    assert "0 roles loaded" in run("prepare")
