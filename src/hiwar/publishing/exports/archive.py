"""The whole public site as files that open from a disk: what a visitor reads, and nothing else.

Pages are asked for within this process, without a cookie, and followed from the map of the site.
A page that must not be kept, or that is not there, is left out, and links to it become plain text.
"""

from __future__ import annotations

import io
import json
import mimetypes
import posixpath
import re
import tempfile
from base64 import b64encode
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urljoin, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.handlers.base import BaseHandler
from django.core.handlers.wsgi import WSGIRequest
from django.template.loader import render_to_string
from django.utils import translation
from lxml import html

from hiwar.common import jobs
from hiwar.common.moving.packing import Counted
from hiwar.common.multilingual import direction
from hiwar.publishing.exports.offline import LINKS, Places, rewritten, wanted
from hiwar.publishing.exports.public_pages import mapped

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from django.http.response import HttpResponseBase

    from hiwar.accounts.models import Institution
    from hiwar.common.moving.packing import Sink

CSS_URL = re.compile(r"""url\(\s*["']?([^"')]+)["']?\s*\)""")
FILE_NAME = re.compile(r'filename="([^"]+)"')
MOST = 50_000


@dataclass(frozen=True, slots=True)
class Copied:
    """What a copy of the site holds: how many pages and files, bytes, addresses left out."""

    pages: int
    files: int
    size: int
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer that is kept: its name in the copy, where its bytes lie, whether it is a page."""

    name: str
    path: Path
    is_page: bool
    title: str = ""


class Visitor:
    """Asks the public site as somebody without an account and without a cookie."""

    def __init__(self) -> None:
        self.handler = BaseHandler()
        self.handler.load_middleware()
        self.origin = urlsplit(settings.PUBLIC_ORIGIN)

    def ask(self, address: str) -> HttpResponseBase:
        """Return the answer to a path with its query."""
        path, _mark, query = address.partition("?")
        host = self.origin.netloc
        environ = {
            "REQUEST_METHOD": "GET", "PATH_INFO": path.encode().decode("latin-1"),
            "QUERY_STRING": query,
            "SCRIPT_NAME": "", "SERVER_NAME": self.origin.hostname or "", "HTTP_HOST": host,
            "SERVER_PORT": str(self.origin.port or (443 if self.origin.scheme == "https" else 80)),
            "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1", "wsgi.version": (1, 0),
            "wsgi.url_scheme": self.origin.scheme, "wsgi.input": io.BytesIO(),
            "wsgi.errors": io.StringIO(), "wsgi.multithread": False, "wsgi.multiprocess": False,
            "wsgi.run_once": True,
        }  # fmt: skip
        with translation.override(settings.LANGUAGE_CODE):
            return self.handler.get_response(WSGIRequest(environ))


class Archive:
    """One copy of the site in the making."""

    def __init__(self, scratch: Path, now: datetime) -> None:
        self.scratch, self.now, self.visitor = scratch, now, Visitor()
        self.kept: dict[str, Kept] = {}
        self.moved: dict[str, str] = {}
        self.left_out: list[str] = []
        self.names: set[str] = set()

    def gather(self) -> None:
        """Ask for every page from the map of the site on, and for what pages lead to."""
        waiting = [unquote(path) for paths, _changed in mapped(self.now) for path in paths.values()]
        seen = set(waiting)
        while waiting and len(seen) < MOST:
            address = waiting.pop()
            for link in self._keep(address):
                if link not in seen:
                    seen.add(link)
                    waiting.append(link)
            jobs.progress(0.9 * (1 - len(waiting) / max(len(seen), 1)))

    def place_of(self, address: str) -> str | None:
        """Return the name in the copy of what is behind an address; None where it is not kept."""
        for _step in range(5):
            kept = self.kept.get(address)
            if kept is not None:
                return kept.name
            if address not in self.moved:
                return None
            address = self.moved[address]
        return None

    def _keep(self, address: str) -> Iterator[str]:
        if address.startswith(settings.STATIC_URL):
            yield from self._keep_static(address)
            return
        answer = self.visitor.ask(address)
        if answer.status_code in {HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.FOUND}:
            target = wanted(urljoin(address, answer["Location"]), address)
            if target is not None:
                self.moved[address] = target
                yield target
            return
        # A page with a form brings the cookie of forms; any other is for one reader alone.
        is_kept = answer.status_code == HTTPStatus.OK
        if not is_kept or set(answer.cookies) - {settings.CSRF_COOKIE_NAME}:
            self.left_out.append(address)
            return
        content = _content(answer)
        is_page = answer.get("Content-Type", "").startswith("text/html")
        name = self._named(address, answer, is_page=is_page)
        title = ""
        if is_page:
            document = html.document_fromstring(content)
            title = (document.findtext(".//title") or "").strip()
            yield from _links_of(document, address)
        self._put(address, name, content, is_page=is_page, title=title)

    def _keep_static(self, address: str) -> Iterator[str]:
        name = address.removeprefix(settings.STATIC_URL)
        content = static_file(name)
        if content is None:
            self.left_out.append(address)
            return
        if address.endswith(".css"):
            sheet = CSS_URL.sub(lambda link: _picture_inside(link, address), content.decode())
            for link in CSS_URL.findall(sheet):
                if not link.startswith(("data:", "#")):
                    yield urlsplit(urljoin(address, link)).path
            content = sheet.encode()
        self._put(address, f"static/{name}", content)

    def _put(
        self, address: str, name: str, content: bytes, *, is_page: bool = False, title: str = ""
    ) -> None:
        path = self.scratch / f"{len(self.kept)}"
        path.write_bytes(content)
        self.kept[address] = Kept(name, path, is_page, title)

    def _named(self, address: str, answer: HttpResponseBase, *, is_page: bool) -> str:
        """Return a name in letters that every disk has, with an ending that says what it is."""
        path, _mark, query = address.partition("?")
        parts = [_plain(part) for part in path.strip("/").split("/")]
        if is_page:
            number = parse_qs(query).get("page", [""])[0]
            parts.append(f"index-{number}.html" if number else "index.html")
        elif "." not in parts[-1]:
            said = FILE_NAME.search(answer.get("Content-Disposition", ""))
            media = answer.get("Content-Type", "").partition(";")[0]
            ending = mimetypes.guess_extension(media) or ".bin"
            parts.append(_plain(said[1]) if said else f"file{ending}")
        name = "/".join(parts)
        if name in self.names:
            stem, dot, ending = name.rpartition(".")
            name = f"{stem}-{sha256(address.encode()).hexdigest()[:8]}{dot}{ending}"
        self.names.add(name)
        return name


def write_archive(sink: Sink, house: Institution | None, now: datetime) -> Copied:
    """Write the whole public site into a sink; return what is in it.

    Beside the pages lie ``index.html``, which leads to every language, ``manifest.json`` with the
    day, and ``SHA256SUMS``.
    """
    counted = Counted(sink)
    with tempfile.TemporaryDirectory(prefix="hiwar-site-") as folder:
        archive = Archive(Path(folder), now)
        archive.gather()
        for address, kept in archive.kept.items():
            content = kept.path.read_bytes()
            if kept.is_page:
                places = Places(address, kept.name, archive.place_of)
                content = rewritten(content, places, now)
            counted.add(kept.name, content)
        counted.add("index.html", _first_page(archive, house, now).encode())
        pages = sum(kept.is_page for kept in archive.kept.values())
        manifest: dict[str, Any] = {
            "made_at": now.isoformat(), "site": settings.PUBLIC_ORIGIN,
            "languages": [code for code, _name in settings.LANGUAGES], "pages": pages,
            "files": len(archive.kept) - pages, "left_out": sorted(archive.left_out),
        }  # fmt: skip
        counted.add("manifest.json", (json.dumps(manifest, indent=1) + "\n").encode())
        sums = [f"{digest}  {name}\n" for name, (_size, digest) in sorted(counted.members.items())]
        counted.add("SHA256SUMS", "".join(sums).encode())
        size = sum(size for size, _digest in counted.members.values())
        return Copied(
            pages, len(archive.kept) - pages, size, tuple(sorted(archive.left_out))
        )  # fmt: skip


def static_file(name: str) -> bytes | None:
    """Return a file of style, typefaces or pictures by its name; None where there is none."""
    if staticfiles_storage.exists(name):
        with staticfiles_storage.open(name) as stream:
            content: bytes = stream.read()
            return content
    place = finders.find(name)
    return Path(str(place)).read_bytes() if place else None


def _picture_inside(link: re.Match[str], base: str) -> str:
    """Return a drawing as it stands in a style sheet of the copy: inside it.

    From a disk a browser lets no style sheet mask anything with a drawing in another file.
    """
    if not link[1].endswith(".svg"):
        return link[0]
    path = urlsplit(urljoin(base, link[1])).path
    drawing = static_file(path.removeprefix(settings.STATIC_URL))
    if drawing is None:
        return link[0]
    return f'url("data:image/svg+xml;base64,{b64encode(drawing).decode()}")'


def _links_of(document: html.HtmlElement, address: str) -> Iterator[str]:
    for element in document.iter():
        for attribute in LINKS.get(str(element.tag), ()):
            link = element.get(attribute)
            if link and not link.startswith("#"):
                target = wanted(link, address)
                if target is not None:
                    yield target


def _content(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else bytes(answer.content)


def _plain(part: str) -> str:
    """Return a part of an address in plain letters, told apart by a digest where it had others."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", part).strip("-.") or "x"
    if plain == part:
        return part
    return f"{plain[:40]}-{sha256(part.encode()).hexdigest()[:8]}"


def _first_page(archive: Archive, house: Institution | None, now: datetime) -> str:
    """Return the page that leads to every language and lists every page of the copy."""
    languages = []
    for code, name in settings.LANGUAGES:
        pages = sorted(
            (kept.title, kept.name) for address, kept in archive.kept.items()
            if kept.is_page and address.startswith(f"/{code}/")
        )  # fmt: skip
        languages.append((code, name, direction(code), archive.place_of(f"/{code}/"), pages))
    first = settings.LANGUAGE_CODE
    sheets = [kept.name for kept in archive.kept.values() if posixpath.basename(
        kept.name).startswith("hiwar.") and kept.name.endswith(".css")]  # fmt: skip
    with translation.override(first):
        return render_to_string("publishing/archive.html", {
            "house": house, "languages": languages, "language": first,
            "direction": direction(first), "made_at": now, "sheet": min(sheets, default=""),
            "site": settings.PUBLIC_ORIGIN,
        })  # fmt: skip
