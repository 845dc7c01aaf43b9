"""The parts of a law: what every reader gives and every writer takes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hiwar.engine.law.numbers import Number  # noqa: TC001 - encoders read the annotations

if TYPE_CHECKING:
    from collections.abc import Iterator

# What stands in an address for each kind, after the naming convention of Akoma Ntoso.
ADDRESS = {
    "book": "book", "title": "title", "part": "part", "chapter": "chp", "division": "dvs",
    "section": "sec", "subsection": "subsec", "article": "art", "paragraph": "para",
    "point": "point", "annex": "annex", "unit": "hcontainer",
}  # fmt: skip
CONTAINERS = frozenset(["book", "title", "part", "chapter", "division", "section", "subsection"])


@dataclass(frozen=True, slots=True)
class Provision:
    """A provision of a law, with what is in it.

    Attributes
    ----------
    kind : str
        A key of `ADDRESS`; `unit` is text in which no structure was recognised.
    eid : str
        Its address inside the law, the same in every language: `art_14bis__para_1`.
    number : Number or None
        Its number without language, as its address has it; None where it has none.
    label : str
        The number as printed: «المادة (14) مكرر».
    heading, text : str
        Its title, and its own text before what is in it; lines are separated by a line feed.
    children : tuple of Provision
        What is in it, in order.
    closing : str
        Its own text behind what is in it.
    start, end : int
        Where it stands in the text that was read, in characters; -1 where it was not read.
    confidence : float
        How sure the reader is, from 0 to 1.
    reasons : tuple of str
        Codes of what speaks for or against the heading.
    """

    kind: str
    eid: str
    number: Number | None = field(default=None, compare=False)
    label: str = ""
    heading: str = ""
    text: str = ""
    children: tuple[Provision, ...] = ()
    closing: str = ""
    start: int = field(default=-1, compare=False)
    end: int = field(default=-1, compare=False)
    confidence: float = field(default=1.0, compare=False)
    reasons: tuple[str, ...] = field(default=(), compare=False)

    def walk(self) -> Iterator[Provision]:
        """Yield this provision and all in it, as they are read.

        Yields
        ------
        Provision
            Parents before children.
        """
        yield self
        for child in self.children:
            yield from child.walk()

    def full_text(self) -> str:
        """Return its text with all that is in it, numbers as printed.

        Returns
        -------
        str
            Lines without its own label and heading.
        """
        lines = [self.text] if self.text else []
        for child in self.children:
            head = " ".join(part for part in (child.label, child.heading) if part)
            body = child.full_text()
            # A short label stands before its text, a heading above it.
            joint = " " if child.kind in {"paragraph", "point"} and not child.heading else "\n"
            lines.append(joint.join(part for part in (head, body) if part))
        return "\n".join([*lines, self.closing] if self.closing else lines)


@dataclass(frozen=True, slots=True)
class Law:
    """The text of a law in one language.

    Attributes
    ----------
    language, direction : str
        BCP 47 code; `rtl` or `ltr`.
    preface, preamble, conclusion : str
        Title and number; what stands before the enactment, with its formula; place, day and
        signatures. Lines are separated by a line feed.
    body : tuple of Provision
        In order.
    """

    language: str
    direction: str
    preface: str = ""
    preamble: str = ""
    body: tuple[Provision, ...] = ()
    conclusion: str = ""

    def walk(self) -> Iterator[Provision]:
        """Yield every provision, as they are read.

        Yields
        ------
        Provision
            Parents before children.
        """
        for provision in self.body:
            yield from provision.walk()

    def articles(self) -> Iterator[Provision]:
        """Yield the articles, as they are read.

        Yields
        ------
        Provision
            Of kind `article`.
        """
        return (provision for provision in self.walk() if provision.kind == "article")

    def provision(self, eid: str) -> Provision | None:
        """Return the provision at an address.

        Parameters
        ----------
        eid : str
            Such as `art_7__para_1`.

        Returns
        -------
        Provision or None
            None where the law has none.
        """
        return next((provision for provision in self.walk() if provision.eid == eid), None)


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of the text that was read, and what it was read as.

    Attributes
    ----------
    role : str
        `preface`, `preamble`, `contents`, `label`, `heading`, `text` or `conclusion`.
    start, end : int
        Places in the text, in characters.
    eid : str
        The provision it belongs to; empty outside the body.
    """

    role: str
    start: int
    end: int
    eid: str = ""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A place where something like a heading was left as text.

    Attributes
    ----------
    start, end : int
        Places in the text, in characters.
    reason : str
        `reference`, `quoted`, `repeated` or `out_of_order`.
    kind : str
        What it would have been.
    """

    start: int
    end: int
    reason: str
    kind: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A law as it was read, with where each letter went.

    Attributes
    ----------
    source : str
        The text as given.
    law : Law
        What was recognised.
    segments : tuple of Segment
        They cover the source without gap or overlap.
    doubts : tuple of Doubt
        In order of place.
    """

    source: str
    law: Law
    segments: tuple[Segment, ...]
    doubts: tuple[Doubt, ...]

    def text_of(self, segment: Segment) -> str:
        """Return the stretch of the source.

        Parameters
        ----------
        segment : Segment
            One of ``segments``.

        Returns
        -------
        str
            As it was given, with its blanks.
        """
        return self.source[segment.start : segment.end]
