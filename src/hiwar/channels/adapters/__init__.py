"""The files that open a socket, one for each way; nothing else in the house may.

Every adapter passes the same tests (`tests/channels/conformity.py`), against a counterpart that
answers as the provider does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from django.conf import settings

if TYPE_CHECKING:
    from hiwar.channels.actions.delivery import Outcome


class Unreachable(Exception):  # noqa: N818 - named by what happened
    """No connection: nothing was handed over, and nothing needs to be claimed."""


class Practising(Exception):  # noqa: N818 - named by what happened
    """The installation practises: no adapter opens a connection, whatever the settings say."""


class Outward(Protocol):
    """A way out: opened, given one message after another, closed.

    `channel` is the code of the channel that leaves by it.
    """

    channel: str

    @property
    def is_open(self) -> bool:
        """Whether the next message can be handed over without opening anew."""

    def open(self) -> None:
        """Connect; raises ``Unreachable`` and ``Practising``."""

    def send(self, *, sender: str, recipient: str, content: bytes) -> Outcome:
        """Hand one message over and return what the other side said; raises nothing.

        `sender` is where it would come back to: of mail an address, else the key of the message.
        """

    def close(self) -> None:
        """End the connection; raises nothing."""


def refuse_in_practice() -> None:
    """Raise ``Practising`` where this installation is to send nothing; each adapter asks first."""
    if settings.DEMO or settings.PRACTICE:
        raise Practising
