"""Mail out: submission to the office's relay (RFC 6409)."""

from __future__ import annotations

import re
import smtplib
import ssl
from datetime import timedelta
from email.utils import parseaddr

from django.conf import settings

from hiwar.channels.actions.delivery import Outcome
from hiwar.channels.adapters import Unreachable, refuse_in_practice
from hiwar.channels.queries.ways import MAIL

TIMEOUT = 20
STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
WAIT = re.compile(r"retry[ -]after[ :=]+(\d+)", re.IGNORECASE)


class SmtpRelay:
    """One connection to a relay, by the address of the setting HIWAR_MAIL_URL."""

    channel = MAIL

    def __init__(self, timeout: float = TIMEOUT) -> None:
        self._timeout = timeout
        self._smtp: smtplib.SMTP | None = None

    def open(self) -> None:
        """Connect, with TLS and a sign-in where the setting asks for them."""
        refuse_in_practice()
        out = settings.MAIL_OUT
        trust = ssl.create_default_context()
        try:
            if out["security"] == "ssl":
                smtp: smtplib.SMTP = smtplib.SMTP_SSL(
                    out["host"], out["port"], timeout=self._timeout, context=trust
                )
            else:
                smtp = smtplib.SMTP(out["host"], out["port"], timeout=self._timeout)
            self._smtp = smtp
            if out["security"] == "tls":
                smtp.starttls(context=trust)
            smtp.ehlo_or_helo_if_needed()
            if out["user"]:
                smtp.login(out["user"], out["password"])
        except (OSError, smtplib.SMTPException, ValueError) as error:
            self.close()
            raise Unreachable(_words(error)) from error

    def send(self, *, sender: str, recipient: str, content: bytes) -> Outcome:
        """Hand over one message; what breaks after its end was sent is *broken*, else temporary."""
        smtp = self._smtp
        if smtp is None:
            return Outcome("temporary", text="not connected")
        is_offered = False
        try:
            refused = self._envelope(smtp, sender, recipient)
            if refused is not None:
                smtp.rset()
                return refused
            code, reply = smtp.docmd("DATA")
            if code != 354:
                return _outcome(code, reply)
            smtp.send(_dotted(content))
            is_offered = True
            smtp.send(b".\r\n")
            return _outcome(*smtp.getreply())
        except (OSError, smtplib.SMTPException, ValueError) as error:
            self.close()
            return Outcome("broken" if is_offered else "temporary", text=_words(error))

    def close(self) -> None:
        """Say goodbye, or just hang up."""
        smtp, self._smtp = self._smtp, None
        if smtp is None:
            return
        try:
            smtp.quit()
        except (OSError, smtplib.SMTPException):
            smtp.close()

    @property
    def is_open(self) -> bool:
        """Whether the next message can be handed over on this connection."""
        return self._smtp is not None

    def _envelope(self, smtp: smtplib.SMTP, sender: str, recipient: str) -> Outcome | None:
        options = ["BODY=8BITMIME"] if smtp.has_extn("8bitmime") else []
        if not (sender + recipient).isascii():
            if not smtp.has_extn("smtputf8"):
                return Outcome("permanent", "5.6.7", "the relay takes no such address (SMTPUTF8)")
            smtp.command_encoding = "utf-8"
            options.append("SMTPUTF8")
        code, reply = smtp.mail(parseaddr(sender)[1], options)
        if code == 250:
            code, reply = smtp.rcpt(recipient)
        return None if code in (250, 251) else _outcome(code, reply)


def _outcome(code: int, reply: bytes) -> Outcome:
    text = reply.decode("utf-8", "replace").replace("\n", " ")
    status = STATUS.search(text)
    kind = {2: "accepted", 5: "permanent"}.get(code // 100, "temporary")
    asked = WAIT.search(text) if kind == "temporary" else None
    return Outcome(
        kind,
        status[1] if status else str(code),
        text,
        timedelta(seconds=int(asked[1])) if asked else None,
    )


def _dotted(content: bytes) -> bytes:
    """Return a message as DATA takes it: CRLF at each end, a leading dot doubled."""
    lines = re.sub(rb"\r\n|\r|\n", b"\r\n", content)
    dotted = re.sub(rb"(?m)^\.", b"..", lines)
    return dotted if dotted.endswith(b"\r\n") else dotted + b"\r\n"


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:200]
