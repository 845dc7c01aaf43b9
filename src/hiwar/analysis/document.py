"""The JSON document: everything about one conversation, as docs/reference/json-document.md says.

It may leave the house, so it holds nothing from which a ballot follows (docs/engine/privacy.md):
no line for a person, no class of fewer than five people, and no exact number that follows from
single rows. Numbers that follow from the counts beside them are exact.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np

from hiwar.analysis.cells import DECIMALS, SMALLEST

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hiwar.analysis.conversation import Conversation, Identifier
    from hiwar.analysis.disclosure import Told
    from hiwar.engine.opinion.results import Analysis, ConsensusStatement, RepresentativeStatement
    from hiwar.engine.opinion.votes import Tally

Json = Mapping[str, object]
NAME = "hiwar.engine.opinion"
_SHARE = 3  # decimals of a share that follows from single rows
_TENTHS = 10
_HOUR = 3_600_000


def build(
    conversation: Conversation,
    analysis: Analysis,
    *,
    smallest: int = SMALLEST,
    stays_inside: bool = False,
) -> dict[str, object]:
    """Put a conversation and its analysis into the document.

    Parameters
    ----------
    conversation : Conversation
    analysis : Analysis
        Of its votes.
    smallest : int
        Fewest people that are told apart from all others, and that a cell of the map holds.
    stays_inside : bool
        Count also those who are too few to be told apart, and say in `group_by_row` who is in which
        group. For a document that is kept beside the votes and shown by somebody who makes its
        counts safe.

    Returns
    -------
    dict
        Ready for `encode`.
    """
    from hiwar.analysis.disclosure import told
    from hiwar.analysis.sectors import attribute_tables

    opinion_map = analysis.opinion_map
    shown = told(conversation, analysis, 0 if stays_inside else smallest)
    about = about_oneself(conversation)
    return {
        "engine": {
            "name": NAME,
            "version": analysis.engine_version,
            "mode": analysis.parameters.mode,
            "parameters": asdict(analysis.parameters),
        },
        "inputs": _inputs(conversation, analysis, shown),
        "outcome": opinion_map.outcome,
        "gap": _gap(analysis),
        "answer": {
            "shared": int(analysis.statements.is_shared.sum()),
            "shared_about_oneself": int((analysis.statements.is_shared & about).sum()),
            "dividing": int(analysis.statements.is_dividing.sum()),
            "statements": int((~conversation.moderation.out).sum()),
            "groups": opinion_map.n_groups,
        },
        "groups": _groups(conversation, analysis, shown),
        "statements": _statements(shown.conversation, analysis, shown),
        "consensus": {
            "agree": [_consensus(c, conversation, shown) for c in analysis.consensus_agree],
            "disagree": [_consensus(c, conversation, shown) for c in analysis.consensus_disagree],
        },
        "map": _map(analysis, smallest),
        "attributes": attribute_tables(shown.conversation, opinion_map.group, opinion_map.n_groups),
        "weights": _weights(conversation),
        "quality": _quality(conversation, analysis),
        "notes": [*conversation.notes, *analysis.notes],
        **({"group_by_row": opinion_map.group.tolist()} if stays_inside else {}),
    }


def encode(document: Json) -> Iterator[bytes]:
    """Yield the document as UTF-8 JSON, a piece at a time; not-a-number becomes null."""
    import orjson

    yield b"{"
    for i, (key, value) in enumerate(document.items()):
        yield (b",\n" if i else b"") + orjson.dumps(key) + b":"
        yield orjson.dumps(value)
    yield b"}\n"


def without_people(document: Json, smallest: int = SMALLEST) -> dict[str, object]:
    """Return a document of an older version, which had a line for each person, with cells instead.

    Parameters
    ----------
    document : mapping
        With `participants`.
    smallest : int
        As in `build`.
    """
    from hiwar.analysis.cells import cells_as_json, coarse_cells

    old: dict[str, Any] = dict(document)
    people = old.pop("participants")
    group = np.array([-1 if p["group"] is None else p["group"] for p in people], np.int32)
    cells = {}
    for name, axes in (("cells", ("x", "y")), ("cells_corrected", ("x_corrected", "y_corrected"))):
        at = [[np.nan if p[axis] is None else p[axis] for axis in axes] for p in people]
        position = np.array(at, np.float64).reshape(-1, 2)
        cells[name] = cells_as_json(coarse_cells(position, group, len(old["groups"]), smallest))
    sure = [p["membership_probability"] for p in people]
    stability = old["quality"]["stability"]
    if stability is not None:
        known = np.array([np.nan if p is None else p for p in sure], np.float64)
        tenths = {"membership_tenths": _tenths(known)}
        old["quality"] = old["quality"] | {"stability": stability | tenths}
    old["inputs"] = {"participants_untold": 0} | old["inputs"]
    return old | {"map": old["map"] | cells, "group_by_row": group.tolist()}


def number(value: float) -> float | None:
    """Return a number that JSON knows; None for not-a-number and the infinite."""
    return float(value) if math.isfinite(value) else None


def numbers(values: NDArray[np.float64]) -> list[float | None]:
    """Return numbers that JSON knows."""
    return [number(value) for value in values.tolist()]


def coarse(value: float, decimals: int = _SHARE) -> float | None:
    """Return a number that follows from single rows, no finer than a reader needs."""
    known = number(value)
    return None if known is None else round(known, decimals)


def _places(values: NDArray[np.float64]) -> list[float | None]:
    return [coarse(value, DECIMALS) for value in values.tolist()]


def _map(analysis: Analysis, smallest: int) -> Json:
    from hiwar.analysis.cells import cells_as_json, coarse_cells

    opinion_map, points = analysis.opinion_map, analysis.ideal_points
    by_position = {"cells": opinion_map.position, "cells_corrected": analysis.corrected_position}
    if points is not None:
        by_position["cells_trait"] = points.place
    cells = {}
    for name, position in by_position.items():
        # Who is not on the second map stands in no cell of it.
        on = np.isfinite(position[:, 0])
        cells[name] = cells_as_json(
            coarse_cells(position[on], opinion_map.group[on], opinion_map.n_groups, smallest)
        )
    return {
        "explained_variance": [coarse(v) for v in opinion_map.explained_variance.tolist()],
        "silhouettes": {str(k): coarse(s) for k, s in sorted(opinion_map.silhouette.items())},
        "trait_spread": None if points is None else coarse(float(np.nanmedian(points.spread))),
        **cells,
    }


def about_oneself(conversation: Conversation) -> NDArray[np.bool_]:
    """Return which live statements read like facts about the person; shape (C,)."""
    from hiwar.analysis.self_facts import is_about_oneself

    texts = (any(is_about_oneself(text) for text in dict(t).values()) for t in conversation.texts)
    has_text: NDArray[np.bool_] = np.fromiter(texts, np.bool_, len(conversation.texts))
    return has_text & ~conversation.moderation.out


def _gap(analysis: Analysis) -> Json | None:
    """Return whether there are groups at all; None where that was not asked."""
    gap = analysis.opinion_map.gap
    if gap is None:
        return None
    return {
        "verdict": gap.verdict,
        "n_classes": gap.n_classes,
        "z": coarse(gap.z),
        "dimensions": gap.dimensions,
        "gain_by_number": {str(k): coarse(v) for k, v in gap.gain_by_number.items()},
        "gain_by_dimensions": {str(d): coarse(v) for d, v in gap.gain_by_dimensions.items()},
        "certainty": coarse(gap.certainty),
        "share_by_number": {str(k): coarse(v) for k, v in gap.share_by_number.items()},
        "small_groups": list(gap.small_groups),
        "n_people": gap.n_people,
        "n_votes": gap.n_votes,
    }


def _weights(conversation: Conversation) -> Json | None:
    weighting = conversation.weighting
    if weighting is None:
        return None
    return {
        key: coarse(value, DECIMALS) if isinstance(value, float) else value
        for key, value in asdict(weighting).items()
    }


def _inputs(conversation: Conversation, analysis: Analysis, shown: Told) -> Json:
    hashes = sorted(file.sha256 for file in conversation.files)
    everybody = shown.tally
    return {
        "title": conversation.title,
        "question": conversation.question,
        "files": [
            {"name": f.name, "bytes": f.size, "sha256": f.sha256} for f in conversation.files
        ],
        "sha256": hashlib.sha256("\n".join(hashes).encode()).hexdigest(),
        "participants": conversation.votes.n_participants,
        "statements": conversation.votes.n_statements,
        "votes": shown.conversation.votes.n_votes,
        "agree": int(everybody.agree.sum()),
        "disagree": int(everybody.disagree.sum()),
        "pass": int(everybody.passed.sum()),
        "revotes": conversation.revotes,
        "participants_in_map": int(analysis.opinion_map.in_map.sum()),
        "participants_untold": shown.untold,
        "signs": None if conversation.signs is None else asdict(conversation.signs),
        "dropped_columns": [
            {"file": file, "column": title} for file, title in conversation.dropped_columns
        ],
        "statements_out": int(conversation.moderation.out.sum()),
        **conversation.counts,
    }


def _groups(conversation: Conversation, analysis: Analysis, shown: Told) -> list[Json]:
    ids = conversation.statement_ids
    nowhere: list[float | None] = [None, None]
    return [
        {
            "id": g,
            "label": chr(ord("A") + g),
            "size": shown.sizes[g],
            "centre": _places(analysis.opinion_map.group_centre[g]) if is_told else nowhere,
            "representative_statements": [
                _speaks(r, ids) for r in analysis.representative[g] if is_told
            ],
            "ranked_statements": [_speaks(r, ids) for r in analysis.ranked[g] if is_told],
        }
        for g, is_told in enumerate(shown.groups)
    ]


def _speaks(speech: RepresentativeStatement, ids: Sequence[Identifier]) -> Json:
    return {
        "statement": ids[speech.statement],
        "direction": speech.direction,
        "n_success": int(speech.n_success),
        "n_trials": int(speech.n_trials),
        "p_success": number(speech.p_success.estimate),
        "p_success_low": number(speech.p_success.low),
        "p_success_high": number(speech.p_success.high),
        "p_test": number(speech.p_test),
        "repness": number(speech.repness),
        "repness_test": number(speech.repness_test),
        "score": number(speech.score),
        "p_value": number(speech.p_value),
        "q_value": number(speech.q_value),
        "significant": bool(speech.is_significant),
        "best_agree": bool(speech.is_best_agree),
    }


def _consensus(consensus: ConsensusStatement, conversation: Conversation, shown: Told) -> Json:
    from hiwar.engine.opinion.proportions import smoothed_against_half, smoothed_share

    votes = shown.tally.agree if consensus.direction == "agree" else shown.tally.disagree
    success, trials = votes[0, consensus.statement], shown.tally.seen[0, consensus.statement]
    return {
        "statement": conversation.statement_ids[consensus.statement],
        "direction": consensus.direction,
        "n_success": int(success),
        "n_trials": int(trials),
        "p_success": number(float(smoothed_share(success, trials))),
        "p_test": number(float(smoothed_against_half(success, trials))),
    }


def _statements(conversation: Conversation, analysis: Analysis, shown: Told) -> list[Json]:
    low, high = _agreement_intervals(analysis)
    weighted = _weighted_shares(conversation)
    moderation, values = conversation.moderation, analysis.statements
    # What compares groups would give away one that is not told.
    between = number if all(shown.groups) else _nothing
    about = about_oneself(conversation)
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
            "counts": _counts(shown.tally, 0, j),
            "counts_by_group": {
                str(g): _counts(analysis.tally_by_group, g, j)
                | {"agree_low": coarse(low[g, j]), "agree_high": coarse(high[g, j])}
                for g, is_told in enumerate(shown.groups)
                if is_told
            },
            "x": coarse(analysis.opinion_map.statement_position[j, 0], DECIMALS),
            "y": coarse(analysis.opinion_map.statement_position[j, 1], DECIMALS),
            "extremity": coarse(analysis.opinion_map.extremity[j], DECIMALS),
            "divisiveness": between(values.divisiveness[j]),
            "divisiveness_low": coarse(values.divisiveness_low[j]),
            "divisiveness_high": coarse(values.divisiveness_high[j]),
            "group_informed_consensus": between(values.group_informed_consensus[j]),
            "group_informed_consensus_disagree": between(
                values.group_informed_consensus_disagree[j]
            ),
            "bridging": coarse(values.bridging[j]),
            "priority": coarse(values.priority[j], DECIMALS),
            "shared": bool(values.is_shared[j]),
            "dividing": bool(values.is_dividing[j]),
            "enough_exposure": bool(values.has_exposure[j]),
            "about_oneself": bool(about[j]),
        }
        if weighted is not None:
            names = ("agree", "disagree", "pass")
            shares = (coarse(share) for share in weighted[:, j].tolist())
            row["weighted"] = dict(zip(names, shares, strict=True))
        rows.append(row)
    return rows


def _nothing(_value: float) -> None:
    return None


def _counts(tally: Tally, row: int, j: int) -> dict[str, object]:
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
    from hiwar.analysis.published_groups import agreement_with_published

    stability = analysis.stability
    return {
        "stability": None
        if stability is None
        else {
            "n_resamples": stability.n_resamples,
            "n_people": stability.n_people,
            "share_by_n_groups": {
                str(k): coarse(v) for k, v in sorted(stability.share_by_n_groups.items())
            },
            "mean_agreement": coarse(stability.mean_agreement),
            "membership_tenths": _tenths(stability.membership),
        },
        "predictive_accuracy": _plain(analysis.accuracy),
        "privacy": _plain(analysis.privacy),
        "manipulation": _manipulation(conversation, analysis),
        "missingness": _plain(analysis.missingness),
        "published_groups": agreement_with_published(conversation, analysis, coarse),
    }


def _plain(record: object) -> Json | None:
    """Return a record of numbers as JSON knows it."""
    if record is None:
        return None
    plain: dict[str, object] = {}
    for key, value in vars(record).items():
        if isinstance(value, Mapping):
            plain[key] = {str(k): coarse(v) for k, v in value.items()}
        else:
            is_float = isinstance(value, float | np.floating)
            plain[key] = coarse(value) if is_float else value
    return plain


def _tenths(membership: NDArray[np.float64]) -> list[int]:
    """Count people by the probability of their group, in ten steps."""
    known = membership[np.isfinite(membership)]
    step = np.minimum((known * _TENTHS).astype(np.int64), _TENTHS - 1)
    counts: list[int] = np.bincount(step, minlength=_TENTHS).tolist()
    return counts


def _manipulation(conversation: Conversation, analysis: Analysis) -> Json | None:
    manipulation = analysis.manipulation
    if manipulation is None:
        return None
    statements = conversation.statement_ids
    return {
        "most_active_share": coarse(manipulation.most_active_share),
        "agreement_without_most_active": coarse(manipulation.agreement_without_most_active),
        "identical_rows": [len(cluster) for cluster in manipulation.identical_rows],
        "agreement_without_identical": coarse(manipulation.agreement_without_identical),
        "bursts": [
            {
                "votes": int(last - first) + 1,
                "statement": None if j < 0 else statements[j],
                **_times(conversation, first, last),
            }
            for first, last, j in manipulation.bursts
        ],
    }


def _times(conversation: Conversation, first: int, last: int) -> dict[str, int]:
    if conversation.events is None or conversation.events.time is None:
        return {}
    begin, end = (int(moment) for moment in conversation.events.time[[first, last]].tolist())
    return {"from": begin // _HOUR * _HOUR, "to": -(-end // _HOUR) * _HOUR}
