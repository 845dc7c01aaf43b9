"""Telephone numbers: one key however a number is written, in any country, and how it is dialled."""

import pytest

from hiwar.channels.queries.ways import digest_of, former_digests
from hiwar.common.telephones import dialled, is_telephone, telephone_key
from hiwar.common.vocabularies import entries


@pytest.fixture
def country(settings):
    def choose(code):
        settings.COUNTRY = code
        entries.forget(until_changed=True)

    yield choose
    entries.forget()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "key", "number", "ways"),
    [
        ("PS", "599123456", "+970599123456", (
            "0599123456", "٠٥٩٩١٢٣٤٥٦", "0599-123456", "+970 599 123 456", "00972599123456",
            "009700599123456", "970599123456", "599123456",
        )),
        ("PS", "22401234", "+97022401234", ("022401234", "02-240 1234 ext. 12")),
        ("PS", "+442079460000", "+442079460000", ("+44 20 7946 0000", "0044 20 7946 0000")),
        ("NP", "14412345", "+97714412345", ("+977 1-4412345", "01-4412345", "009771 4412345")),
        ("FR", "612345678", "+33612345678", ("06 12 34 56 78", "+33 (0)6 12 34 56 78")),
        ("US", "2025550123", "+12025550123", ("(202) 555-0123", "1-202-555-0123")),
        ("IT", "0612345678", "+390612345678", ("06 1234 5678", "+39 06 1234 5678")),
        ("", "0599123456", "0599123456", ("0599-123456",)),
        ("", "+33612345678", "+33612345678", ("+33 6 12 34 56 78", "0033612345678")),
    ],
)  # fmt: skip
def test_number_is_one_however_it_is_written(country, code, key, number, ways):
    country(code)
    assert {telephone_key(way) for way in ways} == {key}
    # Of two codes that reach one telephone either is dialled as it was written.
    assert number in {dialled(way) for way in ways}
    assert all(map(is_telephone, ways))


@pytest.mark.django_db
def test_same_digits_in_two_countries_are_two_telephones(country):
    country("NP")
    assert telephone_key("+970 59 912 3456") != telephone_key("0599123456")
    country("PS")
    assert [telephone_key(text) for text in ("118", "لا يوجد", "", "a@x.org")] == ["", "", "", ""]


@pytest.mark.django_db
def test_who_said_stop_before_the_country_was_known_is_still_found(country):
    country("")
    before = {digest_of(way, "phone") for way in ("0612345678", "+33612345678")}
    country("FR")
    assert before <= former_digests("06 12 34 56 78") | {digest_of("0612345678", "phone")}
