"""The text of laws: reading, comparing, amending; text or glyph boxes in, structures out.

Language-neutral addresses, labels as printed, a reason for every heading; a place in the source for
every letter.
"""

from hiwar.engine.law.lexicon import JURISDICTIONS
from hiwar.engine.law.lists import definitions
from hiwar.engine.law.numbers import Number
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
from hiwar.engine.law.words import Edit, compare_words

__all__ = [
    "JURISDICTIONS",
    "Change",
    "Doubt",
    "Edit",
    "Law",
    "Number",
    "Piece",
    "Provision",
    "Reading",
    "Row",
    "Segment",
    "compare",
    "compare_texts",
    "compare_words",
    "definitions",
    "inline",
    "read_law",
    "side_by_side",
]
