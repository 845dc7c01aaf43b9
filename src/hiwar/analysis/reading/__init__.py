"""From files to a conversation: `read_conversation` is the one way in."""

from hiwar.analysis.reading.conversations import read_conversation
from hiwar.analysis.reading.options import Options

__all__ = ["Options", "read_conversation"]
