"""What a room declares of the documents it has signed, and who may do what with a signing.

A room above registers a `DocumentKind` when it starts and keeps a one-to-one key to a `Signing`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from hiwar.accounts.rules import has_permission

if TYPE_CHECKING:
    from collections.abc import Callable

    from hiwar.accounts.rules import Somebody
    from hiwar.common.multilingual import MultilingualText
    from hiwar.signatures.models import Signing, SigningVersion

PERMISSIONS = {
    "signatures.see": _("Read who is asked to sign and who signed"),
    "signatures.collect": _("Ask organisations to sign, and keep their answers"),
}


@dataclass(frozen=True, slots=True)
class Document:
    """What the pages of a signing say of the document.

    Attributes
    ----------
    title : MultilingualText
        The title of its newest version.
    kind : str
        What it is, in the reader's language: "joint statement".
    url : str
        Its address at the desk.
    path : tuple of (str, str)
        Labels and addresses of the pages above it.
    tabs : tuple of (str, str)
        Labels and addresses of its own pages, which stand before those of signing.
    badge, tone : str
        Its state in a word, and the tone of that word.
    number : int
        The number of its newest version, which may be a draft that nobody is asked about yet.
    is_open_to_staff : bool
        Whether all staff may read it; the log names no other.
    """

    title: MultilingualText
    kind: str
    url: str
    path: tuple[tuple[str, str], ...] = ()
    tabs: tuple[tuple[str, str], ...] = ()
    badge: str = ""
    tone: str = ""
    number: int = 1
    is_open_to_staff: bool = False


def _nowhere(_version: SigningVersion) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """One kind of documents that are signed.

    Attributes
    ----------
    code : str
        ``room.noun``, kept in each `Signing`.
    describe : callable
        Returns the `Document` of a signing, or None where it is gone.
    may_read, may_collect : callable
        Say whether somebody may read at the desk who was asked, and may ask and type in answers:
        the room's own rule on that very document. The permissions of signing are asked beside it.
    public_url : callable
        Returns where everybody reads a version with its list, or nothing while it is not public.
    """

    code: str
    describe: Callable[[Signing], Document | None]
    may_read: Callable[[Somebody, Signing], bool]
    may_collect: Callable[[Somebody, Signing], bool]
    public_url: Callable[[SigningVersion], str] = _nowhere


_kinds: dict[str, DocumentKind] = {}


def register_kind(kind: DocumentKind) -> None:
    """Register a kind of documents; raises ``ValueError`` for another of the same code."""
    if _kinds.setdefault(kind.code, kind) != kind:
        raise ValueError(f"two kinds of documents are named {kind.code}")


def kind_of(signing: Signing) -> DocumentKind:
    """Return what the room of a document registered; raises ``KeyError`` where none did."""
    return _kinds[signing.kind]


def can_see_signings(user: Somebody) -> bool:
    """Return whether the user may read who signed documents that are open to them."""
    return has_permission(user, "signatures.see")


def can_collect_signatures(user: Somebody) -> bool:
    """Return whether the user may collect signatures for documents that are open to them."""
    return has_permission(user, "signatures.collect")


def can_read_signing(user: Somebody, signing: Signing) -> bool:
    """Return whether the user may read who was asked to sign this document."""
    return can_see_signings(user) and kind_of(signing).may_read(user, signing)


def can_collect(user: Somebody, signing: Signing) -> bool:
    """Return whether the user may ask organisations to sign this document."""
    return can_collect_signatures(user) and kind_of(signing).may_collect(user, signing)
