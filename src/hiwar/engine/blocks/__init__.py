"""Text in blocks: merged by block, compared between languages, frozen as canonical text.

A block is a paragraph, a heading, a table and so on, in every language at once; its key never
changes. Nothing is ever merged letter by letter.
"""

from hiwar.engine.blocks.canonical import canonical_text, checksum
from hiwar.engine.blocks.merging import Block, Choice, Merged, merge, merge_words
from hiwar.engine.blocks.parity import Difference, differences
from hiwar.engine.blocks.places import Place, Quote, find_place
from hiwar.engine.blocks.words import Mark, changed_words, cited, marks_of, plain_text, words_of

__all__ = [
    "Block",
    "Choice",
    "Difference",
    "Mark",
    "Merged",
    "Place",
    "Quote",
    "canonical_text",
    "changed_words",
    "checksum",
    "cited",
    "differences",
    "find_place",
    "marks_of",
    "merge",
    "merge_words",
    "plain_text",
    "words_of",
]
