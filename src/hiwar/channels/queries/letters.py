"""Mail as it comes in, read without trusting a word of it."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses, parseaddr
from typing import TYPE_CHECKING

from django.conf import settings
from flufl.bounce import all_failures

from hiwar.channels.queries.contents import key_of_token
from hiwar.common.opt_outs import wish_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message as AnyMessage
    from uuid import UUID

MOST_PARTS = 60
LONGEST_TEXT = 20_000
LARGEST_CALENDAR = 200_000
TAG = re.compile(r"\+(b|u)-([a-z2-7]{26}[0-9a-f]{16})@", re.IGNORECASE)
OWN_ID = re.compile(r"<([a-z2-7]{26}[0-9a-f]{16})@", re.IGNORECASE)
STATUS = re.compile(r"([245])\.(\d{1,3})\.(\d{1,3})")
REPORTED = ("original-recipient", "final-recipient")
AUTOMATIC_SUBJECTS = re.compile(
    r"^(?:(?:re|aw|sv|رد|réponse)\s*:\s*)*"
    r"(?:out of (?:the )?office|automatic reply|auto(?:matic)?[- ]?(?:reply|response)|away from"
    r"|on (?:annual |sick )?leave|vacation"
    r"|رد تلقائي|رد آلي|خارج المكتب|في إجازة|إجابة تلقائية"
    r"|réponse automatique|absence du bureau|absent(?:e)? du bureau)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Report:
    """What a mail server reports of a message: the action, the status and the words."""

    action: str
    status: str
    text: str = ""

    @property
    def is_final_failure(self) -> bool:
        """Whether the message did not arrive and never will."""
        return self.action == "failed"


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail, read.

    Attributes
    ----------
    external_key : str
        The same for each delivery of the same mail.
    bounced : UUID or None
        The message of ours that the mail came back for, proven by the token of its return address.
    answers : UUID or None
        The message of ours it answers, by its Message-ID, which carries a proof as well.
    way_out : UUID or None
        The message of ours whose way out was used by mail.
    """

    external_key: str
    sender: str
    subject: str
    text: str
    is_automatic: bool
    is_proven: bool
    reports: tuple[Report, ...] = ()
    bounced: UUID | None = None
    answers: UUID | None = None
    way_out: UUID | None = None
    calendar: bytes = b""


def external_key_of(raw: bytes) -> str:
    """Return the key of a mail: its Message-ID and the address it was delivered to.

    A mail without a Message-ID is known by its content. Raises nothing.
    """
    mail = message_from_bytes(raw, policy=policy.compat32)
    own = str(mail.get("Message-ID", "")).strip()
    to = str(mail.get("Delivered-To", mail.get("X-Original-To", mail.get("To", ""))))
    known = f"{own}|{to.strip().casefold()}".encode("utf-8", "replace") if own else raw
    return hashlib.sha256(known).hexdigest()


def read_letter(raw: bytes) -> Letter:
    """Read a mail; raises ``ValueError`` for what cannot be read as one."""
    try:
        mail = message_from_bytes(raw, policy=policy.default)
        assert isinstance(mail, EmailMessage)  # noqa: S101 - the default policy makes these
        parts = list(_parts(mail))
        sender = parseaddr(str(mail.get("From", "")))[1]
        tags = dict(_tags(mail))
        reports = tuple(_reports(parts, raw)) if _may_be_report(mail, sender, tags) else ()
        return Letter(
            external_key=external_key_of(raw),
            sender=sender,
            subject=str(mail.get("Subject", ""))[:300],
            text=_text(parts),
            is_automatic=bool(reports) or is_automatic(mail),
            is_proven=_is_proven(mail),
            reports=reports,
            bounced=tags.get("b") if reports else None,
            answers=_answered(mail, parts if reports else []),
            way_out=tags.get("u"),
            calendar=_calendar(parts),
        )
    except (LookupError, AttributeError, TypeError, RecursionError, AssertionError) as error:
        message = f"unreadable mail: {type(error).__name__}"
        raise ValueError(message) from error


def is_automatic(mail: AnyMessage) -> bool:
    """Return whether a program wrote the mail (RFC 3834, and what older programs do)."""
    submitted = str(mail.get("Auto-Submitted", "no")).split(";")[0].strip().lower()
    if submitted not in ("", "no"):
        return True
    if any(mail.get(name) for name in ("X-Autoreply", "X-Autorespond", "X-Auto-Response-Suppress")):
        return True
    if str(mail.get("Precedence", "")).strip().lower() in {"bulk", "junk", "list", "auto_reply"}:
        return True
    return AUTOMATIC_SUBJECTS.match(str(mail.get("Subject", "")).strip()) is not None


def wish_of(subject: str, text: str) -> str:
    """Return "stop" or "start" for a mail that says that and nothing else, otherwise nothing.

    A courtesy word beside it changes nothing; any other word does, so that "stop the bill" is a
    sentence and a person reads it.
    """
    first = next((line for line in text.splitlines() if line.strip()), "")
    is_answer = re.match(r"^\s*(?:re|aw|sv|رد)\s*:", subject, re.IGNORECASE) is not None
    return wish_in(first if is_answer or first else subject)


def _parts(mail: EmailMessage) -> Iterator[EmailMessage]:
    for number, part in enumerate(mail.walk()):
        if number >= MOST_PARTS:
            return
        yield part


def _text(parts: list[EmailMessage]) -> str:
    for wanted in ("text/plain", "text/html"):
        for part in parts:
            if part.get_content_type() != wanted or part.get_filename():
                continue
            payload = part.get_payload(decode=True) or b""
            text = bytes(payload).decode(_charset(part), "replace")
            if wanted == "text/html":
                text = re.sub(r"(?is)<(style|script)\b.*?</\1>|<[^>]*>", " ", text)
            return text.replace("\x00", "")[:LONGEST_TEXT]
    return ""


def _charset(part: EmailMessage) -> str:
    try:
        "".encode(name := part.get_content_charset("utf-8"))
    except LookupError:
        return "utf-8"
    return name


def _calendar(parts: list[EmailMessage]) -> bytes:
    for part in parts:
        if part.get_content_type() == "text/calendar" or (part.get_filename() or "").endswith(
            ".ics"
        ):
            payload = bytes(part.get_payload(decode=True) or b"")
            return payload if len(payload) <= LARGEST_CALENDAR else b""
    return b""


def _tags(mail: EmailMessage) -> Iterator[tuple[str, UUID]]:
    uses = {"b": "return", "u": "out"}
    for name in ("Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc"):
        for value in mail.get_all(name, []):
            for _name, address in getaddresses([str(value)]):
                if tag := TAG.search(address):
                    kind = tag[1].lower()
                    if key := key_of_token(tag[2], uses[kind]):
                        yield kind, key


def _answered(mail: EmailMessage, parts: list[EmailMessage]) -> UUID | None:
    """Return the message of ours that is answered, or that a report carries with it."""
    named = [str(mail.get("In-Reply-To", "")), str(mail.get("References", ""))]
    named += [str(part.get("Message-ID", "")) for part in parts[1:]]
    named += [
        bytes(part.get_payload(decode=True) or b"")[:20_000].decode("utf-8", "replace")
        for part in parts
        if part.get_content_type() == "text/rfc822-headers"
    ]
    for token in OWN_ID.findall(" ".join(named)):
        if key := key_of_token(token, "id"):
            return key
    return None


def _may_be_report(mail: EmailMessage, sender: str, tags: dict[str, UUID]) -> bool:
    is_report = (
        mail.get_content_type() == "multipart/report"
        and mail.get_param("report-type") == "delivery-status"
    )
    local = sender.partition("@")[0].lower()
    empty = str(mail.get("Return-Path", "")).strip() == "<>"
    return is_report or local in {"mailer-daemon", "postmaster"} or (empty and "b" in tags)


def _reports(parts: list[EmailMessage], raw: bytes) -> Iterator[Report]:
    """Yield what a report says of each recipient (RFC 3464, 6533); older reports are guessed."""
    is_structured = False
    for part in parts:
        if part.get_content_type() not in {
            "message/delivery-status", "message/global-delivery-status",
        }:  # fmt: skip
            continue
        for group in _groups(part):
            if not any(group.get(name) for name in REPORTED):
                continue
            is_structured = True
            status = STATUS.search(str(group.get("Status", "")))
            yield Report(
                action=str(group.get("Action", "")).strip().lower(),
                status=status[0] if status else "",
                text=" ".join(str(group.get("Diagnostic-Code", "")).split())[:300],
            )
    if is_structured:
        return
    temporary, permanent = all_failures(message_from_bytes(raw, policy=policy.compat32))
    if permanent:
        yield Report("failed", "5.0.0")
    elif temporary:
        yield Report("delayed", "4.0.0")


def _groups(part: EmailMessage) -> list[AnyMessage]:
    """Return the groups of fields of a report, one for the message and one for each recipient.

    The standard library makes them messages for the older kind only; the kind for addresses in
    any script (RFC 6533) is read from its text.
    """
    payload = part.get_payload()
    if isinstance(payload, list) and len(payload) > 1:
        return [group for group in payload if not isinstance(group, str)]
    inner = payload[0] if isinstance(payload, list) and payload else part
    text = inner.as_bytes() if inner is not part else bytes(part.get_payload(decode=True) or b"")  # type: ignore[union-attr]
    groups = re.split(rb"\r?\n[ \t]*\r?\n", text.strip())
    return [message_from_bytes(group, policy=policy.compat32) for group in groups]


def _is_proven(mail: EmailMessage) -> bool:
    """Return whether our own relay says that the sender's domain stands by the mail (DMARC)."""
    own = settings.MAIL_AUTHSERV
    if not own:
        return False
    # The topmost is the last relay's; whatever a sender wrote stands below it.
    first = str(mail.get("Authentication-Results", ""))
    name, _semicolon, results = first.partition(";")
    return name.split()[:1] == [own] and re.search(r"\bdmarc=pass\b", results) is not None
