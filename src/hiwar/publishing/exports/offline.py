"""A page of the site as it opens from a disk: links between files, no script, no form."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, quote, unquote, urljoin, urlsplit

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from lxml import html

from hiwar.common import dates

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

# Attributes that lead to another file, by element.
LINKS = {
    "a": ("href",), "img": ("src",), "source": ("src",), "video": ("src", "poster"),
    "audio": ("src",), "link": ("href",), "image": ("href", "xlink:href"),
}  # fmt: skip
# Of links in the head these are needed to see a page; others name addresses of the live site.
NEEDED = frozenset(["stylesheet", "icon"])
# Files of the site that stand outside its languages.
FILES = re.compile(r"/(open-data|pictures)/")
# What only a server answers, and search, which a disk cannot do.
NEVER = re.compile(r"^/[^/]+/(search|d/[^/]+/(vote|join|mine|about-me|forget|receipt))/")
ELSEWHERE = ("mailto:", "tel:", "sms:", "data:")


@dataclass(frozen=True, slots=True)
class Places:
    """Where a page stands: its address, its name in the copy, and where other addresses stand."""

    address: str
    name: str
    place_of: Callable[[str], str | None]

    def link_to(self, link: str) -> str | None:
        """Return a link as a file of the copy has it; None where what it leads to is not kept."""
        if link.startswith("#") or link.startswith(ELSEWHERE):
            return link
        target = wanted(link, self.address)
        name = None if target is None else self.place_of(target)
        if name is None:
            return None
        relative = quote(posixpath.relpath(name, posixpath.dirname(self.name) or "."))
        fragment = urlsplit(link).fragment
        return f"{relative}#{fragment}" if fragment else relative


def wanted(link: str, base: str) -> str | None:
    """Return the address within the site that a link of a page leads to; None for any other.

    It is plain text: nothing in it is written as a percent sign with digits.
    Of a query only the number of a page counts: whatever else is asked stays with the server.
    """
    whole = urlsplit(urljoin(f"{settings.PUBLIC_ORIGIN}{base}", link.strip()))
    if f"{whole.scheme}://{whole.netloc}" != settings.PUBLIC_ORIGIN:
        return None
    codes = [code for code, _name in settings.LANGUAGES]
    path = unquote(whole.path)
    is_ours = path.startswith(settings.STATIC_URL) or FILES.match(path)
    if not is_ours and path.split("/")[1] not in codes:
        return None
    if NEVER.match(path):
        return None
    number = parse_qs(whole.query).get("page", [""])[0]
    return f"{path}?page={number}" if number.isdecimal() and number != "1" else path


def rewritten(content: bytes, places: Places, now: datetime) -> bytes:
    """Return a page with links between files; forms are replaced by a sentence, scripts go."""
    document = html.document_fromstring(content)
    language = document.get("lang") or settings.LANGUAGE_CODE
    with translation.override(language):
        no_form = _("Here stands a form on the site. A copy on a disk takes no answers.")
        note = _("Copy of %(address)s as it was on %(day)s.") % {
            "address": f"{settings.PUBLIC_ORIGIN}{places.address}", "day": dates.instant(now),
        }  # fmt: skip
    _without_server(document, no_form)
    _between_files(document, places)
    body = document.find("body")
    if body is not None:
        line = html.Element("p")
        line.set("class", "muted")
        line.text = note
        foot = next(body.iter("footer"), body)
        (foot[0] if len(foot) else foot).append(line)
    page: bytes = html.tostring(document, doctype="<!doctype html>", encoding="utf-8")
    return page


def _is_inside(element: html.HtmlElement, outer: html.HtmlElement) -> bool:
    return any(parent is outer for parent in element.iterancestors())


def _replace_form(form: html.HtmlElement, sentence: str) -> None:
    """Put a sentence where a form stood; of forms of the frame nothing is left."""
    if sentence:
        line = html.Element("p")
        line.set("class", "muted")
        line.text = sentence
        form.addprevious(line)
    form.drop_tree()


def _without_server(document: html.HtmlElement, no_form: str) -> None:
    """Take away what needs a server or a script, and what names addresses of the live site."""
    for element in list(document.iter("script", "template")):
        element.drop_tree()
    for element in list(document.iter("source", "img")):
        # One size of a picture is kept. The parser takes what follows a source for its content.
        if element.get("srcset") and element.tag == "source":
            element.drop_tag()
        element.attrib.pop("srcset", None)
        element.attrib.pop("sizes", None)
    for element in list(document.iter("noscript")):
        element.drop_tag()
    for element in list(document.iter("meta")):
        if element.get("property") or element.get("http-equiv"):
            element.drop_tree()
    for element in list(document.iter("link")):
        if not NEEDED & set((element.get("rel") or "").split()):
            element.drop_tree()
    main = next(document.iter("main"), None)
    for form in list(document.iter("form")):
        _replace_form(form, no_form if main is not None and _is_inside(form, main) else "")


def _between_files(document: html.HtmlElement, places: Places) -> None:
    """Let links lead from file to file; what is not kept is no link any more."""
    for element in list(document.iter()):
        for attribute in LINKS.get(str(element.tag), ()):
            link = element.get(attribute)
            if not link:
                continue
            relative = places.link_to(link)
            if relative is not None:
                element.set(attribute, relative)
            elif element.tag == "a":
                element.tag = "span"
                element.attrib.clear()
            else:
                element.drop_tree()
                break
