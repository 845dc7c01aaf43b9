"""Examples of addresses of signing."""

from typing import Any

from django.utils import timezone

from addresses.dossiers import signing_letter
from hiwar.signatures.actions import letters, signing


def letter_that_waits() -> dict[str, Any]:
    letter = signing_letter("letter-waits")
    return {"key": letter.request.signing_id, "part": letter.pk}


def link_to_sign() -> dict[str, Any]:
    return {"token": letters.token_of(signing_letter("to-sign"))}


def link_that_signed() -> dict[str, Any]:
    letter = signing_letter("signed-statement")
    terms = signing.Terms("Rana Haddad", "Chair")
    signing.sign_by_link(letter=letter, version=letter.version, terms=terms, now=timezone.now())
    return {"token": letters.token_of(letter)}


EXAMPLES = {
    "public_signatures:sign": link_to_sign,
    "public_signatures:sign_receipt": link_that_signed,
    "public_signatures:sign_withdraw": link_that_signed,
    "signatures:letter": letter_that_waits,
}
