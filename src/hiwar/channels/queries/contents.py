"""What a message says, and the words that leave: sealed at rest, opened where it is needed."""

from __future__ import annotations

import base64
import hmac
import json
from typing import TYPE_CHECKING, Any
from uuid import UUID

from hiwar.common import crypto
from hiwar.common.post import Content, freeze_attachments, thaw_attachments

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hiwar.channels.models import InboundMessage, Message

PROOF_LENGTH = 16


def sealed_content(key: UUID, content: Content) -> tuple[bytes, bytes]:
    """Return a message's words sealed, and beside them its secrets, which are forgotten first."""
    words = {
        "subject": content.subject,
        "text": content.text,
        "attachments": freeze_attachments(content.attachments),
        **({"html": content.html} if content.html else {}),
    }
    return _seal(words, f"channels.message:{key}"), sealed_secrets(key, content.secrets)


def sealed_secrets(key: UUID, secrets: Mapping[str, str]) -> bytes:
    """Return what stands for the marks of a message, sealed; nothing where there is none."""
    return _seal(dict(secrets), f"channels.message.secrets:{key}") if secrets else b""


def content_of(message: Message) -> Content | None:
    """Return what a message says with its marks; None once it was deleted."""
    sealed = bytes(message.sealed)
    if not sealed:
        return None
    words = _open(sealed, f"channels.message:{message.pk}")
    kept = bytes(message.sealed_secrets)
    secrets = _open(kept, f"channels.message.secrets:{message.pk}") if kept else {}
    return Content(
        language=message.language,
        subject=words["subject"],
        text=words["text"],
        attachments=thaw_attachments(words["attachments"]),
        secrets=secrets,
        html=words.get("html", ""),
    )


def text_with_secrets(content: Content) -> str:
    """Return the text as its recipient reads it."""
    return filled(content.text, content.secrets)


def filled(text: str, secrets: Mapping[str, str]) -> str:
    """Return words with what stands for their marks."""
    for mark, value in secrets.items():
        text = text.replace(mark, value)
    return text


def digest_of_content(content: Content) -> str:
    """Return the digest that shows later that the words were not changed."""
    words = [content.language, content.subject, content.text]
    words += [content.html] if content.html else []
    return crypto.plain_digest(json.dumps([words, freeze_attachments(content.attachments)]))


def sealed_inbound(key: UUID, raw: bytes) -> bytes:
    """Return a message that came in, sealed as it came."""
    return crypto.seal(raw, f"channels.inbound:{key}")


def raw_of(inbound: InboundMessage) -> bytes:
    """Return a message as it came in; empty once it was deleted."""
    sealed = bytes(inbound.sealed)
    return crypto.unseal(sealed, f"channels.inbound:{inbound.pk}") if sealed else b""


def token_of(key: UUID, use: str) -> str:
    """Return the token of a message for one use: its key, and a keyed proof that it is ours."""
    name = base64.b32encode(key.bytes).decode().rstrip("=").lower()
    return f"{name}{_proof(key, use)}"


def key_of_token(token: str, use: str) -> UUID | None:
    """Return the message whose token this is; None for what we never made."""
    name, proof = token[:26].lower(), token[26:].lower()
    try:
        key = UUID(bytes=base64.b32decode(f"{name.upper()}======"))
    except ValueError:
        return None
    return key if hmac.compare_digest(proof, _proof(key, use)) else None


def _proof(key: UUID, use: str) -> str:
    return crypto.digest(f"channels.{use}", str(key))[:PROOF_LENGTH]


def _seal(value: object, place: str) -> bytes:
    return crypto.seal(json.dumps(value).encode(), place)


def _open(sealed: bytes, place: str) -> dict[str, Any]:
    opened: dict[str, Any] = json.loads(crypto.unseal(sealed, place))
    return opened
