"""Lists of places at the one desk of files: what their columns and problems mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from hiwar.common.imports import Importer, Part, at_page, whoever
from hiwar.common.multilingual import installation_languages
from hiwar.places import rules
from hiwar.places.actions import places as act
from hiwar.places.queries.place_lists import NAME, PLACES, heading_words, plan_places

if TYPE_CHECKING:
    from collections.abc import Mapping


KIND = "places.places"
LEFT_OUT = _("The row is left out.")


def _fields(_options: Mapping[str, str]) -> dict[str, object]:
    names = dict(settings.LANGUAGES)
    in_languages = {
        f"{NAME}{code}": gettext("Name (%(language)s)") % {"language": names.get(code, code)}
        for code in installation_languages()
    }
    return {
        "name": _("Name"), **in_languages, "code": pgettext_lazy("of a place", "Code"),
        "parent": pgettext_lazy("of a place", "Belongs to"),
        "level": _("Level"), "kind": _("Kind of locality"), "note": _("Note"),
    }  # fmt: skip


IMPORTER = Importer(
    kind=KIND,
    title=_("Lists of places"),
    parts=(
        Part(
            PLACES,
            pgettext_lazy("part of the desk", "Places"),
            words=lambda _options: heading_words(),
            fields=_fields,  # type: ignore[arg-type]  # words of both kinds
            shown=(
                _("Name"),
                pgettext_lazy("of a place", "Code"),
                pgettext_lazy("of a place", "Belongs to"),
            ),
            help_text=_("XLSX or CSV, a row for each place. Only the name is needed."),
        ),
    ),
    may=whoever(rules.can_change_places),
    home=at_page(_("Places and calendars"), "places:places"),
    plan=plan_places,
    apply=act.apply_places,
    undo=act.undo_places,
    figures={"new": _("New places"), "known": _("There already")},
    problems={
        "name_missing": (_("There is no name in this row"), LEFT_OUT),
        "parent_unknown": (_("No place of this name or code, here or in the file"), LEFT_OUT),
        "parent_unclear": (_("Several places have this name; write the code"), LEFT_OUT),
        "parent_left_out": (_("What it belongs to is left out, or is itself below it"), LEFT_OUT),
        "code_twice": (_("This code stands in the file already"), LEFT_OUT),
    },
    not_taken={"column": _("This column is not taken")},
    refusals=(act.PlacesInUse,),
)
