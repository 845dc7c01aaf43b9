"""Put the files of a conversation together."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from hiwar.analysis.conversation import Conversation, SourceFile
from hiwar.analysis.problems import BadInput, Problems
from hiwar.analysis.reading import assemble, long, matrix, people, statements, values
from hiwar.analysis.reading import source as sources
from hiwar.analysis.reading.folder import files_of
from hiwar.analysis.reading.options import Options
from hiwar.analysis.reading.tables import Table, separator
from hiwar.analysis.reading.together import reconcile
from hiwar.engine.opinion import Moderation

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from hiwar.analysis.conversation import Identifier
    from hiwar.analysis.reading.assemble import Ballots
    from hiwar.analysis.reading.folder import Files
    from hiwar.analysis.reading.source import Source

_SMALL = 1 << 16


@dataclass
class _Draft:
    """What is gathered while the files are read."""

    problems: Problems
    options: Options
    read: list[SourceFile] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    def open(self, path: Path) -> Source:
        opened = sources.open_source(path)
        self.read.append(opened.fingerprint)
        return opened


def read_conversation(path: Path, options: Options | None = None) -> Conversation:
    """Read a folder or a file of votes and what belongs to it.

    Raises
    ------
    BadInput
        With every finding that could be made: file, line, column, what happened, what to do.
    """
    files = files_of(path)
    draft = _Draft(Problems(), options or Options())
    ballots, group = _votes(files, draft)
    ballots = assemble.in_order_of_time(ballots)
    votes = assemble.last_votes(ballots)
    listed = _statements(files, ballots, draft)
    moderation = _moderation(files, listed, ballots.statement_ids, draft)
    title, question = _summary(files, draft)
    draft.counts["statements_never_voted"] = len(
        listed.texts.keys() - set(ballots.statement_ids) if listed else ()
    )
    conversation = Conversation(
        votes=votes,
        moderation=moderation,
        participant_ids=ballots.participant_ids,
        statement_ids=ballots.statement_ids,
        texts=[listed.texts.get(s, {}) if listed else {} for s in ballots.statement_ids],
        files=draft.read,
        title=draft.options.title or title,
        question=draft.options.question or question,
        revotes=len(ballots.vote) - votes.n_votes,
        events=assemble.events(ballots),
        published_group=group,
        counts=draft.counts,
        notes=tuple(draft.notes),
    )
    return _with_people(conversation, draft)


def _votes(files: Files, draft: _Draft) -> tuple[Ballots, NDArray[np.int32] | None]:
    """Read the votes; where there are both, the record of events has the say."""
    cast = _read_votes(draft.open(files.votes), draft) if files.votes else None
    final = _read_votes(draft.open(files.matrix), draft) if files.matrix else None
    if isinstance(cast, matrix.Matrix):
        cast, final = None, cast
    if isinstance(final, matrix.Matrix):
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
    if not source.is_parquet and matrix.is_matrix(_header(source)):
        return matrix.read(source, draft.problems, draft.options.signs)
    ballots = long.read(source, draft.problems)
    if draft.options.signs == "reverse":
        ballots.vote = -ballots.vote
    return ballots


def _header(source: Source) -> list[str]:
    """Return the titles without reading all of a large file."""
    if source.fingerprint.size < _SMALL:
        return Table(source, Problems()).header
    line = sources.head(source).removeprefix(b"\xef\xbb\xbf").partition(b"\n")[0]
    title = line.decode("utf-8", "replace")
    return next(csv.reader(io.StringIO(title), delimiter=separator(title)), [])


def _statements(files: Files, ballots: Ballots, draft: _Draft) -> statements.StatementRows | None:
    if files.statements is None:
        draft.notes.append("no_texts")
        return None
    source = draft.open(files.statements)
    listed = statements.read(source, ballots.statement_ids, draft.problems)
    for statement in ballots.statement_ids:
        if statement not in listed.texts:
            draft.problems.add("statement_not_listed", source.name, id=str(statement))
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
