from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from factories.dialogues import DialogueFactory, ParticipantFactory
from hiwar.accounts.actions.people import NotAllowed
from hiwar.common.models import AuditEntry
from hiwar.places.actions import load_place_pack, remove_place_pack
from hiwar.places.models import Calendar, Pause, Place, Season
from hiwar.places.queries import units_of_report

pytestmark = pytest.mark.django_db
PACK = Path(__file__).resolve().parents[2] / "demo/places"


def test_pack_loads_once(director, now):
    first = load_place_pack(actor=director, folder=PACK, now=now)
    second = load_place_pack(actor=director, folder=PACK, now=now)
    assert (first.added, first.there, first.wrong) == (54, 0, [])
    assert (second.added, second.there, second.wrong) == (0, 54, [])
    assert units_of_report().count() == 16
    assert Season.objects.filter(kind="fasting").count() == 2
    assert [one.weekday for one in Pause.objects.all()] == [5, 5]
    assert AuditEntry.objects.filter(verb="places.calendar.load").count() == 2


def test_edited_place_is_left_alone(now):
    load_place_pack(actor=None, folder=PACK, now=now)
    Place.objects.filter(code="PS-JEN").update(note="ours")
    load_place_pack(actor=None, folder=PACK, now=now)
    assert Place.objects.get(code="PS-JEN").note == "ours"


def test_pack_is_for_those_who_change_the_institution(facilitator, now):
    with pytest.raises(NotAllowed):
        load_place_pack(actor=facilitator, folder=PACK, now=now)
    assert not Place.objects.exists()


def test_row_that_makes_no_sense_is_told(tmp_path, now):
    shutil.copytree(PACK, tmp_path / "pack")
    file = tmp_path / "pack/geo-units.csv"
    file.write_text(file.read_text("utf-8") + "L-9,locality,NOWHERE,No,لا,rural,\n", "utf-8")
    loaded = load_place_pack(actor=None, folder=tmp_path / "pack", now=now)
    assert loaded.wrong == ["geo-units.csv 54: no place NOWHERE"]
    assert loaded.added == 54


def test_a_house_brings_its_places_in_by_a_command(tmp_path, capsys):
    with pytest.raises(CommandError, match=r"geo-units\.csv"):
        call_command("load_places", tmp_path)
    shutil.copytree(PACK, tmp_path / "pack")
    (tmp_path / "pack/calendar.json").write_text("{}", "utf-8")
    with pytest.raises(CommandError, match="calendars"):
        call_command("load_places", tmp_path / "pack")
    assert not Place.objects.exists(), "half a pack came in"
    call_command("load_places", PACK)
    assert "54" in capsys.readouterr().out
    assert Place.objects.filter(code="PS-JEN").exists()


def test_removal_keeps_what_is_referred_to(now):
    load_place_pack(actor=None, folder=PACK, now=now)
    dialogue = DialogueFactory.create(calendar=Calendar.objects.get(code="ps-gaza"))
    ParticipantFactory.create(dialogue=dialogue, place=Place.objects.get(code="PS-JEN"))
    assert remove_place_pack(folder=PACK) == 54 - 4  # the district, its region, its country
    assert set(Place.objects.values_list("code", flat=True)) == {"PS", "PS-WB", "PS-JEN"}
    assert [one.code for one in Calendar.objects.all()] == ["ps-gaza"]
