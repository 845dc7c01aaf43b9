from __future__ import annotations

from hiwar.contacts.models.contact_points import Consent, ContactPoint, Relationship
from hiwar.contacts.models.log import Interaction, Note, Promise
from hiwar.contacts.models.organisations import (
    Membership,
    Organisation,
    Post,
    PostHolding,
    Precedence,
)
from hiwar.contacts.models.people import NameKey, Person, PersonName
from hiwar.contacts.models.register import (
    DuplicatePair,
    FileRow,
    Merge,
)
from hiwar.contacts.models.segments import Segment, SegmentPick

__all__ = [
    "Consent",
    "ContactPoint",
    "DuplicatePair",
    "FileRow",
    "Interaction",
    "Membership",
    "Merge",
    "NameKey",
    "Note",
    "Organisation",
    "Person",
    "PersonName",
    "Post",
    "PostHolding",
    "Precedence",
    "Promise",
    "Relationship",
    "Segment",
    "SegmentPick",
]
