"""Voting in four rooms on the statements of the third dialogue, through the screens (O4, 5)."""

from __future__ import annotations

import csv
import io
import json
import random
import re
import zipfile
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from factories.accounts import InstitutionFactory, UserFactory
from hiwar.common.models import AuditEntry
from hiwar.dialogues.actions import maps
from hiwar.dialogues.actions.demo import load_dialogue
from hiwar.dialogues.actions.votes import cast_votes
from hiwar.dialogues.models import Dialogue, MapRequest, Participant, Publication, Vote
from hiwar.dialogues.queries.results import bundle_of, mark_of_votes
from hiwar.dialogues.queries.statements import open_statements
from hiwar.engine.ledger.verifier import main
from journeys.test_o4_session import enter, prepare

if TYPE_CHECKING:
    from hiwar.accounts.models import User
    from hiwar.dialogues.models import VotingRoom

pytestmark = [pytest.mark.django_db, pytest.mark.exhaustive("journeys")]
DEMO = Path(__file__).parents[2] / "demo"
SEED = 20261123
NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
# People of each room by camp.
PEOPLE = ((17, 17), (6, 5), (9, 9), (4, 5))
DIVIDING = tuple((a, 0) for a, _b in PEOPLE)
# How many of each camp agree in Ramallah, Gaza, Hebron and online. The first three reach 60 % in
# every room and camp, the fourth nearly everybody; the others fail in one place, which is named.
AGREE = {
    1: ((12, 12), (5, 4), (7, 7), (3, 3)),
    2: ((14, 11), (5, 3), (7, 6), (3, 4)),
    3: ((11, 12), (4, 4), (6, 7), (3, 4)),
    4: ((16, 16), (6, 5), (9, 8), (4, 4)),
    5: ((12, 12), (5, 4), (5, 5), (3, 3)),  # Hebron: 10 of 18
    6: ((10, 10), (5, 4), (7, 7), (3, 3)),  # Ramallah: 20 of 34
    7: ((12, 12), (3, 2), (7, 7), (3, 3)),  # Gaza and online together: 11 of 20
    8: ((16, 8), (6, 2), (8, 4), (4, 2)),  # the second camp: 16 of 36
}
BRIDGING = [1, 2, 3, 4]


def desk(name: str, *parts: object) -> str:
    return reverse(f"dialogues:{name}", args=parts)


def answers_by_person() -> list[list[dict[int, int]]]:
    """Return for each room the votes of each person, made from a fixed seed."""
    chance = random.Random(SEED)
    rooms: list[list[dict[int, int]]] = []
    for at, sizes in enumerate(PEOPLE):
        camps: list[list[dict[int, int]]] = [[{} for _one in range(size)] for size in sizes]
        for number in range(1, 26):
            for camp, people in enumerate(camps):
                wanted = AGREE.get(number, DIVIDING)[at][camp]
                agreeing = set(chance.sample(range(len(people)), wanted))
                for place, person in enumerate(people):
                    other = -1 if number > 8 or chance.random() < 0.7 else 0
                    person[number] = 1 if place in agreeing else other
        rooms.append([person for people in camps for person in people])
    return rooms


def come_in(room: VotingRoom, code: str = "") -> tuple[Client, Participant]:
    """Scan the code on the wall of a room, or type one from paper, and press the button."""
    before = set(Participant.objects.values_list("pk", flat=True))
    client = Client(headers={"accept-language": "ar"})
    if code:
        path = f"/ar/d/{room.dialogue.code}/join/"
        assert client.post(path, {"code": code}).status_code == 302
    else:
        shown = client.get(f"/j/{room.code}", follow=True)
        assert "أنت على وشك التصويت" in shown.content.decode()
        path = shown.redirect_chain[-1][0]
        assert client.post(path).status_code == 302
    [key] = set(Participant.objects.values_list("pk", flat=True)) - before
    return client, Participant.objects.get(pk=key)


def on_phones(room: VotingRoom, people: list[dict[int, int]], codes: list[str]) -> None:
    """Let everybody in; the first votes on the pages, the others through the same core."""
    for place, answers in enumerate(people):
        client, person = come_in(room, codes[place] if codes else "")
        if place == 0:
            vote_on_pages(client, room.dialogue.code, answers)
            assert Vote.objects.filter(participant=person).count() == 25
            continue
        choices = [(n, choice, False, n) for n, choice in answers.items()]
        told = cast_votes(dialogue=room.dialogue, participant=person.pk, choices=choices)
        assert not any(told)


def vote_on_pages(client: Client, code: str, answers: dict[int, int]) -> None:
    path = f"/ar/d/{code}/vote/"
    for number, choice in answers.items():
        page = client.get(path, {"statement": number}).content.decode()
        found = re.search(r'name="sequence" value="(\d+)"', page)
        assert found
        given = {"statement": number, "choice": choice, "sequence": found[1]}
        assert client.post(path, given).status_code == 302


def on_paper(client: Client, room: VotingRoom, people: list[dict[int, int]]) -> None:
    """Enter a form for each person at the desk; one is sent twice and one taken back."""
    path = desk("paper", room.dialogue.code, room.pk)
    for place, answers in enumerate([*people, people[0]]):
        page = client.get(path).content.decode()
        found = re.search(r'name="key" value="([^"]+)"', page)
        assert found
        given = {"key": found[1], **{f"s{n}": str(choice) for n, choice in answers.items()}}
        assert client.post(path, given).status_code == 302
        if place == 0:
            assert client.post(path, given).status_code == 302
    assert Participant.objects.filter(room=room).count() == len(people) + 1
    client.post(desk("take_back", room.dialogue.code, room.pk))
    assert Participant.objects.filter(room=room).count() == len(people)


@pytest.fixture
def voted(
    director: User,
    facilitator: User,
    monkeypatch: pytest.MonkeyPatch,
    settings: Any,
    tmp_path: Path,
) -> tuple[Client, Dialogue]:
    """Hold the session: tie its rooms to the dialogue and let 72 people vote."""
    settings.DATA = tmp_path
    InstitutionFactory.create()
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    hebron = UserFactory.create(email="hebron@house.example", roles=["facilitator"])
    areej = enter(facilitator)
    event = prepare(areej, [facilitator, facilitator, hebron, facilitator])
    document = json.loads((DEMO / "dialogues/dialogue-local-elections.json").read_text("utf-8"))
    dialogue = load_dialogue(
        document=document, folder=DEMO, runner=facilitator, moderator=director, at=NOW
    )
    assert open_statements(dialogue).count() == 25

    empty = areej.get(desk("rooms", dialogue.code)).content.decode()
    assert "لا يصوّت أحد في القاعات بعد" in empty
    assert areej.post(desk("room_list", dialogue.code), {"event": event.pk}).status_code == 302
    rooms = list(dialogue.voting_rooms.order_by("position"))
    assert [one.label["ar"] for one in rooms] == ["رام الله", "غزة", "الخليل", "خارج الوطن"]
    wall = Client().get(f"/ar/d/{dialogue.code}/wall/", {"room": rooms[0].code}).content.decode()
    assert f"/j/{rooms[0].code}" in wall
    assert "رام الله" in wall

    # Who leads the women-only room alone handles its papers; everybody else meets a closed door.
    assert areej.get(desk("paper", dialogue.code, rooms[2].pk)).status_code == 404
    assert enter(hebron).get(desk("paper", dialogue.code, rooms[2].pk)).status_code == 200

    sheet = areej.post(
        desk("invite", dialogue.code),
        {"label": "الخليل", "size": "18", "trust": "2", "room": rooms[2].pk},
    ).content.decode()
    codes = re.findall(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}", sheet)
    assert len(codes) == 18
    ramallah, gaza, women, online = answers_by_person()
    on_phones(rooms[0], ramallah, [])
    on_paper(areej, rooms[1], gaza)
    on_phones(rooms[2], women, codes)
    on_phones(rooms[3], online, [])
    maps.refresh_opinion_map(dialogue=dialogue, now=NOW)
    return areej, dialogue


def states(page: str) -> dict[int, str]:
    found = re.findall(r'data-bridging="(\w+)" data-statement="(\d+)"', page)
    return {int(number): state for state, number in found}


def bridging_statements_are_listed(areej: Client, dialogue: Dialogue) -> None:
    seated = Participant.objects.filter(dialogue=dialogue)
    assert sorted(seated.filter(room=one).count() for one in dialogue.voting_rooms.all()) == [
        9, 11, 18, 34,
    ]  # fmt: skip
    page = areej.get(desk("rooms", dialogue.code)).content.decode()
    assert "4 من 25" in page
    assert "60%" in page
    told = states(page)
    assert sorted(number for number, state in told.items() if state == "bridging") == BRIDGING
    assert set(told.values()) == {"bridging", "missed"}

    lines = list(
        csv.DictReader(io.StringIO(export(areej, dialogue, "rooms.csv").decode("utf-8-sig")))
    )
    where = {int(line["الرأي"]): line["أين لم تتحقق"] for line in lines}
    others = "قاعات أخرى مجتمعة (غزة، خارج الوطن)"
    assert where[5] == "الخليل"
    assert where[6] == "رام الله"
    assert where[7] == others
    assert re.fullmatch(r"المجموعة (أ|ب)", where[8])
    assert [where[number] for number in BRIDGING] == ["", "", "", ""]
    hebron = next(line for line in lines if line["الرأي"] == "5")
    assert (hebron["الخليل: أوافق"], hebron["الخليل: الأصوات"]) == ("10", "18")
    assert "10 من 18 (56%)" in page
    assert "20 من 34 (59%)" in page
    assert "11 من 20 (55%)" in page


def export(client: Client, dialogue: Dialogue, name: str) -> bytes:
    response = client.get(desk("rooms_file", dialogue.code, name))
    assert response.status_code == 200
    return response.content


def the_small_room_cannot_be_worked_out(areej: Client, dialogue: Dialogue) -> None:
    """Subtract everything from everything: no difference is of one to nine people."""
    content = export(areej, dialogue, "rooms.csv").decode("utf-8-sig")
    heading, *lines = list(csv.reader(io.StringIO(content)))
    votes = [at for at, title in enumerate(heading) if title.endswith(": الأصوات")]
    rooms = [at for at in votes if not heading[at].startswith("المجموعة")]
    assert len(rooms) == 3
    for line in lines:
        number = int(line[0])
        total = Vote.objects.filter(statement__dialogue=dialogue, statement__number=number).count()
        seen = [int(line[at]) for at in rooms]
        assert sum(seen) == total == 72
        parts = [*seen, total]
        sums = {sum(some) for size in range(1, 4) for some in combinations(seen, size)}
        differences = {abs(one - other) for one in sums | {total} for other in sums | {total}}
        # 34 - 20 and the like are people of two rooms; what is left of a total is what matters.
        assert all(total - one >= 10 or total == one for one in sums)
        assert min(parts) >= 10
        assert 9 not in differences
    # Nearly everybody agrees with the fourth: no numbers are told of it, only steps.
    fourth = next(line for line in lines if line[0] == "4")
    for at in rooms:
        assert fourth[at - 3 : at] == ["", "", ""]
        assert fourth[at + 3] == "الجميع تقريباً يوافقون"


def the_sheet_says_what_the_page_says(areej: Client, dialogue: Dialogue) -> None:
    page = areej.get(desk("rooms", dialogue.code)).content.decode()
    text = list(csv.reader(io.StringIO(export(areej, dialogue, "rooms.csv").decode("utf-8-sig"))))
    book = load_workbook(io.BytesIO(export(areej, dialogue, "rooms.xlsx")))
    sheet = book.active
    assert sheet.sheet_view.rightToLeft
    rows = [["" if cell is None else str(cell) for cell in row] for row in sheet.values]
    assert rows == text
    heading, *lines = text
    agree = [at for at, title in enumerate(heading) if title.endswith(": أوافق")]
    table = page[page.index('id="rooms"') :]
    for line in lines:
        row = table[table.index(f'data-statement="{line[0]}"') :].split("</tr>")[0]
        for at in agree:
            if line[at]:
                assert f"{line[at]} من {line[at + 3]} (" in row, (line[0], heading[at])


def nothing_links_a_vote_to_somebody_who_was_there() -> None:
    related = {
        field.related_model._meta.label_lower
        for field in Participant._meta.get_fields()
        if field.related_model is not None and not field.auto_created
    }
    assert related == {
        "dialogues.dialogue", "dialogues.participant", "dialogues.votingroom", "places.place",
    }  # fmt: skip
    entries = AuditEntry.objects.filter(verb__startswith="dialogues.votingroom")
    assert entries.count() == 12 + 1
    assert not any("choice" in str(one.changed) for one in entries)


def test_bridging_statements_of_four_rooms(voted: tuple[Client, Dialogue]) -> None:
    areej, dialogue = voted
    bridging_statements_are_listed(areej, dialogue)
    the_small_room_cannot_be_worked_out(areej, dialogue)
    the_sheet_says_what_the_page_says(areej, dialogue)
    nothing_links_a_vote_to_somebody_who_was_there()


def test_rooms_are_published_and_the_votes_still_recounted(
    voted: tuple[Client, Dialogue], director: User, tmp_path: Path
) -> None:
    areej, dialogue = voted
    assert areej.post(desk("close", dialogue.code)).status_code == 302
    dialogue.refresh_from_db()
    maps.refresh_opinion_map(dialogue=dialogue, now=NOW + timedelta(hours=1))
    MapRequest.objects.update_or_create(
        dialogue=dialogue, defaults={"mark": mark_of_votes(dialogue)}
    )
    salma = enter(director)
    salma.post(desk("prepare", dialogue.code), {"tier": dialogue.publication_tier})
    version = Publication.objects.get(dialogue=dialogue)
    salma.post(desk("publish", dialogue.code, version.version), {"when": "now"})
    page = Client().get(f"/ar/d/{dialogue.code}/results/").content.decode()
    assert "في القاعات" in page
    assert "4 من 25" in page
    assert "لا يمكن إعادة عدّ هذه الأرقام" in page
    assert sorted(n for n, state in states(page).items() if state == "bridging") == BRIDGING
    published = json.loads(
        Client().get(f"/ar/d/{dialogue.code}/data/{version.version}/results.json").content
    )
    # Phones less Ramallah would be the nine online, so nothing is told by way in and statement.
    assert published["headline"]["kind"] == "both"
    assert published["headline"]["statements"] == {}
    labels = [[name["ar"] for name in row["names"]] for row in published["rooms"]["rows"]]
    assert labels == [["رام الله"], ["الخليل"], ["غزة", "خارج الوطن"]]
    assert not [
        cell
        for one in published["rooms"]["statements"]
        for cell in one["rows"]
        if 0 < cell.get("seen", 10) < 10
    ]
    file = tmp_path / "votes.zip"
    file.write_bytes(bundle_of(version))
    assert main([str(file)]) == 0
    with zipfile.ZipFile(file) as archive:
        assert "لا يمكن إعادة عدّ أعداد القاعات" in archive.read("method.md").decode()
        assert json.loads(archive.read("sdc.json"))["smallest_room"] == 10
