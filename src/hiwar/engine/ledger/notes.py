"""Signed notes, checkpoints, cosignatures and proofs as text (C2SP formats)."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hiwar.engine.ledger.verifier import (
    COSIGNATURE,
    ED25519,
    Checkpoint,
    Key,
    VerificationError,
    key_id,
    parse_checkpoint,
    split_note,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

PROOF_HEADER = "c2sp.org/tlog-proof@v1"


@dataclass(frozen=True)
class Signer:
    """A key that signs notes under a name without spaces or plus signs.

    Attributes
    ----------
    name : str
        Name of the key: for a log, its origin line.
    seed : bytes
        32 secret bytes.
    kind : int
        1 for the log itself, 4 for a witness.
    """

    name: str
    seed: bytes
    kind: int = ED25519

    def __post_init__(self) -> None:
        """Refuse a name that the format cannot carry."""
        if not self.name or "+" in self.name or any(letter.isspace() for letter in self.name):
            msg = "a key name is not empty and has no space and no plus sign"
            raise ValueError(msg)
        if len(self.seed) != 32:
            msg = "a seed has 32 bytes"
            raise ValueError(msg)

    @property
    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)

    @property
    def key(self) -> Key:
        """The public half."""
        public = self._private.public_key().public_bytes(
            serialization.Encoding.Raw, serialization.PublicFormat.Raw
        )
        return Key(self.name, key_id(self.name, self.kind, public), self.kind, public)

    def signature_line(self, text: str, *, time: int | None = None) -> str:
        """Return the line to append under `text`; a witness states the POSIX time."""
        message, prefix = text.encode(), b""
        if self.kind == COSIGNATURE:
            if time is None:
                msg = "a cosignature states its time"
                raise ValueError(msg)
            message = b"cosignature/v1\ntime %d\n" % time + message
            prefix = time.to_bytes(8, "big")
        blob = self.key.identity + prefix + self._private.sign(message)
        return f"\N{EM DASH} {self.name} {base64.b64encode(blob).decode()}\n"


def key_text(key: Key) -> str:
    """Return a verifier key as ``name+id+base64``."""
    material = base64.b64encode(bytes([key.kind]) + key.public).decode()
    return f"{key.name}+{key.identity.hex()}+{material}"


def sign_note(text: str, *signers: Signer, time: int | None = None) -> str:
    """Return `text`, an empty line and one signature line per signer.

    Raises
    ------
    ValueError
        If the text does not end in a newline or holds control characters.
    """
    if not text.endswith("\n") or any(ord(letter) < 32 and letter != "\n" for letter in text):
        msg = "the text of a note ends in a newline and has no control characters"
        raise ValueError(msg)
    return text + "\n" + "".join(signer.signature_line(text, time=time) for signer in signers)


def checkpoint_text(head: Checkpoint) -> str:
    """Return the three lines of a checkpoint."""
    return f"{head.origin}\n{head.size}\n{base64.b64encode(head.root).decode()}\n"


def cosign(note: str, witness: Signer, *, time: int) -> str:
    """Return a signed checkpoint with the line of one more witness."""
    text, _ = split_note(note)
    parse_checkpoint(text)
    return note + witness.signature_line(text, time=time)


def proof_text(index: int, proof: Sequence[bytes], note: str, extra: bytes = b"") -> str:
    """Return an inclusion proof as ``.tlog-proof`` text."""
    lines = [PROOF_HEADER]
    if extra:
        lines.append(f"extra {base64.b64encode(extra).decode()}")
    lines.append(f"index {index}")
    lines += [base64.b64encode(node).decode() for node in proof]
    return "\n".join(lines) + "\n\n" + note


def parse_proof(text: str) -> tuple[int, list[bytes], str]:
    """Return index, path and signed checkpoint of a ``.tlog-proof``."""
    head, separator, note = text.partition("\n\n")
    lines = head.split("\n")
    if not separator or lines[0] != PROOF_HEADER:
        raise VerificationError("this is not a proof")
    body = lines[2:] if len(lines) > 1 and lines[1].startswith("extra ") else lines[1:]
    try:
        word, number = body[0].split(" ")
        index = int(number)
        path = [base64.b64decode(line, validate=True) for line in body[1:]]
    except (IndexError, ValueError) as error:
        raise VerificationError("the proof cannot be read") from error
    if word != "index" or number != str(index) or any(len(node) != 32 for node in path):
        raise VerificationError("the proof cannot be read")
    return index, path, note
