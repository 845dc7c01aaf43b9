"""The lists of the room that the institution chooses: roles, kinds of barriers, groups."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.common.vocabularies import entries, lists
from hiwar.dossiers.models import AffectedGroup, Barrier, DossierPerson, JointStatement

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from hiwar.common.multilingual import MultilingualText

FILE = Path(__file__).parents[1] / "words.json"


def words(name: str) -> dict[str, MultilingualText]:
    """Return a list of words by code, in the order of the institution."""
    return entries.texts(f"dossiers.{name}")


def word(name: str, code: str) -> str:
    """Return one word in the reader's language; an unknown code stands for itself."""
    return entries.label(f"dossiers.{name}", code)


def choices(
    name: str, first: str | None = None, also: Collection[str] = ()
) -> list[tuple[str, str]]:
    """Return a list of words as a form offers it, led by a word for none if one is given."""
    offered = entries.choices(f"dossiers.{name}", also)
    return offered if first is None else [("", first), *offered]


def filter_choices(name: str, first: str) -> list[tuple[str, str]]:
    """Return a list of words as a filter offers it, retired ones included."""
    return [("", first), *entries.every_choice(f"dossiers.{name}")]


def _seed(name: str) -> lists.Seed:
    def read() -> Mapping[str, lists.Values]:
        return {entry["code"]: {"name": entry["name"]} for entry in lists.words_in(FILE)[name]}

    return read


_ROOM = _("Dossiers")
VOCABULARIES = (
    lists.Vocabulary(
        "dossiers.barrier_kind", _("Kinds of barriers"), _ROOM, _seed("barrier_kind"),
        about=_("What stands in somebody's way: on barriers, in filters and in files."),
        uses=lists.uses_of(Barrier, "kind"),
    ),
    lists.Vocabulary(
        "dossiers.group", _("Groups that face barriers"), _ROOM, _seed("group"),
        uses=lists.uses_of(AffectedGroup, "group"),
    ),
    lists.Vocabulary(
        "dossiers.joint_kind", _("Kinds of joint statements"), _ROOM, _seed("joint_kind"),
        uses=lists.uses_of(JointStatement, "kind"),
    ),
    lists.Vocabulary(
        "dossiers.locality_kind", _("Kinds of localities"), _ROOM, _seed("locality_kind"),
        uses=lists.uses_of(Barrier, "locality_kind"),
    ),
    lists.Vocabulary(
        "dossiers.role", pgettext_lazy("in a dossier", "Roles in a dossier"), _ROOM, _seed("role"),
        uses=lists.uses_of(DossierPerson, "role"),
    ),
)  # fmt: skip
