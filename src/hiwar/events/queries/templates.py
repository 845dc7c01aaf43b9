"""What a new event begins with: templates, items of an agenda and preparations as lists."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.common.vocabularies import entries, lists
from hiwar.events.models import Event, EventRole, Preparation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hiwar.common.multilingual import MultilingualText
    from hiwar.common.vocabularies.entries import Entry

FILE = Path(__file__).parents[1] / "templates.json"
TEMPLATE, ITEM, PREPARATION = "events.template", "events.agenda_item", "events.preparation"
MINUTES, LONGEST, WHOLE = 60, 1440, 100
_LINE = re.compile(
    r"(?P<minutes>[1-9][0-9]{0,3})\s+(?P<role>[a-z_]+)\s+(?P<item>[a-z0-9_]+)"
    r"(?:\s+(?P<attribution>[a-z_]+))?"
)


@dataclass(frozen=True, slots=True)
class PlannedItem:
    """An item of the agenda of a template; `attribution` is empty where it has no own rule."""

    minutes: int
    role: str
    title: MultilingualText
    purpose: MultilingualText
    attribution: str


@dataclass(frozen=True, slots=True)
class EventTemplate:
    """What a template brings into an event; ``quota`` is women's share of the time, in percent."""

    kind: str
    minutes: int
    quota: int
    roles: tuple[str, ...]
    agenda: tuple[PlannedItem, ...]
    preparations: tuple[tuple[str, MultilingualText], ...]


def template_choices() -> list[tuple[str, str]]:
    """Return the templates as a form offers them, each with what it is for."""
    return entries.choices_told(TEMPLATE)


def find_template(code: str) -> EventTemplate | None:
    """Return a template; lines that cannot be read are left out."""
    entry = entries.entries(TEMPLATE).get(code)
    if entry is None:
        return None
    items, preparations = entries.entries(ITEM), entries.entries(PREPARATION)
    kinds = [word for word in entry.words("kind") if word in Event.Kind.values]
    return EventTemplate(
        kind=kinds[0] if kinds else Event.Kind.MEETING,
        minutes=entry.number("minutes", MINUTES, LONGEST),
        quota=entry.number("quota", 0, WHOLE),
        roles=tuple(word for word in entry.words("roles") if word in EventRole.Code.values),
        agenda=tuple(
            item for text in entry.words("agenda") if (item := _item(text.strip(), items))
        ),
        preparations=tuple(
            (_kind_of(preparations[word]), preparations[word].text)
            for word in entry.words("preparations")
            if word in preparations
        ),
    )


def _item(text: str, items: Mapping[str, Entry]) -> PlannedItem | None:
    line = _LINE.fullmatch(text)
    if line is None or line["item"] not in items or line["role"] not in EventRole.Code.values:
        return None
    own = line["attribution"] or ""
    return PlannedItem(
        minutes=min(int(line["minutes"]), LONGEST),
        role=line["role"],
        title=items[line["item"]].text,
        purpose=items[line["item"]].long_text("purpose"),
        attribution=own if own in Event.Attribution.values else "",
    )


def _kind_of(entry: Entry) -> str:
    kinds = [word for word in entry.words("kind") if word in Preparation.Kind.values]
    return kinds[0] if kinds else Preparation.Kind.MATERIAL


_ROOM = _("Events")
VOCABULARIES = (
    lists.Vocabulary(
        TEMPLATE, _("Templates of events"), _ROOM, lists.seed_of(FILE, "template"),
        about=_("What a new event begins with; events that are there stay as they are."),
        properties=(
            lists.NAME,
            lists.Property("about", _("When it fits"), lists.Kind.LONG_TEXT),
            lists.Property(
                "kind", _("Kind"), lists.Kind.WORDS,
                help=_("One of town_hall, session, round_table, briefing, discussion, workshop,"
                       " meeting, conference, site_visit."),
            ),
            lists.Property("minutes", pgettext_lazy("of time", "Minutes"), lists.Kind.WORDS),
            lists.Property(
                "quota", _("Women's share of the speaking time, in percent"), lists.Kind.WORDS
            ),
            lists.Property(
                "roles", _("Roles"), lists.Kind.WORDS,
                help=_("Of chair, note_taker, timekeeper, language_helper, safety_contact,"
                       " speaker, one to a line."),
            ),
            lists.Property(
                "agenda", _("Agenda"), lists.Kind.WORDS,
                help=_("One item a line: minutes, role and code of the item, as in"
                       " 20 speaker introduction; a rule of attribution may follow."),
            ),
            lists.Property(
                "preparations", _("Preparations"), lists.Kind.WORDS,
                help=_("Codes of the list of preparations, one to a line."),
            ),
        ),
        uses=lists.uses_of(Event, "template"),
    ),
    lists.Vocabulary(
        ITEM, _("Items of an agenda"), _ROOM, lists.seed_of(FILE, "agenda_item"),
        about=_("Templates name them by code."),
        properties=(
            lists.Property("name", _("Title"), is_required=True),
            lists.Property("purpose", _("Purpose"), lists.Kind.LONG_TEXT),
        ),
    ),
    lists.Vocabulary(
        PREPARATION, _("Preparations of events"), _ROOM, lists.seed_of(FILE, "preparation"),
        about=_("Templates name them by code."),
        properties=(
            lists.NAME,
            lists.Property(
                "kind", _("Kind"), lists.Kind.WORDS,
                help=_("One of venue, access, childcare, transport, material, safety."),
            ),
        ),
    ),
)  # fmt: skip
