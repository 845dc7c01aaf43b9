from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.accounts.models import Guarded
from hiwar.common.models import Record
from hiwar.contacts.models.organisations import Organisation, Post
from hiwar.contacts.models.people import Person


class Interaction(Guarded):
    """One contact with people, an organisation or a post: a meeting, a call, a letter."""

    class Kind(models.TextChoices):
        MEETING = "meeting", _("meeting")
        CALL = "call", _("call")
        EMAIL = "email", _("e-mail")
        LETTER = "letter", _("letter")
        VISIT = "visit", _("visit")
        MESSAGE = "message", _("message")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    happened_on = models.DateField(pgettext_lazy("of a contact", "on"))
    subject = models.CharField(_("in one line"), max_length=200)
    text = models.TextField(_("what was said"), blank=True)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="interactions"
    )
    post = models.ForeignKey(
        Post, models.PROTECT, null=True, blank=True, related_name="interactions"
    )
    people = models.ManyToManyField(Person, related_name="interactions", blank=True)
    made_at = models.DateTimeField(editable=False)
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta:
        indexes = (
            models.Index(fields=["organisation", "-happened_on"], name="contacts_log_organisation"),
            models.Index(fields=["post", "-happened_on"], name="contacts_log_post"),
        )

    def __str__(self) -> str:
        return self.subject


class Promise(Record):
    """What was promised in a contact: who, what, by when, and whether it was kept."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("promise", "open")
        KEPT = "kept", pgettext_lazy("promise", "kept")
        PARTLY = "partly", pgettext_lazy("promise", "partly kept")
        BROKEN = "broken", pgettext_lazy("promise", "not kept")

    interaction = models.ForeignKey(Interaction, models.CASCADE, related_name="promises")
    is_ours = models.BooleanField(_("we promised it"), default=False)
    text = models.CharField(_("what was promised"), max_length=300)
    due_on = models.DateField(_("by"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.OPEN)
    settled_on = models.DateField(null=True, blank=True)
    note = models.CharField(_("how it went"), max_length=300, blank=True)

    def __str__(self) -> str:
        return self.text


class Note(Guarded):
    """What a colleague noted about a person, an organisation or a post, and for whom."""

    person = models.ForeignKey(Person, models.CASCADE, null=True, blank=True, related_name="notes")
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, null=True, blank=True, related_name="notes"
    )
    post = models.ForeignKey(Post, models.CASCADE, null=True, blank=True, related_name="notes")
    text = models.TextField(_("note"))
    written_at = models.DateTimeField(editable=False)
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(person__isnull=False, organisation=None, post=None)
                | Q(person=None, organisation__isnull=False, post=None)
                | Q(person=None, organisation=None, post__isnull=False),
                name="contacts_note_one_subject",
            ),
        )

    def __str__(self) -> str:
        return self.text[:60]
