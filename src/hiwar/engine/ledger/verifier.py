"""Check a published bundle: the log, the openings and every published count.

Usage: ``python3 verify.py BUNDLE.zip [--key VKEY] [--older CHECKPOINT]``. The last line is
``VERIFIED`` or ``FAILED: reason`` and the exit code is 0 or 1 (2 for a wrong call). This file
needs Python 3.9 and its standard library, nothing else, and is part of every bundle.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import csv
import hashlib
import io
import json
import sys
import zipfile
import zlib
from collections import Counter
from typing import NamedTuple

ED25519, COSIGNATURE = 1, 4
CHOICES = ("agree", "disagree", "pass")
MAX_BYTES = 2**30


class VerificationError(Exception):
    """The bundle does not hold what it claims."""


def leaf_hash(entry: bytes) -> bytes:
    """Return the RFC 6962 hash of an entry, 32 bytes."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the RFC 6962 hash of two subtrees, 32 bytes."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def tree_root(leaves: list[bytes]) -> bytes:
    """Return the Merkle tree hash of leaf hashes, 32 bytes (RFC 6962, 2.1)."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    level = leaves
    while len(level) > 1:
        paired = [node_hash(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        if len(level) % 2:
            paired.append(level[-1])
        level = paired
    return level[0]


def pack(*fields: bytes | str | int) -> bytes:
    """Return the one way to write fields: each with a two-byte length, integers as 8 bytes."""
    out = bytearray()
    for field in fields:
        text = field.encode() if isinstance(field, str) else field
        data = text.to_bytes(8, "big") if isinstance(text, int) else text
        out += len(data).to_bytes(2, "big") + data
    return bytes(out)


def unpack(data: bytes) -> list[bytes]:
    """Return the fields of `pack`, or of a file of length-prefixed entries."""
    fields, at = [], 0
    while at < len(data):
        end = at + 2 + int.from_bytes(data[at : at + 2], "big")
        if end > len(data) or at + 2 > len(data):
            raise VerificationError("an entry is cut short")
        fields.append(data[at + 2 : end])
        at = end
    return fields


def commitment(dialogue: str, vote: Opening) -> bytes:
    """Return the commitment to one vote, 32 bytes; `blinding` hides the choice."""
    return hashlib.sha256(pack("vote/v1", dialogue, *vote)).digest()


class Opening(NamedTuple):
    """What a commitment hides: statement, slot tag, turn, choice and blinding."""

    statement: int
    slot: bytes
    turn: int
    choice: str
    blinding: bytes


# Ed25519 verification after RFC 8032, 5.1.7, in extended coordinates.
_P = 2**255 - 19
_L = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, _P) % _P
_I = pow(2, (_P - 1) // 4, _P)
_Point = tuple[int, int, int, int]


def _add(a: _Point, b: _Point) -> _Point:
    u = (a[1] - a[0]) * (b[1] - b[0]) % _P
    v = (a[1] + a[0]) * (b[1] + b[0]) % _P
    w = 2 * a[3] * b[3] * _D % _P
    z = 2 * a[2] * b[2] % _P
    e, f, g, h = v - u, z - w, z + w, v + u
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _multiply(scalar: int, point: _Point) -> _Point:
    result: _Point = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            result = _add(result, point)
        point = _add(point, point)
        scalar >>= 1
    return result


def _decompress(data: bytes) -> _Point | None:
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    if y >= _P:
        return None
    square = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    x = x * _I % _P if (x * x - square) % _P else x
    if (x * x - square) % _P or (not x and sign):
        return None
    if x & 1 != sign:
        x = _P - x
    return x, y, 1, x * y % _P


_BASE = _decompress((4 * pow(5, -1, _P) % _P).to_bytes(32, "little"))


def ed25519_verify(public: bytes, message: bytes, signature: bytes) -> bool:
    """Tell whether `signature` (64 bytes) is that of `public` (32 bytes) over `message`."""
    if len(public) != 32 or len(signature) != 64 or _BASE is None:
        return False
    key, point = _decompress(public), _decompress(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if key is None or point is None or scalar >= _L:
        return False
    digest = hashlib.sha512(signature[:32] + public + message).digest()
    left = _multiply(scalar, _BASE)
    right = _add(point, _multiply(int.from_bytes(digest, "little") % _L, key))
    same_x = (left[0] * right[2] - right[0] * left[2]) % _P == 0
    return same_x and (left[1] * right[2] - right[1] * left[2]) % _P == 0


class Key(NamedTuple):
    """A verifier key: name, four-byte id, kind (1 Ed25519, 4 cosignature) and public key."""

    name: str
    identity: bytes
    kind: int
    public: bytes


def key_id(name: str, kind: int, public: bytes) -> bytes:
    """Return the four bytes by which a signature line names its key."""
    return hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:4]


def parse_key(text: str) -> Key:
    """Read ``name+id+base64``."""
    parts = text.strip().split("+", 2)
    try:
        material = base64.b64decode(parts[2], validate=True)
        identity = bytes.fromhex(parts[1])
    except (IndexError, ValueError) as error:
        raise VerificationError("a key cannot be read") from error
    if len(material) != 33 or material[0] not in (ED25519, COSIGNATURE):
        raise VerificationError("a key is of an unknown kind")
    if identity != key_id(parts[0], material[0], material[1:]):
        raise VerificationError("a key does not carry its own id")
    return Key(parts[0], identity, material[0], material[1:])


def split_note(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    """Return the text of a signed note and its signature lines as (name, id and signature)."""
    text, separator, tail = note.rpartition("\n\n")
    if not separator or not tail.endswith("\n"):
        raise VerificationError("a signed note has no signature")
    signatures = []
    for line in tail[:-1].split("\n"):
        words = line.split(" ")
        if len(words) != 3 or words[0] != "\N{EM DASH}":
            raise VerificationError("a signature line cannot be read")
        try:
            signatures.append((words[1], base64.b64decode(words[2], validate=True)))
        except binascii.Error as error:
            raise VerificationError("a signature line cannot be read") from error
    return text + "\n", signatures


def signed_by(text: str, signatures: list[tuple[str, bytes]], key: Key) -> bool:
    """Tell whether `key` signed; a line under its name that it did not make is an error."""
    for name, blob in signatures:
        if name != key.name or blob[:4] != key.identity:
            continue
        message, signature = text.encode(), blob[4:]
        if key.kind == COSIGNATURE:
            moment = int.from_bytes(signature[:8], "big")
            message = b"cosignature/v1\ntime %d\n" % moment + message
            signature = signature[8:]
        if not ed25519_verify(key.public, message, signature):
            raise VerificationError(f"the signature of {name} is wrong")
        return True
    return False


class Checkpoint(NamedTuple):
    """The head of a log: its origin, how many entries, and the root over them."""

    origin: str
    size: int
    root: bytes


def parse_checkpoint(text: str) -> Checkpoint:
    """Read the text of a checkpoint, signatures already split off."""
    lines = text.split("\n")
    try:
        if lines[1] != str(int(lines[1])) or int(lines[1]) < 0:
            raise VerificationError("the size of the log cannot be read")
        root = base64.b64decode(lines[2], validate=True)
    except (IndexError, ValueError) as error:
        raise VerificationError("the checkpoint cannot be read") from error
    if len(root) != 32 or not lines[0]:
        raise VerificationError("the checkpoint cannot be read")
    return Checkpoint(lines[0], int(lines[1]), root)


class Bundle:
    """A bundle in memory: its files, with sizes bounded."""

    def __init__(self, path: str) -> None:
        try:
            with zipfile.ZipFile(path) as archive:
                if sum(item.file_size for item in archive.infolist()) > MAX_BYTES:
                    raise VerificationError("the bundle is larger than 1 GiB")
                names = archive.namelist()
                if len(names) != len(set(names)):
                    raise VerificationError("a file stands in the bundle twice")
                self.files = {name: archive.read(name) for name in names}
        except (OSError, zipfile.BadZipFile, zipfile.LargeZipFile, ValueError, EOFError) as error:
            raise VerificationError("the file is not a bundle") from error
        except (RuntimeError, NotImplementedError, zlib.error) as error:
            raise VerificationError("the bundle is damaged") from error

    def text(self, name: str) -> str:
        """Return a file as text."""
        try:
            return self.files[name].decode()
        except KeyError as error:
            raise VerificationError(f"{name} is missing") from error
        except UnicodeDecodeError as error:
            raise VerificationError(f"{name} is not UTF-8 text") from error


class Log(NamedTuple):
    """What the entries of a log say, by kind."""

    dialogue: str
    tier: str
    statements: dict[int, bytes]
    votes: dict[tuple[bytes, int], tuple[int, bytes]]
    withdrawn: set[tuple[bytes, int]]
    moderated: set[int]
    credentials: int
    results: bytes | None


def read_log(entries: list[bytes]) -> Log:
    """Read the entries of a log; raise VerificationError when one breaks the rules."""
    opened = unpack(entries[0]) if entries else []
    if len(opened) < 3 or opened[0] != b"open":
        raise VerificationError("the log does not begin with its opening")
    log = Log(opened[1].decode(), opened[2].decode(), {}, {}, set(), set(), 0, None)
    for entry in entries[1:]:
        kind, *fields = unpack(entry)
        if kind == b"statement":
            log.statements[int.from_bytes(fields[0], "big")] = fields[1]
        elif kind == b"vote":
            slot = (fields[1], int.from_bytes(fields[2], "big"))
            if slot in log.votes:
                raise VerificationError("a vote stands in the log twice")
            log.votes[slot] = (int.from_bytes(fields[0], "big"), fields[3])
        elif kind == b"withdraw":
            log.withdrawn.add((fields[0], int.from_bytes(fields[1], "big")))
        elif kind == b"moderate":
            log.moderated.add(int.from_bytes(fields[0], "big"))
        elif kind == b"issue":
            log = log._replace(credentials=log.credentials + int.from_bytes(fields[2], "big"))
        elif kind == b"result":
            log = log._replace(results=fields[0])
        elif kind != b"close":
            raise VerificationError("the log holds an entry of an unknown kind")
    return log


def read_openings(text: str) -> list[Opening]:
    """Read ``statement,slot,turn,choice,blinding`` with slot and blinding in hexadecimal."""
    openings = []
    for number, row in enumerate(csv.DictReader(io.StringIO(text)), start=2):
        try:
            opening = Opening(
                int(row["statement"]),
                bytes.fromhex(row["slot"]),
                int(row["turn"]),
                row["choice"],
                bytes.fromhex(row["blinding"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise VerificationError(f"openings.csv line {number} cannot be read") from error
        if opening.choice not in CHOICES or len(opening.blinding) != 32:
            raise VerificationError(f"openings.csv line {number} is not a vote")
        openings.append(opening)
    return openings


def check_openings(log: Log, openings: list[Opening]) -> dict[int, Counter[str]]:
    """Return recomputed counts by statement, the highest turn of each slot alone counted."""
    seen: set[tuple[bytes, int]] = set()
    last: dict[bytes, Opening] = {}
    for opening in openings:
        slot = (opening.slot, opening.turn)
        if slot in seen or slot not in log.votes:
            raise VerificationError("an opening has no vote in the log, or stands twice")
        seen.add(slot)
        statement, committed = log.votes[slot]
        if statement != opening.statement or commitment(log.dialogue, opening) != committed:
            raise VerificationError("an opening does not fit its commitment")
        if slot not in log.withdrawn and opening.turn >= last.get(opening.slot, opening).turn:
            last[opening.slot] = opening
    if seen != set(log.votes):
        raise VerificationError("a vote of the log was not opened")
    counts: dict[int, Counter[str]] = {}
    for opening in last.values():
        if opening.statement not in log.moderated:
            counts.setdefault(opening.statement, Counter())[opening.choice] += 1
    return counts


def check_counts(log: Log, counts: dict[int, Counter[str]], published: list[dict[str, int]]) -> int:
    """Compare recomputed with published counts; return how many statements were compared."""
    by_id = {row["id"]: row for row in published}
    if len(by_id) != len(published) or set(counts) - set(by_id):
        raise VerificationError("the published statements are not those of the log")
    for number, row in by_id.items():
        if number not in log.statements:
            raise VerificationError(f"statement {number} is not in the log")
        counted = counts.get(number, Counter())
        if any(row.get(choice) != counted[choice] for choice in CHOICES):
            raise VerificationError(f"the counts of statement {number} differ from the votes")
        if log.credentials and sum(counted.values()) > log.credentials:
            raise VerificationError(f"statement {number} has more votes than credentials")
    return len(by_id)


def check_manifest(bundle: Bundle) -> list[Key]:
    """Check that every file is the one that was signed; return the keys of the bundle."""
    keys = [parse_key(line) for line in bundle.text("keys.vkey").splitlines() if line]
    if not keys or keys[0].kind != ED25519:
        raise VerificationError("keys.vkey does not begin with the key of the log")
    text, signatures = split_note(bundle.text("MANIFEST"))
    if not signed_by(text, signatures, keys[0]):
        raise VerificationError("the list of files is not signed by the log")
    listed = {}
    for line in text.splitlines()[1:]:
        digest, _, name = line.partition("  ")
        listed[name] = digest
    if set(listed) | {"MANIFEST"} != set(bundle.files):
        raise VerificationError("the files are not those that were signed")
    for name, digest in listed.items():
        if hashlib.sha256(bundle.files[name]).hexdigest() != digest:
            raise VerificationError(f"{name} is not the file that was signed")
    return keys


def check_head(bundle: Bundle, keys: list[Key], leaves: list[bytes]) -> tuple[Checkpoint, int]:
    """Check the signed head against the entries; return it and how many witnesses signed."""
    text, signatures = split_note(bundle.text("checkpoint"))
    if not signed_by(text, signatures, keys[0]):
        raise VerificationError("the checkpoint is not signed by the log")
    head = parse_checkpoint(text)
    if head.origin != keys[0].name:
        raise VerificationError("the checkpoint is that of another log")
    if head.size != len(leaves) or head.root != tree_root(leaves):
        raise VerificationError("the entries do not give the root of the checkpoint")
    witnesses = sum(signed_by(text, signatures, key) for key in keys[1:])
    return head, witnesses


def check_older(path: str, keys: list[Key], leaves: list[bytes]) -> int:
    """Check that an older head is the beginning of this log; return its size."""
    try:
        with open(path, encoding="utf-8") as file:  # noqa: PTH123 -- no import more than needed
            text, signatures = split_note(file.read())
    except (OSError, UnicodeDecodeError) as error:
        raise VerificationError("the older checkpoint cannot be read") from error
    older = parse_checkpoint(text)
    if not signed_by(text, signatures, keys[0]):
        raise VerificationError("the older checkpoint is not signed by this log")
    if older.size > len(leaves) or tree_root(leaves[: older.size]) != older.root:
        raise VerificationError("the log was rewritten since the older checkpoint")
    return older.size


def check_statements(bundle: Bundle, log: Log) -> None:
    """Check that the texts of the statements are those that the log committed to."""
    lines = bundle.text("statements.jsonl").splitlines()
    texts = {}
    for line in lines:
        texts[int(json.loads(line)["id"])] = hashlib.sha256(line.encode()).digest()
    if len(texts) != len(lines) or texts != log.statements:
        raise VerificationError("the texts of the statements are not those of the log")


def check_rows(bundle: Bundle) -> int:
    """Check that no row votes twice on a statement; return the number of rows (tier C)."""
    rows = list(csv.DictReader(io.StringIO(bundle.text("openings.csv"))))
    slots: dict[tuple[str, str], str] = {}
    for row in rows:
        cell = (row["row"], row["statement"])
        if slots.setdefault(cell, row["slot"]) != row["slot"]:
            raise VerificationError("a row votes twice on one statement")
    return len({row["row"] for row in rows})


def check_bundle(
    path: str, trusted: str | None = None, older: str | None = None
) -> list[tuple[str, str]]:
    """Check everything; return what was checked as (subject, finding), or raise VerificationError.

    `trusted` is the key of the log as its institution printed it; without it the bundle only
    shows that it agrees with itself. `older` is the path of a checkpoint kept from before.
    """
    bundle = Bundle(path)
    keys = check_manifest(bundle)
    table = [("files", f"{len(bundle.files)}, each as signed")]
    if trusted is not None and parse_key(trusted) != keys[0]:
        raise VerificationError("the bundle is signed by another key than the one you trust")
    known = "the one you trust" if trusted else "taken from the bundle: compare it with a print"
    table.append(("key", f"{keys[0].name}+{keys[0].identity.hex()} ({known})"))
    entries = unpack(bundle.files.get("entries", b""))
    leaves = [leaf_hash(entry) for entry in entries]
    head, witnesses = check_head(bundle, keys, leaves)
    table.append(("log", f"{head.size} entries, root {head.root.hex()[:16]}"))
    table.append(("witnesses", f"{witnesses} of {len(keys) - 1}"))
    if older is not None:
        table.append(("older head", f"{check_older(older, keys, leaves)} entries, unchanged"))
    log = read_log(entries)
    check_statements(bundle, log)
    results = bundle.text("results.json")
    if log.results != hashlib.sha256(results.encode()).digest():
        raise VerificationError("results.json is not the one that the log committed to")
    published = json.loads(results)["statements"]
    slots = len({slot for slot, _ in log.votes} - {slot for slot, _ in log.withdrawn})
    table.append(("votes", f"{slots} in the log"))
    if log.tier == "A":
        table.append(("counts", "tier A: not recomputable by the public"))
        return table
    counts = check_openings(log, read_openings(bundle.text("openings.csv")))
    compared = check_counts(log, counts, published)
    table.append(("counts", f"{compared} of {compared} statements recounted and equal"))
    if log.tier == "C":
        table.append(("rows", f"{check_rows(bundle)}, none votes twice"))
    return table


def main(arguments: list[str] | None = None) -> int:
    """Run the check from the command line and return the exit code."""
    parser = argparse.ArgumentParser(prog="verify", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("bundle", metavar="BUNDLE")
    parser.add_argument("--key", metavar="VKEY", help="the key as the institution printed it")
    parser.add_argument("--older", metavar="CHECKPOINT", help="a checkpoint kept from before")
    options = parser.parse_args(arguments)
    write = sys.stdout.write
    try:
        table = check_bundle(options.bundle, options.key, options.older)
    except VerificationError as failure:
        write(f"FAILED: {failure}\n")
        return 1
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, OverflowError) as error:
        write(f"FAILED: the bundle is malformed ({type(error).__name__})\n")
        return 1
    width = max(len(subject) for subject, _ in table)
    for subject, finding in table:
        write(f"{subject:<{width}}  {finding}\n")
    write("VERIFIED\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
