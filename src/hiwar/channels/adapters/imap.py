"""Mail in: IMAP, by UID; nothing is deleted, and what was kept is marked as seen."""

from __future__ import annotations

import imaplib
import re
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings

from hiwar.channels.adapters import Unreachable, refuse_in_practice

if TYPE_CHECKING:
    from collections.abc import Iterator

TIMEOUT = 30
# A larger message is not taken in; a person finds it in the mailbox.
LARGEST = 25_000_000


@dataclass(frozen=True, slots=True)
class RawMail:
    """One message of the mailbox as it lies there; `content` is empty for one that is too large."""

    uid: int
    content: bytes


class ImapMailbox:
    """One connection to the mailbox of the setting HIWAR_MAIL_IN_URL."""

    def __init__(self, timeout: float = TIMEOUT) -> None:
        self._timeout = timeout
        self._imap: imaplib.IMAP4 | None = None

    def open(self) -> int:
        """Connect and select the mailbox; return its UIDVALIDITY. Raises ``Unreachable``."""
        refuse_in_practice()
        box = settings.MAIL_IN
        try:
            if box["security"] == "ssl":
                imap: imaplib.IMAP4 = imaplib.IMAP4_SSL(
                    box["host"], box["port"], timeout=self._timeout,
                    ssl_context=ssl.create_default_context(),
                )  # fmt: skip
            else:
                imap = imaplib.IMAP4(box["host"], box["port"], timeout=self._timeout)
            self._imap = imap
            if box["security"] == "tls":
                imap.starttls(ssl.create_default_context())
            imap.login(box["user"], box["password"])
            status, answer = imap.select(f'"{box["folder"]}"')
            if status != "OK":
                raise Unreachable(str(answer))
            _status, validity = imap.response("UIDVALIDITY")
            return int(validity[0] or 0)
        except (OSError, imaplib.IMAP4.error, ValueError) as error:
            self.close()
            raise Unreachable(f"{type(error).__name__}: {error}"[:200]) from error

    def after(self, uid: int) -> Iterator[RawMail]:
        """Yield what lies in the mailbox after a UID, in the order of UIDs; raises ``Unreachable``.

        Reading marks nothing (BODY.PEEK): whoever dies before it is kept finds it again.
        """
        imap = self._connected()
        try:
            _status, answer = imap.uid("SEARCH", "UID", f"{uid + 1}:*")
            uids = sorted(int(message_uid) for message_uid in (answer[0] or b"").split())
            for number in uids:
                if number <= uid:  # a range with a star always names the last message
                    continue
                yield RawMail(number, self._content(imap, number))
        except (OSError, imaplib.IMAP4.error) as error:
            self.close()
            raise Unreachable(f"{type(error).__name__}: {error}"[:200]) from error

    def mark_kept(self, uid: int) -> None:
        """Mark a message as seen once it is kept."""
        imap = self._connected()
        try:
            imap.uid("STORE", str(uid), "+FLAGS.SILENT", r"(\Seen)")
        except (OSError, imaplib.IMAP4.error) as error:
            self.close()
            raise Unreachable(f"{type(error).__name__}: {error}"[:200]) from error

    def close(self) -> None:
        """Sign out, or just hang up."""
        imap, self._imap = self._imap, None
        if imap is None:
            return
        try:
            imap.logout()
        except (OSError, imaplib.IMAP4.error):
            imap.shutdown()

    def _content(self, imap: imaplib.IMAP4, uid: int) -> bytes:
        _status, answer = imap.uid("FETCH", str(uid), "(RFC822.SIZE)")
        size = re.search(rb"RFC822\.SIZE (\d+)", answer[0] if isinstance(answer[0], bytes) else b"")
        if size is None or int(size[1]) > LARGEST:
            return b""
        _status, answer = imap.uid("FETCH", str(uid), "(BODY.PEEK[])")
        return next((part[1] for part in answer if isinstance(part, tuple)), b"")

    def _connected(self) -> imaplib.IMAP4:
        if self._imap is None:
            message = "not connected"
            raise Unreachable(message)
        return self._imap
