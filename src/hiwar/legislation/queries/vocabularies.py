"""What is data in laws: the lenses through which a change is looked at."""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from hiwar.common.vocabularies import lists
from hiwar.legislation.models import EquityNote

LENSES = "legislation.lens"


VOCABULARIES = (
    lists.Vocabulary(
        LENSES, _("Lenses"), _("Laws"),
        lists.seed_of(Path(__file__).parents[1] / "lenses.json", "lens"),
        about=_("Groups for whom an amendment needs an equity note before it is adopted."),
        properties=(
            lists.NAME,
            lists.Property("question", _("What to ask"), lists.Kind.LONG_TEXT),
            lists.Property(
                "words", _("Beginnings of words that touch it"), lists.Kind.WORDS,
                help=_("One to a line. A text with such a word touches this lens."),
            ),
        ),
        uses=lists.uses_of(EquityNote, "lens"),
    ),
)  # fmt: skip
