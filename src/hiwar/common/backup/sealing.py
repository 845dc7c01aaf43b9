"""An encrypted stream that is opened by a passphrase or by a private key, in the manner of age.

A file begins with one line of its form and one line of JSON: for each way to open it, the file's
own key wrapped for it. Then come pieces of 64 KiB, each encrypted and authenticated with its
number, the last one marked as the last: a piece that is changed, missing, moved or cut off is seen.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import secrets
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import IO

MAGIC = b"hiwar backup, form 1\n"
PIECE, TAG = 1 << 16, 16
LONGEST_HEAD = 1 << 16
PUBLIC, PRIVATE = "hiwar-public-", "HIWAR-PRIVATE-"
# 64 MiB and about a third of a second for each guess.
SCRYPT = {"n": 1 << 16, "r": 8, "p": 1}


class WrongKeyError(Exception):
    """Neither the passphrase nor the private key opens the file."""


class DamagedError(Exception):
    """The file is no backup, or was changed or cut off."""


def new_pair() -> tuple[str, str]:
    """Return a public key for the settings, and the private key for the safe."""
    private = X25519PrivateKey.generate()
    return (
        _public_text(private),
        PRIVATE + base64.b32encode(private.private_bytes_raw()).decode().rstrip("="),
    )


def public_of(secret: str) -> str:
    """Return the public key of a private one as the settings have it; empty for another text."""
    try:
        private = X25519PrivateKey.from_private_bytes(key_bytes(secret, PRIVATE))
    except ValueError:
        return ""
    return _public_text(private)


def _public_text(private: X25519PrivateKey) -> str:
    written = base64.b32encode(private.public_key().public_bytes_raw()).decode()
    return PUBLIC + written.rstrip("=")


def key_bytes(text: str, prefix: str) -> bytes:
    """Return the 32 bytes of a key as it is written; raises ``ValueError`` for another text."""
    tidy = "".join(text.split())
    if tidy[: len(prefix)].lower() != prefix.lower():
        raise ValueError(prefix)
    letters = tidy[len(prefix) :].upper()
    value = base64.b32decode(letters + "=" * (-len(letters) % 8))
    if len(value) != 32:
        raise ValueError(prefix)
    return value


def _derive(secret: bytes, salt: bytes, purpose: bytes) -> bytes:
    return HKDF(hashes.SHA256(), 32, salt, b"hiwar.backup:" + purpose).derive(secret)


def _scrypt(passphrase: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=32, **SCRYPT).derive(passphrase.strip().encode())


def _wrap(key: bytes, file_key: bytes) -> str:
    # Each wrapping key is used once, so the nonce need not differ.
    return ChaCha20Poly1305(key).encrypt(b"\0" * 12, file_key, None).hex()


def _for_passphrase(passphrase: str, file_key: bytes) -> dict[str, str]:
    salt = secrets.token_bytes(16)
    return {
        "way": "passphrase",
        "salt": salt.hex(),
        "key": _wrap(_scrypt(passphrase, salt), file_key),
    }


def _for_recipient(recipient: str, file_key: bytes) -> dict[str, str]:
    public = key_bytes(recipient, PUBLIC)
    ours = X25519PrivateKey.generate()
    sent = ours.public_key().public_bytes_raw()
    shared = ours.exchange(X25519PublicKey.from_public_bytes(public))
    wrapping = _derive(shared, sent + public, b"recipient")
    return {"way": "key", "sent": sent.hex(), "key": _wrap(wrapping, file_key)}


def _unwrapped(way: dict[str, Any], secret: str) -> bytes | None:
    try:
        if way["way"] == "passphrase":
            wrapping = _scrypt(secret, bytes.fromhex(way["salt"]))
        else:
            private = X25519PrivateKey.from_private_bytes(key_bytes(secret, PRIVATE))
            sent = bytes.fromhex(way["sent"])
            shared = private.exchange(X25519PublicKey.from_public_bytes(sent))
            public = private.public_key().public_bytes_raw()
            wrapping = _derive(shared, sent + public, b"recipient")
        return ChaCha20Poly1305(wrapping).decrypt(b"\0" * 12, bytes.fromhex(way["key"]), None)
    except (InvalidTag, ValueError, KeyError, TypeError):
        return None


def _payload_key(file_key: bytes, head: bytes) -> ChaCha20Poly1305:
    """Return the cipher of the pieces; bound to the head, so that none of it can be changed."""
    return ChaCha20Poly1305(_derive(file_key, hashlib.sha256(head).digest(), b"pieces"))


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])


class SealingWriter(io.RawIOBase):
    """Encrypts what is written; ``close`` writes the last piece and leaves the sink open."""

    def __init__(
        self, sink: IO[bytes], *, recipients: Sequence[str] = (), passphrase: str = ""
    ) -> None:
        super().__init__()
        file_key = secrets.token_bytes(32)
        ways = [_for_recipient(recipient, file_key) for recipient in recipients]
        if passphrase:
            ways.append(_for_passphrase(passphrase, file_key))
        if not ways:
            raise ValueError("a backup needs a recipient or a passphrase")
        head = json.dumps({"ways": ways}).encode() + b"\n"
        self._cipher, self._sink = _payload_key(file_key, head), sink
        self._held, self._number = bytearray(), 0
        sink.write(MAGIC + head)

    def writable(self) -> bool:
        """Tell that this is written to."""
        return True

    def write(self, data: Any) -> int:
        """Take bytes; a piece is kept back until it is known not to be the last."""
        self._held += data
        while len(self._held) > PIECE:
            self._seal(bytes(self._held[:PIECE]), is_last=False)
            del self._held[:PIECE]
        return len(data)

    def _seal(self, piece: bytes, *, is_last: bool) -> None:
        nonce = _nonce(self._number, is_last=is_last)
        self._sink.write(self._cipher.encrypt(nonce, piece, None))
        self._number += 1

    def close(self) -> None:
        """Write the last piece."""
        if not self.closed:
            self._seal(bytes(self._held), is_last=True)
            super().close()


class UnsealingReader(io.RawIOBase):
    """Decrypts as it is read; raises ``WrongKeyError`` at once, ``DamagedError`` on the way."""

    def __init__(self, source: IO[bytes], secret: str) -> None:
        super().__init__()
        self._source = source
        if source.read(len(MAGIC)) != MAGIC:
            raise DamagedError
        head = source.readline(LONGEST_HEAD)
        try:
            ways = json.loads(head)["ways"]
        except (ValueError, KeyError, TypeError) as error:
            raise DamagedError from error
        file_key = next(filter(None, (_unwrapped(way, secret) for way in ways)), None)
        if file_key is None:
            raise WrongKeyError
        self._cipher = _payload_key(file_key, head)
        self._ahead, self._number = source.read(PIECE + TAG), 0
        self._plain = memoryview(b"")
        self._is_over = False

    def close(self) -> None:
        """Close what is read from as well."""
        self._source.close()
        super().close()

    def readable(self) -> bool:
        """Tell that this is read from."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer; 0 only after the last piece was seen."""
        while not self._plain and not self._is_over:
            self._open_piece()
        count = min(len(buffer), len(self._plain))
        buffer[:count] = self._plain[:count]
        self._plain = self._plain[count:]
        return count

    def _open_piece(self) -> None:
        piece, self._ahead = self._ahead, self._source.read(PIECE + TAG)
        self._is_over = not self._ahead
        nonce = _nonce(self._number, is_last=self._is_over)
        try:
            self._plain = memoryview(self._cipher.decrypt(nonce, piece, None))
        except (InvalidTag, ValueError) as error:
            raise DamagedError from error
        self._number += 1
