"""The levels of the place tree and the kinds of localities, worded by the institution."""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from hiwar.common.vocabularies import entries, lists
from hiwar.places.models import Place

FILE = Path(__file__).parents[1] / "words.json"
LEVEL, KIND = "places.level", "places.kind"


def level_choices(*also: str) -> list[tuple[str, str]]:
    """Return the levels of the tree as a form offers them, with codes that are in use."""
    return entries.choices(LEVEL, also)


def kind_choices(*also: str) -> list[tuple[str, str]]:
    """Return the kinds of localities as a form offers them, with codes that are in use."""
    return entries.choices(KIND, also)


def level_name(code: str) -> str:
    """Return a level in words; its code where the institution has no word for it."""
    return entries.label(LEVEL, code)


def kind_name(code: str) -> str:
    """Return a kind of locality in words; its code where the institution has no word for it."""
    return entries.label(KIND, code)


def place_headings() -> list[str]:
    """Return what a column of places is called after the levels of this country."""
    return [word for entry in entries.entries(LEVEL).values() for word in entry.words("headings")]


_ROOM = _("Places and calendars")
VOCABULARIES = (
    lists.Vocabulary(
        LEVEL, _("Levels of places"), _ROOM, lists.seed_of(FILE, "level"),
        about=_("From the country down to the town or village."),
        properties=(
            lists.NAME,
            lists.Property(
                "headings", _("Headings of files"), lists.Kind.WORDS,
                help=_("What a column with such places is called in files that come in."),
            ),
        ),
        uses=lists.uses_of(Place, "level"),
    ),
    lists.Vocabulary(
        KIND, _("Kinds of towns and villages"), _ROOM, lists.seed_of(FILE, "kind"),
        about=_("What a place is that has no places below it."), uses=lists.uses_of(Place, "kind"),
    ),
)  # fmt: skip
