from __future__ import annotations

from hiwar.events.models.events import Event, Series, Venue
from hiwar.events.models.invitations import CalendarFeed, Invitation, InvitationMessage
from hiwar.events.models.minutes import (
    Conclusion,
    Minutes,
    OpenQuestion,
    Paragraph,
    SpeakerConsent,
)
from hiwar.events.models.proceedings import Attendance, FollowUp, Note, Speech
from hiwar.events.models.programme import AgendaItem, EventRole, Preparation, Room

__all__ = [
    "AgendaItem",
    "Attendance",
    "CalendarFeed",
    "Conclusion",
    "Event",
    "EventRole",
    "FollowUp",
    "Invitation",
    "InvitationMessage",
    "Minutes",
    "Note",
    "OpenQuestion",
    "Paragraph",
    "Preparation",
    "Room",
    "Series",
    "SpeakerConsent",
    "Speech",
    "Venue",
]
