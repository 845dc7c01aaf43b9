"""O1, step 15: everybody who left an address is told by it, in counts known beforehand."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from channels.conftest import NOON, Clock
from factories.accounts import InstitutionFactory, UserFactory, sign_in_fully
from factories.imports import at, work
from factories.imports import send as send_files
from hiwar.channels.models import Address, Batch, Channel, Message
from hiwar.channels.tasks import send_due
from hiwar.common.jobs.worker import work_off
from hiwar.dialogues.actions.demo import load_dialogue
from hiwar.dialogues.models import Dialogue, Participant, ToldAddress
from hiwar.dialogues.queries.imports import KIND
from hiwar.places.actions import load_place_pack

if TYPE_CHECKING:
    from datetime import datetime

    from django.test import Client
    from pytest_django.fixtures import SettingsWrapper

pytestmark = [pytest.mark.django_db, pytest.mark.exhaustive("journeys")]
DEMO = Path(__file__).resolve().parents[2] / "demo"
SCENARIO = DEMO / "scenario"
FILES = (
    ("participants", "s1-participants.csv", {"to_be_told": "yes"}),
    ("votes", "s1-votes-web.csv", {}),
    ("messages", "s1-sms-inbound.csv", {}),
    ("forms", "s1-paper-forms.csv", {}),
)


@pytest.fixture
def folder(settings: SettingsWrapper, tmp_path: Path) -> Path:
    settings.PRACTICE = settings.DEMO = False
    settings.DATA = tmp_path / "var"
    folder = tmp_path / "texts"
    for each in (settings.DATA, folder):
        each.mkdir()
    settings.TEXT_FOLDER = str(folder)
    return folder


@pytest.fixture
def forum(roles: None, now: datetime, monkeypatch: pytest.MonkeyPatch) -> Dialogue:
    """Return the forum with its statements, open, without anybody in it."""
    monkeypatch.setattr("hiwar.dialogues.actions.demo.fill_demo", lambda *_parts: None)
    InstitutionFactory.create()
    nadim = UserFactory.create(roles=["programme_manager"])
    load_place_pack(actor=None, folder=DEMO / "places", now=now)
    document = json.loads((DEMO / "dialogues/dialogue-youth-employment.json").read_text("utf-8"))
    return load_dialogue(document=document, folder=DEMO, runner=nadim, moderator=nadim, at=now)


def words_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def bring_in_all(desk: Client, forum: Dialogue, now: datetime) -> None:
    """Bring the four files in by the desk, and join who came by two ways."""
    for kind, name, options in FILES:
        file = (name, (SCENARIO / name).read_bytes())
        answer, run = send_files(desk, KIND, forum.pk, file=file, kind=kind, **options)
        assert run is not None, answer
        work(now)
        desk.post(at("confirm_import", run))
        work(now)
        run.refresh_from_db()
        assert run.state == "done"
    merges = reverse("dialogues:merges", args=[forum.code])
    desk.post(merges, {"do": "look"})
    pairs = [str(key) for key in forum.merge_proposals.values_list("pk", flat=True)]
    desk.post(merges, {"do": "accept", "selected": pairs})


def test_203_in_the_outbox_35_to_be_told_in_person_2_opted_out(
    client: Client, forum: Dialogue, folder: Path, now: datetime
) -> None:
    desk = sign_in_fully(client, UserFactory.create(roles=["director"])) or client
    bring_in_all(desk, forum, now)
    assert Participant.objects.filter(merged_into=None).count() == 240
    telling = reverse("dialogues:telling", args=[forum.code])
    assert "240" in words_of(desk.get(telling).text)
    desk.post(reverse("dialogues:close", args=[forum.code]))
    words: dict[str, Any] = {
        "subject_ar": "ما قلتموه وما حدث", "text_ar": "تحية، هذا ما حدث.",
        "short_ar": "ما قلتموه وما حدث: بدل التدريب صار حقا. شكرا لمشاركتكم.",
    }  # fmt: skip
    assert desk.post(telling, words).status_code == 302
    page = desk.get(telling).text
    counts = re.findall(r'class="[^"]*stat[^"]*".*?(\d[\d,.]*)', page, re.DOTALL)
    assert counts[:4] == ["240", "203", "35", "2"]

    look = reverse("dialogues:send_telling", args=[forum.code])
    assert words["short_ar"] in desk.get(look).text
    assert not Message.objects.exists(), "looking sends nothing"
    sending = desk.post(look).headers["Location"]
    batch = Batch.objects.get()
    work_off()
    assert batch.messages.count() == 203, "the first in the request, the others in a job"
    page = words_of(desk.get(sending).text)
    assert sorted(batch.left_out.values()) == [2, 35]
    assert all(re.search(rf"\b{n}\b", page) for n in (203, 35, 2))
    send_due(Clock(NOON))
    assert list(folder.iterdir()) == [], "nothing leaves before the last look"

    found = words_of(desk.get(reverse("dialogues:told_in_person", args=[forum.code])).text)
    assert "35" in found
    assert not re.search(r"\bY\d{3}\b|0590000", found), "how many, and never who"

    desk.post(sending, {"approve": "yes"})
    Channel.objects.update(quiet_from=None, quiet_until=None, per_hour=36000)
    Message.objects.update(due_at=NOON, expires_at=NOON.replace(year=2030))
    clock = Clock(NOON)
    while send_due(clock):
        clock.move(minutes=1)
    told = [json.loads(path.read_text("utf-8")) for path in folder.glob("*.json")]
    assert len({words["to"][-9:] for words in told}) == len(told) == 203
    assert {words["text"] for words in told} == {words["short_ar"]}
    states = set(ToldAddress.objects.values_list("state", "sealed"))
    assert states == {("told", b""), ("out", b"")}
    assert not Address.objects.exclude(sealed=b"").exists()
