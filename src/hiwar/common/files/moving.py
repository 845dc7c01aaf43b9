"""Bytes that lay in a column of a room go to the store, and back: for migrations alone."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from hiwar.common.crypto import seal, unseal
from hiwar.common.files.storage import storage
from hiwar.common.files.types import PDF

if TYPE_CHECKING:
    from datetime import datetime


def into_store(
    apps: Any, *, kind: str, name: str, content: bytes, at: datetime, is_sealed: bool
) -> Any:
    """Return the row of a PDF whose bytes were put into the store; outside any transaction."""
    key = uuid4()
    storage().put(key, seal(content, _reference(key)) if is_sealed else content)
    return apps.get_model("common", "StoredFile").objects.create(
        pk=key,
        kind=kind,
        name=name,
        content_type=PDF,
        size=len(content),
        sha256=sha256(content).hexdigest(),
        is_sealed=is_sealed,
        made_at=at,
    )


def out_of_store(file: Any) -> bytes:
    """Return the bytes of a row; the store keeps its own until it is swept."""
    content = storage().get(file.pk)
    return unseal(content, _reference(file.pk)) if file.is_sealed else content


def _reference(key: object) -> str:
    return f"common.storedfile:{key}"
