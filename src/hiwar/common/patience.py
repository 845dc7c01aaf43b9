"""Patience with strangers: a network that sends much waits a moment, and nobody is shut out."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import secrets
import threading
import time
from collections import OrderedDict
from typing import TYPE_CHECKING
from weakref import WeakSet

from django.core import signing
from django.utils.crypto import get_random_string

if TYPE_CHECKING:
    from django.http import HttpRequest

KNOWN = 8192
LIFE_OF_KEY = 3600.0
WAIT, LIFE = 5, 600
counters: WeakSet[Patience] = WeakSet()


class Patience:
    """Counts what comes from networks by the hour; keeps no address.

    A network is known by a keyed hash of its prefix; the key lives in memory for an hour. Beyond
    ``free`` everything further from there needs a moment of patience: a ticket five seconds old,
    good for one. A hall of people behind one address waits five seconds each, beside one another,
    and nobody is turned away. ``salt`` keeps tickets of one counter apart from those of others.
    """

    def __init__(self, salt: str, free: int) -> None:
        self.salt, self.free = salt, free
        self._gate = threading.Lock()
        self._begin(0.0)
        counters.add(self)

    def count(self, address: str, at: float) -> int:
        """Count one from an address; return how many came from everywhere within the hour."""
        with self._gate:
            self._turn(at)
            network = self._network(address)
            self._counts[network] = self._counts.get(network, 0) + 1
            if len(self._counts) > KNOWN:
                self._counts.popitem(last=False)
            self._total += 1
            return self._total

    def needs_patience(self, address: str, at: float) -> bool:
        """Return whether the next one from there must bring a ticket."""
        with self._gate:
            self._turn(at)
            return self._counts.get(self._network(address), 0) >= self.free

    def seconds_left(self, at: float) -> int:
        """Return after how many seconds counting begins anew."""
        with self._gate:
            self._turn(at)
            return max(1, round(self._since + LIFE_OF_KEY - at))

    def use(self, ticket: str, at: float) -> bool:
        """Return whether a ticket is used for the first time."""
        with self._gate:
            self._turn(at)
            if ticket in self._used:
                return False
            self._used.add(ticket)
            return True

    def was_used(self, ticket: str) -> bool:
        """Return whether a ticket is spent."""
        with self._gate:
            return ticket in self._used

    def must_wait(self, request: HttpRequest) -> bool:
        """Return whether what was sent must first wait a moment; a ticket that is good is spent."""
        if not self.needs_patience(address_of(request), stopwatch()):
            return False
        ticket = request.POST.get("patience", "")
        try:
            signing.loads(ticket, salt=self.salt, max_age=LIFE)
        except signing.BadSignature:
            return True
        try:
            signing.loads(ticket, salt=self.salt, max_age=WAIT)
        except signing.SignatureExpired:
            return not self.use(ticket, stopwatch())
        return True

    def ticket_for(self, request: HttpRequest) -> str:
        """Return a ticket that is good for one, after five seconds.

        Who pressed too early keeps the one they have, and need not begin to wait again.
        """
        brought = request.POST.get("patience", "")
        try:
            signing.loads(brought, salt=self.salt, max_age=LIFE)
        except signing.BadSignature:
            brought = ""
        if brought and not self.was_used(brought):
            return brought
        return signing.dumps(get_random_string(12), salt=self.salt)

    def forget(self) -> None:
        """Begin anew."""
        with self._gate:
            self._begin(0.0)

    def _turn(self, at: float) -> None:
        if at - self._since > LIFE_OF_KEY or at < self._since:
            self._begin(at)

    def _begin(self, at: float) -> None:
        self._key = secrets.token_bytes(32)
        self._since, self._total = at, 0
        self._counts: OrderedDict[bytes, int] = OrderedDict()
        self._used: set[str] = set()

    def _network(self, address: str) -> bytes:
        return hmac.digest(self._key, prefix_of(address).encode(), hashlib.sha256)


def prefix_of(address: str) -> str:
    """Return the network of an address: /24, or /48 in the longer kind."""
    try:
        bits = 24 if ipaddress.ip_address(address).version == 4 else 48
        return str(ipaddress.ip_network(f"{address}/{bits}", strict=False))
    except ValueError:
        return "unknown"


def address_of(request: HttpRequest) -> str:
    """Return where a request comes from."""
    return str(request.META.get("REMOTE_ADDR", ""))


def stopwatch() -> float:
    """Return the seconds of a clock that tells no date."""
    return time.monotonic()
