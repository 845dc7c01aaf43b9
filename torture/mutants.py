"""Phones with a fault each, to show that the judge of R-8 sees it."""

from __future__ import annotations

import base64
import secrets
from typing import Any

from torture.client_model import Phone


class HastyPhone(Phone):
    """Forgets what it sent without reading the answers."""

    async def _send(self, killed: str) -> bool:
        before = list(self.acts.values())
        try:
            return await super()._send(killed)
        finally:
            self.forget(before[:1])


class ClockPhone(Phone):
    """Believes its clock."""

    def next_sequence(self, page: dict[str, Any], now: int) -> int:
        return now + self.clock


class StrangePhone(Phone):
    """Sends what waits under a key of its own, which the server does not know as hers."""

    def key_of(self, page: dict[str, Any]) -> str:
        return base64.urlsafe_b64encode(secrets.token_bytes(18)).decode()


class BlankPhone(Phone):
    """Writes nothing to its disk."""

    def die(self) -> None:
        super().die()
        self.acts.clear()
