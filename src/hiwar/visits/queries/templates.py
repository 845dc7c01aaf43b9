"""What a new visit begins with: templates and texts of packs, worded by the institution."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from hiwar.common.vocabularies import entries, lists
from hiwar.visits.models import PackText

if TYPE_CHECKING:
    from hiwar.common.multilingual import MultilingualText
    from hiwar.common.vocabularies.entries import Entry

FILE = Path(__file__).parents[1] / "words.json"
TEMPLATE, PACK_TEXT = "visits.template", "visits.pack_text"
BUFFER, KEPT = 30, 14
LONGEST_BUFFER, LONGEST_KEPT = 240, 90


@dataclass(frozen=True, slots=True)
class TemplateText:
    """A text of the pack that a template brings: `PackText.Kind`, who reads it, what it says."""

    kind: str
    is_for_members: bool
    is_for_press: bool
    title: MultilingualText
    body: MultilingualText


@dataclass(frozen=True, slots=True)
class VisitTemplate:
    """What a template brings into a visit: minutes between two stops, days that papers are kept."""

    statement: MultilingualText
    buffer_minutes: int
    documents_kept_days: int
    texts: tuple[TemplateText, ...]


def template_choices() -> list[tuple[str, str]]:
    """Return the templates as a form offers them."""
    return entries.choices(TEMPLATE)


def find_template(code: str) -> VisitTemplate | None:
    """Return a template; lines that cannot be read are left out, and a text without words."""
    entry = entries.entries(TEMPLATE).get(code)
    if entry is None:
        return None
    known = entries.entries(PACK_TEXT)
    texts = [_text(known[word]) for word in entry.words("texts") if word in known]
    return VisitTemplate(
        statement=entry.long_text("statement"),
        buffer_minutes=entry.number("buffer", BUFFER, LONGEST_BUFFER),
        documents_kept_days=entry.number("kept", KEPT, LONGEST_KEPT),
        texts=tuple(text for text in texts if text.body),
    )


def _text(entry: Entry) -> TemplateText:
    kinds = [word for word in entry.words("kind") if word in PackText.Kind.values]
    readers = entry.words("readers")
    return TemplateText(
        kind=kinds[0] if kinds else PackText.Kind.ADVICE,
        is_for_members="members" in readers,
        is_for_press="press" in readers,
        title=entry.text,
        body=entry.long_text("body"),
    )


_ROOM = _("Visits")
VOCABULARIES = (
    lists.Vocabulary(
        TEMPLATE, _("Templates of visits"), _ROOM, lists.seed_of(FILE, "template"),
        about=_("What a new visit begins with; visits that are there stay as they are."),
        properties=(
            lists.NAME,
            lists.Property("statement", _("Holding statement"), lists.Kind.LONG_TEXT),
            lists.Property(
                "texts", _("Texts of the pack"), lists.Kind.WORDS,
                help=_("Codes of the list of these texts, one to a line, in their order."),
            ),
            lists.Property("buffer", _("Spare minutes for each way"), lists.Kind.WORDS),
            lists.Property(
                "kept", _("Delete travel documents this many days after the visit"),
                lists.Kind.WORDS,
            ),
        ),
    ),
    lists.Vocabulary(
        PACK_TEXT, _("Texts that packs begin with"), _ROOM, lists.seed_of(FILE, "pack_text"),
        about=_("Welcome, advice, risk notes: a template names them by code, and each visit may"
                " change its own."),
        properties=(
            lists.Property("name", _("Title"), is_required=True),
            lists.Property("body", _("Text"), lists.Kind.LONG_TEXT),
            lists.Property(
                "kind", _("Kind"), lists.Kind.WORDS,
                help=_("One of letter, brief, advice, risk, glossary."),
            ),
            lists.Property(
                "readers", _("Who reads it"), lists.Kind.WORDS,
                help=_("members, press or both, one to a line; staff read every text."),
            ),
        ),
    ),
)  # fmt: skip
