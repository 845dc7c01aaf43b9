"""The text of laws: reading, comparing, amending; text or glyph boxes in, structures out.

Language-neutral addresses, labels as printed, a reason for every heading; a place in the source for
every letter.
"""

from hiwar.engine.law.akoma import Work, to_akoma_ntoso
from hiwar.engine.law.akoma_reader import LawFileError, from_akoma_ntoso
from hiwar.engine.law.amending import read_amendment
from hiwar.engine.law.bluebell import from_bluebell
from hiwar.engine.law.comments import Group, Grouping, Link, Member, group_comments
from hiwar.engine.law.consolidation import Consolidated, conflicts, consolidate, in_force_on, law_at
from hiwar.engine.law.docx_reader import DocxComment, DocxParagraph, DocxText, read_docx
from hiwar.engine.law.docx_writer import Signature, to_docx, to_docx_table
from hiwar.engine.law.glyphs import Glyph, PrintedPage, ReadPage, read_pages, text_of_pages
from hiwar.engine.law.html_reader import HtmlText, html_text
from hiwar.engine.law.lexicon import JURISDICTIONS
from hiwar.engine.law.lists import definitions
from hiwar.engine.law.numbers import Number
from hiwar.engine.law.operations import Amendment, Conflict, Dated, Force, Note, Operation, Unread
from hiwar.engine.law.outcomes import Outcome, read_outcome
from hiwar.engine.law.reader import read_law
from hiwar.engine.law.redline import (
    Change,
    Piece,
    Row,
    compare,
    compare_texts,
    inline,
    side_by_side,
)
from hiwar.engine.law.structure import Doubt, Law, Provision, Reading, Segment
from hiwar.engine.law.terms import DefinedTerm, Reference, defined_terms, references
from hiwar.engine.law.words import Edit, compare_words
from hiwar.engine.law.written import ComparisonRow, comparison_table, to_html, to_text

__all__ = [
    "JURISDICTIONS",
    "Amendment",
    "Change",
    "ComparisonRow",
    "Conflict",
    "Consolidated",
    "Dated",
    "DefinedTerm",
    "DocxComment",
    "DocxParagraph",
    "DocxText",
    "Doubt",
    "Edit",
    "Force",
    "Glyph",
    "Group",
    "Grouping",
    "HtmlText",
    "Law",
    "LawFileError",
    "Link",
    "Member",
    "Note",
    "Number",
    "Operation",
    "Outcome",
    "Piece",
    "PrintedPage",
    "Provision",
    "ReadPage",
    "Reading",
    "Reference",
    "Row",
    "Segment",
    "Signature",
    "Unread",
    "Work",
    "compare",
    "compare_texts",
    "compare_words",
    "comparison_table",
    "conflicts",
    "consolidate",
    "defined_terms",
    "definitions",
    "from_akoma_ntoso",
    "from_bluebell",
    "group_comments",
    "html_text",
    "in_force_on",
    "inline",
    "law_at",
    "read_amendment",
    "read_docx",
    "read_law",
    "read_outcome",
    "read_pages",
    "references",
    "side_by_side",
    "text_of_pages",
    "to_akoma_ntoso",
    "to_docx",
    "to_docx_table",
    "to_html",
    "to_text",
]
