"""Private details in texts: what is seen, what is left alone, and what stands instead."""

from __future__ import annotations

import logging

import pytest

from hiwar.common.links.logs import MaskingFormatter
from hiwar.common.personal.details import masked, masked_text, private_details


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("اتصلوا بي على ٠٥٩٩٠٠٠١٧٦ الآن", "phone"),
        ("رقمي ۰۵۹۹ ۰۰۰ ۱۷۶", "phone"),
        ("０５９９１２３４５６", "phone"),
        ("رقمي صفر خمسة تسعة تسعة واحد اثنين ثلاثة أربعة خمسة ستة", "phone"),
        ("صفر خمسمية وتسعة وتسعين ثلاثة أربعة خمسة ستة", "phone"),
        ("call zero five nine nine, one two three four five six", "phone"),
        ("oh five double nine twelve thirty-four", "phone"),
        ("0599 one two three then 12 and four five six", "phone"),
        ("IBAN PS92 PALS 0000 0000 0400 1234 5670 2", "bank"),
        ("ps92pals000000000400123456702", "bank"),
        ("بطاقة ٤١١١ ١١١١ ١١١١ ١١١١", "bank"),
        ("حسابي رقم 123456", "bank"),
        ("@rana_kh على تلغرام", "handle"),
        ("راسلوني https://t.me/rana", "handle"),
        ("facebook.com/khaled.x/about", "handle"),
        ("rana (at) example.org", "email"),
        ("هوية رقم 123456789", "id"),
    ],
)
def test_detail_is_masked(text, kind):
    assert kind in {detail.kind for detail in private_details(text)}
    shown = masked(text, "en")
    assert "[" in shown
    assert not any(sign.isdecimal() for sign in shown.replace("then 12", ""))
    assert masked(shown, "en") == shown, "a mask is no detail"


@pytest.mark.parametrize(
    "text",
    [
        "one hundred and twenty three people, nineteen ninety nine",
        "خمسة وعشرون ألف شخص وثلاثة آلاف بيت ومئة وخمسون مدرسة",
        "في مدرسة واحدة خمسة صفوف وستة معلمين",
        "meet @ noon, page 12 of 34",
    ],
)
def test_quantity_is_left_alone(text):
    assert masked(text) == text


def test_mask_speaks_the_language_of_the_text_and_leaves_names():
    text = {"ar": "أبو محمد على 0599123456", "en": "Ask Mr Tomas Brek, 0599123456"}
    shown = masked_text(text)
    assert shown["ar"] == "أبو محمد على [رقم هاتف]"
    assert shown["en"] == "Ask Mr Tomas Brek, [telephone number]"


def test_log_line_holds_no_telephone_number():
    record = logging.makeLogRecord({"msg": "no carrier for %s", "args": ("+970 599 123 456",)})
    assert MaskingFormatter().format(record) == "no carrier for [address]"
