from __future__ import annotations

import hashlib
import json

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.accounts.models import Guarded, User
from hiwar.common.models import IssuedNumber, PrivateLink, Record
from hiwar.common.multilingual import MultilingualField
from hiwar.contacts.models import Organisation, Post
from hiwar.dossiers.models.dossiers import Dossier


class JointStatement(Guarded):
    """A text about an issue that several organisations sign: a statement, a memorandum, a letter.

    Its texts are versions; each version has signatures of its own. What is withdrawn stays at its
    address and says why.
    """

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="statements")
    code = models.SlugField(_("code"), max_length=40, unique=True)
    kind = models.CharField(_("kind"), max_length=30)  # words are data
    sign_by = models.DateField(_("last day for signing"), null=True, blank=True)
    contact_post = models.ForeignKey(
        Post, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("whom signatories ask"),
    )  # fmt: skip
    contact_line = models.CharField(_("how signatories reach you"), max_length=200, blank=True)
    created_at = models.DateTimeField(editable=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)
    withdrawal = MultilingualField(_("reason"), is_long=True, blank=True)
    is_demo = models.BooleanField(default=False, editable=False)

    def __str__(self) -> str:
        return self.code


class JointText(Record):
    """One version of a joint statement: fixed once it is open for signature."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("joint statement", "draft")
        OPEN = "open", pgettext_lazy("joint statement", "open for signature")
        CLOSED = "closed", pgettext_lazy("joint statement", "list closed")
        PUBLISHED = "published", pgettext_lazy("joint statement", "published")
        REPLACED = "replaced", pgettext_lazy("joint statement", "replaced by a new text")

    statement = models.ForeignKey(JointStatement, models.CASCADE, related_name="texts")
    number = models.PositiveSmallIntegerField(_("version"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    title = MultilingualField(_("title"))
    text = MultilingualField(_("text"), is_long=True)
    # What readers and signatories are told about a version after the first.
    change = MultilingualField(_("what changed, and why"), blank=True)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(editable=False)
    opened_at = models.DateTimeField(null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)
    closed_why = models.CharField(_("why the list is closed"), max_length=300, blank=True)
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    published_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["statement", "number"], name="dossiers_jointtext_number"
            ),
            models.UniqueConstraint(
                fields=["statement"], condition=Q(state="open"), name="dossiers_jointtext_open"
            ),
            models.UniqueConstraint(
                fields=["statement"], condition=Q(state="draft"), name="dossiers_jointtext_draft"
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(published_at__isnull=False),
                name="dossiers_jointtext_published",
            ),
        )

    def __str__(self) -> str:
        return str(self.title)

    @property
    def fingerprint(self) -> str:
        """The first characters of a digest of title and text, by which two copies are compared."""
        parts = [dict(self.title), dict(self.text)]
        content = json.dumps(parts, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(content.encode()).hexdigest()[:16]


class SigningRequest(Record):
    """That an organisation is asked to sign a joint statement; who is asked stays at the desk."""

    statement = models.ForeignKey(JointStatement, models.CASCADE, related_name="requests")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    email = models.EmailField(_("e-mail address"), blank=True)
    language = models.CharField(_("language"), max_length=12, blank=True)
    added_at = models.DateTimeField(editable=False)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    # A refusal concerns the text that was read; a new text is asked about again.
    declined_text = models.ForeignKey(
        JointText, models.CASCADE, null=True, blank=True, related_name="declined"
    )
    declined_at = models.DateTimeField(null=True, blank=True, editable=False)
    declined_by = models.CharField(_("who declined"), max_length=120, blank=True)
    declined_why = models.CharField(_("why"), max_length=500, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["statement", "organisation"], name="dossiers_signingrequest_once"
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
    text = models.ForeignKey(JointText, models.CASCADE, related_name="letters")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    address = models.CharField(max_length=254, blank=True)
    subject = models.CharField(max_length=300)
    body = models.TextField()
    private_link = models.OneToOneField(
        PrivateLink, models.PROTECT, related_name="+", editable=False
    )
    made_at = models.DateTimeField(editable=False)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(null=True, blank=True, editable=False)
    number = models.OneToOneField(
        IssuedNumber, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )

    class Meta:
        indexes = (models.Index(fields=["request", "made_at"], name="dossiers_letter_request"),)

    def __str__(self) -> str:
        return self.subject


class Signature(Record):
    """That an organisation signs a version of a joint statement, plainly or with a reservation.

    One stands per organisation and version. What was changed or withdrawn is kept.
    """

    class Way(models.TextChoices):
        LINK = "link", pgettext_lazy("how a signature came", "by the link")
        MAIL = "mail", pgettext_lazy("how a signature came", "by mail")
        PHONE = "phone", pgettext_lazy("how a signature came", "by telephone")
        PAPER = "paper", pgettext_lazy("how a signature came", "on paper")

    text = models.ForeignKey(JointText, models.CASCADE, related_name="signatures")
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
                fields=["text", "organisation"],
                condition=Q(replaced_at=None, withdrawn_at=None),
                name="dossiers_signature_stands_once",
            ),
            models.UniqueConstraint(
                fields=["text", "position"], name="dossiers_signature_position"
            ),
            models.CheckConstraint(
                condition=Q(is_reserved=False) | ~Q(reservation=""),
                name="dossiers_signature_reservation",
            ),
            models.CheckConstraint(
                condition=Q(way="link") | ~Q(source=""), name="dossiers_signature_source"
            ),
        )
        indexes = (models.Index(fields=["text", "signed_at"], name="dossiers_signature_order"),)

    def __str__(self) -> str:
        return str(self.organisation_name)


class JointPrint(Record):
    """The PDF of a published version in one language, made beside the requests."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("print", "waiting")
        DONE = "done", pgettext_lazy("print", "made")
        FAILED = "failed", pgettext_lazy("print", "failed")

    text = models.ForeignKey(JointText, models.CASCADE, related_name="prints")
    language = models.CharField(max_length=12)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    content = models.BinaryField(editable=False, default=bytes)
    pages = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True)
    failures = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["text", "language"], name="dossiers_jointprint_once"),
        )
        indexes = (models.Index(fields=["state", "asked_at"], name="dossiers_print_waiting"),)

    def __str__(self) -> str:
        return f"{self.text} · {self.language}"
