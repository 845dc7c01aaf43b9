"""Pictures as cameras make them, with what their files tell, and pictures on the shelf."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from PIL import Image, ImageDraw, ImageFilter, PngImagePlugin

from factories.accounts import UserFactory
from hiwar.common.files.types import JPEG
from hiwar.common.files.uploads import SentFile
from hiwar.publishing.actions import pictures

if TYPE_CHECKING:
    from hiwar.accounts.models import User
    from hiwar.publishing.models import Picture

NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)
# What a rendition must not tell: a maker, a person, a remark.
PLANTED = b"Planted-Maker-7731"
ALTERNATIVE = {"ar": "أربعون شخصاً حول طاولة", "en": "Forty people around a table"}
SAID: dict[str, Any] = {
    "alternative": ALTERNATIVE, "credit": "L. Photographer", "shows_people": True,
    "consent_by": "All at the table", "consent_record": "Folder 7",
}  # fmt: skip


def landscape(width: int = 1800, height: int = 1200) -> Image.Image:
    """Draw something like a photograph: sky, hills, and grain in all of it."""
    image = Image.linear_gradient("L").resize((width, height))
    sky = Image.merge(
        "RGB", (image, image.point(lambda v: 120 + v // 2), image.point(lambda v: 255 - v // 4))
    )
    draw = ImageDraw.Draw(sky)
    for at in range(12):
        top = height * (45 + 4 * at) // 100
        left = (at * 733) % width
        draw.ellipse(
            (left - width // 2, top, left + width // 2, height * 2),
            fill=(40 + 9 * at, 80 + 7 * at, 50 + 3 * at),
        )
    grain = Image.effect_noise((width, height), 26).filter(ImageFilter.GaussianBlur(1))
    return Image.blend(sky, Image.merge("RGB", (grain,) * 3), 0.18)


@cache
def photograph(kind: str = "JPEG", width: int = 1800, height: int = 1200, turn: int = 1) -> bytes:
    """Return the bytes of a picture with place, maker, XMP and a comment in it."""
    image = landscape(width, height)
    exif = Image.Exif()
    exif[0x010F], exif[0x9286], exif[0x0112] = PLANTED.decode(), PLANTED.decode(), turn
    exif.get_ifd(0x8825).update({1: "N", 2: (32.0, 13.0, 15.0), 3: "E", 4: (35.0, 15.0, 40.0)})
    more: dict[str, Any] = {"exif": exif}
    if kind == "JPEG":
        more |= {
            "comment": PLANTED,
            "xmp": b"<x:xmpmeta>" + PLANTED + b"</x:xmpmeta>",
            "quality": 90,
        }
    if kind == "PNG":
        words = PngImagePlugin.PngInfo()
        words.add_text("Comment", PLANTED.decode())
        more["pnginfo"] = words
    if kind in {"WEBP", "AVIF"}:
        more["xmp"] = b"<x:xmpmeta>" + PLANTED + b"</x:xmpmeta>"
    target = io.BytesIO()
    image.save(target, kind, **more)
    return target.getvalue()


def make_picture(
    actor: User | None = None, content: bytes = b"", *, is_drawn: bool = True, **said: Any
) -> Picture:
    """Put a picture on the shelf and, unless it is not wanted, draw its sizes."""
    picture = pictures.add_picture(
        actor=actor or UserFactory.create(roles=["media"]), now=NOW,
        sent=SentFile("n.jpg", content or photograph(width=600, height=400), JPEG),
        **(SAID | said),
    )  # fmt: skip
    if is_drawn:
        pictures.draw_picture(key=str(picture.pk), now=NOW)
    return picture
