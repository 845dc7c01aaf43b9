"""Visits, their programme, and what of it is handed out."""

from __future__ import annotations

from hiwar.visits.models.programme import (
    Booking,
    Leg,
    MeetingNote,
    Permit,
    Route,
    ThemeTag,
    Undertaking,
    VisitItem,
)
from hiwar.visits.models.sharing import Feedback, PackBuild, PackFile, ShareLink
from hiwar.visits.models.visits import (
    PackHost,
    PackText,
    TalkingPoint,
    Traveller,
    TravellerDocument,
    Visit,
    VisitVersion,
)

__all__ = [
    "Booking",
    "Feedback",
    "Leg",
    "MeetingNote",
    "PackBuild",
    "PackFile",
    "PackHost",
    "PackText",
    "Permit",
    "Route",
    "ShareLink",
    "TalkingPoint",
    "ThemeTag",
    "Traveller",
    "TravellerDocument",
    "Undertaking",
    "Visit",
    "VisitItem",
    "VisitVersion",
]
