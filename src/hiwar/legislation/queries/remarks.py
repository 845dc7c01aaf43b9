"""What reviewers wrote beside a text in a Word file: read with it, placed beside the provision."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from hiwar.common import dates
from hiwar.legislation.models import DraftRemark

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hiwar.analysis.laws import LawFile
    from hiwar.engine import law as engine
    from hiwar.legislation.models import LawDraft, LawVersion

LONGEST_NAME = DraftRemark._meta.get_field("author").max_length or 0


def remarks_in(file: LawFile, draft: LawDraft) -> list[DraftRemark]:
    """Return the remarks of a file, for one of the texts that were read from it; none is saved."""
    return [
        DraftRemark(
            draft=draft, position=position, author=comment.author.strip()[:LONGEST_NAME],
            written_on=_day(comment.day), text=comment.text, on_words=comment.on,
            paragraph=comment.beside, turn=comment.turn,
        )
        for position, comment in enumerate(file.comments)
        if comment.text.strip()
    ]  # fmt: skip


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written[:10])
    except ValueError:
        return None


def place_of_remark(remark: DraftRemark, reading: engine.Reading) -> str:
    """Return the address of the provision beside which a remark stands; empty where it is unsure.

    A paragraph that was put right, or that stands more often than it did, has no place.
    """
    words = remark.paragraph.strip()
    if not words:
        return ""
    text, at, places = reading.source, 0, []
    for line in text.split("\n"):
        shown = line.strip()
        if shown == words or shown.endswith((f" {words}", f"\t{words}")):
            places.append(at + len(line) - 1)
        at += len(line) + 1
    if not places and text.count(words) == 1:
        places.append(text.index(words))
        turn = 0
    else:
        turn = remark.turn
    if turn >= len(places):
        return ""
    inside = [part for part in reading.law.walk() if part.start <= places[turn] < part.end]
    return inside[-1].eid if inside else ""


def remarks_of(version: LawVersion) -> list[DraftRemark]:
    """Return the remarks that came with the text of a version, in the order of the file."""
    remarks = DraftRemark.objects.filter(draft__version=version)
    return list(remarks.order_by("position", "pk"))


def remarks_beside(remarks: Iterable[DraftRemark]) -> dict[str, str]:
    """Return remarks as HTML by the address of the provision that they stand beside."""
    by_place: dict[str, list[DraftRemark]] = {}
    for remark in remarks:
        by_place.setdefault(remark.eid, []).append(remark)
    return {eid: remarks_html(each) for eid, each in by_place.items()}


def remarks_html(remarks: Iterable[DraftRemark]) -> str:
    """Return remarks as one aside: who, when, on which words, and what."""
    return format_html(
        '<aside class="law-remarks" aria-label="{}">{}</aside>',
        _("Remarks of reviewers"),
        format_html_join("", '<div dir="auto"><p class="muted">{}</p>{}<p>{}</p></div>', (
            (
                format_html_join(" · ", "<bdi>{}</bdi>", (
                    (part,) for part in (
                        remark.author or _("without a name"),
                        dates.day(remark.written_on) if remark.written_on else "",
                    ) if part
                )),
                format_html("<p><q>{}</q></p>", remark.on_words) if remark.on_words else "",
                remark.text,
            )
            for remark in remarks
        )),
    )  # fmt: skip
