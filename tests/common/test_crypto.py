from __future__ import annotations

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from hiwar.common import crypto

RFC_SECRET = b"12345678901234567890"
# RFC 6238, appendix B, SHA-1 column: the last six of its eight digits.
RFC_CODES = [
    (59, "287082"),
    (1111111109, "081804"),
    (1111111111, "050471"),
    (1234567890, "005924"),
    (2000000000, "279037"),
    (20000000000, "353130"),
]


@pytest.mark.parametrize(("seconds", "code"), RFC_CODES)
def test_codes_are_those_of_the_standard(seconds, code):
    assert crypto.app_code(RFC_SECRET, seconds // 30) == code


@pytest.mark.parametrize(("late", "accepted"), [(-60, 0), (-30, 1), (0, 1), (30, 1), (60, 0)])
def test_clock_may_be_half_a_minute_off_and_no_more(late, accepted):
    code = crypto.app_code(RFC_SECRET, 1000)
    step = crypto.matching_step(RFC_SECRET, code, at=1000 * 30 + late, after=0)
    assert step == (1000 if accepted else None)


def test_code_counts_once():
    code = crypto.app_code(RFC_SECRET, 1000)
    assert crypto.matching_step(RFC_SECRET, code, at=30_000, after=1000) is None


@given(st.binary(max_size=64))
def test_what_is_sealed_opens_at_its_place_alone(secret):
    sealed = crypto.seal(secret, "here")
    assert crypto.unseal(sealed, "here") == secret
    with pytest.raises(InvalidTag):
        crypto.unseal(sealed, "there")


def test_a_text_is_empty_where_none_is_kept_or_no_key_opens_it():
    sealed = crypto.seal("رام الله".encode(), "here")
    assert crypto.unsealed_text(memoryview(sealed), "here") == "رام الله"
    assert crypto.unsealed_text(sealed, "there") == ""
    assert crypto.unsealed_text(b"", "here") == ""


def test_what_is_sealed_opens_after_a_change_of_keys(settings):
    sealed = crypto.seal(b"secret", "here")
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "n" * 60
    assert crypto.unseal(sealed, "here") == b"secret"
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(InvalidTag):
        crypto.unseal(sealed, "here")


@pytest.mark.parametrize(
    ("typed", "tidy"),
    [
        ("٢٨٧ ٠٨٢", "287082"),
        ("۲۸۷۰۸۲", "287082"),
        (" 287-082\t", "287082"),
        ("w263-vgyq-c3f6", "W263VGYQC3F6"),
    ],
)
def test_code_is_understood_however_it_is_typed(typed, tidy):
    assert crypto.tidy_code(typed) == tidy


def test_recovery_codes_hold_no_letter_that_reads_as_another():
    codes = [crypto.new_recovery_code() for _ in range(200)]
    assert len(set(codes)) == 200
    assert not set("".join(codes)) & set("01ILOU")


def test_digests_of_two_purposes_differ():
    assert crypto.digest("throttle", "a") != crypto.digest("letters", "a")
