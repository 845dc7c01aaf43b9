"""How the room's verbs and records read in the log; what is not open to all is not named there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from hiwar.signatures.models import Signing
from hiwar.signatures.rules import kind_of

if TYPE_CHECKING:
    from collections.abc import Iterable

VERBS = {
    "signatures.signing.update": _("changed until when a document is signed"),
    "signatures.signing.ask": _("asked organisations to sign"),
    "signatures.signing.write_letters": _("put letters about signing into the outbox"),
    "signatures.signing.renew_link": _("made a new link for signing"),
    "signatures.signing.send": _("marked a letter about signing as sent"),
    "signatures.signing.change_request": _("changed where an organisation is written to"),
    "signatures.signing.take_back_request": _("took back a request to sign"),
    "signatures.signing.decline": _("kept that an organisation does not sign"),
    "signatures.signature.give": _("signed a document"),
    "signatures.signature.change": _("changed a signature"),
    "signatures.signature.withdraw": _("withdrew a signature"),
}


def names_of_signings(keys: Iterable[str]) -> dict[str, str]:
    """Return the titles of documents that all staff may read, by the key of their signing."""
    names = {}
    for signing in Signing.objects.filter(pk__in=list(keys)).order_by("pk"):
        document = kind_of(signing).describe(signing)
        if document is not None and document.is_open_to_staff:
            names[str(signing.pk)] = str(document.title)
    return names
