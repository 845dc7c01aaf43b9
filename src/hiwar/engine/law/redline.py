"""Two versions of a law beside one another: by provision, by paragraph, by word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from hiwar.engine.law.alignment import align, unit
from hiwar.engine.law.structure import CONTAINERS
from hiwar.engine.law.words import Edit, compare_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hiwar.engine.law.structure import Law, Provision

Status = Literal["same", "spelling", "changed", "added", "removed", "split", "merged"]
# What has an order of its own inside a sentence of the other direction: Latin words, figures with
# brackets, ranges, shares, dates.
_ISOLATED = re.compile(
    r"[A-Za-z][\w.&'’/-]*(?:[ ][A-Za-z][\w.&'’/-]*)*(?:[ ]?\([\d٠-٩]+\))?"
    r"|\(?[\d٠-٩]+(?:[-–/.,:٫٬][\d٠-٩]+)+\)?(?:[ ]?[%٪])?"
    r"|[\d٠-٩]+(?:\([\w٠-٩]{1,3}\))+|[\d٠-٩]+[ ]?[%٪]"
)


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one or more paragraphs.

    Attributes
    ----------
    status : str
        `same`, `spelling` (only written otherwise), `changed`, `added`, `removed`, `split`,
        `merged`.
    is_moved : bool
        It stands elsewhere.
    old, new : tuple of int
        Places of its paragraphs in either text.
    edits : tuple of Edit
        The words; several paragraphs of one side are joined by a line feed.
    """

    status: Status
    is_moved: bool
    old: tuple[int, ...]
    new: tuple[int, ...]
    edits: tuple[Edit, ...]

    def old_text(self) -> str:
        """Return the old words of the row.

        Returns
        -------
        str
            To the letter.
        """
        return "".join(edit.old for edit in self.edits)

    def new_text(self) -> str:
        """Return the new words of the row.

        Returns
        -------
        str
            To the letter.
        """
        return "".join(edit.new for edit in self.edits)


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one or more provisions.

    Attributes
    ----------
    status : str
        As for a row.
    is_moved, is_renumbered : bool
        It stands elsewhere; its address is another.
    old, new : tuple of str
        Addresses; `preface`, `preamble` and `conclusion` stand for these.
    heading : tuple of Edit
        Label and title.
    rows : tuple of Row
        Its paragraphs.
    """

    status: Status
    is_moved: bool
    is_renumbered: bool
    old: tuple[str, ...]
    new: tuple[str, ...]
    heading: tuple[Edit, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of one line of a redline, as it is shown.

    Attributes
    ----------
    kind : str
        `equal`, `delete`, `insert` or `spelling`.
    text : str
        The letters.
    is_isolated : bool
        Whether it has an order of its own and must be shown in a bidirectional isolate.
    """

    kind: str
    text: str
    is_isolated: bool


def compare_paragraphs(
    old: Sequence[str],
    new: Sequence[str],
    addresses: tuple[Sequence[str], Sequence[str]] = ((), ()),
) -> tuple[Row, ...]:
    """Compare two texts that are divided into paragraphs.

    Parameters
    ----------
    old, new : sequence of str
        Paragraphs.
    addresses : tuple of two sequences of str
        Their addresses, where they have some.

    Returns
    -------
    tuple of Row
        In the order of the new text. Every paragraph stands in exactly one row.

    Examples
    --------
    >>> rows = compare_paragraphs(["أول الكلام", "ثان"], ["أول الكلام", "جديد كل الجدة"])
    >>> [row.status for row in rows]
    ['same', 'removed', 'added']
    """
    units = [
        [unit(text, names[at] if names else "") for at, text in enumerate(texts)]
        for texts, names in ((old, addresses[0]), (new, addresses[1]))
    ]
    rows = []
    for pair in align(*units):
        before = "\n".join(old[at] for at in pair.old)
        after = "\n".join(new[at] for at in pair.new)
        edits = compare_words(before, after)
        status = _status(pair.old, pair.new, edits)
        rows.append(Row(status, pair.is_moved, pair.old, pair.new, edits))
    return tuple(rows)


def compare_texts(old: str, new: str) -> tuple[Row, ...]:
    """Compare two plain texts, a paragraph a line.

    Parameters
    ----------
    old, new : str
        The texts.

    Returns
    -------
    tuple of Row
        As `compare_paragraphs`.
    """
    return compare_paragraphs(old.split("\n"), new.split("\n"))


def _status(old: Sequence[object], new: Sequence[object], edits: Sequence[Edit]) -> Status:
    if not old or not new:
        return "removed" if old else "added"
    if len(new) > 1:
        return "split"
    if len(old) > 1:
        return "merged"
    kinds = {edit.kind for edit in edits}
    if kinds <= {"equal"}:
        return "same"
    return "spelling" if kinds <= {"equal", "spelling"} else "changed"


@dataclass(frozen=True, slots=True)
class _Block:
    """A provision as far as it is compared as one: an article with all in it, a chapter's head."""

    eid: str
    heading: str
    paragraphs: tuple[tuple[str, str], ...]  # address and text

    def text(self) -> str:
        return "\n".join([self.heading, *(text for _eid, text in self.paragraphs)])


def _blocks(law: Law) -> Iterator[_Block]:
    yield from _framing("preface", law.preface)
    yield from _framing("preamble", law.preamble)
    for provision in law.body:
        yield from _of_provision(provision)
    yield from _framing("conclusion", law.conclusion)


def _framing(name: str, text: str) -> Iterator[_Block]:
    if text:
        yield _Block(name, "", tuple(("", line) for line in text.split("\n")))


def _of_provision(provision: Provision) -> Iterator[_Block]:
    heading = " ".join(part for part in (provision.label, provision.heading) if part)
    if provision.kind in CONTAINERS or provision.kind == "annex":
        yield _Block(provision.eid, heading, tuple(_own(provision, provision.text)))
        for child in provision.children:
            yield from _of_provision(child)
        if provision.closing:
            lines = tuple(_own(provision, provision.closing))
            yield _Block(f"{provision.eid}__closing", "", lines)
        return
    yield _Block(provision.eid, heading, tuple(_paragraphs(provision, heading="")))


def _own(provision: Provision, text: str) -> Iterator[tuple[str, str]]:
    for at, line in enumerate(text.split("\n") if text else ()):
        yield (provision.eid if not at else "", line)


def _paragraphs(provision: Provision, heading: str) -> Iterator[tuple[str, str]]:
    lines = provision.text.split("\n") if provision.text else []
    if heading:
        lines = [" ".join([heading, *lines[:1]]), *lines[1:]]
    for at, line in enumerate(lines):
        yield ("" if at else provision.eid, line)
    for child in provision.children:
        head = " ".join(part for part in (child.label, child.heading) if part)
        yield from _paragraphs(child, head)
    if provision.closing:
        yield from (("", line) for line in provision.closing.split("\n"))


def compare(old: Law, new: Law) -> tuple[Change, ...]:
    """Compare two versions of a law.

    Parameters
    ----------
    old, new : Law
        The versions, in the same language.

    Returns
    -------
    tuple of Change
        In the order of the new version, with what was removed where it stood. Every article,
        container and part of the frame stands in exactly one change.

    Notes
    -----
    Provisions are paired by `alignment.align`, their paragraphs once more inside each pair, then
    words. A heading counts: a provision whose title alone changed is `changed`.
    """
    blocks = list(_blocks(old)), list(_blocks(new))
    units = [[unit(block.text(), block.eid) for block in side] for side in blocks]
    changes = []
    for pair in align(*units):
        before = [blocks[0][at] for at in pair.old]
        after = [blocks[1][at] for at in pair.new]
        heading = compare_words(
            " / ".join(block.heading for block in before if block.heading),
            " / ".join(block.heading for block in after if block.heading),
        )
        first = [line for block in before for line in block.paragraphs]
        second = [line for block in after for line in block.paragraphs]
        rows = compare_paragraphs(
            [text for _eid, text in first], [text for _eid, text in second],
            ([eid for eid, _text in first], [eid for eid, _text in second]),
        )  # fmt: skip
        names = tuple(b.eid for b in before), tuple(b.eid for b in after)
        renumbered = bool(names[0] and names[1] and names[0][0] != names[1][0])
        changes.append(
            Change(_overall(pair.old, pair.new, heading, rows), pair.is_moved, renumbered,
                   *names, heading, rows)
        )  # fmt: skip
    return tuple(changes)


def _overall(
    old: Sequence[object], new: Sequence[object], heading: Sequence[Edit], rows: Sequence[Row]
) -> Status:
    own = _status(old, new, heading)
    if own in {"added", "removed", "split", "merged", "changed"}:
        return own
    statuses = {row.status for row in rows}
    if not statuses <= {"same", "spelling"} or any(row.is_moved for row in rows):
        return "changed"
    return "spelling" if "spelling" in statuses or own == "spelling" else "same"


def pieces(text: str, kind: str = "equal") -> tuple[Piece, ...]:
    """Cut a text so that figures and foreign words keep their order beside a change.

    Parameters
    ----------
    text : str
        A run of words.
    kind : str
        What it is; a run that was changed is isolated as a whole.

    Returns
    -------
    tuple of Piece
        They cover the text.

    Examples
    --------
    >>> [(piece.text, piece.is_isolated) for piece in pieces("المادة 5(2) منه")]
    [('المادة ', False), ('5(2)', True), (' منه', False)]
    """
    if kind in {"delete", "insert"}:
        return (Piece(kind, text, True),) if text else ()
    cut = []
    at = 0
    for match in _ISOLATED.finditer(text):
        if match.start() > at:
            cut.append(Piece(kind, text[at : match.start()], False))
        cut.append(Piece(kind, match[0], True))
        at = match.end()
    if at < len(text):
        cut.append(Piece(kind, text[at:], False))
    return tuple(cut)


def inline(edits: Sequence[Edit], *, with_spelling: bool = False) -> tuple[Piece, ...]:
    """Return a change as one line, what went before what came.

    Parameters
    ----------
    edits : sequence of Edit
        Of a row or heading.
    with_spelling : bool
        Show what is only written otherwise as a change; else the new writing stands alone.

    Returns
    -------
    tuple of Piece
        In reading order.
    """
    shown: list[Piece] = []
    for edit in edits:
        if edit.kind == "spelling" and with_spelling:
            shown += [Piece("delete", edit.old, True), Piece("insert", edit.new, True)]
        elif edit.kind in {"delete", "insert"}:
            shown += pieces(edit.old or edit.new, edit.kind)
        else:
            shown += pieces(edit.new, edit.kind)
    return tuple(shown)


def side_by_side(edits: Sequence[Edit]) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Return a change as two columns; the older one stands where reading begins.

    Parameters
    ----------
    edits : sequence of Edit
        Of a row or heading.

    Returns
    -------
    tuple of two tuples of Piece
        The old words and the new ones, each to the letter.
    """
    old = tuple(piece for edit in edits for piece in pieces(edit.old, edit.kind))
    new = tuple(piece for edit in edits for piece in pieces(edit.new, edit.kind))
    return old, new
