"""What every refusal of an action has in common: one message for web, text message and mail."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class Refused(Exception):  # noqa: N818 - named by what happened: the action was refused
    """An action was refused; carries a stable code and a message in the reader's language.

    Subclasses set both as class attributes. ``str()`` gives the message.
    """

    code: ClassVar[str]
    message: ClassVar[str | _StrPromise]

    def __str__(self) -> str:
        return str(self.message)
