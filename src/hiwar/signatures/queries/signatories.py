"""Who signed a version, as everybody may read it once its document is public."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hiwar.common.crypto import plain_digest
from hiwar.common.multilingual import MultilingualText, direction, installation_languages
from hiwar.common.templatetags.components import number as written
from hiwar.signatures.models import Signature

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from hiwar.signatures.models import SigningVersion


@dataclass(frozen=True, slots=True)
class Signatory:
    """An organisation in the list of those who signed, as everybody may read it."""

    number: int
    name: MultilingualText
    signed_at: datetime
    is_reserved: bool
    reservation: str
    reservation_language: str
    paragraph: int | None

    @property
    def reservation_direction(self) -> str:
        """In which direction the reservation runs."""
        return direction(self.reservation_language or installation_languages()[0])


@dataclass(frozen=True, slots=True)
class Signatories:
    """Who signed a version, in the order of signing, with the counts that every door shows.

    ``mark`` changes whenever the list does. Where ``is_named`` is False, no row has a name, a day
    or a reservation: they are there to be counted.
    """

    rows: tuple[Signatory, ...]
    mark: str
    is_named: bool = True

    @property
    def count(self) -> int:
        """How many organisations signed, with reservation or without."""
        return len(self.rows)

    @property
    def reserved(self) -> tuple[Signatory, ...]:
        """Those who signed with reservation, in the order of signing."""
        return tuple(row for row in self.rows if row.is_reserved)

    @property
    def sentence(self) -> str:
        """The counts in one sentence, in the reader's language."""
        signed = ngettext("%(n)s organisation signed", "%(n)s organisations signed", self.count)
        sentence = signed % {"n": written(self.count)}
        held = len(self.reserved)
        if not held:
            return _("%(signed)s, none of them with reservation.") % {"signed": sentence}
        some = ngettext(
            "%(signed)s, %(n)s of them with reservation.",
            "%(signed)s, %(n)s of them with reservation.",
            held,
        )
        return some % {"signed": sentence, "n": written(held)}


NOBODY = Signatories((), "", is_named=False)


def standing_signatures(version: SigningVersion) -> QuerySet[Signature]:
    """Return the signatures that stand under a version, in the order of signing."""
    signatures = Signature.objects.filter(version=version, replaced_at=None, withdrawn_at=None)
    return signatures.order_by("signed_at", "position", "pk")


def signatories(version: SigningVersion | None) -> Signatories:
    """Return who signed a version: the one question that page, print and files all ask.

    A draft that was never opened has no version, and nobody signed it.
    """
    signatures = list(standing_signatures(version)) if version else []
    rows = tuple(
        Signatory(
            number=number,
            name=signature.organisation_name,
            signed_at=signature.signed_at,
            is_reserved=signature.is_reserved,
            reservation=signature.reservation,
            reservation_language=signature.reservation_language,
            paragraph=signature.paragraph,
        )
        for number, signature in enumerate(signatures, 1)
    )
    return Signatories(
        rows, plain_digest(" ".join(str(signature.pk) for signature in signatures))[:16]
    )


def signatories_in_public(version: SigningVersion | None) -> Signatories:
    """Return who signed a version as far as those who signed were told that it is public.

    Of a round that names nobody the rows are empty but for their number; of one that tells nothing
    there are none.
    """
    if version is None or version.named == version.Named.NOBODY:
        return NOBODY
    known = signatories(version)
    if version.named == version.Named.ALL:
        return known
    rows = tuple(
        replace(
            row, name=MultilingualText(), signed_at=version.opened_at, reservation="",
            reservation_language="", paragraph=None,
        )
        for row in known.rows
    )  # fmt: skip
    return Signatories(rows, known.mark, is_named=False)
