"""The pack on paper: what each reader's file holds and does not hold, and how it is made."""

from __future__ import annotations

import io
import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone, translation
from PIL import Image
from pypdf import PdfReader

from databases import asked
from hiwar.common import jobs
from hiwar.common.files.actions import read_file
from hiwar.common.files.storage import storage
from hiwar.common.jobs import queue
from hiwar.common.jobs.overview import failing_jobs
from hiwar.common.jobs.words import KILLED, words_of
from hiwar.common.jobs.worker import work_off
from hiwar.common.models import StoredFile
from hiwar.common.printing import PrintingAbsent
from hiwar.contacts.models import Interaction, Organisation
from hiwar.visits.actions import packs
from hiwar.visits.actions.programme import ItemChange, change_programme
from hiwar.visits.actions.stops import StopChange
from hiwar.visits.exports.pack import page_of, print_pack
from hiwar.visits.models import PackBuild, VisitItem
from hiwar.visits.queries.maps import map_of
from hiwar.visits.queries.plans import items_of
from hiwar.visits.tasks import packs_that_wait
from migrated import migrated

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.django_db

NOW = datetime(2027, 3, 22, 9, tzinfo=UTC)
FILES = [(variant, language) for variant in ("member", "staff", "press")
         for language in ("ar", "en")]  # fmt: skip
INSIDE = ("road closed", "secret talk")
NOT_FOR_MEMBERS = ("Working lunch", "wheelchair", "Hala Samir", "agreed on the phone")
NOT_FOR_PRESS = (*NOT_FOR_MEMBERS, "+970", "+46", "Zaytun", "Guest House", "16-seat", "Onsager",
                 "Lund", "Valley road", "Office of Shurfa")  # fmt: skip

PDF = b"%PDF-1.7"


def absent_here(reason: str):
    """Leave a test out and say why; the whole suite fails over it where all is required."""
    pytest.skip(reason)


def printed(visit, variant, language):
    try:
        return print_pack(visit, variant=variant, language=language)
    except PrintingAbsent as absent:
        return absent_here(str(absent))


def text_of(content: bytes) -> str:
    if shutil.which("pdftotext") is None:
        absent_here("pdftotext is absent: apt-get install poppler-utils")
    call = ["pdftotext", "-layout", "-", "-"]
    done = subprocess.run(call, input=content, capture_output=True, check=True)
    return re.sub(r"\s+", " ", done.stdout.decode())


@pytest.fixture
def full(visit, staff):
    """Return the visit after a change with a reason, and with contacts in the log."""
    host = Organisation.objects.get(code="GOV-01")
    for subject, visibility in (("agreed on the phone", "institution"), ("secret talk", "team")):
        Interaction.objects.create(organisation=host, kind="call", subject=subject,
                                   visibility=visibility, happened_on=NOW.date() - timedelta(20),
                                   made_at=NOW)  # fmt: skip
    item = VisitItem.objects.get(event__code="velmark-01")
    change = ItemChange(item=item, stop=StopChange(starts=datetime(2027, 1, 1, 9, 15).time()))  # noqa: DTZ001
    change_programme(
        actor=staff["IR"], visit=visit, changes=[change], reason="road closed", now=NOW
    )
    visit.refresh_from_db()
    return visit


@pytest.mark.parametrize(("variant", "language"), FILES)
def test_page_holds_what_its_reader_may_know_and_no_more(full, variant, language):
    page, _style = page_of(full, variant=variant, language=language)
    hidden = {"press": NOT_FOR_PRESS, "member": NOT_FOR_MEMBERS, "staff": ()}[variant]
    assert [one for one in (*INSIDE, *hidden) if one in page] == []
    if variant == "staff" and language == "en":
        assert [one for one in NOT_FOR_MEMBERS if one not in page] == []
    if variant == "press":
        assert "تُعلن أسماء الوفد" in page or "names of the delegation" in page


def test_press_reads_the_names_once_they_are_open(full):
    full.members_hidden = False
    page, _style = page_of(full, variant="press", language="en")
    assert "Ms Petra Onsager" in page
    assert "+46" not in page


@pytest.mark.costly("a whole pack is set")
def test_english_file_is_numbered_lists_its_contents_and_says_the_change_of_the_clock(full):
    made = printed(full, "press", "en")
    text = text_of(made.content)
    assert [one for one in (*INSIDE, *NOT_FOR_PRESS) if one in text] == []
    assert "Version 2, Monday, 22 March 2027, 11:00" in text
    assert text.count("In the night clocks here go forward by 60 minutes, at 02:00.") == 2
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(made.content)).pages]
    assert len(pages) == made.pages
    listed = next(page for page in pages if "Contents" in page)
    contents = dict(re.findall(r"(Programme|Map|Talking points|Twenty terms)[ .]+(\d+)", listed))
    for title, number in contents.items():
        assert title in pages[int(number) - 1], title
    assert len(contents) == 4
    assert len(made.content) < 5_000_000


@pytest.mark.costly("a whole pack is set and drawn")
def test_arabic_file_reads_from_the_right_with_joined_letters_and_latin_names(full, tmp_path):
    made = printed(full, "member", "ar")
    assert len(made.content) < 5_000_000
    reader = PdfReader(io.BytesIO(made.content))
    assert reader.trailer["/Root"]["/Lang"].startswith("ar")
    used = [one for page in reader.pages for one in page["/Resources"]["/Font"].values()]
    fonts = {font.get_object()["/BaseFont"] for font in used}
    assert all("Pack-Naskh" in name for name in fonts), fonts
    text = text_of(made.content)
    assert "Ms Signe Halvorsen Lund" in text
    assert "+46 70 000 01 01" in text
    number = next(at for at, page in enumerate(reader.pages, 1)
                  if "Signe" in page.extract_text())  # fmt: skip
    (tmp_path / "pack.pdf").write_bytes(made.content)
    subprocess.run(["pdftoppm", "-r", "50", "-f", str(number), "-l", str(number), "-gray",
                    str(tmp_path / "pack.pdf"), str(tmp_path / "page")], check=True)  # fmt: skip
    image = Image.open(next(tmp_path.glob("page*.pgm")))
    width, height = image.size
    heading = image.crop((0, height // 16, width, height // 8))
    dark = [heading.crop((width * n // 3, 0, width * (n + 1) // 3, heading.height)).point(
        lambda value: 255 if value < 128 else 0).histogram()[255] for n in range(3)]  # fmt: skip
    assert dark[2] > 4 * dark[0], "the heading does not stand at the right"
    # Joined letters make long strokes: unjoined ones would be three times as many pieces of ink.
    assert "\ufeb3" not in text


def test_map_stands_as_the_coordinates_say_and_holds_no_text(full):
    drawn = map_of(items_of(full), "en")
    places = {point.name: point for point in drawn.points}
    assert list(places)[:2] == ["Ramallah", "Hebron"]
    assert places["Ramallah"].y < places["Bethlehem"].y < places["Hebron"].y
    assert places["Jericho"].x > places["Ramallah"].x > places["Hebron"].x
    assert "11" not in {item for point in drawn.points for item in point.items}
    page, style = page_of(full, variant="member", language="ar")
    (svg,) = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    assert "<text" not in svg
    assert re.search(r'viewBox="0 0 100 \d+\.\d+"', svg)
    assert ".map-label-1" in style
    assert map_of(items_of(full)[:4], "en") is None


def test_talking_point_not_checked_for_a_year_is_marked(full):
    page, _style = page_of(full, variant="member", language="en")
    assert page.count("not checked for twelve months") == 1


def test_a_pack_is_asked_for_once_and_its_files_are_made_once(full, staff):
    build = packs.ask_pack(actor=staff["IR"], visit=full, now=NOW)
    assert packs.ask_pack(actor=staff["IR"], visit=full, now=NOW) == build
    assert jobs.open_keys("visits.pack ") == {packs.pack_key(build)}
    kept = {"build": build, "content": PDF, "pages": 1, "variant": "member", "language": "ar"}
    packs.keep_file(now=NOW, **kept)
    packs.keep_file(now=NOW, **kept | {"content": PDF + b"other"})
    file = build.files.get().file
    assert read_file(file) == PDF
    assert b"%PDF" not in storage().get(file.pk), "telephones and diets lie sealed"
    assert len(packs.missing_files(build)) == 5
    for _time in range(3):
        packs.fail_pack(build=build, error="KeyError")
    build.refresh_from_db()
    assert (build.state, build.failures) == (PackBuild.State.FAILED, 3)
    assert packs.drop_packs(builds=full.packs.all(), now=NOW) == 2
    assert not StoredFile.objects.filter(pk=file.pk).exists(), "a pack goes with its files"


def test_a_pack_that_waits_with_nothing_in_the_queue_is_asked_for(full, staff):
    build = packs.ask_pack(actor=staff["IR"], visit=full, now=NOW)
    assert list(packs_that_wait(NOW)) == []
    jobs.cancel(key=packs.pack_key(build))
    assert [wish.args for wish in packs_that_wait(NOW)] == [(build.pk,)]


def test_a_pack_whose_process_dies_each_time_is_marked_failed_and_can_be_tried_again(full, staff):
    build = packs.ask_pack(actor=staff["IR"], visit=full, now=NOW)
    at = NOW
    for _try in range(packs.TRIES):
        row = queue.claim(worker="w", now=at)
        assert queue.fail(key=row.pk, worker="w", error=f"{KILLED} 9", now=at)
        at += queue.LONGEST_PAUSE
    build.refresh_from_db()
    with translation.override("en"):
        said = str(words_of(f"{KILLED} 9"))
    assert build.state == PackBuild.State.FAILED
    assert build.error
    assert "died" in said
    assert list(packs_that_wait(at)) == []  # nobody asks for it again by itself
    assert failing_jobs() == 1
    assert jobs.retry(key=row.pk, now=timezone.now())
    for variant, language in packs.missing_files(build):
        packs.keep_file(build=build, variant=variant, language=language, content=PDF, pages=1,
                        now=at)  # fmt: skip
    assert work_off() == ["hiwar.visits.tasks.make_pack"]
    build.refresh_from_db()
    assert build.state == PackBuild.State.DONE


SEED = """
import django; django.setup()
from datetime import date
from django.utils import timezone
from hiwar.accounts.models import User
from hiwar.accounts.actions.people import load_roles
from hiwar.accounts.models import Role
from hiwar.visits.actions.visits import NewVisit, create_visit
from hiwar.visits.actions.packs import ask_pack
now = timezone.now()
load_roles(at=now)
user = User.objects.create(email="a@house.example", name={"en": "A"}, joined_at=now)
user.roles.set(Role.objects.filter(code="international_relations"))
new = NewVisit(title={"en": "V"}, starts_on=date(2027, 3, 24), ends_on=date(2027, 3, 28),
               zone="Asia/Hebron")
visit = create_visit(actor=user, template="delegation", new=new, now=now)
ask_pack(actor=user, visit=visit, now=now)
"""


@pytest.mark.exhaustive("workers")
def test_pack_of_a_killed_worker_is_completed_by_another(tmp_path: Path) -> None:
    database = tmp_path / "hiwar.sqlite3"
    environment = os.environ | {
        "HIWAR_ENV_FILE": os.devnull, "HIWAR_SECRET_KEY": secrets.token_hex(40),
        "HIWAR_HTTPS": "off", "HIWAR_DATA": str(tmp_path), "HIWAR_DATABASE_URL": f"sqlite:///{database}",
        "HIWAR_LANGUAGES": "ar,en", "HIWAR_STATIC_HASHED": "off", "HIWAR_LOG_LEVEL": "WARNING",
        "DJANGO_SETTINGS_MODULE": "hiwar.config.settings", "PYTHONWARNINGS": "ignore",
    }  # fmt: skip

    def ask(question: str) -> list[tuple[object, ...]]:
        return asked(database, question)

    django = [sys.executable, "-m", "django"]
    migrated(environment["HIWAR_DATABASE_URL"], environment)
    subprocess.run([sys.executable, "-c", SEED], env=environment, check=True)
    worker = [*django, "work", "--places", "2"]
    first = subprocess.Popen(worker, env=environment, start_new_session=True)
    for _ in range(1200):
        if ask("SELECT count(*) FROM visits_packfile") != [(0,)]:
            break
        time.sleep(0.05)
    os.killpg(first.pid, signal.SIGKILL)
    first.wait(30)
    made = ask("SELECT id, made_at FROM visits_packfile")
    assert 1 <= len(made) < 6
    assert ask("SELECT state FROM visits_packbuild") == [("waiting",)]
    for _ in range(100):
        subprocess.run([*worker, "--once"], env=environment, check=True, timeout=300)
        if ask("SELECT state FROM visits_packbuild") == [("done",)]:
            break
        time.sleep(0.5)
    assert ask("SELECT state, failures FROM visits_packbuild") == [("done", 0)]
    assert ask("SELECT count(*) FROM visits_packfile") == [(6,)]
    assert set(made) <= set(ask("SELECT id, made_at FROM visits_packfile"))
