from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.accounts.models import Guarded, User
from hiwar.common.models import Record, StoredFile
from hiwar.common.multilingual import MultilingualField
from hiwar.dossiers.models.dossiers import Dossier
from hiwar.signatures.models import Signing, SigningVersion, checksum_of

if TYPE_CHECKING:
    from datetime import date


class JointStatement(Guarded):
    """A text about an issue that several organisations sign: a statement, a memorandum, a letter.

    Its texts are versions; each version has signatures of its own, which the room of signatures
    keeps. What is withdrawn stays at its address and says why.
    """

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="statements")
    code = models.SlugField(_("code"), max_length=40, unique=True)
    kind = models.CharField(_("kind"), max_length=30)  # words are data
    signing = models.OneToOneField(Signing, models.PROTECT, related_name="+", editable=False)
    created_at = models.DateTimeField(editable=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)
    withdrawal = MultilingualField(_("reason"), is_long=True, blank=True)
    is_demo = models.BooleanField(default=False, editable=False)

    def __str__(self) -> str:
        return self.code

    @property
    def sign_by(self) -> date | None:
        """The last day for signing."""
        return self.signing.sign_by


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
    # What is signed: the words as they were when the text was opened; none for a draft.
    version = models.OneToOneField(
        SigningVersion, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
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
            models.CheckConstraint(
                condition=Q(state="draft") | Q(version__isnull=False),
                name="dossiers_jointtext_version",
            ),
        )

    def __str__(self) -> str:
        return str(self.title)

    @property
    def fingerprint(self) -> str:
        """The first characters of a digest of title and text, by which two copies are compared."""
        return checksum_of(dict(self.title), dict(self.text))[:16]


class JointPrint(Record):
    """The PDF of a published version in one language, made beside the requests."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("print", "waiting")
        DONE = "done", pgettext_lazy("print", "made")
        FAILED = "failed", pgettext_lazy("print", "failed")

    text = models.ForeignKey(JointText, models.CASCADE, related_name="prints")
    language = models.CharField(max_length=12)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    file = models.OneToOneField(
        StoredFile, models.PROTECT, null=True, related_name="+", editable=False
    )
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
