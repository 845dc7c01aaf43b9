from __future__ import annotations

import secrets

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.accounts.models import User
from hiwar.common.crypto import ALPHABET
from hiwar.common.models import PrivateLink, Record
from hiwar.contacts.models import Organisation, Person, Post
from hiwar.events.models.events import Event


def make_code() -> str:
    """Return a code to be read aloud at a door."""
    return "".join(secrets.choice(ALPHABET) for _each in range(6))


class Invitation(Record):
    """That somebody is asked to come: a person, the holder of a post, an organisation.

    The list of invitations is closed: neither an invitee nor the public sees who else is asked.
    """

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("invitation", "not sent yet")
        SAVE_THE_DATE = "save_the_date", pgettext_lazy("invitation", "date announced")
        INVITED = "invited", pgettext_lazy("invitation", "invited")
        ACCEPTED = "accepted", pgettext_lazy("invitation", "comes")
        TENTATIVE = "tentative", pgettext_lazy("invitation", "perhaps")
        DECLINED = "declined", pgettext_lazy("invitation", "does not come")
        DELEGATED = "delegated", pgettext_lazy("invitation", "sends somebody")
        WAITLISTED = "waitlisted", pgettext_lazy("invitation", "on the waiting list")
        ATTENDED = "attended", pgettext_lazy("invitation", "was there")
        NO_SHOW = "no_show", pgettext_lazy("invitation", "did not come")
        EXCUSED = "excused", pgettext_lazy("invitation", "excused")

    class Channel(models.TextChoices):
        LINK = "link", pgettext_lazy("channel of an answer", "by the link")
        MAIL = "mail", pgettext_lazy("channel of an answer", "by mail")
        PHONE = "phone", pgettext_lazy("channel of an answer", "by telephone")
        LETTER = "letter", pgettext_lazy("channel of an answer", "by letter")
        IN_PERSON = "in_person", pgettext_lazy("channel of an answer", "in person")

    event = models.ForeignKey(Event, models.CASCADE, related_name="invitations")
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, null=True, blank=True, related_name="+")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+"
    )
    name = models.CharField(_("name"), max_length=200, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    language = models.CharField(_("language"), max_length=12, blank=True)
    sex = models.CharField(_("sex"), max_length=12, choices=Person.Sex, default="", blank=True)
    state = models.CharField(max_length=16, choices=State, default=State.DRAFT)
    channel = models.CharField(max_length=12, choices=Channel, blank=True)
    delegated_to = models.CharField(_("who comes instead"), max_length=120, blank=True)
    plus_one = models.CharField(_("who comes along"), max_length=120, blank=True)
    needs = models.TextField(_("needs"), blank=True)
    may_contact = models.BooleanField(_("may be invited again"), default=False)
    private_link = models.OneToOneField(
        PrivateLink, models.PROTECT, related_name="+", editable=False
    )
    code = models.CharField(max_length=8, editable=False)
    is_withdrawn = models.BooleanField(default=False)
    sent_sequence = models.IntegerField(default=-1, editable=False)
    invited_at = models.DateTimeField(null=True, blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)
    # When the calendar program that answered last wrote its answer: the later one counts.
    answer_stamp = models.DateTimeField(null=True, blank=True, editable=False)
    reminded_at = models.DateTimeField(null=True, blank=True)
    thanked_at = models.DateTimeField(null=True, blank=True)
    added_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["event", "code"], name="events_invitation_code"),
            models.UniqueConstraint(
                fields=["event", "person"],
                condition=Q(person__isnull=False),
                name="events_invitation_person",
            ),
            models.UniqueConstraint(
                fields=["event", "post"],
                condition=Q(post__isnull=False),
                name="events_invitation_post",
            ),
        )

    def __str__(self) -> str:
        return self.name or str(self.person or self.post or self.organisation or "")


class InvitationMessage(Record):
    """What waits in the outbox for one invitee: an invitation, a change, a reminder, thanks.

    The text names the place of the private link and does not hold it.
    """

    class Kind(models.TextChoices):
        INVITATION = "invitation", pgettext_lazy("message", "invitation")
        CHANGE = "change", pgettext_lazy("message", "change")
        CANCELLATION = "cancellation", pgettext_lazy("message", "cancellation")
        REMINDER = "reminder", pgettext_lazy("message", "reminder")
        THANKS = "thanks", pgettext_lazy("message", "thanks")

    invitation = models.ForeignKey(Invitation, models.CASCADE, related_name="messages")
    kind = models.CharField(max_length=14, choices=Kind)
    address = models.CharField(max_length=254, blank=True)
    subject = models.CharField(max_length=300)
    body = models.TextField()
    calendar = models.TextField(blank=True)
    sequence = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    # Which sending it left with, and what became of it: news of the outbox, by its key.
    batch = models.UUIDField(null=True, blank=True, editable=False)
    state = models.CharField(max_length=12, blank=True, editable=False)

    class Meta:
        indexes = (models.Index(fields=["invitation", "made_at"], name="events_message_made"),)

    def __str__(self) -> str:
        return self.subject


class CalendarFeed(Record):
    """The private address under which one member of staff subscribes to their own events."""

    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    private_link = models.OneToOneField(
        PrivateLink, models.PROTECT, related_name="+", editable=False
    )
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.user_id}"
