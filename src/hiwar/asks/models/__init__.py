from __future__ import annotations

from hiwar.asks.models.answers import Answer, AnswerFile, AnswerPoint
from hiwar.asks.models.asks import Addressee, Ask, AskPoint
from hiwar.asks.models.commitments import Commitment, Dispute, Outcome, Proof, StateChange
from hiwar.asks.models.letters import AnswerLink, Delivery, Letter, LetterAddressee
from hiwar.asks.models.plan import TalkingLine
from hiwar.asks.models.positions import Position, PositionLink
from hiwar.asks.models.power import Influence, MapReader, PowerEntry
from hiwar.asks.models.register import MeetingEntry, RegisterKind
from hiwar.asks.models.requests import Clock, InformationRequest, RequestStep

__all__ = [
    "Addressee",
    "Answer",
    "AnswerFile",
    "AnswerLink",
    "AnswerPoint",
    "Ask",
    "AskPoint",
    "Clock",
    "Commitment",
    "Delivery",
    "Dispute",
    "Influence",
    "InformationRequest",
    "Letter",
    "LetterAddressee",
    "MapReader",
    "MeetingEntry",
    "Outcome",
    "Position",
    "PositionLink",
    "PowerEntry",
    "Proof",
    "RegisterKind",
    "RequestStep",
    "StateChange",
    "TalkingLine",
]
