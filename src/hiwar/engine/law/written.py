"""A law as plain text, as HTML, and as the rows of a comparison table."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from hiwar.engine.law.redline import pieces
from hiwar.engine.law.structure import CONTAINERS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hiwar.engine.law.structure import Law, Provision


def to_text(law: Law) -> str:
    """Write a law as plain text, as it is printed.

    Parameters
    ----------
    law : Law
        The law.

    Returns
    -------
    str
        A paragraph a line.
    """
    parts = [law.preface, law.preamble]
    annexes = [provision for provision in law.body if provision.kind == "annex"]
    for provision in law.body:
        if provision.kind != "annex":
            parts += _text_of(provision)
    parts.append(law.conclusion)
    for provision in annexes:
        parts += _text_of(provision)
    return "\n".join(filter(None, parts)) + "\n"


def _text_of(provision: Provision) -> Iterator[str]:
    if provision.kind in {"paragraph", "point"} and not provision.heading:
        first, *others = provision.text.split("\n")
        yield f"{provision.label} {first}".strip()
        yield from others
    else:
        yield provision.label
        yield provision.heading
        yield provision.text
    for child in provision.children:
        yield from _text_of(child)
    yield provision.closing


def to_html(law: Law, beside: Mapping[str, str] | None = None) -> str:
    """Write a law as a fragment of HTML that needs no style and no script.

    Parameters
    ----------
    law : Law
        The law.
    beside : mapping of str to str, optional
        HTML to stand at the end of provisions, by their addresses; it is taken as it is.

    Returns
    -------
    str
        A `div` with language and direction; each provision is a `section` whose `id` is its
        address; figures and foreign words stand in isolates.
    """
    inner = [
        *_html_lines(law.preface, "preface"),
        *_html_lines(law.preamble, "preamble"),
        *(line for provision in law.body for line in _html(provision, 2, beside or {})),
        *_html_lines(law.conclusion, "conclusion"),
    ]
    opening = f'<div class="law" lang="{escape(law.language)}" dir="{escape(law.direction)}">'
    return "\n".join([opening, *inner, "</div>"]) + "\n"


def isolated(text: str) -> str:
    """Escape a text for HTML, with what has an order of its own in isolates.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        HTML.

    Examples
    --------
    >>> isolated("5(2) <")
    '<bdi>5(2)</bdi> &lt;'
    """
    return "".join(
        f"<bdi>{escape(piece.text)}</bdi>" if piece.is_isolated else escape(piece.text)
        for piece in pieces(text)
    )


def _html_lines(text: str, name: str = "") -> Iterator[str]:
    if text:
        mark = f' class="{name}"' if name else ""
        yield from (f"<p{mark}>{isolated(line)}</p>" for line in text.split("\n"))


def _html(provision: Provision, level: int, beside: Mapping[str, str]) -> Iterator[str]:
    yield f'<section id="{escape(provision.eid)}" class="{provision.kind}">'
    label, heading = isolated(provision.label), isolated(provision.heading)
    if provision.kind in CONTAINERS | {"article", "annex"}:
        tag = f"h{min(level, 6)}"
        inner = f"<span>{label}</span> {heading}" if heading else label
        if inner:
            yield f"<{tag}>{inner}</{tag}>"
        yield from _html_lines(provision.text)
    else:
        first, *others = provision.text.split("\n")
        head = " ".join(part for part in (label, heading, isolated(first)) if part)
        yield f"<p>{head}</p>"
        yield from _html_lines("\n".join(others))
    for child in provision.children:
        yield from _html(child, level + 1, beside)
    yield from _html_lines(provision.closing)
    if provision.eid in beside:
        yield beside[provision.eid]
    yield "</section>"


@dataclass(frozen=True, slots=True)
class ComparisonRow:
    """A line of the table in which a draft is discussed.

    Attributes
    ----------
    eid, label : str
        Address, and number as printed.
    in_force, draft, proposal, reason : str
        Texts; empty where there is none.
    """

    eid: str
    label: str
    in_force: str
    draft: str
    proposal: str
    reason: str


def comparison_table(
    in_force: Law | None, draft: Law, proposals: Mapping[str, tuple[str, str]]
) -> tuple[ComparisonRow, ...]:
    """Lay the text in force, a draft and what is proposed beside one another.

    Parameters
    ----------
    in_force : Law or None
        The law as it stands; None for a new law.
    draft : Law
        The draft.
    proposals : mapping of str to tuple of str
        By address of an article: the text that is proposed, and the reason.

    Returns
    -------
    tuple of ComparisonRow
        One for each article of either, by number. A proposal for an address that neither has (a
        new article) has a line of its own.
    """
    laws = [{article.eid: article for article in law.articles()} if law else {}
            for law in (in_force, draft)]  # fmt: skip
    order = sorted(
        {*laws[0], *laws[1], *proposals},
        key=lambda eid: _order(eid, laws[1].get(eid) or laws[0].get(eid)),
    )
    rows = []
    for eid in order:
        old, new = laws[0].get(eid), laws[1].get(eid)
        text, reason = proposals.get(eid, ("", ""))
        label = next((article.label for article in (new, old) if article), eid)
        rows.append(ComparisonRow(eid, label, _whole(old), _whole(new), text, reason))
    return tuple(rows)


def _order(eid: str, article: Provision | None) -> tuple[int, int, int, str, str]:
    from hiwar.engine.law.addresses import number_of

    number = article.number if article and article.number else number_of(eid)
    if number is None:
        return (1 << 30, 0, 0, "", eid)
    return (number.base, number.bis, number.further, number.letter, eid)


def _whole(article: Provision | None) -> str:
    if article is None:
        return ""
    return "\n".join(part for part in (article.heading, article.full_text()) if part)
