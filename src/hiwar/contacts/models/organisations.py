from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.models import Guarded
from hiwar.common.models import Record
from hiwar.common.multilingual import MultilingualField
from hiwar.contacts.models.people import Person
from hiwar.places.models import Place


class Organisation(Guarded):
    """A body with a name of its own: a ministry, a party, an association, a mission, a venue."""

    code = models.CharField(_("code"), max_length=40, blank=True, db_index=True)
    name = MultilingualField(_("name"))
    # Folded names in every language with the code, for searching; kept by the actions.
    search_text = models.TextField(blank=True, editable=False)
    short_name = MultilingualField(_("short name"), blank=True)
    kind = models.CharField(_("kind"), max_length=40, blank=True)  # words are data
    sector = models.CharField(_("sector"), max_length=40, blank=True)
    languages = models.JSONField(_("languages"), default=list, blank=True)
    place = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("place")
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    stance = models.CharField(_("stance"), max_length=120, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged"
    )
    created_at = models.DateTimeField(editable=False)
    modified_at = models.DateTimeField(null=True, editable=False)
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)
    is_demo = models.BooleanField(default=False, editable=False)

    def __str__(self) -> str:
        return str(self.name)


class Post(Guarded):
    """A function in an organisation, to which letters go whoever holds it."""

    class Rank(models.IntegerChoices):
        """The classes of heads of mission (Vienna Convention on Diplomatic Relations, art. 14)."""

        FIRST = 1, _("ambassadors and nuncios")
        SECOND = 2, _("envoys and ministers")
        THIRD = 3, _("chargés d'affaires")

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="posts")
    title = MultilingualField(_("title"))
    feminine_title = MultilingualField(_("title when a woman holds it"), blank=True)
    style = models.CharField(_("form of address"), max_length=40, blank=True)  # words are data
    rank = models.PositiveSmallIntegerField(choices=Rank, null=True, blank=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    abolished_on = models.DateField(_("abolished on"), null=True, blank=True)
    created_at = models.DateTimeField(editable=False)
    is_demo = models.BooleanField(default=False, editable=False)

    def __str__(self) -> str:
        return str(self.title)


class PostHolding(Record):
    """The time during which a person holds a post."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="holdings")
    person = models.ForeignKey(Person, models.PROTECT, related_name="holdings")
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True)
    took_up_functions_at = models.DateTimeField(_("took up functions"), null=True, blank=True)
    is_interim = models.BooleanField(_("interim"), default=False)
    source = models.CharField(_("source"), max_length=200, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="contacts_postholding_order",
            ),
        )
        indexes = (models.Index(fields=["post", "starts_on"], name="contacts_holding_post"),)

    def __str__(self) -> str:
        return f"{self.person} · {self.post}"


class Membership(Record):
    """The time during which a person or an organisation belongs to a coalition or working group."""

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="memberships", verbose_name=_("coalition")
    )
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="memberships"
    )
    member = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="belongs_to"
    )
    role = models.CharField(_("role"), max_length=80, blank=True)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(person__isnull=False, member=None)
                | Q(person=None, member__isnull=False),
                name="contacts_membership_one_member",
            ),
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="contacts_membership_order",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person or self.member} · {self.organisation}"


class Precedence(Record):
    """A place in the order of precedence given by hand, with the reason and who decided."""

    post = models.OneToOneField(Post, models.PROTECT, related_name="precedence")
    position = models.PositiveSmallIntegerField(_("place in the order"))
    note = models.CharField(_("why, and who decided"), max_length=300)
    decided_on = models.DateField(_("decided on"))

    def __str__(self) -> str:
        return f"{self.position} · {self.post}"
