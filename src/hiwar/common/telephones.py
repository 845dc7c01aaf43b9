"""Telephone numbers: what is one, which are the same, how one is dialled. Nobody else reads them.

How numbers of a country are written is known to `phonenumbers`; which country the house is in, to
`HIWAR_COUNTRY`. What is particular to a house stands in its list of numbering plans: one telephone
that is reached by several calling codes, or numbers that no directory has.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import phonenumbers
from django.conf import settings

from hiwar.common.vocabularies.entries import entries
from hiwar.engine.names import digits_as_ascii

NUMBERING = "contacts.numbering"
SHORTEST, LONGEST = 7, 15
# Of a number whose country is not known, these digits at its end stand for it.
SIGNIFICANT = 9
_BEHIND = re.compile(r"(?i)(?:ext|x|#|;|,|/)")


@dataclass(frozen=True, slots=True)
class NumberingPlan:
    """How numbers of one place are written, as an installation lists it; empty is any."""

    calling_codes: tuple[str, ...]
    prefixes: tuple[str, ...]
    lengths: tuple[int, ...] = ()
    trunk: str = "0"

    def national(self, digits: str, *, is_international: bool) -> str:
        """Return the national number if the digits are one of this plan."""
        stripped = [digits] if not is_international else []
        stripped += [
            digits.removeprefix(code) for code in self.calling_codes if digits.startswith(code)
        ]
        for rest in stripped:
            number = rest.removeprefix(self.trunk) if self.trunk else rest
            fits = not self.lengths or len(number) in self.lengths
            if fits and (not self.prefixes or number.startswith(self.prefixes)):
                return number
        return ""


def telephone_key(text: str) -> str:
    """Return by what equal telephones are known, however they are written; empty for none.

    That is the national number of a telephone of this country; else ``+`` and the digits of an
    international number; else the digits. Any digits, separators, ``+`` and ``00`` are read.
    """
    digits, is_international = _digits(text)
    if not SHORTEST <= len(digits) <= LONGEST:
        return ""
    for plan in plans():
        if national := plan.national(digits, is_international=is_international):
            return national
    number = _parsed(digits, is_international=is_international)
    if number is None:
        return f"+{digits}" if is_international else digits
    national = phonenumbers.national_significant_number(number)
    is_own = number.country_code == _own_calling_code()
    return national if is_own else f"+{number.country_code}{national}"


def is_telephone(text: str) -> bool:
    """Return whether somebody wrote a telephone number, and no mail address."""
    return "@" not in text and bool(telephone_key(text))


def dialled(text: str) -> str:
    """Return a number as any telephone dials it: with its calling code; else its digits."""
    digits, is_international = _digits(text)
    number = _parsed(digits, is_international=is_international)
    if number is None:
        return f"+{digits}" if is_international else digits
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def ending(text: str) -> str:
    """Return the last digits of a number, which stand for it where no country is known."""
    digits = re.sub(r"[^0-9]", "", digits_as_ascii(text))
    return digits[-SIGNIFICANT:] if len(digits) >= SIGNIFICANT else ""


def former_keys(text: str) -> set[str]:
    """Return under what a number was known before its country was: as it was written, and how else.

    Of digests nobody can read back what they were made of, so they are looked for in each form.
    """
    digits, is_international = _digits(text)
    forms = {f"+{digits}" if is_international else digits} - {"", "+"}
    number = _parsed(digits, is_international=is_international)
    if number is not None and number.country_code == _own_calling_code():
        national = phonenumbers.national_significant_number(number)
        trunk = phonenumbers.ndd_prefix_for_region(settings.COUNTRY, strip_non_digits=True)
        forms |= {national, f"{trunk or ''}{national}", f"+{number.country_code}{national}"}
    return forms


def plans() -> tuple[NumberingPlan, ...]:
    """Return the numbering plans of the house; one without a calling code is left out."""
    return tuple(
        NumberingPlan(
            codes,
            tuple(filter(None, map(_plain, plan.words("prefixes")))),
            tuple(int(length) for length in map(_plain, plan.words("lengths")) if length),
            next(map(_plain, plan.words("trunk")), ""),
        )
        for plan in entries(NUMBERING).values()
        if not plan.is_retired
        and (codes := tuple(filter(None, map(_plain, plan.words("calling_codes")))))
    )


def _digits(text: str) -> tuple[str, bool]:
    """Return the digits of a number without its extension, and whether it has a calling code."""
    number = _BEHIND.split(digits_as_ascii(text).strip(), maxsplit=1)[0]
    digits = _plain(number)
    is_international = "+" in number.split(digits[:1] or " ")[0] or digits.startswith("00")
    return digits.removeprefix("00"), is_international


def _parsed(digits: str, *, is_international: bool) -> phonenumbers.PhoneNumber | None:
    """Return a number that can be one of its country; None where nobody knows its country."""
    try:
        number = phonenumbers.parse(
            f"+{digits}" if is_international else digits, settings.COUNTRY or None
        )
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_possible_number(number) else None


def _own_calling_code() -> int:
    return int(phonenumbers.country_code_for_region(settings.COUNTRY))


def _plain(text: str) -> str:
    return re.sub(r"[^0-9]", "", digits_as_ascii(text))
