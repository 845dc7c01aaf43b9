from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

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
    # Folded, for the order of lists; kept by the actions.
    sort_name = models.CharField(max_length=200, blank=True, editable=False)
    # As letters use it, where it is not simply the end of the name: by script, like the name.
    family_name = MultilingualField(_("family name"), blank=True)
    honorific = models.CharField(_("honorific"), max_length=40, blank=True)  # words are data
    sex = models.CharField(_("sex"), max_length=12, choices=Sex, default="", blank=True)
    birth_year = models.PositiveSmallIntegerField(_("year of birth"), null=True, blank=True)
    disability = models.CharField(_("disability"), max_length=12, blank=True)  # yes, no, unsaid
    language = models.CharField(_("language of letters"), max_length=12, blank=True)
    sector = models.CharField(_("sector"), max_length=40, blank=True)
    place = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("place")
    )
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", db_index=False
    )
    created_at = models.DateTimeField(editable=False)
    modified_at = models.DateTimeField(null=True, editable=False)
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta:
        indexes = (
            # Nearly nobody was merged or removed: an index over them all would mislead a database
            # that guesses, and a search would read everybody.
            models.Index(
                fields=["merged_into"],
                condition=models.Q(merged_into__isnull=False),
                name="contacts_person_merged",
            ),
            models.Index(fields=["sort_name", "id"], name="contacts_person_sorted"),
        )

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


class NameKey(models.Model):
    """A key of a word of a person's name, by which the name is found across scripts."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="name_keys")
    key = models.CharField(max_length=60)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["key", "person"], name="contacts_namekey_once"),
        )
        indexes = (models.Index(fields=["person", "key"], name="contacts_namekey_person"),)

    def __str__(self) -> str:
        return self.key
