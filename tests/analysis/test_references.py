"""Lists of references: every record that a text begins is read, or the file is refused by line."""

from __future__ import annotations

import json
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hiwar.analysis.references import (
    cite,
    csl_of,
    is_references,
    names_in,
    read_references,
    year_or_day,
)
from hiwar.analysis.references.child import Order, answer
from hiwar.analysis.references.latex import plain
from hiwar.analysis.tables import Limits, TableError, read_workbook

RIS = """TY  - JOUR
AU  - التميمي، رنا
AU  - Haddad, Layla
TI  - سوق العمل
T2  - مجلة الدراسات
PY  - ٢٠٢٤/٠٣/٠٥/
SP  - 15
EP  - 20
AB  - ملخص طويل
على سطرين
IT - it is no tag
KW  - عمل
KW  - شباب
\u200eTY - RPRT
T1 - A report
PY - 1445هـ
M1 - E/2024/7
ER -
TY  – BOOK
TI  – كتاب
SN  – 978-0-306-40615-7
PY  – 2024
DA  – 2024/03/05
Y1  – 2019
ER
"""
BIBTEX = r"""% Encoding: UTF-8
Remarks outside entries say nothing.
@string{rev = "Revue d'{\'e}tudes"}
@article{a1,
  author = {Tamimi, Rana and van der Berg, Jr, Jan and {Ministry of Labour and Youth} and others},
  title = {The {R}ight to {\'E}tude: 50\% of {"}all{"}},
  journal = rev # " sociales", year = 2024, month = mar, day = 5, pages = {15--20},
  number = 2, volume=3, abstract={long @misc{x, y} text}, doi={10.1234/a\_b}
}
@comment{@book{not, title={counted}}}
@book(b, title = "سوق {العمل}", author={التميمي، رنا and وزارة العمل},
  year = {٢٠٢٣}, publisher={معهد})
"""
CSL = [
    {"id": 1, "type": "article-journal", "title": "<i>Deux</i> mots", "volume": 3, "ISSN": "1-2",
     "author": [{"family": "Berg", "given": "Jan", "non-dropping-particle": "van der"},
                {"literal": "وزارة العمل"}], "issued": {"date-parts": [["2024", 3]]}},
    {"type": "song", "title": "أغنية", "issued": {"raw": "ربيع"}},
]  # fmt: skip


def refused(content: str) -> tuple[str, int, str]:
    with pytest.raises(TableError) as error:
        read_references(content.encode())
    return error.value.code, error.value.line, error.value.what


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be"])
def test_ris_is_read_in_the_forms_that_programs_write(encoding: str) -> None:
    mark = "\ufeff" if encoding == "utf-16-be" else ""
    content = (mark + RIS.replace("\n", "\r\n")).encode(encoding)
    assert is_references(content)
    article, report, book = read_references(content)
    assert (article.line, article.values) == (1, {
        "kind": "article-journal", "authors": "التميمي، رنا; Haddad, Layla", "title": "سوق العمل",
        "container": "مجلة الدراسات", "issued": "2024-03-05", "pages": "15-20",
        "AB": "ملخص طويل\nعلى سطرين\nIT - it is no tag", "KW": "عمل; شباب",
    })  # fmt: skip
    # A year of the Hijra stays as it is written: nothing makes it a common one for sure.
    assert (report.line, report.values) == (14, {
        "kind": "report", "title": "A report", "issued": "1445هـ", "number": "E/2024/7",
    })  # fmt: skip
    assert book.values["isbn"] == "978-0-306-40615-7"
    assert (book.values["issued"], book.values["Y1"]) == ("2024-03-05", "2019")


def test_old_arabic_letters_are_read() -> None:
    content = "TY  - BOOK\nTI  - سوق العمل والشباب في المدن\nAU  - التميمي، رنا\nER  - \n"
    (book,) = read_references(content.encode("cp1256"))
    assert (book.values["title"], book.values["authors"]) == (
        "سوق العمل والشباب في المدن", "التميمي، رنا",
    )  # fmt: skip


def test_bibtex_is_read_with_its_words_braces_and_letters() -> None:
    assert is_references(BIBTEX.encode())
    article, book = read_references(BIBTEX.encode())
    assert (article.line, article.values) == (4, {
        "kind": "article-journal",
        "authors": "Tamimi, Rana; van der Berg Jr, Jan; Ministry of Labour and Youth",
        "title": 'The Right to Étude: 50% of "all"', "container": "Revue d'études sociales",
        "pages": "15-20", "issue": "2", "volume": "3", "abstract": "long @miscx, y text",
        "doi": "10.1234/a_b", "issued": "2024-03-05",
    })  # fmt: skip
    assert book.values == {
        "kind": "book", "title": "سوق العمل", "authors": "التميمي، رنا; وزارة العمل",
        "issued": "2023", "publisher": "معهد",
    }  # fmt: skip
    assert plain(r"\c{c}a \v s \o{} \ss\ \unknown{x} \{y\} ``q''") == "ça š ø ß \\unknownx {y} “q”"


def test_csl_json_is_read_and_what_has_no_place_keeps_its_name() -> None:
    content = json.dumps(CSL, ensure_ascii=False).encode()
    assert is_references(content)
    first, second = read_references(content)
    assert first.values == {
        "kind": "article-journal", "title": "Deux mots", "volume": "3", "ISSN": "1-2",
        "authors": "van der Berg, Jan; وزارة العمل", "issued": "2024-03",
    }  # fmt: skip
    assert second.values == {
        "kind": "document", "type": "song", "title": "أغنية", "issued": "ربيع",
    }  # fmt: skip


def test_a_record_that_would_be_lost_refuses_the_file_with_its_line() -> None:
    # No beginning; a brace left open; one entry swallowed by another; an entry that is none.
    assert refused(RIS + "AU  - X\nTI  - lost\nER  - \n") == ("records_lost", 26, "4/3: 26")
    assert refused(RIS + "ER  - \n")[2] == "4/3: 26"
    opened = BIBTEX.replace("{معهد}", "{معهد")
    assert refused(opened) == ("records_lost", 11, "2/1: 11")
    swallowing = "@misc{a, note={open\n}\n@misc{b, title={B}}\n, x={ }, title={A}}\n"
    assert refused("@misc{a, note={open\n@misc{b, title={B}}\n}, title={A}}\n")[2] == "2/1: 2"
    assert refused(swallowing)[0] == "records_lost"
    assert refused(json.dumps([*CSL, 4, {"x": 1}]))[2] == "4/2: 1, 1"
    assert refused(json.dumps(CSL, indent=1)[:-3])[1] > 1
    assert refused("[]")[0] == "empty"
    many = "".join(f"AU  - {n}\nER  - \n" for n in range(30))
    assert refused("TY  - BOOK\nTI  - A\nER  - \n" + many)[2].endswith(", …")


def test_no_other_file_is_taken_for_a_list_of_references() -> None:
    others = (
        b"name,phone\nTY,1\n", b"PK\x03\x04", b'{"a": 1}', b"", b"BEGIN:VCARD\n",
        "الاسم،الهاتف\n".encode(), b"\xff\xfe\x00", b"a@b.org;x\n@home,1\n",
    )  # fmt: skip
    for content in others:
        assert not is_references(content)
    assert read_workbook(b"name,year\nA,2024\n").sheets[0].rows


def test_limits_and_refusals_come_out_of_the_closed_process_as_codes() -> None:
    order = Order(Limits(rows=2, size=2000), 1 << 30, 10)
    assert answer(order, RIS.encode()).what == "references"
    assert answer(order, b"x" * 2001).what == "bytes"
    assert answer(order, b"plain words").code == "unreadable"
    listed = answer(Order(Limits(), 1 << 30, 10), RIS.encode()).references
    assert listed is not None
    assert len(listed) == 3


WORDS = st.text(alphabet="اب تث" + string.ascii_letters + " -:،", min_size=1, max_size=30).map(
    lambda text: f"a{text.strip()}z"
)


@given(st.lists(st.tuples(WORDS, st.lists(WORDS, max_size=3), st.booleans()), min_size=1))
def test_as_many_are_read_as_were_written(entries: list[tuple[str, list[str], bool]]) -> None:
    ris, bibtex, csl = "", "", []
    for title, lines, has_end in entries:
        body = "\n".join(lines)
        ris += f"TY  - GEN\nTI  - {title}\nN1  - {body}\n" + ("ER  - \n" if has_end else "")
        bibtex += f"@misc{{k, title = {{{title}}},\n note = {{{body}}}}}\n"
        csl.append({"type": "report", "title": title, "note": body})
    titles = [" ".join(title.split()) for title, _lines, _end in entries]
    for content in (ris, bibtex, json.dumps(csl)):
        read = [reference.values["title"] for reference in read_references(content.encode())]
        assert [" ".join(title.split()) for title in read] == [plain(t) for t in titles]


@pytest.mark.parametrize(
    ("written", "read"),
    [("٢٠٢٤", "2024"), ("2024م", "2024"), ("۲۰۲۴-۳-۵", "2024-03-05"), ("1445 هـ", ""),
     ("2024-13-01", "2024"), ("c2024", "2024"), ("forthcoming", ""), ("20245", "")],
)  # fmt: skip
def test_years_and_days_are_folded(written: str, read: str) -> None:
    assert year_or_day(written) == read


ARABIC = {"kind": "report", "title": "سوق العمل", "language": "ar", "publisher": "معهد البحوث",
          "publisher_place": "رام الله", "issued": "2024"}  # fmt: skip
LATIN = {"kind": "article-journal", "title": "Youth and work", "language": "en", "volume": "3",
         "issue": "2", "container": "Journal of Work", "pages": "15-20", "issued": "2024-03",
         "doi": "10.1234/ab"}  # fmt: skip


@pytest.mark.parametrize(
    ("values", "names", "locator", "cited"),
    [
        (ARABIC, "التميمي، رنا؛ حداد، ليلى", "",
         "رنا التميمي وليلى حداد، «سوق العمل»، معهد البحوث، رام الله، 2024."),
        (ARABIC, "أ، ب؛ ج، د؛ ه، و؛ ز، ح", "12-14",
         "ب أ وآخرون، «سوق العمل»، معهد البحوث، رام الله، 2024، ص \u206612–14\u2069."),
        (ARABIC, "وزارة العمل", "جدول 3",
         "وزارة العمل، «سوق العمل»، معهد البحوث، رام الله، 2024، جدول 3."),
        (LATIN, "Tamimi, Rana; Haddad, Layla; Ministry of Labour", "",
         "Rana Tamimi, Layla Haddad and Ministry of Labour, “Youth and work”, Journal of Work, "
         "vol. 3, no. 2, 2024, pp. 15–20, https://doi.org/10.1234/ab."),
        (LATIN, "", "p. 16", "“Youth and work”, Journal of Work, vol. 3, no. 2, 2024, p. 16, "
         "https://doi.org/10.1234/ab."),
        ({**LATIN, "language": "fr", "doi": "", "pages": ""}, "A, B; C, D", "",
         "B A et D C, «\u00a0Youth and work\u00a0», Journal of Work, vol. 3, nᵒ 2, 2024."),
        ({"kind": "webpage", "title": "خبر", "language": "und", "issued": "2024-03-05",
          "url": "https://example.org/?a=1&b=2"}, "", "",
         "«خبر»، 5/3/2024، https://example.org/?a=1&b=2."),
        ({"kind": "article-newspaper", "title": "News", "language": "de", "issued": ""},
         "A, B; C, D; E, F; G, H", "", "B A u.\u00a0a., „News“."),
    ],
)  # fmt: skip
def test_a_source_is_cited_in_its_own_language(
    values: dict[str, str], names: str, locator: str, cited: str
) -> None:
    assert cite(csl_of({**values, "authors": names_in(names)}), locator) == cited
