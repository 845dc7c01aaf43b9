"""A frozen text on paper: a page for the decider, contents, text with its notes, annex."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import override

from hiwar.common.dates import local_day
from hiwar.common.multilingual import direction
from hiwar.common.printing import isolated, print_page
from hiwar.common.templatetags.components import number
from hiwar.papers.exports.reading import Note, Reader, declared_in, figure_of
from hiwar.papers.exports.sections import recommendations_by_addressee, sections_of
from hiwar.papers.queries.content import content_in
from hiwar.papers.queries.signing import signed_in_public
from hiwar.papers.queries.vocabularies import kind_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hiwar.common.printing import Printed
    from hiwar.papers.exports.reading import Shown
    from hiwar.papers.models import PaperVersion

SHEET = Path(__file__).parents[1] / "templates/papers/print.css"
MARK, NOTE = "mark-", "foot-"
ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Plan:
    """How notes are set.

    ``at_end`` sets all of them behind the text. Else each stands where its mark is, but for the
    ``silent`` marks, whose note another mark of the page brings; the blocks in ``whole`` are kept
    on one page, so that their notes stay with them, and those in ``fresh`` begin one.
    """

    at_end: bool = False
    silent: frozenset[str] = frozenset()
    whole: frozenset[str] = frozenset()
    fresh: frozenset[str] = frozenset()


class PrintReader(Reader):
    """Reads content for print; ``blocks_by_mark`` says in which block each mark stands."""

    def __init__(self, content: Mapping[str, Any], language: str, plan: Plan) -> None:
        super().__init__(content, language)
        self.plan, self.blocks_by_mark, self._block_key = plan, dict[str, str](), ""
        self._notes = {note.number: note for note in self.notes()}

    def _block(self, block: Mapping[str, Any], count: int) -> Shown:
        self._block_key = block["key"]
        return super()._block(block, count)

    def reference(self, key: int, block: Shown) -> SafeString:
        """Return the sign of a note, as it stands behind the words of a block."""
        self._block_key = block.key
        return super().reference(key, block)

    def _mark(self, key: int, form: str) -> SafeString:
        note, entry = self._notes.get(key), self.citations.get(key)
        if note is None or entry is None or self.plan.at_end:
            return super()._mark(key, form)
        name = f"{MARK}{len(self.blocks_by_mark)}-{key}"
        self.blocks_by_mark[name] = self._block_key
        figure = figure_of(entry["value"], form) if form else ""
        chip = format_html("<bdi>{}</bdi>", figure) if figure else SafeString("")
        if name in self.plan.silent:
            return format_html('{}<sup id="{}">{}</sup>', chip, name, number(key))
        return format_html(
            '{}<span class="mark" id="{}"><span class="foot" data-n="{}" id="{}" '
            'lang="{}">{}</span></span>',
            chip, name, number(key), name.replace(MARK, NOTE), note.language, words_of(note),
        )  # fmt: skip


def words_of(note: Note) -> SafeString:
    """Return what a note says: words, number, where they come from, day."""
    parts = [note.words[:400], note.figures, note.origin]
    said = [format_html("<bdi>{}</bdi>", part) for part in parts if part]
    if note.day:
        said.append(format_html('<bdi dir="ltr">{}</bdi>', note.day))
    return SafeString(" · ".join(said))


def version_page(version: PaperVersion, language: str, plan: Plan) -> tuple[str, Mapping[str, str]]:
    """Return the page that goes to the printer, and in which block each of its marks stands."""
    content = content_in(version)
    with override(language):
        reader = PrintReader(content, language, plan)
        blocks = reader.blocks()
        path = reverse("public_papers:version", args=[language, version.paper.code, version.number])
        published = version.published_at or version.frozen_at
        page = isolated(render_to_string("papers/print.html", {
            "version": version, "language": language, "direction": direction(language),
            "title": reader.title, "kind": kind_name(content["kind"]),
            "publisher": reader.text(content["institution"])[0], "byline": content["byline"],
            "correction": reader.text(content["correction"])[0],
            "sections": sections_of(blocks), "plan": plan,
            "addressees": recommendations_by_addressee(reader, blocks),
            "notes": reader.notes() if plan.at_end else [], "signed": signed_in_public(version),
            "declared": declared_in(reader),
            "address": f"{settings.PUBLIC_ORIGIN}{path}",
            "day": local_day(published), "year": local_day(published).year,
        }))  # fmt: skip
    return page, reader.blocks_by_mark


def _number_of(name: str) -> str:
    return name.rpartition("-")[2]


def strayed_marks(places: Mapping[str, int]) -> list[str]:
    """Return the marks on whose page no note of their number stands."""
    noted = {(_number_of(name), page) for name, page in places.items() if name.startswith(NOTE)}
    return [
        name for name, page in places.items()
        if name.startswith(MARK) and (_number_of(name), page) not in noted
    ]  # fmt: skip


def repeated_marks(places: Mapping[str, int]) -> frozenset[str]:
    """Return the marks whose number has another mark before them on the same page."""
    marks = sorted(
        (int(name.split("-")[1]), name) for name in places if name.startswith(MARK)
    )  # fmt: skip
    seen: set[tuple[str, int]] = set()
    repeated = []
    for _order, name in marks:
        where = _number_of(name), places[name]
        if where in seen:
            repeated.append(name)
        seen.add(where)
    return frozenset(repeated)


def print_version(version: PaperVersion, language: str) -> Printed:
    """Print a frozen text in a language, each note once a page, on the page of its mark.

    The printer may put a note on another page: the block of its mark is then kept whole, and where
    that does not help, all notes stand at the end. Raises ``PrintingAbsent``.
    """
    sheets = (SHEET.read_text("utf-8"),)
    plan = Plan()
    for attempt in range(ATTEMPTS):
        page, blocks_by_mark = version_page(version, language, plan)
        printed = print_page(page, sheets)
        strayed = set(strayed_marks(printed.places))
        repeated = repeated_marks(printed.places)
        # The first attempt brings each note as often as its mark stands.
        if not strayed and (attempt or not repeated):
            return printed
        kept = {blocks_by_mark[name] for name in strayed - plan.silent}
        plan = Plan(
            silent=repeated - strayed, whole=plan.whole | kept,
            fresh=plan.fresh | (kept & plan.whole),
        )  # fmt: skip
    return print_page(version_page(version, language, Plan(at_end=True))[0], sheets)
