"""The JSON document: everything about one conversation, as docs/reference/json-document.md says."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, overload

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hiwar.analysis.conversation import Conversation, Identifier
    from hiwar.engine.opinion.results import (
        Analysis,
        ConsensusStatement,
        RepresentativeStatement,
    )

Json = Mapping[str, object]
NAME = "hiwar.engine.opinion"
_CHUNK = 4096


def build(conversation: Conversation, analysis: Analysis) -> dict[str, object]:
    """Put a conversation and its analysis into the document.

    The participants are made while they are read, so that a million of them never exist at once.
    """
    from hiwar.analysis.sectors import attribute_tables

    found = analysis.opinion_map
    return {
        "engine": {
            "name": NAME,
            "version": analysis.engine_version,
            "mode": analysis.parameters.mode,
            "parameters": asdict(analysis.parameters),
        },
        "inputs": _inputs(conversation, analysis),
        "outcome": found.outcome,
        "answer": {
            "shared": int(analysis.statements.is_shared.sum()),
            "dividing": int(analysis.statements.is_dividing.sum()),
            "statements": int((~conversation.moderation.out).sum()),
            "groups": found.n_groups,
        },
        "participants": Participants(conversation, analysis),
        "groups": _groups(conversation, analysis),
        "statements": _statements(conversation, analysis),
        "consensus": {
            "agree": [_consensus(c, conversation) for c in analysis.consensus_agree],
            "disagree": [_consensus(c, conversation) for c in analysis.consensus_disagree],
        },
        "map": {
            "explained_variance": numbers(found.explained_variance),
            "silhouettes": {str(k): number(s) for k, s in sorted(found.silhouette.items())},
        },
        "attributes": attribute_tables(conversation, found.group, found.n_groups),
        "weights": asdict(conversation.weighting) if conversation.weighting else None,
        "quality": _quality(conversation, analysis),
        "notes": [*conversation.notes, *analysis.notes],
    }


def encode(document: Json) -> Iterator[bytes]:
    """Yield the document as UTF-8 JSON, a piece at a time; not-a-number becomes null."""
    import orjson

    yield b"{"
    for i, (key, value) in enumerate(document.items()):
        yield (b",\n" if i else b"") + orjson.dumps(key) + b":"
        if isinstance(value, Participants):
            yield b"["
            for start in range(0, len(value), _CHUNK):
                rows = orjson.dumps(value[start : start + _CHUNK])
                yield (b",\n" if start else b"") + rows[1:-1]
            yield b"]"
        else:
            yield orjson.dumps(value)
    yield b"}\n"


def number(value: float) -> float | None:
    """Return a number that JSON knows; None for not-a-number and the infinite."""
    return float(value) if math.isfinite(value) else None


def numbers(values: NDArray[np.float64]) -> list[float | None]:
    """Return numbers that JSON knows."""
    return [number(value) for value in values.tolist()]


class Participants(Sequence[Json]):
    """One entry per participant, made on demand from the arrays."""

    def __init__(self, conversation: Conversation, analysis: Analysis) -> None:
        self._ids = conversation.participant_ids
        self._map = analysis.opinion_map
        self._corrected = analysis.corrected_position
        self._votes = conversation.votes.votes_per_participant
        self._membership = analysis.stability.membership if analysis.stability else None

    def __len__(self) -> int:
        return len(self._ids)

    @overload
    def __getitem__(self, index: int) -> Json: ...
    @overload
    def __getitem__(self, index: slice) -> list[Json]: ...
    def __getitem__(self, index: int | slice) -> Json | list[Json]:
        if isinstance(index, slice):
            start, stop, _ = index.indices(len(self))
            return self._rows(start, stop)
        place = range(len(self))[index]
        return self._rows(place, place + 1)[0]

    def __iter__(self) -> Iterator[Json]:
        for start in range(0, len(self), _CHUNK):
            yield from self._rows(start, start + _CHUNK)

    def _rows(self, start: int, stop: int) -> list[Json]:
        part = slice(start, stop)
        ids = self._ids[part]
        sure = [None] * len(ids) if self._membership is None else numbers(self._membership[part])
        columns = zip(
            ids,
            self._map.position[part].tolist(),
            self._corrected[part].tolist(),
            self._map.group[part].tolist(),
            sure,
            self._votes[part].tolist(),
            self._map.in_map[part].tolist(),
            strict=True,
        )
        return [
            {
                "id": identifier,
                "x": number(at[0]),
                "y": number(at[1]),
                "x_corrected": number(corrected[0]),
                "y_corrected": number(corrected[1]),
                "group": None if group < 0 else group,
                "membership_probability": probability,
                "votes": votes,
                "in_map": in_map,
            }
            for identifier, at, corrected, group, probability, votes, in_map in columns
        ]


def _inputs(conversation: Conversation, analysis: Analysis) -> Json:
    hashes = sorted(file.sha256 for file in conversation.files)
    everybody = analysis.tally_all
    return {
        "title": conversation.title,
        "question": conversation.question,
        "files": [
            {"name": f.name, "bytes": f.size, "sha256": f.sha256} for f in conversation.files
        ],
        "sha256": hashlib.sha256("\n".join(hashes).encode()).hexdigest(),
        "participants": conversation.votes.n_participants,
        "statements": conversation.votes.n_statements,
        "votes": conversation.votes.n_votes,
        "agree": int(everybody.agree.sum()),
        "disagree": int(everybody.disagree.sum()),
        "pass": int(everybody.passed.sum()),
        "revotes": conversation.revotes,
        "participants_in_map": int(analysis.opinion_map.in_map.sum()),
        "statements_out": int(conversation.moderation.out.sum()),
        **conversation.counts,
    }


def _groups(conversation: Conversation, analysis: Analysis) -> list[Json]:
    ids = conversation.statement_ids
    sizes = np.bincount(
        analysis.opinion_map.group[analysis.opinion_map.group >= 0],
        minlength=analysis.opinion_map.n_groups,
    )
    return [
        {
            "id": g,
            "label": chr(ord("A") + g),
            "size": int(sizes[g]),
            "centre": numbers(analysis.opinion_map.group_centre[g]),
            "representative_statements": [_speaks(r, ids) for r in analysis.representative[g]],
            "ranked_statements": [_speaks(r, ids) for r in analysis.ranked[g]],
        }
        for g in range(analysis.opinion_map.n_groups)
    ]


def _speaks(found: RepresentativeStatement, ids: Sequence[Identifier]) -> Json:
    return {
        "statement": ids[found.statement],
        "direction": found.direction,
        "n_success": int(found.n_success),
        "n_trials": int(found.n_trials),
        "p_success": number(found.p_success.estimate),
        "p_success_low": number(found.p_success.low),
        "p_success_high": number(found.p_success.high),
        "p_test": number(found.p_test),
        "repness": number(found.repness),
        "repness_test": number(found.repness_test),
        "score": number(found.score),
        "p_value": number(found.p_value),
        "q_value": number(found.q_value),
        "significant": bool(found.is_significant),
        "best_agree": bool(found.is_best_agree),
    }


def _consensus(found: ConsensusStatement, conversation: Conversation) -> Json:
    return {
        "statement": conversation.statement_ids[found.statement],
        "direction": found.direction,
        "n_success": int(found.n_success),
        "n_trials": int(found.n_trials),
        "p_success": number(found.p_success),
        "p_test": number(found.p_test),
    }


def _statements(conversation: Conversation, analysis: Analysis) -> list[Json]:
    low, high = _agreement_intervals(analysis)
    weighted = _weighted_shares(conversation)
    moderation, values = conversation.moderation, analysis.statements
    rows: list[Json] = []
    for j, identifier in enumerate(conversation.statement_ids):
        texts = dict(conversation.texts[j])
        row: dict[str, object] = {
            "id": identifier,
            "text": next(iter(texts.values()), None),
            "texts": {lang: text for lang, text in texts.items() if lang},
            "moderated": int(moderation.status[j]),
            "meta": bool(moderation.is_meta[j]),
            "out": bool(moderation.out[j]),
            "counts": _counts(analysis, None, j),
            "counts_by_group": {
                str(g): _counts(analysis, g, j)
                | {"agree_low": number(low[g, j]), "agree_high": number(high[g, j])}
                for g in range(analysis.opinion_map.n_groups)
            },
            "x": number(analysis.opinion_map.statement_position[j, 0]),
            "y": number(analysis.opinion_map.statement_position[j, 1]),
            "extremity": number(analysis.opinion_map.extremity[j]),
            "divisiveness": number(values.divisiveness[j]),
            "divisiveness_low": number(values.divisiveness_low[j]),
            "divisiveness_high": number(values.divisiveness_high[j]),
            "group_informed_consensus": number(values.group_informed_consensus[j]),
            "group_informed_consensus_disagree": number(
                values.group_informed_consensus_disagree[j]
            ),
            "bridging": number(values.bridging[j]),
            "priority": number(values.priority[j]),
            "shared": bool(values.is_shared[j]),
            "dividing": bool(values.is_dividing[j]),
            "enough_exposure": bool(values.has_exposure[j]),
        }
        if weighted is not None:
            names = ("agree", "disagree", "pass")
            row["weighted"] = dict(zip(names, numbers(weighted[:, j]), strict=True))
        rows.append(row)
    return rows


def _counts(analysis: Analysis, group: int | None, j: int) -> dict[str, object]:
    tally = analysis.tally_all if group is None else analysis.tally_by_group
    row = group or 0
    agree, disagree = int(tally.agree[row, j]), int(tally.disagree[row, j])
    passed = int(tally.passed[row, j])
    return {
        "agree": agree,
        "disagree": disagree,
        "pass": passed,
        "seen": agree + disagree + passed,
    }


def _agreement_intervals(analysis: Analysis) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the interval of each group's share that agrees: resampled, else Wilson's."""
    from hiwar.engine.opinion.intervals import wilson

    if analysis.stability is not None:
        return analysis.stability.group_agree_low, analysis.stability.group_agree_high
    tally = analysis.tally_by_group
    return wilson(tally.agree, tally.seen, analysis.parameters.confidence)


def _weighted_shares(conversation: Conversation) -> NDArray[np.float64] | None:
    """Return weighted shares of agree, disagree and pass, shape (3, C); nan where nobody voted."""
    if conversation.weight is None:
        return None
    votes = conversation.votes
    weight = conversation.weight[votes.participant]
    sums = np.stack(
        [
            np.bincount(
                votes.statement[votes.vote == choice],
                weight[votes.vote == choice],
                minlength=votes.n_statements,
            )
            for choice in (1, -1, 0)
        ]
    )
    total = sums.sum(axis=0)
    shares: NDArray[np.float64] = np.divide(
        sums, total, out=np.full_like(sums, np.nan), where=total > 0
    )
    return shares


def _quality(conversation: Conversation, analysis: Analysis) -> Json:
    stability = analysis.stability
    return {
        "stability": None
        if stability is None
        else {
            "n_resamples": stability.n_resamples,
            "n_people": stability.n_people,
            "share_by_n_groups": {
                str(k): number(v) for k, v in sorted(stability.share_by_n_groups.items())
            },
            "mean_agreement": number(stability.mean_agreement),
        },
        "predictive_accuracy": _plain(analysis.accuracy),
        "privacy": _plain(analysis.privacy),
        "manipulation": _manipulation(conversation, analysis),
        "missingness": _plain(analysis.missingness),
        "published_groups": _published(conversation, analysis),
    }


def _plain(record: object) -> Json | None:
    """Return a record of numbers as JSON knows it."""
    if record is None:
        return None
    plain: dict[str, object] = {}
    for key, value in vars(record).items():
        if isinstance(value, Mapping):
            plain[key] = {str(k): number(v) for k, v in value.items()}
        else:
            is_float = isinstance(value, float | np.floating)
            plain[key] = number(value) if is_float else value
    return plain


def _manipulation(conversation: Conversation, analysis: Analysis) -> Json | None:
    found = analysis.manipulation
    if found is None:
        return None
    people, statements = conversation.participant_ids, conversation.statement_ids
    return {
        "most_active_share": number(found.most_active_share),
        "agreement_without_most_active": number(found.agreement_without_most_active),
        "identical_rows": [[people[i] for i in cluster] for cluster in found.identical_rows],
        "agreement_without_identical": number(found.agreement_without_identical),
        "bursts": [
            {
                "first_event": int(first),
                "last_event": int(last),
                "statement": None if j < 0 else statements[j],
                **_times(conversation, first, last),
            }
            for first, last, j in found.bursts
        ],
    }


def _times(conversation: Conversation, first: int, last: int) -> dict[str, int]:
    if conversation.events is None or conversation.events.time is None:
        return {}
    time = conversation.events.time
    return {"from": int(time[first]), "to": int(time[last])}


def _published(conversation: Conversation, analysis: Analysis) -> Json | None:
    """Compare with the groups that another system published, over people who have both."""
    from hiwar.engine.opinion.agreement import adjusted_rand_index

    theirs, ours = conversation.published_group, analysis.opinion_map.group
    if theirs is None or not (theirs >= 0).any():
        return None
    both = (theirs >= 0) & (ours >= 0)
    return {
        "groups": len(np.unique(theirs[theirs >= 0])),
        "participants_in_both": int(both.sum()),
        "adjusted_rand_index": number(adjusted_rand_index(theirs, ours)) if both.any() else None,
    }
