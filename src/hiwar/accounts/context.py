"""The institution, on every page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.functional import SimpleLazyObject

from hiwar.accounts.queries import the_institution

if TYPE_CHECKING:
    from django.http import HttpRequest


def institution(request: HttpRequest) -> dict[str, object]:
    """Return the institution, asked for only by templates that name it."""
    return {"institution": SimpleLazyObject(the_institution)}
