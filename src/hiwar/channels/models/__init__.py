"""The nouns of channels."""

from __future__ import annotations

from hiwar.channels.models.inbound import InboundMessage
from hiwar.channels.models.messages import Batch, Message, MessageEvent
from hiwar.channels.models.ways import Address, Channel, Practice, Suppression

__all__ = [
    "Address",
    "Batch",
    "Channel",
    "InboundMessage",
    "Message",
    "MessageEvent",
    "Practice",
    "Suppression",
]
