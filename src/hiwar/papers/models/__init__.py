from __future__ import annotations

from hiwar.papers.models.blocks import Block, BlockConflict, BlockVersion, LanguageCheck
from hiwar.papers.models.evidence import Citation, EquityNote, Recommendation
from hiwar.papers.models.files import PaperFile
from hiwar.papers.models.interests import InterestNote
from hiwar.papers.models.papers import Paper, PaperVersion, PressLink
from hiwar.papers.models.reviews import Review, ReviewComment

__all__ = [
    "Block",
    "BlockConflict",
    "BlockVersion",
    "Citation",
    "EquityNote",
    "InterestNote",
    "LanguageCheck",
    "Paper",
    "PaperFile",
    "PaperVersion",
    "PressLink",
    "Recommendation",
    "Review",
    "ReviewComment",
]
