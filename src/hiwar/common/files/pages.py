"""How a kept file leaves: saved, where no browser opens or keeps it; a picture is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.utils.http import content_disposition_header

from hiwar.common.files.actions import read_file
from hiwar.common.files.kinds import kind_of
from hiwar.common.files.types import AVIF, JPEG, PNG, WEBP, leaves_as

if TYPE_CHECKING:
    from hiwar.common.models import StoredFile

POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"
PICTURES = frozenset([AVIF, JPEG, PNG, WEBP])


def attachment(*, reader: Any, file: StoredFile) -> HttpResponse:
    """Return a file to be saved, if the room that keeps it lets somebody read it.

    Raises ``PermissionDenied`` and ``FileDamaged``.
    """
    kind = kind_of(file.kind)
    if kind is None or not kind.may_read(reader, file):
        raise PermissionDenied
    answer = HttpResponse(read_file(file), content_type=leaves_as(file.content_type))
    disposition = content_disposition_header(as_attachment=True, filename=file.name)
    answer["Content-Disposition"] = disposition or "attachment"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = POLICY
    answer["Cache-Control"] = "private, no-store"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    return answer


def picture(*, reader: Any, file: StoredFile) -> HttpResponse:
    """Return a kept picture to be shown in a page; how long it is kept is said by the room.

    Raises ``PermissionDenied``, for what is no picture too, and ``FileDamaged``.
    """
    kind = kind_of(file.kind)
    if kind is None or file.content_type not in PICTURES or not kind.may_read(reader, file):
        raise PermissionDenied
    answer = HttpResponse(read_file(file), content_type=file.content_type)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = POLICY
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    return answer
