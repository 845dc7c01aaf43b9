"""Text messages out: a folder that the gateway of a telephone empties, a file for each message."""

from __future__ import annotations

import json
import os
from pathlib import Path

from django.conf import settings

from hiwar.channels.actions.delivery import Outcome
from hiwar.channels.adapters import Unreachable, refuse_in_practice
from hiwar.channels.queries.ways import TEXT, kind_of, lies_in_data
from hiwar.common.opt_outs import PHONE
from hiwar.common.telephones import dialled


class MessageFolder:
    """The folder of the setting HIWAR_TEXT_FOLDER; a gateway takes each file and deletes it.

    A file is written beside and then named, so a gateway never sees half of one; it is named by
    the key of its message, so the same message is one file however often it is handed over.
    """

    channel = TEXT

    def __init__(self, _timeout: float = 0) -> None:
        self._folder: Path | None = None

    def open(self) -> None:
        """Look whether the folder is there and takes files."""
        refuse_in_practice()
        folder = Path(settings.TEXT_FOLDER)
        if lies_in_data(folder):
            # A copy of the data would hold telephone numbers in clear.
            raise Unreachable("the folder of text messages lies in the data folder")
        if not (folder.is_dir() and os.access(folder, os.W_OK)):
            raise Unreachable("the folder of text messages is not there or takes no files")
        self._folder = folder

    def send(self, *, sender: str, recipient: str, content: bytes) -> Outcome:
        """Write one message under its key, which is the sender; a fault leaves nothing behind."""
        if self._folder is None:
            return Outcome("temporary", text="not open")
        if kind_of(recipient) != PHONE:
            return Outcome("permanent", "5.1.3", "no telephone number")
        words = {"key": sender, "to": dialled(recipient), "text": content.decode()}
        unfinished, file_of_message = self._folder / f".{sender}", self._folder / f"{sender}.json"
        try:
            with unfinished.open("w", encoding="utf-8") as file:
                json.dump(words, file, ensure_ascii=False)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(file_of_message)
        except OSError as error:
            unfinished.unlink(missing_ok=True)
            return Outcome("temporary", text=type(error).__name__)
        return Outcome("accepted", text="written to the folder")

    def close(self) -> None:
        """Nothing stays open."""
        self._folder = None

    @property
    def is_open(self) -> bool:
        """Whether the next message can be written."""
        return self._folder is not None
