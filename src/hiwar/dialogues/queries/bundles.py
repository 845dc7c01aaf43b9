"""The votes of a closed dialogue as a log that anybody can recount, and proofs from it."""

from __future__ import annotations

import hmac
import random
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from hiwar.dialogues.models import Statement
from hiwar.dialogues.queries.matrix import vote_matrix
from hiwar.engine.ledger import bundle, entries
from hiwar.engine.ledger.merkle import inclusion_proof
from hiwar.engine.ledger.notes import proof_text
from hiwar.engine.ledger.verifier import Opening, leaf_hash, pack, unpack

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hiwar.dialogues.models import Dialogue
    from hiwar.dialogues.queries.matrix import VoteMatrix
    from hiwar.engine.ledger.entries import Tier
    from hiwar.engine.ledger.notes import Signer

WORDS = {1: "agree", 0: "pass", -1: "disagree"}


@dataclass(frozen=True, slots=True)
class Cast:
    """A vote of the log, with the row of who cast it."""

    row: int
    opening: Opening


def participant_key(secret: bytes, participant: int) -> bytes:
    """Return the key from which the slots of a participant follow, 32 bytes."""
    return hmac.digest(secret, pack("participant/v1", participant), "sha256")


def make_bundle(
    dialogue: Dialogue,
    findings: Mapping[str, Any],
    version: int,
    texts: Mapping[str, str],
    log: Signer,
) -> bytes:
    """Return the file of a version: one batch, shuffled, with openings where the tier allows.

    Parameters
    ----------
    dialogue : Dialogue
        Closed.
    findings : mapping
        What its page says, from `findings`.
    version : int
        Of the results; every version is a log of its own.
    texts : mapping of str to str
        Further files by name, such as the method in words.
    log : Signer
        Signs the head and the list of files.

    Notes
    -----
    Votes on statements that too few people voted on are left out, as their counts are.
    """
    matrix = vote_matrix(dialogue)
    tier: Tier = findings["tier"]
    shown = {row["number"]: row for row in findings["statements"] if row["counts"]}
    votes = list(_votes(dialogue, matrix, version, shown.keys()))
    random.Random(secrets.randbits(256)).shuffle(votes)  # noqa: S311 - seeded by the system's
    lines = {
        statement.number: entries.statement_line(statement.number, statement.text)
        for statement in matrix.statements
    }
    results = bundle.canonical_json(
        {
            "dialogue": dialogue.code,
            "version": version,
            "tier": tier,
            "threshold": dialogue.threshold,
            "statements": [
                {"id": number} | {name: row["counts"][name] for name in WORDS.values()}
                for number, row in shown.items()
            ],
        }
    )
    log_entries = [
        entries.open_entry(dialogue.code, tier, dialogue.threshold, "hiwar rules v1"),
        *(entries.statement_entry(number, line) for number, line in lines.items()),
        entries.issue_entry(0, findings["closed"] or "", findings["people"]["everybody"]),
        *_removals(dialogue),
        *(entries.vote_entry(dialogue.code, vote.opening) for vote in votes),
        entries.close_entry(findings["closed"] or ""),
        entries.result_entry(results),
    ]
    files = dict(texts) | {
        "statements.jsonl": "".join(f"{line}\n" for line in lines.values()),
        "results.json": results,
    }
    if tier != "A":
        rows = _rows(matrix.votes.n_participants)
        files["openings.csv"] = bundle.openings_csv(
            [vote.opening for vote in votes],
            [rows[vote.row] for vote in votes] if tier == "C" else None,
        )
    return bundle.write_bundle(log_entries, files, bundle.signed_head(log_entries, log), log)


def proofs(
    dialogue: Dialogue, participant: int, version: int, files: Mapping[str, bytes]
) -> dict[int, str]:
    """Return the proofs that a participant's votes are in the log, by number of statement.

    There are none once the secret of the log was destroyed.
    """
    if not dialogue.log_secret:
        return {}
    log_entries = unpack(files["entries"])
    leaves = [leaf_hash(entry) for entry in log_entries]
    note = files["checkpoint"].decode()
    key = participant_key(bytes.fromhex(dialogue.log_secret), participant)
    place = {}
    for at, entry in enumerate(log_entries):
        kind, *fields = unpack(entry)
        if kind == b"vote":
            place[fields[1]] = at
    proofs = {}
    for number in dialogue.statements.order_by("number").values_list("number", flat=True):
        index = place.get(entries.slot_tag(key, dialogue.code, number))
        if index is not None:
            proofs[number] = proof_text(index, inclusion_proof(leaves, index), note)
    return proofs


def _votes(dialogue: Dialogue, matrix: VoteMatrix, version: int, shown: Any) -> Iterator[Cast]:
    # A version made after the secret was destroyed has one of its own, which nobody keeps.
    secret = bytes.fromhex(dialogue.log_secret) or secrets.token_bytes(32)
    keys = [participant_key(secret, person) for person in matrix.participants.tolist()]
    number = matrix.numbers[matrix.votes.statement].tolist()
    cast = zip(matrix.votes.participant.tolist(), number, matrix.votes.vote.tolist(), strict=True)
    for row, statement, choice in cast:
        if statement in shown:
            slot = entries.slot_tag(keys[row], dialogue.code, statement)
            blinding = hmac.digest(secret, pack("blinding/v1", version, slot), "sha256")
            yield Cast(row, Opening(statement, slot, 1, WORDS[choice], blinding))


def _rows(n_participants: int) -> list[int]:
    """Return new numbers for the rows, in an order that tells nothing."""
    order = np.arange(1, n_participants + 1)
    np.random.default_rng(secrets.randbits(128)).shuffle(order)
    return [int(line) for line in order]


def _removals(dialogue: Dialogue) -> Sequence[bytes]:
    rejected = Statement.objects.filter(dialogue=dialogue, state=Statement.State.REJECTED)
    rows = rejected.filter(decisions__outcome="rejected").order_by("number", "decisions__pk")
    reasons = dict(rows.values_list("number", "decisions__reason"))
    return [entries.moderate_entry(n, reason, "moderator") for n, reason in reasons.items()]
