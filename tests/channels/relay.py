"""A mail relay that takes, refuses, waits and hangs up as it is told: a counterpart for tests."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

if TYPE_CHECKING:
    from collections.abc import Callable
    from email.message import EmailMessage


@dataclass
class Taken:
    """What was handed over once."""

    sender: str
    recipient: str
    content: bytes

    @property
    def mail(self) -> EmailMessage:
        return message_from_bytes(self.content, policy=policy.default)  # type: ignore[return-value]


@dataclass
class Relay:
    """What the relay took, and what it answers to a recipient or to the end of a message."""

    taken: list[Taken] = field(default_factory=list)
    connections: int = 0
    to_recipient: Callable[[str], str] = lambda _address: "250 OK"
    to_content: Callable[[Taken], str] = lambda _taken: "250 2.0.0 taken"
    forward: Callable[[Taken], None] = lambda _taken: None

    async def handle_EHLO(  # noqa: N802 - the name that aiosmtpd calls
        self, _server: SMTP, session: Any, _envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        answer = self.to_recipient(address)
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, _session: Any, envelope: Any) -> str:  # noqa: N802
        taken = Taken(envelope.mail_from or "", envelope.rcpt_tos[0], envelope.original_content)
        answer = self.to_content(taken)
        if answer in {"hang up", "hang up after taking"}:
            if answer.endswith("taking"):
                self.taken.append(taken)
            server.transport.close()
            return ""
        if answer == "silence":
            await asyncio.sleep(30)
        if answer.startswith("2"):
            self.taken.append(taken)
            await asyncio.get_running_loop().run_in_executor(None, self.forward, taken)
        return answer


class RelayServer(Controller):
    """The relay on a free port of this machine."""

    def factory(self) -> SMTP:
        # The development mode would look at each line of a large message for minutes.
        self.loop.set_debug(False)
        return SMTP(self.handler, enable_SMTPUTF8=True, data_size_limit=30_000_000)
