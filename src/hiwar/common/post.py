"""Where every room hands in what is to be sent, and hears what became of it.

A room that wants something sent writes a `Draft` in the transaction of its own action. The room
`channels` registers itself as the carrier; while there is none, drafts wait here. News goes the
other way by registration: states of a message by its purpose, what people write by a handler.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from hiwar.common import crypto
from hiwar.common.models import WaitingDraft

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from django.utils.functional import _StrPromise

LIFETIME = timedelta(hours=48)
PLACE = "common.waitingdraft"
# States of a message that never reached a mail server, or that came back.
NEVER_SENT = frozenset(["stopped", "expired", "failed"])
LONGEST_SUBJECT = 300
LARGEST_TEXT = 200_000
LARGEST_ATTACHMENT = 10_000_000


class DraftUnfit(ValueError):  # noqa: N818 - named by what it is
    """A draft that no carrier could send: a fault of the room that wrote it, not of a person."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a message; `method` is the method of a calendar (REQUEST, CANCEL)."""

    name: str
    content_type: str
    content: bytes
    method: str = ""


@dataclass(frozen=True, slots=True)
class Batch:
    """One sending to many, which somebody looks at before it leaves.

    Attributes
    ----------
    key : UUID
        Made by the room that sends; drafts with the same batch leave together.
    title : str
        What it is, in the language of whoever approves it.
    made_by : UUID
        Who may look at its text and approve it.
    left_out : dict
        How many people got no draft at all, by reason in words.
    """

    key: UUID
    title: str
    made_by: UUID
    left_out: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Draft:
    """What a room wants sent to one recipient.

    Attributes
    ----------
    key : UUID
        Names the message for ever; a second draft with the same key changes nothing.
    purpose : str
        A registered purpose.
    recipient : str
        An e-mail address, or a telephone number.
    kind : str
        ``mail`` or ``phone``.
    text : str
        Plain text. Marks such as `{link}` are replaced from `secrets` when it is handed over.
    secrets : dict
        What stands for the marks: kept sealed, and forgotten in the final state.
    person : UUID or None
        The person of the register; never for a participant of a dialogue.
    actor : UUID or None
        The user whose action it was; nothing is sent for somebody who practises.
    not_before, expires_at : datetime or None
        It never leaves before the one and never after the other (48 hours where none is named).
    zone : str
        The zone of the recipient, empty for that of the installation.
    html : str
        The same words as a page of HTML of the room's own; empty where the text is enough.
    """

    key: UUID
    purpose: str
    language: str
    recipient: str
    subject: str = ""
    text: str = ""
    attachments: tuple[Attachment, ...] = ()
    secrets: Mapping[str, str] = field(default_factory=dict)
    person: UUID | None = None
    actor: UUID | None = None
    batch: Batch | None = None
    not_before: datetime | None = None
    expires_at: datetime | None = None
    zone: str = ""
    kind: str = "mail"
    html: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """What a message says; frozen when it is handed over.

    Without `html` a mail shows its text as HTML.
    """

    language: str
    subject: str
    text: str
    attachments: tuple[Attachment, ...] = ()
    secrets: Mapping[str, str] = field(default_factory=dict)
    html: str = ""


@dataclass(frozen=True, slots=True)
class Purpose:
    """Why something is sent, and which rules follow from it.

    Attributes
    ----------
    code : str
        `room.word`, stable.
    is_urgent : bool
        Somebody waits for it: quiet hours, opt-outs and the order of the queue do not hold it.
    is_bulk : bool
        It goes to many: it carries a way out, and is never sent again while its fate is unknown.
    is_sealed : bool
        For participants: nobody at the desk sees recipient or text, whoever approved it.
    forgets_at_once : bool
        Address and words are forgotten when the message is settled, not after some days.
    consent : str
        The purpose that the register asks people about, such as `invitation`.
    compose : callable or None
        Writes the message at hand-over from its key and recipient; None means: do not send.
    """

    code: str
    label: str | _StrPromise
    is_urgent: bool = False
    is_bulk: bool = False
    is_sealed: bool = False
    forgets_at_once: bool = False
    consent: str = ""
    compose: Callable[[UUID, str, datetime], Content | None] | None = None


@dataclass(frozen=True, slots=True)
class Received:
    """What somebody wrote to the house.

    Attributes
    ----------
    key : UUID
        The same for each delivery of the same message: a handler may be called twice with it.
    sender : str
        The address it says it comes from: a hint, unless `is_proven`.
    answers : UUID or None
        The key of the message of ours that it answers.
    calendar : bytes
        The calendar object it carries, if any.
    """

    key: UUID
    sender: str
    is_proven: bool
    subject: str
    text: str
    at: datetime
    answers: UUID | None = None
    calendar: bytes = b""


@dataclass(frozen=True, slots=True)
class Taken:
    """What a handler did: `done` ends the matter, otherwise a person looks; `note` says why."""

    is_done: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked before a message leaves: whether its purpose may reach its recipient now."""

    key: UUID
    purpose: Purpose
    recipient: str
    person: UUID | None
    at: datetime


_carriers: list[Callable[[Draft, datetime], None]] = []
_purposes: dict[str, Purpose] = {}
_states: dict[str, Callable[[UUID, str, str, datetime], None]] = {}
_handlers: dict[str, Callable[[Received], Taken | None]] = {}
_unasked: list[Callable[[Received], Taken | None]] = []
_consents: list[Callable[[Sequence[Asked]], Mapping[UUID, str]]] = []


def register_carrier(carry: Callable[[Draft, datetime], None]) -> None:
    """Let a room carry what is posted; it writes in the transaction it is called in."""
    _carriers[:] = [carry]


def register_purpose(*purposes: Purpose) -> None:
    """Let a room say why it sends; the same code registered twice counts once."""
    _purposes.update({purpose.code: purpose for purpose in purposes})


def register_inbound(code: str, handler: Callable[[Received], Taken | None]) -> None:
    """Let a room read answers to its purpose; `calendar` reads answers of calendar programs.

    The handler runs after the message is kept, may run twice, and returns None for what is not
    its own.
    """
    _handlers[code] = handler


def register_unasked(handler: Callable[[Received], Taken | None]) -> None:
    """Let a room read what people write of their own accord, which answers no message of ours.

    It runs as answers are read, and returns None for what is not its own; twice counts once.
    """
    if handler not in _unasked:
        _unasked.append(handler)


def on_message_state(code: str, hear: Callable[[UUID, str, str, datetime], None]) -> None:
    """Let a room hear what becomes of its messages: key, state, reason, instant.

    Called in the transaction that changes the state; the same news may come twice.
    """
    _states[code] = hear


def register_consent(ask: Callable[[Sequence[Asked]], Mapping[UUID, str]]) -> None:
    """Let a room refuse messages at hand-over: it returns reasons in words by the messages' keys.

    Everybody registered is asked, and one refusal is enough. It is asked about one message when
    that leaves and about all of a sending before it does, so its queries do not grow with them.
    """
    if ask not in _consents:
        _consents.append(ask)


def purpose_of(code: str) -> Purpose:
    """Return a registered purpose; what a room no longer registers is bulk and never urgent."""
    return _purposes.get(code) or Purpose(code, code, is_bulk=True, is_sealed=True)


def bulk_purposes() -> list[tuple[str, str | _StrPromise]]:
    """Return the purposes of what goes to many, each with its name."""
    return [(code, purpose.label) for code, purpose in sorted(_purposes.items()) if purpose.is_bulk]


def handler_of(code: str) -> Callable[[Received], Taken | None] | None:
    """Return who reads the answers to a purpose."""
    return _handlers.get(code)


def handlers_of_unasked() -> tuple[Callable[[Received], Taken | None], ...]:
    """Return who reads what answers no message of ours."""
    return tuple(_unasked)


def address_to_write_to() -> str:
    """Return the address whose mail the house reads; empty where it reads none."""
    return str(settings.DEFAULT_FROM_EMAIL) if settings.MAIL_IN.get("host") else ""


def refusals_of(asked: Sequence[Asked]) -> dict[UUID, str]:
    """Return why messages may not leave, by their keys; who may leave is not in it."""
    reasons: dict[UUID, str] = {}
    for ask in _consents:
        for key, reason in ask(asked).items():
            if reason:
                reasons.setdefault(key, reason)
    return reasons


def tell_state(code: str, key: UUID, state: str, why: str, at: datetime) -> None:
    """Tell the room of a purpose what became of its message."""
    if code in _states:
        _states[code](key, state, why, at)


@transaction.atomic
def post(draft: Draft, *, at: datetime) -> None:
    """Hand in a draft, in the caller's transaction.

    Raises ``DraftUnfit`` for a purpose nobody registered, no recipient, or more than a carrier
    takes.
    """
    if draft.purpose not in _purposes:
        message = f"nobody registered the purpose {draft.purpose}"
        raise DraftUnfit(message)
    size = sum(len(attached.content) for attached in draft.attachments)
    is_mail = draft.kind == "mail"
    if is_mail != ("@" in draft.recipient) or "\n" in draft.recipient + draft.subject:
        message = "a draft names one recipient and a subject of one line"
        raise DraftUnfit(message)
    if (
        len(draft.subject) > LONGEST_SUBJECT
        or max(len(draft.text), len(draft.html)) > LARGEST_TEXT
        or size > LARGEST_ATTACHMENT
    ):
        message = "a draft is too long"
        raise DraftUnfit(message)
    if draft.expires_at is None:
        draft = replace(draft, expires_at=(draft.not_before or at) + LIFETIME)
    if _carriers:
        _carriers[0](draft, at)
        return
    WaitingDraft.objects.get_or_create(
        key=draft.key,
        defaults={"purpose": draft.purpose, "sealed": freeze(draft), "posted_at": at},
    )


@transaction.atomic
def carry_waiting(*, at: datetime) -> int:
    """Hand what waited for a carrier to the one there is now; return how many there were."""
    count = 0
    if not _carriers:
        return count
    for waiting in WaitingDraft.objects.select_for_update().order_by("posted_at", "pk"):
        _carriers[0](thaw(waiting.key, bytes(waiting.sealed)), waiting.posted_at)
        waiting.delete()
        count += 1
    return count


def waiting_without_carrier() -> int:
    """Return how many drafts wait because no room carries them: the desk says so."""
    return WaitingDraft.objects.count()


def freeze(draft: Draft) -> bytes:
    """Return a draft sealed: it names a recipient and may hold a link."""
    plain = {name: _frozen(value) for name, value in asdict(draft).items()}
    return crypto.seal(json.dumps(plain).encode(), f"{PLACE}:{draft.key}")


def thaw(key: UUID, sealed: bytes) -> Draft:
    """Return the draft that was frozen."""
    values: dict[str, Any] = json.loads(crypto.unseal(sealed, f"{PLACE}:{key}"))
    values["key"] = UUID(values["key"])
    for name in ("person", "actor"):
        values[name] = UUID(values[name]) if values[name] else None
    for name in ("not_before", "expires_at"):
        values[name] = datetime.fromisoformat(values[name]) if values[name] else None
    values["attachments"] = tuple(_attachments(values["attachments"]))
    if batch := values["batch"]:
        keys = {"key": UUID(batch["key"]), "made_by": UUID(batch["made_by"])}
        values["batch"] = Batch(**{**batch, **keys})
    return Draft(**values)


def freeze_attachments(attachments: tuple[Attachment, ...]) -> list[dict[str, str]]:
    """Return attachments as JSON can hold them."""
    return [_frozen(asdict(attached)) for attached in attachments]


def thaw_attachments(plain: list[dict[str, str]]) -> tuple[Attachment, ...]:
    """Return the attachments that were frozen."""
    return tuple(_attachments(plain))


def _attachments(plain: list[dict[str, str]]) -> Iterator[Attachment]:
    for values in plain:
        content = bytes.fromhex(values["content"])
        yield Attachment(values["name"], values["content_type"], content, values["method"])


def _frozen(value: Any) -> Any:
    match value:
        case dict():
            return {str(name): _frozen(item) for name, item in value.items()}
        case list() | tuple():
            return [_frozen(item) for item in value]
        case bytes():
            return value.hex()
        case datetime():
            return value.isoformat()
        case UUID():
            return str(value)
    return value
