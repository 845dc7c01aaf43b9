"""The nouns of a dialogue."""

from hiwar.dialogues.models.alerts import Alert
from hiwar.dialogues.models.dialogues import Dialogue, Round, Target
from hiwar.dialogues.models.findings import Finding, FindingStatement
from hiwar.dialogues.models.people import CodeBatch, JoinCode, Participant
from hiwar.dialogues.models.results import (
    FormCheck,
    MapRequest,
    MergeProposal,
    MessageInQueue,
    OpinionMap,
    Publication,
)
from hiwar.dialogues.models.rooms import VotingRoom
from hiwar.dialogues.models.statements import (
    Appeal,
    ModerationDecision,
    ModerationLease,
    ReviewBatch,
    Statement,
    Wording,
)
from hiwar.dialogues.models.telling import Telling, ToldAddress
from hiwar.dialogues.models.votes import Exposure, Recommendation, Support, Vote

__all__ = [
    "Alert",
    "Appeal",
    "CodeBatch",
    "Dialogue",
    "Exposure",
    "Finding",
    "FindingStatement",
    "FormCheck",
    "JoinCode",
    "MapRequest",
    "MergeProposal",
    "MessageInQueue",
    "ModerationDecision",
    "ModerationLease",
    "OpinionMap",
    "Participant",
    "Publication",
    "Recommendation",
    "ReviewBatch",
    "Round",
    "Statement",
    "Support",
    "Target",
    "Telling",
    "ToldAddress",
    "Vote",
    "VotingRoom",
    "Wording",
]
