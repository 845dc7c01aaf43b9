"""A frozen text as DOCX to work on: mirrored tables, notes under the line, in both directions."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext
from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt, RGBColor

from hiwar.common.dates import day as written_day
from hiwar.common.dates import local_day
from hiwar.common.multilingual import direction
from hiwar.common.templatetags.components import number
from hiwar.engine.blocks import marks_of
from hiwar.engine.blocks.parity import items_of, rows_of
from hiwar.papers.exports.reading import Note, Reader, declared_in, figure_of
from hiwar.papers.exports.sections import recommendations_by_addressee, sections_of
from hiwar.papers.queries.content import content_in
from hiwar.papers.queries.signing import signed_in_public
from hiwar.papers.queries.vocabularies import kind_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from docx.table import Table
    from docx.text.paragraph import Paragraph

    from hiwar.papers.exports.reading import Shown
    from hiwar.papers.exports.sections import Section
    from hiwar.papers.models import PaperVersion
    from hiwar.signatures.queries.signatories import Signatories

FACE = "Amiri"
HOUSE = RGBColor(0x0B, 0x5C, 0x4A)
NOTES = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
# The two notes that every file has: the line above notes, and that above what goes on.
LINES = (
    f"<w:footnotes {nsdecls('w')}>"
    '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
    '<w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:r><w:continuationSeparator/>'
    "</w:r></w:p></w:footnote></w:footnotes>"
)


class Writer:
    """Writes one document: each paragraph runs as its language does."""

    def __init__(self, reader: Reader, language: str) -> None:
        self.reader, self.language = reader, language
        self.document: Any = Document()
        self.notes = parse_xml(LINES)
        self.notes_by_number: Mapping[int, Note] = {note.number: note for note in reader.notes()}
        self._styles()

    def _styles(self) -> None:
        styles = self.document.styles
        for name, size in (("Normal", 12), ("Title", 24), ("Heading 1", 16), ("Heading 2", 13)):
            style = styles[name]
            style.font.size, style.font.name = Pt(size), FACE
            properties = style.element.get_or_add_rPr()
            fonts = properties.get_or_add_rFonts()
            for kind in ("w:asciiTheme", "w:hAnsiTheme", "w:cstheme", "w:eastAsiaTheme"):
                fonts.attrib.pop(qn(kind), None)
            fonts.set(qn("w:cs"), FACE)
            size_of_complex = OxmlElement("w:szCs")
            size_of_complex.set(qn("w:val"), str(size * 2))
            properties.append(size_of_complex)
            if name != "Normal":
                style.font.color.rgb = HOUSE
        small = styles.add_style("Footnote Text", WD_STYLE_TYPE.PARAGRAPH)
        small.font.size, small.font.name = Pt(9), FACE

    def add(self, language: str, style: str | None = None) -> Paragraph:
        """Add a paragraph in the direction of a language."""
        paragraph: Paragraph = self.document.add_paragraph(style=style)
        turn(paragraph, language)
        return paragraph

    def say(self, paragraph: Paragraph, text: str, language: str, *, bold: bool = False) -> None:
        """Add words to a paragraph; lines stay lines."""
        run = paragraph.add_run(text)
        run.bold = bold or None
        if direction(language) == "rtl":
            properties = run._r.get_or_add_rPr()
            if bold:
                properties.append(OxmlElement("w:bCs"))
            properties.append(OxmlElement("w:rtl"))

    def mark(self, paragraph: Paragraph, text: str, language: str, *, bold: bool = False) -> None:
        """Add a text whose marks become notes under the line, its numbers written out."""
        at = 0
        for mark in marks_of(text):
            if at < mark.start:
                self.say(paragraph, text[at : mark.start], language, bold=bold)
            entry = self.reader.citations.get(mark.number)
            if entry and mark.form:
                self.say(paragraph, figure_of(entry["value"], mark.form), language, bold=bold)
            self.refer(paragraph, mark.number)
            at = mark.end
        if text[at:]:
            self.say(paragraph, text[at:], language, bold=bold)

    def refer(self, paragraph: Paragraph, key: int) -> None:
        """Add the sign of a note, and what it says under the line."""
        note = self.notes_by_number.get(key)
        if note is None:
            return
        number_of_note = str(len(self.notes) - 1)
        run = paragraph.add_run()
        run.font.superscript = True
        reference = OxmlElement("w:footnoteReference")
        reference.set(qn("w:id"), number_of_note)
        run._r.append(reference)
        words = [note.words[:400], note.figures, note.origin, note.day]
        self.notes.append(footnote(
            number_of_note, " · ".join(part for part in words if part), note.language
        ))  # fmt: skip

    def table(self, shown: Shown) -> None:
        """Add a table that runs as its language does, its first row a heading on every page."""
        rows = rows_of(shown.text)
        columns = max((len(row) for row in rows), default=0)
        if not columns:
            return
        table: Table = self.document.add_table(len(rows), columns, style="Table Grid")
        if shown.direction == "rtl":
            table._tblPr.append(OxmlElement("w:bidiVisual"))
        for at, (row, cells) in enumerate(zip(table.rows, rows, strict=True)):
            if at == 0:
                row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
            for cell, words in zip(row.cells, cells, strict=False):
                paragraph = cell.paragraphs[0]
                turn(paragraph, shown.language)
                self.mark(paragraph, words, shown.language, bold=at == 0)
        self.document.add_paragraph()

    def block(self, shown: Shown) -> None:
        """Add a block as its kind is written."""
        if shown.kind == "table":
            self.table(shown)
        elif shown.kind == "list":
            for item in items_of(shown.text):
                self.mark(self.add(shown.language, "List Bullet"), item, shown.language)
        else:
            style = {"quote": "Quote", "note": "Quote"}.get(shown.kind)
            paragraph = self.add(shown.language, style)
            if shown.number:
                words = _("Recommendation %(n)s") % {"n": number(shown.number)}
                self.say(paragraph, f"{words}. ", self.language, bold=True)
            self.mark(paragraph, shown.text, shown.language)

    def section(self, section: Section, asked: Mapping[int, Any], before: str = "") -> None:
        """Add a heading with what follows it."""
        if section.heading:
            heading = section.heading
            paragraph = self.add(heading.language, "Heading 1")
            self.say(paragraph, before + self.reader.unmarked(heading.text), heading.language)
        for shown in section.blocks:
            self.block(shown)
            if shown.number in asked:
                self.recommendation(asked[shown.number])

    def recommendation(self, each: Mapping[str, Any]) -> None:
        """Add to whom a recommendation goes, on what it rests, whom it serves and what it costs."""

        def fact(label: str, *words: str) -> Paragraph:
            paragraph = self.add(self.language, "List Bullet")
            self.say(paragraph, f"{label}: ", self.language, bold=True)
            self.say(paragraph, " · ".join(word for word in words if word), self.language)
            return paragraph

        if each["post"]:
            fact(_("Addressed to"), each["post"], each["organisation"])
        if each["citations"]:
            paragraph = fact(_("Evidence"))
            for key in each["citations"]:
                self.refer(paragraph, key)
        for group, gains, loses in each["equity"]:
            said = [(pgettext("equity", "gains"), gains), (pgettext("equity", "may lose"), loses)]
            fact(group, *[f"{label}: {words}" for label, words in said if words])
        if each["budget"]:
            fact(_("Cost"), each["budget"])
        if each["gender_marker"] is not None:
            fact(_("Gender marker"), str(number(each["gender_marker"])))

    def declared(self) -> None:
        """Add who paid, and what the authors declared."""
        declared = declared_in(self.reader)
        if declared:
            heading = _("Funding and interests")
            self.say(self.add(self.language, "Heading 1"), heading, self.language)
        for each in declared:
            self.say(self.add(self.language), each.label, self.language, bold=True)
            for who, text in each.rows:
                self.say(self.add(self.language, "List Bullet"), f"{who}: {text}", self.language)
            if not each.rows:
                self.say(self.add(self.language), each.none, self.language)

    def signatories(self, signed: Signatories) -> None:
        """Add who signed, and the reservations under the list."""
        if not signed.rows:
            return
        self.say(self.add(self.language, "Heading 1"), _("Who signed this paper"), self.language)
        self.say(self.add(self.language), signed.sentence, self.language)
        for row in signed.rows if signed.is_named else ():
            paragraph = self.add(self.language, "List Number")
            self.say(paragraph, str(row.name), self.language)
            if row.is_reserved:
                self.say(paragraph, " · " + _("with reservation"), self.language)
        for row in signed.reserved if signed.is_named else ():
            label = _("Reservation on paragraph %(n)s") % {"n": number(row.paragraph)} if (
                row.paragraph) else _("Reservation")  # fmt: skip
            paragraph = self.add(self.language)
            self.say(paragraph, f"{row.name} · {label}", self.language, bold=True)
            language = row.reservation_language or self.language
            self.say(self.add(language, "Quote"), row.reservation, language)

    def save(self) -> bytes:
        """Return the file."""
        package = self.document.part.package
        from lxml import etree

        content = etree.tostring(self.notes, xml_declaration=True, encoding="UTF-8")
        part = Part(PackURI("/word/footnotes.xml"), NOTES, content, package)
        self.document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
        whole = io.BytesIO()
        self.document.save(whole)
        return whole.getvalue()


def turn(paragraph: Paragraph, language: str) -> None:
    """Let a paragraph run as a language does."""
    if direction(language) == "rtl":
        paragraph._p.get_or_add_pPr().append(OxmlElement("w:bidi"))


def footnote(key: str, words: str, language: str) -> Any:
    """Return a note with its sign, as the notes part takes it."""
    note = parse_xml(
        f'<w:footnote {nsdecls("w")} w:id="{key}"><w:p><w:pPr><w:pStyle w:val="FootnoteText"/>'
        '</w:pPr><w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteRef/></w:r>'
        '<w:r><w:t xml:space="preserve"> </w:t></w:r></w:p></w:footnote>'
    )
    paragraph = note[0]
    run = OxmlElement("w:r")
    if direction(language) == "rtl":
        paragraph[0].append(OxmlElement("w:bidi"))
        properties = OxmlElement("w:rPr")
        properties.append(OxmlElement("w:rtl"))
        run.append(properties)
    text = OxmlElement("w:t")
    text.text = words
    text.set(qn("xml:space"), "preserve")
    run.append(text)
    paragraph.append(run)
    return note


def document_of(version: PaperVersion, language: str) -> bytes:
    """Return a frozen text in a language as DOCX."""
    content = content_in(version)
    with override(language):
        reader = Reader(content, language)
        blocks = reader.blocks()
        sections = sections_of(blocks)
        asked = {
            each["block"].number: each
            for _addressee, rows in recommendations_by_addressee(reader, blocks) for each in rows
        }  # fmt: skip
        writer = Writer(reader, language)
        writer.document.core_properties.title = reader.title
        writer.document.core_properties.author = reader.text(content["institution"])[0]
        writer.document.core_properties.language = language
        writer.say(writer.add(language, "Title"), reader.title, language)
        day = written_day(local_day(version.published_at or version.frozen_at))
        imprint = [kind_name(content["kind"]), *content["byline"], str(day),
                   _("Version %(n)s") % {"n": number(version.number)}]  # fmt: skip
        writer.say(writer.add(language), " · ".join(imprint), language)
        writer.say(writer.add("en"), f"{version.paper.code} · {version.sha256[:12]}", "en")
        for section in (*sections.summary, *sections.text):
            writer.section(section, asked)
        for section in sections.annex:
            writer.section(section, asked, pgettext("paper", "Annex") + ": ")
        writer.declared()
        writer.signatories(signed_in_public(version))
        return writer.save()
