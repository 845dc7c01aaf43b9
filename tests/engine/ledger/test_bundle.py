from __future__ import annotations

import io
import random
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hiwar.engine.ledger import bundle, entries, notes, verifier
from hiwar.engine.ledger.verifier import COSIGNATURE, Opening, VerificationError, check_bundle

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LOG = notes.Signer("shurfa.example/youth", bytes(32))
WITNESS = notes.Signer("bar.example/witness", b"w" * 32, COSIGNATURE)
TEXTS = {1: {"ar": "رأي", "en": "A view"}, 2: {"ar": "رأي آخر"}}
DIALOGUE = "youth"


def make_votes(people: int = 12) -> list[tuple[int, Opening]]:
    """Votes of `people` on both statements; every third person changes her vote."""
    draw = random.Random(1)
    votes = []
    for person in range(people):
        key = bytes([person]) * 32
        for statement in TEXTS:
            slot = entries.slot_tag(key, DIALOGUE, statement)
            for turn in range(1, 3 if person % 3 == 0 else 2):
                choice = draw.choice(verifier.CHOICES)
                opening = Opening(statement, slot, turn, choice, draw.randbytes(32))
                votes.append((person, opening))
    return votes


def counted(votes: list[tuple[int, Opening]]) -> list[dict[str, int]]:
    last = {vote.slot: vote for _, vote in sorted(votes, key=lambda pair: pair[1].turn)}
    return [
        {"id": statement}
        | {
            choice: sum(v.statement == statement and v.choice == choice for v in last.values())
            for choice in verifier.CHOICES
        }
        for statement in TEXTS
    ]


class World:
    """A small dialogue, published; tests change one part before it is sealed."""

    def __init__(self, tier: entries.Tier = "B") -> None:
        self.votes = make_votes()
        self.openings = list(self.votes)
        self.tier = tier
        self.published = counted(self.votes)
        self.credentials = 12
        self.extra: list[bytes] = []
        self.lines = [entries.statement_line(number, text) for number, text in TEXTS.items()]
        self.log_lines = list(self.lines)
        self.files: dict[str, str] = {"method.md": "# Method\n"}
        self.head_entries: Callable[[list[bytes]], list[bytes]] = lambda log: log
        self.trusted: str | None = notes.key_text(LOG.key)

    def write(self, path: Path) -> Path:
        results = bundle.canonical_json({"statements": self.published})
        log = [entries.open_entry(DIALOGUE, self.tier, 10, "rules")]
        log += [entries.statement_entry(i + 1, line) for i, line in enumerate(self.log_lines)]
        log.append(entries.issue_entry(2, "2027-02-14", self.credentials))
        log += [entries.vote_entry(DIALOGUE, vote) for _, vote in self.votes]
        log += [*self.extra, entries.close_entry("2027-02-28"), entries.result_entry(results)]
        files = self.files | {
            "statements.jsonl": "\n".join(self.lines) + "\n",
            "results.json": results,
        }
        if self.tier != "A":
            rows = [person for person, _ in self.openings] if self.tier == "C" else None
            files["openings.csv"] = bundle.openings_csv([v for _, v in self.openings], rows)
        head = bundle.signed_head(self.head_entries(log), LOG)
        head = notes.cosign(head, WITNESS, time=1_800_000_000)
        path.write_bytes(bundle.write_bundle(log, files, head, LOG, [WITNESS.key]))
        return path

    def failure(self, path: Path) -> str:
        with pytest.raises(VerificationError) as caught:
            check_bundle(str(self.write(path)), self.trusted)
        return str(caught.value)


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "bundle.zip"


@pytest.mark.parametrize("tier", ["A", "B", "C"])
def test_honest_bundle_is_verified(tier: entries.Tier, target: Path) -> None:
    table = dict(check_bundle(str(World(tier).write(target)), notes.key_text(LOG.key)))
    assert table["votes"] == "24 in the log"
    assert table["witnesses"] == "1 of 1"
    if tier == "A":
        assert "not recomputable" in table["counts"]
    else:
        assert table["counts"] == "2 of 2 statements recounted and equal"
    assert ("rows" in table) == (tier == "C")


def test_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    first, second = (World().write(tmp_path / name).read_bytes() for name in ("a", "b"))
    assert first == second


def test_wrong_published_count_is_found(target: Path) -> None:
    world = World()
    world.published[0]["agree"] += 1
    assert world.failure(target) == "the counts of statement 1 differ from the votes"


def test_lost_vote_is_found(target: Path) -> None:
    world = World()
    world.openings.pop()
    assert world.failure(target) == "a vote of the log was not opened"


def test_invented_vote_is_found(target: Path) -> None:
    world = World()
    world.openings.append((99, Opening(1, bytes(32), 1, "agree", bytes(32))))
    assert "no vote in the log" in world.failure(target)


def test_changed_choice_is_found(target: Path) -> None:
    world = World()
    person, vote = world.openings[0]
    choice = "agree" if vote.choice != "agree" else "pass"
    world.openings[0] = (person, vote._replace(choice=choice))
    assert world.failure(target) == "an opening does not fit its commitment"


def test_vote_logged_twice_is_found(target: Path) -> None:
    world = World()
    world.votes.append(world.votes[0])
    assert world.failure(target) == "a vote stands in the log twice"


def test_more_votes_than_credentials_is_found(target: Path) -> None:
    world = World()
    world.credentials = 11
    assert "more votes than credentials" in world.failure(target)


def test_changed_statement_text_is_found(target: Path) -> None:
    world = World()
    world.lines[0] = entries.statement_line(1, {"en": "Another view"})
    assert world.failure(target) == "the texts of the statements are not those of the log"


def test_rewritten_log_is_found(target: Path) -> None:
    world = World()
    world.head_entries = lambda log: log[:-1]
    assert world.failure(target) == "the entries do not give the root of the checkpoint"


def test_withdrawn_vote_is_not_counted(target: Path) -> None:
    world = World()
    _, vote = next((p, v) for p, v in world.votes if p % 3)
    world.extra.append(entries.withdraw_entry(vote.slot, vote.turn))
    world.published = counted([pair for pair in world.votes if pair[1] != vote])
    assert dict(check_bundle(str(world.write(target))))["votes"] == "23 in the log"


def test_votes_on_a_removed_statement_are_left_out_and_disclosed(target: Path) -> None:
    world = World()
    world.extra.append(entries.moderate_entry(2, "private-details", "facilitator"))
    assert world.failure(target) == "the counts of statement 2 differ from the votes"
    world.published[1] |= dict.fromkeys(verifier.CHOICES, 0)
    assert check_bundle(str(world.write(target)))[-1][1].startswith("2 of 2")


def test_row_with_two_slots_on_one_statement_is_found(target: Path) -> None:
    world = World("C")
    world.openings = [(0, vote) for _, vote in world.openings]
    assert world.failure(target) == "a row votes twice on one statement"


def test_another_key_is_not_trusted(target: Path) -> None:
    world = World()
    world.trusted = notes.key_text(notes.Signer("other", b"o" * 32).key)
    assert "another key" in world.failure(target)


def test_older_head_is_the_beginning_or_the_log_was_rewritten(tmp_path: Path) -> None:
    path = World().write(tmp_path / "bundle.zip")
    with zipfile.ZipFile(path) as archive:
        log = verifier.unpack(archive.read("entries"))
    older = tmp_path / "older"
    older.write_text(bundle.signed_head(log[:7], LOG))
    assert ("older head", "7 entries, unchanged") in check_bundle(str(path), None, str(older))
    older.write_text(bundle.signed_head([*log[:6], b"x"], LOG))
    with pytest.raises(VerificationError, match="rewritten"):
        check_bundle(str(path), None, str(older))


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_any_changed_byte_of_any_file_is_found(tmp_path: Path, data: st.DataObject) -> None:
    path = World("C").write(tmp_path / "bundle.zip")
    with zipfile.ZipFile(path) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    name = data.draw(st.sampled_from(sorted(content)))
    at = data.draw(st.integers(0, len(content[name]) - 1))
    value = content[name][at] ^ data.draw(st.integers(1, 255))
    content[name] = content[name][:at] + bytes([value]) + content[name][at + 1 :]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for file, body in content.items():
            archive.writestr(file, body)
    path.write_bytes(out.getvalue())
    assert verifier.main([str(path)]) == 1


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.binary(max_size=400))
def test_any_bytes_end_in_failure_not_in_a_crash(tmp_path: Path, junk: bytes) -> None:
    path = tmp_path / "junk.zip"
    path.write_bytes(junk)
    assert verifier.main([str(path)]) == 1


def test_verifier_in_the_bundle_runs_alone(tmp_path: Path) -> None:
    path = World().write(tmp_path / "bundle.zip")
    with zipfile.ZipFile(path) as archive:
        (tmp_path / "verify.py").write_bytes(archive.read("verify.py"))
    call = [sys.executable, "-I", "-S", str(tmp_path / "verify.py")]
    good = subprocess.run([*call, str(path)], capture_output=True, text=True, check=False)
    assert (good.returncode, good.stdout.splitlines()[-1]) == (0, "VERIFIED")
    bad = subprocess.run([*call, __file__], capture_output=True, text=True, check=False)
    assert bad.returncode == 1
    assert bad.stdout == "FAILED: the file is not a bundle\n"
    wrong = subprocess.run(call, capture_output=True, text=True, check=False)
    assert wrong.returncode == 2


def test_slots_of_one_person_cannot_be_linked_without_the_key() -> None:
    tags = {entries.slot_tag(b"k" * 32, DIALOGUE, statement) for statement in range(50)}
    tags |= {entries.slot_tag(b"k" * 32, "other", statement) for statement in range(50)}
    assert len(tags) == 100
