"""The nouns of channels."""

from __future__ import annotations

from hiwar.channels.models.inbound import InboundMessage
from hiwar.channels.models.messages import Batch, Message, MessageEvent
from hiwar.channels.models.newsletter import (
    ConsentWording,
    IssueCopy,
    IssueSending,
    Subscriber,
)
from hiwar.channels.models.ways import Address, Channel, Practice, Suppression

__all__ = [
    "Address",
    "Batch",
    "Channel",
    "ConsentWording",
    "InboundMessage",
    "IssueCopy",
    "IssueSending",
    "Message",
    "MessageEvent",
    "Practice",
    "Subscriber",
    "Suppression",
]
