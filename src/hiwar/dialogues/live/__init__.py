"""The native door: votes and the next statement, answered without a framework.

The rules are those of `actions.votes`; what differs is only how fast they are reached.
"""

from hiwar.dialogues.live.handlers import Live, make_writer

__all__ = ["Live", "make_writer"]
