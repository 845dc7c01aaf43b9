"""The tabs that stand above every page of a document that is signed, in its room and in this."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import pgettext

if TYPE_CHECKING:
    from hiwar.signatures.models import Signing
    from hiwar.signatures.rules import Document

SIGNATURES, LETTERS = "signatures", "letters"


def tabs_of(signing: Signing, document: Document, current: str) -> list[dict[str, object]]:
    """Return the document's own tabs and those of signing; `current` is an address or a name."""
    own = [(url, label, url) for label, url in document.tabs]
    of_signing = [
        (
            SIGNATURES,
            pgettext("tab of a document that is signed", "Signatures"),
            reverse("signatures:signing", args=[signing.pk]),
        ),
        (
            LETTERS,
            pgettext("tab of a document that is signed", "Outbox"),
            reverse("signatures:letters", args=[signing.pk]),
        ),
    ]
    return [
        {"label": label, "url": url, "current": name == current, "count": None}
        for name, label, url in (*own, *of_signing)
    ]
