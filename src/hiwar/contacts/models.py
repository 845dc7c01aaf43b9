from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.accounts.models import Guarded
from hiwar.common.models import Record
from hiwar.common.multilingual import MultilingualField
from hiwar.places.models import Place


class Person(Guarded):
    """Somebody the institution knows by name; what they say about themselves stays with them."""

    class Sex(models.TextChoices):
        FEMALE = "female", _("female")
        MALE = "male", _("male")
        OTHER = "other", _("other")
        NOT_STATED = "", _("not stated")

    code = models.CharField(_("code"), max_length=40, blank=True, db_index=True)
    shown_name = MultilingualField(_("name"))
    sex = models.CharField(_("sex"), max_length=12, choices=Sex, default="", blank=True)
    birth_year = models.PositiveSmallIntegerField(_("year of birth"), null=True, blank=True)
    disability = models.CharField(_("disability"), max_length=12, blank=True)  # yes, no, unsaid
    language = models.CharField(_("language of letters"), max_length=12, blank=True)
    sector = models.CharField(_("sector"), max_length=40, blank=True)
    place = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("place")
    )
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged"
    )
    created_at = models.DateTimeField(editable=False)
    is_demo = models.BooleanField(default=False, editable=False)

    def __str__(self) -> str:
        return str(self.shown_name)


class PersonName(Record):
    """A name of a person as it was written in one language and script, with where it was seen."""

    class Kind(models.TextChoices):
        MAIN = "main", _("main")
        ATTESTED = "attested", _("also written")
        FORMER = "former", _("former")
        KUNYA = "kunya", _("familiar name")

    person = models.ForeignKey(Person, models.CASCADE, related_name="names")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.MAIN)
    language = models.CharField(_("language"), max_length=12)
    text = models.CharField(_("as written"), max_length=200)
    parts = models.JSONField(default=dict, blank=True)  # own, father, grandfather, family
    source = models.CharField(_("source"), max_length=200, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["person", "language", "text"], name="contacts_personname_once"
            ),
        )

    def __str__(self) -> str:
        return self.text


class Organisation(Guarded):
    """A body with a name of its own: a ministry, a party, an association, a mission, a venue."""

    code = models.CharField(_("code"), max_length=40, blank=True, db_index=True)
    name = MultilingualField(_("name"))
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


class ContactPoint(Record):
    """A way to reach a person, an organisation or a post: telephone, mail, address, site."""

    class Kind(models.TextChoices):
        PHONE = "phone", _("telephone")
        EMAIL = "email", _("e-mail")
        ADDRESS = "address", _("address")
        SITE = "site", _("website")

    person = models.ForeignKey(Person, models.CASCADE, null=True, blank=True, related_name="points")
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, null=True, blank=True, related_name="points"
    )
    post = models.ForeignKey(Post, models.CASCADE, null=True, blank=True, related_name="points")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    value = models.CharField(_("as given"), max_length=300)
    key = models.CharField(max_length=300, editable=False, db_index=True)
    label = models.CharField(_("label"), max_length=60, blank=True)
    is_private = models.BooleanField(pgettext_lazy("contact point", "private"), default=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(person__isnull=False, organisation=None, post=None)
                | Q(person=None, organisation__isnull=False, post=None)
                | Q(person=None, organisation=None, post__isnull=False),
                name="contacts_contactpoint_one_owner",
            ),
        )

    def __str__(self) -> str:
        return self.value
