"""An example of every address over the demonstration, so that a walk can open each of them.

A walk begins at the addresses that take nothing from the reader, follows what the pages link to
and send to, and keeps the first example of each address that it meets. What no page of the
demonstration links to has one line in the module of its room: the name of the address, and a
function that returns what stands in its gaps. The function may add to the demonstration. What
only takes forms answers 405 whatever stands there, and needs no line.
"""

from __future__ import annotations

import html
import re
from collections import deque
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import Http404
from django.test import Client
from django.urls import Resolver404, resolve

from factories.accounts import sign_in_fully
from forms import faults_of_buttons
from security.places import ACCESS, NOBODY, UNREADY, address_of, all_paths

if TYPE_CHECKING:
    from collections.abc import Callable

    from hiwar.accounts.models import User

LINK = re.compile(r"""\b(?:href|action|formaction|data-[a-z-]+)="(/[^"#?]*)""")
HEADING = re.compile(r"<h1[ >]")
TAG = re.compile(r'<meta property="(og:[a-z_]+)" content="([^"]*)">')
# What messengers show of a page whose address somebody is sent.
TAGS = ("og:title", "og:url", "og:type", "og:locale")
FOLDER = Path(__file__).parent
# The desk sends somebody who has signed in away from its doors; visitors see them.
DOORS = {"door"}
# A letter, and a page behind a private link, is in the language of whom it was written to.
OF_READERS = {
    "accounts:accept", "events:letter", "public_channels:subscription", "public_channels:way_out",
    "public_signatures:sign",
    "public_signatures:sign_receipt", "public_signatures:sign_withdraw", "public_laws:own_comment",
    "public_papers:press", "public_papers:review",
}  # fmt: skip
# Signing out would end the walk; a receipt is of votes that the walk does not cast; figures are
# there for nobody until the settings open them.
NEVER = {"accounts:sign_out", "public_dialogues:receipt_file", "metrics"}
# Answers that are no fault: a page or file, on its way to another page, for forms alone.
FINE = {200, 302, 405}


def examples_of_rooms() -> dict[str, str]:
    """Return the path of each address that a room gives an example for."""
    rooms = sorted(path.stem for path in FOLDER.glob("[a-z]*.py"))
    modules = [import_module(f"addresses.{room}") for room in rooms]
    lines: dict[str, Callable[[], dict[str, Any]]] = {}
    for module in modules:
        lines |= module.EXAMPLES
    gone = sorted(set(lines) - set(ACCESS))
    assert gone == [], f"examples of addresses that are no more: {gone}"
    templates = all_paths()
    # Several addresses may share an example: it is made once.
    gaps = {make: make() for make in dict.fromkeys(lines.values())}
    return {
        name: templates[name].format_map({"language": "en"} | gaps[make])
        for name, make in lines.items()
    }


@dataclass(slots=True)
class Walk:
    """What a walk in one language met: the path of each address, and what is wrong."""

    language: str
    staff: Client
    visitor: Client
    presses: bool
    examples: dict[str, str] = field(default_factory=dict)
    pages: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)

    def ask(self, name: str, path: str) -> Any:
        """Ask as somebody who may, in the language of the walk."""
        client = self.visitor if ACCESS[name] in DOORS else self.staff
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = self.language
        return client.get(path)

    def visit(self, name: str, path: str) -> list[str]:
        """Open one address; return the paths that its page names."""
        answer = self.ask(name, path)
        if answer.status_code == 301 and name_of(answer["Location"]) == name:
            # The words behind a code are put right.
            path = self.examples[name] = answer["Location"]
            answer = self.ask(name, path)
        if answer.status_code not in (FINE | {503} if name in UNREADY else FINE):
            self.faults.append(f"{name} {path}: {answer.status_code}")
        if answer.status_code != 200 or not answer["Content-Type"].startswith("text/html"):
            return []
        text = answer.content.decode()
        if "<html" in text:
            self.pages.add(name)
        wanted = "rtl" if self.language == "ar" else "ltr"
        if (
            "<html" in text
            and name not in OF_READERS
            and f'dir="{wanted}"' not in text.partition(">")[2][:300]
        ):
            self.faults.append(f"{name} {path}: not in {self.language}")
        if "<html" in text:
            self.faults += [f"{name} {path}: {fault}" for fault in faults_of_sharing(answer, path)]
            # What stands there for a link that has ended is hidden.
            shown = text.partition("<div data-closed hidden")[0]
            if (headings := len(HEADING.findall(shown))) != 1:
                self.faults.append(f"{name} {path}: {headings} headings of the first level")
        if self.presses:
            self.faults += faults_of_buttons(self.staff, path, text)
        return [html.unescape(path) for path in LINK.findall(text)]

    def follow(self) -> None:
        """Walk from what takes nothing and from what rooms name, until nothing new is met."""
        plain = {
            name: path.format(language=self.language)
            for name, path in all_paths().items()
            if name in ACCESS and "{" not in path.replace("{language}", "")
        }
        ahead = deque([*examples_of_rooms().items(), *plain.items()])
        while ahead:
            name, path = ahead.popleft()
            if name in self.examples or name in NEVER:
                continue
            mine = re.sub(r"^/(ar|en)/", f"/{self.language}/", path)
            self.examples[name] = mine
            for link in self.visit(name, mine):
                met = name_of(link)
                if met and met not in self.examples:
                    ahead.append((met, link))

    def without_example(self) -> list[str]:
        """Return the addresses that were not met and do more than take a form."""
        unseen = sorted(set(ACCESS) - set(self.examples) - NEVER)
        return [n for n in unseen if self.ask(n, address_of(n, NOBODY)).status_code != 405]


def faults_of_sharing(answer: Any, path: str) -> list[str]:
    """Tell what a page lacks for being sent on, or says although it is for one reader alone."""
    tags = dict(TAG.findall(answer.content.decode()))
    is_site = path.split("/")[1] in dict(settings.LANGUAGES)
    is_hidden = "X-Robots-Tag" in answer or 'name="robots"' in answer.content.decode()
    if is_site and not is_hidden:
        return [f"says no {tag}" for tag in TAGS if not html.unescape(tags.get(tag, "")).strip()]
    if path.startswith("/desk/") or not is_site:
        return [f"says {tag}" for tag in TAGS if tag in tags]
    return []


@cache
def name_of(path: str) -> str | None:
    """Return the name of the address that a path belongs to, if it is one of ours."""
    try:
        name = resolve(path).view_name
    except (Resolver404, Http404):
        return None
    return name if name in ACCESS else None


def walk(language: str, user: User, cookies: dict[str, str]) -> Walk:
    """Return what a walk over the demonstration meets, as `user` and as a visitor."""
    staff, visitor = (Client(raise_request_exception=False) for _ in range(2))
    # One language is enough to press each button of each form that has several.
    walked = Walk(language, staff, visitor, presses=language == settings.LANGUAGES[0][0])
    sign_in_fully(walked.staff, user)
    for name, value in cookies.items():
        walked.staff.cookies[name] = value
    walked.follow()
    return walked
