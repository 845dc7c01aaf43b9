"""The reader of pictures as a process of its own: looked at, or drawn anew in a few widths.

A rendition is painted on a new canvas: nothing of a file but its picture points gets into one.
"""

from __future__ import annotations

import io
import os
import sys
from typing import Any

import msgspec
from PIL import AvifImagePlugin, Image, ImageCms, ImageOps

from hiwar.analysis.tables.child import NICE, close_door

FORMATS = ("JPEG", "PNG", "WEBP", "AVIF")
MOST_PIXELS = 40_000_000
LONGEST_SIDE = 12_000
# What a telephone takes has a budget of bytes; quality steps down until it is kept.
LIGHT_WIDTH, LIGHT_BYTES = 720, 80_000
QUALITIES = {"avif": (55, 40, 28, 18), "webp": (75, 60, 40, 20), "jpeg": (80, 65, 45, 25)}
ORIENTATION, UPSIDE = 0x0112, 5


class PictureOrder(msgspec.Struct):
    """What is asked for: renditions of these widths, or with none whether it is a picture."""

    widths: tuple[int, ...]
    memory: int
    seconds: int


class Drawn(msgspec.Struct):
    """A rendition: ``avif``, ``webp`` or ``jpeg``, width and height in pixels, its bytes."""

    kind: str
    width: int
    height: int
    content: bytes


class PictureAnswer(msgspec.Struct):
    """Width and height as the picture is looked at, its renditions, or why not (`code`)."""

    width: int = 0
    height: int = 0
    drawn: tuple[Drawn, ...] = ()
    code: str = ""


def answer(order: PictureOrder, content: bytes) -> PictureAnswer:
    """Look at a picture and draw what was ordered; whatever goes wrong has a code."""
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
            width, height = opened.size
            if width * height > MOST_PIXELS or max(width, height) > LONGEST_SIDE:
                return PictureAnswer(code="too_large")
            if order.widths:
                most = max(order.widths)
                opened.draft("RGB", (2 * most, 2 * most))
            turn = opened.getexif().get(ORIENTATION, 1)
            opened.load()
            if turn >= UPSIDE:
                width, height = height, width
            drawn = _renditions(opened, order.widths, width) if order.widths else ()
            return PictureAnswer(width, height, drawn)
    except MemoryError:
        return PictureAnswer(code="too_large")
    except (OSError, ValueError, SyntaxError, EOFError, TypeError, KeyError, IndexError):
        return PictureAnswer(code="unread")


def _renditions(opened: Image.Image, widths: tuple[int, ...], width: int) -> tuple[Drawn, ...]:
    """Return the renditions of a picture; it is never enlarged, and its smallest is always there.

    AVIF is left out where it weighs more than WebP.
    """
    wanted = [each for each in sorted(widths) if each <= width] or [width]
    largest = _canvas(opened, wanted[-1])
    drawn: list[Drawn] = []
    for each in wanted:
        size = (each, max(1, round(largest.height * each / largest.width)))
        smaller = (
            largest if size == largest.size else largest.resize(size, Image.Resampling.LANCZOS)
        )
        drawn += [_encoded(smaller, kind) for kind in QUALITIES]
    weights = {
        kind: sum(len(each.content) for each in drawn if each.kind == kind) for kind in QUALITIES
    }
    if weights["avif"] > weights["webp"]:
        drawn = [each for each in drawn if each.kind != "avif"]
    return tuple(drawn)


def _canvas(opened: Image.Image, width: int) -> Image.Image:
    """Return the picture upright, in sRGB, on white, as wide as is wanted."""
    image = opened if opened.mode in {"RGB", "RGBA", "L", "CMYK"} else opened.convert("RGBA")
    turned = opened.getexif().get(ORIENTATION, 1) >= UPSIDE
    upright = image.height if turned else image.width
    share = min(1.0, width / upright)
    size = (max(1, round(image.width * share)), max(1, round(image.height * share)))
    profile = opened.info.get("icc_profile")
    small = image.resize(size, Image.Resampling.LANCZOS)
    small.info["exif"] = opened.info.get("exif", b"")
    small.getexif()[ORIENTATION] = opened.getexif().get(ORIENTATION, 1)
    small = ImageOps.exif_transpose(small)
    if profile and small.mode in {"RGB", "CMYK"}:
        small = _in_srgb(small, profile)
    canvas = Image.new("RGB", small.size, "white")
    if small.mode == "RGBA":
        canvas.paste(small, mask=small.getchannel("A"))
    else:
        canvas.paste(small.convert("RGB"))
    return canvas


def _in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    try:
        converted = ImageCms.profileToProfile(
            image, ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB"),
            outputMode="RGB",
        )  # fmt: skip
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image
    return converted if converted is not None else image


def _encoded(image: Image.Image, kind: str) -> Drawn:
    content = b""
    for quality in QUALITIES[kind]:
        target = io.BytesIO()
        more: dict[str, Any] = {"max_threads": 1} if kind == "avif" else {}
        image.save(target, kind.upper(), quality=quality, **more)
        content = target.getvalue()
        if image.width > LIGHT_WIDTH or len(content) <= LIGHT_BYTES:
            break
    return Drawn(kind, image.width, image.height, content)


def main() -> None:
    """Serve one order and end."""
    os.nice(NICE)
    order = msgspec.json.decode(sys.stdin.buffer.readline(), type=PictureOrder)
    content = sys.stdin.buffer.read()
    Image.init()
    Image.MAX_IMAGE_PIXELS = None  # asked before anything is unpacked
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    close_door(order.memory, order.seconds)
    stream: Any = sys.stdout.buffer
    stream.write(msgspec.json.encode(answer(order, content)))
    stream.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
