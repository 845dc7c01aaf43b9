"""What people who take part may answer about themselves: five lists that the institution words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from hiwar.common.vocabularies import entries, lists
from hiwar.dialogues.models import Participant
from hiwar.dialogues.queries.messages import fold

if TYPE_CHECKING:
    from collections.abc import Collection

    from hiwar.common.multilingual import MultilingualText

FILE = Path(__file__).parents[1] / "attributes.json"
ANSWERED_BY_CODE = ("sex", "age_band", "disability", "locality_kind", "sector")
LATE = 1000


def answers(attribute: str) -> dict[str, MultilingualText]:
    """Return the answers to a question by code, those that are no longer offered included."""
    return entries.texts(f"dialogues.{attribute}")


def offered(attribute: str, also: Collection[str] = ()) -> list[tuple[str, str]]:
    """Return the answers that a form offers, and those that somebody gave already."""
    return entries.choices(f"dialogues.{attribute}", also)


def answer_of(attribute: str, text: str) -> str | None:
    """Return the code of an answer that a file gives as a code or in words, in any language.

    The words as they were shipped count as well, so that a list of before can still be read.
    """
    said = fold(text)
    shipped = lists.shipped(f"dialogues.{attribute}")
    for code, wording in answers(attribute).items():
        name = shipped.get(code, {}).get("name")
        texts = {*wording.values(), *(name.values() if isinstance(name, Mapping) else ())}
        if said == fold(code) or said in map(fold, texts):
            return code
    return None


def first_year(band: str, name: Mapping[str, str]) -> int:
    """Return the age at which a band begins: by its code, else by the first number of its words.

    Examples
    --------
    >>> first_year("18-29", {}), first_year("60+", {}), first_year("young", {"en": "From 15"})
    (18, 60, 15)
    """
    begins = re.fullmatch(r"(\d{1,2})(?:-\d{1,2}|\+)", band)
    said = [int(number[0]) for text in name.values() if (number := re.search(r"\d+", text))]
    return int(begins[1]) if begins else next(iter(said), LATE)


def _uses_of_sectors() -> Mapping[str, int]:
    several = Participant.objects.exclude(sectors=[]).values_list("sectors", flat=True)
    return Counter(code for codes in several for code in codes)


_ROOM = _("Dialogues")
_ASKED = _("Asked of people who take part; nobody has to answer.")
VOCABULARIES = (
    lists.Vocabulary(
        "dialogues.sex", _("Answers: sex"), _ROOM, lists.seed_of(FILE, "sex"),
        about=_ASKED, uses=lists.uses_of(Participant, "sex"),
    ),
    lists.Vocabulary(
        "dialogues.age_band", _("Answers: age"), _ROOM, lists.seed_of(FILE, "age_band"),
        about=_("Asked of people who take part; in results the bands stand by the age at which"
                " they begin."),
        uses=lists.uses_of(Participant, "age_band"),
    ),
    lists.Vocabulary(
        "dialogues.disability", _("Answers: disability"), _ROOM,
        lists.seed_of(FILE, "disability"),
        about=_ASKED, is_closed=True, uses=lists.uses_of(Participant, "disability"),
    ),
    lists.Vocabulary(
        "dialogues.locality_kind", _("Answers: kind of locality"), _ROOM,
        lists.seed_of(FILE, "locality_kind"),
        about=_ASKED, uses=lists.uses_of(Participant, "locality_kind"),
    ),
    lists.Vocabulary(
        "dialogues.sector", _("Answers: work or study"), _ROOM, lists.seed_of(FILE, "sector"),
        about=_(
            "Asked of people who take part, who may give several; targets can be set for each."
        ),
        uses=_uses_of_sectors,
    ),
)  # fmt: skip
