"""Who paid for a paper and what its authors declared: stated, or stated to be none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hiwar.papers.models import InterestNote

if TYPE_CHECKING:
    from hiwar.papers.models import Paper

Kind = InterestNote.Kind
# By kind, the field of a paper that says there is none.
NONE_FIELDS = {Kind.FUNDER: "no_funders", Kind.INTEREST: "no_interests"}


def interest_notes(paper: Paper) -> dict[str, list[InterestNote]]:
    """Return the notes of a paper by kind, in the order in which they were made."""
    notes: dict[str, list[InterestNote]] = {kind.value: [] for kind in Kind}
    for note in InterestNote.objects.filter(paper=paper).order_by("position", "pk"):
        notes[note.kind].append(note)
    return notes


def is_stated(paper: Paper, kind: str, notes: dict[str, list[InterestNote]]) -> bool:
    """Return whether a paper says something of a kind, or that there is none."""
    return bool(notes[kind]) or bool(getattr(paper, NONE_FIELDS[Kind(kind)]))
