from __future__ import annotations

from hiwar.legislation.models.amendments import Amendment, EquityNote
from hiwar.legislation.models.consultations import Comment, CommentFile, Consultation
from hiwar.legislation.models.drafts import DraftRemark, LawDraft
from hiwar.legislation.models.following import LawFollower
from hiwar.legislation.models.instruments import AmendingInstrument, InstrumentOrder
from hiwar.legislation.models.laws import Law, LegislativeStep
from hiwar.legislation.models.memoranda import Memorandum, MemorandumEdition
from hiwar.legislation.models.outcomes import AmendmentOutcome, OfficialAnswer
from hiwar.legislation.models.procedures import Procedure, Stage
from hiwar.legislation.models.versions import LawVersion, Provision

__all__ = [
    "AmendingInstrument",
    "Amendment",
    "AmendmentOutcome",
    "Comment",
    "CommentFile",
    "Consultation",
    "DraftRemark",
    "EquityNote",
    "InstrumentOrder",
    "Law",
    "LawDraft",
    "LawFollower",
    "LawVersion",
    "LegislativeStep",
    "Memorandum",
    "MemorandumEdition",
    "OfficialAnswer",
    "Procedure",
    "Provision",
    "Stage",
]
