"""The reader: plain text of a law in, its structure out, with a reason for each heading."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import replace
from typing import TYPE_CHECKING

from hiwar.engine.law.assembly import Heading, assemble
from hiwar.engine.law.lexicon import lexicon
from hiwar.engine.law.marks import Mark, bare_mark, lines_of, marks_of_line
from hiwar.engine.law.sequence import best_run, follows
from hiwar.engine.law.structure import Doubt

if TYPE_CHECKING:
    from hiwar.engine.law.lexicon import Lexicon
    from hiwar.engine.law.marks import Line
    from hiwar.engine.law.structure import Reading

_QUOTED = re.compile(r"“[^“”]{0,8000}”|«[^«»]{0,8000}»|\"(?=\S)[^\"]{0,8000}(?<=\S)\"")
_SURE = {
    "alone": 0.98, "separated": 0.96, "run_on": 0.85, "glued": 0.75, "in_line": 0.65,
    "bare": 0.7, "misspelt": 0.55, "number_alone": 0.4,
}  # fmt: skip
_STANDING = frozenset(["alone", "separated", "misspelt", "number_alone"])


def read_law(text: str, jurisdiction: str = "ar") -> Reading:
    r"""Read the plain text of a law.

    Parameters
    ----------
    text : str
        As pasted or extracted; any ends of lines.
    jurisdiction : str
        One of `lexicon.JURISDICTIONS`.

    Returns
    -------
    Reading
        The law, a segment for every letter of the text, and the doubts.

    Raises
    ------
    ValueError
        Where there is no such jurisdiction.

    Notes
    -----
    Marks are everything that looks like a heading; the articles are the best run of numbers
    through them (`sequence.best_run`). Nothing is guessed silently: each heading has a confidence
    and reasons, what was left as text is a doubt.

    Examples
    --------
    >>> reading = read_law("مادة (1)\nتسري أحكامه.\nمادة (2)\nوفقاً للمادة (1).")
    >>> [(article.eid, article.text) for article in reading.law.articles()]
    [('art_1', 'تسري أحكامه.'), ('art_2', 'وفقاً للمادة (1).')]
    """
    words = lexicon(jurisdiction)
    lines = lines_of(text)
    marks = [mark for at, line in enumerate(lines) for mark in marks_of_line(line, at, words)]
    doubts: list[Doubt] = []
    marks = _without_quotes(text, marks, doubts)
    listed = _contents(lines, marks, words)
    marks = [mark for mark in marks if not listed[0] <= mark.line < listed[1]]
    articles, containers = _divided(lines, marks, doubts)
    if not any(mark.form in {"alone", "separated", "run_on"} for mark in articles):
        articles += _bare(lines, words, articles)
    repeated, leads = _repeated(lines, sorted(articles + containers, key=lambda mark: mark.start))
    articles = [mark for mark in articles if mark not in leads]
    headings = _chosen(lines, articles, repeated, doubts)
    for mark in containers:
        lead = next((first.start for first, mark_ in leads.items() if mark_ == mark), -1)
        headings.append(replace(_heading(mark, True, ()), above=lead))
    headings.sort(key=lambda heading: heading.mark.start)
    doubts.sort(key=lambda doubt: doubt.start)
    return assemble(text, lines, headings, listed, doubts=doubts, words=words)


def _bare(lines: list[Line], words: Lexicon, articles: list[Mark]) -> list[Mark]:
    taken = {mark.line for mark in articles}
    return [
        mark
        for at, line in enumerate(lines)
        if at not in taken and (mark := bare_mark(line, at, words)) is not None
    ]


def _without_quotes(text: str, marks: list[Mark], doubts: list[Doubt]) -> list[Mark]:
    """Leave out what stands in quotation marks: the words of another text."""
    if not marks:
        return marks
    spans = [match.span() for match in _QUOTED.finditer(text)]
    starts = [start for start, _end in spans]
    inside: dict[int, list[Mark]] = {}
    for mark in marks:
        at = bisect_right(starts, mark.start) - 1
        if at >= 0 and mark.start < spans[at][1]:
            inside.setdefault(at, []).append(mark)
    quoted: set[Mark] = set()
    for at, within in inside.items():
        # Marks of quotation that were lost or misplaced must not swallow half a law.
        opens = text[spans[at][0] + 1 : within[0].start].strip(" \n\r\t#*")
        colon = text[max(spans[at][0] - 12, 0) : spans[at][0]].rstrip().endswith((":", ":-"))
        if not opens or (colon and len(within) <= 3):
            quoted.update(within)
    # A mark of quotation that is never closed still says whose words follow.
    quoted.update(
        mark for mark in marks
        if (text[max(mark.start - 3, 0) : mark.start].rstrip(" ") or " ")[-1] in "“«”»\""
    )  # fmt: skip
    doubts += [Doubt(mark.start, mark.end, "quoted", mark.kind) for mark in quoted]
    return [mark for mark in marks if mark not in quoted]


def _contents(lines: list[Line], marks: list[Mark], words: Lexicon) -> tuple[int, int]:
    """Return the first line of a table of contents and the one behind it; both 0 without one."""
    title = next(
        (at for at, line in enumerate(lines[:400])
         if line.folded.strip(" #*:\r\n") in words.contents), None
    )  # fmt: skip
    standing = [mark for mark in marks if mark.form in {"alone", "separated", "run_on"}]
    if title is not None:
        standing = [mark for mark in standing if mark.line > title]
    if not standing:
        return 0, 0
    later = {(mark.kind, mark.number): mark.line for mark in standing}
    seen: set[tuple[str, object]] = set()
    run: list[Mark] = []
    for mark in standing:
        key = (mark.kind, mark.number)
        if key in seen or (later[key] == mark.line and not mark.is_listed):
            break
        if run and title is None and not mark.is_listed and _between(lines, run[-1], mark) > 1:
            break
        seen.add(key)
        run.append(mark)
    if len(run) < 2 or not _is_contents(lines, run, standing, title is not None):
        return 0, 0
    end = run[-1].line + 1
    following = next((mark.line for mark in standing if mark.line >= end), len(lines))
    while end < following and not lines[end].is_blank:
        end += 1
    if title is None and not any(mark.is_listed for mark in run):
        end = run[-1].line + 1
    return (run[0].line if title is None else title), end


def _is_contents(lines: list[Line], run: list[Mark], standing: list[Mark], is_titled: bool) -> bool:
    if is_titled or any(mark.is_listed for mark in run):
        return True
    following = next((mark for mark in standing if mark.line > run[-1].line), None)
    # A law that gives each heading twice in a row has no table of contents.
    return (
        following is not None
        and (following.kind, following.number) == (run[0].kind, run[0].number)
        and _between(lines, run[-1], following) <= 1
    )


def _between(lines: list[Line], first: Mark, second: Mark) -> int:
    """Count the lines with letters between two marks."""
    return sum(not line.is_blank for line in lines[first.line + 1 : second.line])


def _divided(
    lines: list[Line], marks: list[Mark], doubts: list[Doubt]
) -> tuple[list[Mark], list[Mark]]:
    """Part articles from containers, and leave out what refers."""
    articles, containers = [], []
    for mark in marks:
        if mark.is_reference:
            doubts.append(Doubt(mark.start, mark.end, "reference", mark.kind))
        elif mark.kind == "article":
            articles.append(mark)
        elif mark.form in {"alone", "separated", "in_line"} or _is_title(lines[mark.line], mark):
            containers.append(mark)
        else:
            doubts.append(Doubt(mark.start, mark.end, "reference", mark.kind))
    return articles, containers


def _is_title(line: Line, mark: Mark) -> bool:
    text = line.folded.strip()
    return len(text.split()) <= 14 and text[-1:] not in {".", "؛", "،", ",", ":"}


def _chosen(
    lines: list[Line], articles: list[Mark], repeated: dict[Mark, Mark], doubts: list[Doubt]
) -> list[Heading]:
    """Return the articles: the best run, what stands alone beside it, headings given twice."""
    single = sorted((mark for mark in articles if mark not in repeated), key=lambda m: m.start)
    after_colon = frozenset(at for at, mark in enumerate(single) if _is_after_colon(lines, mark))
    run = best_run(single, after_colon)
    in_run = set(run)
    headings: list[Heading] = []
    last: Mark | None = None
    quoted: Mark | None = None
    for at, mark in enumerate(single):
        if at in in_run:
            is_next = mark.number.base <= 1 if last is None else follows(last.number, mark.number)
            restarts = last is not None and mark.number <= last.number
            reasons = ("restart",) if restarts else () if is_next else ("gap",)
            headings.append(_heading(mark, is_next or restarts, reasons))
            last, quoted = mark, None
        elif at in after_colon or (quoted and follows(quoted.number, mark.number)):
            doubts.append(Doubt(mark.start, mark.end, "quoted", "article"))
            quoted = mark
        elif last is not None and mark.number == last.number:
            doubts.append(Doubt(mark.start, mark.end, "repeated", "article"))
        elif mark.form in _STANDING:
            headings.append(_heading(mark, False, ("out_of_order",)))
        elif mark.form != "bare":
            doubts.append(Doubt(mark.start, mark.end, "out_of_order", "article"))
    again: dict[Mark, list[Mark]] = {}
    for mark, original in repeated.items():
        again.setdefault(original, []).append(mark)
    return [replace(heading, again=tuple(again.get(heading.mark, ()))) for heading in headings]


def _repeated(lines: list[Line], marks: list[Mark]) -> tuple[dict[Mark, Mark], dict[Mark, Mark]]:
    """Find headings that are given twice, as portals do: their own line, then the printed one.

    Returns the second with the first; and, where a chapter begins between the two, the first with
    the mark of that chapter, whose place it then is.
    """
    repeated: dict[Mark, Mark] = {}
    leads: dict[Mark, Mark] = {}
    before: Mark | None = None
    between: list[Mark] = []
    for mark in marks:
        if mark.kind != "article":
            between.append(mark)
            continue
        if (
            before is not None
            and mark.number == before.number
            and before.form == "alone"
            and mark.form in {"alone", "separated", "run_on"}
            and _only_titles(lines[before.line + 1 : mark.line])
        ):
            if between:
                leads[before] = between[0]
            else:
                repeated[mark] = repeated.get(before, before)
        before, between = mark, []
    return repeated, leads


def _only_titles(lines: list[Line]) -> bool:
    full = [line for line in lines if not line.is_blank]
    return len(full) <= 4 and all(
        len(line.folded.split()) <= (8 if line.folded.rstrip().endswith((".", "؛")) else 16)
        for line in full
    )


def _is_after_colon(lines: list[Line], mark: Mark) -> bool:
    if mark.form in {"glued", "in_line", "bare"}:
        return False
    for line in reversed(lines[max(mark.line - 3, 0) : mark.line]):
        if not line.is_blank:
            return line.folded.rstrip().endswith((":", ':"', ":-"))
    return False


def _heading(mark: Mark, is_next: bool, reasons: tuple[str, ...]) -> Heading:
    sure = _SURE[mark.form] * (1.0 if is_next else 0.85 if reasons == ("gap",) else 0.5)
    return Heading(mark, round(sure, 2), (mark.form, *reasons))
