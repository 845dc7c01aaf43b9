"""What a file is, told by its content alone; names and headers of strangers say nothing."""

from __future__ import annotations

import io
import zipfile

PDF, PNG, JPEG, WEBP, GIF, AVIF = (
    "application/pdf", "image/png", "image/jpeg", "image/webp", "image/gif", "image/avif",
)  # fmt: skip
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODT, ODS = (
    "application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.spreadsheet",
)  # fmt: skip
TEXT = "text/plain"
# Kept where a kind names them; they leave as plain text, so that no browser runs what is in them.
HTML, XML = "text/html", "application/xml"
UNKNOWN = "application/octet-stream"

_BEGINNINGS = (
    (b"%PDF-", PDF),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"\xff\xd8\xff", JPEG),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
)
# What a browser could run and nobody keeps, whatever it calls itself.
_ACTIVE = (b"<script", b"<svg")
_PAGES = (b"<!doctype html", b"<html")
SUFFIXES = {
    PDF: ".pdf", PNG: ".png", JPEG: ".jpg", WEBP: ".webp", GIF: ".gif", AVIF: ".avif",
    TEXT: ".txt",
    DOCX: ".docx", XLSX: ".xlsx", ODT: ".odt", ODS: ".ods",
    HTML: ".html.txt", XML: ".xml.txt",
}  # fmt: skip
_INSIDE = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX}
MOST_NAMES = 10_000


def type_of(content: bytes) -> str:
    """Return the content type of bytes; ``UNKNOWN`` for what is none of those that are kept."""
    for beginning, kind in _BEGINNINGS:
        if content.startswith(beginning):
            return kind
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return WEBP
    if content[4:8] == b"ftyp" and content[8:12] in {b"avif", b"avis"}:
        return AVIF
    if content.startswith(b"PK\x03\x04"):
        return _type_of_archive(content)
    return _type_of_text(content)


def _type_of_archive(content: bytes) -> str:
    """Look at the names in an archive alone: nothing is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
            if len(names) > MOST_NAMES or any("vbaProject" in name for name in names):
                return UNKNOWN
            if names[:1] == ["mimetype"] and archive.getinfo("mimetype").file_size < len(ODS) + 20:
                named = archive.read("mimetype").decode("ascii", "replace").strip()
                return named if named in (ODT, ODS) else UNKNOWN
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, RuntimeError):
        return UNKNOWN
    return next((kind for name, kind in _INSIDE.items() if name in names), UNKNOWN)


def _type_of_text(content: bytes) -> str:
    beginning = content.lstrip(b"\xef\xbb\xbf \t\r\n")[:4096].lower()
    if b"\x00" in content or beginning.startswith(_ACTIVE):
        return UNKNOWN
    if beginning.startswith(_PAGES):
        # Saved pages are often in an older encoding; they are kept to the byte.
        return HTML
    if beginning.startswith(b"<?xml"):
        return UNKNOWN if b"<svg" in beginning else HTML if b"<html" in beginning else XML
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return UNKNOWN
    return TEXT if text else UNKNOWN


def leaves_as(content_type: str) -> str:
    """Return the type under which a file leaves: pages and XML as the plain text that they are."""
    return TEXT if content_type in (HTML, XML) else content_type
