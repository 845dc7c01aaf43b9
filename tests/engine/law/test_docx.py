"""DOCX in: numbers, changes before and after; DOCX out: right when accepted and rejected."""

from __future__ import annotations

import random
import zipfile
from io import BytesIO

import pytest
from lxml import etree

from engine.law.edits import OLD, WORDS, edited
from hiwar.engine.law.akoma_reader import LawFileError
from hiwar.engine.law.docx_numbering import formatted
from hiwar.engine.law.docx_reader import read_docx
from hiwar.engine.law.docx_writer import Signature, to_docx
from hiwar.engine.law.reader import read_law

SIGNATURE = Signature("مركز الحوار", "2026-11-28T09:00:00Z")
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
NUMBERING = """<w:numbering xmlns:w="{W}"><w:abstractNum w:abstractNumId="0">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/>
<w:lvlText w:val="مادة (%1)"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="arabicAbjad"/><w:lvlText w:val="%2-"/>
</w:lvl>
<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="hindiNumbers"/><w:lvlText w:val="%3."/>
</w:lvl>
</w:abstractNum><w:num w:numId="7"><w:abstractNumId w:val="0"/></w:num>
<w:num w:numId="8"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0">
<w:startOverride w:val="1"/>
</w:lvlOverride></w:num></w:numbering>""".replace("{W}", W)
STYLES = f"""<w:styles xmlns:w="{W}"><w:style w:styleId="Article"><w:pPr><w:numPr>
<w:numId w:val="7"/>
</w:numPr></w:pPr></w:style><w:style w:styleId="Sub"><w:basedOn w:val="Article"/></w:style>
</w:styles>"""
NOTES = f"""<w:footnotes xmlns:w="{W}"><w:footnote w:id="2"><w:p><w:r><w:t>حاشية</w:t></w:r></w:p>
</w:footnote></w:footnotes>"""
COMMENTS = f"""<w:comments xmlns:w="{W}">
<w:comment w:id="0" w:author="ليلى" w:date="2026-01-01T00:00:00Z">
<w:p><w:r><w:t>لماذا؟</w:t></w:r></w:p></w:comment></w:comments>"""


def run(text: str, tag: str = "t") -> str:
    return f'<w:r><w:{tag} xml:space="preserve">{text}</w:{tag}></w:r>'


def numbered(level: int, number: int = 7) -> str:
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'


def paragraph(inner: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{inner}</w:p>"


def docx(body: str, **parts: str) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        document = f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'
        for name, text in {"document": document, **parts}.items():
            archive.writestr(f"word/{name}.xml", text)
    return stream.getvalue()


INS, DEL = '<w:ins w:id="1" w:author="سامر">', '<w:del w:id="2" w:author="هند">'
DRAFT = (
    paragraph(run("تعريفات"), numbered(0))
    + paragraph(run("أول"), numbered(1))
    + paragraph(run("ثان"), numbered(1))
    + paragraph(run("فرع"), numbered(2))
    + paragraph(
        run("لا تقل عن ") + f"{DEL}{run('20%', 'delText')}</w:del>{INS}{run('26%')}</w:ins>"
        + run(" من الأعضاء"), '<w:pStyle w:val="Sub"/>',
    )
    + paragraph(
        f"{INS}{run('فقرة جديدة')}</w:ins>", numbered(1) + '<w:rPr><w:ins w:id="3"/></w:rPr>'
    )
    + paragraph(
        '<w:commentRangeStart w:id="0"/>' + run("كلام") + '<w:commentRangeEnd w:id="0"/>'
        '<w:r><w:footnoteReference w:id="2"/></w:r>' + run(" بعده")
    )
    + f"<w:tbl><w:tr><w:tc>{paragraph(run('خلية أولى'))}</w:tc><w:tc>{paragraph(run('خلية ثانية'))}"
    "</w:tc></w:tr></w:tbl>"
    + paragraph(
        f"<w:r><w:pict><w:txbxContent>{paragraph(run('إطار'))}</w:txbxContent></w:pict></w:r>"
    )
    + paragraph(run("يعاد الترقيم"), numbered(0, 8))
)  # fmt: skip


def test_draft_is_read_with_numbers_notes_comments_and_frames() -> None:
    draft = read_docx(
        docx(DRAFT, numbering=NUMBERING, styles=STYLES, footnotes=NOTES, comments=COMMENTS,
             header1=f'<w:hdr xmlns:w="{W}">{paragraph(run("الجريدة الرسمية"))}</w:hdr>')
    )  # fmt: skip
    assert [p.line() for p in draft.accepted] == [
        "مادة (1) تعريفات", "أ- أول", "ب- ثان", "١. فرع", "مادة (2) لا تقل عن 26% من الأعضاء",
        "أ- فقرة جديدة", "كلام بعده", "خلية أولى", "خلية ثانية", "", "إطار",
        "مادة (1) يعاد الترقيم",
    ]  # fmt: skip
    assert [p.line() for p in draft.before][4:6] == [
        "مادة (2) لا تقل عن 20% من الأعضاء",
        "كلام بعده",
    ]
    assert (draft.has_changes, draft.authors) == (True, ("هند", "سامر"))
    assert draft.accepted[6].notes == ((4, 1),)
    assert (draft.notes, draft.headers) == (("حاشية",), ("الجريدة الرسمية",))
    [comment] = draft.comments
    assert (comment.author, comment.text, comment.on) == ("ليلى", "لماذا؟", "كلام")
    assert "كلام" in comment.beside
    assert comment.turn == 0
    assert [p.place for p in draft.accepted[7:11]] == ["cell", "cell", "body", "frame"]


def test_articles_of_automatic_numbers_are_articles() -> None:
    body = "".join(
        paragraph("", numbered(0)) + paragraph(run("نص المادة.")) for _article in range(3)
    )
    law = read_law(read_docx(docx(body, numbering=NUMBERING)).text()).law
    assert [(a.eid, a.text) for a in law.articles()] == [
        (f"art_{n}", "نص المادة.") for n in (1, 2, 3)
    ]


def test_formats_of_numbers() -> None:
    forms = ("arabicAbjad", "arabicAlpha", "hindiNumbers", "lowerLetter", "upperRoman", "bullet",
             "chicago", "decimalZero")  # fmt: skip
    assert [formatted(5, form) for form in forms] == ["ه", "ج", "٥", "e", "V", "", "5", "05"]
    assert formatted(29, "arabicAbjad") == "أأ"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "unreadable"), (b"PK\x03\x04 broken", "unreadable"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99, "encrypted"),
        (docx("").replace(b"word/document", b"word/documint"), "no_body"),
        (docx("", document="<a"), "unreadable"),
    ],
)  # fmt: skip
def test_what_is_no_draft_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(LawFileError) as refused:
        read_docx(content)
    assert refused.value.code == code


def test_bomb_is_refused() -> None:
    bomb = docx("", footnotes="<a>" + " " * 70_000_000 + "</a>")
    assert len(bomb) < 100_000
    with pytest.raises(LawFileError, match="too_large"):
        read_docx(bomb)


def assert_both_ways(old: list[str], new: list[str]) -> None:
    draft = read_docx(to_docx(old, new, SIGNATURE))
    assert [p.text for p in draft.accepted] == new
    assert [p.text for p in draft.before] == old


@pytest.mark.parametrize(
    "new",
    [
        OLD,
        [*OLD[1:], OLD[0]],  # a move
        [*OLD[1:], OLD[0].replace("ستين", "تسعين")],  # a move with a change
        [OLD[0] + " وتضاف كلمات في آخرها", "فقرة مضافة كلها جديدة تماماً", *OLD[1:]],
        [OLD[0], OLD[1] + " " + OLD[2], OLD[3]],  # a merge
        [*OLD[:3], *OLD[3].split("، ")],  # a split
        ["كل شيء جديد"],
        [],
    ],
)
def test_accepted_and_rejected_text_is_right_by_paragraph(new: list[str]) -> None:
    assert_both_ways(OLD, new)


def test_random_edits_are_right_both_ways() -> None:
    for seed in range(60):
        chance = random.Random(seed)
        lines = [
            chance.choices(WORDS, k=chance.randint(1, 12)) for _ in range(chance.randint(1, 7))
        ]
        assert_both_ways(
            *([" ".join(line) for line in side] for side in (lines, edited(lines, chance)))
        )


def test_paragraph_that_ends_in_an_insertion_is_replaced_before_an_inserted_one() -> None:
    new = [OLD[0] + " وتضاف كلمات في آخرها", "فقرة مضافة كلها جديدة تماماً", *OLD[1:]]
    with zipfile.ZipFile(BytesIO(to_docx(OLD, new, SIGNATURE))) as archive:
        root = etree.fromstring(archive.read("word/document.xml"))
    name = {"w": W}
    marks = [
        [etree.QName(mark).localname for mark in p.xpath("w:pPr/w:rPr/*", namespaces=name)]
        for p in root.iter(f"{{{W}}}p")
    ]
    assert marks[:3] == [["ins"], ["del"], ["ins"]]
    ids = root.xpath("//@w:id", namespaces=name)
    assert len(ids) == len(set(ids))


def test_latin_words_stand_in_runs_of_their_own() -> None:
    content = to_docx(["وفق CEDAW (1979) هنا"], ["وفق CEDAW (1979) هنا"], SIGNATURE)
    with zipfile.ZipFile(BytesIO(content)) as archive:
        xml = archive.read("word/document.xml").decode()
    assert '<w:r><w:t xml:space="preserve">CEDAW (1979)</w:t></w:r>' in xml
    assert xml.count("<w:rtl/>") == 2
    assert "<w:bidi/>" in xml
