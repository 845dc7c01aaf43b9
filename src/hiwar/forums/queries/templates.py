"""The templates of forums: which stages each has, how long they last, which floors it sets."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from hiwar.common.vocabularies import entries, lists
from hiwar.forums.models import Forum, Stage
from hiwar.places.queries import days_off

if TYPE_CHECKING:
    from hiwar.places.models import Calendar

FILE = Path(__file__).parents[1] / "words.json"
STAGE = re.compile(r"(?P<kind>[a-z]+)(?:\s+(?P<days>[1-9][0-9]{0,2}))?")
FLOOR = re.compile(r"(?P<group>[a-z_-]+)\s+(?P<wanted>[1-9][0-9]{0,3})(?P<percent>%?)")
_ONE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PlannedStage:
    """A stage of a template: its kind and how many days it lasts."""

    kind: str
    days: int


@dataclass(frozen=True, slots=True)
class PlannedFloor:
    """A floor of a template: for which group, and a share in percent or a number of places."""

    group: str
    wanted: int
    is_share: bool


@dataclass(frozen=True, slots=True)
class Template:
    """What a new forum begins with.

    ``dialogue`` is the template of the dialogue whose rounds are its stages; empty for none.
    """

    code: str
    stages: tuple[PlannedStage, ...]
    floors: tuple[PlannedFloor, ...]
    dialogue: str


def template_choices() -> list[tuple[str, str]]:
    """Return the templates as a form offers them."""
    return entries.choices("forums.template")


def template_name(code: str) -> str:
    """Return a template in words."""
    return entries.label("forums.template", code)


def find_template(code: str) -> Template | None:
    """Return a template; lines that cannot be read are left out."""
    entry = entries.entries("forums.template").get(code)
    if entry is None:
        return None
    known = entries.entries("dialogues.template")
    dialogue = next((word for word in entry.words("dialogue") if word in known), "")
    stages = [
        PlannedStage(line["kind"], int(line["days"] or 1))
        for text in entry.words("stages")
        if (line := STAGE.fullmatch(text.strip())) and line["kind"] in Stage.Kind.values
    ]
    floors = [
        PlannedFloor(line["group"], int(line["wanted"]), bool(line["percent"]))
        for text in entry.words("targets")
        if (line := FLOOR.fullmatch(text.strip()))
    ]
    return Template(code, tuple(stages), tuple(floors), dialogue)


def days_of_stages(
    template: Template, first: date, calendar: Calendar | None
) -> list[tuple[date, date]]:
    """Return first and last day of each stage, one after another from a first day on.

    A session is put on the next working day of the calendar, and the sessions of a row a week
    apart; a round begins on the day that comes.
    """
    off = days_off(calendar, first) if calendar else None
    laid: list[tuple[date, date]] = []
    day, before = first, ""
    for stage in template.stages:
        if stage.kind == Stage.Kind.SESSION:
            if before == stage.kind:
                day = laid[-1][0] + timedelta(days=7)
            while off is not None and off.reason(day):
                day += _ONE
        laid.append((day, day + timedelta(days=stage.days - 1)))
        day = laid[-1][1] + _ONE
        before = stage.kind
    return laid


VOCABULARIES = (
    lists.Vocabulary(
        "forums.template", _("Templates of policy forums"), _("Policy forums"),
        lists.seed_of(FILE, "template"),
        about=_("What a new forum begins with: stages with their days, in order, and floors."),
        properties=(
            lists.NAME,
            lists.Property("about", _("When it fits"), lists.Kind.LONG_TEXT),
            lists.Property(
                "dialogue", _("Dialogue"), lists.Kind.WORDS,
                help=_("The code of the template of its dialogue; empty for none."),
            ),
            lists.Property(
                "stages", _("Stages"), lists.Kind.WORDS,
                help=_("One a line: collect, vote, session, recommend, drafting or review, "
                       "and how many days."),
            ),
            lists.Property(
                "targets", _("Targets"), lists.Kind.WORDS,
                help=_("One a line: women 50%, youth 40%, disability 5%, place 12."),
            ),
        ),
        uses=lists.uses_of(Forum, "template"),
    ),
)  # fmt: skip
