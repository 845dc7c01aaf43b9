"""Pictures of the site: drawn anew without what files tell, shown by consent, gone at once."""

from __future__ import annotations

import io
import re
import struct
import zlib
from datetime import date, timedelta
from typing import TYPE_CHECKING

import brotli
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from factories.accounts import InstitutionFactory, UserFactory, sign_in_fully
from factories.pictures import ALTERNATIVE, NOW, PLANTED, make_picture, photograph
from factories.publishing import make_item, make_public, make_text
from hiwar.accounts.actions.people import NotAllowed
from hiwar.common import dates
from hiwar.common.files.actions import read_file
from hiwar.common.files.storage import storage
from hiwar.common.models import AuditEntry, StoredFile
from hiwar.common.moving.packing import FolderSink
from hiwar.publishing.actions import items, pictures
from hiwar.publishing.actions.copies import keep_copy
from hiwar.publishing.exports.archive import write_archive
from hiwar.publishing.models import Picture, SiteCopy
from hiwar.publishing.queries.items import newest_version
from hiwar.publishing.queries.pictures import (
    PictureTooLarge,
    PictureUnread,
    lacks,
    read_picture,
)

if TYPE_CHECKING:
    from pathlib import Path

    from django.http import HttpResponse

    from hiwar.accounts.models import User
    from hiwar.publishing.models import Item

pytestmark = pytest.mark.django_db(transaction=True)
TOOLD = date(2020, 1, 1)
SMALL = {"width": 600, "height": 400}


@pytest.fixture
def writer(roles: object) -> User:
    InstitutionFactory.create()
    return UserFactory.create(roles=["media"])


def public_page(picture: Picture, writer: User) -> Item:
    return make_public(make_item(writer, picture=picture))


def page_of(client: Client, item: Item, language: str = "en") -> str:
    page = client.get(f"/{language}/news/{item.code}/", follow=True)
    assert page.status_code == 200
    return page.content.decode()


def sizes_in(page: str) -> set[str]:
    return set(re.findall(r"/pictures/[a-z]{24}/\d+\.(?:avif|webp|jpeg)", page))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_nothing_that_a_file_tells_is_in_any_size(writer: User, kind: str) -> None:
    content = photograph(kind, **SMALL)
    assert PLANTED in content
    with Image.open(io.BytesIO(content)) as original:
        assert original.getexif().get_ifd(0x8825)
    picture = make_picture(writer, content)
    drawn = [read_file(row.file) for row in picture.renditions.all()]
    assert len(drawn) >= 2
    for content in drawn:
        assert PLANTED not in content
        for mark in (b"Exif", b"xmpmeta", b"ns.adobe.com", b"GPS"):
            assert mark not in content
        with Image.open(io.BytesIO(content)) as rendition:
            assert not dict(rendition.getexif())
            assert not {"exif", "xmp", "comment", "icc_profile"} & set(rendition.info)
    kept = storage().get(picture.original.pk)
    assert PLANTED not in kept, "the original is sealed"


def test_a_picture_is_turned_upright_and_never_enlarged(writer: User) -> None:
    answer = read_picture(photograph(turn=6, **SMALL), (480, 1080))
    assert (answer.width, answer.height) == (400, 600)
    assert {(each.width, each.height) for each in answer.drawn} == {(400, 600)}
    wide = read_picture(photograph(), (480, 1080, 4000))
    assert {each.width for each in wide.drawn} == {480, 1080}


def test_a_bomb_and_what_is_no_picture_are_refused(writer: User) -> None:
    def part(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    head = struct.pack(">IIBBBBB", 11_000, 11_000, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\0" * 200_000)
    bomb = b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", rows) + part(b"IEND", b"")
    with pytest.raises(PictureTooLarge):
        read_picture(bomb)
    with pytest.raises(PictureUnread):
        read_picture(photograph(**SMALL)[:900])
    client, address = Client(), reverse("publishing:new_picture")
    sign_in_fully(client, writer)
    point = {"focus_x": "50", "focus_y": "50"}
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'
    for name, content in (("a.jpg", drawing), ("a.png", bomb), ("a.jpg", b"GIF89a" + b"\0" * 99)):
        sent = {"file": SimpleUploadedFile(name, content, "image/jpeg"), **point}
        page = client.post(address, sent)
        assert page.status_code == 200
        assert 'aria-invalid="true"' in page.content.decode()
    assert not Picture.objects.exists()
    assert not StoredFile.objects.exists()


def test_everybody_sees_a_picture_only_where_it_is_public(client: Client, writer: User) -> None:
    picture = make_picture(writer)
    address = f"/pictures/{picture.code}/480.jpeg"
    assert client.get(address).status_code == 404
    item = make_item(writer, picture=picture)
    assert client.get(address).status_code == 404
    make_public(item)
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/jpeg"
    assert "public" in answer["Cache-Control"]
    with Image.open(io.BytesIO(answer.content)) as shown:
        assert shown.size == (480, 320)
    for language in ("ar", "en"):
        page = page_of(client, item, language)
        assert f'alt="{ALTERNATIVE[language]}"' in page
        assert 'width="480" height="320"' in page
        assert address in sizes_in(page)
        assert all(client.get(each).status_code == 200 for each in sizes_in(page))
    assert client.get(f"/pictures/{'a' * 24}/480.jpeg").status_code == 404
    for name in ("960.jpeg", "480.png", "480", "48000.jpeg", "-1.jpeg", "٤٨٠.jpeg"):
        assert client.get(f"/pictures/{picture.code}/{name}").status_code == 404


@pytest.mark.parametrize(
    ("said", "is_shown"),
    [
        ({"alternative": {"ar": "نص"}}, False),
        ({"alternative": {}, "is_decoration": True}, True),
        ({"consent_by": ""}, False),
        ({"consent_by": "", "shows_people": False}, True),
        ({"consent_until": TOOLD}, False),
    ],
)  # fmt: skip
def test_what_a_picture_must_have(
    client: Client, writer: User, said: dict[str, object], *, is_shown: bool
) -> None:
    picture = make_picture(writer, **said)
    page = page_of(client, public_page(picture, writer))
    assert bool(sizes_in(page)) is is_shown
    status = client.get(f"/pictures/{picture.code}/480.jpeg").status_code
    assert status == (200 if is_shown else 404)


def test_consent_ends_by_the_clock_of_the_place(writer: User) -> None:
    today = dates.local_day(timezone.now())
    picture = make_picture(writer, consent_until=today)
    assert lacks(picture, today) == []
    assert lacks(picture, today + timedelta(days=1))


def test_withdrawal_leaves_nothing(client: Client, writer: User) -> None:
    picture = make_picture(writer)
    item = public_page(picture, writer)
    addresses = sizes_in(page_of(client, item))
    keep_copy(content=b"\x00\x01 a copy", pages=1, files=1, now=NOW)
    keys = list(StoredFile.objects.values_list("pk", flat=True))
    desk = Client()
    sign_in_fully(desk, writer)
    desk.post(reverse("publishing:withdraw_picture", args=[picture.code]))
    assert sizes_in(page_of(client, item)) == set()
    assert {client.get(each).status_code for each in addresses} == {410}
    assert not StoredFile.objects.exists()
    assert not SiteCopy.objects.exists()
    assert not set(keys) & {key for key, _at in storage().keys()}  # noqa: SIM118 - no mapping
    picture.refresh_from_db()
    assert (picture.consent_by, picture.consent_record, dict(picture.alternative)) == ("", "", {})
    entry = AuditEntry.objects.get(verb="publishing.picture.withdraw")
    assert entry.actor == f"accounts.user:{writer.pk}"
    proof = desk.get(reverse("publishing:picture", args=[picture.code])).content.decode()
    assert str(picture.destroyed) in proof
    with pytest.raises(pictures.PictureWithdrawn):
        pictures.withdraw_picture(actor=writer, picture=picture, now=NOW)
    pictures.draw_picture(key=str(picture.pk), now=NOW)
    assert not StoredFile.objects.exists()


def test_a_picture_is_part_of_what_is_approved(client: Client, writer: User) -> None:
    picture, item = make_picture(writer), make_public(make_item(writer))
    text = make_text()
    items.save_item(actor=writer, item=item, base=1, text=text, picture=picture, now=NOW)
    assert newest_version(item).number == 2
    assert not sizes_in(page_of(client, item))
    item.refresh_from_db()
    assert item.state == "draft"
    items.save_item(actor=writer, item=item, base=2, text=text, picture=picture, now=NOW)
    assert newest_version(item).number == 2
    items.restore_version(actor=writer, item=item, number=1, now=NOW)
    assert newest_version(item).picture is None


def test_the_desk_brings_in_describes_and_points(writer: User) -> None:
    client = Client()
    sign_in_fully(client, writer)
    shelf = reverse("publishing:pictures")
    assert client.get(shelf).status_code == 200
    sent = {
        "file": SimpleUploadedFile("Name of a person.jpg", photograph(**SMALL)),
        "focus_x": "50", "focus_y": "50", "shows_people": "on",
    }  # fmt: skip
    client.post(reverse("publishing:new_picture"), sent)
    picture = Picture.objects.get()
    assert "person" not in picture.original.name
    pictures.draw_picture(key=str(picture.pk), now=NOW)
    address = reverse("publishing:picture", args=[picture.code])
    assert sizes_in(client.get(address).content.decode())
    client.post(
        reverse("publishing:focus_picture", args=[picture.code]), {"focus.x": "70", "focus.y": "93"}
    )
    picture.refresh_from_db()
    assert (picture.focus_x, picture.focus_y) == (25, 50)
    client.post(reverse("publishing:focus_picture", args=[picture.code]), {"focus.x": "x"})
    picture.refresh_from_db()
    assert picture.focus_x == 25
    assert client.get(shelf).content.decode().count("picture-small") == 1
    answer: HttpResponse = client.get(f"{shelf}{picture.code}/480.jpeg")
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]


def test_who_may_not_write_for_the_site_brings_nothing_in(writer: User) -> None:
    reader = UserFactory.create(roles=["researcher"])
    with pytest.raises(NotAllowed):
        make_picture(reader)
    with pytest.raises(NotAllowed):
        pictures.withdraw_picture(actor=reader, picture=make_picture(writer), now=NOW)


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_page_with_a_picture_is_light_on_a_telephone(
    client: Client, writer: User, language: str
) -> None:
    """At 360 px and two points to each a browser takes the first width from 720 on."""
    picture = make_picture(writer, photograph())
    item = public_page(picture, writer)
    page = client.get(f"/{language}/news/{item.code}/", follow=True,
                      headers={"accept-encoding": "br"})  # fmt: skip
    text = brotli.decompress(page.content).decode()
    assert "publishing/pictures.css" in text
    # A page without a picture weighs at most 60 kB with its typefaces (test_weight); the sheet 1.
    for kind in ("webp", "jpeg", "avif"):
        answers = client.get(f"/pictures/{picture.code}/720.{kind}")
        assert answers.status_code == 200 or kind == "avif"
        assert len(answers.content) <= 150_000 - 60_000 - 1_500
    without = client.get(f"/{language}/news/", follow=True).content.decode()
    assert "pictures.css" not in without


def test_a_copy_of_the_site_holds_one_size_of_a_picture(writer: User, tmp_path: Path) -> None:
    picture = make_picture(writer, photograph())
    item = public_page(picture, writer)
    folder = tmp_path / "copy"
    write_archive(FolderSink(folder), None, NOW)
    drawn = sorted(path.name for path in (folder / "pictures" / picture.code).iterdir())
    assert drawn == ["1080.jpeg"]
    page = next(
        path for path in (folder / "en/news").glob("*/index.html") if item.code in str(path)
    )
    text = page.read_text("utf-8")
    assert "srcset" not in text
    assert f"../../../pictures/{picture.code}/1080.jpeg" in text
