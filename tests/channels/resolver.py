"""A resolver of names that answers as it is told, on a port of this machine: a counterpart."""

from __future__ import annotations

import socket
import threading
from dataclasses import dataclass, field

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset


@dataclass
class Resolver:
    """Answers TXT and MX by name and kind; what it does not know does not exist."""

    records: dict[tuple[str, str], list[str]]
    asked: list[tuple[str, str]] = field(default_factory=list)
    is_silent: bool = False

    def __post_init__(self) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.port = int(self.socket.getsockname()[1])
        self.thread = threading.Thread(target=self._serve)
        self.thread.start()

    def stop(self) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"", ("127.0.0.1", self.port))
        self.thread.join(10)
        self.socket.close()

    def _serve(self) -> None:
        while True:
            content, sender = self.socket.recvfrom(4096)
            if not content:
                return
            query = dns.message.from_wire(content)
            question = query.question[0]
            name, kind = str(question.name), dns.rdatatype.to_text(question.rdtype)
            self.asked.append((name, kind))
            if self.is_silent:
                continue
            answer = dns.message.make_response(query)
            answer.flags |= dns.flags.RA
            texts = self.records.get((name, kind))
            if texts is None:
                answer.set_rcode(dns.rcode.NXDOMAIN)
            elif texts:
                answer.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, *texts))
            self.socket.sendto(answer.to_wire(), sender)
