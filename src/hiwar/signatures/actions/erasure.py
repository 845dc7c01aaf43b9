"""What signing holds on a person of the register: who signed or declined for an organisation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hiwar.common.personal.holdings import Holding
from hiwar.contacts.queries.holders import organisations_of
from hiwar.signatures.models import Signature, SigningRequest

if TYPE_CHECKING:
    from hiwar.common.personal.holdings import Traces


def signed_by(traces: Traces) -> list[Signature]:
    """Return the signatures that persons gave for organisations of theirs."""
    signatures = Signature.objects.filter(organisation__in=organisations_of(traces.keys))
    return [row for row in signatures.order_by("pk") if traces.is_named(row.signer)]


def _erase(traces: Traces) -> None:
    """Take the names out; that the organisation signed or declined stays."""
    asked = SigningRequest.objects.filter(organisation__in=organisations_of(traces.keys))
    traces.empty_names(asked, "declined_by")
    keys = [signature.pk for signature in signed_by(traces)]
    traces.empty(Signature.objects.filter(pk__in=keys), signer="", function="")


HOLDING = Holding(
    "contacts.person", "signatures", ("signatures.Signature", "signatures.SigningRequest"), _erase
)
