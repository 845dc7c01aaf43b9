"""The door by which a file to be kept comes in: a field of a form, and what it makes of a file.

A room's form has an `UploadField` with the code of a kind; its desk binds the form with
`sent(request)`; its action gives the `SentFile` to `stage_file`. What the kind says (types, size,
a reader in the closed process) is asked here, before any transaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext as _

from hiwar.common.disk import need_room
from hiwar.common.files.actions import FileTooBig, TypeNotTaken
from hiwar.common.files.kinds import kind_of
from hiwar.common.files.types import SUFFIXES, type_of
from hiwar.common.refusals import Refused

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile
    from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file that somebody sends: its name, its bytes, what it is, what its kind's reader found."""

    name: str
    content: bytes
    content_type: str
    reading: object = None


class UploadField(forms.FileField):
    """A file of a kind; gives a ``SentFile``, or None where none was chosen."""

    widget = forms.FileInput

    def __init__(self, kind: str, **more: Any) -> None:
        super().__init__(validators=[need_room], **more)
        self.kind = kind
        self.help_text = more.get("help_text") or lazy(_conditions, str)(kind)

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> forms.BoundField:
        """Let the browser offer what the kind takes; rooms have registered by then."""
        declared = kind_of(self.kind)
        if declared is not None:
            self.widget.attrs["accept"] = ",".join(sorted(declared.types))
        return super().get_bound_field(form, field_name)

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Read a file by its content and give it to the reader of its kind."""
        file: UploadedFile[bytes] | None = super().clean(data, initial)
        if not file:
            return None
        try:
            return received(self.kind, file.name or "", file)
        except Refused as refused:
            raise forms.ValidationError(str(refused), code=refused.code) from refused


def received(kind: str, name: str, file: Any) -> SentFile:
    """Return what a file holds; not more bytes than may be kept are ever read.

    Raises ``FileTooBig``, ``TypeNotTaken``, and what the reader of the kind refuses.
    """
    declared = kind_of(kind)
    if declared is None:
        raise TypeNotTaken
    content: bytes = file.read(declared.size + 1)
    if not content or len(content) > declared.size:
        raise FileTooBig
    content_type = type_of(content)
    if content_type not in declared.types:
        raise TypeNotTaken
    reading = declared.reader(content) if declared.reader else None
    return SentFile(name, content, content_type, reading)


def sent(request: HttpRequest) -> tuple[Any, Any]:
    """Return what binds a form: words and files of a request that sends, else nothing."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def _conditions(kind: str) -> str:
    declared = kind_of(kind)
    if declared is None:
        return ""
    names = sorted({SUFFIXES[name].removesuffix(".txt").lstrip(".").upper() or "TXT"
                    for name in declared.types})  # fmt: skip
    return _("%(types)s, at most %(size)s MB") % {
        "types": _(", ").join(names),
        "size": declared.size >> 20,
    }
