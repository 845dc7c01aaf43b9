"""The nouns of signing."""

from __future__ import annotations

import hashlib
import json

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.accounts.models import User
from hiwar.common.models import IssuedNumber, PrivateLink, Record
from hiwar.common.multilingual import MultilingualField
from hiwar.contacts.models import Organisation, Post


class Signing(Record):
    """That a document of a room above is signed: until when, and whom signatories ask.

    The room keeps a one-to-one key to it; `kind` names what the room registered.
    """

    kind = models.CharField(max_length=60, editable=False)
    sign_by = models.DateField(_("last day for signing"), null=True, blank=True)
    contact_post = models.ForeignKey(
        Post, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("whom signatories ask"),
    )  # fmt: skip
    contact_line = models.CharField(_("how signatories reach you"), max_length=200, blank=True)
    made_at = models.DateTimeField(editable=False)
    # The document was withdrawn: every link ends.
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        indexes = (models.Index(fields=["kind", "sign_by"], name="signatures_signing_due"),)

    def __str__(self) -> str:
        return f"{self.kind} · {self.pk}"


class SigningVersion(Record):
    """The words that are signed, as they were when the version was opened for signature.

    They never change, whatever becomes of the document: nobody's name stands under words they did
    not read. A list that is final was published or sent, and is never opened again. Who of it is
    named in public is set when it is opened, and can be narrowed afterwards, never widened.
    """

    class Named(models.TextChoices):
        ALL = "all", pgettext_lazy("who is named in public", "every organisation that signs")
        COUNT = "count", pgettext_lazy("who is named in public", "nobody: how many signed is told")
        NOBODY = "nobody", pgettext_lazy("who is named in public", "nobody: nothing is told")

    signing = models.ForeignKey(Signing, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    title = MultilingualField(_("title"))
    text = MultilingualField(_("text"), is_long=True)
    change = MultilingualField(_("what changed, and why"), blank=True)
    checksum = models.CharField(max_length=64, editable=False)
    opened_at = models.DateTimeField(editable=False)
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)
    closed_why = models.CharField(_("why the list is closed"), max_length=300, blank=True)
    named = models.CharField(
        _("who is named in public"), max_length=7, choices=Named, default=Named.ALL, editable=False
    )
    is_final = models.BooleanField(default=False, editable=False)
    replaced_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["signing", "number"], name="signatures_version_number"
            ),
            models.UniqueConstraint(
                fields=["signing"], condition=Q(closed_at=None, replaced_at=None),
                name="signatures_version_open",
            ),
            models.CheckConstraint(
                condition=Q(is_final=False) | Q(closed_at__isnull=False),
                name="signatures_version_final",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return str(self.title)

    @property
    def is_open(self) -> bool:
        """Whether the version is open for signature; the last day is asked apart."""
        return self.closed_at is None and self.replaced_at is None

    @property
    def fingerprint(self) -> str:
        """The first characters of the checksum, by which two copies are compared."""
        return self.checksum[:16]


def checksum_of(title: dict[str, str], text: dict[str, str]) -> str:
    """Return the SHA-256 of title and text in every language, in hexadecimal digits."""
    content = json.dumps([title, text], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()


class SigningRequest(Record):
    """That an organisation is asked to sign a document; who is asked stays at the desk."""

    signing = models.ForeignKey(Signing, models.CASCADE, related_name="requests")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    email = models.EmailField(_("e-mail address"), blank=True)
    language = models.CharField(_("language"), max_length=12, blank=True)
    added_at = models.DateTimeField(editable=False)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    # A refusal concerns the version that was read; a new one is asked about again.
    declined_version = models.ForeignKey(
        SigningVersion, models.CASCADE, null=True, blank=True, related_name="declined"
    )
    declined_at = models.DateTimeField(null=True, blank=True, editable=False)
    declined_by = models.CharField(_("who declined"), max_length=120, blank=True)
    declined_why = models.CharField(_("why"), max_length=500, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["signing", "organisation"], name="signatures_request_once"
            ),
        )

    def __str__(self) -> str:
        return str(self.organisation)


class SigningLetter(Record):
    """A message in the outbox that asks an organisation to sign, with its private link.

    The link lies sealed until somebody says that the message was sent, and is then forgotten.
    """

    class Kind(models.TextChoices):
        REQUEST = "request", pgettext_lazy("letter", "request")
        CHANGED = "changed", pgettext_lazy("letter", "the text changed")
        REMINDER = "reminder", pgettext_lazy("letter", "reminder")

    request = models.ForeignKey(SigningRequest, models.CASCADE, related_name="letters")
    version = models.ForeignKey(SigningVersion, models.CASCADE, related_name="letters")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    address = models.CharField(max_length=254, blank=True)
    subject = models.CharField(max_length=300)
    body = models.TextField()
    private_link = models.OneToOneField(
        PrivateLink, models.PROTECT, related_name="+", editable=False
    )
    number = models.OneToOneField(
        IssuedNumber, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    made_at = models.DateTimeField(editable=False)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        indexes = (models.Index(fields=["request", "made_at"], name="signatures_letter_request"),)

    def __str__(self) -> str:
        return self.subject


class Signature(Record):
    """That an organisation signs a version, plainly or with a reservation.

    One stands per organisation and version. What was changed or withdrawn is kept.
    """

    class Way(models.TextChoices):
        LINK = "link", pgettext_lazy("how a signature came", "by the link")
        MAIL = "mail", pgettext_lazy("how a signature came", "by mail")
        PHONE = "phone", pgettext_lazy("how a signature came", "by telephone")
        PAPER = "paper", pgettext_lazy("how a signature came", "on paper")

    version = models.ForeignKey(SigningVersion, models.CASCADE, related_name="signatures")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    # The name as it was when the organisation signed.
    organisation_name = MultilingualField(_("organisation"))
    signer = models.CharField(_("who signed for it"), max_length=120)
    function = models.CharField(_("function"), max_length=120)
    is_reserved = models.BooleanField(_("with reservation"), default=False)
    reservation = models.TextField(_("reservation"), blank=True)
    reservation_language = models.CharField(_("language"), max_length=12, blank=True)
    paragraph = models.PositiveSmallIntegerField(_("paragraph"), null=True, blank=True)
    way = models.CharField(_("how it came"), max_length=8, choices=Way)
    source = models.CharField(_("source"), max_length=300, blank=True)
    # Since when the organisation stands in the list: its place, which a change does not move.
    signed_at = models.DateTimeField(_("signed at"))
    position = models.PositiveIntegerField(editable=False)
    made_at = models.DateTimeField(editable=False)
    typed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    replaced_at = models.DateTimeField(null=True, blank=True, editable=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)
    withdrawn_why = models.CharField(_("why it was withdrawn"), max_length=500, blank=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["version", "organisation"],
                condition=Q(replaced_at=None, withdrawn_at=None),
                name="signatures_signature_stands_once",
            ),
            models.UniqueConstraint(
                fields=["version", "position"], name="signatures_signature_position"
            ),
            models.CheckConstraint(
                condition=Q(is_reserved=False) | ~Q(reservation=""),
                name="signatures_signature_reservation",
            ),
            models.CheckConstraint(
                condition=Q(way="link") | ~Q(source=""), name="signatures_signature_source"
            ),
        )
        indexes = (
            models.Index(fields=["version", "signed_at"], name="signatures_signature_order"),
        )

    def __str__(self) -> str:
        return str(self.organisation_name)
