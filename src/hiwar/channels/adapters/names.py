"""Names of the mail domain: questions to a resolver, answered or not, and never guessed."""

from __future__ import annotations

import dns.exception
import dns.resolver
from django.conf import settings
from dns.rdtypes.ANY.MX import MX
from dns.rdtypes.ANY.TXT import TXT

from hiwar.channels.adapters import refuse_in_practice

LIFETIME = 5.0


class NameResolver:
    """Asks the resolver of the setting HIWAR_DNS_SERVER, or that of the system."""

    def __init__(self, lifetime: float = LIFETIME) -> None:
        refuse_in_practice()
        host, _colon, port = settings.DNS_SERVER.partition(":")
        self._lifetime = lifetime
        self._resolver: dns.resolver.Resolver | None
        try:
            self._resolver = dns.resolver.Resolver(configure=not host)
        except dns.resolver.NoResolverConfiguration:
            self._resolver = None
            return
        if host:
            self._resolver.nameservers = [host]
            self._resolver.port = int(port) if port.isdigit() else 53

    def texts(self, name: str) -> list[str] | None:
        """Return the TXT records of a name, none for no such name; None for no answer."""
        answer = self._ask(name, "TXT")
        if answer is None:
            return None
        return [b"".join(record.strings).decode("utf-8", "replace") for record in answer
                if isinstance(record, TXT)]  # fmt: skip

    def mail_servers(self, name: str) -> list[str] | None:
        """Return the servers that take mail for a domain; None for no answer."""
        answer = self._ask(name, "MX")
        if answer is None:
            return None
        servers = [str(record.exchange).rstrip(".") for record in answer if isinstance(record, MX)]
        return [server for server in servers if server]  # a lone dot says: no mail (RFC 7505)

    def _ask(self, name: str, kind: str) -> list[dns.rdata.Rdata] | None:
        if self._resolver is None:
            return None
        try:
            return list(self._resolver.resolve(name, kind, lifetime=self._lifetime, search=False))
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except (dns.exception.DNSException, OSError, UnicodeError):
            return None
