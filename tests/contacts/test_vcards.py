"""Cards in and out, and tables as they come: nothing lost, nothing broken, nothing executed."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hiwar.common.imports.importers import Taking
from hiwar.common.multilingual import MultilingualText
from hiwar.common.tables import own_upload
from hiwar.contacts.desk.imports import IMPORTER
from hiwar.contacts.exports.vcards import FOUR, THREE, vcards
from hiwar.contacts.queries.vcards import CARD_HEADER, Card, Held, rows_of_cards


def card(**given: object) -> Card:
    values = {
        "key": "6f1c2f52-94a1-4a0f-9d2c-7d3f6f6c2a10", "code": "", "honorific": "doctor",
        "names": {"ar": "منى القواسمي", "en": "Muna Qawasmi"}, "sex": "female", "language": "ar",
        "posts": (Held(MultilingualText({"en": "Head, unit; two"}),
                       MultilingualText({"ar": "بلدية", "en": "City"})),),
        "points": (SimpleNamespace(kind="phone", value="+970 2 295 0000"),
                   SimpleNamespace(kind="email", value="muna@city.example")),
    }  # fmt: skip
    return Card(**{**values, **given})  # type: ignore[arg-type]


def test_a_card_of_version_four_has_both_names():
    text = vcards([card()], version=FOUR)
    assert "FN;LANGUAGE=ar;ALTID=1:منى القواسمي\r\n" in text
    assert "FN;LANGUAGE=en;ALTID=1:Muna Qawasmi\r\n" in text
    assert "N;LANGUAGE=en;ALTID=1:Qawasmi;Muna;;Dr;\r\n" in text
    assert "TEL;VALUE=uri:tel:+97022950000\r\n" in text
    assert "TITLE:Head\\, unit\\; two\r\n" in text
    assert "GENDER:F\r\n" in text


def test_a_card_of_version_three_is_read_by_what_telephones_use():
    vobject = pytest.importorskip("vobject", reason="vobject reads version 3 for comparison")
    found = vobject.readOne(vcards([card()], version=THREE))
    assert found.fn.value == "منى القواسمي"
    assert found.n.value.family == "القواسمي"
    assert found.email.value == "muna@city.example"


@pytest.mark.parametrize("version", [THREE, FOUR])
@given(st.dictionaries(st.sampled_from(["ar", "en"]), st.text(min_size=1, max_size=90), min_size=1))
def test_any_name_goes_out_without_breaking_the_card(version, names):
    text = vcards([card(names=names)], version=version)
    lines = text.split("\r\n")
    assert all(len(line.encode()) <= 75 for line in lines)
    assert lines.count("BEGIN:VCARD") == lines.count("END:VCARD") == 1
    assert not {"\n", "\r"} & {letter for line in lines for letter in line}


@pytest.mark.parametrize("version", [THREE, FOUR])
def test_what_went_out_comes_in_again(version):
    read = own_upload(vcards([card()], version=version).encode(), "a.vcf")
    ((line, row),) = rows_of_cards(read.cards)
    found = dict(zip(CARD_HEADER, row, strict=True))
    assert line == 1
    assert "منى القواسمي" in found["name"].split("\n")
    assert found["email"] == "muna@city.example"
    assert found["post"] == "Head, unit; two"
    assert found["phone"].replace(" ", "") == "+97022950000"


@pytest.mark.parametrize(
    ("header", "fields"),
    [
        (("الإسم الكامل", "Mobile No.", "المحافظه"), ("name", "phone", "place")),
        (("Name (Arabic) / الاسم بالعربية", "Organization", "Job title"),
         ("name_ar", "organisation", "post")),
        (("First Name", "Family name", "Gender", "سنة الميلاد"),
         ("first", "family", "sex", "birth_year")),
        (("First Name", "Last Name", "Organization Name", "Organization Title",
          "E-mail 1 - Label", "E-mail 1 - Value", "E-mail 2 - Value", "Phone 1 - Label",
          "Phone 1 - Value", "Phone 2 - Value", "Birthday", "Notes"),
         ("first", "family", "organisation", "post", "email", "email", "phone", "phone",
          "birth_year", "note")),
        (("Title", "First Name", "Last Name", "Company", "Job Title", "Business Phone",
          "Mobile Phone", "E-mail Address", "E-mail 2 Address"),
         ("first", "family", "organisation", "post", "phone", "phone", "email", "email")),
        (("Nom", "Prénom", "Téléphone", "Courriel", "Date de naissance", "Fonction"),
         ("family", "first", "phone", "email", "birth_year", "post")),
        (("الاسم", "Name", "جوال 1", "جوال 2", "واتساب", "البريد", "تاريخ الميلاد"),
         ("name", "name", "phone", "phone", "phone", "email", "birth_year")),
        (("x", "y"), ()),
    ],
)  # fmt: skip
def test_odd_headings_are_understood(header, fields):
    taking = Taking("list.csv", tuple(header), (), {})
    found = IMPORTER.parts[0].proposed({}, taking)
    assert tuple(found[str(at)] for at in range(len(header)) if str(at) in found) == fields
