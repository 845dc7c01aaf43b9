"""Questions about the register, for this room and those above it."""

from hiwar.contacts.queries.addresses import (
    Address,
    address_of,
    languages_of_address,
    letter_language,
)
from hiwar.contacts.queries.contact_points import may_reach, points_for
from hiwar.contacts.queries.holders import (
    history_of,
    holder_of,
    holders_on,
    is_leaving,
    leaving,
    posts_in,
    posts_of,
)
from hiwar.contacts.queries.people import (
    current_people,
    organisations_for,
    people_for,
    posts_for,
    search_organisations,
    search_people,
)

__all__ = [
    "Address",
    "address_of",
    "current_people",
    "history_of",
    "holder_of",
    "holders_on",
    "is_leaving",
    "languages_of_address",
    "leaving",
    "letter_language",
    "may_reach",
    "organisations_for",
    "people_for",
    "points_for",
    "posts_for",
    "posts_in",
    "posts_of",
    "search_organisations",
    "search_people",
]
