"""Identifiers of sources, checked by form alone: DOI, ISBN, address. Nothing is looked up."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from hiwar.common.crypto import DIGITS

DOI = re.compile(r"^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)?(10\.\d{4,9}/\S+)$", re.IGNORECASE)
LONGEST_ADDRESS = 500
_is_address = URLValidator(["http", "https", "ftp"])


def doi_in(cell: str) -> str:
    """Return the DOI of a cell without what stands before it; empty where there is none."""
    match = DOI.match(cell.strip())
    return match[1].rstrip(".,;") if match else ""


def address_in(cell: str) -> str:
    """Return the first address of a cell; empty where it is none."""
    address = (cell.split() or [""])[0].rstrip(";,")
    if address and "://" not in address:
        address = f"https://{address}"
    try:
        _is_address(address)
    except ValidationError:
        return ""
    return address if len(address) <= LONGEST_ADDRESS else ""


def isbn_in(cell: str) -> str:
    """Return the first ISBN of a cell whose last digit is right, without strokes; empty without."""
    for part in re.split(r"[;,،\n]|\s{2,}", cell.translate(DIGITS).upper()):
        isbn = re.sub(r"[^\dX]", "", part.removeprefix("ISBN"))
        if is_isbn(isbn):
            return isbn
    return ""


def is_isbn(text: str) -> bool:
    """Return whether ten or thirteen digits are an ISBN, by its check digit."""
    if re.fullmatch(r"\d{9}[\dX]", text):
        values = [10 if letter == "X" else int(letter) for letter in text]
        return sum((10 - at) * value for at, value in enumerate(values)) % 11 == 0
    if re.fullmatch(r"\d{13}", text):
        return sum(int(letter) * (3 if at % 2 else 1) for at, letter in enumerate(text)) % 10 == 0
    return False
