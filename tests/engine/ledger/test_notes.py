from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from hiwar.engine.ledger import notes
from hiwar.engine.ledger.verifier import (
    COSIGNATURE,
    Checkpoint,
    VerificationError,
    ed25519_verify,
    parse_checkpoint,
    parse_key,
    signed_by,
    split_note,
)

# Example of the signed-note and tlog-cosignature specifications (C2SP): text and both lines.
CHECKPOINT = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
LOG = notes.Signer("log.example/youth", bytes(range(32)))
WITNESS = notes.Signer("witness.example", bytes(range(1, 33)), COSIGNATURE)

# RFC 8032, section 7.1, tests 1 to 3: secret key, public key, message, signature.
RFC_8032 = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e3970"
        "1cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613"
        "d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
]


@pytest.mark.parametrize(("public", "message", "signature"), RFC_8032)
def test_signature_check_passes_the_vectors_of_the_standard(
    public: str, message: str, signature: str
) -> None:
    parts = bytes.fromhex(public), bytes.fromhex(message), bytes.fromhex(signature)
    assert ed25519_verify(*parts)
    assert not ed25519_verify(parts[0], parts[1] + b"x", parts[2])


@settings(max_examples=25, deadline=None)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=80), st.integers(0, 511))
def test_signature_check_agrees_with_the_library_and_sees_one_bit(
    seed: bytes, message: bytes, bit: int
) -> None:
    private = Ed25519PrivateKey.from_private_bytes(seed)
    public = private.public_key().public_bytes(
        serialization.Encoding.Raw, serialization.PublicFormat.Raw
    )
    signature = private.sign(message)
    assert ed25519_verify(public, message, signature)
    flipped = bytearray(signature)
    flipped[bit // 8] ^= 1 << bit % 8
    assert not ed25519_verify(public, message, bytes(flipped))


def test_signature_check_refuses_points_off_the_curve_and_large_scalars() -> None:
    assert not ed25519_verify(b"\xff" * 32, b"", b"\x00" * 64)
    public = LOG.key.public
    assert not ed25519_verify(public, b"", b"\xff" * 64)
    assert not ed25519_verify(public, b"", b"\x00" * 32 + b"\xff" * 32)
    assert not ed25519_verify(public[:31], b"", b"\x00" * 64)


def test_published_checkpoint_is_read() -> None:
    line = (
        "\N{EM DASH} example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4U"
        "RYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
    )
    text, signatures = split_note(CHECKPOINT + "\n" + line)
    head = parse_checkpoint(text)
    assert (head.origin, head.size) == ("example.com/behind-the-sofa", 20852163)
    assert notes.checkpoint_text(head) == CHECKPOINT
    assert [(name, len(blob)) for name, blob in signatures] == [(head.origin, 68)]


def test_note_is_signed_and_checked() -> None:
    note = notes.sign_note("one\n\ntwo\n", LOG)
    text, signatures = split_note(note)
    assert text == "one\n\ntwo\n"
    assert signed_by(text, signatures, LOG.key)
    assert not signed_by(text, signatures, WITNESS.key)
    with pytest.raises(VerificationError, match="wrong"):
        signed_by("one\n\ntwo!\n", signatures, LOG.key)


def test_key_survives_its_text() -> None:
    assert parse_key(notes.key_text(LOG.key)) == LOG.key
    with pytest.raises(VerificationError, match="own id"):
        parse_key(notes.key_text(LOG.key).replace("log.example", "log.elsewhere"))
    with pytest.raises(VerificationError, match="read"):
        parse_key("nothing")
    with pytest.raises(VerificationError, match="kind"):
        parse_key("a+00000000+" + base64.b64encode(b"\x09" + bytes(32)).decode())


def test_witness_states_its_time_and_signs_the_head() -> None:
    head = notes.checkpoint_text(Checkpoint(LOG.name, 3, bytes(32)))
    note = notes.cosign(notes.sign_note(head, LOG), WITNESS, time=1_679_315_147)
    text, signatures = split_note(note)
    assert signed_by(text, signatures, LOG.key)
    assert signed_by(text, signatures, WITNESS.key)
    name, blob = signatures[1]
    later = blob[:4] + (1_679_315_148).to_bytes(8, "big") + blob[12:]
    with pytest.raises(VerificationError, match="wrong"):
        signed_by(text, [(name, later)], WITNESS.key)
    with pytest.raises(ValueError, match="time"):
        notes.sign_note(head, WITNESS)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u00a0b"])
def test_signer_refuses_a_name_that_a_note_cannot_carry(name: str) -> None:
    with pytest.raises(ValueError, match="name"):
        notes.Signer(name, bytes(32))


def test_signer_refuses_a_short_seed_and_a_note_without_newline() -> None:
    with pytest.raises(ValueError, match="32"):
        notes.Signer("a", b"")
    with pytest.raises(ValueError, match="newline"):
        notes.sign_note("a", LOG)


@pytest.mark.parametrize("text", ["", "a\n", "a\n\n", "a\n\nb c d\n", "a\n\n\N{EM DASH} n !!\n"])
def test_split_refuses_what_is_not_a_note(text: str) -> None:
    with pytest.raises(VerificationError):
        split_note(text)


@pytest.mark.parametrize("text", ["", "o\n", "o\n01\nAAAA\n", "o\n-1\nAA==\n", "o\n1\nAA==\n"])
def test_checkpoint_refuses_what_is_malformed(text: str) -> None:
    with pytest.raises(VerificationError):
        parse_checkpoint(text)


@given(
    st.integers(0, 2**40),
    st.lists(st.binary(min_size=32, max_size=32), max_size=20),
    st.binary(max_size=20),
)
def test_proof_text_comes_back(index: int, path: list[bytes], extra: bytes) -> None:
    note = notes.sign_note(CHECKPOINT, LOG)
    assert notes.parse_proof(notes.proof_text(index, path, note, extra)) == (index, path, note)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x\n\ny",
        f"{notes.PROOF_HEADER}\n\nx",
        f"{notes.PROOF_HEADER}\nindex 01\n\nx",
        f"{notes.PROOF_HEADER}\nindex 1\nAA==\n\nx",
        f"{notes.PROOF_HEADER}\nplace 1\n\nx",
    ],
)
def test_proof_refuses_what_is_malformed(text: str) -> None:
    with pytest.raises(VerificationError):
        notes.parse_proof(text)
