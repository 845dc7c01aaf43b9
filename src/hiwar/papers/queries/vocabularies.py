"""The templates of papers: which kinds there are, and which parts each has; both are data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.common.multilingual import MultilingualText
from hiwar.common.vocabularies import entries, lists
from hiwar.papers.models import Paper

FILE = Path(__file__).parents[1] / "words.json"
REQUIRED = "!"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a template: its code, heading, what is asked for, and whether it may be empty."""

    code: str
    name: MultilingualText
    prompt: MultilingualText
    is_required: bool


def kind_choices(*also: str) -> list[tuple[str, str]]:
    """Return the kinds of papers as a form offers them."""
    return entries.choices("papers.kind", also)


def kind_name(code: str) -> str:
    """Return a kind of paper in words."""
    return entries.label("papers.kind", code)


def parts_of(kind: str) -> list[Part]:
    """Return the parts of a template in their order; unknown ones are left out."""
    template = entries.entries("papers.kind").get(kind)
    known = entries.entries("papers.part")
    parts = []
    for line in template.words("parts") if template else ():
        code = line.strip().removesuffix(REQUIRED)
        if entry := known.get(code):
            name, prompt = (
                MultilingualText(_texts(entry.values.get(n))) for n in ("name", "prompt")
            )
            parts.append(Part(code, name, prompt, line.strip().endswith(REQUIRED)))
    return parts


def _texts(value: object) -> Mapping[str, str]:
    return value if isinstance(value, Mapping) else {}


_ROOM = pgettext_lazy("written by the institution", "Papers")
VOCABULARIES = (
    lists.Vocabulary(
        "papers.kind", _("Kinds of papers"), _ROOM, lists.seed_of(FILE, "kind"),
        about=_("What a new paper begins with: its parts, in order."),
        properties=(
            lists.NAME,
            lists.Property(
                "parts", _("Parts"), lists.Kind.WORDS,
                help=_("The code of one part a line; with ! it may not be empty."),
            ),
        ),
        uses=lists.uses_of(Paper, "kind"),
    ),
    lists.Vocabulary(
        "papers.part", _("Parts of papers"), _ROOM, lists.seed_of(FILE, "part"),
        properties=(
            lists.NAME,
            lists.Property("prompt", _("What is asked for"), lists.Kind.LONG_TEXT),
        ),
    ),
)  # fmt: skip
