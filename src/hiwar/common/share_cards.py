"""Where the picture lies that is shown beside the address of a public page: a room draws it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

# Of every card, in pixels.
WIDTH, HEIGHT = 1200, 630
_address: list[Callable[[str], str]] = []


def register_cards(address: Callable[[str], str]) -> None:
    """Say how the path of a page becomes that of its card; asked for by the head of every page."""
    _address[:] = [address]


def address_of_card(path: str) -> str:
    """Return the path of the card of a page, or nothing where no room draws cards."""
    return _address[0](path) if _address else ""
