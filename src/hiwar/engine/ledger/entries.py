"""What a log may say: entries in their one way of writing, slots and commitments."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import TYPE_CHECKING, Literal

from hiwar.engine.ledger.verifier import Opening, commitment, pack

if TYPE_CHECKING:
    from collections.abc import Mapping

Tier = Literal["A", "B", "C"]


def slot_tag(participant_key: bytes, dialogue: str, statement: int) -> bytes:
    """Return the tag that links a person's votes on one statement and nothing else, 32 bytes."""
    return hmac.digest(participant_key, pack("slot/v1", dialogue, statement), "sha256")


def open_entry(dialogue: str, tier: Tier, threshold: int, rules: str) -> bytes:
    """Return the first entry: the rules, fixed before the first vote."""
    return pack("open", dialogue, tier, threshold, rules)


def statement_line(statement: int, texts: Mapping[str, str]) -> str:
    """Return a statement as its one line of ``statements.jsonl``, keys in order."""
    row = {"id": statement, "text": dict(sorted(texts.items()))}
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"))


def statement_entry(statement: int, line: str) -> bytes:
    """Return the entry that fixes the text of a statement."""
    return pack("statement", statement, hashlib.sha256(line.encode()).digest())


def vote_entry(dialogue: str, vote: Opening) -> bytes:
    """Return the entry of a vote: its commitment, not its choice."""
    committed = commitment(dialogue, vote)
    return pack("vote", vote.statement, vote.slot, vote.turn, committed)


def withdraw_entry(slot: bytes, turn: int) -> bytes:
    """Return the entry that takes a vote out of the count."""
    return pack("withdraw", slot, turn)


def moderate_entry(statement: int, rule: str, role: str) -> bytes:
    """Return the entry that discloses a removal: which statement, which rule, which role."""
    return pack("moderate", statement, rule, role)


def issue_entry(tier: int, day: str, credentials: int) -> bytes:
    """Return the entry that says how many credentials of a trust tier were issued on a day."""
    return pack("issue", tier, day, credentials)


def close_entry(day: str) -> bytes:
    """Return the entry that ends the voting."""
    return pack("close", day)


def result_entry(results: str) -> bytes:
    """Return the entry that fixes the published results."""
    return pack("result", hashlib.sha256(results.encode()).digest())
