from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.accounts.models import Guarded, User
from hiwar.common.models import Record
from hiwar.common.multilingual import MultilingualField
from hiwar.contacts.models.organisations import Organisation
from hiwar.contacts.models.people import Person


class Segment(Guarded):
    """A saved selection of people and organisations: conditions that are asked anew each time."""

    class Join(models.TextChoices):
        ALL = "all", pgettext_lazy("conditions of a segment", "every condition is met")
        ANY = "any", pgettext_lazy("conditions of a segment", "at least one condition is met")

    name = MultilingualField(_("name"))
    purpose = MultilingualField(_("what it is for"))
    join = models.CharField(_("who is in it"), max_length=3, choices=Join, default=Join.ALL)
    # Terms: kind, values by parameter, whether denied; `queries.conditions` knows the kinds.
    terms = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField(editable=False)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)
    is_demo = models.BooleanField(default=False, editable=False)

    def __str__(self) -> str:
        return str(self.name)


class SegmentPick(Record):
    """Somebody put into a segment, or left out of it, by hand and with a reason."""

    segment = models.ForeignKey(Segment, models.CASCADE, related_name="picks")
    person = models.ForeignKey(
        Person, models.CASCADE, null=True, blank=True, related_name="segment_picks"
    )
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, null=True, blank=True, related_name="segment_picks"
    )
    is_in = models.BooleanField(_("put in"), default=True)
    reason = models.CharField(_("reason"), max_length=300)
    picked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    picked_at = models.DateTimeField(editable=False)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(person__isnull=False, organisation=None)
                | Q(person=None, organisation__isnull=False),
                name="contacts_segmentpick_one",
            ),
            models.UniqueConstraint(
                fields=["segment", "person"],
                condition=Q(person__isnull=False),
                name="contacts_segmentpick_person",
            ),
            models.UniqueConstraint(
                fields=["segment", "organisation"],
                condition=Q(organisation__isnull=False),
                name="contacts_segmentpick_organisation",
            ),
        )

    def __str__(self) -> str:
        return str(self.person or self.organisation)
