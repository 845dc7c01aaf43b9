"""Phone numbers as keys: the same telephone, however the number is written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hiwar.engine.names.folding import digits_as_ascii

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class NumberingPlan:
    """How numbers of one place are written, as an installation lists it.

    Attributes
    ----------
    calling_codes : tuple of str
        Codes under which the place is reached; several where networks of two codes reach it.
    prefixes : tuple of str
        Beginnings of national numbers, without trunk prefix; empty for any.
    lengths : tuple of int
        How many digits a national number has; empty for any.
    trunk : str
        What stands before a national number when it is dialled inside the place.
    """

    calling_codes: tuple[str, ...]
    prefixes: tuple[str, ...]
    lengths: tuple[int, ...] = ()
    trunk: str = "0"


def phone_key(text: str, *, plans: Iterable[NumberingPlan] = (), shortest: int = 7) -> str:
    """Return the one key of a telephone number.

    Parameters
    ----------
    text : str
        A number as somebody wrote it, in any digits, with any separators, with ``+`` or ``00``.
    plans : iterable of NumberingPlan
        The places whose national numbers are compared without calling code, the likeliest first.
    shortest : int
        Numbers with fewer digits are no telephone.

    Returns
    -------
    str
        The national number of a known plan; else ``+`` and the digits of an international number;
        else the digits. Empty when this is no telephone number.

    Notes
    -----
    One telephone may be written with two calling codes, and libraries then give two numbers; the
    national number is the same. What was written is to be kept beside the key.

    Examples
    --------
    >>> plan = NumberingPlan(("990", "992"), ("56", "59", "2", "4", "8", "9"), (8, 9))
    >>> {phone_key(n, plans=[plan]) for n in ("٠٥٩-٩١٢٣٤٥٦", "+992 59 912 3456", "00990599123456")}
    {'599123456'}
    >>> phone_key("+44 20 7946 0000", plans=[plan])
    '+442079460000'
    """
    plain = digits_as_ascii(text).strip()
    number = re.split(r"(?i)(?:ext|x|#|;|,|/)", plain, maxsplit=1)[0]
    digits = re.sub(r"[^0-9]", "", number)
    is_international = "+" in number.split(digits[:1] or " ")[0] or digits.startswith("00")
    digits = digits.removeprefix("00") if digits.startswith("00") else digits
    if not shortest <= len(digits) <= 15:
        return ""
    for plan in plans:
        if national := _national(digits, plan, is_international=is_international):
            return national
    return f"+{digits}" if is_international else digits


def _national(digits: str, plan: NumberingPlan, *, is_international: bool) -> str:
    """Return the national number if the digits are one of this plan."""
    stripped = [digits] if not is_international else []
    stripped += [
        digits.removeprefix(code) for code in plan.calling_codes if digits.startswith(code)
    ]
    for rest in stripped:
        national = rest.removeprefix(plan.trunk) if plan.trunk else rest
        fits = not plan.lengths or len(national) in plan.lengths
        if fits and (not plan.prefixes or national.startswith(plan.prefixes)):
            return national
    return ""
