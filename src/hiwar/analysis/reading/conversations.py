"""Put the files of a conversation together."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from hiwar.analysis.conversation import Conversation, Signs, SourceFile
from hiwar.analysis.problems import BadInput, Problems, refuse
from hiwar.analysis.reading import assemble, long_format, matrix, people, statements, values, wide
from hiwar.analysis.reading import source as sources
from hiwar.analysis.reading.folder import files_of
from hiwar.analysis.reading.meanings import Meanings, read_map
from hiwar.analysis.reading.options import Options
from hiwar.analysis.reading.reconcile import reconcile
from hiwar.analysis.reading.tables import Table, separator, sheet_of, told_separator
from hiwar.engine.opinion import Moderation

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from hiwar.analysis.conversation import Identifier
    from hiwar.analysis.reading.assemble import Ballots
    from hiwar.analysis.reading.folder import Files
    from hiwar.analysis.reading.source import Source

_SMALL = 1 << 16
_MANY_REVOTES = 0.1


@dataclass
class _Draft:
    """What is gathered while the files are read."""

    problems: Problems
    options: Options
    meanings: Meanings = field(default_factory=Meanings)
    read: list[SourceFile] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    signs: Signs = field(default_factory=Signs)
    texts: dict[Identifier, dict[str, str]] = field(default_factory=dict)

    def open(self, path: Path) -> Source:
        opened = replace(sources.open_source(path), sheet=self.options.sheet)
        mark = opened.fingerprint
        if opened.is_spreadsheet:
            name, several = sheet_of(opened)
            opened = replace(opened, sheet=name)
            # Which of several was read is said wherever the file is named.
            mark = replace(mark, name=f"{mark.name} · {name}") if several > 1 else mark
        self.read.append(mark)
        return opened

    def count(self, name: str, n: int) -> None:
        """Keep a count of what was set aside, where there is any."""
        if n:
            self.counts[name] = self.counts.get(name, 0) + n


def read_conversation(path: Path, options: Options | None = None) -> Conversation:
    """Read a folder or a file of votes and what belongs to it.

    Raises
    ------
    BadInput
        With every finding that could be made: file, line, column, what happened, what to do.
    """
    files = files_of(path)
    draft = _Draft(Problems(), options or Options())
    if draft.options.map:
        draft.meanings = read_map(draft.open(draft.options.map), draft.problems)
    ballots, group = _votes(files, draft)
    _refuse_ruined(ballots, draft)
    ballots = assemble.in_order_of_time(ballots)
    votes = assemble.last_votes(ballots)
    listed = _statements(files, ballots, draft)
    moderation = _moderation(files, listed, ballots.statement_ids, draft)
    title, question = _summary(files, draft)
    draft.counts["statements_never_voted"] = len(
        listed.texts.keys() - set(ballots.statement_ids) if listed else ()
    )
    draft.count("lines_repaired", draft.problems.repaired)
    texts = listed.texts if listed else draft.texts
    conversation = Conversation(
        votes=votes,
        moderation=moderation,
        participant_ids=ballots.participant_ids,
        statement_ids=ballots.statement_ids,
        texts=[texts.get(s, {}) for s in ballots.statement_ids],
        files=draft.read,
        title=draft.options.title or title,
        question=draft.options.question or question,
        revotes=len(ballots.vote) - votes.n_votes,
        events=assemble.events(ballots),
        published_group=group,
        counts=draft.counts,
        notes=(*draft.notes, *_notes_on_revotes(ballots, votes.n_votes)),
        signs=draft.signs,
        dropped_columns=tuple(dict.fromkeys(draft.problems.dropped)),
    )
    return _with_people(conversation, draft)


def _refuse_ruined(ballots: Ballots, draft: _Draft) -> None:
    """Refuse identifiers of which a spreadsheet kept six digits: people would run together."""
    for ids in (ballots.participant_ids, ballots.statement_ids):
        if not ids or not isinstance(ids[0], str):
            continue
        wrong = [cell for cell in ids if isinstance(cell, str) and values.ruined(cell)]
        if wrong:
            file = draft.read[-1].name if len(draft.read) == 1 else draft.read[0].name
            raise refuse("ruined_ids", file, value=wrong[0], count=len(wrong))


def _notes_on_revotes(ballots: Ballots, n_votes: int) -> tuple[str, ...]:
    """Warn where many votes stand twice and no time says which was the last."""
    again = len(ballots.vote) - n_votes
    is_many = ballots.time is None and again > _MANY_REVOTES * len(ballots.vote)
    return ("many_revotes",) if is_many else ()


def _votes(files: Files, draft: _Draft) -> tuple[Ballots, NDArray[np.int32] | None]:
    """Read the votes; where there are both, the record of events has the say."""
    cast = _read_votes(draft.open(files.votes), draft) if files.votes else None
    final = _read_votes(draft.open(files.matrix), draft) if files.matrix else None
    if isinstance(cast, matrix.Matrix):
        cast, final = None, cast
    if isinstance(final, matrix.Matrix):
        draft.count("lines_that_differ", final.lines_that_differ)
        if final.is_checked and draft.options.signs == "check":
            draft.signs = Signs(1, "counts")
        if cast is None:
            draft.notes.append("no_times")
            return assemble.only_voted(final.ballots), final.group
        return reconcile(cast, final, draft.options.signs, (draft.notes, draft.counts))
    ballots = cast if cast is not None else final
    if ballots is None:
        msg = "files_of promises votes"
        raise AssertionError(msg)
    if ballots.time is None:
        draft.notes.append("no_times")
    return ballots, None


def _read_votes(source: Source, draft: _Draft) -> Ballots | matrix.Matrix:
    signs, meanings = draft.options.signs, draft.meanings
    header = [] if source.is_parquet else _header(source)
    if not source.is_parquet and not long_format.is_long(header, meanings):
        if matrix.is_matrix(header, meanings):
            matrix_read = matrix.read(source, draft.problems, signs, meanings)
            draft.signs = _signs(signs, worded=matrix_read.ballots.worded, is_database=False)
            return matrix_read
        sheet = wide.read(source, draft.problems, meanings)
        draft.texts = sheet.texts
        draft.signs = Signs(None, "words")
        draft.notes.append("wide_sheet")
        if sheet.lines_as_people:
            draft.notes.append("lines_as_people")
        return sheet.ballots
    ballots = long_format.read(source, draft.problems, meanings, draft.options.dates)
    draft.signs = _signs(signs, worded=ballots.worded, is_database=long_format.is_database(header))
    if draft.signs.agree == -1:
        ballots.vote = -ballots.vote
    draft.notes += ballots.notes
    draft.count("votes_missing", ballots.missing)
    return ballots


def _signs(asked: str, *, worded: bool, is_database: bool) -> Signs:
    if asked != "check":
        return Signs(-1 if asked == "reverse" else 1, "asked")
    if worded:
        return Signs(None, "words")
    return Signs(-1, "database") if is_database else Signs(1, "unchecked")


def _header(source: Source) -> list[str]:
    """Return the titles without reading all of a large file."""
    if source.is_spreadsheet or source.fingerprint.size < _SMALL:
        return Table(source, Problems()).header
    lines = sources.head(source).removeprefix(b"\xef\xbb\xbf").split(b"\n")
    declared = told_separator(lines[0])
    title = lines[1 if declared else 0].decode("utf-8", "replace")
    mark = declared or separator(title)
    header = next(csv.reader(io.StringIO(title), delimiter=mark), [])
    return [cell.strip() for cell in header]


def _statements(files: Files, ballots: Ballots, draft: _Draft) -> statements.StatementRows | None:
    if files.statements is None or draft.texts:
        if not draft.texts:
            draft.notes.append("no_texts")
        return None
    source = draft.open(files.statements)
    listed = statements.read(source, ballots.statement_ids, draft.problems)
    missing = [s for s in ballots.statement_ids if s not in listed.texts]
    if len(missing) == len(ballots.statement_ids):
        draft.problems.add("statements_of_others", source.name, id=str(missing[0]))
    draft.count("statements_not_listed", len(missing))
    without = [
        s for s in ballots.statement_ids
        if s in listed.texts and not listed.texts[s] and listed.moderated.get(s, 1) >= 0
    ]  # fmt: skip
    draft.count("statements_without_text", len(without))
    _check_signs(listed, ballots, source, draft)
    draft.problems.stop_if_any()
    return listed


def _check_signs(
    listed: statements.StatementRows, ballots: Ballots, source: Source, draft: _Draft
) -> None:
    """Compare votes with the counts of the export: rarely exact, but never all reversed."""
    if not listed.counts or draft.options.signs != "check" or draft.problems:
        return
    size = len(ballots.statement_ids)
    agree = np.bincount(ballots.statement[ballots.vote == 1], minlength=size)
    disagree = np.bincount(ballots.statement[ballots.vote == -1], minlength=size)
    fits = reversed_fits = 0
    for j, statement in enumerate(ballots.statement_ids):
        agrees, disagrees = listed.counts.get(statement, (0, 0))
        if agrees == disagrees:
            continue
        fits += abs(agrees - agree[j]) < abs(agrees - disagree[j])
        reversed_fits += abs(agrees - agree[j]) > abs(agrees - disagree[j])
    if reversed_fits > 4 and reversed_fits > 4 * fits:
        draft.problems.add("sign_reversed", source.name, 1)
    elif fits > 4 and fits > 4 * reversed_fits and draft.signs.agree is not None:
        draft.signs = Signs(draft.signs.agree, "counts")


def _moderation(
    files: Files,
    listed: statements.StatementRows | None,
    ids: list[Identifier],
    draft: _Draft,
) -> Moderation:
    status = [listed.moderated.get(s, 1) if listed else 1 for s in ids]
    is_meta = np.array([bool(listed and listed.meta.get(s)) for s in ids], np.bool_)
    named = [(values.key(cell, ids), "--meta") for cell in draft.options.meta]
    if files.meta:
        source = draft.open(files.meta)
        known = statements.read_meta(source, ids, draft.problems)
        named += [(statement, source.name) for statement in known]
    place = {statement: j for j, statement in enumerate(ids)}
    for statement, where in named:
        if statement in place:
            is_meta[place[statement]] = True
        elif not (listed and statement in listed.texts):
            draft.problems.add("unknown_meta", where, id=str(statement))
    draft.problems.stop_if_any()
    return Moderation(np.array(status, np.int8), is_meta)


def _summary(files: Files, draft: _Draft) -> tuple[str | None, str | None]:
    """Read title and question; a summary that cannot be read is no reason to stop."""
    if files.summary is None:
        return None, None
    try:
        source = draft.open(files.summary)
        content = sources.text(source).decode()
        rows = csv.reader(io.StringIO(content, newline=""))
        known = {row[0]: row[1].strip() for row in rows if len(row) == 2}
    except (BadInput, csv.Error):
        draft.notes.append("summary_unreadable")
        return None, None
    return known.get("topic") or None, known.get("conversation-description") or None


def _with_people(conversation: Conversation, draft: _Draft) -> Conversation:
    ids, options = conversation.participant_ids, draft.options
    attributes: dict[str, list[str | None]] = {}
    if options.attributes:
        source = draft.open(options.attributes)
        attributes = people.read_attributes(source, ids, draft.problems)
    if not options.weights:
        return replace(conversation, attributes=attributes)
    source = draft.open(options.weights)
    if people.is_targets(source, Problems()):
        weight, weighting = people.read_targets(source, attributes, draft.problems)
    else:
        weight, weighting = people.read_weights(source, ids, draft.problems)
    return replace(conversation, attributes=attributes, weight=weight, weighting=weighting)
