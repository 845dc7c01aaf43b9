"""How a reading and a comparison are shown: codes in words, edits as pieces."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.engine import law as engine
from hiwar.legislation.queries.laws import text_of

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from hiwar.legislation.models import LawVersion

SURE = 0.9
REASONS: dict[str, _StrPromise] = {
    "alone": _("stands alone on its line"),
    "separated": _("has its title on the same line"),
    "run_on": _("the text goes on behind it on the same line"),
    "glued": _("glued to the word before it"),
    "in_line": _("stands in the middle of a line"),
    "bare": _("a number without the word for article"),
    "misspelt": _("the word for article is misspelt"),
    "number_alone": _("a number alone on its line"),
    "gap": _("numbers before it are missing"),
    "restart": _("numbers begin again here"),
    "out_of_order": _("its number is out of order"),
    "reference": _("refers to a provision"),
    "quoted": _("the words of another text"),
    "repeated": _("repeats the heading before it"),
    "scanned_number": _("a number that was read in a picture"),
    "scanned_letters": _("letters that are not sure"),
}
STATUSES: dict[str, tuple[_StrPromise, str]] = {
    "changed": (pgettext_lazy("provision", "changed"), "notice"),
    "added": (_("added"), "primary"),
    "removed": (_("removed"), "danger"),
    "split": (_("split"), "notice"),
    "merged": (_("merged"), "notice"),
    "spelling": (_("only written otherwise"), ""),
}
FRAME: dict[str, _StrPromise] = {
    "preface": _("Title of the text"),
    "preamble": _("Preamble"),
    "conclusion": _("Conclusion"),
}
SECTIONS = frozenset(["title", "book", "part", "chapter", "division", "section", "subsection"])


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading as it was read; ``reasons`` only where it is doubtful."""

    label: str
    heading: str
    address: str
    percent: int
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """What the reader made of a text."""

    articles: int
    headings: tuple[Heading, ...]
    doubtful: int
    left: tuple[tuple[str, str], ...]  # what looked like a heading and stays text, and why
    set_aside: str  # a table of contents

    @classmethod
    def of(cls, reading: engine.Reading) -> Outline:
        """Return what is shown of a reading before anything is saved."""
        headings = tuple(
            Heading(
                part.label, part.heading, part.eid, round(part.confidence * 100),
                tuple(str(REASONS.get(code, code)) for code in part.reasons)
                if part.confidence < SURE else (),
            )
            for part in reading.law.walk()
            if part.kind in SECTIONS | {"article", "annex"}
        )  # fmt: skip
        left = tuple(
            (_line(reading.source, doubt.start), str(REASONS.get(doubt.reason, doubt.reason)))
            for doubt in reading.doubts
        )
        aside = "".join(
            reading.text_of(part) for part in reading.segments if part.role == "contents"
        )
        return cls(
            sum(1 for _article in reading.law.articles()), headings,
            sum(bool(heading.reasons) for heading in headings), left, aside.strip(),
        )  # fmt: skip


def _line(text: str, at: int) -> str:
    start = text.rfind("\n", 0, at) + 1
    end = text.find("\n", at)
    return text[start : end if end >= 0 else len(text)].strip()[:200]


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a comparison in both ways of showing."""

    old: tuple[engine.Piece, ...]
    new: tuple[engine.Piece, ...]
    inline: tuple[engine.Piece, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A change as it is shown."""

    label: str
    tone: str
    name: str
    eid: str
    is_moved: bool
    is_renumbered: bool
    lines: tuple[Line, ...]


def changes_shown(changes: tuple[engine.Change, ...], *, with_spelling: bool) -> tuple[Shown, ...]:
    """Return what differs; what is only written otherwise on request."""
    shown = []
    for change in changes:
        is_same = change.status == "same" and not (change.is_moved or change.is_renumbered)
        if is_same or (change.status == "spelling" and not with_spelling):
            continue
        label, tone = STATUSES.get(change.status, (_("moved"), "info"))
        eid = (*change.new, *change.old)[0]
        frame = FRAME.get(eid)
        lines = [_shown(change.heading, with_spelling)] if change.heading else []
        lines += [_shown(row.edits, with_spelling) for row in change.rows]
        shown.append(
            Shown(str(label), tone, str(frame or ""), eid, change.is_moved,
                  change.is_renumbered, tuple(lines))
        )  # fmt: skip
    return tuple(shown)


def _shown(edits: tuple[engine.Edit, ...], with_spelling: bool) -> Line:
    return Line(*engine.side_by_side(edits), engine.inline(edits, with_spelling=with_spelling))


@lru_cache(maxsize=16)
def changes_between(old: LawVersion, new: LawVersion) -> tuple[engine.Change, ...]:
    """Return what differs between two versions; texts never change, so the last pairs are kept."""
    return engine.compare(text_of(old), text_of(new))


def counts_of(changes: tuple[engine.Change, ...]) -> dict[str, int]:
    """Count articles: changed, added, removed, the same."""
    counts = {"changed": 0, "added": 0, "removed": 0, "same": 0}
    for change in changes:
        if any("art_" in eid for eid in (*change.old, *change.new)):
            same = change.status in {"same", "spelling"} and not change.is_moved
            status = "same" if same else change.status
            counts[status if status in counts else "changed"] += 1
    return counts
