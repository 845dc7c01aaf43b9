"""Cells and cards as other programs write them: nothing of them is taken for what it is not."""

from __future__ import annotations

from datetime import date
from importlib import import_module

import pytest
from django.apps import apps
from django.utils import translation

from factories.contacts import PersonFactory
from hiwar.accounts.actions.vocabularies import add_entry
from hiwar.common.scripts import in_same_script, language_of_text
from hiwar.common.tables import Headings, own_upload
from hiwar.common.vocabularies import entries
from hiwar.contacts.exports.tables import header
from hiwar.contacts.models import ContactPoint, Person
from hiwar.contacts.queries.addresses import address_of, family_name_in, letter_language
from hiwar.contacts.queries.cells import emails_in, phones_in, year_in
from hiwar.contacts.queries.files import read_rows
from hiwar.contacts.queries.sheets import heading_words
from hiwar.contacts.queries.vcards import CARD_HEADER, rows_of_cards
from hiwar.contacts.queries.vocabularies import style_of_title, without_honorific


@pytest.mark.parametrize(
    ("cell", "keys", "wrong"),
    [
        ("0599 123 111 / 0568 222 333", ["599123111", "568222333"], []),
        ("02/2951234", ["22951234"], []),
        ("0599123111\n+970 599 123 111", ["599123111"], []),
        ("0599123111 ::: 0568222333 ; 0598000000", ["599123111", "568222333", "598000000"], []),
        ("9.7059912388e11", ["599123880"], []),
        ("9.70599E+11", [], ["9.70599E+11"]),
        ("لا يوجد", [], ["لا يوجد"]),
        ("", [], []),
    ],
)
def test_telephones_of_a_cell(cell, keys, wrong):
    telephones, other = phones_in(cell)
    assert ([key for _value, key in telephones], other) == (keys, wrong)


def test_addresses_of_a_cell():
    assert emails_in("a@x.example; Lina <l@x.example>, A@x.example") == (
        ["a@x.example", "l@x.example"], [],
    )  # fmt: skip
    assert emails_in("a@x.example / none") == ([], ["a@x.example / none"])


@pytest.mark.parametrize(
    ("cell", "year"),
    [
        ("1987", 1987), ("15/3/1987", 1987), ("1987-03-15 00:00:00", 1987), ("15.3.88", 1988),
        ("32013", 1987), ("٥/٦/٢٠٠١", 2001), ("15 March 1990", 1990), ("0599201234", None),
        ("1410 هـ", None), ("12", None), ("1980-1990", None), ("2/3/04", 2004),
    ],
)  # fmt: skip
def test_birth_dates_in_the_forms_of_lists(cell, year):
    assert year_in(cell) == year


@pytest.mark.parametrize(
    ("written", "name", "code"),
    [
        ("أ/ محمد عواد", "محمد عواد", "ordinary"),
        ("أ/محمد عواد", "محمد عواد", "ordinary"),
        ("د./ سهى ريان", "سهى ريان", "doctor"),
        ("السيد/ة سهى ريان", "سهى ريان", "ordinary"),
        ("م. سامي ورد", "سامي ورد", "engineer"),
        ("مـنى عواد", "مـنى عواد", ""),
        ("منى عواد", "منى عواد", ""),
        ("Madame la Ministre Zola", "Zola", "minister"),
        ("Maître Anne Roux", "Anne Roux", "advocate"),
        ("Shri Ram Yadav", "Ram Yadav", "ordinary"),
    ],
)
def test_titles_as_people_write_them(written, name, code):
    plain, its_code, _sex = without_honorific(written)
    assert (plain, its_code) == (name, code)


def test_a_title_for_either_sex_says_none():
    assert without_honorific("السيد/ة سهى ريان")[2] == ""
    assert without_honorific("السيدة سهى ريان")[2] == "female"


@pytest.mark.parametrize(
    ("title", "style"),
    [
        ("Consul général de France", "consul_general"), ("Ambassadrice", "ambassador"),
        ("Premier ministre", "prime_minister"), ("Ministro", "minister"), ("Consul", "consul"),
        ("Ministre adjointe", ""), ("Botschafter", "ambassador"), ("Directrice", ""),
    ],
)  # fmt: skip
def test_styles_in_the_languages_of_letters(title, style):
    assert style_of_title({"fr": title}) == style


def test_family_names_keep_their_particles():
    names = ["Élodie de La Tour d'Auvergne", "Ludwig van Beethoven", "Sukarno", "سلمى أحمد عواد"]
    assert [family_name_in(name) for name in names] == [
        "de La Tour d'Auvergne", "van Beethoven", "Sukarno", "عواد",
    ]  # fmt: skip


def test_texts_are_filed_under_a_language_of_the_house(settings):
    settings.LANGUAGES = [("fr", "Français"), ("fa", "فارسی")]
    texts = ["Édith Île", "سلمى", "नेपाल", "2027"]
    assert [language_of_text(text) for text in texts] == ["fr", "fa", "hi", "fr"]
    name = {"ar": "سلمى", "fr": "Salma"}
    assert [in_same_script(name, code) for code in ("de", "fa", "he")] == ["Salma", "سلمى", ""]


CARD = """BEGIN:VCARD\r
VERSION:2.1\r
FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=D8=B3=D9=84=D9=85=D9=89 =D8=B9=\r
=D9=88=D8=A7=D8=AF\r
N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=D8=B9=D9=88=D8=A7=D8=AF;x;;;\r
TEL;CELL:0599123111\r
TEL;CELL;PREF:0568222333\r
EMAIL:a@x.example\r
EMAIL:b@x.example\r
item3.ORG;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=D9=85=D8=B1=D9=83=D8=B2;x\r
BDAY:19870315\r
END:VCARD\r
"""


@pytest.mark.django_db
def test_a_card_of_an_old_telephone_comes_in_whole():
    rows = rows_of_cards(own_upload(CARD.encode(), "a.vcf").cards)
    mapping = {str(at): name for at, name in enumerate(CARD_HEADER)}
    (row,), problems = read_rows(rows, mapping)
    assert (dict(row.names), row.organisation, row.birth_year) == (
        {"ar": "سلمى عواد"},
        "مركز",
        1987,
    )
    assert [(kind, key) for kind, _value, key in row.ways()] == [
        ("phone", "568222333"), ("email", "a@x.example"), ("phone", "599123111"),
        ("email", "b@x.example"),
    ]  # fmt: skip
    assert problems == []


@pytest.mark.django_db
def test_a_list_in_two_writings_and_in_words():
    head = ["name", "name", "language", "sector", "phone"]
    cells = ["سهى ريان", "Suha Rayan", "French", "النساء", "0599300001"]
    mapping = {str(at): name for at, name in enumerate(head)}
    rows = [(2, cells), (3, ["Ada Low", "Ada Lowe", "", "", ""])]
    (row, second), problems = read_rows(rows, mapping)
    assert dict(row.names) == {"ar": "سهى ريان", "en": "Suha Rayan"}
    assert (row.language, row.sector) == ("fr", "women")
    assert dict(second.names) == {"en": "Ada Low"}
    assert [(one.code, one.value) for one in problems if one.code == "name_again"] == [
        ("name_again", "Ada Lowe")
    ]


@pytest.mark.django_db
def test_a_family_name_of_ones_own_stands_in_letters(settings):
    settings.LANGUAGES = [("fr", "Français"), ("en", "English")]
    day = date(2027, 2, 1)
    person = Person(
        shown_name={"es": "María José García Márquez"}, sex="female",
        family_name={"es": "García Márquez"},
    )  # fmt: skip
    assert letter_language(person, day) == "fr"
    assert "García Márquez" in address_of(person, "en", day).salutation
    german = Person(shown_name={"ar": "يان كوفال", "fr": "Jan Koval"}, sex="male")
    assert "Jan Koval" in address_of(german, "de", day).envelope[0]


@pytest.mark.django_db
def test_table_of_another_house_has_a_column_for_each_of_its_languages(settings):
    """What went out comes in again, and headings of before are still understood."""
    settings.LANGUAGES = [("fr", "Français"), ("en", "English")]
    with translation.override("en"):
        columns = Headings(heading_words()).proposals(header())
    assert (columns[2], columns[3]) == ("name_fr", "name_en")
    header_of_before = ["Name in English", "Name in French", "Phone"]
    assert Headings(heading_words()).proposals(header_of_before) == {
        0: "name_en", 1: "name_fr", 2: "phone"
    }  # fmt: skip
    (row,), problems = read_rows(
        [(2, ("Édith Île", "Edith Ile"))], {"0": "name_fr", "1": "name_en"}
    )
    assert (row.names, problems) == ({"fr": "Édith Île", "en": "Edith Ile"}, [])


@pytest.mark.django_db
def test_telephone_plan_of_another_country_is_a_list_of_the_house(settings, director, now):
    settings.COUNTRY = "NP"
    entries.forget(until_changed=True)
    ways = ("+977 1-4412345", "01-4412345", "009771 4412345")
    assert {phones_in(way)[0][0][1] for way in ways} == {"14412345"}
    two_codes = ("01-4412345", "+991 1-4412345")
    assert len({phones_in(way)[0][0][1] for way in two_codes}) > 1
    add_entry(
        actor=director, vocabulary_code="contacts.numbering", at=now,
        values={"name": {"en": "Nepal"}, "calling_codes": ["+977", "+991"], "prefixes": ["1"],
                "lengths": ["8"], "trunk": ["0"]},
    )  # fmt: skip
    assert {phones_in(way)[0][0][1] for way in two_codes} == {"14412345"}
    assert phones_in("+970 599 123 111")[0][0][1] == "+970599123111"


@pytest.mark.django_db
def test_keys_of_before_are_read_again_by_the_country(settings, director, now):
    person = PersonFactory.create()
    rows = {
        "06 12 34 56 78": ("0612345678", "612345678"),
        "+33 6 12 34 56 79": ("+33612345679", "612345679"),
        "+44 20 7946 0000": ("+442079460000", "+442079460000"),
        "07 00": ("0700123", "0700123"),
    }
    points = {
        value: ContactPoint.objects.create(person=person, kind="phone", value=value, key=before)
        for value, (before, _after) in rows.items()
    }
    settings.COUNTRY = "FR"
    import_module("hiwar.contacts.migrations.0004_telephone_keys").read_again(apps, None)
    for value, point in points.items():
        point.refresh_from_db()
        assert point.key == rows[value][1]
