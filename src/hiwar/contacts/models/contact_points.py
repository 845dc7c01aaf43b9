from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.common.models import Record
from hiwar.contacts.models.organisations import Organisation, Post
from hiwar.contacts.models.people import Person


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


class Consent(Record):
    """What a person agreed to or refused: one purpose, one channel, and where it was said."""

    class Basis(models.TextChoices):
        CONSENT = "consent", _("their consent")
        AGREEMENT = "agreement", _("an agreement with them")
        PUBLIC_ROLE = "public_role", _("their public office")
        LAW = "law", _("the law")

    person = models.ForeignKey(Person, models.CASCADE, related_name="consents")
    purpose = models.CharField(_("what for"), max_length=40)  # words are data
    channel = models.CharField(_("how"), max_length=40)  # words are data
    is_given = models.BooleanField(_("agreed"), default=True)
    basis = models.CharField(_("basis"), max_length=20, choices=Basis, default=Basis.CONSENT)
    source = models.CharField(_("where it was said"), max_length=200)
    given_on = models.DateField(_("on"))
    expires_on = models.DateField(_("ends on"), null=True, blank=True)
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)

    class Meta:
        indexes = (models.Index(fields=["person", "purpose"], name="contacts_consent_purpose"),)

    def __str__(self) -> str:
        return f"{self.purpose} · {self.channel}"


class Relationship(Record):
    """How a person stands to another: typed, dated, and with where it is known from."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="relationships")
    other = models.ForeignKey(Person, models.PROTECT, related_name="related_by")
    kind = models.CharField(_("kind"), max_length=40)  # words are data
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=200)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=~Q(person=F("other")), name="contacts_relationship_two"
            ),
        )

    def __str__(self) -> str:
        return f"{self.person} · {self.other}"
